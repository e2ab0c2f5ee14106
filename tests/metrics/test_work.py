"""The work done and its problems, on a store of a few rows a kind; every figure is worked in the comments."""

import math

import numpy as np
import pytest
from metrics.test_review import (
    store,  # noqa: F401 - the fixture
    value,
)
from tables import table

from opsbook.params import Settings

NAN = float("nan")


def month(text):
    year, number = map(int, text.split("-"))
    last = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}[number]
    return ("month", f"{year}-{number:02d}-01", f"{year}-{number:02d}-{last}")


def overview(when, **columns):
    return table("shop_overview", [tuple(columns.values())], tuple(columns), period=month(when))


def orders(*rows, columns=()):
    """Return orders: id, buyer, country, tags, product, quantity, received, day."""
    names = (
        "order_id",
        "buyer_id",
        "country",
        "order_tags",
        "product_id",
        "quantity",
        "received_amount",
        "created_at",
    )
    return table(
        "orders",
        [(*row[:5], float(row[5]), float(row[6]), row[7], "交易成功") for row in rows],
        (*names, "status"),
        days=[row[7] for row in rows],
    )


def test_ad_returns(store):  # noqa: F811
    # September: 180 CNY; the report names 2 order leads; aov of the month (100 + 300) / 2 = 200 USD; rate 7.2 from
    # 15 August (7.5 from 1 October is not yet in force): 2 x 200 x 7.2 = 2,880 CNY. ROAS 2,880 / 180 = 16.
    # ROI at a margin of 30 %: (864 - 180) / 180 = 3.8. August: the team's own 50 USD: 360 CNY over 90 = 4.
    plans = table(
        "p4p_plan_daily",
        [("A", 180.0, 60, 2), ("A", 90.0, 30, 5)],
        ("plan_name", "cost_cny", "clicks", "site_leads_order"),
        days=["2026-09-01", "2026-08-05"],
    )
    rates = table(
        "fx_rates",
        [(7.0,), (7.2,), (7.5,)],
        ("cny_per_usd",),
        days=["2026-01-01", "2026-08-15", "2026-10-01"],
    )
    own = table("ad_revenue", [(50.0,)], ("attributed_usd",), period=month("2026-08"))
    sold = orders(
        ("1", "ann", "德国", None, "P", 1, 100, "2026-09-02"),
        ("2", "bob", "德国", None, "P", 1, 300, "2026-09-30"),
    )
    found = store(plans, rates, own, sold, settings=Settings(gross_margin=0.3))
    assert value(found, "ad_roas", "2026-09") == (16, "ratio of sums, estimated, 7.20 CNY/USD")
    assert value(found, "ad_roi", "2026-09") == (3.8, "ratio of sums, estimated, 7.20 CNY/USD")
    assert value(found, "ad_roas", "2026-08") == (4, "ratio of sums, given, 7.20 CNY/USD")
    # (2,880 + 360) / (180 + 90) = 12
    assert value(found, "ad_roas", "2026-Q3") == (12, "ratio of sums: 2 of 3, estimated, 7.20 CNY/USD")
    assert (
        value(store(plans, own, sold), "ad_roas", "2026")[1]
        == "ratio of sums: 2 of 12, estimated, 7.20 CNY/USD"
    )


def test_without_rate_margin_or_attribution_the_reason_is_told(store):  # noqa: F811
    plans = table("p4p_plan_daily", [("A", 180.0)], ("plan_name", "cost_cny"), days=["2026-09-01"])
    found = store(plans, settings=Settings(gross_margin=0.3))
    assert value(found, "ad_roas", "2026") == (pytest.approx(NAN, nan_ok=True), "no attributed amount")
    own = table("ad_revenue", [(50.0,)], ("attributed_usd",))
    found = store(own)
    assert value(found, "ad_roas", "2026") == (pytest.approx(NAN, nan_ok=True), "no dated rate")
    found = store(table("fx_rates", [(7.2,)], ("cny_per_usd",), days=["2026-01-01"]))
    assert value(found, "ad_roas", "2026")[0] == 2  # 50 x 7.2 / 180
    assert value(found, "ad_roi", "2026") == (pytest.approx(NAN, nan_ok=True), "no gross margin")


def words(when, *rows):
    names = ("keyword", "impressions", "clicks", "p4p_impressions", "top10_avg_impressions", "keyword_index")
    return table("keyword_performance", rows, names, period=month(when))


def test_search_words(store):  # noqa: F811
    found = store(
        words("2025-12", ("tent", 900, 30, 5, 1000, 50)),
        words("2026-03", ("Tent", 1000, 40, 5, 1000, 50), ("camping  chair foldable", 500, 20, 7, 2000, 80)),
        words(
            "2026-06",
            ("tent", 1000, 10, 5, 1000, 50),
            ("camping chair foldable", 300, 5, 0, 1000, 90),
            ("big blue tarp", 100, 25, 2, 100, 10),
            ("lamp", 100, 1, 3, None, 60),
        ),
    )
    # 2026: June's words with ads (tent, tarp, lamp) less December's (tent): 2. Second quarter against March: tarp, lamp.
    assert value(found, "p4p_keyword_expansion", "2026")[0] == 2
    assert value(found, "p4p_keyword_expansion", "2026-Q2")[0] == 2
    assert value(found, "p4p_keyword_expansion", "2026-Q1")[0] == 1  # chair
    assert value(found, "p4p_keyword_expansion", "2025") == (pytest.approx(NAN, nan_ok=True), "no base")
    # 2026, clicks and impressions summed: tent 50 / 2,000, chair 25 / 800, tarp 25 / 100, lamp 1: three have 20.
    # No shop total, so all words: 101 / 3,000 = 3.37 %; above it: tarp 25 % only (tent 2.5 %, chair 3.125 %).
    share, basis = value(found, "high_conversion_keyword_share", "2026")
    assert (share, basis) == (1 / 3, "1 of 3 words, all words 3.37 %")
    # Long tail of 2026: last indices tent 50, chair 90, tarp 10, lamp 60: median 55; of three terms or more at or
    # above: chair only: (500 + 300) / (2,000 + 1,000).
    assert value(found, "longtail_capture", "2026") == (800 / 3000, "1 words")


def test_the_shops_own_rate_counts_first(store):  # noqa: F811
    shop = overview("2026-03", search_clicks=90.0, search_impressions=3000.0)  # 3 %
    found = store(shop, words("2026-03", ("tent", 1000, 40, 5, 1000, 50), ("chair", 1000, 25, 5, 1000, 50)))
    assert value(found, "high_conversion_keyword_share", "2026-Q1") == (0.5, "1 of 2 words, shop 3.00 %")


def test_content(store):  # noqa: F811
    log = table(
        "content_log",
        [("直播", 100, 8), ("直播", 300, 12), ("短视频", 100, 5), ("短视频", None, None)],
        ("content_type", "views", "interactions"),
        days=["2026-01-05", "2026-03-05", "2026-03-06", "2026-03-07"],
    )
    found = store(log)
    assert value(found, "live_sessions", "2026-Q1") == (2, "sum of months")  # February is inside the log: 0
    assert value(found, "live_sessions", "2026-02")[0] == 0
    assert value(found, "short_videos", "2026-03")[0] == 2
    assert value(found, "interaction_rate", "2026-Q1")[0] == 25 / 500  # the video without views is left out


def test_lists_of_products(store):  # noqa: F811
    names = ("product_id", "display_status", "quality_score", "has_video", "has_3d")
    first = table(
        "product_catalog",
        [("P1", "已上架", 4.0, "否", "否"), ("P2", "已上架", 4.4, "否", "是")],
        names,
        days=["2026-01-05"] * 2,
    )
    last = table(
        "product_catalog",
        [
            ("P1", "已上架", 4.6, "是", "否"),
            ("P2", "已上架", 4.6, "是", None),
            ("P3", "已上架", 3.0, "否", "否"),
            ("P4", "已下架", 1.0, "否", "否"),
        ],
        names,
        days=["2026-09-30"] * 4,
    )
    found = store(first, last, overview("2026-09", store_visitors=1.0))
    assert value(found, "video_coverage", "2026") == (2 / 3, "2 of 3 products")  # P4 is off the shelf
    assert value(found, "display3d_coverage", "2026") == (0, "0 of 2 products, 1 unknown")
    # P1 and P2: (4.6 + 4.6) / 2 - (4.0 + 4.4) / 2 = 0.4
    assert value(found, "quality_score_lift", "2026")[0] == pytest.approx(0.4)


def test_store_status(store):  # noqa: F811
    names = ("store_level", "star_level", "visual_done", "visual_planned")
    status = table(
        "store_status",
        [("L1", "3", 2.0, 8.0), ("L2", "4", 6.0, 8.0)],
        names,
        days=["2026-01-05", "2026-08-05"],
    )
    found = store(status, overview("2026-09", store_visitors=1.0))
    assert value(found, "visual_upgrade_completion", "2026") == (0.75, "6 of 8")
    assert [(str(each.day), each.store_level) for each in found.store_levels] == [
        ("2026-01-05", "L1"), ("2026-08-05", "L2"),
    ]  # fmt: skip


def test_certification_against_peers(store):  # noqa: F811
    # Certified in April: January to March against May to July. Visitors 100 to 150: +50 %; peers 200 to 240: +20 %;
    # the difference is 30 points. Leads 5 of 100 and 9 of 150: 5 % to 6 %, one point.
    import numpy as np

    before = [
        overview(f"2026-{n:02d}", store_visitors=100.0, lead_buyers=5.0, peer_avg_store_visitors=200.0)
        for n in (1, 2, 3)
    ]
    event = [overview("2026-04", store_visitors=999.0, lead_buyers=99.0, peer_avg_store_visitors=999.0)]
    after = [
        overview(f"2026-{n:02d}", store_visitors=150.0, lead_buyers=9.0, peer_avg_store_visitors=240.0)
        for n in (5, 6, 7)
    ]
    status = table("store_status", [("x",)], ("store_level",), days=["2026-05-01"])
    status.columns["certified_on"] = np.array(["2026-04-12"], dtype="datetime64[D]")
    found = store(*before, *event, *after, status)
    visitors = "metric=visitors"
    assert value(found, "verified_supplier_effect", "2026-04", visitors) == (0.5, "3 months before, 3 after")
    assert value(found, "verified_supplier_effect.control", "2026-04", visitors)[0] == pytest.approx(0.2)
    assert value(found, "verified_supplier_effect.net", "2026-04", visitors)[0] == pytest.approx(0.3)
    assert value(found, "verified_supplier_effect", "2026-04", "metric=lead_rate")[0] == pytest.approx(0.01)
    assert value(found, "verified_supplier_effect.before", "2026-04", visitors) == (100, "mean of 3 months")
    told = value(found, "verified_supplier_effect", "2026-04", "metric=ta_amount")[1]
    assert told == "too few, 0 months before, 0 after"


def grouped_orders():
    return orders(
        ("1", "ann", "德国", "ta,ready_to_ship", "P1", 10, 100, "2025-03-05"),
        ("2", "bob", "France", "ta,customization", "P1", 20, 300, "2025-03-06"),
        ("3", "ann", "Germany", "ta,ready_to_ship", "P1", 12, 180, "2026-03-05"),
        ("4", "cat", "阿联酋", "ta,customization", "P2", 5, 220, "2026-03-06"),
        ("5", "dan", "US", None, "P2", 5, 50, "2026-03-31"),
    )


def test_groups_of_orders(store):  # noqa: F811
    own = table(
        "order_ledger",
        [("3", "Ann", 180.0), ("PI-1", "eve", 90.0), ("PI-2", "eve", 110.0)],
        ("order_id", "buyer_name", "amount"),
        days=["2026-03-05", "2026-03-09", "2026-03-30"],
    )
    listed = table(
        "customers", [("cat", "KA"), ("ann", "普通")], ("buyer_id", "tier"), days=["2026-03-31"] * 2
    )
    found = store(grouped_orders(), own, listed, overview("2026-03", store_visitors=1.0))
    # March 2026: orders 3 (from stock), 4 (not); 5 has no tags.
    assert value(found, "rts_order_share", "2026-Q1")[0] == 0.5
    # 3, 4, 5 of the platform; PI-1 and PI-2 of the own table; 3 stands there too. 3 of 5.
    assert value(found, "ta_usage_rate", "2026-03") == (0.6, "ratio of sums")

    def aov(pairs):
        return value(found, "aov_by_group", "2026-Q1", pairs)[0]

    assert aov("group=TA") == 150  # (180 + 220 + 50) / 3
    assert aov("group=non-TA") == 100  # (90 + 110) / 2
    assert aov("group=KA") == 220  # cat
    assert aov("group=other") == 115  # (180 + 50) / 2
    assert aov("group=returning") == 180  # ann bought in 2025
    assert aov("group=new") == 135  # (220 + 50) / 2
    assert aov("market=Middle East") == 220
    assert value(found, "aov_by_group", "2025-Q1", "market=Europe")[0] == 200  # 德国 and France: 400 / 2
    assert value(found, "aov_by_group", "2025-Q1", "group=new") == (
        pytest.approx(NAN, nan_ok=True),
        "no source",
    )


def test_one_table_of_orders_tells_no_usage(store):  # noqa: F811
    assert value(store(grouped_orders()), "ta_usage_rate", "2026") == (
        pytest.approx(NAN, nan_ok=True),
        "no source",
    )


def test_customers(store):  # noqa: F811
    # Rule: KA from 10,000 USD and 2 orders in a year, growing from 3,000 and 1, ordinary from 1 order.
    import numpy as np

    bought = orders(
        ("1", "ann", "德国", None, "P", 1, 6000, "2026-02-05"),
        ("2", "ann", "德国", None, "P", 1, 5000, "2026-03-05"),
        ("3", "bob", "德国", None, "P", 1, 20000, "2026-03-06"),
    )
    listed = table(
        "customers",
        [
            ("ann", "KA", "户外", "回访"),
            ("bob", "KA", None, "回访"),
            ("cat", "潜在", None, "推荐"),
            ("dan", "特级", None, "推荐"),
        ],
        ("buyer_id", "tier", "industry", "action"),
        days=["2026-03-31"] * 4,
    )
    listed.columns["due_on"] = np.array(
        ["2026-02-10", "2026-02-20", "2026-03-10", "2026-04-10"], dtype="datetime64[D]"
    )
    listed.columns["done_on"] = np.array(
        ["2026-02-10", "2026-02-21", "NaT", "2026-04-01"], dtype="datetime64[D]"
    )
    found = store(bought, listed, overview("2026-03", store_visitors=1.0))
    assert value(found, "ka_customers", "2026") == (2, "4 customers, 2026-03-31")
    # ann is KA by the rule; bob has one order: growing; cat none: prospect; dan's label is not known. 2 of 3.
    assert value(found, "tier_label_accuracy", "2026") == (2 / 3, "2 of 3 customers, 1 unknown")
    # Due by 31 March: ann in time, bob a day late, cat not at all; dan's is still to come.
    assert value(found, "care_execution_rate", "2026-Q1")[0] == 1 / 3
    accounts = [(each.number, each.industry, each.amount, each.orders) for each in found.key_accounts]
    assert accounts == [(2, "", 20000, 1), (1, "户外", 11000, 2)]


def test_inquiries_and_markets(store):  # noqa: F811
    rows = [("L0", "Germany")] * 10 + [("L2", "德国")] * 10 + [("NA", "UAE")] * 15 + [("L1", "阿联酋")] * 5
    listed = table("inquiry_list", rows, ("buyer_level", "country"), days=["2026-03-10"] * 40)
    listed.columns["inquiry_no"] = np.array([str(number) for number in range(40)], dtype=object)
    sold = [(str(n), f"b{n}", "Germany", None, "P", 1, 10, "2026-03-20") for n in range(10)]
    found = store(listed, orders(*sold), overview("2026-03", store_visitors=1.0))
    # 10 of 25 with a known level are L0.
    assert value(found, "low_quality_inquiry_share", "2026-03") == (0.4, "ratio of sums, 15 without level")
    europe, east = "market=Europe", "market=Middle East"
    assert value(found, "market_order_rate", "2026-Q1", europe)[0] == 0.5  # 10 / 20
    assert value(found, "market_order_rate", "2026-Q1", east)[0] == 0.0  # 0 / 20
    # Wilson for 0 of 20: 0 to z2 / (20 + z2) = 3.8415 / 23.8415 = 0.16112; all markets 10 / 40 = 25 % lies above.
    assert value(found, "market_order_rate.high", "2026-Q1", east)[0] == pytest.approx(0.161125, abs=1e-5)
    assert value(found, "market_order_rate.verdict", "2026-Q1", east) == (
        -1,
        "below mean, all markets 25.00 %",
    )
    # 10 of 20: 0.5 -+ : Wilson 0.2993 to 0.7007; 25 % lies below.
    assert value(found, "market_order_rate.low", "2026-Q1", europe)[0] == pytest.approx(0.2993, abs=1e-4)
    assert value(found, "market_order_rate.verdict", "2026-Q1", europe)[0] == 1


def test_gap_to_peers(store):  # noqa: F811
    named = table(
        "competitors",
        [("A", 300.0), ("B", 100.0)],
        ("competitor", "content_interactions"),
        period=month("2026-03"),
    )
    log = table(
        "content_log", [("直播", 10, 50)], ("content_type", "views", "interactions"), days=["2026-03-05"]
    )
    found = store(
        overview("2026-02", store_visitors=100.0, peer_top_store_visitors=400.0),
        overview("2026-03", store_visitors=200.0, peer_top_store_visitors=200.0),
        named,
        log,
    )
    assert value(found, "peer_gap", "2026-02", "metric=visitors")[0] == -0.75
    assert value(found, "peer_gap", "2026", "metric=visitors")[0] == -0.5  # 300 / 600 - 1
    assert value(found, "peer_gap", "2026-03", "metric=content_interactions")[0] == -0.75  # 50 / 200 - 1


def test_colleagues(store):  # noqa: F811
    import numpy as np

    log = table(
        "collaboration_log",
        [("a", "产品"), ("b", "产品"), ("c", "产品"), ("d", "供应链")],
        ("item", "department"),
        days=["2026-03-01", "2026-03-01", "2026-03-21", "2026-03-01"],
    )
    log.columns["resolved_on"] = np.array(
        ["2026-03-05", "2026-03-09", "NaT", "2026-04-20"], dtype="datetime64[D]"
    )
    found = store(log, overview("2026-03", store_visitors=1.0))
    # 产品: 4, 8 and open since 10 days at 31 March: median 8. 供应链: solved after the review's day: 30 days, open.
    assert value(found, "collab_cycle_days", "2026", "department=产品;quantile=50") == (8, "3 items, 1 open")
    assert value(found, "collab_cycle_days", "2026", "department=供应链;quantile=50") == (
        30,
        "1 items, 1 open",
    )
    assert (
        value(found, "collab_cycle_days", "2026", "department=产品;quantile=90")[1]
        == "too few, 3 items, 1 open"
    )


def test_natural_traffic_slows_down(store):  # noqa: F811
    # First half 100 a month, then 120: +20 %. Second half to September 100 to 110: +10 %. Ten points slower.
    rows = [
        overview(f"2025-{n:02d}", total_impressions=150.0, marketing_impressions=50.0) for n in range(1, 13)
    ]
    rows += [
        overview(f"2026-{n:02d}", total_impressions=170.0, marketing_impressions=50.0) for n in range(1, 7)
    ]
    rows += [
        overview(f"2026-{n:02d}", total_impressions=160.0, marketing_impressions=50.0) for n in range(7, 10)
    ]
    slow, basis = value(store(*rows), "natural_growth_slowdown", "2026")
    assert (slow, basis) == (pytest.approx(-0.1), "percentage points, second half: 3 of 6 months")


def test_growth_bridge(store):  # noqa: F811
    # Doubled visitors, everything else as it was: amount 1,000 to 2,000, all of it visitors.
    chain = ("store_visitors", "lead_buyers", "ta_orders", "ta_amount_usd")

    def quarter(year, *totals):
        return [
            table(
                "shop_overview",
                [tuple(total / 3 for total in totals)],
                chain,
                period=month(f"{year}-{n:02d}"),
            )
            for n in (1, 2, 3)
        ]

    found = store(*quarter(2025, 300.0, 30.0, 6.0, 900.0), *quarter(2026, 600.0, 60.0, 12.0, 1800.0))
    assert value(found, "growth_bridge", "2026-Q1", "part=visitors")[0] == pytest.approx(900)
    assert value(found, "growth_bridge", "2026-Q1", "part=order_value")[0] == pytest.approx(0, abs=1e-9)
    # Order value doubled and order rate halved: the log changes are +ln 2 and -ln 2 of an unchanged amount of 900.
    found = store(*quarter(2024, 300.0, 30.0, 12.0, 900.0))
    assert value(found, "growth_bridge", "2025-Q1", "part=order_value")[0] == pytest.approx(900 * math.log(2))
    assert value(found, "growth_bridge", "2025-Q1", "part=order_rate")[0] == pytest.approx(-900 * math.log(2))


def grown_orders():
    """Return first quarters of 500 and 800 USD: +60 %."""
    return orders(
        ("1", "ann", "德国", None, "P1", 10, 100, "2025-01-05"),
        ("2", "bob", "France", None, "P1", 20, 300, "2025-03-06"),
        ("3", "bob", "France", None, "P3", 1, 100, "2025-03-07"),
        ("4", "ann", "Germany", None, "P1", 40, 600, "2026-01-10"),
        ("5", "cat", "阿联酋", None, "P2", 5, 200, "2026-03-06"),
    )


def test_cases(store):  # noqa: F811
    found = store(grown_orders(), overview("2026-03", store_visitors=1.0))
    points = {
        figure.dimension: round(figure.value, 9)
        for figure in found
        if (figure.metric, figure.period) == ("case_contribution", "2026-Q1")
    }
    assert points == {
        "product=P1": 0.4,  # (600 - 400) / 500
        "product=P2": 0.4,
        "product=P3": -0.2,
        "customer=#1": 1.0,  # ann: (600 - 100) / 500
        "customer=#2": -0.8,  # bob
        "customer=#3": 0.4,
        "market=Europe": 0.2,
        "market=Middle East": 0.4,
    }
    assert not any("ann" in figure.dimension for figure in found)


def test_splits_of_growth(store):  # noqa: F811
    # P1: 30 at 13.33 to 40 at 15: volume 10 x 13.33, price 1.67 x 40. Customers: ann kept, bob lost, cat new.
    found = store(grown_orders(), overview("2026-03", store_visitors=1.0))
    parts = {
        figure.dimension.replace("by=", "").replace(";part=", " "): figure.value
        for figure in found
        if (figure.metric, figure.period) == ("growth_split", "2026-Q1")
    }
    assert parts == pytest.approx(
        {
            "product volume": 400 / 3, "product mix": 0, "product price": 200 / 3, "product new": 200,
            "product lost": -100, "product unknown": 0,
            "customer kept": 500, "customer new": 200, "customer back": 0, "customer lost": -400,
            "customer unknown": 0, "market Europe": 100, "market Middle East": 200,
        }
    )  # fmt: skip


def test_cost_per_click_by_bid_and_mix(store):  # noqa: F811
    # 2025: A 100 clicks at 2, B 100 at 4: 3.00. 2026: A 300 at 2, B 100 at 5: 2.75.
    # Bid: A nothing, B mean weight (0.5 + 0.25) / 2 x 1 = 0.375. Mix: A 0.25 x (2 - 2.875), B -0.25 x (4.5 - 2.875):
    # -0.21875 - 0.40625 = -0.625. Together -0.25.
    names = ("plan_id", "plan_name", "cost_cny", "clicks")
    days = [f"{year}-{n:02d}-15" for year in (2025, 2026) for n in (1, 2, 3)]
    plans = []
    for place, day in enumerate(days):
        a, b = ((200.0, 100.0), (400.0, 100.0)) if place < 3 else ((600.0, 300.0), (500.0, 100.0))
        plans.append(
            table(
                "p4p_plan_daily",
                [("7", "A", a[0] / 3, a[1] / 3), ("8", "B", b[0] / 3, b[1] / 3)],
                names,
                days=[day] * 2,
            )
        )
    found = store(*plans, overview("2026-03", store_visitors=1.0))
    assert value(found, "ad_cpc_split", "2026-Q1", "part=bid")[0] == pytest.approx(0.375)
    assert value(found, "ad_cpc_split", "2026-Q1", "part=mix")[0] == pytest.approx(-0.625)
    assert value(found, "ad_cpc_split", "2026-Q1", "part=bid;plan=B")[0] == pytest.approx(0.375)
    assert value(found, "ad_cpc", "2026-Q1", "plan=B")[0] == pytest.approx(5)


def test_market_conversion_by_rate_and_mix(store):  # noqa: F811
    # Europe 1 of 2 to 2 of 2, Middle East 0 of 2 to 0 of 2: weights stay, so all of 25 points is Europe's own rate.
    asked = []
    for year in (2025, 2026):
        rows = [("L1", "Germany"), ("L1", "Germany"), ("L1", "UAE"), ("L1", "UAE")]
        part = table(
            "inquiry_list", rows, ("buyer_level", "country"), days=[f"{year}-01-05", *[f"{year}-03-20"] * 3]
        )
        part.columns["inquiry_no"] = np.array([f"{year}-{number}" for number in range(4)], dtype=object)
        asked.append(part)
    sold = orders(
        ("1", "ann", "德国", None, "P1", 1, 10, "2025-01-05"),
        ("2", "ann", "德国", None, "P1", 1, 10, "2026-01-05"),
        ("3", "ann", "德国", None, "P1", 1, 10, "2026-03-05"),
    )
    found = store(*asked, sold, overview("2026-03", store_visitors=1.0))
    assert value(found, "market_rate_split", "2026-Q1", "part=rate")[0] == pytest.approx(0.25)
    assert value(found, "market_rate_split", "2026-Q1", "part=mix")[0] == pytest.approx(0)
    assert value(found, "market_rate_split", "2026-Q1", "market=Europe;part=rate")[0] == pytest.approx(0.25)
