"""One store, worked out by hand, from replies saved as JSON alone, from spreadsheets alone, and from both together."""

import json
from datetime import datetime

import pytest
from intake.export_files import csv, xlsx
from intake.replies import order

from opsbook.archive.archive_file import Archive
from opsbook.intake import read
from opsbook.intake.export_files import find
from opsbook.intake.header_map import HeaderMap
from opsbook.metrics.compute_review import review
from opsbook.params import Settings

MONTHS = {  # visitors, all impressions, paid ones, inquiries, inquiry buyers, lead buyers, orders, USD
    "2026-07": (900, 50_000, 20_000, 18, 15, 45, 3, 1500.5),
    "2026-08": (1000, 60_000, 15_000, 24, 20, 60, 4, 2400.0),
}
NAMES = ("uvCnt", "totalImpsCnt", "campImpsCnt", "fbCnt", "fbUv", "abCnt", "sucOrdCnt", "sucOrdAmt")
HEADERS = (
    "店铺访问人数", "全店曝光次数", "营销曝光次数", "询盘个数", "询盘人数", "商机人数", "信保订单数", "信保交易金额(美元)",
)  # fmt: skip
PRODUCT_NAMES = (
    "id",
    "subject",
    "sumProdShowNum",
    "sumProdClickNum",
    "sumProdVisitorCnt",
    "sumProdFbNum",
    "totalImpsCnt",
)
PRODUCT_HEADERS = (
    "产品ID",
    "产品名称",
    "搜索曝光次数",
    "搜索点击次数",
    "访问人数",
    "询盘个数",
    "全店曝光次数",
)
PRODUCTS = [("1600000000001", "One", 400, 12, 30, 2, 800), ("1600000000002", "Two", 100, 0, 0, 0, 200)]
CHANNELS = [("搜索", 420, 9, 14), ("直接访问", 90, 4, 3)]
ORDERS = [  # number, time, received, total, lines, status in both spellings
    (1, "2026-07-05 17:00:00", 520, 520, ((10, 30), (5, 40)), "wait_seller_ship", "待发货"),
    (2, "2026-07-06 11:00:00", 0, 800, ((20, 39),), "wait_buyer_payment", "待付款"),
    (3, "2026-08-07 12:00:00", None, 900, ((22, 40),), "trade_close", "交易关闭"),
    (4, "2026-08-09 18:00:00", 300, 1000, ((24, 40),), "wait_seller_ship", "待发货"),
]


def replies():
    rows = [
        {"statDate": f"{month}-01", "statisticsType": "month", **dict(zip(NAMES, values, strict=True))}
        for month, values in MONTHS.items()
    ]
    products = {
        "data": [dict(zip(PRODUCT_NAMES, row, strict=True)) for row in PRODUCTS],
        "recordCount": 2,
        "downloadUrl": "https://example.invalid/x?statisticsType=month&statDate=2026-08-01",
    }
    channels = [
        {"statDate": "2026-08-01", "statisticsType": "month", "channelType": name, "detailUv": uv, "fbUv": fb, "tmUv": tm}
        for name, uv, fb, tm in CHANNELS
    ]  # fmt: skip
    orders = [
        order(number, when, received, total=total, lines=lines, status=status)
        for number, when, received, total, lines, status, _ in ORDERS
    ]
    return {
        "summary.json": {"success": True, "returnValue": rows},
        "products.json": {"success": True, "data": products},
        "channels.json": {"success": True, "returnValue": channels},
        "orders.json": {"success": True, "data": {"totalCount": 4, "tradeList": orders}},
    }


def spreadsheets():
    overview = [["统计日期", *HEADERS], *([month, *values] for month, values in MONTHS.items())]
    channels = [["统计时间", "流量渠道", "店铺访问人数", "店内询盘人数", "店内TM咨询人数"]]
    channels += [["2026-08", *row] for row in CHANNELS]
    orders = [
        [
            "订单号",
            "下单时间",
            "更新时间",
            "订单状态",
            "买家公司",
            "国家",
            "产品名称",
            "数量",
            "单价",
            "订单金额",
            "实收金额",
            "币种",
            "买家ID",
            "订单标签",
        ]
    ]
    for number, when, received, total, lines, _, status in ORDERS:
        for place, (quantity, price) in enumerate(lines, start=1):
            amounts = (total, "" if received is None else received) if place == 1 else ("", "")
            orders.append(
                [
                    f"23400000000000000{number}",
                    when,
                    "2026-09-10 09:00:00",
                    status,
                    "Ann Smith Ltd",
                    "US",
                    f"Product {place}",
                    quantity,
                    price,
                    *amounts,
                    "USD",
                    "b-1",
                    "ta",
                ]
            )
    period = [["产品数据, 时间周期 2026-08-01~2026-08-31"], [], PRODUCT_HEADERS, *map(list, PRODUCTS)]
    return {
        "overview.csv": csv([list(map(str, row)) for row in overview]),
        "channels.csv": csv([list(map(str, row)) for row in channels]),
        "orders.csv": csv([list(map(str, row)) for row in orders]),
        "Products-2026-08-31.xlsx": xlsx({"Sheet1": period}),
    }


@pytest.fixture
def figures(tmp_path):
    """Return a function that gives the figures of some files, in the order in which they are taken in."""

    def computed(*batches):
        with Archive.open(tmp_path / f"{len(list(tmp_path.iterdir()))}.duckdb", for_writing=True) as archive:
            for number, files in enumerate(batches):
                folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
                folder.mkdir()
                for name, content in files.items():
                    data = content if isinstance(content, bytes) else json.dumps(content).encode()
                    (folder / name).write_bytes(data)
                readings = list(read(find([folder])[0], HeaderMap()))
                assert not [issue for reading in readings for issue in reading.issues if issue.stops]
                archive.take_in(readings, rules="r", taken_at=datetime(2026, 10, 1 + number))
            found = review(archive, Settings())
            return {
                (figure.metric, figure.period, figure.dimension): figure.value
                for figure in found.figures.values()
                if figure.value == figure.value
            }

    return computed


HAND = {
    ("visitors", "2026-07", ""): 900,
    ("visitors", "2026-08", ""): 1000,
    ("total_impressions", "2026-Q3", ""): 110_000,
    ("natural_impressions", "2026-08", ""): 45_000,  # 60,000 - 15,000
    ("inquiries", "2026-08", ""): 24,
    ("visit_rate", "2026-07", ""): 0.018,  # 900 / 50,000
    ("lead_rate", "2026-08", ""): 0.06,  # 60 / 1,000
    ("ta_amount", "2026-08", ""): 2400,
    ("aov", "2026-07", ""): 520,  # one paid order
    ("aov", "2026-08", ""): 300,
    ("order_lines", "2026-07", ""): 2,
}


def test_each_form_alone_gives_the_figures_of_hand(figures):
    for found in (figures(replies()), figures(spreadsheets())):
        assert {key: found.get(key) for key in HAND} == pytest.approx(HAND)


def test_both_forms_give_every_figure_alike(figures):
    of_replies, of_spreadsheets = figures(replies()), figures(spreadsheets())
    assert of_replies.keys() == of_spreadsheets.keys()
    assert of_replies == pytest.approx(of_spreadsheets)


@pytest.mark.parametrize("order_of", ["replies last", "spreadsheets last", "one folder"])
def test_both_together_give_each_figure_once(figures, order_of):
    batches = {
        "replies last": (spreadsheets(), replies()),
        "spreadsheets last": (replies(), spreadsheets()),
        "one folder": (replies() | spreadsheets(),),
    }[order_of]
    found = figures(*batches)
    assert found == pytest.approx(figures(replies()))


def test_a_newer_part_of_the_products_changes_nothing(figures):
    part = replies()["products.json"]["data"] | {"recordCount": 382}
    part["data"] = [part["data"][0] | {"totalImpsCnt": 9_999}]
    assert figures(spreadsheets(), {"part.json": part}) == pytest.approx(figures(spreadsheets()))


def test_pages_in_several_files_are_the_whole_list(figures):
    whole = replies()
    rows = whole.pop("products.json")["data"]
    pages = {f"page{place}.json": rows | {"data": [row]} for place, row in enumerate(rows["data"])}
    assert figures(whole | pages) == pytest.approx(figures(replies()))
    del pages["page1.json"]
    without = figures(whole | pages)
    assert without == pytest.approx(figures(whole))
