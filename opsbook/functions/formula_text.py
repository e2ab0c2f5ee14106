"""Formula text: tokens, the prefixes that files store, and expansion of LET and LAMBDA.

The declarations hold formulas as people type them. Excel's files store them otherwise (observed in files that
Excel wrote): newer functions carry ``_xlfn.`` or ``_xlfn._xlws.``, names bound by LET and LAMBDA ``_xlpm.``; an
optional parameter is declared as ``_xlop.name`` instead of ``[name]``, and used as ``_xlpm.name``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from opsbook.domain.declarations import load

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"]|"")*")
      | (?P<error>\#(?:N/A|VALUE!|NUM!|DIV/0!|REF!|NAME\?|NULL!))
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_.]*)
      | (?P<space>\s+)
      | (?P<sign><>|<=|>=|[-+*/^&=<>(),;{}\[\]%:])""",
    re.VERBOSE,
)


@cache
def _known() -> Mapping[str, str]:
    """Return the declared set (plain, newer, latest, sheet) of every Excel function that bodies may use."""
    declared = load("opsbook.functions", "declared", "excel_functions.toml")
    return {name: kind for kind, names in declared.items() for name in names.split()}


_PREFIXES = {"plain": "", "newer": "_xlfn.", "latest": "_xlfn.", "sheet": "_xlfn._xlws."}
_A1 = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*|[Cc][0-9]*|[Rr][0-9]*[Cc][0-9]*")


class FormulaError(Exception):
    """A declared formula cannot be read."""


class Token(NamedTuple):
    """A piece of a formula; ``kind`` is string, error, number, name or sign."""

    kind: str
    text: str


def tokens(source: str) -> list[Token]:
    """Return the tokens without white space (no declared formula uses the intersection operator).

    Raises:
        FormulaError: A character fits no token.
    """
    found, at = [], 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None:
            raise FormulaError(f"cannot read {source[at : at + 20]!r}")
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup, match.group()))
        at = match.end()
    return found


def join(pieces: list[Token]) -> str:
    """Return the formula as text."""
    return "".join(piece.text for piece in pieces)


def looks_like_cell(name: str) -> bool:
    """Return whether Excel would read the name as an A1 or R1C1 reference."""
    if not _A1.fullmatch(name):
        return False
    letters = re.match(r"[A-Za-z]+", name)
    column = 0
    for letter in letters.group().upper() if letters else "":
        column = column * 26 + ord(letter) - 64
    digits = name[len(letters.group()) :] if letters else ""
    return (digits.isdigit() and column <= 16384 and 1 <= int(digits) <= 1048576) or name[0] in "RrCc"


def called(pieces: list[Token], at: int) -> bool:
    """Return whether the token at ``at`` is a name followed by an opening bracket."""
    return pieces[at].kind == "name" and at + 1 < len(pieces) and pieces[at + 1].text == "("


def closing(pieces: list[Token], at: int) -> int:
    """Return the index of the bracket that closes the one at ``at``."""
    depth = 0
    for index in range(at, len(pieces)):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(pieces[index].text, 0)
        if depth == 0:
            return index
    raise FormulaError(f"unclosed bracket in {join(pieces)[:60]!r}")


def call_arguments(pieces: list[Token], at: int) -> tuple[list[list[Token]], int]:
    """Return the arguments of the call whose name is at ``at``, and the index of its closing bracket."""
    end = closing(pieces, at + 1)
    found: list[list[Token]] = [[]]
    index = at + 2
    while index < end:
        piece = pieces[index]
        if piece.text == ",":
            found.append([])
        elif piece.text in ("(", "{"):
            stop = closing(pieces, index)
            found[-1] += pieces[index : stop + 1]
            index = stop
        else:
            found[-1].append(piece)
        index += 1
    return ([] if found == [[]] else found), end


def bound_names(pieces: list[Token]) -> set[str]:
    """Return every name that a LET or LAMBDA in the formula binds."""
    found: set[str] = set()
    for at in range(len(pieces)):
        if called(pieces, at) and pieces[at].text in ("LET", "LAMBDA"):
            given, _ = call_arguments(pieces, at)
            binders = given[:-1:2] if pieces[at].text == "LET" else given[:-1]
            for binder in binders:
                name = [piece.text for piece in binder if piece.text not in "[]"]
                if len(name) != 1:
                    raise FormulaError(f"{join(binder)!r} is no name to bind")
                found.add(name[0])
    return found


def stored(source: str) -> str:
    """Return a formula as Excel's files store it, without the equals sign.

    Raises:
        FormulaError: A name is neither bound nor a function known here, or looks like a cell.
    """
    pieces = tokens(source)
    bound = bound_names(pieces)
    for name in bound:
        if looks_like_cell(name):
            raise FormulaError(f"{name} looks like a cell")
    written: list[str] = []
    at = 0
    while at < len(pieces):
        kind, text = pieces[at]
        if text == "[":  # an optional parameter
            written.append("_xlop." + pieces[at + 1].text)
            at += 3
            continue
        if kind != "name" or text in ("TRUE", "FALSE"):
            written.append(text)
        elif text in bound:
            written.append("_xlpm." + text)
        elif called(pieces, at) and text in _known():
            written.append(_PREFIXES[_known()[text]] + text)
        else:
            raise FormulaError(f"{text} is neither bound nor a known function")
        at += 1
    return "".join(written)


def expand(pieces: list[Token], given: dict[str, list[Token]]) -> list[Token]:
    """Return the formula with names replaced and every LET written out.

    Args:
        pieces: The formula.
        given: What each free name stands for.
    """
    written: list[Token] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if called(pieces, at) and piece.text == "LET":
            arguments, end = call_arguments(pieces, at)
            inner = dict(given)
            for name, value in zip(arguments[:-1:2], arguments[1::2], strict=True):
                inner[name[0].text] = bracketed(expand(value, inner))
            written += bracketed(expand(arguments[-1], inner))
            at = end
        elif piece.kind == "name" and piece.text in given and not called(pieces, at):
            written += given[piece.text]
        else:
            written.append(piece)
        at += 1
    return written


def bracketed(pieces: list[Token]) -> list[Token]:
    """Return the formula in brackets, unless it is one token or one call."""
    whole = len(pieces) > 1 and called(pieces, 0) and closing(pieces, 1) == len(pieces) - 1
    if len(pieces) == 1 or whole:
        return pieces
    return [Token("sign", "("), *pieces, Token("sign", ")")]


def is_classic(pieces: list[Token]) -> bool:
    """Return whether Excel 2016 knows every function of the formula."""
    called_here = {piece.text for at, piece in enumerate(pieces) if called(pieces, at)}
    return all(_known().get(name) in ("plain", "newer") for name in called_here)


def stored_classic(pieces: list[Token]) -> str:
    """Return an expanded formula with the prefixes that files store; free names stay as they are."""
    return "".join(
        _PREFIXES[_known()[piece.text]] + piece.text if called(pieces, at) else piece.text
        for at, piece in enumerate(pieces)
    )
