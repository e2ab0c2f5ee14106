"""The file that a deck begins with: our own plain master, or the company's with its slides taken out."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Pt

from opsbook.book.formats import EAST_ASIAN
from opsbook.domain.errors import OpsbookError
from opsbook.domain.language import Text
from opsbook.share.deck.flow import Box
from opsbook.share.deck.pptx_looks import HEAD_RULE, INKS, LATIN, TITLE
from opsbook.share.deck.slide_model import SlideInk

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Open
    from pptx.slide import SlideLayout

WIDTH, HEIGHT = 960.0, 540.0
_MARGIN = 42.0
_TITLE = Box(_MARGIN, 20, WIDTH - 2 * _MARGIN, 60)
_RULE_TOP = 84.0
_MAIN = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_OTHERS = (
    b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
    b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
)
_MACROS = b"macroEnabled"
_MOST_BYTES = 300_000_000  # unpacked; beyond it, what is named .pptx may be made to fill the memory
_FEET = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_BODIES = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
_FOOT = 30.0  # for the line at the foot of a slide
_LEAST_BODY = 0.45  # of the slide's height


@dataclass(frozen=True)
class Master:
    """An empty presentation, and where a slide of it has room.

    Attributes:
        file: Without slides.
        layout: Of every slide.
        title: Place of the title in points; None leaves it to the layout.
        body: Below the title, from the small line on.
        scale: Of every size, 1 on a slide of 13.33 x 7.5 inches.
        own: Whether it is ours.
    """

    file: Open
    layout: SlideLayout
    body: Box
    scale: float
    own: bool
    title: Box | None = None


def plain() -> Master:
    """Return our own master: white, a rule under the title, fonts with East Asian faces."""
    file = Presentation()
    file.slide_width, file.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for layout in list(file.slide_layouts):
        if layout.name != "Title Only":
            file.slide_layouts.remove(layout)
    layout = file.slide_layouts[0]
    master = file.slide_master
    for shape in list(master.placeholders):
        if shape.placeholder_format.type in _FEET:
            shape._element.getparent().remove(shape._element)  # noqa: SLF001 - python-pptx removes no shape
        elif shape.placeholder_format.type == PP_PLACEHOLDER.TITLE:
            _set(shape, _TITLE)
            shape.text_frame._txBody.bodyPr.set("anchor", "b")  # noqa: SLF001
            for side in ("lIns", "rIns"):
                shape.text_frame._txBody.bodyPr.set(side, "0")  # noqa: SLF001
        else:
            _set(shape, Box(_MARGIN, 112, WIDTH - 2 * _MARGIN, 380))
    for shape in list(layout.placeholders):
        if shape.placeholder_format.type in _FEET:
            shape._element.getparent().remove(shape._element)  # noqa: SLF001
    _title_style(master._element)  # noqa: SLF001
    _theme(master)
    _rule(layout)
    for relation in [
        key for key, each in file.part.rels.items() if each.reltype.endswith("/printerSettings")
    ]:
        file.part.drop_rel(relation)
    package: Any = file.part.package
    for relation in [key for key, each in package._rels.items() if each.reltype.endswith("/thumbnail")]:  # noqa: SLF001
        package.drop_rel(relation)
    body = Box(_MARGIN, _RULE_TOP + 3, WIDTH - 2 * _MARGIN, HEIGHT - _RULE_TOP - 3 - 14)
    return Master(file, layout, body, 1.0, own=True)


def own(path: Path) -> Master:
    """Return the company's master.

    Args:
        path: A .pptx or .potx; its slides are left out, its masters and layouts stay as they are.

    Raises:
        OpsbookError: It is no presentation, has macros, or has no layout with a title.
    """
    file = Presentation(io.BytesIO(_content(path)))
    _without_slides(file)
    width, height = file.slide_width.pt, file.slide_height.pt
    chosen = _layout(file)
    if chosen is None:
        raise OpsbookError(
            Text(
                f"模板 {path.name} 没有带标题的版式：请换一个模板，或不用 --template。",
                f"The template {path.name} has no layout with a title: choose another one, or leave --template out.",
            )
        )
    scale = (width / WIDTH * height / HEIGHT) ** 0.5
    return Master(file, chosen, _room(chosen, height, scale), scale, own=False)


def _content(path: Path) -> bytes:
    """Return the file as a presentation, whatever of PowerPoint's formats it is."""
    refused = OpsbookError(
        Text(
            f"{path.name} 不是可用的 PowerPoint 文件（.pptx 或 .potx）：请用 PowerPoint 打开后另存为 .pptx。",
            f"{path.name} is not a PowerPoint file (.pptx or .potx) that can be read: open it in PowerPoint and save it as .pptx.",
        )
    )
    try:
        with zipfile.ZipFile(path) as package:
            if sum(each.file_size for each in package.infolist()) > _MOST_BYTES:
                raise refused
            parts = {each: package.read(each) for each in package.namelist()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError):
        raise refused from None
    types = parts.get("[Content_Types].xml", b"")
    if _MACROS in types:
        raise OpsbookError(
            Text(
                f"{path.name} 带有宏，不能作模板：请用 PowerPoint 另存为不带宏的 .pptx。",
                f"{path.name} has macros and cannot be the template: save it without them, as .pptx.",
            )
        )
    for other in _OTHERS:
        types = types.replace(other, _MAIN)
    if _MAIN not in types:
        raise refused
    parts["[Content_Types].xml"] = types
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return whole.getvalue()


def _without_slides(file: Open) -> None:
    """Take the slides out of a presentation, and what refers to them."""
    element = file.part._element  # noqa: SLF001 - python-pptx removes no slide
    for entry in list(element.sldIdLst) if element.sldIdLst is not None else ():
        file.part.drop_rel(entry.rId)
        element.sldIdLst.remove(entry)
    for tag in ("p:custShowLst", "p:extLst"):  # shows and sections name slides
        for each in element.findall(qn(tag)):
            element.remove(each)
    for key in [key for key, each in file.part.rels.items() if "commentAuthors" in each.reltype]:
        file.part.drop_rel(key)


def _layout(file: Open) -> SlideLayout | None:
    """Return the layout with a title over the most room; one with a single body counts for what that has."""
    best: tuple[float, SlideLayout] | None = None
    height = file.slide_height.pt
    for master in file.slide_masters:
        for layout in master.slide_layouts:
            kinds = [shape.placeholder_format.type for shape in layout.placeholders]
            if PP_PLACEHOLDER.TITLE not in kinds:
                continue
            bodies = [kind for kind in kinds if kind not in (*_FEET, PP_PLACEHOLDER.TITLE)]
            if len(bodies) > 1 or any(kind not in _BODIES for kind in bodies):
                continue
            room = _room(layout, height, 1.0)
            if best is None or room.width * room.height > best[0] * 1.01:
                best = (room.width * room.height, layout)
    if best is not None:
        return best[1]
    return next(
        (
            layout
            for master in file.slide_masters
            for layout in master.slide_layouts
            if any(shape.placeholder_format.type == PP_PLACEHOLDER.TITLE for shape in layout.placeholders)
        ),
        None,
    )


def _room(layout: SlideLayout, height: float, scale: float) -> Box:
    """Return what a slide of a layout has free: its body, else what is between its title and its foot."""
    title = next(
        shape for shape in layout.placeholders if shape.placeholder_format.type == PP_PLACEHOLDER.TITLE
    )
    feet = [
        shape.top.pt
        for shape in (*layout.placeholders, *layout.slide_master.placeholders)
        if shape.placeholder_format.type in _FEET and shape.top is not None and shape.top.pt > height / 2
    ]
    bottom = min([height - 10 * scale, *feet])
    bodies = [shape for shape in layout.placeholders if shape.placeholder_format.type in _BODIES]
    for shape in bodies:
        if shape.height is not None and shape.height.pt >= _LEAST_BODY * height:
            lower = min(max(shape.top.pt + shape.height.pt, bottom), height - 10 * scale)
            return Box(shape.left.pt, shape.top.pt, shape.width.pt, min(lower, bottom) - shape.top.pt)
    top = title.top.pt + title.height.pt
    if top > height * (1 - _LEAST_BODY):  # a title at the foot or in the middle: the room over it
        return Box(title.left.pt, 10 * scale, title.width.pt, max(title.top.pt - 20 * scale, 1.0))
    return Box(title.left.pt, top, title.width.pt, bottom - top)


def _set(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = (
        Pt(each) for each in (box.left, box.top, box.width, box.height)
    )


def _title_style(master: etree._Element) -> None:
    """Make the master's titles ours: at the left, bold, of our size."""
    level = master.find(f"{qn('p:txStyles')}/{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    if level is None:
        return
    level.set("algn", "l")
    properties = level.find(qn("a:defRPr"))
    if properties is not None:
        properties.set("sz", str(round(TITLE * 100)))
        properties.set("b", "1")


def _theme(master: Any) -> None:
    """Give the theme our fonts and colours, so that what people add by hand matches."""
    part = next(each.target_part for each in master.part.rels.values() if each.reltype.endswith("/theme"))
    theme = etree.fromstring(part.blob)
    for kind in ("a:majorFont", "a:minorFont"):
        for fonts in theme.iter(qn(kind)):
            for tag, face in (("a:latin", LATIN), ("a:ea", EAST_ASIAN["zh"])):
                for each in fonts.findall(qn(tag)):
                    each.set("typeface", face)
            for each in fonts.findall(qn("a:font")):
                if each.get("script") == "Hans":
                    each.set("typeface", EAST_ASIAN["zh"])
    inks = {
        "dk2": SlideInk.TEXT, "lt2": SlideInk.LOW, "accent1": SlideInk.ACTUAL, "accent2": SlideInk.PRIOR, "accent3": SlideInk.GOOD,
        "accent4": SlideInk.BAD, "accent5": SlideInk.UNPROVEN, "accent6": SlideInk.OPEN,
    }  # fmt: skip
    for name, ink in inks.items():
        for entry in theme.iter(qn(f"a:{name}")):
            for old in list(entry):
                entry.remove(old)
            etree.SubElement(entry, qn("a:srgbClr")).set("val", INKS[ink])
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001


def _rule(layout: SlideLayout) -> None:
    """Draw the line under the title into the layout."""
    left, top, width = (round(each * 12700) for each in (_MARGIN, _RULE_TOP, WIDTH - 2 * _MARGIN))
    line = etree.fromstring(
        '<p:cxnSp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvCxnSpPr>'
        '<p:cNvPr id="99" name="Rule"/><p:cNvCxnSpPr/><p:nvPr userDrawn="1"/></p:nvCxnSpPr><p:spPr>'
        f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="0"/></a:xfrm>'
        '<a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
        f'<a:ln w="15875"><a:solidFill><a:srgbClr val="{HEAD_RULE}"/></a:solidFill></a:ln>'
        "</p:spPr></p:cxnSp>"
    )
    layout.shapes._spTree.append(line)  # noqa: SLF001 - python-pptx adds no shapes to layouts
