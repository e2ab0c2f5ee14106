"""Units and clocks in headers, and rows of units under headers: 花费(元), 曝光量/次, 点击率%, a second row (人) (次) (美元)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from opsbook.domain.declarations import load
from opsbook.intake.zones import zone
from opsbook.schemas import Field, FieldType
from opsbook.schemas.spelling import folded

_BRACKETED = re.compile(r"(?P<base>.+?)\s*\((?P<unit>[^()]+)\)", re.DOTALL)
_LEADING = re.compile(r"\((?P<unit>[^()]+)\)\s*(?P<base>[^()]+)", re.DOTALL)
_PARTED = re.compile(r"(?P<base>.+?)\s*[_\-/:,·\s]\s*(?P<unit>[^_\-/:,·\s()]+)", re.DOTALL)
_BEFORE = re.compile(r"^(?:单位|(?:unit|in)\b)\s*[:=]?\s*", re.IGNORECASE)
_SPACE = re.compile(r"[\s.]+")
# What says how long a period is or whose day it is: days are taken as they are written.
_PERIOD_FORM = re.compile(
    r"(?:按|每|by)?[年季月周日天]度?|(?:by)?(?:years?|quarters?|months?|weeks?|days?|daily|weekly|monthly|yearly)|"
    r"(?:美西|太平洋|北京|中国|当地|本地)时间|p[sd]?t|(?:gmt|utc)(?:[+-]\d{1,2}(?::?00)?)?",
    re.IGNORECASE,
)
_DAY_FORM = re.compile(
    r"(?:y{2,4}[-/.年]?m{1,2}[-/.月]?(?:d{1,2}日?)?|年[-/]?月[-/]?日?)(?:hh:?mm(?::?ss)?)?", re.IGNORECASE
)
_OTHER_CLASS = {"hours": "time", "minutes": "time", "kg": "weight", "CNY per USD": "money"}
_UNIT_LABEL = frozenset({"单位", "单位:", "(单位)", "unit", "units", "-", "/"})
_OWN_WORDS = {
    "hours": frozenset({"小时", "时", "h", "hr", "hrs", "hour", "hours"}),
    "minutes": frozenset({"分钟", "min", "mins", "minute", "minutes"}),
    "kg": frozenset({"kg", "千克", "公斤"}),
}
_PREFERRED = (("美元", frozenset({"美元", "美金", "usd", "us$", "$", "dollar", "dollars"})),
              ("元", frozenset({"元", "人民币", "人民币元", "元人民币", "cny", "rmb", "¥", "cn¥", "yuan"})))  # fmt: skip


@cache
def words() -> Mapping[str, frozenset[str]]:
    """Return the declared words of headers: units by class, ``marks`` and ``translation``."""
    raw = load("opsbook.intake", "header_words.toml")
    lists = {**raw["units"], "marks": raw["marks"]["words"], "translation": raw["translation"]["words"]}
    return {name: frozenset(folded(word).casefold() for word in entries) for name, entries in lists.items()}


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Return for each class of units how one is written, with a scale before it: 万, 万元, 元/次."""

    def any_of(name: str) -> str:
        return "|".join(re.escape(word) for word in sorted(words()[name], key=len, reverse=True))

    patterns = {
        name: re.compile(rf"(?:{any_of('scale')})?(?:{any_of(name)})")
        for name in ("count", "time", "weight", "ratio")
    }
    money, count = any_of("money"), any_of("count")
    patterns["money"] = re.compile(rf"(?:{any_of('scale')})?(?:{money})(?:/(?:{money}|{count}))?")
    patterns["scale"] = re.compile(any_of("scale"))
    patterns["ending"] = re.compile(rf"(?P<base>.*[^\Wa-z0-9_])(?P<unit>{money}|%)", re.DOTALL)
    return patterns


def unit_class(text: str) -> str:
    """Return the class of a unit: count, money, ratio, time, weight or scale; empty when the text is none."""
    plain = _SPACE.sub("", _BEFORE.sub("", text)).casefold()
    for name, pattern in _patterns().items():
        if name != "ending" and pattern.fullmatch(plain):
            return name
    return ""


def split_unit(text: str) -> tuple[str, str]:
    """Return a folded header without its unit, and the unit as it is written; empty texts where it has none."""
    for pattern in (_BRACKETED, _LEADING, _PARTED):
        if match := pattern.fullmatch(text):
            unit = _BEFORE.sub("", match["unit"].strip())
            if unit_class(unit) or (pattern is _BRACKETED and form_of_days(unit)) or zone(unit):
                return match["base"].strip(), unit
    if match := _patterns()["ending"].fullmatch(text.casefold()):
        return text[: match.end("base")].strip(), text[match.end("base") :].strip()
    return "", ""


def preferred(unit: str) -> str:
    """Return the word that our own headers use for a currency: USD gives 美元; empty for other units."""
    plain = _SPACE.sub("", unit).casefold()
    return next((word for word, spellings in _PREFERRED if plain in spellings), "")


def fits(owner: Field, unit: str) -> bool:
    """Whether a unit can be one of the field: yuan and thousands of dollars of an amount, but not persons.

    Args:
        owner: The field.
        unit: The unit as it is written.
    """
    found = unit_class(unit)
    if owner.type is FieldType.MONEY:
        return found in ("money", "scale")
    if owner.type is FieldType.PERCENT:
        return found == "ratio"
    if owner.type is FieldType.NUMBER:
        expected = _OTHER_CLASS.get(owner.unit, "count")
        return found == expected or (found == "scale" and expected in ("count", "money"))
    if owner.type in (FieldType.DATE, FieldType.PERIOD):
        return form_of_days(unit) or zone(unit) is not None
    plain = _SPACE.sub("", unit)
    return owner.type is FieldType.DATETIME and bool(_DAY_FORM.fullmatch(plain) or zone(unit) is not None)


def form_of_days(unit: str) -> bool:
    """Whether a text says how days are written, or how long a period is."""
    plain = _SPACE.sub("", unit)
    return bool(_DAY_FORM.fullmatch(plain) or _PERIOD_FORM.fullmatch(plain))


def agrees(owner: Field, unit: str) -> bool:
    """Whether a unit is the field's own, so that it changes nothing."""
    plain = _SPACE.sub("", unit).casefold()
    if owner.type is FieldType.MONEY and owner.unit == "order currency":
        return plain in words()["money"]
    if owner.type is FieldType.MONEY:
        return preferred(plain) == {"USD": "美元", "CNY": "元"}.get(owner.unit, "?")
    if owner.type is not FieldType.NUMBER:
        return True
    own = _OWN_WORDS.get(owner.unit, words()["count"])
    return plain in own


def units_row(cells: Sequence[object]) -> dict[int, str]:
    """Return the units of a row that holds nothing but units, by column; empty for every other row."""
    found: dict[int, str] = {}
    for column, cell in enumerate(cells):
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        if not isinstance(cell, str):
            return {}
        text = folded(cell).strip()
        if text.casefold() in _UNIT_LABEL or text.strip("()").casefold() in words()["marks"]:
            continue
        bare = _BEFORE.sub("", text.strip("() ").strip())
        if not unit_class(bare) and not form_of_days(bare):
            return {}
        found[column] = bare
    return found
