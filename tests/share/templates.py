"""Presentations of a company: of different sizes and masters, one with slides of its own."""

from __future__ import annotations

from pptx import Presentation
from pptx.util import Inches

LOGO = "Company Ltd."


def _sized(width, height):
    file = Presentation()
    file.slide_width, file.slide_height = Inches(width), Inches(height)
    for master in (file.slide_master, *file.slide_layouts):
        for shape in master.placeholders:
            own = shape._element.spPr.find("{http://schemas.openxmlformats.org/drawingml/2006/main}xfrm")
            if own is not None:
                shape.left, shape.width = int(shape.left * width / 10), int(shape.width * width / 10)
                shape.top, shape.height = int(shape.top * height / 7.5), int(shape.height * height / 7.5)
    return file


def old(path):
    """A deck of last year, 4:3, whose slides must not come along."""
    file = _sized(10, 7.5)
    for number in range(3):
        slide = file.slides.add_slide(file.slide_layouts[1])
        slide.shapes.title.text = f"Last year {number}"
    file.save(path)


def small(path):
    """16:9 in the small size, with titles only."""
    file = _sized(10, 5.625)
    for layout in list(file.slide_layouts):
        if layout.name not in {"Title Only", "Title Slide"}:
            file.slide_layouts.remove(layout)
    file.save(path)


def large(path):
    """A large page whose title stands low, below a band for the logo."""
    file = _sized(16, 10)
    for shape in file.slide_master.placeholders:
        if shape.placeholder_format.idx == 0:
            shape.top, shape.height = Inches(1.2), Inches(0.9)
    file.save(path)


ALL = {"4:3 with old slides": old, "16:9 small, titles only": small, "large with a band": large}
