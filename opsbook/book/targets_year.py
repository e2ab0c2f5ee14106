"""Targets over the year: months that people may fix, what was reached beside them, events, and who takes which part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from opsbook.book import shared
from opsbook.book.chart_titles import title_of, write_titles
from opsbook.book.formats import BIG, number_of
from opsbook.book.model import Chart, Scalar, Series, SeriesRole
from opsbook.book.section_table import SectionTable, cells
from opsbook.book.words import word
from opsbook.domain.language import Language
from opsbook.functions.targets import attainment
from opsbook.metrics.catalogue import metrics
from opsbook.plan.table_declarations import tables
from opsbook.plan.target import Target
from opsbook.plan.target_setting import OF
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import label
from opsbook.sheets.targets_sheet import CHARTED, TRACK, TRACK_LINES

if TYPE_CHECKING:
    from opsbook.book.cells import Candidate
    from opsbook.book.page import ReportPage

MONTHS, EVENTS, PEOPLE = (f"targets.{block}" for block in ("months", "events", "people"))

_QUIET = ("prior", "coming")  # lines in grey
_SUMS = {"target_sum": "target", "actual_sum": "actual"}


def months(page: ReportPage) -> None:
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


def track(page: ReportPage) -> None:
    """Write what the charts show: target, reached, last year, forecast; running sums and how far they are."""
    language = page.language
    table = SectionTable(page.sheets, TRACK, language)
    titles = {}
    for metric in CHARTED:
        line = page.plan.targets.of(metric)
        _figures(page, table, line)
        text = label(metrics()[metric], language)
        for kind in ("", "_sum"):
            suffix = "" if page.plan.year else "_empty"
            title = word(f"chart_target{kind}{suffix}", language, label=text, year=page.plan.year)
            titles[f"targets_{metric}{kind}"] = title
    write_titles(page, titles)


def _figures(page: ReportPage, table: SectionTable, line: Target) -> None:
    """Write the lines of a metric; a month without a figure is blank, so that lines of a chart end there."""
    language, metric = page.language, line.metric
    number, year = number_of(metrics()[metric]), page.plan.year
    targets = [each.target for each in line.months]
    reached = [each.actual for each in line.months]
    rows: dict[str, Sequence[float]] = {
        "target": targets,
        "actual": reached,
        "prior": line.prior,
        "coming": line.coming,
        "target_sum": list(accumulate(targets)),
        "actual_sum": list(accumulate(reached)),
    }
    rows["reached"] = [
        float(attainment(*pair)) for pair in zip(rows["actual_sum"], rows["target_sum"], strict=True)
    ]
    at = {key: TRACK.line(f"{metric} {key}") for key in TRACK_LINES}
    table.put(TRACK.line(metric), "line", metrics()[metric].title[language], "name")
    for month in range(1, 13):
        table.put(TRACK.line(metric), f"m{month}", None, "name")
    for key, values in rows.items():
        name = f"line_{key}" if year else f"line_{key}_empty"
        table.put(at[key], "line", word(name, language, year=year, before=year - 1))
        look = "strong.pct1" if key == "reached" else f"{'prior' if key in _QUIET else 'value'}.{number}"
        for month, value in enumerate(values, start=1):
            table.derive(at[key], f"m{month}", value, _way(table, at, key, month), look=look)


def _way(table: SectionTable, at: dict[str, int], key: str, month: int) -> Candidate | None:
    """Return how a month of a line follows from other lines."""
    if key in _SUMS:
        return "SUM({0})", (table.ref(at[_SUMS[key]], "m1", 1, month),)
    if key == "reached":
        return "ATTAIN({0},{1})", tuple(table.ref(at[of], f"m{month}") for of in ("actual_sum", "target_sum"))
    return None


def charts(language: Language) -> tuple[Chart, ...]:
    """Return the charts: months as columns, running sums as lines."""
    found = []
    names = cells(TRACK, 0, "m1", columns=12)
    forms = (
        (
            "",
            "column",
            {
                "prior": SeriesRole.PRIOR,
                "target": SeriesRole.TARGET,
                "actual": SeriesRole.ACTUAL,
                "coming": SeriesRole.FORECAST,
            },
        ),
        ("_sum", "line", {"target_sum": SeriesRole.TARGET, "actual_sum": SeriesRole.ACTUAL}),
    )
    for metric in CHARTED:
        for suffix, form, shown in forms:
            rows = [(TRACK.line(f"{metric} {line}"), role) for line, role in shown.items()]
            series = tuple(
                Series(cells(TRACK, row, "line"), names, cells(TRACK, row, "m1", columns=12), role)
                for row, role in rows
            )
            name = f"targets_{metric}{suffix}"
            found.append(Chart(name, "targets", form, title_of(name), series, BIG[language]))
    return tuple(found)


def events(page: ReportPage) -> None:
    """Write the events of the year, where people say what is to be more than usual."""
    shared.write(page.sheets, tables()[EVENTS], page.plan.targets.table(EVENTS), page.language, {})


def people(page: ReportPage) -> None:
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


def _share_note(page: ReportPage, key: str, title: str) -> str | None:
    """Return what is wrong with a person's line, or None."""
    found = page.plan.targets
    if key not in found.people:
        return word("share_none", page.language)
    metric = next(each.id for each in metrics().values() if title in (each.title.zh, each.title.en))
    total = found.shares[metric]
    return None if math.isclose(total, 1.0) else word("share_total", page.language, total=total)
