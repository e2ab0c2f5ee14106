"""Which period the rows of a JSON reply are of: what each row says, else what the envelope says, else nothing.

``statisticsType`` says what ``statDate`` names: a day, a month by any of its days, a week by its Saturday (as the
platform's weeks end) or its Sunday (as they begin), seven or thirty days that end on it. What is not said is never
made up: such rows have the period of their file, and where the file's name says none, it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from opsbook import periods
from opsbook.intake.dates import parse_day
from opsbook.periods import Grain

if TYPE_CHECKING:
    from opsbook.intake.json_answers import Facts

_DAYS = frozenset({"day", "daily", "d", "1d", "日", "天"})
_WEEKS = frozenset({"week", "weekly", "w", "周", "自然周"})
_MONTHS = frozenset({"month", "monthly", "m", "月", "自然月"})
_WINDOW = re.compile(r"(?:近|最近|last|recent|past)?\s*_?(\d{1,3})\s*_?(?:d|days?|天|日)", re.IGNORECASE)
_SATURDAY, _SUNDAY = 5, 6
_REPORT = 7  # days of a weekly report
_NEVER = frozenset({"", "null", "none", "--", "-"})


@dataclass(frozen=True)
class JsonPeriod:
    """What is said of a row's period.

    Attributes:
        text: The period as a cell: ``2026-08-30``, ``2026-08``, ``2026-08-30~2026-09-05``; empty where nothing is said.
        window: Whether it is a rolling window rather than a day, a week or a month.
        unclear: What was said that names no one period.
    """

    text: str = ""
    window: bool = False
    unclear: str = ""


NOTHING = JsonPeriod()


def day_of(value: object) -> date | None:
    """Return the day that a value of a reply names, or None."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        text = str(value).strip()
        return parse_day(text) if 8 <= len(text) <= 19 else None
    return None


def said_by(kind: str, when: date | None) -> JsonPeriod:
    """Return the period that a type and a date name together."""
    word = kind.strip().casefold()
    if when is None:
        return NOTHING
    if word in _DAYS:
        return JsonPeriod(when.isoformat())
    if word in _MONTHS:
        return JsonPeriod(f"{when:%Y-%m}")
    if word in _WEEKS:
        if when.weekday() not in (_SATURDAY, _SUNDAY):
            return JsonPeriod(unclear=f"{kind} {when}")
        week = periods.containing(when, Grain.WEEK)
        return JsonPeriod(f"{week.start}~{week.end}")
    if match := _WINDOW.fullmatch(word):
        return JsonPeriod(_until(when, int(match[1])), window=True)
    return JsonPeriod(unclear=f"{kind} {when}")


def of_row(row: Mapping[str, Any], dates: Iterable[str], facts: Facts, grain: str) -> JsonPeriod:
    """Return what a row and its envelope say.

    Args:
        row: Values by path.
        dates: Paths of the row's date.
        facts: Of the envelope.
        grain: What a date covers where nothing says it, or empty.
    """
    first = next((day for name in ("beginDate", "startDate") if (day := day_of(row.get(name)))), None)
    last = day_of(row.get("endDate"))
    if first and last and first <= last:
        scope = str(row.get("scope", "")).strip().casefold()
        return JsonPeriod(f"{first}~{last}", window=bool(_WINDOW.fullmatch(scope)))
    own = next(
        (row[name] for name in dates if str(row.get(name) or "").strip().casefold() not in _NEVER), None
    )
    when = day_of(own)
    if own is not None and when is None:
        return JsonPeriod(str(own)[:40])  # the column says that it is no date
    kind = str(row.get("statisticsType") or facts.window or "")
    if when is not None and (kind or grain):
        return said_by(kind or grain, when)
    return NOTHING


def of_envelope(facts: Facts, own: date | None) -> JsonPeriod:
    """Return the one period that an envelope gives all its rows.

    Args:
        facts: Of the envelope.
        own: The row's own date: one in the middle of the envelope's period names something else.
    """
    first, last = day_of(facts.start), day_of(facts.end)
    if first and last and first <= last:
        span = f"{first}~{last}"
        return JsonPeriod(span) if own in (None, first, last) else JsonPeriod(unclear=f"{own} / {span}")
    when = day_of(facts.date)
    if facts.window.strip().casefold() in _WEEKS:
        # The service answers a week with the last whole one, whatever date it was asked for.
        return JsonPeriod(unclear=f"{facts.window} {facts.date}".strip())
    return said_by(facts.window, when) if facts.window and when else NOTHING


def of_report(newest: date | None) -> JsonPeriod:
    """Return the week of a weekly report, of which only the newest day is known."""
    return JsonPeriod(_until(newest, _REPORT), window=True) if newest else NOTHING


def follow_one_another(days: Iterable[date | None]) -> bool:
    """Whether the dates of a list are two days or more in a row: only days come like that."""
    found = sorted({day for day in days if day})
    return len(found) > 1 and (found[-1] - found[0]).days == len(found) - 1


def _until(when: date, days: int) -> str:
    return f"{when - timedelta(days=max(days, 1) - 1)}~{when}"
