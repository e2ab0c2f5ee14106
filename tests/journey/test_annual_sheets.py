"""The sheets of the annual review on the demonstration store: nothing is empty, and what the team types is read and kept."""

import json
import math
from dataclasses import dataclass, replace
from datetime import date

import pytest

from opsbook.archive.archive_file import Archive
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.backends.ooxml.package_session import Session
from opsbook.book import layout
from opsbook.book.compose import compose
from opsbook.book.model import Cell
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.compute_review import review
from opsbook.metrics.figures import Figure
from opsbook.metrics.review import Review
from opsbook.params import Settings
from opsbook.plan.annual_plan import plan
from opsbook.plan.table_declarations import tables
from opsbook.sheets.review_sheet import SPLIT, SPLIT_WAYS
from opsbook.sheets.sheet_list import SECTIONS

PLAN = ("targets", "strategy", "actions", "risks", "resources")

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
        and section.sheet not in {"issues", "receipts", *PLAN}
    ]
    found = _read(demo_book, *(name for name in shown if name != "overview.notes"))
    empty = {
        name
        for name, rows in found.items()
        if not any(isinstance(value, int | float | str) for row in rows[1:] for value in row)
    }
    # Of these nothing can be suggested: the team begins every line.
    assert empty == {name for name in found if name in tables() and not _suggests(name)}


def _suggests(block) -> bool:
    """Whether a table has lines of Refresh's own on a store with data."""
    made = plan(Review(2026, date(2026, 9, 30)), Settings(), {})
    agreed = made.targets.tables.get(block) or (made.tables[block].agreed if block in made.tables else None)
    return agreed is None or bool(agreed.used)


def test_no_chart_of_the_demonstration_store_shows_nothing(demo_book) -> None:
    names = [section.name for section in SECTIONS if section.name.endswith("chart_titles")]
    titles = [value for rows in _read(demo_book, *names).values() for row in rows for value in row]
    assert titles
    assert [text for text in titles if "暂无数据" in text] == []


WORDS, STATE = (tables()["cases.list"].at(column) for column in ("words", "state"))
STRATEGY = tables()["problems.list"].at("strategy")


def _column(rows, column):
    return [row[column] for row in rows]


@pytest.mark.parametrize("column", [2, 3, 4, 6])
def test_every_split_of_the_growth_sums_to_the_change(demo_book, column) -> None:
    rows = _read(demo_book, SPLIT.name)[SPLIT.name]
    base, now = rows[SPLIT.line("base")][column], rows[SPLIT.line("now")][column]
    assert now > base > 0
    for way, parts in SPLIT_WAYS.items():
        at = SPLIT.line(way)
        values = [value for value in _column(rows, column)[at + 1 : at + 1 + len(parts)] if value is not None]
        at += 1 + len(parts)
        assert len(values) > 3
        assert rows[at][column] == pytest.approx(math.fsum(values), rel=1e-9)
        assert rows[at][column] == pytest.approx(now - base, rel=1e-9)


def test_bids_and_mix_sum_to_the_change_of_the_cost_per_click(demo_book) -> None:
    rows = _read(demo_book, "work.cpc")["work.cpc"]
    for row in (*rows[1:4], rows[-1]):
        _, _, base, now, change, bid, mix = row
        assert change == pytest.approx(bid + mix, abs=1e-12)
        assert change == pytest.approx(now - base, rel=1e-9)
    plans = [row for row in rows[5:-1] if row[0]]
    assert len(plans) == 2
    for column in (4, 5, 6):
        assert math.fsum(_column(plans, column)) == pytest.approx(rows[-1][column], rel=1e-9)


def test_the_markets_sum_to_the_change_of_the_rate_of_all(demo_book) -> None:
    *rows, total = _read(demo_book, "evidence.markets")["evidence.markets"]
    markets = [row for row in rows[1:] if row[0]]
    assert len(markets) == 6
    asked, orders, rate, *_, before, change, own, mix = total[2:]
    assert (asked, orders) == (sum(_column(markets, 2)), sum(_column(markets, 3)))
    assert change == pytest.approx(rate - before, rel=1e-9) == pytest.approx(orders / asked - before)
    assert own + mix == pytest.approx(change, rel=1e-9)
    assert math.fsum(_column(markets, 10)) == pytest.approx(own, rel=1e-9)
    assert math.fsum(_column(markets, 11)) == pytest.approx(mix, rel=1e-9)
    for _, _, of, bought, _, low, high, *_ in markets:
        # Wilson's bounds solve (p - b)^2 = z^2 b (1 - b) / n.
        for bound in (low, high):
            assert (bought / of - bound) ** 2 == pytest.approx(
                1.959964**2 * bound * (1 - bound) / of, rel=1e-6
            )


@dataclass(frozen=True)
class Seen(Figure):
    """A figure that tells when its value is read."""

    def __getattribute__(self, name):
        if name == "value":
            READ.add(object.__getattribute__(self, "metric").partition(".")[0])
        return object.__getattribute__(self, name)


READ: set[str] = set()


def test_every_metric_is_read_by_a_block(demo_book) -> None:
    settings = Settings(gross_margin=0.3, cny_per_usd=7.1)
    with Archive.open(demo_book.with_suffix(".duckdb"), for_writing=False) as archive:
        found = review(archive, settings)
    made = plan(found, settings, {})
    planned = {figure.metric for figure in made.figures}
    assert {metric for metric, _, _ in found.figures} | planned >= set(metrics())
    told = {key: Seen(**vars(figure)) for key, figure in found.figures.items()}
    READ.clear()
    compose(replace(found, figures=told), settings, plan=made)
    # The sheets of the plan show what the plan was made of: what only answers R3 is theirs.
    reviewed = {
        key for key, each in metrics().items() if not all(one.startswith("R3") for one in each.requirements)
    }
    assert len(reviewed) > 60
    assert reviewed - READ == set()


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
