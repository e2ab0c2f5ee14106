"""What a header says under its decoration: stars, numbers, units, the same in English, a region's characters.

Readings of one text go from the strictest to the loosest: the header itself; without marks and punctuation; without
a unit that its field can have; one of two languages, where the other says the same or nothing else. A text that
can be two different fields of a kind is neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from opsbook.intake.unit_words import agrees, fits, preferred, split_unit, words
from opsbook.schemas import Field, Schema, normalise_header, schemas
from opsbook.schemas.spelling import folded

EXACT, PLAIN, UNIT, FOREIGN_UNIT = range(4)
"""How sure a match is: the header itself, decorated, with the field's unit, with another unit than the field's."""

_ENCLOSED = re.compile(r"\(([^()]+)\)")
_NUMBERED = re.compile(r"\(?\d{1,2}\s*[.、):]\s*(?=\D)")
_CIRCLED = re.compile(
    r"^[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]|[\u2460-\u2473\u2776-\u2793\u00b9\u00b2\u00b3\u2070-\u2079]$"
)
_AGAIN = re.compile(r"\.\d{1,2}$")  # what programs add to a header that stands twice
_BRACKET_END = re.compile(r"(?P<first>[^()]+?)\s*\((?P<other>[^()]+)\)")
_PARTS = re.compile(r"\s*[\n\r/|]\s*|\s+-\s+|\s{2,}")
_HAN = r"\u3400-\u9fff"
_HAN_FIRST = re.compile(
    rf"(?P<first>[^A-Za-z]*[{_HAN}][^A-Za-z]*?)\s*(?P<other>[A-Za-z][^{_HAN}]*)", re.DOTALL
)
_HAN_LAST = re.compile(rf"(?P<first>[A-Za-z][^{_HAN}]*?)\s*(?P<other>[{_HAN}].*)", re.DOTALL)
_ANY_HAN = re.compile(f"[{_HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_LETTER = re.compile(r"[^\W\d_]")
_KEPT = frozenset("%‰/\\&()")
_LONGEST = 80


@dataclass(frozen=True)
class Match:
    """A header text read as a field of one kind.

    Attributes:
        owner: The field.
        header: The field's header that it was read as, normalised.
        rank: `EXACT`, `PLAIN`, `UNIT` or `FOREIGN_UNIT`.
        unit: The unit in the text, as it is written; empty without one.
    """

    owner: Field
    header: str
    rank: int
    unit: str = ""


@dataclass(frozen=True)
class _Index:
    """The headers of a kind: as they are, without punctuation, and without their own units."""

    exact: Mapping[str, tuple[Field, str]]
    bare: Mapping[str, tuple[Field, str]]
    base: Mapping[str, tuple[Field, str]]


@lru_cache(maxsize=20_000)
def matches(text: str) -> Mapping[str, Match]:
    """Return by kind the field that a header text is; kinds to which it says nothing are left out."""
    if not text or len(text) > _LONGEST or not _LETTER.search(text):
        return {}
    readings = tuple(_readings(text))
    splits = tuple(_splits(text))
    known = _all_names()
    if not any(name in known or _bare(name) in known for name, _ in readings) and not any(
        name in known or _bare(name) in known
        for parts, _ in splits
        for part in parts
        for name, _ in _readings(part)
    ):
        return {}
    found = {}
    for kind, schema in schemas().items():
        match = _single(schema, readings) or _of_two_languages(schema, splits)
        if match:
            found[kind] = match
    return found


@lru_cache(maxsize=20_000)
def headers_meant(text: str) -> frozenset[str]:
    """Return the headers, of any kind, that a text may be read as: what speaks against another kind."""
    return frozenset({normalise_header(text), *(match.header for match in matches(text).values())})


def _single(schema: Schema, readings: tuple[tuple[str, str], ...]) -> Match | None:
    index = _index(schema.kind)
    for number, (name, unit) in enumerate(readings):
        found = index.exact.get(name)
        if found and number == 0:
            return Match(*found, EXACT)
        found = found or index.bare.get(_bare(name)) or index.base.get(_bare(name))
        if not found or (unit and not fits(found[0], unit)):
            continue
        if not unit:
            return Match(*found, PLAIN)
        return Match(*found, UNIT if agrees(found[0], unit) else FOREIGN_UNIT, unit)
    return None


def _of_two_languages(schema: Schema, splits: tuple[tuple[tuple[str, ...], str], ...]) -> Match | None:
    for parts, outer in splits:
        found = [_single(schema, tuple(_readings(part))) for part in parts]
        owners = {match.owner.name for match in found if match}
        if len(owners) != 1:
            continue
        unknown = [part for part, match in zip(parts, found, strict=True) if not match]
        has_chinese = any(_ANY_HAN.search(part) for part, match in zip(parts, found, strict=True) if match)
        if unknown and not (has_chinese and all(_translation(part) for part in unknown)):
            continue
        best = next(match for match in found if match)
        unit = outer or next((match.unit for match in found if match and match.unit), "")
        if outer and not fits(best.owner, outer):
            continue
        if not unit:
            return Match(best.owner, best.header, PLAIN)
        return Match(best.owner, best.header, UNIT if agrees(best.owner, unit) else FOREIGN_UNIT, unit)
    return None


def _readings(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a text may name, strictest first, with the unit that was taken off."""
    yield normalise_header(text), ""
    plain = _undecorated(text)
    yield normalise_header(plain), ""
    if (without := _AGAIN.sub("", plain)) != plain:
        yield normalise_header(without), ""
    base, unit = split_unit(plain)
    if base:
        base = _undecorated(base)
        if ours := preferred(unit):
            yield normalise_header(f"{base}({ours})"), unit
        yield normalise_header(base), unit


def _splits(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the parts of a text that may say the same in two languages, and the unit after them."""
    plain = _undecorated(text)
    base, unit = split_unit(plain)
    for whole, outer in ((plain, ""), (base, unit)):
        if not whole:
            continue
        if match := _BRACKET_END.fullmatch(whole):
            yield (match["first"], match["other"]), outer
        pieces = tuple(piece for piece in _PARTS.split(whole) if piece)
        if len(pieces) > 1:
            yield pieces, outer
        for pattern in (_HAN_FIRST, _HAN_LAST):
            if match := pattern.fullmatch(whole):
                yield (match["first"], match["other"]), outer


def _translation(part: str) -> bool:
    """Whether a text is English for headers: it names no place, device or product that would narrow the column."""
    if _ANY_HAN.search(part):
        return False
    latin = [word.casefold() for word in _LATIN_WORD.findall(part)]
    return bool(latin) and words()["translation"].issuperset(latin)


def _undecorated(text: str) -> str:
    """Return a header without stars, arrows, numbers before it and marks of required cells; its words stay apart."""
    text = folded(_CIRCLED.sub("", text.strip())).strip()
    before = ""
    while text != before:
        before = text
        if match := _ENCLOSED.fullmatch(text):
            text = match[1].strip()
        for match in _ENCLOSED.finditer(text):
            if "".join(match[1].split()).casefold().strip("*:") in words()["marks"]:
                text = (text[: match.start()] + text[match.end() :]).strip()
                break
        text = _NUMBERED.sub("", text, count=1) if _NUMBERED.match(text) else text
        start, end = 0, len(text)
        while start < end and _is_mark(text[start]):
            start += 1
        while end > start and _is_mark(text[end - 1]):
            end -= 1
        text = text[start:end]
    return text


def _is_mark(char: str) -> bool:
    if char.isspace():
        return True
    return char not in _KEPT and unicodedata.category(char) in (
        "So",
        "Sk",
        "Sm",
        "Po",
        "Pd",
        "Pc",
        "Pi",
        "Pf",
    )


def _bare(name: str) -> str:
    """Return a normalised header without punctuation."""
    return "".join(char for char in name if char.isalnum() or char in "%‰$¥€£+")


@cache
def _index(kind: str) -> _Index:
    schema = schemas()[kind]
    exact: dict[str, tuple[Field, str]] = {}
    bare: dict[str, tuple[Field, str]] = {}
    for name, owner in schema.by_header.items():
        exact[name] = (owner, name)
        bare.setdefault(_bare(name), (owner, name))
    bases: dict[str, dict[str, str]] = {}
    for name, owner in schema.by_header.items():
        base, unit = split_unit(name)
        if base and unit and fits(owner, unit):
            bases.setdefault(_bare(base), {})[owner.name] = name
    base_index = {
        base: (schema.by_name[next(iter(owners))], next(iter(owners.values())))
        for base, owners in bases.items()
        if len(owners) == 1 and base not in bare
    }
    return _Index(exact, bare, base_index)


@cache
def _all_names() -> frozenset[str]:
    """Return every name that some kind knows, in every form in which it is compared."""
    names: set[str] = set()
    for kind in schemas():
        index = _index(kind)
        names |= index.exact.keys()
        names |= index.bare.keys() | index.base.keys()
    return frozenset(names)
