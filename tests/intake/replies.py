"""Replies of the platform's assistants, made up: their objects, and the envelopes that they come in."""

import json

DAYS = [
    {
        "statDate": "2026-08-30", "statisticsType": "day", "uvCnt": 40, "uvCntRivalAvg": 60.2, "uvCntRivalGood": 310.0,
        "fbCnt": 3, "seCtr": 0.0333, "sucOrdAmt": 350.5, "fstReplyRate30d": 0.93, "zhDisplay": "示例行业",
    },
    {
        "statDate": "2026-08-31", "statisticsType": "day", "uvCnt": 50, "uvCntRivalAvg": 60.2, "uvCntRivalGood": 310.0,
        "fbCnt": 2, "seCtr": "0.0333", "sucOrdAmt": "0.0", "fstReplyRate30d": 0.93, "zhDisplay": "示例行业",
    },
    {
        "statDate": "2026-09-01", "statisticsType": "day", "uvCnt": None, "uvCntRivalAvg": 60.2, "uvCntRivalGood": "--",
        "fbCnt": 0, "seCtr": "3.33%", "sucOrdAmt": 0, "fstReplyRate30d": "", "zhDisplay": "示例行业",
    },
]  # fmt: skip
PRODUCTS = [
    {
        "id": 1600000000001,
        "subject": "One",
        "prodLevel3": "优品",
        "sumProdShowNum": 400,
        "sumProdVisitorCnt": 30,
    },
    {
        "id": 1600000000002,
        "subject": "[New] two",
        "prodLevel3": "普通品",
        "sumProdShowNum": 100,
        "sumProdVisitorCnt": 8,
    },
]
MONTH_URL = "https://example.invalid/export?statisticsType=month&statDate=2026-08-01"


def money(amount, currency="USD"):
    return {"amount": amount, "currency": currency}


def order(number, created, received, *, total=1000, lines=((10, 30),), status="wait_seller_ship", **more):
    return {
        "id": f"23400000000000000{number}",
        "createDate": created,
        "modifyDate": "2026-09-10 09:00:00",
        "status": {"status": status, "actions": ["view"]},
        "buyer": {
            "companyName": "Ann Smith Ltd",
            "country": "US",
            "email": "ann@example.invalid",
            "loginId": "ann1",
        },
        "payment": {
            "totalAmount": money(total),
            "receivedAmount": money(received) if received is not None else None,
        },
        "logistics": {"shipmentMethod": "EXPRESS", "shipmentFee": money(20)},
        "subjectMatter": {
            "details": [
                {"name": f"Product {place}", "quantity": quantity, "unitPrice": money(price)}
                for place, (quantity, price) in enumerate(lines, start=1)
            ]
        },
        "tags": ["ta", "semi_manage"],
        **more,
    }


ORDERS = [
    order(1, "2026-08-05 10:00:00", 520, total=520, lines=((10, 30), (5, 40))),
    order(2, "2026-08-06 11:00:00", 0, total=800, status="wait_buyer_payment"),
    order(3, "2026-08-07 12:00:00", None, total=900, status="trade_close"),
    order(4, "2026-09-02 18:00:00", 300),
]
REPORT = {
    "invokeStatus": "completed",
    "reportAllData": {
        "STORE_DATA_OVERVIEW": {
            "seImpsCntValue": 2900, "seImpsCntRivalAvg": 11000.5, "seImpsCntCycleCrc": 0.0736, "pvCntValue": 216,
            "uvAbRate": 0.0449, "sucOrdAmt": 164.4, "uvPayordRate": None,
        },
        "FLOW_SOURCE_CHANNEL_ANALYSIS": [
            {"statDate": "2026-08-30", "channelType": "搜索", "detailUv": 35, "tmUv": 0, "fbUv": 1, "uvAbRate": 0.0286},
            {"statDate": "2026-08-30", "channelType": "系统推荐", "detailUv": 17, "tmUv": 1, "fbUv": 1, "uvAbRate": 0.1176},
        ],
        "STORE_CONVERSION_RATE_ANALYSIS": {
            "data": [
                {"statDate": "2026-08-29", "shopPv": 30, "busCount": 2, "visitorToBusRate": 0.0667, "orderCount": 0},
                {"statDate": "2026-08-30", "shopPv": 34, "busCount": 4, "visitorToBusRate": 0.1176, "orderCount": 1},
            ]
        },
        "BUYER_DISTRIBUTION_DATA": {
            "impsCnt": [{"region": "United States", "cnt": 900}],
            "clickCnt": [{"region": "United States", "cnt": 20}],
            "businessLeadsCnt": [],
        },
        "PRODUCT_DATA_OVERVIEW": {
            "productLayer": [
                {"stageCode": "NORMAL", "prodCnt": 126, "prodCntRatio": 0.355},
                {"stageCode": "PLATFORM_GOOD", "prodCnt": 23, "prodCntRatio": 0.065},
            ]
        },
        "STORE_ACCOUNT_DATA_OVERVIEW": [
            {"firstName": "A", "lastName": "B", "loginId": "x1", "statsDate": "2026-08-30", "newBuyerNum": 6, "replyTime": 2.2}
        ],
        "STAR_LEVEL_DATA_OVERVIEW": {"starLevelDataV2Dto": {"starLevel": 1, "starScore": 58}},
        "STORE_DIAGNOSIS": {
            "type": "custom",
            "starAbilityVOList": [
                {
                    "abilityItem": "商品力", "abilityItemPureValue": 62, "abilityStarLevel": 1,
                    "starIndicatorVOList": [
                        {"indicatorName": "优品数", "indicatorPureValue": 23},
                        {"indicatorName": "爆品数", "indicatorPureValue": 2},
                    ],
                }
            ],
        },
        "ACTION_SUGGESTION": {
            "shopSellData": [{"statDate": "2026-08-30", "busCount": 4, "orderCount": 1}],
            "warningMaTask": [{"title": "示例任务", "status": "DOING", "coreTask": True}],
        },
    },
}  # fmt: skip
BRIEF = {
    "receipt": "SECRET-1",
    "aiSalesWeekDiagnoseList": [
        {
            "scope": "近7天", "beginDate": "2026-08-31", "endDate": "2026-09-06", "encryptedReportId": "SECRET-2",
            "indicatorList": [
                {"name": "搜索曝光", "value": "2901.0", "cycleCRC": "+7.4%", "valueVsAvg": "-74.5%"},
                {"name": "优品占比", "value": "6.5%"},
            ],
            "maTaskList": [{"taskName": "示例任务", "taskDesc": "<b>示例</b>", "taskStatus": "DOING"}],
        },
        {
            "scope": "上周", "beginDate": "2026-08-24", "endDate": "2026-08-30",
            "indicatorList": [{"indicatorName": "搜索曝光", "value": "2701.0", "cycleCRC": "+0.0%"}],
            "maTaskList": [],
        },
    ],
}  # fmt: skip


def mcp(inner):
    return {"content": [{"type": "text", "text": json.dumps(inner, ensure_ascii=False)}], "isError": False}


ENVELOPES = {
    "bare": lambda rows: rows,
    "returnValue": lambda rows: {"success": True, "returnValue": rows},
    "data": lambda rows: {"success": True, "errorCode": None, "errorMsg": None, "data": rows},
    "code 200": lambda rows: {"success": True, "errorCode": "200", "data": rows},
    "values": lambda rows: {"success": True, "values": {"rows": rows}},
    "result": lambda rows: {"result": {"data": rows}},
    "data in a string": lambda rows: {"success": True, "data": json.dumps(rows)},
    "raw": mcp,
    "raw, newer": lambda rows: mcp({"success": True, "errorCode": None, "data": rows}),
    "raw, in strings twice": lambda rows: mcp({"success": True, "data": json.dumps({"data": rows})}),
    "ads tool": lambda rows: {"data": {"result": {"structuredContent": {"data": {"data": rows}}}}},
    "collected": lambda rows: {
        "success": True,
        "data": rows,
        "rowCount": len(rows),
        "truncated": False,
        "complete": True,
    },
    "with its query": lambda rows: {"tool": "x", "args": {"pageNo": 1}, "result": rows},
}
