"""Our cell formats behind the user's: theirs keep their numbers, ours get new ones."""

from __future__ import annotations

import re

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.format_numbers import FormatNumbers
from opsbook.backends.ooxml.package_parts import Parts
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.part_transfer import attach
from opsbook.backends.ooxml.refusals import refuse
from opsbook.backends.ooxml.workbook_part import behind
from opsbook.backends.ooxml.xml_spans import Node

_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
_APPENDED = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_LAST_BUILT_IN = 163  # number formats up to this one are Excel's own
_MOST_FORMATS = 64_000  # of cells, in one workbook
_NORMAL = "0"  # the built-in style of cells that have no other
_NUMBER_FORMAT = re.compile(rb'(\bnumFmtId=")([0-9]+)')
_TAG = re.compile(rb"<(/?)(?=[A-Za-z])")


def add(parts: Parts, book: str, added: Session) -> FormatNumbers:
    """Add our formats to the user's.

    Args:
        parts: The user's package.
        book: Its workbook part.
        added: Our workbook.

    Raises:
        BookError: There would be more than Excel takes.
    """
    (ours,) = added.parts.related(added.book.part, "styles")
    mine = added.parts.read(ours)
    theirs = parts.related(book, "styles")
    if not theirs:
        attach(parts, book, added, "styles")
        return FormatNumbers(range(len(_items(xml_spans.parse(mine), "cellXfs"))), 0)
    data, numbers = merged(parts.read(theirs[0]), mine)
    parts.write(theirs[0], data)
    return numbers


def known(parts: Parts, book: str, added: Session) -> FormatNumbers | None:
    """Return what our formats are called in a workbook that has all of them already, None where one is missing.

    Args:
        parts: The user's package.
        book: Its workbook part.
        added: Our workbook.
    """
    theirs, ours = parts.related(book, "styles"), added.parts.related(added.book.part, "styles")
    if not theirs or not ours:
        return None
    mine = _described(parts.read(theirs[0]))
    wanted = _described(added.parts.read(ours[0]))
    cells = {text: number for number, text in reversed(list(enumerate(mine[0])))}
    rules = {text: number for number, text in reversed(list(enumerate(mine[1])))}
    if not all(text in cells for text in wanted[0]) or not all(text in rules for text in wanted[1]):
        return None
    return FormatNumbers([cells[text] for text in wanted[0]], 0, [rules[text] for text in wanted[1]])


def looks(parts: Parts, book: str) -> list[bytes]:
    """Return what each cell format of a workbook looks like, whatever it is numbered."""
    found = parts.related(book, "styles")
    return _described(parts.read(found[0]))[0] if found else []


def _described(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return every cell format and every format of a rule by what they look like, whatever they are numbered."""
    root = xml_spans.parse(data)
    bodies = {
        name: [data[node.start : node.end] for node in _items(root, name)] for name in _APPENDED.values()
    }
    codes = {
        node.attributes.get("numFmtId", ""): node.attributes.get("formatCode", "")
        for node in _items(root, "numFmts")
    }
    named = {node.attributes.get("xfId", ""): _identity(node) for node in _items(root, "cellStyles")}

    def described(node: Node) -> bytes:
        said = dict(node.attributes)
        facts = [
            bodies[listing][at] if (at := int(said.pop(name, "0"))) < len(bodies[listing]) else b""
            for name, listing in _APPENDED.items()
        ]
        code = said.pop("numFmtId", "0")
        facts += [codes.get(code, code).encode(), named.get(said.pop("xfId", "0"), "").encode()]
        facts += [repr(sorted(said.items())).encode(), data[node.inner : node.inner_end]]
        return b"\0".join(facts)

    def ruled(node: Node) -> bytes:
        return _NUMBER_FORMAT.sub(b"", data[node.start : node.end])

    return [described(node) for node in _items(root, "cellXfs")], [
        ruled(node) for node in _items(root, "dxfs")
    ]


def merged(data: bytes, mine: bytes) -> tuple[bytes, FormatNumbers]:
    """Return the user's part ``styles.xml`` with our formats added, and their numbers.

    Args:
        data: The user's.
        mine: Ours: no prefixes, and every list is there.
    """
    root, own = xml_spans.parse(data), xml_spans.parse(mine)
    if not root.children:
        return mine, FormatNumbers(range(len(_items(own, "cellXfs"))), 0)
    first = {name: len(_items(root, name)) for name in _ORDER}
    new = {name: [mine[node.start : node.end] for node in _items(own, name)] for name in _ORDER}
    if first["cellXfs"] + len(new["cellXfs"]) > _MOST_FORMATS:
        raise refuse(
            f"工作簿已有 {first['cellXfs']} 种单元格格式，加上 OpsBook 的会超过 Excel 的上限 {_MOST_FORMATS}：请先清理多余的格式。",
            f"The workbook has {first['cellXfs']} cell formats; with those of OpsBook it would exceed Excel's {_MOST_FORMATS}: "
            "clear superfluous formats first.",
        )
    codes, new["numFmts"] = _number_formats(root, own)
    named, new["cellStyles"], bases = _named(root, own, mine, first["cellStyleXfs"])
    new["cellStyleXfs"] = [new["cellStyleXfs"][at] for at in bases]

    def number(match: re.Match[bytes]) -> bytes:
        code = match[2].decode()
        return match[1] + codes.get(code, code).encode()

    for name in ("cellStyleXfs", "cellXfs"):
        new[name] = [_moved(each, first, named) for each in new[name]]
    for name in ("cellStyleXfs", "cellXfs", "dxfs"):
        new[name] = [_NUMBER_FORMAT.sub(number, each) for each in new[name]]
    edits = [edit for name in _ORDER if new[name] for edit in _extended(data, root, name, new[name])]
    cells = range(first["cellXfs"], first["cellXfs"] + len(new["cellXfs"]))
    return xml_spans.splice(data, edits), FormatNumbers(cells, first["dxfs"])


def _items(root: Node, name: str) -> list[Node]:
    listing = root.child(name)
    return listing.children if listing else []


def _number_formats(root: Node, own: Node) -> tuple[dict[str, str], list[bytes]]:
    """Return the user's number of each of our number formats, and the elements of those that they have not."""
    theirs = {
        node.attributes.get("formatCode", ""): node.attributes.get("numFmtId", "")
        for node in _items(root, "numFmts")
    }
    # A number that their formats use without saying what it is stays without a meaning.
    used = (node.attributes.get("numFmtId", "") for node in root.walk())
    free = 1 + max([_LAST_BUILT_IN, *(int(each) for each in used if each.isdecimal())])
    numbers, elements = {}, []
    for node in _items(own, "numFmts"):
        code = node.attributes["formatCode"]
        if code not in theirs:
            theirs[code] = str(free)
            elements.append(
                b'<numFmt numFmtId="%d" formatCode="%b"/>' % (free, xml_spans.escape_attribute(code))
            )
            free += 1
        numbers[node.attributes["numFmtId"]] = theirs[code]
    return numbers, elements


def _named(root: Node, own: Node, mine: bytes, free: int) -> tuple[dict[str, str], list[bytes], list[int]]:
    """Return what the named styles are based on: ours by our number, the lines to add, and the bases to add.

    A style that the user has already, under whatever name in their language, is theirs: each may be there once.
    """
    theirs = {_identity(node): node.attributes.get("xfId", "0") for node in _items(root, "cellStyles")}
    numbers: dict[str, str] = {}
    lines: list[bytes] = []
    bases: list[int] = []
    for node in _items(own, "cellStyles"):
        base = node.attributes["xfId"]
        if (found := theirs.get(_identity(node))) is None:
            if _identity(node) == _NORMAL and free:
                found = "0"  # a workbook that names no styles has this one nevertheless
            else:
                found = str(free + len(bases))
                bases.append(int(base))
            lines.append(xml_spans.with_attribute(mine[node.start : node.end], "xfId", found))
        numbers[base] = found
    return numbers, lines, bases


def _identity(style: Node) -> str:
    return style.attributes.get("builtinId") or style.attributes.get("name", "").casefold()


def _moved(element: bytes, first: dict[str, int], named: dict[str, str]) -> bytes:
    """Return a format that speaks of the fonts, fills, borders and styles by their new numbers."""
    cut = element.index(b">") + 1
    tag, said = element[:cut], xml_spans.attributes(element[:cut])
    for attribute, listing in _APPENDED.items():
        tag = xml_spans.with_attribute(tag, attribute, str(first[listing] + int(said.get(attribute, "0"))))
    if "xfId" in said:
        tag = xml_spans.with_attribute(tag, "xfId", named[said["xfId"]])
    return tag + element[cut:]


def _extended(data: bytes, root: Node, name: str, items: list[bytes]) -> list[tuple[int, int, bytes]]:
    """Return the edits that put elements, written without prefix, at the end of a list."""
    listing = root.child(name)
    prefix = xml_spans.prefix(data, listing or root)
    inner = _TAG.sub(rb"<\1" + prefix, b"".join(items))
    end = b"</%b%b>" % (prefix, name.encode())
    if listing is None:
        at = behind(root, _ORDER[: _ORDER.index(name)])
        return [(at, at, b'<%b%b count="%d">' % (prefix, name.encode(), len(items)) + inner + end)]
    tag = xml_spans.with_attribute(
        data[listing.start : listing.inner], "count", str(len(listing.children) + len(items))
    )
    if listing.inner == listing.end:
        return [(listing.start, listing.end, tag[:-2] + b">" + inner + end)]
    return [(listing.start, listing.inner, tag), (listing.inner_end, listing.inner_end, inner)]
