"""Workbooks for the tests of this room, and how their packages are compared part by part."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import xlsxwriter
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REVIEW = "xl/worksheets/sheet1.xml"
LOG = "xl/worksheets/sheet2.xml"
MINE = "xl/worksheets/sheet3.xml"


def png() -> io.BytesIO:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
        + chunk(b"IEND", b"")
    )


def build(path: Path, *, title: str = "业绩回顾", top: int = 4, inside: int = 0, log_rows: int = 2) -> Path:
    """Write a workbook of ours with things of a user's own on every sheet.

    Args:
        path: Where.
        title: Of the first sheet, as a user may rename it.
        top: Row (from 0) of the block ``ops.review.monthly``; rows inserted above it make it larger.
        inside: Rows that the user inserted inside the block, before its last row.
        log_rows: Data rows of the growing block ``ops.receipts.log``.
    """
    book = xlsxwriter.Workbook(str(path))
    review, log, mine = (book.add_worksheet(name) for name in (title, "刷新记录", "我的 分析"))
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    review.merge_range(1, 1, 1, 3, "月度回顾", bold)
    rows = [["月份", "今年", "去年"], ["1月", 10.5, 9], ["2月", 20, 18], ["3月", 30, 27]]
    down = [top + at + (inside if at == 3 else 0) for at in range(4)]
    for row, values in zip(down, rows, strict=True):
        for column, value in enumerate(values, start=1):
            review.write(row, column, value, bold if row == top else money)
    if inside:
        review.write(top + 3, 1, "我插入的行")
        review.write(top + 3, 2, 99)
    last = down[-1]
    book.define_name("ops.format", "=1")
    book.define_name("ops.review.monthly", f"='{title}'!$B${top + 1}:$D${last + 1}")
    book.define_name("ops.receipts.log", f"='刷新记录'!$A$3:$C${3 + log_rows}")
    data = [title, top + 1, 2, last, 2]
    for home, cell in ((review, "H3"), (mine, "H3")):
        chart = book.add_chart({"type": "column"})
        chart.add_series(
            {"name": [title, top, 2], "categories": [title, top + 1, 1, last, 1], "values": data}
        )
        home.insert_chart(cell, chart)
    review.conditional_format(top + 1, 2, last, 2, {"type": "data_bar", "data_bar_2010": True})
    review.add_sparkline(top + 1, 5, {"range": f"'{title}'!C{top + 2}:C{last + 1}"})
    review.write_comment(top, 1, "我的批注")
    review.insert_image("N3", "dot.png", {"image_data": png()})
    review.data_validation("M1", {"validate": "list", "source": ["a", "b"]})
    review.write_formula(0, 6, f"=SUM(C{top + 2}:C{last + 1})", None, 60.5)
    log.write_row(2, 0, ["文件", "行数", "时间"], bold)
    for row in range(log_rows):
        log.write_row(3 + row, 0, [f"f{row}.xlsx", row, 45000 + row], money)
    end = 2 + log_rows
    log.autofilter(2, 0, end, 2)
    log.print_area(0, 0, end, 2)
    log.conditional_format(3, 1, end, 1, {"type": "data_bar", "data_bar_2010": True})
    log.data_validation(3, 0, end, 0, {"validate": "length", "criteria": ">", "value": 0})
    mine.add_table(
        "A1:B3", {"name": "Mine", "data": [[1, 2], [3, 4]], "columns": [{"header": "x"}, {"header": "y"}]}
    )
    mine.write_formula("D1", f"='{title}'!C{top + 2}*2", None, 21)
    mine.add_sparkline("E1", {"range": f"'刷新记录'!B4:B{end + 1}"})
    mine.data_validation("F1", {"validate": "list", "source": f"='刷新记录'!$A$4:$A${end + 1}"})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": ["刷新记录", 3, 1, end, 1], "categories": ["刷新记录", 3, 0, end, 0]})
    mine.insert_chart("H20", chart)
    book.close()
    return path


def parts(path: Path) -> dict[str, bytes]:
    """Return every part's content, in the order of the file."""
    with zipfile.ZipFile(path) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """Return the names of parts that differ, came or went."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def rewrite(path: Path, edits: dict[str, Callable[[bytes], bytes] | bytes | None]) -> None:
    """Change, add or (None) take away parts of a package."""
    content = parts(path)
    for name, edit in edits.items():
        if edit is None:
            del content[name]
        else:
            content[name] = edit if isinstance(edit, bytes) else edit(content[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)


def cells(data: bytes) -> dict[str, str]:
    """Return the canonical XML of every cell of a worksheet by address."""
    found = {}
    for cell in ET.fromstring(data).iter(f"{MAIN}c"):
        cell.tail = None
        found[cell.attrib["r"]] = ET.canonicalize(ET.tostring(cell, "unicode"))
    return found


def outside(data: bytes, ours: Collection[str]) -> str:
    """Return the canonical XML of a worksheet without these cells, rows that hold no other, spans, dimension, green corners."""
    root = ET.fromstring(data)
    listing = root.find(f"{MAIN}sheetData")
    assert listing is not None
    for row in list(listing):
        row.attrib.pop("spans", None)
        for cell in list(row):
            if cell.attrib["r"] in ours:
                row.remove(cell)
        if not len(row) and set(row.attrib) == {"r"}:
            listing.remove(row)
    for name in ("dimension", "ignoredErrors"):
        if (node := root.find(f"{MAIN}{name}")) is not None:
            root.remove(node)
    return ET.canonicalize(ET.tostring(root, "unicode"))


def cache(data: bytes, series: int = 0, kind: str = "val") -> tuple[str, str, dict[int, str]]:
    """Return reference, point count and points of one part (tx, cat, val) of a chart's series."""
    c = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    node = list(ET.fromstring(data).iter(f"{c}ser"))[series].find(f"{c}{kind}")
    assert node is not None
    points = {int(point.attrib["idx"]): point.findtext(f"{c}v") or "" for point in node.iter(f"{c}pt")}
    count = next(node.iter(f"{c}ptCount")).attrib["val"]
    return next(node.iter(f"{c}f")).text or "", count, points


def grid(book: Path | bytes, title: str) -> dict[tuple[int, int], object] | None:
    """Return a sheet's cells by position, as calamine reads them; None where it cannot."""
    content = book if isinstance(book, bytes) else book.read_bytes()
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(title)
    except Exception:  # noqa: BLE001 - a file that calamine does not read is compared by nobody
        return None
    return {
        (row, column): value
        for row, line in enumerate(sheet.to_python(skip_empty_area=False))
        for column, value in enumerate(line)
        if value != ""
    }


def grown(before: bytes, after: bytes) -> bool:
    """Whether an XML part says all that it said, in the same order and the same words, and perhaps more at the ends.

    Lists may have got more elements behind the others, the root lists that it had not. Counts may follow, Excel may
    be asked to calculate, and the calculation chain may be named no more.
    """
    old, new = (ET.fromstring(data) for data in (before, after))
    rest = iter(new)
    return _said(old) == _said(new) and all(
        any(_has_grown(child, other) for other in rest)
        for child in old
        if "calcChain" not in "".join(child.attrib.values())
    )


def _said(node: ET.Element) -> tuple[str, str, dict[str, str]]:
    free = ("count", "uniqueCount", "fullCalcOnLoad")
    return (
        node.tag,
        (node.text or "").strip(),
        {key: value for key, value in node.attrib.items() if key not in free},
    )


def _has_grown(old: ET.Element, new: ET.Element) -> bool:
    return (
        _said(old) == _said(new)
        and len(old) <= len(new)
        and all(_same(one, other) for one, other in zip(old, new, strict=False))
    )


def _same(one: ET.Element, other: ET.Element) -> bool:
    return (one.tag, one.text, one.attrib, len(one)) == (
        other.tag,
        other.text,
        other.attrib,
        len(other),
    ) and all(map(_same, one, other))


def untied(content: dict[str, bytes]) -> list[str]:
    """Return what hangs together wrongly in a package: links to parts that are not there, parts without a type, names twice."""
    here = {name.lower() for name in content}
    faults = [name for name in here if len([each for each in content if each.lower() == name]) > 1]
    types = ET.fromstring(content["[Content_Types].xml"])
    typed = [(node.get("PartName") or "." + (node.get("Extension") or "")).lower() for node in types]
    faults += {name for name in typed if typed.count(name) > 1}
    faults += [
        name
        for name in here
        if f"/{name}" not in typed
        and f".{name.rpartition('.')[2]}" not in typed
        and not name.endswith(("/", "[content_types].xml"))
    ]
    for name, data in content.items():
        if not name.endswith(".rels"):
            continue
        folder = "/" + posixpath.dirname(re.sub(r"_rels/([^/]*)\.rels$", r"\1", name))
        links = list(ET.fromstring(data))
        ids = [node.get("Id") for node in links]
        faults += [f"{name}: {each}" for each in ids if ids.count(each) > 1]
        for node in links:
            target = posixpath.normpath(posixpath.join(folder, node.get("Target") or ""))
            if node.get("TargetMode") != "External" and unquote(target).lstrip("/").lower() not in here:
                faults.append(f"{name}: {target}")
    return faults


_LISTS = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"


def astray(styles: bytes) -> list[str]:
    """Return what is wrong in a part of styles: lists in the wrong order, wrong counts, numbers that mean nothing or two things."""
    root = ET.fromstring(styles)
    lists = {node.tag.rpartition("}")[2]: node for node in root}
    places = [_LISTS.split().index(name) for name in lists]
    faults = [] if places == sorted(set(places)) and len(places) == len(root) else ["order of the lists"]
    faults += [
        f"count of {name}"
        for name, node in lists.items()
        if "count" in node.attrib and int(node.attrib["count"]) != len(node)
    ]
    for name in ("cellStyleXfs", "cellXfs"):
        for at, xf in enumerate(lists.get(name, ())):
            for key, target in (
                ("fontId", "fonts"),
                ("fillId", "fills"),
                ("borderId", "borders"),
                ("xfId", "cellStyleXfs"),
            ):
                if int(xf.get(key, "0")) >= len(lists.get(target, ())):
                    faults.append(f"{name} {at}: {key}")
    for name, key in (("numFmts", "numFmtId"), ("cellStyles", "name")):
        said = [node.get(key) for node in lists.get(name, ())]
        faults += [f"{name}: {each} twice" for each in {*said} if said.count(each) > 1]
    return faults


def sheet_xml(rows: str, prefix: str = "") -> Callable[[bytes], bytes]:
    """Return an edit that gives a worksheet these rows, its main elements under a prefix."""

    def edit(data: bytes) -> bytes:
        text = re.sub(
            r"(?s)<sheetData.*(</sheetData>|<sheetData/>)", f"<sheetData>{rows}</sheetData>", data.decode()
        )
        if prefix:
            text = re.sub(r"<(/?)([A-Za-z]\w*)(?=[\s/>])", rf"<\1{prefix}:\2", text)
            text = text.replace(' xmlns="', f' xmlns:{prefix}="')
        return text.encode()

    return edit
