"""What must hold of every figure of a store, whatever its numbers: however its files come, in other money, in other years."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journey.tiny_store import Store, exports, figures
from sweeps import SWEEP

from opsbook.schemas import known_headers, normalise_header

SEED = st.integers(0, 30) if SWEEP else st.just(0)
FACTOR = st.sampled_from([Decimal(1) / 2, Decimal(2), Decimal(3), Decimal(10)])
# In one line: a cell; in a header nothing that is a header of ours.
CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\r\n",;\t='), max_size=12)
HEADER = CELL.map(normalise_header).filter(lambda text: text and text not in known_headers())


# So many years between whose first and last month no leap day lies, as none lies between those of the store itself.
YEARS = st.sampled_from([-4, -3, 1, 4, 5])
SEASONS = ("season_index", "season_split")  # the Spring Festival has a day of its own in each year


def few(count):
    """Return the settings of a property that is looked at so many times, or far more often in a sweep."""
    return settings(max_examples=12 * count if SWEEP else count, deadline=None)


def parts(file, chance):
    """Return a file cut into as many as four: each row anywhere, but the lines of an order together.

    Two equal lines of one order are two only where one file says so; in two files they are one line told twice.
    """
    place = {row[0]: chance.randrange(4) for row in file.rows}
    chosen = [[row for row in file.rows if place[row[0]] == number] for number in range(4)]
    return [replace(file, rows=chance.sample(rows, len(rows))) for rows in chosen if rows]


@few(3)
@given(SEED, st.randoms(use_true_random=False))
def test_cut_shuffled_repeated_and_in_batches_files_say_the_same(seed, chance):
    cut = [part for file in exports(seed) for part in parts(file, chance)]
    cut += chance.sample(cut, 3)
    chance.shuffle(cut)
    middle = chance.randrange(len(cut) + 1)
    with Store() as store:
        for batch in (cut[:middle], cut[middle:]):
            store.take(batch)
        assert store.issues == []
        assert store.figures() == figures(seed=seed)


@few(1)
@given(SEED, st.randoms(use_true_random=False))
def test_taken_in_again_nothing_is_added_or_replaced(seed, chance):
    files = exports(seed)
    with Store() as store:
        first = store.take(files)
        assert sum(receipt.added for receipt in first) == sum(len(file.rows) for file in files)
        for receipt in store.take(chance.sample(files, len(files))):
            assert (receipt.added, receipt.replaced) == (0, 0)
        assert store.figures() == figures(seed=seed)


@few(3)
@given(SEED, st.data())
def test_columns_nobody_knows_are_told_and_change_nothing(seed, data):
    files, told = exports(seed), []
    for file in files:
        for header in data.draw(st.lists(HEADER, max_size=2), label=file.path):
            at = data.draw(st.integers(0, len(file.header)))
            cells = data.draw(st.lists(CELL, min_size=1, max_size=5))
            file.header = [*file.header[:at], header, *file.header[at:]]
            file.rows = [
                [*row[:at], cells[number % len(cells)], *row[at:]] for number, row in enumerate(file.rows)
            ]
            told.append(("column.unknown", file.path))
    with Store() as store:
        store.take(files)
        # Where a kind has buyers, the header is masked: it may be a name beside a known word.
        assert sorted((issue.code, issue.file) for issue in store.issues) == sorted(told)
        assert store.figures() == figures(seed=seed)


def assert_scaled(before, after, power, factor):
    """Assert that each figure is what it was, times ``factor`` to its ``power(metric, unit)``; None: not looked at."""
    assert before.keys() == after.keys()
    looked_at = 0
    for key, old in before.items():
        exponent = power(key[0], old.unit)
        if exponent is None:
            continue
        new = after[key]
        wanted = old.value if old.value is None else old.value * float(factor) ** exponent
        assert new.value == (wanted if wanted is None else pytest.approx(wanted, rel=1e-9, abs=1e-9)), key
        assert (new.unit, unnumbered(new.basis)) == (old.unit, unnumbered(old.basis)), key
        looked_at += bool(exponent and old.value)
    assert looked_at > 50


def unnumbered(basis):
    """Return a basis without its numbers: some tell the amounts."""
    return re.sub(r"[-\d.,]+", "0", basis)


def of_returns(metric):
    """Tell whether a figure is a return on ads, or the difference of two: it goes with money over cost."""
    name, _, growth = metric.partition(".")
    return name == "ad_roas" or (name == "ad_roi" and growth in ("yoy", "pop"))


def skewed(metric):
    """Tell whether a figure has an offset, or is a target: these are rounded, and a ROI's has its offset."""
    return metric in ("ad_roi", "ad_roi.base") or metric.startswith(("target", "season_split"))


def of_money(metric, unit):
    """Return with which power of the orders' money a figure goes; hot products have a threshold in CNY."""
    if skewed(metric) or metric == "hot_products":
        return None
    return int(unit == "USD" or of_returns(metric))


def of_cost(metric, unit):
    """Return with which power of the ads' cost a figure goes."""
    if skewed(metric):
        return None
    return -1 if of_returns(metric) else int(unit == "CNY")


@few(2)
@given(SEED, FACTOR)
def test_in_other_money_amounts_go_with_it_and_nothing_else_does(seed, factor):
    assert_scaled(figures(seed=seed), figures(seed=seed, money=factor), of_money, factor)


@few(2)
@given(SEED, FACTOR)
def test_with_other_costs_costs_go_with_them_and_nothing_else_does(seed, factor):
    assert_scaled(figures(seed=seed), figures(seed=seed, cost=factor), of_cost, factor)


@few(2)
@given(SEED, YEARS)
def test_years_later_the_periods_are_others_and_the_values_the_same(seed, years):
    def later(period):
        return re.sub(r"\b20\d\d\b", lambda found: str(int(found[0]) + years), period)

    def seen(found):
        return {
            key: said._replace(basis=unnumbered(said.basis))
            for key, said in found.items()
            if key[0] not in SEASONS
        }

    before, after = seen(figures(seed=seed)), seen(figures(seed=seed, years=years))
    assert after == {
        (metric, later(period), dimension): said for (metric, period, dimension), said in before.items()
    }
