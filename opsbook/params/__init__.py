"""What a team may set, declared in settings.toml, and the values in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from opsbook import periods
from opsbook.domain.declarations import load_rows
from opsbook.domain.excel_dates import day_of
from opsbook.domain.issues import Issue
from opsbook.domain.language import Language, Text
from opsbook.params.meanings import Meaning
from opsbook.periods.text import parse as parse_period


@dataclass(frozen=True)
class Setting:
    """One line of the settings sheet."""

    key: str
    type: str  # text, integer, number, date
    title: Text
    help: Text
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Settings:
    """The values in force; None where the data decide. ``meanings`` come from the header map, not from a cell."""

    language: Language = "zh"
    store: str = ""
    year: int | None = None
    as_of: date | None = None
    cny_per_usd: float | None = None
    keyword_page_size: int = 48
    zero_effect_days: int = 180
    new_product_days: int = 30
    gross_margin: float | None = None
    high_conversion_clicks: int = 20
    least_sample: int = 5
    confidence: float = 0.95
    weekly_alert: float = 0.2
    slowdown_alert: float = 0.05
    longtail_least: float = 0.5
    low_quality_most: float = 0.3
    low_quality_rise: float = 0.05
    peer_gap_alert: float = 0.2
    response_days: float = 7
    response_days_slow: float = 14
    plan_year: int | None = None
    hot_product_sales_cny: float = 1_000_000
    track_share: float = 0.3
    track_growth: float = 0.2
    track_rate: float = 0.2
    track_aov: float = 0.1
    track_margin: float = 0.2
    brand_words: str = ""
    meanings: tuple[Meaning, ...] = ()


@cache
def declared() -> Mapping[str, Setting]:
    """Return every setting by key, in the order of the sheet."""
    return load_rows(_setting, "opsbook.params", "settings.toml")


def _setting(key: str, entry: dict[str, Any]) -> Setting:
    return Setting(key, **entry | {"title": Text(**entry["title"]), "help": Text(**entry["help"])})


def read(cells: Mapping[str, object], language: Language) -> tuple[Settings, list[Issue]]:
    """Return the settings that the cells (by key) give, and an issue for each that is no valid value."""
    values: dict[str, Any] = {}
    issues: list[Issue] = []
    for key, setting in declared().items():
        given = cells.get(key)
        if given is None or str(given).strip() == "":
            values[key] = setting.default
            continue
        value, wanted = _convert(given, setting)
        if wanted:
            issues.append(
                Issue("setting.value", column=setting.title[language], value=str(given)[:40], detail=wanted)
            )
        values[key] = setting.default if wanted else value
    return Settings(language=language, **values), issues


def _convert(given: object, setting: Setting) -> tuple[Any, str]:
    """Return the value and an empty text, or None and what was expected."""
    if setting.type == "text":
        return str(given).strip(), ""
    if setting.type == "date":
        found = _as_date(given)
        return found, "" if found else "2026-09-30"
    try:
        number = float(str(given).strip())
    except ValueError:
        return None, "123"
    low, high = setting.minimum, setting.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        return None, f"{low:g}–{high:g}"
    if setting.type == "integer":
        return (int(number), "") if number == int(number) else (None, "123")
    return number, ""


def _as_date(given: object) -> date | None:
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    if isinstance(given, int | float) and 20000 < given < 80000:  # an Excel serial of 1954-2119
        return day_of(given)
    period = parse_period(str(given))
    return period.end if period and period.grain is periods.Grain.DAY else None
