"""A block that became longer or shorter in Excel: what refers to its rows is told its new range.

Excel itself would stretch ranges if rows were inserted, but not those of a block with one row of data, and what
stands beside or below the block would be moved. So each kind is set to what the file host gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from opsbook.backends.excel_live import cell_writer, excel_errors
from opsbook.backends.ooxml.range_shifts import BlockGrowth
from opsbook.book import address
from opsbook.book.address import Place

Undo = Callable[[Callable[[], object]], None]
Stretched = Callable[[str, str], str]
_LONGEST_ADDRESS = 250  # of an address that Excel's Range takes


def stretch(book: Any, growths: Sequence[tuple[BlockGrowth, Collection[int]]], undo: Undo) -> None:
    """Let tables, formats, charts and sparklines follow blocks; their defined names are the caller's business.

    Args:
        book: Excel's Workbook.
        growths: Each block before with its rows after, and the columns of the sheet that are ours.
        undo: Takes a step that undoes the one just taken.
    """
    for growth, columns in growths:
        sheet = book.Worksheets.Item(growth.block.sheet)
        _tables(sheet, growth, undo)
        _formats(sheet, growth, undo)
        if growth.rows > growth.block.rows:
            _fill_down(sheet, growth, columns, undo)

    def stretched(formula: str, sheet: str) -> str:
        for growth, _ in growths:
            formula = growth.in_formula(formula, sheet)
        return formula

    for sheet in _items(book.Worksheets):
        for frame in _items(sheet.ChartObjects()):
            _chart(frame.Chart, stretched, undo)
        _sparklines(sheet, stretched, undo)
    for chart in _items(book.Charts):
        _chart(chart, stretched, undo)


def _items(collection: Any) -> Iterator[Any]:
    for number in range(1, int(collection.Count) + 1):
        yield collection.Item(number)


def _change(undo: Undo, call: Callable[[Any], object], old: object, new: object) -> None:
    undo(partial(call, old))  # before the step: one that fails half-way is undone too
    excel_errors.insist(partial(call, new))


def _tables(sheet: Any, growth: BlockGrowth, undo: Undo) -> None:
    for table in _items(sheet.ListObjects):
        old = address.parse(table.Range.Address)
        new = growth.moved(old, single=True) if old else None
        if old and new and new != old:
            _change(undo, table.Resize, sheet.Range(address.spell(old)), sheet.Range(address.spell(new)))


def _formats(sheet: Any, growth: BlockGrowth, undo: Undo) -> None:
    """Move the ranges of conditional formats."""
    for rule in _items(sheet.Cells.FormatConditions):
        old = str(rule.AppliesTo.Address).replace("$", "")
        new = growth.in_reference(old.replace(",", " ")).replace(" ", ",")
        if new != old and max(len(new), len(old)) <= _LONGEST_ADDRESS:
            _change(undo, rule.ModifyAppliesToRange, sheet.Range(old), sheet.Range(new))


def _fill_down(sheet: Any, growth: BlockGrowth, columns: Collection[int], undo: Undo) -> None:
    """Give rows that come the formats and validations of the last one, and none of its content."""
    last = growth.block.last_row
    for first, end in cell_writer.runs_of(sorted(columns)):
        area = Place("", last, first, growth.last_row - last + 1, end - first + 1)
        new = sheet.Range(address.spell(replace(area, row=last + 1, rows=area.rows - 1)))
        undo(new.ClearContents)
        excel_errors.insist(sheet.Range(address.spell(area)).FillDown)
        excel_errors.insist(new.ClearContents)


def _chart(chart: Any, stretched: Stretched, undo: Undo) -> None:
    for series in _items(chart.SeriesCollection()):
        try:
            old = str(series.Formula)
        except Exception as error:
            if not excel_errors.is_refusal(error):
                raise
            continue  # a kind of chart that tells no formula, such as a treemap
        new = stretched(old, "")
        if new != old:
            _change(undo, partial(setattr, series, "Formula"), old, new)


def _sparklines(sheet: Any, stretched: Stretched, undo: Undo) -> None:
    for group in _items(sheet.Cells.SparklineGroups):
        for line in _items(group):
            old = str(line.SourceData)
            new = stretched(old, str(sheet.Name))
            if new != old:
                _change(undo, line.ModifySourceData, old, new)
