"""Formulas as files store them: what in them Excel's parser would not take, or would answer with ``#NAME?``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.utils import FORMULAE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# What a function of Excel 2007 takes at least and at most, of those that we write.
ARITY = {
    "ROUND": (2, 2), "IF": (2, 3), "ABS": (1, 1), "ISNUMBER": (1, 1), "ISERROR": (1, 1), "SUBSTITUTE": (3, 4),
    "SUMIF": (2, 3), "LOG10": (1, 1), "NA": (0, 0), "INDEX": (2, 4), "MATCH": (2, 3), "MOD": (2, 2),
}  # fmt: skip
# Newer functions carry a prefix in files; without it they are unknown until somebody types them anew.
NEWER = frozenset(
    [
        "IFNA",
        "XLOOKUP",
        "XMATCH",
        "LET",
        "LAMBDA",
        "CONCAT",
        "TEXTJOIN",
        "IFS",
        "SWITCH",
        "MAXIFS",
        "MINIFS",
        "UNIQUE",
        "SEQUENCE",
        "RANDARRAY",
        "SORTBY",
        "VSTACK",
        "HSTACK",
        "TOCOL",
        "TOROW",
        "TAKE",
        "DROP",
        "CHOOSECOLS",
        "CHOOSEROWS",
        "MAP",
        "REDUCE",
        "SCAN",
        "BYROW",
        "BYCOL",
        "MAKEARRAY",
        "ISOMITTED",
        "PERCENTRANK.INC",
        "PERCENTILE.INC",
        "NORM.S.INV",
        "CHISQ.INV",
        "BINOM.DIST",
        "STDEV.S",
        "STDEV.P",
        "RANK.EQ",
        "NUMBERVALUE",
        "FILTER",
        "SORT",
    ]
)
LONGEST = 8192
_OPERAND_AT_END = ("OPERATOR-INFIX", "OPERATOR-PREFIX", "SEP")
_PREFIX = re.compile(r"^_xlfn\.(?:_xlws\.)?", re.IGNORECASE)


@lru_cache(maxsize=65536)
def _tokens(text: str) -> tuple[tuple[str, str, str], ...] | str:
    try:
        items = Tokenizer(f"={text}").items
    except (TokenizerError, IndexError) as error:
        return str(error) or "cannot be read"
    return tuple((item.type, item.subtype, item.value) for item in items if item.type != "WHITE-SPACE")


def functions_of(text: str) -> set[str]:
    """Return the functions that a formula calls, folded, without the prefixes of files."""
    found = _tokens(text)
    if isinstance(found, str):
        return set()
    return {
        _PREFIX.sub("", value[:-1]).casefold()
        for kind, side, value in found
        if (kind, side) == ("FUNC", "OPEN")
    }


def faults_of(text: str, titles: Collection[str], called: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with a formula.

    Args:
        text: Without ``=``.
        titles: Of the sheets of the workbook.
        called: Defined names and functions of macros, folded.
    """
    if text.startswith("=") or len(re.sub(r"_xl(?:fn|ws|pm|op)\.", "", text)) > LONGEST:
        yield "begins with = or is too long"
    found = _tokens(text)
    if isinstance(found, str):
        yield found
        return
    depth: list[
        tuple[str, int, bool]
    ] = []  # of each open bracket: function, commas, whether anything stands in it
    before = ""
    for kind, side, value in found:
        if side == "CLOSE":
            if not depth:
                yield "a bracket too many"
                return
            name, commas, filled = depth.pop()
            least, most = ARITY.get(name, (0, 255))
            if not least <= (commas + 1 if filled or commas else 0) <= most:
                yield f"{name} does not take so many arguments"
        elif depth and kind != "SEP":
            depth[-1] = (depth[-1][0], depth[-1][1], True)
        if side == "OPEN":
            depth.append((value[:-1].upper() if kind == "FUNC" else "", 0, False))
        elif kind == "SEP" and depth:
            depth[-1] = (depth[-1][0], depth[-1][1] + (value == ","), depth[-1][2])
        yield from _of_token(kind, side, value, titles, called)
        if kind == "OPERATOR-INFIX" and before in {"", "OPERATOR-INFIX", "SEP"}:
            yield "an operator has nothing before it"
        before = kind
    if depth:
        yield "a bracket is not closed"
    if before in _OPERAND_AT_END:
        yield "ends too early"


def _of_token(
    kind: str, side: str, value: str, titles: Collection[str], called: Collection[str]
) -> Iterator[str]:
    if kind == "FUNC" and side == "OPEN":
        name = value[:-1]
        bare = _PREFIX.sub("", name).upper()
        if bare in NEWER and bare == name.upper():
            yield f"{name} lacks its prefix"
        own = name.casefold() in called or name.startswith("_xlpm.")
        if bare == name.upper() and bare not in FORMULAE and not own:
            yield f"{name} is not known"
    elif kind == "OPERAND" and side == "RANGE" and "!" in value:
        sheet = value.rpartition("!")[0]
        sheet = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        known = {title.casefold() for title in titles}
        if "[" not in sheet and any(each.casefold() not in known for each in sheet.split(":")):
            yield f"no sheet {sheet}"
    elif kind == "OPERAND" and value == "#REF!":
        yield "#REF!"
