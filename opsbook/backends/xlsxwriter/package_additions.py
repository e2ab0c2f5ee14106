"""What XlsxWriter cannot write, added to its package.

The named cell style of cells for people, gaps and Chinese fonts in charts and theme, cells without green corners,
what Excel says of each function while it is typed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import fonts, ignored_errors, xml_spans
from opsbook.book.address import Place
from opsbook.book.formats import EAST_ASIAN
from opsbook.domain.language import Language
from opsbook.support.zip_writer import zipped

if TYPE_CHECKING:
    from lxml.etree import _Element
    from xlsxwriter.workbook import Workbook


STYLE_NAME = "ops_input"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STYLES = "xl/styles.xml"
_CHARTS = "xl/charts/chart"
_THEME = "xl/theme/theme"
_WORKBOOK = "xl/workbook.xml"
_CALCULATOR = 191029  # of Excel 2019 and 365; a file of an older one is calculated anew on opening


def finish(
    package: bytes,
    language: Language,
    *,
    quiet: Mapping[int, Collection[Place]],
    comments: Mapping[str, str],
) -> bytes:
    """Return the workbook as Excel itself would have written it.

    XlsxWriter's formats for input cells are told from all others by being unlocked.

    Args:
        package: The .xlsx as XlsxWriter made it.
        language: Decides the font of Chinese texts.
        quiet: By the number of a sheet, from 1, the rectangles in which Excel is to point at nothing.
        comments: What to say of defined names, by name.
    """
    covered = {f"xl/worksheets/sheet{number}.xml": places for number, places in quiet.items()}

    def edited(name: str, data: bytes) -> bytes:
        if name == _STYLES:
            return _with_style(data)
        if name == _WORKBOOK:
            return _with_comments(data, comments)
        if name.startswith(_CHARTS):
            return fonts.with_east_asian(_with_gaps(data), EAST_ASIAN[language])
        if name.startswith(_THEME):
            return fonts.in_theme(data, EAST_ASIAN[language])
        return ignored_errors.covered(data, covered[name]) if name in covered else data

    with zipfile.ZipFile(io.BytesIO(package)) as old:
        return zipped((name, edited(name, old.read(name))) for name in old.namelist())


def calculated(book: Workbook) -> None:
    """Say of a new workbook that its values are those of its formulas, so that Excel need not calculate on opening.

    Otherwise Excel asks at every close whether to save, although nothing was changed.
    """
    book.set_calc_mode("auto", _CALCULATOR)
    book.calc_on_load = False


def _with_comments(data: bytes, comments: Mapping[str, str]) -> bytes:
    """Return the part with what Excel shows of a name while it is typed into a formula."""
    edits = [
        (node.start, node.inner, xml_spans.with_attribute(data[node.start : node.inner], "comment", said))
        for node in xml_spans.parse(data).find("definedName")
        if (said := comments.get(node.attributes.get("name", "")))
    ]
    return xml_spans.splice(data, edits)


def _with_style(data: bytes) -> bytes:
    from lxml import etree

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
