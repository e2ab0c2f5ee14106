"""How sure the headline figures are, on the review sheet: intervals, verdicts, and what charts show in grey or hollow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book.formats import growth_of, number_of
from opsbook.book.model import Ref
from opsbook.book.section_table import SectionTable, cells
from opsbook.book.words import verdict as judgement
from opsbook.book.words import word
from opsbook.domain.verdict import Verdict
from opsbook.metrics.catalogue import Metric, metrics
from opsbook.review.indicators import label
from opsbook.sheets.review_sheet import JUDGED, MONTHS, MONTHS_DATA, PROOF, SUMS_OF_ORDERS, UNJUDGED_DATA

if TYPE_CHECKING:
    from opsbook.book.page import ReportPage

UNPROVEN, UNJUDGED = cells(MONTHS_DATA, 0, "name"), cells(UNJUDGED_DATA, 0, "name")
"""Names of the grey and of the hollow series."""
_WORDS = {Verdict.UP: "up", Verdict.DOWN: "down", Verdict.TOO_FEW: "few", Verdict.UNJUDGED: "unjudged"}


def proof(metric: str) -> tuple[Ref, Ref]:
    """Return the twelve months whose change on last year is proven, and all others."""
    proven, others = (MONTHS_DATA.line(f"{metric}{line}") for line in ("", " others"))
    return cells(MONTHS_DATA, proven, "m1", columns=12), cells(MONTHS_DATA, others, "m1", columns=12)


def hollow(metric: str) -> Ref:
    """Return those of the others that cannot be judged: without a base, or without a sample."""
    return cells(UNJUDGED_DATA, UNJUDGED_DATA.line(metric), "m1", columns=12)


def months(page: ReportPage) -> None:
    """Write for each indicator the months whose change on last year is proven, the others, and those not judged.

    Workbooks of older versions have no place for the last of these; there they are grey like the others.
    """
    names = {"name": word("unproven", page.language)}
    drawn = SectionTable(page.sheets, MONTHS_DATA, page.language, headings=names)
    names = {"name": word("unjudged", page.language)}
    others = SectionTable(page.sheets, UNJUDGED_DATA, page.language, headings=names, optional=True)
    for key in JUDGED:
        lines = (
            (drawn, MONTHS_DATA.line(key), (Verdict.UP, Verdict.DOWN)),
            (drawn, MONTHS_DATA.line(f"{key} others"), (Verdict.TOO_FEW, Verdict.UNJUDGED)),
            (others, UNJUDGED_DATA.line(key), (Verdict.UNJUDGED,)),
        )
        for month in range(1, 13):
            said = page.review.verdict(key, f"{page.this}-{month:02d}")
            source = cells(MONTHS, MONTHS.line(key), f"m{month}")
            for table, row, shown in lines:
                value = page.sheets.numbers(source)[0] if said in shown else math.nan
                table.derive(row, f"m{month}", value, ("{0}", (source,)))


def table(page: ReportPage) -> None:
    """Write value, interval, change and verdict of the year and of the latest quarter."""
    language = page.language
    quarter = _latest_quarter(page)
    groups = {
        "year value": page.years[0],
        "quarter value": word("quarter", language, number=quarter)
        if quarter
        else word("latest_quarter", language),
    }
    periods = {"year": page.this, "quarter": f"{page.this}-Q{quarter}" if quarter else ""}
    found = SectionTable(page.sheets, PROOF, language, groups=groups)
    for row, key in enumerate(PROOF.lines, start=1):
        metric = metrics()[key]
        found.format(row, number=number_of(metric), growth=growth_of(metric))
        found.put(row, "indicator", label(metric, language))
        for of, period in periods.items():
            _judged(page, found, row, (metric, period, of))
        found.put(row, "note", _basis(page, key))


def _latest_quarter(page: ReportPage) -> int:
    return next(
        (
            number
            for number in range(4, 0, -1)
            if page.begun(number, of_quarter=True)
            and any(page.review.get(key, f"{page.this}-Q{number}").defined for key in JUDGED)
        ),
        0,
    )


def _judged(page: ReportPage, table: SectionTable, row: int, told: tuple[Metric, str, str]) -> None:
    metric, period, of = told
    for column, suffix in (("value", ""), ("low", ".low"), ("high", ".high"), ("yoy", ".yoy")):
        found = page.review.get(f"{metric.id}{suffix}", period).value if period else None
        if suffix in (".low", ".high") and metric.id in SUMS_OF_ORDERS:
            found = None  # no interval is told of them, only a verdict
        table.put(row, f"{of} {column}", found)
    growth = page.review.get(f"{metric.id}.yoy", period)
    said = _WORDS[page.review.verdict(metric.id, period)]
    table.put(row, f"{of} said", judgement(said, page.language) if growth.defined else None)


def _basis(page: ReportPage, key: str) -> str | None:
    low = page.review.get(f"{key}.low", page.this)
    said = page.review.get(f"{key}.yoy.verdict", page.this)
    return page.note([low if said.defined and low.defined else said])
