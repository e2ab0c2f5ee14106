"""Rows of delimited text with more cells than their header, for a comma that stands without quotation marks.

``Boot, red`` and ``1,650.00`` become two cells each, and what follows slips to the right. A row is put right where
its cells can be joined in one way only so that every column holds what its header means; where several ways are left
and the amounts of one of them agree (quantity x price), that one counts. Any other such row is set aside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from opsbook.intake.spelled import MISSING
from opsbook.schemas import FieldType, normalise_header, schemas

_MOST = 12  # cells too many that are looked at
_WAYS = 200  # of joining that are looked at
_HEAD = 25  # rows in which the first header stands
_KNOWN = 2  # known headers that make a row a header
_SEEN = 100  # cells of a row that are looked at for this
_SAMPLE = 500  # rows that show what a column without a known header holds

_FIRST = re.compile(r"\s*[-+(]?\s*[^\W\d]{0,3}\s*[$¥€£]?\s*[-+]?[1-9]\d{0,2}")
_GROUP = re.compile(r"\s?\d{3}")
_LAST = re.compile(r"\s?\d{3}(?:\.\d+)?\s*[^\d.,]{0,5}")
_AMOUNT = re.compile(
    r"'?[-+(]{0,2}\s*[^\W\d]{0,4}\s*[$¥€£]?\s*[-+]?\d[\d.,' ]*\s*[%)]{0,2}\s*[^\W\d]{0,4}[-)]?"
)
_MONTH_DAY = re.compile(r"\s*[A-Za-z]{3,9}\.?\s+\d{1,2}")
_YEAR = re.compile(r"\s*(?:19|20)\d\d(?:\s.*)?")
_DAY = re.compile(
    r"\d{1,4}\s?[-/.年月]\s?\d|\d{5,8}|\d[周季]|[QqWw]\d|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ -]?\d|\d[ -]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_ID_DIGITS = 10  # an id that is written in groups is long
_EXACT = 0.005  # of an amount, by which quantity x price may miss it

_NUMBERS = frozenset({FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT})
_DAYS = frozenset({FieldType.DATE, FieldType.DATETIME, FieldType.PERIOD, FieldType.MONTH_DAY})
_FREE = frozenset({FieldType.TEXT, FieldType.FLAG, FieldType.IGNORED})
_AMOUNTS = ("product_amount", "product_amount_usd", "product_amount_cny", "amount")


def put_right(rows: list[list[str]], text: str, delimiter: str, skipped: Container[int] = ()) -> list[int]:
    """Join the cells that belong together; return the rows where that is not certain.

    Args:
        rows: The cells of the text, each row as long as it is; rows that are put right change.
        text: The text, of which a row without quotation marks is a line.
        delimiter: What separates its cells.
        skipped: Rows that are set aside already.
    """
    first = next((place for place, row in enumerate(rows[:_HEAD]) if _is_header(row)), None)
    if first is None or max(map(len, rows[first:])) <= len(rows[first]):
        return []
    lines = frozenset(text.splitlines())
    doubtful: list[int] = []
    for header, body in _tables(rows, first):
        width = len(rows[header])
        crowded = [
            place
            for place in body
            if len(rows[place]) > width and any(map(str.strip, rows[place])) and place not in skipped
        ]
        if not crowded:
            continue
        regular = [rows[place] for place in body if len(rows[place]) <= width]
        table = _ColumnContents(rows[header], regular, delimiter)
        crowded = [place for place in crowded if not table.ends_in_blanks(rows[place])]
        ways = {
            place: table.ways(rows[place])
            if delimiter.join(rows[place]) in lines
            else _Ways(None, possible=False)
            for place in crowded
        }
        fitting = sum(table.fits(rows[place]) for place in crowded)
        joinable = sum(found.possible for found in ways.values())
        if len(crowded) > len(regular) and fitting == len(crowded) and joinable * 2 < len(crowded):
            continue  # the table has columns without a header: nothing has slipped
        for place, found in ways.items():
            if found.certain:
                rows[place] = found.certain
            elif found.possible or not table.fits(rows[place]) or table.amounts_beyond(rows[place]):
                doubtful.append(place)
    return doubtful


def _tables(rows: Sequence[Sequence[str]], first: int) -> Iterator[tuple[int, list[int]]]:
    """Yield each header with the rows below it, down to the next header or a blank row."""
    header, body, below = first, list[int](), True
    for place in range(first + 1, len(rows)):
        row = rows[place]
        if _is_header(row):
            yield header, body
            header, body, below = place, [], True
        elif not any(map(str.strip, row)):
            below = below and not body
        elif below:
            body.append(place)
    yield header, body


def _is_header(row: Sequence[str]) -> bool:
    words = (cell for cell in row[:_SEEN] if cell and not cell[0].isdigit())
    return sum(normalise_header(cell) in _meanings() for cell in words) >= _KNOWN


@cache
def _meanings() -> Mapping[str, frozenset[tuple[str, FieldType]]]:
    """Return the fields that each known header may mean, with their types."""
    found: dict[str, set[tuple[str, FieldType]]] = {}
    for schema in schemas().values():
        for header, field in schema.by_header.items():
            found.setdefault(header, set()).add((field.name, field.type))
    return {header: frozenset(fields) for header, fields in found.items()}


@dataclass(frozen=True)
class _Ways:
    """How the cells of a row can be joined: the one certain way, or None; and whether there is any."""

    certain: list[str] | None
    possible: bool


class _ColumnContents:
    """What the columns under one header hold."""

    def __init__(self, header: Sequence[str], regular: Sequence[Sequence[str]], delimiter: str) -> None:
        self._delimiter = delimiter
        meanings = [_meanings().get(normalise_header(cell), frozenset()) for cell in header]
        self._types = [
            frozenset(type_ for _, type_ in fields) or self._seen(regular, column)
            for column, fields in enumerate(meanings)
        ]
        self._names = [frozenset(name for name, _ in fields) for fields in meanings]
        self._indented = any(cell[:1] == " " for row in regular for cell in row[1:])

    def _seen(self, regular: Sequence[Sequence[str]], column: int) -> frozenset[FieldType]:
        cells = [row[column] for row in regular[:_SAMPLE] if column < len(row) and row[column].strip()]
        numbers = cells and all(_number(cell) for cell in cells)
        return frozenset([FieldType.NUMBER if numbers else FieldType.TEXT])

    def fits(self, row: Sequence[str]) -> bool:
        """Whether every column holds what it should, with what is beyond the header left out."""
        return all(
            _holds(types, [cell]) for types, cell in zip(self._types, row[: len(self._types)], strict=True)
        )

    def ends_in_blanks(self, row: Sequence[str]) -> bool:
        """Whether only delimiters are too many, at the end."""
        return not any(map(str.strip, row[len(self._types) :])) and self.fits(row)

    def amounts_beyond(self, row: Sequence[str]) -> bool:
        """Whether a number stands beyond the header: a remark is in words."""
        return any(_number(cell) for cell in row[len(self._types) :] if cell.strip())

    def ways(self, row: Sequence[str]) -> _Ways:
        """Return how the cells of a row can be joined."""
        extra = len(row) - len(self._types)
        if extra > _MOST:
            return _Ways(None, possible=False)
        found = list(islice(self._joined(row, 0, 0, extra), _WAYS))
        agreeing = [cells for cells, _ in found if len(found) < _WAYS and self._agrees(cells)]
        if len(agreeing) == 1:
            return _Ways(agreeing[0], possible=True)
        certain = len(found) == 1 and found[0][1]
        return _Ways(found[0][0] if certain else None, possible=bool(found))

    def _joined(  # the cells, and whether no text ends in a number that may belong to the next column
        self, row: Sequence[str], cell: int, column: int, extra: int
    ) -> Iterator[tuple[list[str], bool]]:
        if column == len(self._types):
            if extra == 0:
                yield [], True
            return
        for more in range(extra + 1):
            parts = row[cell : cell + more + 1]
            following = row[cell + more + 1 : cell + more + 2]
            if not self._indented and following and following[0][:1] == " ":
                continue  # the blank after a comma in a sentence
            if _holds(self._types[column], parts):
                one = self._delimiter.join(parts)
                plain = self._types[column] & _FREE and more and parts[-1][:1] != " " and _number(parts[-1])
                for rest, sure in self._joined(row, cell + more + 1, column + 1, extra - more):
                    yield [one, *rest], sure and not plain

    def _agrees(self, cells: Sequence[str]) -> bool:
        facts = {
            name: value
            for names, cell in zip(self._names, cells, strict=True)
            for name in names
            if (value := _amount(cell)) is not None
        }
        if not {"quantity", "unit_price"} <= facts.keys():
            return False
        product = facts["quantity"] * facts["unit_price"]
        totals = [facts[name] for name in _AMOUNTS if name in facts]
        return bool(totals) and all(abs(product - total) <= _EXACT * abs(total) for total in totals)


def _holds(types: frozenset[FieldType], parts: Sequence[str]) -> bool:
    """Whether the cells, joined, may stand in a column of one of the types."""
    if types & _FREE:
        return True
    if len(parts) == 1:
        cell = parts[0].strip()
        return (
            cell.casefold() in MISSING
            or bool(types & _NUMBERS and _number(cell))
            or bool(types & _DAYS and _DAY.search(cell) and not _AMOUNT.fullmatch(cell))
            or (FieldType.ID in types and parts[0][:1] != " ")
        )
    groups = bool(
        _FIRST.fullmatch(parts[0]) and all(map(_GROUP.fullmatch, parts[1:-1])) and _LAST.fullmatch(parts[-1])
    )
    if types & _NUMBERS:
        return groups
    if FieldType.ID in types:
        return groups and sum(map(str.isdigit, "".join(parts))) >= _ID_DIGITS
    return len(parts) < 4 and bool(_MONTH_DAY.fullmatch(parts[0]) and _YEAR.fullmatch(parts[1]))


def _number(cell: str) -> bool:
    """Whether a cell is a number rather than words or a day."""
    text = unicodedata.normalize("NFKC", cell).strip()
    return text.casefold() in MISSING or bool(_AMOUNT.fullmatch(text))


def _amount(cell: str) -> float | None:
    digits = re.sub(r"[^\d.-]", "", cell)
    try:
        return float(digits)
    except ValueError:
        return None
