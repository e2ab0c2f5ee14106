"""Texts of cells: Excel's own escapes, and the table of shared strings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.xml_spans import Node

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
    return xml_spans.escape(_TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", text))


def decode(data: bytes) -> str:
    """Return the text that character data of a cell spells."""
    text = xml_spans.unescape(data.decode().replace("\r\n", "\n"))
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


_ROOT = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sst(?=[\s/>])[^<>]*>")


def _item(node: Node) -> tuple[str, bool]:
    return runs_text(node), len(node.children) == 1 and node.children[0].name == "t"


def _declared(element: bytes, prefix: bytes) -> bytes:
    """Return ``<si>`` as a document of its own: any prefix inside it is declared on it."""
    names = {match[1] for match in re.finditer(rb"[<\s]([A-Za-z_][\w.-]*):[A-Za-z_]", element)} - {
        b"xml",
        b"xmlns",
    }
    cut = len(prefix) + len(b"<si")
    return (
        element[:cut] + b"".join(b' xmlns:%b="%b"' % (name, name) for name in sorted(names)) + element[cut:]
    )


class SharedStrings:
    """The part ``sharedStrings.xml``: read by index, appended to."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._texts: list[str] | None = None
        self._plain: dict[str, int] = {}
        self._added: list[str] = []

    def _load(self) -> list[str]:
        if self._texts is None:
            self._texts = []
            for text, plain in self._items():
                if plain:
                    self._plain.setdefault(text, len(self._texts))
                self._texts.append(text)
        return self._texts

    def _items(self) -> Iterator[tuple[str, bool]]:
        """Yield each text, and whether it has one look throughout."""
        head = _ROOT.search(self._data)
        if head is None or b"<!" in self._data:  # comments or CDATA: slower, and sure
            yield from (_item(node) for node in xml_spans.parse(self._data).children if node.name == "si")
            return
        prefix = head[1]
        # A hundred thousand texts are common, and nearly all are this plain.
        item = re.compile(rb"<%bsi(?:\s[^<>]*)?(?:/>|>(.*?)</%bsi\s*>)" % (prefix, prefix), re.DOTALL)
        simple = re.compile(rb"\s*<%bt(?:\s[^<>]*)?>([^<]*)</%bt\s*>\s*" % (prefix, prefix))
        for match in item.finditer(self._data, head.end()):
            plain = simple.fullmatch(match[1] or b"")
            if plain:
                yield decode(plain[1]), True
            else:
                yield _item(xml_spans.parse(_declared(match[0], prefix)))

    def __getitem__(self, index: int) -> str:
        texts = self._load()
        if not 0 <= index < len(texts):
            raise xml_spans.damaged(f"shared string {index}")
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
        head = _ROOT.search(self._data)
        if head is None or b"<!" in self._data[head.end() :]:
            raise xml_spans.damaged("shared strings")
        prefix = head[1]
        items = b"".join(
            b"<%bsi>%b</%bsi>" % (prefix, text_element(text, prefix), prefix) for text in self._added
        )
        tag = head[0]
        for name in ("count", "uniqueCount"):
            tag = xml_spans.with_attribute(tag, name, None)
        if tag.endswith(b"/>"):  # <sst/>
            return xml_spans.splice(
                self._data, [(head.start(), head.end(), tag[:-2] + b">" + items + b"</%bsst>" % prefix)]
            )
        # Behind the last string: an extLst may follow.
        ends = re.finditer(rb"</%bsi\s*>|<%bsi(?:\s[^<>]*)?/>" % (prefix, prefix), self._data)
        last = max((match.end() for match in ends), default=head.end())
        return xml_spans.splice(self._data, [(head.start(), head.end(), tag), (last, last, items)])


def only(data: bytes, used: set[int]) -> bytes:
    """Return the part ``sharedStrings.xml`` with every text emptied that no cell uses; the others keep their place."""
    head = _ROOT.search(data)
    if head is None or b"<!" in data[head.end() :]:  # comments or CDATA: offsets by the parser, slower
        items = [(node.start, node.end) for node in xml_spans.parse(data).children if node.name == "si"]
        prefix = head[1] if head else b""
    else:
        prefix = head[1]
        item = re.compile(rb"<%bsi(?:\s[^<>]*)?(?:/>|>(.*?)</%bsi\s*>)" % (prefix, prefix), re.DOTALL)
        items = [match.span() for match in item.finditer(data, head.end())]
    empty = b"<%bsi><%bt/></%bsi>" % (prefix, prefix, prefix)
    return xml_spans.splice(data, ((*span, empty) for at, span in enumerate(items) if at not in used))
