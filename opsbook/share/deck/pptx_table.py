"""Native tables: no bands, thin lines between the rows, heights that were measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Pt

from opsbook.domain.language import Language
from opsbook.share.deck.flow import PAD_X, PAD_Y, Placed
from opsbook.share.deck.pptx_looks import HEAD_RULE, INKS, RULE, write
from opsbook.share.deck.slide_model import SlideCell, SlideInk, SlideTable

if TYPE_CHECKING:
    from pptx.slide import Slide
    from pptx.table import _Cell


_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's own "No Style, No Grid"
_SIDES = ("a:lnL", "a:lnR", "a:lnT", "a:lnB")


def draw(
    slide: Slide, placed: Placed, table: SlideTable, size: float, language: Language, *, name: str
) -> None:
    """Put a table on a slide.

    Args:
        slide: Takes it.
        placed: Its place, widths and heights in points.
        table: Its cells.
        size: Of the text.
        language: Decides the fonts.
        name: Of the shape, and what a screen reader says.
    """
    box = placed.box
    rows = (table.head, *table.rows)
    frame = slide.shapes.add_table(
        len(rows), len(table.head), Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height)
    )
    frame.name = name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", name)  # noqa: SLF001 - no other way to describe a shape
    made = frame.table
    properties = made._tbl.tblPr  # noqa: SLF001
    for flag in ("bandRow", "firstRow"):
        properties.attrib.pop(flag, None)
    properties.set("firstRow", "1")  # screen readers read it as headings
    style = properties.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = _NO_STYLE
    for at, width in enumerate(placed.widths):
        made.columns[at].width = Pt(width)
    for at, height in enumerate(placed.heights):
        made.rows[at].height = Pt(height)
    many = any("\n" in cell.text for cells in table.rows for cell in cells)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell.span > 1:
                made.cell(row, column).merge(made.cell(row, column + cell.span - 1))
            last = row == len(rows) - 1
            rule = HEAD_RULE if row == 0 else RULE
            matrix = not table.rule
            _cell(
                made.cell(row, column),
                cell,
                size,
                language,
                rule="" if matrix else rule,
                gap=matrix,
                thin=last,
                many=many and row > 0,
            )


def _cell(
    made: _Cell,
    cell: SlideCell,
    size: float,
    language: Language,
    *,
    rule: str,
    gap: bool,
    thin: bool,
    many: bool,
) -> None:
    made.margin_left = made.margin_right = Pt(PAD_X)
    made.margin_top = made.margin_bottom = Pt(PAD_Y)
    made.vertical_anchor = MSO_ANCHOR.TOP if many else MSO_ANCHOR.MIDDLE
    lines = cell.text.split("\n")
    write(
        made.text_frame,
        lines,
        size,
        language,
        ink=cell.ink,
        bold=cell.bold,
        right=cell.right,
        centre=gap,
        first_bold=many,
    )
    properties = made._tc.get_or_add_tcPr()  # noqa: SLF001 - python-pptx knows no borders
    for side in _SIDES:
        if gap:
            _line(properties, side, INKS[SlideInk.PAPER], 3.0)
        elif side == "a:lnB" and rule:
            _line(properties, side, rule, 0.75 if rule == RULE or thin else 1.25)
        else:
            _line(properties, side, "", 0.0)
    if cell.fill is not None:
        fill = etree.SubElement(properties, qn("a:solidFill"))
        etree.SubElement(fill, qn("a:srgbClr")).set("val", INKS[cell.fill])
    else:
        etree.SubElement(properties, qn("a:noFill"))


def _line(properties: etree._Element, side: str, ink: str, points: float) -> None:
    line = etree.SubElement(properties, qn(side))
    line.set("w", str(round(points * 12700)))
    if not ink:
        etree.SubElement(line, qn("a:noFill"))
        return
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr")).set("val", ink)
