"""Replies saved as JSON: which rows, periods and values come out of each kind, in whatever envelope."""

import json
import math
from datetime import date, datetime

import pytest
from intake.in_process import read_json
from intake.replies import BRIEF, DAYS, ENVELOPES, MONTH_URL, ORDERS, PRODUCTS, REPORT, mcp, order


def spans(table):
    return sorted({(str(start), str(end)) for start, end in zip(table.start, table.end, strict=True)})


def values(table, name):
    return [
        None if isinstance(each, float) and math.isnan(each) else each
        for each in table.columns[name].tolist()
    ]


def by_kind(content, **more):
    tables, issues = read_json(content, **more)
    found = {}
    for table in tables:
        found.setdefault(table.kind, []).append(table)
    return found, [issue.code for issue in issues]


@pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=list(ENVELOPES))
def test_a_summary_of_days_is_the_shop_overview_in_every_envelope(envelope):
    found, issues = by_kind(envelope(DAYS))
    (table,) = found.pop("shop_overview")
    assert (found, issues) == ({}, [])
    assert spans(table) == [("2026-08-30",) * 2, ("2026-08-31",) * 2, ("2026-09-01",) * 2]
    assert set(table.grain) == {"day"}
    assert values(table, "store_visitors") == [40, 50, None]
    assert values(table, "peer_avg_store_visitors") == [60.2, 60.2, 60.2]
    assert values(table, "peer_top_store_visitors") == [310, 310, None]
    assert values(table, "ta_amount_usd") == [350.5, 0, 0]
    assert values(table, "search_ctr") == [0.0333, 0.0333, 0.0333]  # a number, a text, a text with %
    assert values(table, "timely_reply_rate") == [0.93, 0.93, None]
    assert values(table, "inquiries") == [3, 2, 0]


@pytest.mark.parametrize(
    ("row", "kind", "grain", "span"),
    [
        ({"statDate": "2026-08-30", "statisticsType": "day"}, "shop_overview", "day", ("2026-08-30", "2026-08-30")),
        ({"statDate": 20260830, "statisticsType": "day"}, "shop_overview", "day", ("2026-08-30", "2026-08-30")),
        ({"statDate": "2026-08-30 00:00:00", "statisticsType": "day"}, "shop_overview", "day", ("2026-08-30", "2026-08-30")),
        ({"statDate": "2026-08-01", "statisticsType": "month"}, "shop_overview", "month", ("2026-08-01", "2026-08-31")),
        ({"statDate": "2026-08-31", "statisticsType": "month"}, "shop_overview", "month", ("2026-08-01", "2026-08-31")),
        ({"statDate": "2026-09-05", "statisticsType": "week"}, "shop_overview", "week", ("2026-08-30", "2026-09-05")),
        ({"statDate": "2026-08-30", "statisticsType": "week"}, "shop_overview", "week", ("2026-08-30", "2026-09-05")),
        # Rolling windows, also those that happen to be a natural week or month.
        ({"statDate": "2026-09-05", "statisticsType": "7d"}, "shop_window", "range", ("2026-08-30", "2026-09-05")),
        ({"statDate": "2026-08-31", "statisticsType": "30d"}, "shop_window", "range", ("2026-08-02", "2026-08-31")),
        ({"statDate": "2026-09-30", "statisticsType": "30d"}, "shop_window", "range", ("2026-09-01", "2026-09-30")),
    ],
)  # fmt: skip
def test_the_type_says_what_the_date_names(row, kind, grain, span):
    found, issues = by_kind([row | {"uvCnt": 1100, "sucOrdAmt": 8450}])
    (table,) = found[kind]
    assert (issues, list(found)) == ([], [kind])
    assert (spans(table), set(table.grain)) == ([span], {grain})
    assert values(table, "store_visitors") == [1100]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"uvCnt": 1100, "sucOrdAmt": 8450}], "period.missing"),
        ([{"statDate": "2026-08-31", "uvCnt": 1100, "fbCnt": 3}], "period.missing"),
        (
            [{"statDate": "2026-09-02", "statisticsType": "week", "uvCnt": 9}],
            "period.unclear_file",
        ),  # a Wednesday
        ([{"statDate": "2026-09-02", "statisticsType": "quarter?", "uvCnt": 9}], "period.unclear_file"),
        ([{"statDate": "soon", "statisticsType": "day", "uvCnt": 9}], "cell.date"),
        (PRODUCTS, "period.missing"),
        (
            {"data": PRODUCTS, "downloadUrl": "x?statisticsType=week&statDate=2026-08-01"},
            "period.unclear_file",
        ),
    ],
    ids=[
        "nothing",
        "no type",
        "week of a Wednesday",
        "unknown type",
        "no date",
        "products",
        "week asked for",
    ],
)
def test_a_period_that_is_not_said_is_asked_for(rows, code):
    found, issues = by_kind({"success": True, "data": rows})
    assert found == {}
    assert code in issues


@pytest.mark.parametrize(
    "name", ["products 2026-08.json", "店铺 2026年8月.json", "x 2026-08-01~2026-08-31.jsonl"]
)
@pytest.mark.parametrize("rows", [PRODUCTS, [{"uvCnt": 1100, "fbCnt": 3}]], ids=["products", "summary"])
def test_the_file_name_answers(rows, name):
    found, issues = by_kind({"success": True, "returnValue": rows}, name=name)
    ((table,),) = found.values()
    assert (spans(table), set(table.grain)) == ([("2026-08-01", "2026-08-31")], {"month"})
    assert set(issues) <= {"json.uncounted"}


def test_days_in_a_row_without_a_type_are_days():
    rows = [{"statDate": f"2026-08-0{day}", "uvCnt": day, "fbCnt": 1} for day in (1, 2, 3)]
    found, issues = by_kind(rows)
    assert (spans(found["shop_overview"][0])[0], issues) == (("2026-08-01",) * 2, [])
    apart = [rows[0], rows[2]]
    assert by_kind(apart)[1] == ["period.missing"]


def test_first_days_of_months_are_days_where_the_reply_says_so():
    rows = [
        {"statDate": f"2026-0{month}-01", "statisticsType": "day", "uvCnt": 5, "fbCnt": 1}
        for month in (6, 7, 8)
    ]
    found, _ = by_kind(rows)
    assert set(found["shop_overview"][0].grain) == {"day"}


def test_a_part_of_the_products_is_kept_apart():
    reply = {"data": {"data": PRODUCTS, "recordCount": 382, "downloadUrl": MONTH_URL}}
    tables, issues = read_json(reply)
    (table,) = tables
    assert (table.kind, spans(table)) == ("product_sample", [("2026-08-01", "2026-08-31")])
    assert values(table, "product_id") == ["1600000000001", "1600000000002"]
    assert values(table, "search_impressions") == [400, 100]
    assert values(table, "product_name") == ["One", "[New] two"]
    assert values(table, "of_rows") == [382, 382]
    (issue,) = issues
    assert "2 / 382" in issue.message("en")
    assert "2 / 382" in issue.message("zh")


@pytest.mark.parametrize(
    ("envelope", "kind", "codes"),
    [
        ({"recordCount": 2}, "product_performance", []),
        ({"recordCount": "2"}, "product_performance", []),
        ({"recordCount": 3}, "product_sample", ["json.sample"]),
        ({"truncated": True}, "product_sample", ["json.sample"]),
        ({"complete": False, "recordCount": 2}, "product_sample", ["json.sample"]),
        ({"complete": True, "maximumRecordCount": 382}, "product_performance", []),
        ({}, "product_performance", ["json.uncounted"]),
    ],
)
def test_whether_all_products_are_there(envelope, kind, codes):
    found, issues = by_kind({"downloadUrl": MONTH_URL, "data": PRODUCTS} | envelope)
    assert (list(found), issues) == ([kind], codes)


def test_a_round_number_of_rows_without_a_count_may_be_a_page():
    rows = [PRODUCTS[0] | {"id": 1600000000100 + place} for place in range(20)]
    found, issues = by_kind({"downloadUrl": MONTH_URL, "data": rows})
    assert (list(found), issues) == (["product_sample"], ["json.page"])


def test_pages_in_one_file_are_one_list():
    pages = [{"data": {"data": [row], "recordCount": 2, "downloadUrl": MONTH_URL}} for row in PRODUCTS]
    found, issues = by_kind("\n".join(map(json.dumps, pages)))
    (table,) = found["product_performance"]
    assert (len(table), issues) == (2, [])


def test_a_week_that_a_script_added_up_has_its_own_days():
    reply = {"data": PRODUCTS[:1], "periodStart": "2026-08-31", "periodEnd": "2026-09-06", "truncated": True}
    found, issues = by_kind(reply)
    assert (spans(found["product_sample"][0]), issues) == ([("2026-08-31", "2026-09-06")], ["json.sample"])


@pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=list(ENVELOPES))
def test_orders_are_lines_with_the_amounts_of_the_order_once(envelope):
    found, issues = by_kind(envelope(ORDERS))
    (table,) = found.pop("orders")
    assert (found, issues) == ({}, [])
    ids = [f"23400000000000000{number}" for number in (1, 1, 2, 3, 4)]
    assert values(table, "order_id") == ids
    assert values(table, "received_amount") == [520, None, 0, None, 300]
    assert values(table, "total_amount") == [520, None, 800, 900, 1000]
    assert values(table, "freight") == [20, None, 20, 20, 20]
    assert values(table, "quantity") == [10, 5, 10, 10, 10]
    assert values(table, "unit_price") == [30, 40, 30, 30, 30]
    assert values(table, "currency") == ["USD"] * 5
    assert values(table, "status")[2:4] == ["wait_buyer_payment", "trade_close"]
    assert values(table, "created_at")[0] == datetime(2026, 8, 5, 10)
    assert [str(start) for start in table.start][-1] == "2026-09-02"


def test_an_order_id_that_is_a_number_keeps_its_digits():
    found, _ = by_kind([order(1, "2026-08-05 10:00:00", 5, id=234000000000000001)])
    assert values(found["orders"][0], "order_id") == ["234000000000000001"]


def test_an_order_on_two_pages_counts_once_with_its_newer_state():
    newer = order(1, "2026-08-05 10:00:00", 520, lines=((10, 30), (5, 40)), modifyDate="2026-09-11 09:00:00")
    older = order(1, "2026-08-05 10:00:00", 100, lines=((10, 30), (5, 40)))
    for pages in ([older], [newer]), ([newer], [older]), ([older], [older], [newer]):
        found, _ = by_kind({"pages": [{"tradeList": page} for page in pages]})
        assert values(found["orders"][0], "received_amount") == [520, None]


def test_orders_say_how_many_are_missing():
    tables, issues = read_json({"data": {"totalCount": 57, "limit": 20, "start": 0, "tradeList": ORDERS}})
    assert [len(table) for table in tables] == [5]
    assert [(issue.code, issue.detail) for issue in issues] == [("json.incomplete", "4 / 57")]


@pytest.mark.parametrize(
    ("created", "moment"),
    [
        ("2026-08-05T10:00:00.000-0700", datetime(2026, 8, 5, 10)),
        ("2026-08-05T10:00:00Z", datetime(2026, 8, 5, 3)),
        ("Aug 5, 2026 10:00:00 PDT", datetime(2026, 8, 5, 10)),
        (1785949200000, datetime(2026, 8, 5, 10)),  # 17:00 in Greenwich
        ("2026-08-05 10:00:00", datetime(2026, 8, 5, 10)),
    ],
)
def test_the_zone_of_an_order_is_that_of_its_text(created, moment):
    found, issues = by_kind([order(1, created, 5)])
    assert (values(found["orders"][0], "created_at"), issues) == ([moment], [])


def test_a_time_without_zone_is_asked_for_where_it_decides_the_month():
    early = [order(1, "2026-09-01 08:00:00", 5), order(2, "2026-09-01 17:00:00", 5)]
    _, issues = read_json(early)
    assert [(issue.code, issue.times) for issue in issues] == [("json.zone", 1)]
    found, codes = by_kind(early, name="orders(GMT+8).json")
    assert (values(found["orders"][0], "created_at")[0], codes) == (datetime(2026, 8, 31, 17), [])


def test_amounts_in_another_currency_than_the_total_are_left_out():
    paid = {
        "totalAmount": {"amount": 90, "currency": "EUR"},
        "receivedAmount": {"amount": 50, "currency": "USD"},
    }
    found, issues = by_kind(
        [order(1, "2026-08-05 10:00:00", 5, payment=paid, logistics={}, subjectMatter={})]
    )
    (table,) = found["orders"]
    assert (values(table, "currency"), values(table, "total_amount")) == (["EUR"], [90])
    assert values(table, "received_amount") == [None]
    assert issues == ["json.currency"]


@pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=list(ENVELOPES))
def test_the_weekly_report_gives_its_modules(envelope):
    found, issues = by_kind(envelope(REPORT))
    counts = {kind: [len(table) for table in tables] for kind, tables in found.items()}
    assert counts == {
        "shop_window": [1],
        "traffic_channel": [2],
        "conversion_daily": [2],
        "buyer_region": [2],
        "product_tier_summary": [2],
        "staff_performance": [1],
        "star_rating": [1],
        "star_ability": [2],
        "action_task": [1],
    }
    assert issues == []
    (shop,) = found["shop_window"]
    assert spans(shop) == [("2026-08-24", "2026-08-30")]  # seven days until the report's newest date
    assert (values(shop, "store_visits"), values(shop, "ta_amount_usd")) == ([216], [164.4])
    assert (values(shop, "lead_rate"), values(shop, "order_rate")) == ([0.0449], [None])
    assert values(found["traffic_channel"][0], "store_visitors") == [35, 17]
    assert set(found["traffic_channel"][0].grain) == {"day"}
    assert values(found["conversion_daily"][0], "leads") == [2, 4]
    assert values(found["product_tier_summary"][0], "products") == [126, 23]
    assert values(found["staff_performance"][0], "staff_name") == ["AB"]
    assert values(found["star_rating"][0], "star_level") == [1]
    assert values(found["star_ability"][0], "own_value") == [23, 2]
    assert values(found["buyer_region"][0], "metric") == ["impressions", "clicks"]
    assert spans(found["star_rating"][0]) == [("2026-08-30", "2026-08-30")]


@pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=list(ENVELOPES))
def test_the_brief_gives_its_weeks(envelope):
    found, issues = by_kind(envelope(BRIEF))
    rolling, week = found["diagnose_indicator"]
    assert issues == []
    assert (spans(rolling), set(rolling.grain)) == ([("2026-08-31", "2026-09-06")], {"range"})
    assert (spans(week), set(week.grain)) == ([("2026-08-24", "2026-08-30")], {"week"})
    assert values(rolling, "value") == ["2901.0", "6.5%"]
    assert values(week, "value") == ["2701.0"]
    assert values(rolling, "period_change") == [0.074, None]
    assert values(rolling, "vs_peer_avg") == [-0.745, None]
    assert [len(table) for table in found["action_task"]] == [1]


def test_channels_by_month():
    rows = [
        {"statDate": "2026-08-01", "statisticsType": "month", "channelType": "搜索", "detailUv": 420, "uvAbRate": 0.0548},
        {"statDate": "2026-08-01", "statisticsType": "month", "channelType": "直接访问", "detailUv": 90, "uvAbRate": 0.0778},
    ]  # fmt: skip
    found, issues = by_kind({"success": True, "returnValue": rows})
    (table,) = found["traffic_channel"]
    assert (spans(table), set(table.grain), issues) == ([("2026-08-01", "2026-08-31")], {"month"}, [])
    assert values(table, "store_visitors") == [420, 90]
    assert values(table, "lead_rate") == [0.0548, 0.0778]
    rolling = [row | {"statisticsType": "30d"} for row in rows]
    assert by_kind(rolling) == ({}, ["json.window", "json.window"])


def test_the_row_of_all_accounts_is_dropped():
    week = {"statDate": "2026-09-05", "statisticsType": "week", "replyRate": 0.93}
    rows = [
        week | {"fullName": "全部账号", "fbPv": 20},
        week | {"fullName": "AB", "fbPv": 12, "busToOrdRate": None},
    ]
    found, issues = by_kind({"success": True, "returnValue": rows})
    (table,) = found["staff_performance"]
    assert (values(table, "staff_name"), values(table, "inquiries")) == (["AB"], [12])
    assert (spans(table), issues) == ([("2026-08-30", "2026-09-05")], [])


REGIONS = [
    {"regionName": "North America", "countryName": "United States", "countryUv": 300, "countryUvRate": 0.25, "uv": 360, "uvRate": 0.3, "statDate": "2026-08-31"},
    {"regionName": "North America", "countryName": "Canada", "countryUv": 60, "countryUvRate": 0.05, "uv": 360, "uvRate": 0.3, "statDate": "2026-08-31"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "name", "metric", "codes"),
    [
        (REGIONS, "a.json", None, ["json.metric"]),
        (REGIONS, "region_shop_uv_2026-08.json", "visitors", []),
        ({"args": {"dimensionType": "total_bus_cnt"}, "data": REGIONS}, "a.json", "leads", []),
        (mcp({"args": {"dimensionType": "?"}, "data": REGIONS}), "a.json", None, ["json.metric"]),
    ],
    ids=["nowhere", "in the name", "in the query", "unknown"],
)
def test_which_figure_a_reply_by_country_counts(reply, name, metric, codes):
    found, issues = by_kind(reply, name=name)
    (table,) = found["buyer_region"]
    assert issues == codes
    assert values(table, "value") == [300, 60]
    assert values(table, "metric") == [metric, metric]
    assert table.start.tolist() == [date(2026, 8, 31)] * 2


@pytest.mark.parametrize(
    ("rows", "kind", "field", "expected"),
    [
        ([{"statDate": "2026-08-30", "statisticsType": "day", "shopUv": 7, "shopPv": 9}], "shop_overview", "store_visits", [9]),
        ([{"statDate": "2026-08-30", "statisticsType": "day", "fbPv": "1,234", "tmUv": "63.0"}], "shop_overview", "inquiries", [1234]),
        ([{"productId": "1600000000001", "totalImpsCnt": 5, "totalClkCnt": 1}], "product_performance", "total_clicks", [1]),
        ([{"orderId": "1", "gmtCreate": "2026-08-05 10:00:00", "status": "trade_close", "payment": {"totalAmount": 5}}], "orders", "total_amount", [5]),
        ([{"statDate": "2026-08-30", "sourceType": "搜索", "subSourceType": "词", "uv": 4, "abRate": 0.1}], "traffic_detail", "store_visitors", [4]),
        ([{"visitorId": "v1", "logTime": "2026-08-30 01:02:03", "buyerCountryId": "US", "visitPv": 3}], "visitor_detail", "page_views", [3]),
        ([{"orderNumber": "ALS1", "orderStatus": "signed", "tradeBizId": "234000000000000001"}], "logistics_order", "order_id", ["234000000000000001"]),
        ([{"campaignTitle": "P", "impressionCnt": 10, "onlineBudget": "4.8700"}], "p4p_plan_weekly", "cost_cny", [4.87]),
        ([{"starLevel": 2, "downStarRisk": False}], "star_rating", "star_level", [2]),
    ],
)  # fmt: skip
def test_other_names_and_subsets_of_fields(rows, kind, field, expected):
    found, _ = by_kind({"success": True, "data": rows}, name="a 2026-08.json", stamp=datetime(2026, 9, 1))
    assert list(found) == [kind]
    assert values(found[kind][0], field) == expected


def test_a_list_that_the_reply_holds_twice_counts_once():
    visits = [{"visitorId": "v1", "logTime": "2026-08-30 01:02:03", "visitPv": 3}]
    found, issues = by_kind(mcp({"data": visits}) | {"structuredContent": {"data": visits}})
    assert ([len(table) for table in found["visitor_detail"]], issues) == ([1], [])


def test_months_of_a_report_are_no_weeks():
    rows = [{"statDate": f"2026-0{month}-01", "shopPv": 5, "uvCnt": 3} for month in (6, 7, 8)]
    found, issues = by_kind({"reportAllData": {"STORE_DETAIL_12_MONTHS": rows}})
    assert (found, issues) == ({}, ["period.missing"])
    rows = [row | {"statDate": row["statDate"][:7]} for row in rows]
    found, issues = by_kind({"reportAllData": {"STORE_DETAIL_12_MONTHS": rows}})
    assert (set(found["shop_overview"][0].grain), issues) == ({"month"}, [])


def test_a_date_in_the_middle_of_the_stated_days_is_asked_about():
    reply = {
        "periodStart": "2026-08-01",
        "periodEnd": "2026-08-31",
        "data": [{"statDate": "2026-08-15", "uvCnt": 5, "fbCnt": 1}],
    }
    assert by_kind(reply) == ({}, ["period.unclear_file"])
    reply["data"][0]["statDate"] = "2026-08-31"
    assert spans(by_kind(reply)[0]["shop_overview"][0]) == [("2026-08-01", "2026-08-31")]


@pytest.mark.parametrize(("day", "kept"), [("2026-08-15", False), ("2026-08-01", True), ("2026-08-31", True)])
def test_a_date_in_the_middle_of_the_month_of_the_file_name_is_asked_about(day, kept):
    found, issues = by_kind([{"statDate": day, "uvCnt": 5, "fbCnt": 1}], name="summary 2026-08.json")
    assert (bool(found), issues) == (kept, [] if kept else ["period.unclear_file"])


def test_names_of_ours_in_a_reply_mean_nothing():
    rows = [PRODUCTS[0] | {"@rows": 5, "@key": "x", "@period": "2026-01", "@object": 1}]
    found, _ = by_kind({"data": rows, "recordCount": 9, "downloadUrl": MONTH_URL})
    (table,) = found["product_sample"]
    assert (values(table, "of_rows"), spans(table)) == ([9], [("2026-08-01", "2026-08-31")])


def test_a_row_without_any_value_is_no_table():
    assert by_kind({"impsCnt": [{"region": None, "cnt": None}]})[0] == {}
