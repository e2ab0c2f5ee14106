"""Clocks that a time names: ``GMT+8``, ``(UTC-07:00)``, ``PST``, ``北京时间``, ``Asia/Shanghai``."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from opsbook.domain.declarations import load

_OFFSET = re.compile(r"(?:utc|gmt|z)?\s*(?P<sign>[-+−])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")
_PLACE = re.compile(r"[a-z]+(?:/[a-z_]+)+")
_BRACKETS = "()[]{}<>【】〔〕"
_IN_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]+)[)\]】]")
_LAST_PART = re.compile(r"[\s_/:,·-]([^\s_/:,·()-]+)\s*$")
_FARTHEST = 14  # hours; no clock is farther from Greenwich


@lru_cache(maxsize=512)
def zone(words: str) -> tzinfo | None:
    """Return the clock that the words name, alone or in brackets; None when they name none that is known."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return _zone(" ".join(folded.strip(_BRACKETS + " .,;:").split()))


def in_header(header: str) -> tzinfo | None:
    """Return the clock that a header states, such as ``下单时间(GMT+8)``, ``创建时间（北京时间）`` or ``Order time UTC+8``."""
    text = unicodedata.normalize("NFKC", header)
    parts = _IN_BRACKETS.findall(text) or _LAST_PART.findall(text)
    found = [named for part in parts if (named := zone(part))]
    return found[0] if len(found) == 1 else None


def _zone(words: str) -> tzinfo | None:
    if match := _OFFSET.fullmatch(words):
        away = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        if away > timedelta(hours=_FARTHEST):
            return None
        return timezone(away if match["sign"] == "+" else -away)
    hours, places = _declared()
    if words in hours:
        return timezone(timedelta(hours=hours[words]))
    name = places.get(words) or (words if _PLACE.fullmatch(words) else "")
    return place(name) if name else None


@cache
def place(name: str) -> ZoneInfo | None:
    """Return the clock of a place by its IANA name, in any case."""
    parts = ["_".join(word.capitalize() for word in part.split("_")) for part in name.split("/")]
    for spelled in (name, "/".join(parts)):
        try:
            return ZoneInfo(spelled)
        except (KeyError, ValueError, OSError):
            continue
    return None


@cache
def _declared() -> tuple[dict[str, float], dict[str, str]]:
    declared = load("opsbook.intake", "zones.toml")
    return declared["hours"], declared["places"]
