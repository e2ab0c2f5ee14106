"""Money carries its currency: from the cell's own sign, the currency column, the header. Where they disagree, none counts.

A field with a unit of its own (``cost_cny``) only takes amounts in it. The amounts of an order are in the currency of
their row, which the column ``currency`` holds as an ISO code; where a file has signs in its cells only, the column is
made from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.intake.grid import distinct
from opsbook.intake.ipc import CodedColumn
from opsbook.params.currency import currency_code, currency_codes
from opsbook.schemas import Field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opsbook.intake.table_work import TableWork

Codes = tuple[str, ...]
_ROW = "order currency"
_COLUMN = "currency"
_PRICE = "unit_price"
_USUAL = "USD"  # of amounts that say nothing
_GOODS = ("product_amount_usd", "product_amount_cny")  # the goods of a line, in one column for each currency
_SILENT, _CONFLICT = 0, 1  # the first two places of what is said


@dataclass(frozen=True)
class MoneyColumn:
    """A column of money.

    Attributes:
        owner: Its field.
        cells: Currencies that the sign or word of a cell may mean, by the place of its distinct value.
        shown: Currencies that a cell shows by its format, by row.
        header: Currencies that the header may mean.
    """

    owner: Field
    cells: Mapping[int, Codes]
    shown: Mapping[int, Codes]
    header: Codes


def settle(work: TableWork, amounts: Sequence[MoneyColumn]) -> None:
    """Blank the amounts whose currency is not clear, with an issue, and fill the table's column of currencies.

    Args:
        work: The table with its columns of numbers.
        amounts: Its columns of money.
    """
    for column in amounts:
        if column.owner.unit != _ROW:
            _fixed(work, column)
    own = _same_header(work, [column for column in amounts if column.owner.unit == _ROW])
    own = _without_price(work, own)
    if _COLUMN not in work.schema.by_name:
        return
    words = work.columns.get(_COLUMN)
    if words is not None:
        work.columns[_COLUMN] = words = CodedColumn(words.codes, _as_codes(words.values))
    if words is not None:
        _goods(work, amounts, words)
    if any(column.cells or column.shown or column.header for column in own):
        codes, found = distinct(_Rows(work, own, words).settle())
        values = np.empty(len(found), dtype=np.object_)
        values[:] = found
        work.columns[_COLUMN] = CodedColumn(codes, values)


def _without_price(work: TableWork, own: list[MoneyColumn]) -> list[MoneyColumn]:
    """Return the columns without the unit price where only its cells show a currency, and amounts stand beside it.

    The amounts are what is added up; that they are in the price's currency is likely, but nothing in them says so.
    """
    price = next((column for column in own if column.owner.name == _PRICE), None)
    others = [column for column in own if column is not price]
    if price is None or not others or _COLUMN in work.columns:
        return own
    if price.header or any(column.cells or column.shown or column.header for column in others):
        return own
    shown = {*price.cells.values(), *price.shown.values()}
    if all(_USUAL in codes for codes in shown):
        return own
    found = ", ".join(sorted({codes[0] for codes in shown}))
    work.tally.add(
        "column.price_currency",
        sheet=work.around.sheet,
        row=work.first_row,
        column=work.name_of(price.owner.name),
        detail=f"{found} ≠ {', '.join(work.name_of(column.owner.name) for column in others)}",
    )
    return others


def _fixed(work: TableWork, column: MoneyColumn) -> None:
    """Blank the amounts of a field with its own unit that are in another currency."""
    name, unit = column.owner.name, column.owner.unit
    if column.header and unit not in column.header:
        _drop(work, column, f"{unit} ≠ {column.header[0]}")
        return
    marked = np.zeros(len(work.cells[name].values), dtype=np.bool_)
    for place, codes in column.cells.items():
        marked[place] = unit not in codes
    if marked.any():
        work.report("cell.currency", name, marked, detail=unit)
        work.columns[name].values[marked] = np.nan
    foreign = [row for row, codes in column.shown.items() if unit not in codes]
    if foreign:
        rows = np.zeros(len(work.alive), dtype=np.bool_)
        rows[foreign] = True
        rows &= _known(work, name)
        others = sorted({column.shown[row][0] for row in np.flatnonzero(rows).tolist()})
        _report_rows(work, name, rows, "cell.currency", f"{unit} ≠ {', '.join(others)}")
        _clear(work, name, rows)


def _goods(work: TableWork, amounts: Sequence[MoneyColumn], words: CodedColumn) -> None:
    """Blank the goods' amount of rows whose word names another currency, where the table has no column for that one."""
    units = {column.owner.unit: column.owner.name for column in amounts if column.owner.name in _GOODS}
    if len(units) != 1:
        return
    ((unit, name),) = units.items()
    codes = [currency_codes(word) for word in words.values]
    other = np.array([bool(each) and unit not in each for each in codes], dtype=np.bool_)[words.codes]
    rows = other & _known(work, name)
    if rows.any():
        _report_rows(work, name, rows, "cell.currency", unit)
        _clear(work, name, rows)


def _same_header(work: TableWork, columns: list[MoneyColumn]) -> list[MoneyColumn]:
    """Return the columns whose headers do not contradict the first one that states a currency; blank the others."""
    first = next((column.header for column in columns if column.header), ())
    kept = []
    for column in columns:
        if column.header and not set(column.header) & set(first):
            _drop(work, column, f"{first[0]} ≠ {column.header[0]}")
        else:
            kept.append(column)
    return kept


def _drop(work: TableWork, column: MoneyColumn, detail: str) -> None:
    name = column.owner.name
    values = work.columns[name].values
    work.report("column.currency", name, ~np.isnan(values), once=True, detail=detail)
    values[:] = np.nan


class _Rows:
    """The rows of a table whose amounts are in the currency of their row."""

    def __init__(self, work: TableWork, columns: Sequence[MoneyColumn], words: CodedColumn | None) -> None:
        self.work = work
        self.columns = columns
        self.words = words
        self.said = said = _Said()
        count = len(work.alive)
        self.known = [_known(work, column.owner.name) for column in columns]
        spoken = np.zeros((len(columns), count), dtype=np.int64)
        stated = np.zeros_like(spoken)
        for number, (column, known) in enumerate(zip(columns, self.known, strict=True)):
            cells = work.cells[column.owner.name]
            codes = [column.cells.get(place, ()) for place in range(len(cells.values))]
            spoken[number] = said.places(codes)[cells.codes]
            rows = list(column.shown)
            spoken[number, rows] = said.places(column.shown.values())
            spoken[number] = np.where(known, spoken[number], _SILENT)
            stated[number] = np.where(known, said.place(column.header), _SILENT)
        written = np.zeros(count, dtype=np.int64)
        if words is not None:
            written = said.places(map(currency_codes, words.values))[words.codes]
        self.spoken = spoken  # what the cells' own signs say, by column and row
        self.everything = np.vstack([written, spoken, stated])  # and the row's word, and the headers

    def settle(self) -> NDArray[np.object_]:
        """Return each row's currency from all that is said in it; blank and report what is not clear."""
        place = np.zeros(len(self.work.alive), dtype=np.int64)
        for statement in self.everything:
            place = self.said.merged(place, statement)
        silent = (place == _SILENT) & np.any(self.known, axis=0)
        if self.words is not None:  # a word that is not understood is not silence
            silent &= _missing(self.words.values)[self.words.codes]
        agreed = self.said.agreed(self.spoken)
        if agreed != _SILENT:
            place[silent] = agreed
        else:
            self._blank(silent, "cell.currency_missing")
        self._conflicts(place == _CONFLICT)
        names = np.array([codes[0] if codes else None for codes in self.said.codes], dtype=np.object_)[place]
        if self.words is not None:
            given = self.words.values[self.words.codes]
            names = np.where(_missing(given), names, given)
        return names

    def _conflicts(self, rows: NDArray[np.bool_]) -> None:
        at = np.flatnonzero(rows)
        combinations, each = np.unique(self.everything[:, at], axis=1, return_inverse=True)
        for number, combination in enumerate(combinations.T.tolist()):
            marked = np.zeros_like(rows)
            marked[at[each.reshape(-1) == number]] = True
            names = sorted({self.said.codes[place][0] for place in combination if place})
            self._blank(marked, "cell.currency", " ≠ ".join(names))

    def _blank(self, rows: NDArray[np.bool_], code: str, detail: str = "") -> None:
        """Report rows at the first cell with a currency of its own, else at the first amount; blank their amounts."""
        if not rows.any():
            return
        marks = [*(self.spoken != _SILENT), *self.known]
        number = next(number for number, marked in enumerate(marks) if (rows & marked).any()) % len(
            self.columns
        )
        _report_rows(self.work, self.columns[number].owner.name, rows, code, detail)
        for column in self.columns:
            _clear(self.work, column.owner.name, rows)


def _report_rows(work: TableWork, name: str, rows: NDArray[np.bool_], code: str, detail: str) -> None:
    cells = work.cells[name]
    at = np.flatnonzero(rows & work.alive)
    values = (cells.values[cells.codes[row]] for row in at)
    sheet, header = work.around.sheet, work.name_of(name)
    work.tally.add_rows(code, at + work.first_row, values, sheet=sheet, column=header, detail=detail)


def _clear(work: TableWork, name: str, rows: NDArray[np.bool_]) -> None:
    old = work.columns[name]
    codes: NDArray[Any] = np.where(rows, len(old.values), old.codes)
    work.columns[name] = CodedColumn(codes, np.append(old.values, np.nan))


def _known(work: TableWork, name: str) -> NDArray[np.bool_]:
    """Return the rows with an amount; 0 is nothing in every currency."""
    column = work.columns[name]
    marks: NDArray[np.bool_] = (~np.isnan(column.values) & (column.values != 0))[column.codes]
    return marks


def _missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    return np.array([value is None for value in values], dtype=np.bool_)


class _Said:
    """Statements about currencies: each is a place in ``codes``, so that rows can point to it."""

    def __init__(self) -> None:
        self.codes: list[Codes] = [(), ()]

    def place(self, codes: Codes) -> int:
        """Return the place of a statement; nothing is said by an empty one."""
        if not codes:
            return _SILENT
        if codes not in self.codes:
            self.codes.append(codes)
        return self.codes.index(codes)

    def places(self, statements: Iterable[Codes]) -> NDArray[np.int64]:
        """Return the places of statements."""
        return np.array([self.place(codes) for codes in statements], dtype=np.int64)

    def merged(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what two statements say together, row by row."""
        size = len(self.codes)
        pairs, each = np.unique(one * size + other, return_inverse=True)
        both = [self._both(*divmod(pair, size)) for pair in pairs.tolist()]
        merged: NDArray[np.int64] = np.array(both, dtype=np.int64)[each]
        return merged

    def agreed(self, statements: NDArray[np.int64]) -> int:
        """Return the one statement that all of them allow, or silence."""
        place = _SILENT
        for other in np.unique(statements).tolist():
            place = self._both(place, other)
        return _SILENT if place == _CONFLICT else place

    def _both(self, one: int, other: int) -> int:
        if other in (one, _SILENT):
            return one
        if one == _SILENT:
            return other
        common = tuple(code for code in self.codes[one] if code in self.codes[other])
        return self.place(common) if common else _CONFLICT


def _as_codes(values: NDArray[Any]) -> NDArray[np.object_]:
    """Return the ISO codes of words of currencies; a word that is not understood stays as it is."""
    codes = np.empty(len(values), dtype=np.object_)
    codes[:] = [currency_code(value) or value for value in values]
    return codes
