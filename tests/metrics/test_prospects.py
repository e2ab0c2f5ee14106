"""The facts that next year's choices rest on, from a few rows each, worked by hand."""

import math
from datetime import date

import pandas as pd
import pytest

from opsbook.metrics import planning_inputs as module
from opsbook.metrics.planning_inputs import Competitor, Market, SearchWord, Track

YEAR, AS_OF = 2026, date(2026, 9, 30)


class Tables:
    """The archive's tables, given."""

    def __init__(self, **tables):
        for name, rows in tables.items():
            frame = pd.DataFrame(rows)
            days = [each for each in ("_start", "_end") if each in frame]
            for day in days:
                frame[day] = pd.to_datetime(frame[day])
            setattr(self, name, frame)


def period(start, end=None, grain="month"):
    return {"_grain": grain, "_start": pd.Timestamp(start), "_end": pd.Timestamp(end or start)}


def words_rows(*rows):
    columns = ("keyword", "keyword_index", "seller_scale_index", "impressions", "top10_avg_impressions")
    return [dict(zip(columns, row[:5], strict=True)) | row[5] for row in rows]


def found(**given):
    columns = {
        "keyword_performance": [
            "keyword", "keyword_index", "seller_scale_index", "impressions", "top10_avg_impressions", "_grain", "_start", "_end",
        ],
        "product_performance": ["product_id"],
        "competitors": [
            "competitor", "price", "main_image", "detail_page", "campaign", "hot_products", "content_interactions", "_end",
        ],
    }  # fmt: skip
    tables = Tables(
        **{name: given.get(name) or {each: [] for each in names} for name, names in columns.items()}
    )
    orders = pd.DataFrame(
        given.get("orders") or [], columns=["order_id", "day", "state", "amount", "buyer", "country", "tags"]
    )
    orders["day"] = pd.to_datetime(orders["day"])
    sales = pd.DataFrame(given.get("sales") or [], columns=["day", "country", "product", "amount"])
    sales["day"] = pd.to_datetime(sales["day"])
    listed = given.get("listed")
    if listed is None:
        listed = pd.DataFrame({"listed": [], "new": [], "seen": []})
    return module.prospects(
        tables,
        YEAR,
        AS_OF,
        orders=orders,
        sales=sales,
        titles={"t1": "Tent"},
        listed=listed,
        core=frozenset({"camping tent"}),
    )


def test_a_word_has_its_last_index_and_the_sum_of_its_impressions():
    rows = words_rows(
        ("Camping  Tent", 80.0, 4.0, 10.0, 100.0, period("2026-01-01", "2026-01-31")),
        ("camping tent", 90.0, 5.0, 20.0, 150.0, period("2026-02-01", "2026-02-28")),
        (
            "camping tent",
            95.0,
            9.0,
            7.0,
            30.0,
            period("2026-02-01", "2026-02-07", "week"),
        ),  # inside the month
        ("old word", 99.0, 1.0, 5.0, 5.0, period("2025-12-01", "2025-12-31")),
        ("dome tent", 10.0, math.nan, 3.0, math.nan, period("2026-02-01", "2026-02-28")),
    )
    tent, dome = found(keyword_performance=rows).words
    assert tent == SearchWord("camping tent", 90.0, 5.0, 30.0, 250.0, core=True)
    assert tent.capture == pytest.approx(0.12)
    assert (dome.word, dome.core) == ("dome tent", False)
    assert math.isnan(dome.capture)


ORDERS = [
    # id, day, state, amount, buyer, country, tags
    ("1", "2026-03-01", "paid", 100.0, "a", "Germany", "现货"),
    ("2", "2026-04-01", "paid", 300.0, "a", "France", "现货,定制"),
    ("3", "2026-05-01", "paid", 50.0, "b", "USA", None),
    ("4", "2026-05-01", "awaited", 70.0, "c", "USA", "现货"),
    ("5", "2025-06-01", "paid", 80.0, "a", "Germany", "现货"),
    ("6", "2025-12-01", "paid", 80.0, "a", "Germany", "现货"),  # after the same days of last year
]


def test_tracks_count_paid_orders_by_their_tags_against_the_same_days_of_last_year():
    rts, deep = found(orders=ORDERS).tracks
    assert rts == Track("rts", 1, 1, 100.0)
    assert deep == Track("deep", 1, 0, 300.0)  # made to order, whatever else the tags say
    assert (rts.growth, math.isnan(deep.growth)) == (0.0, True)


def test_markets_count_orders_buyers_and_name_what_sells_most():
    sales = [
        ("2026-03-01", "Germany", "t1", 60.0),
        ("2026-03-01", "Germany", "b1", 40.0),
        ("2026-04-01", "France", "b1", 15.0),
        ("2025-06-01", "France", "b1", 80.0),
    ]
    europe, america = found(orders=ORDERS, sales=sales).markets
    assert europe == Market("Europe", 2, 1, 400.0, "Tent")  # 60 against 55
    assert america == Market("North America", 1, 1, 50.0, "")
    figures = {
        (each.metric, each.dimension): each
        for each in module.figures(found(orders=ORDERS), YEAR, frozenset(), AS_OF)
    }
    assert figures["market_frequency", "market=Europe"].value == 2.0
    assert figures["market_frequency", ""].value == 1.5  # 3 orders of 2 buyers


def test_order_values_are_those_of_the_years_paid_orders():
    assert found(orders=ORDERS).order_values.tolist() == [50.0, 100.0, 300.0]


def test_new_products_on_trial_are_the_young_ones():
    listed = pd.DataFrame(
        {
            "listed": pd.to_datetime(["2026-08-01", "2026-01-01", "2026-09-01"]),
            "new": [True, True, False],
            "seen": False,
        },
        index=["t1", "old", "first-file"],
    )
    rows = [
        {"product_id": "t1", "total_impressions": math.nan, "search_impressions": 200.0, "total_clicks": 5.0, "search_clicks": 4.0,
         "inquiries": 1.0} | period("2026-08-01", "2026-08-31"),
        {"product_id": "t1", "total_impressions": 300.0, "search_impressions": 250.0, "total_clicks": math.nan, "search_clicks": 6.0,
         "inquiries": 0.0} | period("2026-09-01", "2026-09-30"),
        {"product_id": "old", "total_impressions": 900.0, "search_impressions": 1.0, "total_clicks": 9.0, "search_clicks": 1.0,
         "inquiries": 9.0} | period("2026-09-01", "2026-09-30"),
    ]  # fmt: skip
    (trial,) = found(product_performance=rows, listed=listed).trials
    assert (trial.name, trial.days, trial.impressions, trial.clicks, trial.inquiries) == (
        "Tent",
        60,
        500.0,
        11.0,
        1.0,
    )


def test_a_competitor_is_compared_with_the_month_it_was_seen_before():
    def seen(month, name="A", **cells):
        base = {"competitor": name, "price": math.nan, "main_image": None, "detail_page": "long", "campaign": None,
                "hot_products": math.nan, "content_interactions": math.nan}  # fmt: skip
        return base | cells | {"_end": pd.Timestamp(month)}

    rows = [
        seen("2026-07-31", price=10.0, main_image="white"),
        seen("2026-08-31", price=9.0, main_image="scene", hot_products=4.0),
        seen("2026-02-28", name="B", price=5.0),
    ]
    competitors = found(competitors=rows).competitors
    first = competitors[0]
    assert first.name == "A"
    assert (first.price, first.before, first.changed, first.hot) == (9.0, 10.0, ("main_image",), 4.0)
    assert isinstance(competitors[1], Competitor)
    watched = {
        each.metric: each for each in module.figures(found(competitors=rows), YEAR, frozenset({"x"}), AS_OF)
    }
    assert watched["competitors_watched"].value == 1.0  # B was seen too long ago
    assert watched["keyword_library"].value == 1.0
