"""The sheets of the annual review on the demonstration store: nothing is empty, and what the team types is read and kept."""

import json
from datetime import date

import pytest

from opsbook.book import layout
from opsbook.book.model import Cell
from opsbook.hosts.package.session import Session
from opsbook.hosts.package.workbook import Workbook
from opsbook.plan.tables import tables
from opsbook.review.sections import SECTIONS

# Blocks that carry layout, or what need not exist on a healthy store.
QUIET = ("chart_titles", "chart_data", ".head", ".more")


def _read(path, *names):
    with Workbook.open(path, for_writing=False) as book:
        return {name: book.read(book.place(f"ops.{name}")) for name in names}


def test_no_block_of_the_review_is_empty(demo_book) -> None:
    shown = [
        section.name
        for section in SECTIONS
        if not section.input
        and not section.name.endswith(QUIET)
        and section.sheet not in ("issues", "receipts")
    ]
    found = _read(demo_book, *(name for name in shown if name != "overview.notes"))
    empty = [
        name
        for name, rows in found.items()
        if not any(isinstance(value, int | float) for row in rows[1:] for value in row)
    ]
    assert empty == []


def test_no_chart_of_the_demonstration_store_shows_nothing(demo_book) -> None:
    names = [section.name for section in SECTIONS if section.name.endswith("chart_titles")]
    titles = [value for rows in _read(demo_book, *names).values() for row in rows for value in row]
    assert titles
    assert [text for text in titles if "暂无数据" in text] == []


WORDS, STATE = (tables()["cases.list"].at(column) for column in ("words", "state"))
STRATEGY = tables()["problems.list"].at("strategy")
TYPED = (
    ("cases.list", 2, WORDS, "客户复购带动"),
    ("problems.list", 2, STRATEGY, "S4.2"),
    ("team.competitors", 0, 0, "2026-08"),
    ("team.competitors", 0, 1, "新对手"),
    ("team.competitors", 0, 6, 9),
    ("team.store_status", 0, 0, date(2026, 9, 20)),
    ("team.store_status", 0, 1, "L4"),
)


@pytest.fixture
def typed(copied, run, demo_exports, monkeypatch):
    """Return a workbook in which people wrote: a case's story, a strategy, two lines of team tables."""
    # Our own writer stands in for the person, who may write where it never does.
    monkeypatch.setattr(Session, "protected", lambda *_: False)
    with Workbook.open(copied, for_writing=True) as book:
        for name, row, column, value in TYPED:
            place = book.place(f"ops.{name}")
            book.write_cells(place.sheet, {(place.row + row, place.column + column): Cell(value)})
        book.save()
    monkeypatch.undo()
    status, out = run("refresh", copied, "--exports", demo_exports, "--json")
    return copied, status, out


def test_what_people_type_is_read_and_kept(typed, run) -> None:
    path, status, out = typed
    told = json.loads(out)
    assert status == 0
    kinds = {receipt["kind"]: receipt for receipt in told["receipts"]}
    assert set(kinds) == {"competitors", "store_status"}
    assert kinds["competitors"]["period"] == "2026-08-01~2026-08-31"
    assert [issue for issue in told["issues"] if issue.get("sheet") == "基础资料"] == []
    found = _read(path, "cases.list", "problems.list")
    assert (found["cases.list"][2][WORDS], found["cases.list"][2][STATE]) == ("客户复购带动", "已改写")
    assert found["problems.list"][2][STRATEGY] == "S4.2"


def test_an_empty_team_table_is_silent(demo_book, run) -> None:
    assert {name for name in layout.INPUTS if name.startswith("team.")}
    _, out = run("check", demo_book, "--json")
    assert "基础资料" not in out
