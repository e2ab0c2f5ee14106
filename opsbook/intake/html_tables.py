"""Tables of an HTML file that is named .xls, as browser plugins and web reports write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opsbook.intake import charset
from opsbook.intake.grid import Grid, Merged
from opsbook.intake.limits import Unreadable

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_START = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|table|body|style|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_CUT = "网页没有下载完整，在表格中间断开 / the page is cut off inside a table"
_SPAN_LIMIT = 1000  # a colspan of millions is an attack, not a table


def looks_like_html(data: bytes) -> bool:
    """Whether the file begins as an HTML page or table does, in any encoding."""
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").decode("latin-1")
    return bool(_START.match(head))


def read_html(data: bytes) -> list[Grid]:
    """Return every table that holds no other table, its spans filled with empty cells.

    Raises:
        Unreadable: The page has no table, or ends inside one.
    """
    from lxml import html  # only these files need it

    text = _decode(data)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)  # lxml refuses a text that declares its encoding
    try:
        root = html.document_fromstring(text.replace("\0", ""))
    except Exception as error:  # lxml's parser errors share no base with a public name
        raise Unreadable("file.unreadable", "HTML 已损坏 / the HTML is damaged") from error
    tables = [table for table in root.iter("table") if not table.xpath(".//table")]
    if not tables:
        raise Unreadable("file.unreadable", "网页中没有表格 / no table in the page")
    lowered = text.lower()
    if lowered.count("<table") > lowered.count("</table") and not _ENDS.search(text):
        raise Unreadable("file.unreadable", _CUT)  # its last number may lack digits
    names = [""] if len(tables) == 1 else [f"table {number}" for number in range(1, len(tables) + 1)]
    return [_grid(name, table) for name, table in zip(names, tables, strict=True)]


def _decode(data: bytes) -> str:
    if not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) and (
        match := _META.search(data[:4096])
    ):
        name = match[1].decode("ascii", errors="replace").lower()
        # gb2312 on a page means what browsers take it for.
        name = "gb18030" if name in ("gb2312", "gbk") else name
        try:
            text = data.decode(name, errors="replace")
        except LookupError:
            return charset.decode(data)
        # A page saved again in another encoding may keep its old tag.
        if text.count("\ufffd") * 100 <= len(text):
            return text
    return charset.decode(data)


def _grid(name: str, table: HtmlElement) -> Grid:
    """Return the cells; what a span covers is empty, and the span is a merged range."""
    rows: list[list[object]] = []
    merged: list[Merged] = []
    covered: dict[int, int] = {}  # column to rows that a cell above still covers
    for number, line in enumerate(table.iter("tr")):
        row: list[object] = []
        for cell in line.iterchildren("td", "th"):
            while covered.get(len(row), 0):
                covered[len(row)] -= 1
                row.append("")
            width, height = _span(cell.get("colspan")), _span(cell.get("rowspan"))
            text = " ".join("".join(cell.itertext()).split())
            if width > 1 or height > 1:
                merged.append((number, len(row), number + height - 1, len(row) + width - 1))
            for extra in range(width):
                if height > 1:
                    covered[len(row)] = height - 1
                row.append("" if extra else text)
        while covered.get(len(row), 0):
            covered[len(row)] -= 1
            row.append("")
        rows.append(row)
    width = max(map(len, rows), default=0)
    return Grid(name, [row + [""] * (width - len(row)) for row in rows], merged=merged)


def _span(text: str | None) -> int:
    try:
        return min(max(int(text or 1), 1), _SPAN_LIMIT)
    except ValueError:
        return 1
