"""JSON documents in a text: one, several, one a line, or inside the answer of an assistant. Within limits.

The platform's assistants hand out JSON; people save it as a file, a line a reply, or with the words of the answer
around it. The standard parser reads it, with hooks for what it would pass over: a key that comes twice with different
values, NaN and Infinity, numbers with more digits than any figure. Such a value is missing, and is reported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from opsbook.intake.issue_collector import shown
from opsbook.intake.limits import Unreadable

if TYPE_CHECKING:
    from opsbook.intake.grid import Remark

DEPTH = 24  # levels that are looked into; replies have about ten
_LONGEST_NUMBER = 40  # digits of a number; ids have 18
_STARTS = re.compile(r"[{\[]")
_FENCE = re.compile(r"```[\w-]*[ \t]*\n(.*?)(?:```|\Z)", re.DOTALL)
_MOST_STARTS = 2_000  # brackets of a text that are tried
_BROKEN = 3  # documents that end in the middle, reported one by one
_MEMBER = re.compile(r'\\?"(?P<name>[A-Za-z][\w.]{1,60})\\?"\s*:')


@dataclass
class Documents:
    """What a text holds.

    Attributes:
        found: Its JSON documents, in order.
        repeated: Names that one object has twice, with different values.
        numbers: Numbers that are none: NaN, Infinity, thousands of digits. How often each came.
        broken: Where documents end in the middle or are no JSON: line and column.
        alone: Whether the text is nothing but JSON.
        remarks: What is to be said of the encoding: code of the issue, line, facts, count.
    """

    found: list[Any] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    alone: bool = True
    remarks: list[Remark] = field(default_factory=list)


def begins_like_json(text: str) -> bool:
    """Whether a text begins with an object or a list."""
    return bool(_STARTS.match(text.lstrip("\ufeff \t\r\n")))


def names_in(text: str) -> set[str]:
    """Return the names of members that a text has, also those of JSON inside a JSON string."""
    return {match["name"] for match in _MEMBER.finditer(text)}


def documents(text: str) -> Documents:
    """Return the JSON documents of a text.

    Raises:
        Unreadable: A document is nested deeper than the parser can go.
    """
    made = Documents()
    parser = _Parser(made)
    bare = text.strip("\ufeff \t\r\n")
    if begins_like_json(bare):
        rest = parser.in_a_row(bare)
        if rest is None:
            return made
        if made.broken and not made.found and not _FENCE.search(text):
            return made
    made.alone = False
    fences = _FENCE.findall(text)
    inner = _Parser(Documents())
    for part in fences or [text]:
        inner.scattered(part)
    if inner.made.found:  # words around it may look like broken JSON
        inner.made.alone = False
        return inner.made
    made.broken = made.broken or inner.made.broken
    return made


def parsed(text: str, made: Documents) -> Any:
    """Return the document that a JSON string holds, or None where it holds none."""
    try:
        return _Parser(made).decoder.decode(text.strip())
    except (ValueError, RecursionError):
        return None


class _Parser:
    def __init__(self, made: Documents) -> None:
        self.made = made
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._integer,
            parse_float=self._float,
            parse_constant=self._constant,
            strict=False,
        )

    def in_a_row(self, text: str) -> int | None:
        """Take documents that follow one another; return None, or the place of something else."""
        place = 0
        while place < len(text):
            start = _STARTS.match(text, place)
            if not start:
                return place
            try:
                document, end = self.decoder.raw_decode(text, place)
            except RecursionError:
                raise Unreadable("json.deep") from None
            except ValueError as error:
                self._break(text, error)
                return place
            self.made.found.append(document)
            place = end
            while place < len(text) and text[place] in " \t\r\n,;\ufeff\x1e":
                place += 1
        return None

    def scattered(self, text: str) -> None:
        """Take the documents between words."""
        place = tried = 0
        while (start := _STARTS.search(text, place)) and tried < _MOST_STARTS:
            tried += 1
            try:
                document, place = self.decoder.raw_decode(text, start.start())
            except RecursionError:
                raise Unreadable("json.deep") from None
            except ValueError as error:
                if text.startswith("{", start.start()) and names_in(
                    text[start.start() : start.start() + 200]
                ):
                    self._break(text, error)
                    place = max(start.end(), getattr(error, "pos", 0))
                else:
                    place = start.end()
                continue
            self.made.found.append(document)

    def _break(self, text: str, error: ValueError) -> None:
        place = getattr(error, "pos", len(text))
        line = text.count("\n", 0, place) + 1
        column = place - (text.rfind("\n", 0, place) + 1) + 1
        if len(self.made.broken) < _BROKEN:
            self.made.broken.append(f"{line}:{column}")

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            first: dict[str, Any] = {}
            for name, value in pairs:
                if name in first and not _same(first[name], value):
                    found[name] = None  # neither value is better than the other
                    self.made.repeated.append(shown(name))
                first.setdefault(name, value)
        return found

    def _integer(self, text: str) -> int | None:
        if len(text) > _LONGEST_NUMBER:
            self.made.numbers.append(f"{text[:6]}… ({len(text)})")
            return None
        return int(text)

    def _float(self, text: str) -> float | None:
        number = float(text)
        if number - number != 0:
            self.made.numbers.append(shown(text))
            return None
        return number

    def _constant(self, text: str) -> None:
        self.made.numbers.append(text)


def _same(one: Any, other: Any) -> bool:
    try:
        return type(one) is type(other) and bool(one == other)
    except RecursionError:
        return False


def leaves(node: object, depth: int = 0) -> Iterator[str]:
    """Yield the first names of members in a document, for a person who has to see what it is about."""
    if depth < DEPTH and isinstance(node, dict):
        yield from map(str, node)
        for each in node.values():
            yield from leaves(each, depth + 1)
    elif depth < DEPTH and isinstance(node, list):
        for each in node[:3]:
            yield from leaves(each, depth + 1)
