"""How a deck looks: colours by meaning, fonts for Latin and East Asian letters, sizes for the back of a room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.util import Pt

from opsbook.book.formats import EAST_ASIAN
from opsbook.domain.language import Language
from opsbook.share.deck.flow import LINE
from opsbook.share.deck.slide_model import SlideInk

if TYPE_CHECKING:
    from pptx.text.text import TextFrame, _Paragraph, _Run


LATIN = "Segoe UI"
BODY, TITLE, SOURCE = 14.0, 24.0, 10.0
"""Points on a slide of 13.33 x 7.5 inches; on others in proportion."""
INKS = {
    SlideInk.TEXT: "1F2A37",
    SlideInk.QUIET: "66727F",
    SlideInk.ACTUAL: "2F4B66",
    SlideInk.PRIOR: "B9C2CC",
    SlideInk.TARGET: "FFFFFF",
    SlideInk.GOOD: "1E8A5A",
    SlideInk.BAD: "C8402F",
    SlideInk.UNPROVEN: "9AA5B1",
    SlideInk.HIGH: "F6D9D4",
    SlideInk.MEDIUM: "FBEFD9",
    SlideInk.LOW: "F1F3F6",
    SlideInk.PAPER: "FFFFFF",
    SlideInk.OPEN: "8A5A00",
}
RULE, HEAD_RULE = "D5DAE0", INKS[SlideInk.ACTUAL]
_QUIET_TEXT = {SlideInk.UNPROVEN: INKS[SlideInk.QUIET]}  # the grey of bars is too light for letters


def colour(ink: SlideInk) -> RGBColor:
    """Return the colour of a bar, a line or a fill."""
    return RGBColor.from_string(INKS[ink])


def of_text(ink: SlideInk) -> RGBColor:
    """Return the colour of letters."""
    return RGBColor.from_string(_QUIET_TEXT.get(ink, INKS[ink]))


def write(
    frame: TextFrame,
    lines: list[str],
    size: float,
    language: Language,
    *,
    ink: SlideInk = SlideInk.TEXT,
    bold: bool = False,
    right: bool = False,
    centre: bool = False,
    first_bold: bool = False,
) -> None:
    """Put lines into a frame, each a paragraph of exact height.

    Args:
        frame: Of a shape or a cell.
        lines: Plain texts.
        size: Points.
        language: Decides the East Asian font.
        ink: Colour of the text.
        bold: All of it.
        right: At the right edge.
        centre: In the middle.
        first_bold: Only the first line is bold, those below are quiet.
    """
    from pptx.enum.text import PP_ALIGN  # an enumeration of its own module

    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.line_spacing = Pt(round(size * LINE, 1))
        if right or centre:
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.CENTER
        if not line:
            _end(paragraph, size)
            continue
        run = paragraph.add_run()
        run.text = line
        style(run, size, language, bold=(at == 0) if first_bold else bold)
        run.font.color.rgb = of_text(SlideInk.QUIET if first_bold and at and ink is SlideInk.TEXT else ink)


def style(run: _Run, size: float, language: Language, *, bold: bool = False) -> None:
    """Give a run its size and fonts."""
    run.font.size = Pt(round(size, 1))
    run.font.bold = bold
    fonts(run._r.get_or_add_rPr(), language)  # noqa: SLF001 - python-pptx knows no East Asian font


def fonts(properties: etree._Element, language: Language) -> None:
    """Set the fonts of Latin and of East Asian letters, and the language for the spelling check."""
    properties.set("lang", "zh-CN" if language == "zh" else "en-US")
    if language == "zh":
        properties.set("altLang", "en-US")
    for tag, face in (("a:latin", LATIN), ("a:ea", EAST_ASIAN[language])):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        element = etree.SubElement(properties, qn(tag))
        element.set("typeface", face)


def _end(paragraph: _Paragraph, size: float) -> None:
    """Give an empty paragraph its size: otherwise it is as high as 18 points."""
    end = etree.SubElement(paragraph._p, qn("a:endParaRPr"))  # noqa: SLF001
    end.set("sz", str(round(size * 100)))
