"""Targets over the year: months that people may fix, what was reached beside them, events, and who takes which part."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING

from opsbook.book import shared
from opsbook.book.formats import BIG, number_of
from opsbook.book.layout_targets import CHART_LINES, CHARTED
from opsbook.book.model import Chart, Ref, Role, Series
from opsbook.book.words import months as month_names
from opsbook.book.words import word
from opsbook.functions.targets import attainment
from opsbook.metrics.catalogue import metrics
from opsbook.plan.table_declarations import tables
from opsbook.plan.target_setting import OF
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opsbook.book.cells import Candidate
    from opsbook.book.model import Scalar
    from opsbook.book.page import Page
    from opsbook.domain.language import Language
    from opsbook.plan.target import Target

MONTHS, TRACK, EVENTS, PEOPLE, TITLES = (
    f"targets.{block}" for block in ("months", "track", "events", "people", "chart_titles")
)
FIRST = 1  # column of January, and of the first quarter's month
# Rows of the figures under the charts, for each metric in this order.
NAME, TARGET, ACTUAL, PRIOR, COMING, TARGET_SUM, ACTUAL_SUM, REACHED = range(CHART_LINES)
_LINES = (
    "line_target",
    "line_actual",
    "line_prior",
    "line_coming",
    "line_target_sum",
    "line_actual_sum",
    "line_reached",
)


def months(page: Page) -> None:
    """Write the targets by month; quarters and year are sums of the cells."""
    table = tables()[MONTHS]
    lines = {f"{OF}{each.key}": each for each in page.plan.targets.lines}
    live = {
        key: {"metric": metrics()[line.metric].title[page.language], "note": _split_note(line, page.language)}
        for key, line in lines.items()
        if line.metric
    }
    gone = {
        line.key: {"note": word("months_gone", page.language)}
        for line in page.plan.targets.table(MONTHS).used
        if line.key not in live
    }
    grid = shared.write(page.sheets, table, page.plan.targets.table(MONTHS), page.language, {**live, **gone})
    for row, settled in enumerate(page.plan.targets.table(MONTHS).lines, start=1):
        line = lines.get(settled.key)
        if line is None:
            continue
        sums = [(f"q{at + 1}", f"m{3 * at + 1}", 3) for at in range(4)] + [("year", "m1", 12)]
        for column, first, count in sums:
            ref = grid.ref(row, table.at(first), 1, count)
            value = math.fsum(page.sheets.numbers(ref))
            if not math.isnan(value):
                at = table.at(column)
                look = shared.style_of(table.columns[at])
                grid.derive(row, at, value, look, page.sheets, ("SUM({0})", (ref,)))


def _split_note(line: Target, language: Language) -> str:
    if line.split.missing:
        key = "locked_over" if line.split.missing < 0 else "locked_under"
        return word(key, language, missing=abs(line.split.missing))
    return basis_text(line.season.basis, language) if line.base else ""


def track(page: Page) -> None:
    """Write what the charts show: target, reached, last year, forecast; running sums and how far they are."""
    language = page.language
    grid = page.sheets.grid(TRACK, 1 + len(CHARTED) * CHART_LINES, FIRST + 12)
    grid.put(0, 0, word("indicator", language), "head")
    for at, name in enumerate(month_names(language)):
        grid.put(0, FIRST + at, name, "headnum")
    titles = page.sheets.grid(TITLES, 2 * len(CHARTED), 1)
    for order, metric in enumerate(CHARTED):
        line = page.plan.targets.of(metric)
        _figures(page, 1 + order * CHART_LINES, line)
        text = label(metrics()[metric], language)
        for at, key in enumerate(("chart_target", "chart_target_sum")):
            suffix = "" if page.plan.year else "_empty"
            title = word(f"{key}{suffix}", language, label=text, year=page.plan.year)
            titles.put(2 * order + at, 0, title, "under")


def _figures(page: Page, row: int, line: Target) -> None:
    language, grid = page.language, page.sheets.grids[TRACK]
    number = number_of(metrics()[line.metric])
    targets = [each.target for each in line.months]
    reached = [each.actual for each in line.months]
    rows: dict[int, Sequence[float]] = {
        TARGET: targets,
        ACTUAL: reached,
        PRIOR: line.prior,
        COMING: line.coming,
        TARGET_SUM: list(accumulate(targets)),
        ACTUAL_SUM: list(accumulate(reached)),
    }
    grid.put(row, 0, metrics()[line.metric].title[language], "name")
    year = page.plan.year
    for at, key in enumerate(_LINES, start=1):
        text = word(key, language, year=year, before=year - 1) if year else word(f"{key}_empty", language)
        grid.put(row + at, 0, text, "text")
    for month in range(12):
        grid.put(row, FIRST + month, None, "name")
    for month in range(12):
        column = FIRST + month
        for at, values in rows.items():
            look = f"{'prior' if at in (PRIOR, COMING) else 'value'}.{number}"
            of = {TARGET_SUM: TARGET, ACTUAL_SUM: ACTUAL}.get(at)
            ways = () if of is None else (("SUM({0})", (grid.ref(row + of, FIRST, 1, month + 1),)),)
            _cell(page, (row + at, column), values[month], look, ways)
        refs = (grid.ref(row + ACTUAL_SUM, column), grid.ref(row + TARGET_SUM, column))
        one, other = rows[ACTUAL_SUM][month], rows[TARGET_SUM][month]
        part = float(attainment(one, other))
        _cell(page, (row + REACHED, column), part, "strong.pct1", (("ATTAIN({0},{1})", refs),))


def _cell(page: Page, at: tuple[int, int], value: float, look: str, ways: tuple[Candidate, ...]) -> None:
    """Write a figure; a month without one is blank, so that lines of a chart end there in every program."""
    grid = page.sheets.grids[TRACK]
    if math.isnan(value):
        grid.put(*at, None, look)
    else:
        grid.derive(*at, value, look, page.sheets, *ways)


def charts(language: Language) -> tuple[Chart, ...]:
    """Return the charts: months as columns, running sums as lines."""
    found = []
    names = Ref(TRACK, 0, FIRST, 1, 12)
    forms = (
        (
            "",
            "column",
            ((PRIOR, Role.PRIOR), (TARGET, Role.TARGET), (ACTUAL, Role.ACTUAL), (COMING, Role.FORECAST)),
        ),
        ("_sum", "line", ((TARGET_SUM, Role.TARGET), (ACTUAL_SUM, Role.ACTUAL))),
    )
    for order, metric in enumerate(CHARTED):
        for at, (suffix, form, shown) in enumerate(forms):
            series = tuple(
                Series(Ref(TRACK, row, 0), names, Ref(TRACK, row, FIRST, 1, 12), role)
                for row, role in ((1 + order * CHART_LINES + line, role) for line, role in shown)
            )
            title = Ref(TITLES, 2 * order + at, 0)
            found.append(Chart(f"targets_{metric}{suffix}", "targets", form, title, series, BIG[language]))
    return tuple(found)


def events(page: Page) -> None:
    """Write the events of the year, where people say what is to be more than usual."""
    shared.write(page.sheets, tables()[EVENTS], page.plan.targets.table(EVENTS), page.language, {})


def people(page: Page) -> None:
    """Write what each person takes of the targets."""
    table = tables()[PEOPLE]
    found = page.plan.targets
    live: dict[str, dict[str, Scalar]] = {
        key: {
            **{f"q{at + 1}": quarter for at, quarter in enumerate(quarters)},
            "year": math.fsum(quarters),
            "note": None,
        }
        for key, quarters in found.people.items()
    }
    agreed = page.plan.targets.table(PEOPLE)
    for line in agreed.used:
        if (text := _share_note(page, line.key, line.text("metric"))) is not None:
            live.setdefault(line.key, {})["note"] = text
    grid = shared.write(page.sheets, table, agreed, page.language, live)
    for row, line in enumerate(agreed.lines, start=1):
        if line.key in found.people:
            at, ref = table.at("year"), grid.ref(row, table.at("q1"), 1, 4)
            look = shared.style_of(table.columns[at])
            value = math.fsum(found.people[line.key])
            grid.derive(row, at, value, look, page.sheets, ("SUM({0})", (ref,)))


def _share_note(page: Page, key: str, title: str) -> str | None:
    """Return what is wrong with a person's line, or None."""
    found = page.plan.targets
    if key not in found.people:
        return word("share_none", page.language)
    metric = next(each.id for each in metrics().values() if title in (each.title.zh, each.title.en))
    total = found.shares[metric]
    return None if math.isclose(total, 1.0) else word("share_total", page.language, total=total)
