"""Every declared case, from the files that people have to the figures; README.md beside this says how they are declared."""

import math

import duckdb
import pytest
from cases.declared import cases
from cases.desk import Desk

from opsbook.commands.check import check
from opsbook.commands.refresh_report import issue_line, values
from opsbook.domain.issues import Severity
from opsbook.review.basis_text import plain

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
BUYERS = ("Anna", "Berg", "Dahl", "Eklund")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case, book, request):
    request.getfixturevalue("read_here" if case.pages else "no_pages")
    desk, review = Desk(book), None
    for step in case.step:
        result = desk.do(step)
        review = result.review or review
    assert desk.refreshed().changed is False, "a refresh with nothing new changed something"
    archive = book.with_suffix(".duckdb")
    faults = [
        *wrong_figures(case, review, planned(book) if case.plan else {}),
        *wrong_rows(case.rows, archive),
        *wrong_issues(case, result.issues),
        *(f"a buyer is named: {line}" for line in lines(result.issues) if any(map(line.count, BUYERS))),
    ]
    assert not faults, "\n".join([case.name, f"  why: {case.why}", *(f"  {fault}" for fault in faults)])


CHECKED = (
    "statuses: unknown-words", "currencies: no-rate", "currencies: the-sign-contradicts-the-header", "dates: day-or-month-first",
    "numbers: a-negative-count", "periods: second-download", "kept_tables: two-stores-in-one-folder", "totals: all-plans-beside-the-plans",
    "clean: quoted-commas",
)  # fmt: skip


@pytest.mark.parametrize(
    "case", [case for case in cases() if case.name in CHECKED], ids=lambda case: case.name
)
def test_check_says_what_a_refresh_would_say_and_writes_nothing(case, book, no_pages):
    desk = Desk(book)
    for name, content in case.step[0].items():
        desk.put(name, content)
    checked = check([desk.exports, book])
    assert not book.with_suffix(".duckdb").exists()
    result = desk.refreshed()
    assert grave(checked.issues) == grave(result.issues)
    taken = sorted((receipt.kind, receipt.rows_in) for receipt in result.receipts)
    if case.issues.keys().isdisjoint({"table.two_stores"}):
        assert sorted((table["kind"], table["rows_in"]) for table in checked.tables) == taken


def grave(issues):
    """Return what is no note, as people read it."""
    return sorted(issue_line(issue, "en") for issue in issues if issue.severity is not Severity.NOTE)


def planned(book):
    """Return the figures of review and plan as `opsbook values` gives them."""
    return {(row["metric"], row["period"], row["dimension"]): row["value"] for row in values(book, None)}


def wrong_figures(case, review, plan):
    """Yield a sentence for each figure that is not the expected one; 'empty' is expected of undefined ones."""
    for key, value in case.figures.items():
        metric, period, *dimension = key.split(" ", 2)
        figure = review.get(metric, period, *dimension)
        came = plan.get((metric, period, *(dimension or [""])), figure.value if figure.defined else "empty")
        came = review.year if key == "year under review" else came
        if came != value and not (
            "empty" not in (came, value) and math.isclose(came, value, rel_tol=1e-6, abs_tol=1e-9)
        ):
            yield f"{key}: expected {value}, came {came} ({plain(figure.basis)})"
    for key, words in case.bases.items():
        if words not in (basis := plain(review.get(*key.split(" ", 2)).basis)):
            yield f"{key}: expected {words!r} in its basis, came {basis!r}"
    for figure in review:
        if not figure.defined and not figure.basis:
            yield f"{figure.metric} {figure.period} {figure.dimension}: empty, and nothing says why"


def wrong_rows(expected, archive):
    with duckdb.connect(str(archive), read_only=True) as opened:
        for key, value in expected.items():
            kind, _, period = key.partition(" ")
            rows = opened.sql(f"SELECT _start || '~' || _end, count(*) FROM {kind} GROUP BY 1").fetchall()
            came = sum(count for span, count in rows if not period or span == period)
            if came != value:
                yield f"{key}: expected {value} rows, came {came} of {dict(rows)}"


def wrong_issues(case, issues):
    """Yield a sentence for each issue that is missing, does not say what it must, or should not have come."""
    grave = {issue.code for issue in issues if issue.severity is not Severity.NOTE}
    for code in sorted(grave - set(case.issues)):
        yield f"not expected: {' | '.join(lines([each for each in issues if each.code == code]))}"
    for code, words in {**case.issues, **case.notes}.items():
        said = " ".join(lines([issue for issue in issues if issue.code == code]))
        if not said:
            yield f"expected an issue {code}; came {sorted({issue.code for issue in issues})}"
        yield from (f"{code} does not say {word!r}: {said}" for word in words if said and word not in said)


def lines(issues):
    return [issue_line(issue, language) for issue in issues for language in ("en", "zh")]
