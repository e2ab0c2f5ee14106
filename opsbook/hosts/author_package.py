"""What XlsxWriter cannot write, added to its package: the named cell style of cells for people, gaps in charts."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

STYLE_NAME = "ops_input"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STYLES = "xl/styles.xml"
_CHARTS = "xl/charts/chart"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def finish(package: bytes) -> bytes:
    """Return the workbook with the named style ``ops_input`` and charts that leave missing months out.

    XlsxWriter's formats for input cells are told from all others by being unlocked.

    Args:
        package: The .xlsx as XlsxWriter made it.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            data = old.read(member)
            entry = zipfile.ZipInfo(member.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = member.external_attr
            entry.create_system = 0  # the same bytes whatever system builds them
            if member.filename == _STYLES:
                data = _with_style(data)
            elif member.filename.startswith(_CHARTS):
                data = _with_gaps(data)
            new.writestr(entry, data)
    return out.getvalue()


def _with_style(data: bytes) -> bytes:
    from lxml import etree  # noqa: PLC0415

    root = etree.fromstring(data)
    unlocked = [
        xf
        for xf in root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")
        if (protection := xf.find(f"{_MAIN}protection")) is not None and protection.get("locked") == "0"
    ]
    if not unlocked:
        return data
    parents = _child(root, "cellStyleXfs")
    number = str(len(parents))
    parent = etree.SubElement(parents, f"{_MAIN}xf", {"numFmtId": "0"})
    for name in ("fontId", "fillId", "borderId", "applyFont", "applyFill", "applyBorder"):
        parent.set(name, unlocked[0].get(name, "0"))
    parent.set("applyProtection", "1")
    etree.SubElement(parent, f"{_MAIN}protection", {"locked": "0"})
    for xf in unlocked:
        xf.set("xfId", number)
    styles = _child(root, "cellStyles")
    etree.SubElement(styles, f"{_MAIN}cellStyle", {"name": STYLE_NAME, "xfId": number})
    for each in (parents, styles):
        each.set("count", str(len(each)))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _with_gaps(data: bytes) -> bytes:
    """Say that missing months are gaps: where nothing is said, Excel leaves a gap, LibreOffice draws a zero."""
    mark = b'<c:plotVisOnly val="1"/>'
    if b"<c:dispBlanksAs" in data:
        return data
    return data.replace(mark, mark + b'<c:dispBlanksAs val="gap"/>')


def _child(root: _Element, name: str) -> _Element:
    found = root.find(f"{_MAIN}{name}")
    if found is None:  # XlsxWriter always writes both
        raise ValueError(f"styles.xml has no {name}")
    return found
