"""Numbers printed side by side reproduce each other, whatever a store has and whenever its data end."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from book import store_sample as sample
from book.printed import CARDS, triples
from journey.tiny_store import Export, Store, exports

from opsbook.book.compose import compose
from opsbook.book.model import NA
from opsbook.book.overview_page import lacking
from opsbook.metrics.compute_review import review
from opsbook.params import Settings

CUSTOMERS = ["统计日期", "客户ID", "客户分层", "行业"]


def only(*names):
    return [each for each in exports() if each.path.partition(".")[0].split()[0] in names]


def without(*periods, files=None):
    """Return the files without the rows that begin with one of some periods."""
    return [
        replace(each, rows=[row for row in each.rows if not str(row[0]).startswith(periods)])
        for each in files or exports()
    ]


def begun(day):
    """Return the files with a few days of a month that is not over, as a daily table gives them."""
    shop = [row.copy() for row in exports()[0].rows[-3:]]
    for row, number in zip(shop, range(1, 4), strict=True):
        row[0] = f"{day}-{number:02d}"
    head = exports()[0]
    orders = exports()[2]
    late = [[f"9{row[0]}", row[1], f"{day}-02 10:00:00", *row[3:]] for row in orders.rows[-9:]]
    return [
        *exports(),
        Export("shop days.csv", head.header, shop),
        Export("orders late.csv", orders.header, late),
    ]


STORES = {
    "everything": exports(),
    "shop": only("shop"),
    "orders": only("orders"),
    "ads": only("ads", "rates"),
    "products": only("products"),
    "shop and orders": only("shop", "orders"),
    "no rate": only("shop", "orders", "ads"),
    "this year only": without("2025"),
    "a month of this year is missing": without("2026-03"),
    "a month of last year is missing": without("2025-03"),
    "last year begins in April": without("2025-01", "2025-02", "2025-03"),
    "a month is running": begun("2026-07"),
    "a month of a quarter is running": begun("2026-08"),
}
DAYS = {
    "as the data end": {},
    "the middle of a month": {"as_of": date(2026, 5, 20)},
    "January": {"as_of": date(2026, 1, 20)},
    "the year before": {"year": 2025},
}


@pytest.fixture(scope="module")
def reviews():
    made = {}

    def of(name, days):
        if (name, days) not in made:
            with Store() as store:
                store.take(STORES[name])
                for key, told in DAYS.items():
                    made[name, key] = review(store.opened, Settings(**told))
        return made[name, days]

    return of


OFTEN = ("everything", "orders", "a month is running")  # looked at on every day, the others on two
LOOKS = [(name, days) for name in STORES for at, days in enumerate(DAYS) if at < 2 or name in OFTEN]


@pytest.mark.parametrize(("name", "days"), LOOKS)
def test_every_printed_change_is_that_of_the_values_beside_it(reviews, name, days) -> None:
    plan = compose(reviews(name, days), Settings())
    wrong = [each for each in triples(plan) if not each.right()]
    assert wrong == []


@pytest.mark.parametrize("months", [1, 9, 12])
def test_the_same_of_a_store_of_many_figures(months) -> None:
    found = list(triples(compose(sample.make_review(months=months), Settings())))
    assert [each for each in found if not each.right()] == []
    assert sum(not math.isnan(each.change) for each in found) > 100


def test_a_store_has_triples_to_look_at(reviews) -> None:
    shown = {
        each.where.partition(" ")[0]
        for each in triples(compose(reviews("everything", "as the data end"), Settings()))
        if not math.isnan(each.change)
    }
    assert {CARDS, "review.months", "review.quarters", "review.top10", "review.bridge", "work.cpc"} <= shown


def test_a_wrong_base_would_be_seen(reviews) -> None:
    plan = compose(reviews("everything", "as the data end"), Settings())
    cards = plan.block(CARDS)
    cells = [list(row) for row in cards.cells]
    cells[2][2] = replace(cells[2][2], value=cells[2][2].value * 12 / 6)  # the whole of last year
    spoilt = replace(cards, cells=tuple(tuple(row) for row in cells))
    blocks = tuple(spoilt if each.name == CARDS else each for each in plan.blocks)
    assert not all(each.right() for each in triples(replace(plan, blocks=blocks)))


EXPECTED = {
    # The shop's table of these stores lacks the columns of inquiries and TM, and the settings have no margin.
    "everything": {"店铺数据概览", "毛利率（设置）"},
    "no rate": {"店铺数据概览", "汇率（基础资料或设置）"},
    "this year only": {"店铺数据概览", "毛利率（设置）", " 2025 年同期数据"},
    "a month of this year is missing": {"店铺数据概览", "毛利率（设置）", " 2026-03 的数据"},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_blank_figures_name_what_to_give(reviews, name) -> None:
    assert set(_lacking(reviews(name, "as the data end"))) == EXPECTED[name]


def _lacking(found, **told):
    from opsbook.book.cells import Sheets
    from opsbook.book.page import ReportPage
    from opsbook.plan.annual_plan import plan as make_plan

    settings = Settings(**told)
    made = {}

    class Kept(Sheets):
        def __init__(self) -> None:
            super().__init__()
            made["sheets"] = self

    import opsbook.book.compose as composing

    original, composing.Sheets = composing.Sheets, Kept
    try:
        compose(found, settings)
    finally:
        composing.Sheets = original
    return lacking(ReportPage(found, "zh", made["sheets"], make_plan(found, settings, {}), {}))


@pytest.mark.parametrize("name", STORES)
def test_the_page_says_that_all_is_there_only_where_nothing_is_blank(reviews, name) -> None:
    plan = compose(reviews(name, "as the data end"), Settings())
    notes = [row[0].value or "" for row in plan.block("overview.notes").cells]
    blank = [
        (block, row, column)
        for block in ("overview.cards", "overview.funnel", "overview.bridge")
        for row, cells in enumerate(plan.block(block).cells)
        for column, cell in enumerate(cells)
        if cell.value in (None, "", NA) and cell.style.partition(".")[0] in ("card", "strong")
    ]
    assert ("本页全部指标都有数据。" in notes) is (not blank)
    assert any(text.startswith("缺") for text in notes) is bool(blank)
