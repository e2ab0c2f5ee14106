"""Which mark parts the decimals of a table: what its cells prove, then what its other habits make likely.

``1.234`` alone may be 1234 or 1.234. Proofs are cells that can be read in one way only (``14,50``, ``0.125``,
``1.234,5``), whole numbers (an impression cannot be 12.345 of one), and numbers that would be impossible otherwise.
Without any proof, a delimiter ``;`` and days such as 31.12.2025 together speak for the decimal comma; where they do
not agree, or an amount of money would have three decimals, the cell is doubtful.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from opsbook.intake.spelled import AMBIGUOUS, COMMA, DOT, Mark, fold
from opsbook.schemas import Field, FieldType

_DOUBTFUL = Mark(".", doubtful=True)
_START, _END = r"(?<![\d.,])(?<!\d[' ])", r"(?![\d.,])"
_FEW_DECIMALS = 2
_CERTAIN = 1_000_000  # 1234,567 proves three decimals, whatever the others are
_MANY = 3  # cells that can be read in two ways, for each clear one that would give them three decimals
_DAY = re.compile(r"\s*\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)(?!\d)")
_SLASHED_DAY = re.compile(r"\s*(?:1[3-9]|2\d|3[01])/\d{1,2}/\d{4}(?!\d)")


def _proof(decimal: str, group: str) -> re.Pattern[str]:
    d, g = re.escape(decimal), re.escape(group)
    return re.compile(
        rf"(?P<slip>\d{d}(?:\d{{1,2}}|\d{{4,}}){_END})"  # 14,50, or a slip of the pen for 14,500
        rf"|{_START}(?:0|\d{{4,}}){d}\d{{3}}{_END}"  # 0,125 and 1234,567
        rf"|{_START}{d}\d"  # ,5
        rf"|\d{g}\d{{3}}{d}\d|\d[' ]\d{{3}}{d}\d"  # 1.234,5
        rf"|\d{g}\d{{2,3}}{g}\d{{3}}{_END}"  # 1.234.567 and 1,23,456
    )


def _usual(decimal: str, group: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    d, g = re.escape(decimal), re.escape(group)
    before, after = r"^[^\d.,'\n]*", rf"{d}\d{{1,2}}[^\d.,\n]*$"
    return tuple(  # type: ignore[return-value]
        re.compile(before + number + after, re.MULTILINE)
        for number in (r"\d+", rf"[1-9]\d{{0,2}}(?:{g}\d{{3}})+")
    )


_PROOFS = {".": _proof(".", ","), ",": _proof(",", ".")}
_USUAL = {".": _usual(".", ","), ",": _usual(",", ".")}  # 14.50 and 1,234.50, as nearly all cells are written
_ONE_AMBIGUOUS = re.compile(rf"{_START}({AMBIGUOUS}){_END}(\s*%)?")


@dataclass
class _Evidence:
    """What the cells of one column show."""

    owner: Field
    clear: Counter[str] = field(
        default_factory=Counter
    )  # decimal marks of cells that can be read in one way only
    implied: set[str] = field(default_factory=set)  # decimal marks without which a number would be impossible
    marks: Counter[str] = field(default_factory=Counter)  # marks of the cells that can be read in two ways


def decide(
    columns: Iterable[tuple[Field, Sequence[object]]],
    days: Iterable[Sequence[object]] = (),
    delimiter: str = "",
) -> Mapping[str, Mark]:
    """Return the mark of each column of a table by its field.

    Args:
        columns: Numeric fields with the distinct cells of their columns.
        days: Distinct cells of the columns of dates.
        delimiter: What parts the cells of the file, where it is a text.
    """
    found = [_evidence(owner, values) for owner, values in columns]
    clear = sum((each.clear for each in found), Counter[str]())
    implied = set().union(*(each.implied for each in found)) if found else set()
    marks = set().union(*(each.marks for each in found)) if found else set()
    if not marks and "," not in clear:  # nearly every table
        return {each.owner.name: DOT for each in found}
    habits = _continental(days, delimiter) if not clear and not implied else 0
    return {each.owner.name: _mark(each, clear, implied, marks, habits) for each in found}


def _mark(own: _Evidence, clear: Counter[str], implied: set[str], marks: set[str], habits: int) -> Mark:
    few = own.owner.decimals <= _FEW_DECIMALS
    for proven in (set(own.clear), set(clear), set() if clear else implied):
        if len(proven) == 1 and not own.implied - proven:
            (mark,) = proven
            # One slip of the pen, 1,00, does not make three decimals of 1,234 and 2,500 and 4,750.
            if few and clear and own.marks[mark] >= _MANY * clear[mark]:
                return _DOUBTFUL
            return COMMA if mark == "," else DOT
    if clear or implied or len(marks) > 1:
        return _DOUBTFUL
    if "," in marks:
        return _DOUBTFUL if habits else DOT
    if "." in marks:
        return (COMMA, _DOUBTFUL)[habits == 1] if habits else (_DOUBTFUL if few else DOT)
    return DOT


def _evidence(owner: Field, values: Sequence[object]) -> _Evidence:
    own = _Evidence(owner)
    texts = [
        value
        for value in values
        if isinstance(value, str) and ("." in value or "," in value or not value.isascii())
    ]
    if not texts:
        return own
    text = "\n".join(fold(each) for each in texts)
    for mark, weights in _USUAL.items():
        for usual, weight in zip(weights, (1, _CERTAIN), strict=True):
            text, times = usual.subn("", text)
            own.clear[mark] += weight * times
    for mark, proof in _PROOFS.items():
        found = proof.findall(text)
        certain = found.count("")  # they have no slip
        own.clear[mark] += len(found) - certain + _CERTAIN * certain
    own.clear += Counter()  # marks without a proof are none
    for match in _ONE_AMBIGUOUS.finditer(text):
        written, other = match[1], "," if "." in match[1] else "."
        mark = "," if other == "." else "."
        thousands, decimals = float(written.replace(mark, "")), float(written.replace(mark, "."))
        own.marks[mark] += 1
        if owner.type is FieldType.PERCENT:
            if match[2]:  # a rate above 1000 %
                own.implied.add(mark)
        elif owner.decimals == 0 or not owner.least <= decimals <= owner.most:
            own.implied.add(other)
        elif thousands > owner.most:
            own.implied.add(mark)
    return own


def _continental(days: Iterable[Sequence[object]], delimiter: str) -> int:
    """Return how many habits of the file go with a decimal comma: the semicolon, and the way its days are written."""
    semicolon = delimiter == ";"
    for column in days:
        for cell in column:
            if isinstance(cell, str) and (_DAY.match(cell) or (semicolon and _SLASHED_DAY.match(cell))):
                return 1 + semicolon
    return int(semicolon)
