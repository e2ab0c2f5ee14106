"""The numeric columns of a table: read, in the unit of their field, possible, with an issue for every cell that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.intake import cell_currency, decimal_marks
from opsbook.intake.affixes import NO_AFFIXES, Affixes
from opsbook.intake.grid import Grid
from opsbook.intake.header_units import header_unit, unit_above
from opsbook.intake.ipc import CodedColumn
from opsbook.intake.numbers import ParsedNumbers, parse_numbers, parse_percents
from opsbook.intake.spelled import Mark
from opsbook.schemas import Field, FieldType

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opsbook.intake.table_work import TableWork

NUMERIC = (FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT)
_DAYS = (FieldType.DATE, FieldType.DATETIME, FieldType.PERIOD)
_PRICED = ("", "CNY per USD")  # numbers, not money, whose cells may have a sign of a currency
_NEAR_WHOLE = 1e-6
_GROUP = 1000


def parse_columns(work: TableWork, grid: Grid, data: range) -> None:
    """Fill the numeric columns of a table, and its column of currencies.

    Args:
        work: The table; its columns are filled and its issues are reported.
        grid: The sheet.
        data: The rows of the table, 0 being the sheet's first.
    """
    owners = [work.schema.by_name[name] for name in work.cells]
    numeric = [owner for owner in owners if owner.type in NUMERIC]
    marks = decimal_marks.decide(
        [(owner, work.cells[owner.name].values) for owner in numeric],
        [work.cells[owner.name].values for owner in owners if owner.type in _DAYS],
        grid.delimiter,
    )
    amounts: list[cell_currency.MoneyColumn] = []
    lost = False
    broken: list[tuple[Field, NDArray[np.bool_]]] = []  # counts whose fractions do not prove it by themselves
    for owner in numeric:
        column = next(column for column, each in work.header.columns.items() if each.name == owner.name)
        said = _header(work, owner, column)
        found = _parsed(work, owner, marks[owner.name], said)
        parts = _fractions(found.values) & ~(found.scaled | found.limits)
        if owner.decimals == 0 and parts.any():
            if _lost_marks(found, parts):
                lost = True
                _lose(work, owner, found.values, found.doubtful)
            else:
                broken.append((owner, parts))
        else:
            doubt = "cell.percent_or_fraction" if said.parts else "cell.thousands"
            work.report(doubt, owner.name, found.doubtful, once=True)
        work.columns[owner.name] = CodedColumn(work.cells[owner.name].codes, found.values)
        if owner.type is FieldType.MONEY:
            formats = grid.currencies.get(column, {})
            shown = {row - data.start: codes for row, codes in formats.items() if row in data}
            amounts.append(cell_currency.MoneyColumn(owner, found.codes, shown, said.codes))
    for owner, parts in broken:
        values = work.columns[owner.name].values
        if lost and _below_thousand(values):
            _lose(work, owner, values, np.zeros(len(values), dtype=np.bool_))
        else:
            work.report("cell.fraction", owner.name, parts)
    if lost:
        _doubt_others(
            work, [owner for owner in numeric if owner.decimals and owner.type is not FieldType.PERCENT]
        )
    cell_currency.settle(work, amounts)


def _header(work: TableWork, owner: Field, column: int) -> Affixes:
    """Return what a header states; a unit that is not understood makes no number certain."""
    stated = getattr(work.header, "units", {}).get(column, "")
    said = header_unit(work.header.names[column], owner.unit, stated)
    priced = owner.type is FieldType.MONEY or owner.unit in _PRICED
    if said is None or (stated and said.codes and not priced):
        header, detail = work.header.names[column], f"{stated} ≠ {owner.unit}"
        row = work.header.last + 1
        work.tally.add("column.unit", sheet=work.around.sheet, row=row, column=header, detail=detail)
        return Affixes(factor=np.nan)
    if said == NO_AFFIXES and owner.type is FieldType.MONEY:
        return unit_above((*work.around.above, *_remarks(work)), owner.unit)
    return said


def _remarks(work: TableWork) -> list[str]:
    """Return the texts of the rows that are no data: 单位：万元 may be under the header or the table as well."""
    left = np.flatnonzero(~(work.alive | work.aside))
    cells = (
        column.values[place] for column in work.cells.values() for place in set(column.codes[left].tolist())
    )
    return [cell for cell in cells if isinstance(cell, str) and cell.strip()]


def _parsed(work: TableWork, owner: Field, mark: Mark, said: Affixes) -> ParsedNumbers:
    """Return the numbers of a column in the unit of its field; report the cells that give none."""
    name, values = owner.name, work.cells[owner.name].values
    if owner.type is FieldType.PERCENT:
        found = parse_percents(values, mark, headed=bool(said.parts))
    else:
        found = parse_numbers(values, mark, owner.unit)
        if said.power or said.factor != 1:  # a cell with a scale of its own, 1.5万, means itself
            found.values[~found.scaled] *= said.factor * 10.0**said.power
    if np.isnan(said.factor):
        found.values[:] = np.nan
    if found.codes and owner.type is not FieldType.MONEY and owner.unit not in _PRICED:
        places = list(found.codes)  # $5 is not a count
        found.values[places], found.bad[places] = np.nan, True
    work.report("cell.number", name, found.bad)
    work.report("cell.rough", name, found.rough)
    _keep_possible(work, owner, found.values)
    if owner.type is FieldType.PERCENT:
        with np.errstate(invalid="ignore"):
            work.report("cell.percent", name, found.values > 1)
    return found


def _keep_possible(work: TableWork, owner: Field, values: NDArray[np.float64]) -> None:
    with np.errstate(invalid="ignore"):
        outside = (values < owner.least) | (values > owner.most)
    if outside.any():
        work.report("cell.range", owner.name, outside, detail=f"{_plain(owner.least)} ~ {_plain(owner.most)}")
        values[outside] = np.nan


def _plain(bound: float) -> str:
    return f"{bound:,.6f}".rstrip("0").rstrip(".")


def _lost_marks(found: ParsedNumbers, broken: NDArray[np.bool_]) -> bool:
    """Whether the marks between thousands were lost in a column of counts, some of them with a fraction.

    A program that took the dots of thousands for decimals leaves 12.345 as it is, 9.870 as 9.87 and 2.000 as 2: none of
    such a column can be believed.
    """
    values = found.values
    hundredths = np.abs(values * 100 - np.round(values * 100)) < _NEAR_WHOLE
    return bool(found.doubtful.any() or (_below_thousand(values) and not hundredths[broken].all()))


def _lose(work: TableWork, owner: Field, values: NDArray[np.float64], doubtful: NDArray[np.bool_]) -> None:
    """Ask about a column of counts whose marks between thousands were lost, and take its numbers out."""
    work.report("cell.lost_thousands", owner.name, _fractions(values) | doubtful, once=True)
    values[:] = np.nan


def _doubt_others(work: TableWork, owners: list[Field]) -> None:
    """Ask about the amounts of a table whose counts lost their marks: 1.234 may have been 1234 there as well."""
    for owner in owners:
        values = work.columns[owner.name].values
        broken = _fractions(values)
        if broken.any() and _below_thousand(values):
            work.report("cell.thousands", owner.name, broken, once=True)
            values[:] = np.nan


def _fractions(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.abs(values - np.round(values)) > _NEAR_WHOLE * np.maximum(1, np.abs(values))


def _below_thousand(values: NDArray[np.float64]) -> bool:
    """Whether all numbers are below 1000 and have at most three decimals."""
    known = values[~np.isnan(values)]
    return bool(
        (np.abs(known) < _GROUP).all() and (np.abs(known * 1000 - np.round(known * 1000)) < _NEAR_WHOLE).all()
    )
