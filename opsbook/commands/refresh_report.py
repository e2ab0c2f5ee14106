"""What the command line says of a refresh: for people, and as one JSON document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opsbook.domain.issues import Issue, Severity
from opsbook.domain.language import Language, Text
from opsbook.review.indicators import CARDS

if TYPE_CHECKING:
    from opsbook.commands.refresh import RefreshResult
    from opsbook.commands.workbook_inputs import Inputs
    from opsbook.metrics.review import Review

VALUE_COLUMNS = ("metric", "period", "dimension", "value", "unit", "basis")
_SEVERITY = {
    Severity.ERROR: Text("错误", "error"),
    Severity.QUESTION: Text("待确认", "question"),
    Severity.WARNING: Text("提醒", "warning"),
    Severity.NOTE: Text("说明", "note"),
}
_NO_DATA = Text(
    "还没有任何数据：把平台导出的文件放进工作簿旁边的 exports 文件夹，或粘贴到粘贴表，再刷新。",
    "There is no data yet: put exports into the folder 'exports' beside the workbook, or paste them, and refresh.",
)
_UNITS = {"USD": "US$", "CNY": "¥"}


def worst_first(issues: tuple[Issue, ...]) -> list[Issue]:
    """Return issues, gravest first, otherwise in order."""
    order = list(_SEVERITY)
    return sorted(issues, key=lambda issue: order.index(issue.severity))


def issue_line(issue: Issue, language: Language) -> str:
    """Return an issue in one line: how grave, where, what, what to do."""
    times = f" ×{issue.times}" if issue.times > 1 else ""
    place = f"{issue.place(language)}: " if issue.place(language) else ""
    return f"[{_SEVERITY[issue.severity][language]}] {place}{issue.message(language)}{times} → {issue.todo(language)}"


def issue_document(issue: Issue) -> dict[str, Any]:
    """Return an issue for JSON."""
    return {
        **asdict(issue),
        "severity": issue.severity.value,
        "message": {"zh": issue.message("zh"), "en": issue.message("en")},
        "todo": {"zh": issue.todo("zh"), "en": issue.todo("en")},
    }


def lines(result: RefreshResult, most: int) -> Iterator[str]:
    """Yield what a person wants to know of a refresh; at most ``most`` issues."""
    language = result.language
    if result.empty:
        yield _NO_DATA[language]
    elif not result.changed:
        yield Text("没有新数据，工作簿未改动。", "Nothing new: the workbook was left as it is.")[language]
    if result.upgraded:
        yield result.upgraded[language]
    if result.receipts:
        added = sum(receipt.added for receipt in result.receipts)
        replaced = sum(receipt.replaced for receipt in result.receipts)
        yield Text(
            f"读入 {len(result.receipts)} 张表：新增 {added:,} 行，更正 {replaced:,} 行。",
            f"Took in {len(result.receipts)} tables: {added:,} rows added, {replaced:,} corrected.",
        )[language]
    if result.review:
        yield from headline(result.review, language)
    grave = [issue for issue in worst_first(result.issues) if issue.severity is not Severity.NOTE]
    for issue in grave[:most]:
        yield issue_line(issue, language)
    if len(grave) > most:
        yield Text(
            f"另有 {len(grave) - most} 条，见「数据问题」表。",
            f"{len(grave) - most} more on the sheet 'Issues'.",
        )[language]


def headline(review: Review, language: Language) -> Iterator[str]:
    """Yield the year's main figures with their growth."""
    from opsbook.metrics.catalogue import metrics

    if review.until is None:
        yield _NO_DATA[language]
        return
    until = f"{review.until:%Y-%m-%d}"
    yield Text(f"{review.year} 年（数据截至 {until}）", f"{review.year} (data to {until})")[language]
    if not any(review.get(metric, str(review.year)).defined for metric in CARDS):
        yield Text(
            f"  还没有 {review.year} 年的数据：放入当年的导出后再刷新。",
            f"  There is no data of {review.year} yet: give its exports, and refresh.",
        )[language]
    for metric in CARDS:
        figure, growth = review.get(metric, str(review.year)), review.get(f"{metric}.yoy", str(review.year))
        if figure.defined:
            points = metrics()[metric].unit == "ratio"
            change = f"  {_change(growth.value, points)}" if growth.defined else ""
            yield f"  {metrics()[metric].title[language]}: {_shown(figure.value, figure.unit)}{change}"


def _shown(value: float, unit: str) -> str:
    if unit == "ratio":
        return f"{value:.2%}"
    return f"{_UNITS.get(unit, '')}{value:,.2f}" if unit in _UNITS else f"{value:,.0f}"


def _change(value: float, points: bool) -> str:
    return f"{value * 100:+.2f} pp" if points else f"{value:+.1%}"


def told(row: dict[str, Any] | None) -> tuple[str, str]:
    """Return value and growth of a row of `headline_rows` as people read them; empty where undefined."""
    from opsbook.metrics.catalogue import metrics

    if row is None:
        return "", ""
    points = metrics()[row["metric"]].unit == "ratio"
    return (
        "" if row["value"] is None else _shown(row["value"], row["unit"]),
        "" if row["yoy"] is None else _change(row["yoy"], points),
    )


def as_document(result: RefreshResult) -> dict[str, Any]:
    """Return a refresh for JSON."""
    review = result.review
    return {
        "book": result.book,
        "archive": result.archive,
        "changed": result.changed,
        "upgraded": asdict(result.upgraded) if result.upgraded else None,
        "year": review.year if review else None,
        "as_of": review.until.isoformat() if review and review.until else None,
        "receipts": [asdict(receipt) for receipt in result.receipts],
        "issues": [issue_document(issue) for issue in result.issues],
        "headline": [_row(review.get(metric, str(review.year))) for metric in CARDS] if review else [],
    }


def headline_rows(review: Review) -> list[dict[str, Any]]:
    """Return the year's main figures as `VALUE_COLUMNS`, each with its growth as ``yoy`` and ``yoy_basis``.

    Both bases are records: the language of the table that shows them is not known here.
    """
    year = str(review.year)
    rows = []
    for metric in CARDS:
        figure, growth = review.get(metric, year), review.get(f"{metric}.yoy", year)
        changed = {"yoy": _row(growth)["value"], "yoy_basis": growth.basis}
        rows.append({**_row(figure), "basis": figure.basis, **changed})
    return rows


def values(book: Path, archive: Path | None) -> list[dict[str, Any]]:
    """Return every computed figure of a workbook, by metric, dimension and period.

    Raises:
        BookError: The workbook cannot be read.
        ArchiveError: The archive cannot be read.
    """
    from opsbook.plan.annual_plan import plan

    found, inputs = reviewed(book, archive)
    if found is None:
        return []
    planned = plan(found, inputs.settings, inputs.standing, inputs.plan_year)
    return [_row(figure) for figure in (*found, *planned.figures)]


def reviewed(book: Path, archive: Path | None, exports: Path | None = None) -> tuple[Review | None, Inputs]:
    """Return the figures of a workbook without writing it, None where nothing was taken in, and what it says.

    Args:
        book: The workbook.
        archive: Its archive; None for the one beside it.
        exports: Its folder of exports; None for the one beside it.

    Raises:
        BookError: The workbook cannot be read.
        ArchiveError: The archive cannot be read.
    """
    from opsbook.archive.archive_file import Archive
    from opsbook.backends.ooxml.file_workbook import Workbook
    from opsbook.commands import refresh
    from opsbook.commands.workbook_inputs import read_inputs
    from opsbook.metrics.compute_review import review

    archive = archive or refresh.default_archive(book)
    with (
        Workbook.open(book, for_writing=False) as workbook,
        Archive.open(archive, for_writing=False) as opened,
    ):
        inputs = read_inputs(workbook, refresh.exports_folder(book, exports))
        refresh.check_bound(workbook, opened)
        return review(opened, inputs.settings) if opened.path.exists() else None, inputs


def _row(figure: Any) -> dict[str, Any]:
    from opsbook.review.basis_text import plain

    value = figure.value if figure.defined else None
    return {
        **{name: getattr(figure, name) for name in VALUE_COLUMNS},
        "value": value,
        "basis": plain(figure.basis),
    }
