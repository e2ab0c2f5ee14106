"""Numbers as people and platforms write them. Columns come as their distinct values: each is parsed once.

Missing is NaN: an empty cell, ``-``, ``--``, ``NA``, ``N/A``, ``null``, ``无``, an error such as ``#N/A``. A bad
value is NaN too and is marked, so that it becomes an issue and never a zero.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

MISSING = frozenset(
    {
        "",
        *("-", "--", "---", "—", "——", "–", "/", "\\"),
        *("na", "n/a", "nan", "null", "none", "nil", "无", "暂无"),
        *("#n/a", "#div/0!", "#ref!", "#value!", "#name?", "#null!", "#num!"),
    }
)
_SCALE = {"万": 1e4, "亿": 1e8, "千": 1e3}
_CURRENCY = r"(?:US\s?\$|USD|CNY|RMB|人民币|美元|\$|¥)"
_UNIT = r"(?:元|美元|USD|CNY|RMB|分|个|人|次|小时|天|家|件|h)"
_WRITTEN = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+])?\s*{_CURRENCY}?\s*(?P<sign2>[-+])?\s*"
    rf"(?P<digits>[\d.,][\d., ]*(?:[eE][-+]?\d+)?)\s*(?P<scale>[万亿千])?\s*{_UNIT}?\s*(?P<close>\))?",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d*)?|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COMMA = re.compile(r"\d{1,3}(?:[. ]\d{3})+(?:,\d*)?|(?:\d+,?\d*|,\d+)(?:[eE][-+]?\d+)?")
_AFTER_COMMA = re.compile(r",(\d+)\D*$")
_AFTER_DOT = re.compile(r"\.(\d+)\D*$")
# The share of plain numbers above 1 from which a column without any % sign is one of percent numbers.
_PERCENT_NUMBERS = 0.2


def decimal_comma(columns: Iterable[Sequence[object]]) -> bool:
    """Whether a table writes ``1.234,5``: seen from all its numeric cells together, never guessed.

    Args:
        columns: Distinct cells of each numeric column.

    Returns:
        True when some cell has a comma followed by other than exactly three digits and no cell has a dot followed
        by other than exactly three digits. ``1,234`` and ``1.234`` alone say nothing.
    """
    columns = list(columns)

    def ends(mark: str, wide: str, ending: re.Pattern[str]) -> bool:
        return any(
            (match := ending.search(unicodedata.normalize("NFKC", cell))) and len(match[1]) != 3
            for column in columns
            for cell in column
            if isinstance(cell, str) and (mark in cell or wide in cell)
        )

    return ends(",", "，", _AFTER_COMMA) and not ends(".", "．", _AFTER_DOT)


def parse_numbers(
    values: Sequence[object], *, comma: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the numbers and a mask of the cells that are none.

    Args:
        values: Distinct cells of a column: str, int, float, bool, dates or None.
        comma: Whether the table writes a decimal comma.

    Returns:
        Float64 (NaN where missing or bad) and the mask of bad cells, both of the length of ``values``. A censored
        ``<10`` is half its limit, the usual practice; ``12.3万`` is 123000; ``(123)`` is -123.
    """
    numbers = np.full(len(values), np.nan)
    bad = np.zeros(len(values), dtype=np.bool_)
    for place, value in enumerate(values):
        if type(value) is str:
            try:
                number = float(value)
            except ValueError:
                number = None
            # float() also takes "nan", "inf" and "1_000", and does not know the decimal comma.
            if number is None or number - number != 0 or "_" in value or (comma and "." in value):
                found = _number(value, comma=comma)
                if found is None:
                    bad[place] = True
                    continue
                number = found
            numbers[place] = number
        elif isinstance(value, int | float) and not isinstance(value, bool):
            numbers[place] = value
        elif value is not None:
            bad[place] = True
    return numbers, bad


def parse_percents(
    values: Sequence[object], *, comma: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return rates as fractions (``1.62%`` is 0.0162) and a mask of the cells that are none.

    A cell with a % sign says what it is; ``<1%`` is 0.005. Plain numbers are read by their column:

    - none above 1: fractions, as Excel stores a percent cell;
    - some cells of the column carry a % sign: those above 1 are percent numbers, the others fractions;
    - no % sign, and at least a fifth of those that are not zero are above 1: percent numbers, all of them;
    - no % sign and only a few above 1: fractions; the few stay above 100 % and get a warning by the caller.

    Args:
        values: Distinct cells of a column.
        comma: Whether the table writes a decimal comma.

    Returns:
        As `parse_numbers`.
    """
    signed = np.zeros(len(values), dtype=np.bool_)
    stripped: list[object] = list(values)
    for place, value in enumerate(values):
        if type(value) is str and (text := value.strip())[-1:] in ("%", "％"):
            stripped[place] = text[:-1]
            signed[place] = True
    numbers, bad = parse_numbers(stripped, comma=comma)
    with np.errstate(invalid="ignore"):
        plain = ~signed & (numbers != 0) & ~np.isnan(numbers)
        above = plain & (numbers > 1)
        if signed.any():
            percent = signed | above
        elif above.sum() >= max(1.0, _PERCENT_NUMBERS * plain.sum()):
            percent = plain
        else:
            percent = signed
    for place in np.flatnonzero(percent).tolist():
        numbers[place] = _hundredth(float(numbers[place]))
    return numbers, bad


def _hundredth(number: float) -> float:
    """Return the double nearest to the decimal moved by two places: 1.62 gives 0.0162, which 1.62 / 100 may not."""
    text = repr(number)
    return number / 100 if "e" in text or "n" in text else float(text + "e-2")


def _number(text: str, *, comma: bool) -> float | None:
    """Return the number, NaN when missing, None when it is neither."""
    text = unicodedata.normalize("NFKC", text).strip().lstrip("'").replace("−", "-").strip()
    if text[:1] == "=" and text[-1:] == '"':  # ="12": how some exports keep Excel from changing a cell
        text = text[1:].strip('"').strip()
    if text.casefold() in MISSING:
        return float("nan")
    if text[:1] == "<":
        limit = _number(text[1:].lstrip("="), comma=comma)
        return None if limit is None or math.isnan(limit) else limit / 2
    if text[-1:] == "%":  # a number column shown with its unit: the number counts
        text = text[:-1]
    match = _WRITTEN.fullmatch(text)
    if not match or bool(match["open"]) != bool(match["close"]) or (match["sign"] and match["sign2"]):
        return None
    digits = match["digits"].strip()
    if not (_COMMA if comma else _PLAIN).fullmatch(digits):
        return None
    digits = digits.replace(" ", "")
    digits = digits.replace(".", "").replace(",", ".") if comma else digits.replace(",", "")
    number = float(digits) * _SCALE.get(match["scale"] or "", 1.0)
    negative = match["open"] or "-" in (match["sign"], match["sign2"])
    return -number if negative else number
