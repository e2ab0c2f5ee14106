"""A plausible year of a store, made by hand for the tests of the book."""

from __future__ import annotations

import math
from datetime import date, datetime

from opsbook.archive.receipts import Receipt
from opsbook.domain.basis import Basis, Kind
from opsbook.domain.issues import Issue
from opsbook.functions.growth import change
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure, index
from opsbook.metrics.review import ProductSales, Review
from opsbook.review.indicators import core

SEASON = (0.92, 0.61, 1.18, 1.04, 1.07, 0.96, 0.99, 1.02, 1.16, 1.08, 1.03, 0.94)
LEVEL = {
    "visitors": 14200,
    "inquiries": 486,
    "tm_buyers": 311,
    "ta_amount": 68400.5,
    "ta_orders": 74,
    "inquiry_buyers": 402,
    "lead_buyers": 655,
    "total_impressions": 1_184_000,
    "natural_impressions": 741_000,
    "ad_cost": 23150.4,
}
PLAIN = {"aov": 924.3, "ad_cpc": 4.37, "visitor_order_rate": 0.0049}
GROWTH = 1.18


def make_review(year: int = 2026, months: int = 9) -> Review:
    """Return last year whole and ``months`` months of this year, the last one running when below 12."""
    figures: list[Figure] = []
    values: dict[tuple[str, int, int], float] = {}
    for of_year in (year - 1, year):
        last = 12 if of_year < year else months
        for month in range(1, last + 1):
            for order, (metric, level) in enumerate(LEVEL.items()):
                lift = GROWTH ** (of_year - year + 1) * (1 + 0.05 * math.sin(month * 1.7 + order))
                value = level * SEASON[month - 1] * lift
                if metric == "ad_cost":
                    value *= 0.93 ** (of_year - year + 1)
                values[metric, of_year, month] = round(value, 2 if metric in ("ta_amount", "ad_cost") else 0)
            for order, (metric, level) in enumerate(PLAIN.items()):
                drift = 1.06 ** (of_year - year + 1)
                values[metric, of_year, month] = level * drift * (1 + 0.06 * math.cos(month + order))
    for indicator in core():
        key, unit = indicator.metric.id, indicator.metric.unit
        for of_year in (year - 1, year):
            last = 12 if of_year < year else months
            quarters = [range(3 * q - 2, min(3 * q, last) + 1) for q in range(1, 5)]
            spans = [(f"{of_year}-{m:02d}", range(m, m + 1)) for m in range(1, last + 1)]
            if indicator.total != "last":
                spans += [(f"{of_year}-Q{q}", s) for q, s in enumerate(quarters, start=1) if len(s)]
                spans.append((str(of_year), range(1, last + 1)))
            for period, span in spans:
                known = (last, 12) if len(span) == last < 12 else ()
                basis = Basis.of(Kind.GIVEN) if len(span) == 1 else Basis.of(Kind.SUM_OF_MONTHS, *known)
                figures.append(Figure(key, period, "", _over(values, indicator, of_year, span), unit, basis))
                if of_year == year:
                    figures += _growth(values, indicator, year, period, span)
    figures += _others(year)
    return Review(year, date(year, months, 30), index(figures), _products())


def _over(values, indicator, year, span):
    key = indicator.metric.id
    if indicator.total == "last":
        return math.fsum(values["ta_amount", year, m] for m in range(1, span[-1] + 1))
    if indicator.parts:
        above, below = (math.fsum(values[part, year, m] for m in span) for part in indicator.parts)
        return above / below
    found = [values[key, year, m] for m in span]
    return math.fsum(found) if indicator.total == "sum" else math.fsum(found) / len(found)


def _growth(values, indicator, year, period, span):
    key = indicator.metric.id
    points = indicator.metric.unit == "ratio"

    def figure(suffix, now, then, basis):
        value = now - then if points else float(change(now, then))
        return Figure(f"{key}.{suffix}", period, "", value, "ratio", basis, pair=(now, then))

    now = _over(values, indicator, year, span)
    whole = len(span) in (1, 3, 12)
    basis = Basis.of(Kind.WHOLE_PERIODS) if whole else Basis.of(Kind.SAME_MONTHS, len(span))
    yield figure("yoy", now, _over(values, indicator, year - 1, span), basis)
    if not whole:
        base = _over(values, indicator, year - 1, span)
        yield Figure(f"{key}.base", period, "", base, indicator.metric.unit, basis)
    if len(span) == 1 and span[0] > 1:
        before = _over(values, indicator, year, range(span[0] - 1, span[0]))
        yield figure("pop", now, before, basis)
    elif len(span) == 1:
        yield figure("pop", now, _over(values, indicator, year - 1, range(12, 13)), basis)
    elif len(span) == 3 and span[0] > 1:
        yield figure("pop", now, _over(values, indicator, year, range(span[0] - 3, span[0])), basis)
    elif len(span) == 3:
        yield figure("pop", now, _over(values, indicator, year - 1, range(10, 13)), basis)


def _others(year):
    this, last = str(year), str(year - 1)
    for key, now, before in (
        ("old_customer_repurchase_rate", 0.312, 0.284),
        ("repeat_purchase_rate", 0.227, 0.214),
        ("returning_revenue_share", 0.463, 0.441),
        ("rev_per_buyer", 1874.2, 1702.9),
        ("zero_effect_share", 0.183, 0.241),
        ("new_products", 46.0, 52.0),
    ):
        unit = metrics()[key].unit
        grown = now - before if unit == "ratio" else float(change(now, before))
        yield Figure(key, this, "", now, unit, Basis.of(Kind.RATIO_OF_SUMS))
        yield Figure(key, last, "", before, unit, Basis.of(Kind.RATIO_OF_SUMS))
        yield Figure(f"{key}.yoy", this, "", grown, "ratio", Basis.of(Kind.WHOLE_PERIODS), pair=(now, before))
    key = "new_product_first_month_inquiries"
    yield Figure(key, this, "", 1.84, "count", Basis.of(Kind.MEAN_OF_PRODUCTS, 31, 46))
    yield Figure(f"{key}.yoy", this, "", math.nan, "ratio", Basis.of(Kind.NO_BASE))
    for quarter, (pages, share) in enumerate(((9, 0.41), (11, 0.44), (14, 0.47)), start=1):
        yield Figure(
            "keyword_first_page",
            f"{this}-Q{quarter}",
            "",
            float(pages),
            "count",
            Basis.of(Kind.LAST_CHECK, 30),
        )
        yield Figure("top10_share", f"{this}-Q{quarter}", "", share, "ratio", Basis.of(Kind.RATIO_OF_SUMS))
        yield Figure(
            "top10_share", f"{last}-Q{quarter}", "", share - 0.03, "ratio", Basis.of(Kind.RATIO_OF_SUMS)
        )
    yield Figure("keyword_first_page", this, "", 14.0, "count", Basis.of(Kind.LAST_CHECK, 30))
    yield Figure(
        "top10_share",
        this,
        "",
        math.fsum(p.share for p in _products()),
        "ratio",
        Basis.of(Kind.RATIO_OF_SUMS),
    )
    words = (
        "yoga mat", "custom yoga mat", "tpe yoga mat wholesale", "cork yoga block", "pilates ring",
        "resistance bands set", "foam roller", "gym ball 65cm", "non slip yoga socks", "eco friendly yoga mat",
        "yoga strap", "massage ball", "knee pad", "balance pad", "ab wheel roller", "jump rope", "dumbbell set",
    )  # fmt: skip
    for number, word in enumerate(words):
        first, last_rank = 12 + 9 * number % 71, 5 + 13 * number % 83
        yield Figure(
            "keyword_rank_change", this, f"keyword={word}", float(first - last_rank), "places",
            Basis.of(Kind.RANKS, first, last_rank),
        )  # fmt: skip
    yield Figure(
        "keyword_rank_change", this, "keyword=stretch band", math.nan, "places", Basis.of(Kind.ONE_CHECK, 37)
    )


def _products():
    names = (
        "Custom Logo Eco Friendly TPE Yoga Mat 6mm Non Slip Double Layer Exercise Mat",
        "天然软木瑜伽砖 高密度 可定制标志 出口欧美健身房",
        "Natural Rubber PU Yoga Mat with Alignment Lines",
        "Resistance Bands Set of 5 Latex Loop for Home Gym Fitness Training",
        "High Density EVA Foam Roller 45cm Muscle Massage",
        "Anti Burst Gym Ball 65cm PVC Pilates Ball with Pump",
        "Pilates Ring Magic Circle 14 inch",
        "Adjustable Yoga Strap Cotton 8ft D-Ring",
        "Peanut Massage Ball Double Lacrosse",
        "TPE Balance Pad Knee Cushion",
    )
    return tuple(
        ProductSales(
            f"16005{number:02d}2849117{number}", name, round(61200.5 * 0.78**number, 2),
            round(48100.25 * 0.81**number * (1.3 if number % 3 else 0.9), 2), round(0.121 * 0.78**number, 6),
        )
        for number, name in enumerate(names)
    )  # fmt: skip


def make_receipts(count: int = 12) -> list[Receipt]:
    """Return receipts of one afternoon."""
    kinds = ("shop_overview", "orders", "product_performance", "p4p_plan_daily")
    return [
        Receipt(
            number, datetime(2026, 10, 3, 15, 4 + number % 50), f"2026-09/店铺数据概览_{number:02d}.xlsx", "Sheet1",
            kinds[number % 4], "2026-09-01~2026-09-30", 31, 30, 0, 0, 1, 0, f"{number:064x}",
        )
        for number in range(1, count + 1)
    ]  # fmt: skip


def make_issues() -> list[Issue]:
    """Return an issue of each severity."""
    return [
        Issue("file.skipped", file="readme.docx"),
        Issue("row.no_key", file="orders_2026.csv", row=118, column="订单号"),
        Issue("period.missing", file="产品分析.xlsx", sheet="Sheet1", detail="产品分析"),
        Issue("cell.number", file="2026-09/店铺数据概览_09.xlsx", sheet="Sheet1", row=14, column="询盘个数", value="1O2", times=3),
    ]  # fmt: skip
