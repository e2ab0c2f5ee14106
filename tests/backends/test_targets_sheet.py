"""The sheet of targets in a workbook: what people type there stays, and everything follows it at the next refresh."""

import math

import pytest
from backends.hands import Hand, lines, refreshed
from plan.flat_store import store

from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.backends.xlsxwriter.new_workbook import write
from opsbook.book.compose import compose
from opsbook.params import Settings
from opsbook.plan.target_setting import LIST, MONTHS, PEOPLE, WHATIF

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
SETTINGS = Settings(language="en", gross_margin=0.3, plan_year=2027)


@pytest.fixture(scope="module")
def figures():
    return store([2025, 2026], growth=0.2)


@pytest.fixture
def book(tmp_path, figures):
    path = tmp_path / "plan.xlsx"
    write(path, compose(figures, SETTINGS))
    return path


def by_key(path, block):
    return {each["key"]: each for each in lines(path, block)}


def test_what_is_typed_stays_and_is_reckoned_with(book, figures):
    for block, key, cells in (
        (LIST, "ta_amount", {"change": 0.3, "owner": "Li"}),
        (LIST, "visitors", {"own": 50_000}),
        (MONTHS, "of-ta_amount", {"m3": 50_000}),
        (WHATIF, "visitors", {"change": 0.1}),
    ):
        hand = Hand(book, block)
        at = next(number for number, row in enumerate(hand.rows) if row[-1][0] == key)
        for column, value in cells.items():
            hand.type(at, column, value)
        hand.save()
    hand = Hand(book, PEOPLE)
    for at, (name, share) in enumerate((("Li", 0.7), ("Wang", 0.3))):
        for column, value in (("metric", "TA amount received (USD)"), ("name", name), ("share", share)):
            hand.type(at, column, value)
    hand.save()
    assert refreshed(book, figures, SETTINGS) == []
    target = math.floor(960 * 365 * 1.3 + 0.5)
    money = by_key(book, LIST)["ta_amount"]
    assert (money["change"], money["owner"], money["target"]) == (0.3, "Li", target)
    assert by_key(book, LIST)["visitors"]["target"] == 50_000
    months = by_key(book, MONTHS)["of-ta_amount"]
    assert months["m3"] == 50_000
    assert sum(months[f"m{at}"] for at in range(1, 13)) == target == months["year"]
    assert sum(each["year"] for each in by_key(book, PEOPLE).values()) == target
    factor = by_key(book, WHATIF)["visitors"]
    assert factor["then"] == pytest.approx(factor["now"] * 1.1)
    before = book.read_bytes()
    assert refreshed(book, figures, SETTINGS) == []
    assert book.read_bytes() == before


def test_lines_that_were_sorted_keep_their_own_figures(book, figures):
    before = by_key(book, LIST)
    hand = Hand(book, LIST)
    hand.sort("metric", reverse=True)
    hand.save()
    assert refreshed(book, figures, SETTINGS) == []
    after = by_key(book, LIST)
    assert list(after) != list(before)
    columns = ("metric", "baseline", "change", "target", "smart", "state")
    assert {key: [each[column] for column in columns] for key, each in after.items()} == {
        key: [each[column] for column in columns] for key, each in before.items()
    }


def test_a_target_follows_its_cells_before_any_refresh(book):
    with Workbook.open(book, for_writing=False) as opened:
        place = opened.place(f"ops.{LIST}")
    hand = Hand(book, LIST)
    row = place.row + 2  # the first line, as a person counts
    baseline, change, own = (
        chr(ord("A") + place.column + hand.table.at(key)) for key in ("baseline", "change", "own")
    )
    assert (
        hand.text(0, "target") == f'=IF({own}{row}="",ROUND({baseline}{row}*(1+{change}{row}),0),{own}{row})'
    )


def test_what_is_typed_is_taken_as_it_is_meant(book):
    # A program takes 3 for 3 % in a cell that shows per cent: right for growth and rates, wrong for a number.
    with Workbook.open(book, for_writing=False) as opened:
        place = opened.place(f"ops.{LIST}")
    hand = Hand(book, LIST)
    formats = {}
    for at, row in enumerate(hand.rows):
        for column in ("change", "own"):
            cell = hand.sheet.cell(place.row + 2 + at, place.column + 1 + hand.table.at(column))
            formats[row[-1][0], column] = "%" in cell.number_format
    assert (formats["ta_amount", "change"], formats["ta_amount", "own"]) == (True, False)
    assert (formats["new_product_share", "change"], formats["new_product_share", "own"]) == (True, True)
    assert (formats["ka_customers", "change"], formats["ka_customers", "own"]) == (False, False)


def test_a_growth_of_the_teams_own_is_told_once_the_suggestion_is_another(book, figures):
    hand = Hand(book, LIST)
    hand.type(0, "change", 0.25)
    hand.save()
    refreshed(book, figures, SETTINGS)
    assert "look again" not in said(book)
    refreshed(book, store([2025, 2026], growth=0.1), SETTINGS)
    assert "look again" in said(book)
    assert by_key(book, LIST)["ta_amount"]["change"] == 0.25


def said(book):
    with Workbook.open(book, for_writing=False) as opened:
        return opened.read(opened.place("ops.targets.checks"))[1][3]


def test_months_of_a_target_that_was_deleted_are_kept_and_told(book, figures):
    hand = Hand(book, MONTHS)
    hand.type(1, "m5", 7_000)  # of the visitors
    hand.save()
    hand = Hand(book, LIST)
    at = next(number for number, row in enumerate(hand.rows) if row[-1][0] == "visitors")
    hand.delete(at)
    hand.save()
    assert refreshed(book, figures, SETTINGS) == []
    assert "visitors" not in by_key(book, LIST)
    kept = by_key(book, MONTHS)["of-visitors"]
    assert (kept["m5"], kept["note"]) == (
        7_000,
        "The target is gone; only the months that were typed are kept",
    )
