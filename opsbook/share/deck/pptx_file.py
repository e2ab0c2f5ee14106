"""A deck as a .pptx: the same bytes for the same slides."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pptx.enum.text import MSO_ANCHOR
from pptx.util import Pt

from opsbook.domain.language import Language
from opsbook.share.deck import pptx_chart, pptx_table
from opsbook.share.deck.flow import LINE, Box, Placed, lines_of, place
from opsbook.share.deck.pptx_looks import BODY, SOURCE, TITLE, of_text, style, write
from opsbook.share.deck.slide_model import Deck, Slide, SlideChart, SlideInk, SlideLines, SlideTable

if TYPE_CHECKING:
    from opsbook.share.deck.pptx_master import Master

_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_EPOCH = b"2000-01-01T00:00:00Z"
_STAMPS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_LEAST_TITLE = 16.0
_ONE_LINE = 0.86  # a title gets smaller by so much, rather than a second line of a word


def build(deck: Deck, master: Master, day: date | None) -> bytes:
    """Return the presentation.

    Args:
        deck: Its slides.
        master: An empty presentation; it is used up.
        day: The last one of the data, for the file's properties; None for a deck without.
    """
    file = master.file
    for number, slide in enumerate(deck.slides, start=1):
        _slide(deck, slide, master, number)
    properties = file.core_properties
    stamp = datetime(day.year, day.month, day.day) if day else datetime(2000, 1, 1)  # noqa: DTZ001 - python-pptx writes it as UTC
    properties.title, properties.subject = deck.title, ""
    properties.author = properties.last_modified_by = "OpsBook"
    properties.keywords = properties.comments = properties.category = ""
    properties.created = properties.modified = stamp
    properties.revision = 1
    whole = io.BytesIO()
    file.save(whole)
    return _settled(whole.getvalue())


def _slide(deck: Deck, slide: Slide, master: Master, number: int) -> None:
    made: Any = master.file.slides.add_slide(master.layout)
    language, scale, size = deck.language, master.scale, BODY * master.scale
    _title(made, slide.title, language, scale)
    for shape in list(made.placeholders):
        if shape != made.shapes.title and shape.placeholder_format.idx:
            shape._element.getparent().remove(shape._element)  # noqa: SLF001 - python-pptx removes no shape
    box = master.body
    under = lines_of(slide.under, box.width, size) * size * LINE
    foot = SOURCE * scale * LINE
    _text(made, slide.under, Box(box.left, box.top, box.width, under), size, language, name="Kicker")
    body = Box(box.left, box.top + under + 8 * scale, box.width, box.height - under - foot - 20 * scale)
    for placed in place(slide.columns, body, size):
        _part(made, placed, size, language)
    low = box.top + box.height - foot
    half = box.width * 0.68
    _text(made, slide.source, Box(box.left, low, half, foot), SOURCE * scale, language, name="Source")
    right = Box(box.left + half, low, box.width - half, foot)
    _text(
        made,
        f"{deck.footer}  {number} / {len(deck.slides)}".strip(),
        right,
        SOURCE * scale,
        language,
        name="Foot",
        right=True,
    )
    notes = made.notes_slide.notes_text_frame
    if notes is not None:
        notes.text = "\n".join(slide.notes)


def _title(made: Any, text: str, language: Language, scale: float) -> None:
    """Write the title as large as two lines of its place allow."""
    title = made.shapes.title
    size = TITLE * scale
    width, height = title.width.pt - 15, title.height.pt
    if lines_of(text, width, size * _ONE_LINE, bold=True) == 1:
        size *= 1.0 if lines_of(text, width, size, bold=True) == 1 else _ONE_LINE
    while size > _LEAST_TITLE * scale:
        lines = lines_of(text, width, size, bold=True)
        if lines <= 2 and lines * size * 1.2 <= max(height, size * 1.3):
            break
        size -= 1
    title.text_frame.text = text
    for run in title.text_frame.paragraphs[0].runs:
        run.font.size = Pt(round(size, 1))
        properties = run._r.get_or_add_rPr()  # noqa: SLF001 - python-pptx knows no language with a second one
        properties.set("lang", "zh-CN" if language == "zh" else "en-US")


def _part(made: Any, placed: Placed, size: float, language: Language) -> None:
    part = placed.part
    if placed.title and part.title:
        _text(made, part.title, placed.title, size, language, name="Heading", bold=True, ink=SlideInk.TEXT)
    if isinstance(part, SlideChart):
        pptx_chart.draw(made, placed, part, size, language)
    elif isinstance(part, SlideTable):
        name = part.title or " / ".join(cell.text for cell in part.head if cell.text)
        pptx_table.draw(made, placed, part, placed.size or size, language, name=name)
    elif part.lines:
        _lines(made, placed, part, size, language)
    if placed.more:
        _text(made, placed.more[0], placed.more[1], size, language, name="More")


def _text(
    made: Any,
    text: str,
    box: Box,
    size: float,
    language: Language,
    *,
    name: str,
    bold: bool = False,
    right: bool = False,
    ink: SlideInk = SlideInk.QUIET,
) -> None:
    if not text:
        return
    frame = _frame(made, box, name)
    write(frame, [text], size, language, ink=ink, bold=bold, right=right)


def _lines(made: Any, placed: Placed, part: SlideLines, size: float, language: Language) -> None:
    frame = _frame(made, placed.box, part.title or "Lines")
    for at, line in enumerate(part.lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.line_spacing, paragraph.space_after = Pt(round(size * LINE, 1)), Pt(4)
        run = paragraph.add_run()
        run.text = f"• {line}"
        style(run, size, language)
        run.font.color.rgb = of_text(SlideInk.TEXT)


def _frame(made: Any, box: Box, name: str) -> Any:
    shape = made.shapes.add_textbox(Pt(box.left), Pt(box.top), Pt(box.width), Pt(max(box.height, 1.0)))
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    return frame


def _settled(content: bytes) -> bytes:
    """Return a package whose bytes say nothing of when it was made, those inside it too."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(whole, "w") as made:
        for entry in package.infolist():
            data = package.read(entry)
            if entry.filename.endswith(".xlsx"):
                data = _settled_book(data)
            made.writestr(zipfile.ZipInfo(entry.filename, _ZIP_DAY), data, zipfile.ZIP_DEFLATED, 6)
    return whole.getvalue()


def _settled_book(content: bytes) -> bytes:
    """Return the workbook of a chart without the time it was made."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(whole, "w") as made:
        for entry in package.infolist():
            data = package.read(entry)
            if entry.filename == "docProps/core.xml":
                data = _STAMPS.sub(rb"\g<1>" + _EPOCH + rb"\g<2>", data)
            made.writestr(zipfile.ZipInfo(entry.filename, _ZIP_DAY), data, zipfile.ZIP_DEFLATED, 6)
    return whole.getvalue()
