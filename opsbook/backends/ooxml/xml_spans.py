"""XML with byte offsets: parsed by expat, changed by replacing spans, so that the rest stays as it was."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from opsbook.domain.errors import BookError
from opsbook.domain.language import Text

# One opening tag from its "<": a ">" may stand inside an attribute's quotes.
ATTRIBUTES = rb"(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+"
_OPENING = re.compile(rb"<[^\s<>/!?]" + ATTRIBUTES + rb">")
_ATTRIBUTE = re.compile(rb"([^\s=\"'<>/]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_REFERENCE = re.compile(r"&(#[xX]?[0-9a-fA-F]+|amp|lt|gt|quot|apos);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(slots=True)
class Node:
    """An element and where it stands in the bytes.

    Attributes:
        name: Local name, without prefix.
        namespace: URI, or empty.
        attributes: Decoded; a name in a namespace is ``uri name``.
        start: Offset of its ``<``.
        inner: Offset after its opening tag.
        inner_end: Offset of its closing tag; equals ``inner`` for ``<a/>``.
        end: Offset after it.
        children: Elements inside, in order.
        text: Its own character data.
    """

    name: str
    namespace: str
    attributes: dict[str, str]
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def walk(self) -> Iterator[Node]:
        """Yield the element and all below it, in order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)

    def child(self, *names: str) -> Node | None:
        """Return the first element inside of one of these local names."""
        return next((child for child in self.children if child.name in names), None)

    def find(self, name: str) -> Iterator[Node]:
        """Yield every element of that local name at any depth."""
        return (node for node in self.walk() if node.name == name)


class DamagedError(BookError):
    """The package cannot be understood; ``detail`` says which part of it."""

    def __init__(self, detail: str, name: str = "") -> None:
        self.detail = detail
        where = f" {name} " if name else ""
        super().__init__(
            Text(
                f"工作簿{where}已损坏或不是 Excel 写出的（{detail}）：请用 Excel 打开、另存后再试。",
                f"The workbook {name + ' ' if name else ''}is damaged or not as Excel writes it ({detail}): "
                "open it in Excel, save it, and try again.",
            )
        )


def damaged(detail: str) -> BookError:
    """Return the error for a workbook whose package cannot be understood."""
    return DamagedError(detail)


@contextlib.contextmanager
def understood(part: str) -> Iterator[None]:
    """Turn what well-formed XML says and Excel never does (a row "x", a cell "A0") into the refusal of the file."""
    try:
        yield
    except (ValueError, KeyError, IndexError) as error:
        raise damaged(f"{part}: {type(error).__name__}") from error


def parse(data: bytes) -> Node:
    """Return the root element.

    Raises:
        BookError: Not well-formed, not UTF-8, or with a document type (entities are never expanded).
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    open_nodes: list[Node] = []
    roots: list[Node] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        tag = _OPENING.match(data, at)
        if not tag:
            raise damaged("encoding")
        namespace, _, local = name.rpartition(" ")
        node = Node(local, namespace, attributes, at, tag.end())
        (open_nodes[-1].children if open_nodes else roots).append(node)
        open_nodes.append(node)

    def end(_: str) -> None:
        node = open_nodes.pop()
        if data[node.inner - 2 : node.inner] == b"/>":
            node.inner_end = node.end = node.inner
        else:
            node.inner_end = parser.CurrentByteIndex
            node.end = data.index(b">", node.inner_end) + 1

    def text(piece: str) -> None:
        if open_nodes:
            open_nodes[-1].text += piece

    def doctype(*_: object) -> None:
        raise damaged("DOCTYPE")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # an encoding that is none is a LookupError
        raise damaged(f"XML: {error}") from None
    return roots[0]


def check(data: bytes) -> None:
    """Raise BookError unless the bytes are one well-formed document."""
    try:
        expat.ParserCreate().Parse(data, True)
        data.decode()  # what says to be in another encoding is not read as what it is
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise damaged(f"XML: {error}") from None


def splice(data: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Return the bytes with each ``(start, end, new)`` span replaced; spans do not overlap."""
    pieces = []
    position = 0
    for start, end, new in sorted(edits):
        pieces += [data[position:start], new]
        position = end
    pieces.append(data[position:])
    return b"".join(pieces)


def prefix(data: bytes, node: Node) -> bytes:
    """Return the namespace prefix the element is written with: ``x:`` or nothing."""
    name = re.match(rb"<([^\s<>/]+)", data[node.start : node.inner])
    before, colon, _ = name[1].partition(b":") if name else (b"", b"", b"")
    return before + colon if colon else b""


def attributes(tag: bytes) -> dict[str, str]:
    """Return the attributes of an opening tag, decoded, in order, names as written."""
    return {
        match[1].decode(): unescape(match[2][1:-1].decode())
        for match in _ATTRIBUTE.finditer(tag, tag.index(b"<") + 1)
    }


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """Return the opening tag with one attribute set, added, or (None) taken away; the others stay as written."""
    for match in _ATTRIBUTE.finditer(tag):
        if match[1].decode() == name:
            if value is None:
                before = tag[: match.start()].rstrip()
                return before + tag[match.end() :]
            return tag[: match.start(2)] + b'"' + escape_attribute(value) + b'"' + tag[match.end(2) :]
    if value is None:
        return tag
    cut = len(tag) - (2 if tag.endswith(b"/>") else 1)
    kept = tag[:cut].rstrip()
    return kept + f' {name}="'.encode() + escape_attribute(value) + b'"' + tag[cut:]


def escape(text: str) -> bytes:
    """Return character data."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def escape_attribute(text: str) -> bytes:
    """Return the inside of an attribute in double quotes."""
    found = escape(text).replace(b'"', b"&quot;")
    return found.replace(b"\n", b"&#10;").replace(b"\r", b"&#13;").replace(b"\t", b"&#9;")


def unescape(text: str) -> str:
    """Return what character data or an attribute says."""
    if "&" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name[0] != "#":
            return _NAMED[name]
        return chr(int("0" + name[1:], 0) if name[1] in "xX" else int(name[1:]))

    return _REFERENCE.sub(replace, text)
