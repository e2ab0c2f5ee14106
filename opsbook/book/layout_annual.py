"""Where the sheets of the annual review stand beside overview and review: part of `layout`, counted as there."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.book import layout_evidence as evidence
from opsbook.book.model import Sheet
from opsbook.book.spots import Frame, Input, Page, Spot
from opsbook.domain.language import Text
from opsbook.metrics.weekly_board import MODULES
from opsbook.plan.table_declarations import tables as shared
from opsbook.review.team import tables
from opsbook.review.work_parts import parts

if TYPE_CHECKING:
    from collections.abc import Mapping

REPORTS: tuple[Sheet, ...] = (
    Sheet("work", Text("重点工作", "Work done")),
    Sheet("problems", Text("问题分析", "Problems")),
    evidence.SHEET,
    Sheet("cases", Text("案例", "Cases")),
)
BOARDS: tuple[Sheet, ...] = (
    Sheet("weekly", Text("周看板", "Weekly board")),
    Sheet("reconciliation", Text("对账", "Reconciliation")),
)
TABLES: tuple[Sheet, ...] = (Sheet("team", Text("基础资料", "Team data")),)

_HEAD = {0: 8, 1: 32, 2: 20, 3: 8}
_GAP = 12

# Work done: indicator, year, four quarters, the year, change, notes. Two lines for an indicator, charts below a part.
_WORK = (14, 236, 56, *(84,) * 4, 92, 92, *(105,) * 4)
_WORK_CHART_ROWS = 10
EFFECTS = 3  # lines of the effect of certification
GROUPS = 6  # lines of the comparison of order values
AD_PLANS = 5  # plans whose cost per click is split
ACCOUNTS = 8  # key accounts that are shown


def _work_rows() -> dict[str, int]:
    """Return the first row of each table of the sheet, by block; of charts under ``charts.<part>``."""
    found: dict[str, int] = {}
    row = 5
    for part in parts():
        found[part.id] = row
        row += 1 + 2 * len(part.metrics) + 1
        if part.id == "infrastructure":
            found["certification"] = row + 1
            row += 1 + 1 + EFFECTS + 1
        if part.id == "traffic":
            found["cpc"] = row + 1
            row += 1 + 1 + 4 + AD_PLANS + 1 + 1
        if part.id == "customer":
            found["aov"] = row + 1
            row += 1 + 1 + GROUPS + 1
            found["key_accounts"] = row + 1
            row += 1 + 1 + ACCOUNTS + 1
        if part.charts:
            found[f"charts.{part.id}"] = row
            row += _WORK_CHART_ROWS
        row += 1
    return found


_WORK_ROWS = _work_rows()

# Team data: tables under each other, nine columns at most.
_TEAM = (14, *(128,) * 9)
_TEAM_TOP = 5


def _team_rows() -> dict[str, int]:
    """Return the row of the headers of each table by kind; a heading and an example stand above it."""
    found: dict[str, int] = {}
    row = _TEAM_TOP
    for table in tables():
        found[table.kind] = row + 2
        row += 3 + table.rows + 2
    return found


# Shared tables: a margin, the columns as they are declared, mark and key under white.
_LIST_ROW = 4
_LIST_HEIGHT = 36


def _list_widths(block: str) -> tuple[int, ...]:
    return (14, *(column.width for column in shared()[block].columns), 8, 8)


def _list_page(block: str) -> Page:
    heights = dict.fromkeys(range(_LIST_ROW + 1, _LIST_ROW + 1 + shared()[block].rows), _LIST_HEIGHT)
    return Page(_list_widths(block), _HEAD | heights, freeze=(_LIST_ROW + 1, 0), repeat=(1, _LIST_ROW))


_WEEKLY = (14, 76, 180, 92, 92, 84, 104, 84, 150, 120, 24, *(64,) * 12)
_RECONCILIATION = (14, 150, 62, 150, 92, 100, 70, 124, 92, 88, 108, 250)
MOST_RECONCILED = 160

TEAM_ROWS: Mapping[str, int] = MappingProxyType(_team_rows())

SPOTS: Mapping[str, Spot] = MappingProxyType(
    {
        "work.head": Spot("work", 1, 1),
        **{f"work.{part.id}": Spot("work", _WORK_ROWS[part.id], 1, heading=1) for part in parts()},
        "work.certification": Spot("work", _WORK_ROWS["certification"], 1, heading=1),
        "work.cpc": Spot("work", _WORK_ROWS["cpc"], 1, heading=1),
        "work.cpc_chart_titles": Spot("work", _WORK_ROWS["cpc"] + 1, 9),
        "work.cpc_chart_data": Spot("work", _WORK_ROWS["cpc"] + 2, 9),
        "work.aov": Spot("work", _WORK_ROWS["aov"], 1, heading=1),
        "work.key_accounts": Spot("work", _WORK_ROWS["key_accounts"], 1, heading=1),
        "problems.head": Spot("problems", 1, 1),
        "problems.list": Spot("problems", _LIST_ROW, 1),
        **evidence.SPOTS,
        "cases.head": Spot("cases", 1, 1),
        "cases.list": Spot("cases", _LIST_ROW, 1),
        "weekly.head": Spot("weekly", 1, 1),
        "weekly.board": Spot("weekly", 4, 1),
        "reconciliation.head": Spot("reconciliation", 1, 1),
        "reconciliation.lines": Spot("reconciliation", 4, 1, rows=MOST_RECONCILED + 1),
        **{
            f"work.{part.id}_chart_titles": Spot("work", _WORK_ROWS[f"charts.{part.id}"] + 1, 1)
            for part in parts()
            if part.charts
        },
    }
)

INPUTS: tuple[Input, ...] = (
    *(
        Input(f"team.{table.kind}", "team", TEAM_ROWS[table.kind] + 1, 1, table.rows, len(table.fields))
        for table in tables()
    ),
)


@cache
def pages() -> Mapping[str, Page]:
    """Return the look of these sheets by id."""
    work_heights = _HEAD | {row - 1: 28 for name, row in _WORK_ROWS.items() if "." not in name}
    team_heights = _HEAD | {row - 2: 28 for row in TEAM_ROWS.values()}
    starts = [_WORK_ROWS[part.id] - 1 for part in parts()]
    return {
        "work": Page(_WORK, work_heights, freeze=(3, 0), repeat=(1, 2), breaks=tuple(starts[1:])),
        "problems": _list_page("problems.list"),
        "evidence": evidence.page(),
        "cases": _list_page("cases.list"),
        "weekly": Page(
            _WEEKLY,
            _HEAD | dict.fromkeys(range(5, 5 + 32), 26),
            freeze=(5, 0),
            printed=(5 + sum(len(listed) for listed in MODULES.values()), 9),
        ),
        "reconciliation": Page(_RECONCILIATION, _HEAD | {4: 20}, height=30, freeze=(5, 0), repeat=(4, 4)),
        "team": Page(
            _TEAM,
            team_heights,
            height=22,
            freeze=(4, 0),
            tab="input",
            breaks=tuple(row - 2 for row in list(TEAM_ROWS.values())[1:]),
        ),
    }


@cache
def frames() -> Mapping[str, Frame]:
    """Return where the charts of these sheets stand, by the chart's name."""
    found = evidence.frames()
    width = (sum(_WORK[1:]) - 2 * _GAP) // 3
    height = _WORK_CHART_ROWS * pages()["work"].height - _GAP
    for part in parts():
        for place, metric in enumerate(part.charts):
            row = _WORK_ROWS[f"charts.{part.id}"]
            found[f"work_{metric}"] = Frame("work", row, 1, place * (width + _GAP), 0, width, height)
    # The cost per click: to the right of its table, as high as that.
    right, down = sum(_WORK[9:]), (1 + 4 + AD_PLANS + 1) * pages()["work"].height
    found["work_cpc"] = Frame("work", _WORK_ROWS["cpc"], 9, 0, 0, right - _GAP, down)
    row = _WORK_ROWS["charts.customer"]
    place = len(next(part for part in parts() if part.id == "customer").charts)
    found["work_aov"] = Frame("work", row, 1, place * (width + _GAP), 0, width, height)
    return found
