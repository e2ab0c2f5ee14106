"""One ``<c>`` element: what it says, and how a value is written into it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Protocol

from opsbook.backends.ooxml import cell_strings, xml_spans
from opsbook.backends.ooxml.cell_strings import SharedStrings
from opsbook.backends.ooxml.xml_spans import ATTRIBUTES
from opsbook.book.model import Error, Scalar
from opsbook.domain.excel_dates import number_of

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DAYS_1904 = 1462  # the other epoch of Excel, 1904-01-01, counts from 0
_FIRST_SOUND_NUMBER = 61  # 1 March 1900: before it Excel has a day too many
# Metadata of a dynamic array or of a picture in the cell: they belong to the content that goes.
_OF_CONTENT = ("t", "cm", "vm")


class Dialect:
    """The elements of a sheet's rows as this file spells them, with or without a prefix."""

    def __init__(self, prefix: bytes) -> None:
        self.prefix = prefix
        name = re.escape(prefix)
        self.row = re.compile(rb"<" + name + rb"row(?=[\s/>])" + ATTRIBUTES + rb">")
        self.row_end = re.compile(rb"</" + name + rb"row\s*>")
        self.cell = re.compile(
            rb"<" + name + rb"c(?=[\s/>])(" + ATTRIBUTES + rb")(?:(?<=/)>|>(.*?)</" + name + rb"c\s*>)",
            re.DOTALL,
        )
        self.formula = self._element(b"f")
        self.content = self._element(b"v|is")
        self.tag_end = re.compile(rb"<[^\s<>/!?]" + ATTRIBUTES + rb">")
        self.formulas = re.compile(rb"<" + name + rb"f(?=[\s/>])" + ATTRIBUTES + rb">")

    def _element(self, names: bytes) -> re.Pattern[bytes]:
        name = re.escape(self.prefix)
        tag = rb"<" + name + rb"(" + names + rb")(?=[\s/>])" + ATTRIBUTES
        return re.compile(tag + rb"(?:(?<=/)>|>(.*?)</" + name + rb"\1\s*>)", re.DOTALL)


@cache
def dialect(prefix: bytes) -> Dialect:
    """Return the patterns for a namespace prefix (``x:`` or nothing)."""
    return Dialect(prefix)


class Context(Protocol):
    """What reading and writing a cell needs to know of its workbook."""

    strings: SharedStrings | None
    date1904: bool

    @property
    def dynamic(self) -> str:
        """What ``cm`` is of cells with dynamic-array formulas; asked for only when there is to be one."""


@dataclass(slots=True)
class CellMark:
    """A cell of the file.

    Attributes:
        attributes: As written, in order.
        formula: The whole ``<f>`` element, or empty.
        content: The whole ``<v>`` or ``<is>`` element, or empty.
        rest: What else stands inside, such as an extension.
        raw: The element as found; empty once it was changed.
    """

    attributes: dict[str, str]
    formula: bytes = b""
    content: bytes = b""
    rest: bytes = b""
    raw: bytes = b""

    @property
    def style(self) -> int:
        """Index into the workbook's cell formats."""
        return int(self.attributes.get("s", "0"))

    @property
    def empty(self) -> bool:
        """Whether it shows and computes nothing."""
        return not self.formula and not self.content

    def formula_attributes(self) -> dict[str, str]:
        """Return the attributes of ``<f>``; empty without a formula."""
        return xml_spans.attributes(self.formula[: self.formula.index(b">") + 1]) if self.formula else {}

    def render(self, speech: Dialect) -> bytes:
        """Return the element's bytes."""
        if self.raw:
            return self.raw
        pairs = [
            f' {name}="'.encode() + xml_spans.escape_attribute(value) + b'"'
            for name, value in self.attributes.items()
        ]
        tag = b"<" + speech.prefix + b"c" + b"".join(pairs)
        body = self.formula + self.content + self.rest
        return tag + b">" + body + b"</" + speech.prefix + b"c>" if body else tag + b"/>"


def read_mark(match: re.Match[bytes], speech: Dialect) -> CellMark:
    """Return the cell that `Dialect.cell` found."""
    body = match[2] or b""
    formula = content = rest = b""
    if body:
        found = speech.formula.search(body)
        after = found.end() if found else 0
        formula = found[0] if found else b""
        shown = speech.content.search(body, after)
        content = shown[0] if shown else b""
        rest = body[shown.end() if shown else after :].strip()
    # The text in front of the attributes is "<c": cut it and a closing "/".
    return CellMark(xml_spans.attributes(b"<c " + match[1]), formula, content, rest, match[0])


def formula_text(mark: CellMark, speech: Dialect) -> str:
    """Return the formula's own text; empty for the members of a shared formula, which hold none."""
    found = speech.formula.match(mark.formula) if mark.formula else None
    return xml_spans.unescape((found[2] or b"").decode().replace("\r\n", "\n")) if found else ""


def value_of(mark: CellMark, context: Context, speech: Dialect) -> Scalar:
    """Return the cell's value: dates stay serial numbers, ids that are whole numbers come as int.

    Raises:
        BookError: No cell of Excel says this.
    """
    try:
        return _value_of(mark, context, speech) if mark.content else None
    except ValueError:
        raise xml_spans.damaged(f"cell {mark.attributes.get('r', '')}") from None


def _value_of(mark: CellMark, context: Context, speech: Dialect) -> Scalar:
    kind = mark.attributes.get("t", "n")
    if kind == "inlineStr":
        return cell_strings.runs_text(xml_spans.parse(_alone(mark.content, speech)))
    found = speech.content.match(mark.content)
    data = (found[2] or b"") if found else b""
    if kind == "s":
        if context.strings is None:
            raise xml_spans.damaged("shared strings")
        return context.strings[int(data)]
    if kind == "str":
        return cell_strings.decode(data)
    text = data.decode().strip()
    if not text:
        return None
    if kind == "b":
        return text in ("1", "true")
    if kind == "e":
        return Error(text)
    if kind == "d":
        return datetime.fromisoformat(text)
    if _WHOLE.fullmatch(text):
        return int(text)
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _alone(element: bytes, speech: Dialect) -> bytes:
    """Return the element as a document: prefixes that its surroundings declare are declared on it."""
    declared = b"".join(
        b' xmlns:%b="%b"' % (name, name)
        for name in sorted(
            {match[1] for match in re.finditer(rb"[<\s/]([A-Za-z_][\w.-]*):[A-Za-z_]", element)}
        )
        if name not in (b"xml", b"xmlns") and b"xmlns:" + name not in element
    )
    cut = len(speech.prefix) + len(b"<is")
    return element[:cut] + declared + element[cut:]


def plain(value: object, *, date1904: bool) -> Scalar:
    """Return a value as a cell holds it: dates as serial numbers, numbers of numpy as Python's own, texts clipped.

    Raises:
        ValueError: NaN, infinity, a date before 1900, or a thing no cell can hold.
    """
    if hasattr(value, "item") and not isinstance(value, str | date):
        value = value.item()
    if value is None or isinstance(value, bool | Error):
        return value
    if isinstance(value, str):
        return cell_strings.clip(value)
    if isinstance(value, date):
        return serial(value, date1904=date1904)
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise ValueError("NaN and infinity cannot stand in a cell: use the error value NA")
        return value
    raise ValueError(f"a cell cannot hold {type(value).__name__}")


def serial(day: date, *, date1904: bool = False) -> float | int:
    """Return the serial number of a date or datetime."""
    number = number_of(day)
    if date1904:
        number -= _DAYS_1904
    elif number < _FIRST_SOUND_NUMBER:
        number -= 1
    if not number >= 0:
        raise ValueError(f"Excel has no date {day}")
    return int(number) if number == int(number) else number


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same double."""
    text = repr(float(value))
    return text.removesuffix(".0")


def set_content(mark: CellMark, value: Scalar, context: Context, speech: Dialect, *, computed: bool) -> None:
    """Replace what the cell shows; its format stays. ``computed`` is for a value beside a formula.

    A text that begins with ``=`` is still only text: its type says so.
    """
    for name in ("t",) if computed else _OF_CONTENT:
        mark.attributes.pop(name, None)
    mark.raw = b""
    mark.content = b""
    prefix = speech.prefix
    if value is None:
        return
    if isinstance(value, bool):
        kind, data = "b", b"1" if value else b"0"
    elif isinstance(value, Error):
        kind, data = "e", xml_spans.escape(value.code)
    elif isinstance(value, str):
        if computed:
            kind, data = "str", cell_strings.encode(value)
        elif context.strings is not None:
            kind, data = "s", str(context.strings.index(value)).encode()
        else:
            mark.attributes["t"] = "inlineStr"
            mark.content = b"<%bis>%b</%bis>" % (prefix, cell_strings.text_element(value, prefix), prefix)
            return
    elif isinstance(value, int | float):
        kind, data = "", number_text(value).encode()
    else:
        raise TypeError(f"not a plain value: {value!r}")
    if kind:
        mark.attributes["t"] = kind
    mark.content = b"<%bv>%b</%bv>" % (prefix, data, prefix)


def same_value(one: Scalar, other: Scalar) -> bool:
    """Whether two plain values are the same cell content; True is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return float(one) == float(other)
    return type(one) is type(other) and one == other
