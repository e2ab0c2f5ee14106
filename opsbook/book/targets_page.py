"""The sheet of targets: what is to be reached, whether it is SMART, how far it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from opsbook.book import shared, targets_whatif, targets_year
from opsbook.book.model import Scalar
from opsbook.book.section_table import SectionTable
from opsbook.book.sheet_head import sheet_head
from opsbook.book.words import word
from opsbook.domain.language import Language
from opsbook.metrics.catalogue import metrics
from opsbook.params import Settings
from opsbook.plan.declared_targets import COUNT, LEVEL, RATE
from opsbook.plan.shared_tables import metric_of, of_year, reached, unit_of
from opsbook.plan.table_declarations import tables
from opsbook.plan.target import Target
from opsbook.plan.target_setting import LAST
from opsbook.plan.typed_numbers import typed
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import unit_text
from opsbook.sheets.targets_sheet import CHECKS

if TYPE_CHECKING:
    from opsbook.book.cells import BlockGrid
    from opsbook.book.page import ReportPage

LIST = "targets.list"


def targets(page: ReportPage, settings: Settings, *, demo: bool) -> None:
    """Write every block of the sheet."""
    sheet_head(page, "targets", settings, page.plan.year, demo=demo)
    _list(page)
    _checks(page)
    targets_whatif.whatif(page)
    targets_year.months(page)
    targets_year.track(page)
    targets_year.events(page)
    targets_year.people(page)
    _last(page)


def _last(page: ReportPage) -> None:
    """Write how last year's targets were met."""
    found, year = page.plan.targets.table(LAST), page.plan.year
    live: dict[str, dict[str, Scalar]] = {}
    for line in found.used:
        metric, target = metric_of(line.text("metric")), typed(line, "target")
        actual = of_year(page.review, metric, year - 1).value if metric and year else math.nan
        live[line.key] = {
            "unit": unit_of(metric) or None,
            "actual": actual,
            "attainment": math.nan if target is None else reached(metric, actual, target),
        }
    shared.write(page.sheets, tables()[LAST], found, page.language, live)


def _list(page: ReportPage) -> None:
    table = tables()[LIST]
    lines = {each.key: each for each in page.plan.targets.lines}
    agreed = page.plan.targets.table(LIST)
    live = {key: _live(line, page.language) for key, line in lines.items()}
    grid = shared.write(page.sheets, table, agreed, page.language, live)
    for row, settled in enumerate(agreed.lines, start=1):
        if settled.key in lines:
            _derived(page, grid, row, lines[settled.key])
            _typed_into(grid, row, lines[settled.key].way)


def _live(line: Target, language: Language) -> Mapping[str, Scalar]:
    """Return what Refresh writes on a line."""
    on = line.tracking
    return {
        "unit": unit(line, language),
        "baseline": line.base.value if line.base else None,
        "basis": _basis(line, language),
        "target": line.year.target,
        "smart": _smart(line, language),
        "actual": line.year.actual,
        "attainment": line.year.attainment,
        "pace": on.pace,
        "required": on.required,
        "landing": on.landing,
        "low": on.low,
        "high": on.high,
        "state": on.state if line.base else None,
    }


def unit(line: Target, language: Language) -> str | None:
    """Return how a target is counted, which decides how its numbers look: ``%`` for rates, a word for net numbers."""
    if not line.metric:
        return None
    if line.way == RATE:
        return "%"
    return word("net", language) if line.way == COUNT else unit_text(metrics()[line.metric].unit, language)


def _basis(line: Target, language: Language) -> str | None:
    """Return in a word how the year before was got."""
    if line.base is None:
        return None
    return word(f"base_{line.base.kind}", language)


def _smart(line: Target, language: Language) -> str | None:
    if line.base is None:
        return None
    failing = line.check.failing
    return word("smart_misses", language, letters=failing) if failing else word("smart_whole", language)


def _derived(page: ReportPage, grid: BlockGrid, row: int, line: Target) -> None:
    """Let target and attainment follow their cells, so that a typed growth shows its target at once."""
    table = tables()[LIST]
    places = {key: grid.ref(row, table.at(key)) for key in ("baseline", "change", "own", "target", "actual")}
    way = {RATE: "{0}+{1}", COUNT: "{0}+{1}", LEVEL: "ROUND({0}*(1+{1}),2)"}.get(
        line.way, "ROUND({0}*(1+{1}),0)"
    )
    refs = (places["baseline"], places["change"], places["own"])
    for column, value, candidate in (
        ("target", line.year.target, (f'IF({{2}}="",{way},{{2}})', refs)),
        ("attainment", line.year.attainment, (_attained(line), (places["actual"], places["target"]))),
    ):
        if not math.isnan(value):
            at = table.at(column)
            grid.derive(row, at, value, shared.style_of(table.columns[at]), page.sheets, candidate)


def _typed_into(grid: BlockGrid, row: int, way: str) -> None:
    """Format the cells that people type into for what they mean: a program takes 3 for 3 % where a cell shows per cent."""
    looks = {COUNT: ("change", "suggestnum.signed"), RATE: ("own", "ops_input.pct2")}
    if way in looks:
        column, look = looks[way]
        cells = grid.cells[row]
        at = tables()[LIST].at(column)
        cells[at] = replace(cells[at], style=look)


def _attained(line: Target) -> str:
    lower = bool(line.metric) and metrics()[line.metric].better == "lower"
    return "ATTAIN({0},{1},TRUE)" if lower else "ATTAIN({0},{1})"


def _checks(page: ReportPage) -> None:
    """Say on a line for each target what the check found, and how its figures were got."""
    language = page.language
    lines = [each for each in page.plan.targets.lines if each.base is not None]
    stale = {line.key for line in page.plan.targets.table(LIST).lines if "change" in line.stale}
    table = SectionTable(page.sheets, CHECKS, language, rows=max(len(lines), 1))
    for row, line in enumerate(lines, start=1):
        hint = word("stale_change", language) if line.key in stale else ""
        table.fill(
            row,
            {
                "indicator": metrics()[line.metric].title[language],
                "smart": _smart(line, language),
                "says": hint + _told(line, language),
            },
        )


def _told(line: Target, language: Language) -> str:
    """Return the sentences of the check, what growth it stands on first."""
    found = [word(each.key, language, **each.facts) for each in line.check.reasons]
    if line.base:
        found.append(word("base_told", language, basis=basis_text(line.base.basis, language)))
    if not math.isnan(line.tracking.landing):
        found.append(word("landing_told", language, basis=basis_text(line.tracking.basis, language)))
    return ("；" if language == "zh" else "; ").join(found)
