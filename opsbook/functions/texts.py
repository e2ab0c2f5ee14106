"""Between figures and the texts that exports and people write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions import calendar_days
from opsbook.functions.growth import change
from opsbook.functions.values import ExcelError, floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Cells, Values

_WIDE = str.maketrans("０１２３４５６７８９．％，－＋＜　￥", "0123456789.%,-+< ¥")
_SEPARATORS = re.compile(r"[, ]")
_NOISE = re.compile(r"US\$|USD|CNY|RMB|[$¥元]", re.IGNORECASE)
_NUMBER = re.compile(r"(<?)([-+]?(?:\d+\.?\d*|\.\d+)(?:E[-+]?\d+)?)(%|万|亿)?", re.IGNORECASE)
_FACTORS = {"%": 0.01, "万": 1e4, "亿": 1e8}


def parse_number(text: npt.ArrayLike) -> Cells:
    """Return the numbers that texts of exports mean.

    Args:
        text: Such as ``1,234``, ``3.75%``, ``12.3万``, ``US $1,020.5``, full-width digits, ``<1%`` (half of it).

    Returns:
        Numbers; None for hyphens alone; #VALUE! for anything else.
    """
    return np.frompyfunc(_parse, 1, 1)(np.asarray(text, dtype=object))  # type: ignore[no-any-return]  # objects


def _parse(text: object) -> object:
    if text is None:
        return None
    bare = _NOISE.sub("", _SEPARATORS.sub("", str(text).translate(_WIDE)))
    if not bare.replace("-", ""):
        return None
    match = _NUMBER.fullmatch(bare)
    if match is None:
        return ExcelError.VALUE
    less, number, unit = match.groups()
    return float(number) * _FACTORS.get(unit, 1.0) / (2 if less else 1)


def format_change(
    current: npt.ArrayLike, base: npt.ArrayLike, kind: str = "amount", *, words: Mapping[str, str]
) -> Cells:
    """Return the change as a text: ``+12.3%``, ``+1.2pp``, or a word where a percentage would mislead.

    Args:
        current: Values of this period.
        base: Values compared with.
        kind: ``amount``: growth; ``rate``: percentage points.
        words: ``new`` (from 0), ``to_profit`` (from below 0 to above), ``to_loss`` (the other way).
    """
    cells = np.frompyfunc(lambda now, then: _format(now, then, kind, words), 2, 1)
    with np.errstate(all="ignore"):  # 0 / 0 on the way to an answer that is not it
        found: Cells = cells(floats(current), floats(base))
    return found


def _format(now: float, then: float, kind: str, words: Mapping[str, str]) -> str | None:
    if np.isnan(now) or np.isnan(then):
        return None
    if kind == "rate":
        return _signed((now - then) * 100) + "pp"
    if then == 0 and now != 0:
        return words["new"]
    if then < 0 < now:
        return words["to_profit"]
    if now < 0 < then:
        return words["to_loss"]
    return _signed(float(change(now, then)) * 100) + "%"


def _signed(number: float) -> str:
    """Return the number with a sign and one decimal, rounded half up as Excel's TEXT does."""
    rounded = Decimal(f"{number:.15g}").quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded:+}" if rounded else "0.0"


def beijing_day(pacific_time: npt.ArrayLike) -> Values:
    """Return the day in Beijing of a date and time of the platform's Pacific clock, as a day number.

    Summer time from 2:00 on the second Sunday of March to 2:00 on the first Sunday of November (US rule since
    2007): 15 hours ahead then, else 16. The hour that comes twice in November counts as summer time.
    """
    clock = floats(pacific_time)
    year, _, _ = calendar_days.fields(clock)
    march, november = calendar_days.number(year, 3, 14), calendar_days.number(year, 11, 7)
    begins = march - (march - 1) % 7 + 2 / 24  # day numbers of Sundays leave 1 when divided by 7
    ends = november - (november - 1) % 7 + 2 / 24
    summer = (clock >= begins) & (clock < ends)
    return np.floor(np.round((clock + np.where(summer, 15, 16) / 24) * 86400) / 86400)  # whole seconds
