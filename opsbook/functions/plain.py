"""A function written out the way a person would type it, for cells whose content is known.

`opsbook.functions.excel.inline_formula` judges every argument, because a cell may hold anything. The cells that
Refresh writes hold a number or nothing, so the formulas over them need no such checks:
``IF(E8=0,IF(D8=0,0,#N/A),(D8-E8)/ABS(E8))`` says all of it. Cells that people fill may be empty: they get
one short question, ``IF(E8="",#N/A,…)``.
"""

from __future__ import annotations

from collections.abc import Collection

from opsbook.domain.language import Language
from opsbook.functions import formula_text
from opsbook.functions.excel import inline_formula, literal
from opsbook.functions.formula_text import Token, call_arguments, called, join, tokens
from opsbook.functions.registry import Argument, Function, functions

Pieces = list[Token]
_FLAGS = {"TRUE": True, "FALSE": False}


def plain_formula(
    name: str, *arguments: str, open_cells: Collection[str] = (), language: Language = "zh"
) -> str | None:
    """Return a function written out over the given formula texts, without checks of what a cell cannot hold.

    Args:
        name: Of the registry.
        arguments: References, calls or constants, such as ``C5``, ``{0}`` or ``"cost"``; an empty text leaves an
            optional argument out.
        open_cells: Those of the arguments that people fill: they may be empty or out of range. All others are
            numbers within the function's limits.
        language: Of texts in results.

    Returns:
        A formula without an equals sign, as files store it. Where the function cannot be written so plainly it is
        that of `inline_formula`; None where Excel 2016 cannot express it.
    """
    function = functions()[name]
    texts = [*arguments, *[""] * (len(function.arguments) - len(arguments))]
    given: dict[str, Pieces] = {}
    for argument, text in zip(function.arguments, texts, strict=True):
        value = _value(argument, text)
        if value is None:
            return inline_formula(name, *arguments, language=language)
        given[argument.name] = value
    if not function.excel:
        return None
    written = _simplified(formula_text.expand(_body(function, language), given), {})
    if not formula_text.is_classic(_calls_only(written)):
        return inline_formula(name, *arguments, language=language)
    pairs = [
        (argument, text)
        for argument, text in zip(function.arguments, texts, strict=True)
        if text in open_cells
    ]
    return _asked(formula_text.stored_classic(written), pairs)


def _value(argument: Argument, text: str) -> Pieces | None:
    """Return what the body gets for an argument; None where only the full checks can decide."""
    if not text and argument.optional:
        return tokens(literal(argument.default))
    if argument.type == "flag" and text in _FLAGS:
        return tokens(text)
    if argument.type == "text" and text.startswith('"'):
        meant = argument.choices.get(text.strip('"'))
        return tokens(literal(meant)) if meant else None
    plain = argument.type == "number" and argument.shape in ("cells", "scalar") and argument.blank_as is None
    if not text or not plain or argument.optional:
        return None
    pieces = _reference(text)
    return pieces if len(pieces) == 1 else formula_text.bracketed(pieces)


def _reference(text: str) -> Pieces:
    """Return an argument as one token where it is one reference, which may be a placeholder."""
    if not any(sign in text for sign in "(+-*/^&<>= ,"):
        return [Token("reference", text)]
    pieces: Pieces = []
    for piece in tokens(text.replace("{", "ref_").replace("}", "_ref")):
        placeholder = piece.text.removeprefix("ref_").removesuffix("_ref")
        is_one = placeholder != piece.text
        pieces.append(Token("reference", f"{{{placeholder}}}") if is_one else piece)
    return pieces


def _body(function: Function, language: Language) -> Pieces:
    """Return the declared body with the words of the language."""
    found = []
    for kind, text in tokens(function.excel):
        word = function.words.get(text[2:-1]) if kind == "string" and text[1:2] == "$" else None
        found.append(Token(kind, literal(word[language]) if word else text))
    return found


def _simplified(pieces: Pieces, known: dict[str, bool]) -> Pieces:
    """Return the formula without the branches that can never be taken.

    Args:
        pieces: The formula.
        known: Conditions that are decided here, by their text: those of the calls of IF around.
    """
    written: Pieces = []
    at = 0
    while at < len(pieces):
        if not (called(pieces, at) and pieces[at].text == "IF"):
            written.append(pieces[at])
            at += 1
            continue
        parts, end = call_arguments(pieces, at)
        condition = _simplified(parts[0], known)
        decided = _decided(condition, known)
        alone = at == 0 and end == len(pieces) - 1
        if decided is None:
            text = join(condition)
            branches = [
                _stripped(_simplified(part, {**known, text: holds}))
                for part, holds in zip(parts[1:], (True, False), strict=True)
            ]
            written += [*pieces[at : at + 2], *_stripped(condition)]
            for branch in branches:
                written += [Token("sign", ","), *branch]
            written.append(pieces[end])
        else:
            taken = _simplified(parts[1] if decided else parts[2], known)
            written += taken if alone else formula_text.bracketed(taken)
        at = end + 1
    return written


def _decided(condition: Pieces, known: dict[str, bool]) -> bool | None:
    """Return whether a condition holds, where that can be told from its text."""
    text = join(condition)
    if text in known:
        return known[text]
    if text in _FLAGS:
        return _FLAGS[text]
    if (
        len(condition) == 3
        and condition[1].text == "="
        and condition[0].kind == condition[2].kind == "string"
    ):
        return condition[0].text == condition[2].text
    return None


def _stripped(pieces: Pieces) -> Pieces:
    """Return the formula without brackets around the whole of it."""
    if pieces and pieces[0].text == "(" and formula_text.closing(pieces, 0) == len(pieces) - 1:
        return pieces[1:-1]
    return pieces


def _calls_only(pieces: Pieces) -> Pieces:
    """Return the formula for a check of its calls."""
    return [piece for piece in pieces if piece.kind != "reference"]


def _asked(formula: str, given: list[tuple[Argument, str]]) -> str:
    """Return the formula behind the questions that cells of people need: is it empty, is it out of range."""
    for argument, text in reversed(given):
        limits = [
            f"{text}{sign}{limit:g}"
            for sign, limit in (("<", argument.minimum), (">", argument.maximum), ("<=", argument.above))
            if limit is not None
        ]
        for limit in reversed(limits):
            formula = f"IF({limit},#NUM!,{formula})"
    empty = ",".join(f'{text}=""' for _, text in given)
    if not empty:
        return formula
    return f"IF({empty if len(given) == 1 else f'OR({empty})'},#N/A,{formula})"
