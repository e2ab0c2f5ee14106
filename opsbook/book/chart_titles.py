"""Titles of charts: each is a cell that its chart covers, so that it follows the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from opsbook.book.model import Ref
from opsbook.book.section_table import SectionTable, cells
from opsbook.sheets.sheet_list import CHARTS

if TYPE_CHECKING:
    from opsbook.book.page import ReportPage


def write_titles(page: ReportPage, titles: Mapping[str, str]) -> None:
    """Write the titles of the charts of one block.

    Args:
        page: Takes the block.
        titles: By the chart's name.
    """
    block = CHARTS[next(iter(titles))]
    table = SectionTable(page.sheets, block, page.language)
    for chart, text in titles.items():
        table.put(block.line(chart), "title", text)


def title_of(chart: str) -> Ref:
    """Return the cell with the title of a chart."""
    block = CHARTS[chart]
    return cells(block, block.line(chart), "title")
