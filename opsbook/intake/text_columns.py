"""Ids, texts and flags. Columns come as their distinct values: each is cleaned once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MISSING_TEXT = frozenset(
    ["", "-", "--", "---", "—", "——", "null", "na", "n/a", "#n/a", "#div/0!", "#ref!", "#value!", "#name?"]
)
_MISSING_ID = _MISSING_TEXT | {"无", "无产品id", "暂无", "none", "nan"}
_LONGEST = max(map(len, _MISSING_ID))
_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_DOUBLE = re.compile(r"(\d+)\.0+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2,}|\d\.\d+[eE]\d{1,2}")
# An id in groups of digits, or behind the word for it. Points make groups only where there are two: 1.050 is none.
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.0+)?|\d{1,3}(?:'\d{3})+|\d{1,3}(?:\.\d{3}){2,}")
_SPACED = re.compile(r"\d+(?: \d+)+")
_LONG = 10  # digits of an id that is written with blanks between them
_NAMED = re.compile(
    r"(?:[#№]|(?:产品|商品|订单|信保订单|信保|询盘|询价|计划|客户|买家)?(?:id|编号|单号|号码|号)[:#.\s]{1,3}"
    r"|(?:产品|商品|订单|信保订单|信保|询盘|询价|计划|客户|买家)(?:id|编号|单号|号码|号)?(?=\d)|order\s(?=\d)"
    r"|(?:(?:order|product|item|plan|customer|buyer|inquiry)\s*)?(?:id|no|nr|num|number)[:#.\s]{1,3}|order\s?[:#])"
    r"\s*#?\s*(?P<id>['\d][\d,. ']{3,})",
    re.IGNORECASE,
)
_QUOTES = "\"'`“”‘’"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2060\ufeff\ufffe\uffff]")
_BREAK = re.compile(r"\s*[\r\n\u2028\u2029]+\s*")
_CELL_LENGTH = 32_767  # what one Excel cell holds
_EXACT = 1e15  # a double prints every integer below it with all its digits in Excel


def parse_ids(values: Sequence[object]) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return ids as text (None is missing) and a mask of those that lost digits.

    Leading zeros stay, save that a number takes those which a text of the column has; ``="10248"``, quotation marks,
    tabs, full-width forms, the ``.0`` of a double, commas between groups and a word before it (``ID:1601``, ``#1601``,
    ``No. 1601``) go. A number of 10^15 or more, or a text such as ``2.34193E+17``, was rounded by Excel and is bad.

    Args:
        values: Distinct cells of a column.
    """
    ids = np.empty(len(values), dtype=np.object_)
    bad = np.zeros(len(values), dtype=np.bool_)
    typed: list[int] = []  # places of numbers
    for place, value in enumerate(values):
        if type(value) is str:
            text = value
            if not (text.isascii() and text.isalnum()):
                text = _bare(_plain(text))
                if match := _DOUBLE.fullmatch(text):
                    text = match[1]
                elif _SCIENTIFIC.fullmatch(text):
                    bad[place] = True
                    continue
            ids[place] = None if len(text) <= _LONGEST and text.casefold() in _MISSING_ID else text
        elif isinstance(value, int | float) and not isinstance(value, bool):
            if value != value:  # noqa: PLR0124 - NaN
                continue
            if abs(value) >= _EXACT:
                bad[place] = True
            else:
                ids[place] = str(int(value)) if value == int(value) else repr(value)
                typed.append(place)
        elif value is not None:
            ids[place] = _written(value)
    if typed:
        zeros = {text.lstrip("0"): text for text in ids if text and text[0] == "0" and text.isdecimal()}
        for place in typed if zeros else ():
            ids[place] = zeros.get(ids[place], ids[place])
    return ids, bad


def _bare(text: str) -> str:
    """Return an id of digits without the word before it and without what groups its digits."""
    text = text.strip(_QUOTES).strip()
    if match := _NAMED.fullmatch(text):
        text = match["id"].strip(_QUOTES).strip()
    if _GROUPED.fullmatch(text):
        return text.partition(".")[0].replace(",", "") if "," in text else re.sub(r"\D", "", text)
    if _SPACED.fullmatch(text) and len(text.replace(" ", "")) >= _LONG:
        return text.replace(" ", "")
    return text


def parse_texts(values: Sequence[object], *, literal: bool = False) -> NDArray[np.object_]:
    """Return texts, one line each, without control characters; None is missing.

    Args:
        values: Distinct cells of a column.
        literal: Words where ``-`` or ``NA`` may be meant (search words, countries): only an empty cell is missing.
    """
    texts = np.empty(len(values), dtype=np.object_)
    missing = frozenset({""}) if literal else _MISSING_TEXT
    for place, value in enumerate(values):
        if type(value) is str:
            text = value.strip()
            if not text.isprintable():
                text = _BREAK.sub(" ", text)
                text = _CONTROL.sub("", text.replace("\t", " ").replace("\xa0", " ")).strip()
            if text[:2] == '="' and (match := _FORMULA_TEXT.fullmatch(text)):
                text = match[1]
            text = text[:_CELL_LENGTH]
        else:
            text = _written(value)
        texts[place] = None if len(text) <= _LONGEST and text.casefold() in missing else text
    return texts


def _plain(text: str) -> str:
    text = _CONTROL.sub("", unicodedata.normalize("NFKC", text)).strip()
    if match := _FORMULA_TEXT.fullmatch(text):
        text = match[1].strip()
    return text.removeprefix("'").strip()


def _written(value: object) -> str:
    """Return a cell that is no text as a person would type it."""
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)
