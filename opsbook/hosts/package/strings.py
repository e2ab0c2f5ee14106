"""Texts of cells: Excel's own escapes, and the table of shared strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opsbook.hosts.package import markup

if TYPE_CHECKING:
    from opsbook.hosts.package.markup import Node

LONGEST = 32_767  # UTF-16 units in a cell
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# A literal _x0041_ would be read as an escape; these characters cannot stand in XML at all. CR would become LF.
_TO_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def clip(text: str) -> str:
    """Return as much of the text as a cell of Excel holds."""
    if len(text) * 2 <= LONGEST or len(wide := text.encode("utf-16-le", "surrogatepass")) <= LONGEST * 2:
        return text
    return wide[: LONGEST * 2].decode("utf-16-le", "ignore")


def encode(text: str) -> bytes:
    """Return a cell's text as character data."""
    return markup.escape(_TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", text))


def decode(data: bytes) -> str:
    """Return the text that character data of a cell spells."""
    text = markup.unescape(data.decode().replace("\r\n", "\n"))
    return unescape(text)


def unescape(text: str) -> str:
    """Return the text without Excel's own ``_x0008_`` escapes."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def text_element(text: str, prefix: bytes) -> bytes:
    """Return ``<t>``, with its spaces kept when they matter."""
    data = encode(text)
    kept = b' xml:space="preserve"' if text != text.strip() or "\n" in text or "  " in text else b""
    return b"<%bt%b>%b</%bt>" % (prefix, kept, data, prefix)


def runs_text(node: Node) -> str:
    """Return the text of ``<si>`` or ``<is>``: its runs joined, without the phonetic guides."""
    pieces = []
    for child in node.children:
        if child.name == "t":
            pieces.append(child.text)
        elif child.name == "r":
            pieces += [part.text for part in child.children if part.name == "t"]
    return unescape("".join(pieces))


class SharedStrings:
    """The part ``sharedStrings.xml``: read by index, appended to."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._texts: list[str] | None = None
        self._plain: dict[str, int] = {}
        self._added: list[str] = []
        self._root: Node | None = None

    def _load(self) -> list[str]:
        if self._texts is None:
            self._root = root = markup.parse(self._data)
            self._texts = []
            for node in root.children:
                if node.name != "si":
                    continue
                text = runs_text(node)
                if len(node.children) == 1 and node.children[0].name == "t":
                    self._plain.setdefault(text, len(self._texts))
                self._texts.append(text)
        return self._texts

    def __getitem__(self, index: int) -> str:
        texts = self._load()
        if not 0 <= index < len(texts):
            raise markup.damaged(f"shared string {index}")
        return texts[index]

    def index(self, text: str) -> int:
        """Return the index of a plain text, added at the end when it is new."""
        texts = self._load()
        found = self._plain.get(text)
        if found is None:
            found = self._plain[text] = len(texts)
            texts.append(text)
            self._added.append(text)
        return found

    @property
    def changed(self) -> bool:
        """Whether anything was added."""
        return bool(self._added)

    def data(self) -> bytes:
        """Return the part with the additions; the counts go, as they would no longer be true."""
        root = self._root or markup.parse(self._data)
        prefix = markup.prefix(self._data, root)
        items = b"".join(
            b"<%bsi>%b</%bsi>" % (prefix, text_element(text, prefix), prefix) for text in self._added
        )
        tag = self._data[root.start : root.inner]
        for name in ("count", "uniqueCount"):
            tag = markup.with_attribute(tag, name, None)
        if root.inner == root.end:  # <sst/>
            closing = b"</%bsst>" % prefix
            return markup.splice(self._data, [(root.start, root.end, tag[:-2] + b">" + items + closing)])
        # Behind the last string: an extLst may follow.
        last = max((node.end for node in root.children if node.name == "si"), default=root.inner)
        return markup.splice(self._data, [(root.start, root.inner, tag), (last, last, items)])
