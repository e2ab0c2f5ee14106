"""Parts that several sheets have: the head, tables that people and Refresh write together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsbook.domain.language import Text
from opsbook.sheets.sheet_parts import CHART_TITLES, MARGIN, UNTITLED, SheetColumn, SheetHead, SheetSection

if TYPE_CHECKING:
    from opsbook.plan.table_declarations import SharedTable

INDICATOR = Text("指标", "Indicator")
YEAR = Text("年份", "Year")
WHOLE_YEAR = Text("全年", "Year")
YOY = Text("同比", "YoY")
POP = Text("环比", "PoP")
NOTE = Text("说明", "Notes")
QUARTERS = tuple(Text(f"Q{number}", f"Q{number}") for number in range(1, 5))
MONTHS = tuple(
    Text(f"{number}月", name)
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
)
HIDDEN = (8, 8)  # pixels of the two columns that hold mark and key of a shared table

REPORT_WIDTHS = (MARGIN, 236, 56, *(84,) * 4, 92, 92, *(105,) * 4)
"""Columns of a sheet whose main tables are those of `indicators`."""


def note(tail: int, look: str = "quietnote") -> SheetColumn:
    """Return the column of notes, which run on over some columns to the right.

    Args:
        tail: How many columns.
        look: Style of the notes.
    """
    return SheetColumn("note", NOTE, look, 1 + tail)


def indicators(
    title: Text, name: str, requirements: tuple[str, ...], metrics: tuple[str, ...]
) -> SheetSection:
    """Return a table of indicators by quarter: a line for this year with its change, a line for last year.

    Args:
        title: Above it.
        name: Of the block.
        requirements: IDs that it answers.
        metrics: From the top.
    """
    return SheetSection(
        title,
        name,
        requirements,
        columns=(
            SheetColumn("indicator", INDICATOR, "nameline", below=("text",)),
            SheetColumn("year", YEAR, "quietline", below=("quiet",)),
            *(
                SheetColumn(f"q{number}", text, "valueline.{number}", below=("prior.{number}",))
                for number, text in enumerate(QUARTERS, start=1)
            ),
            SheetColumn("whole", WHOLE_YEAR, "strongline.{number}", below=("prior.{number}",)),
            SheetColumn("yoy", YOY, "growthline.{growth}", below=("value",)),
            SheetColumn("note", NOTE, "quietline.indent", below=("quietnote",)),
            *(SheetColumn(f"tail{number}", None, "blank", below=("quiet",)) for number in range(3)),
        ),
        look="blank",
        lines=tuple(line for metric in metrics for line in (metric, f"{metric} last year")),
        page_break=True,
    )


def head(
    sheet: str,
    title: Text,
    width: int,
    *requirements: str,
    dated: Text = UNTITLED,
    empty: Text = UNTITLED,
    note: Text = UNTITLED,
) -> SheetHead:
    """Return the block with title and note of a sheet.

    Args:
        sheet: Id.
        title: In the list of sections.
        width: Columns; the last one holds the mark of demonstration data.
        requirements: IDs that it answers.
        dated: As of `SheetHead`.
        empty: As of `SheetHead`.
        note: As of `SheetHead`.
    """
    columns = (SheetColumn("title", look="blank", span=width - 1), SheetColumn("mark", look="demoplain"))
    return SheetHead(
        title,
        f"{sheet}.head",
        requirements,
        2,
        columns,
        look="blank",
        headed=False,
        show_title=False,
        dated=dated,
        empty=empty,
        note=note,
    )


def chart_titles(
    name: str, charts: tuple[str, ...], title: Text = CHART_TITLES, requirements: tuple[str, ...] = ()
) -> SheetSection:
    """Return the block with the titles of charts, which lies under them.

    Args:
        name: Of the block.
        charts: Names of the charts.
        title: Above the charts; the usual one is not shown.
        requirements: IDs that the charts answer.
    """
    return SheetSection(
        title,
        name,
        requirements,
        columns=(SheetColumn("title", None, "under"),),
        look="under",
        lines=charts,
        titles=True,
        headed=False,
        show_title=title != CHART_TITLES,
    )


def shared(
    table: SharedTable,
    title: Text,
    requirements: tuple[str, ...],
    *,
    show_title: bool = True,
    head_height: int | None = None,
    row_height: int | None = None,
    page_break: bool = False,
) -> SheetSection:
    """Return the section of a table that people and Refresh write together.

    Args:
        table: Its columns and lines, of `opsbook.plan.tables`.
        title: Above it.
        requirements: IDs that it answers.
        show_title: As of `SheetSection`.
        head_height: As of `SheetSection`.
        row_height: As of `SheetSection`.
        page_break: As of `SheetSection`.
    """
    return SheetSection(
        title,
        table.block,
        requirements,
        1 + table.rows,
        show_title=show_title,
        head_height=head_height,
        row_height=row_height,
        page_break=page_break,
    )


def joined_spans(columns: tuple[SheetColumn, ...], rows: int) -> tuple[tuple[int, int, int], ...]:
    """Return the cells to join, so that each column is as wide as the columns of the sheet it takes.

    Args:
        columns: Of a section.
        rows: Of the same.
    """
    found, at = [], 0
    for column in columns:
        if column.span > 1:
            found.append((at, column.span))
        at += column.span
    return tuple((row, first, span) for row in range(rows) for first, span in found)


def widths(table: SharedTable) -> tuple[int, ...]:
    """Return the column widths of a sheet that follows the columns of a shared table."""
    return (MARGIN, *(column.width for column in table.columns), *HIDDEN)
