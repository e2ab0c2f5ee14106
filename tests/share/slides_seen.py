"""A deck as a person sees it: its slides, their shapes, charts, texts and notes, read back by python-pptx."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field

import openpyxl
from openpyxl.utils import range_boundaries
from pptx import Presentation

CITED = re.compile(r"← ([^!；;]+![A-Z]+\d+(?::[A-Z]+\d+)?)")
TITLE_FIGURE = re.compile(r"^(.+) = (\S+) \((\w[\w.]*), ([\w/-]+)(?: \[(.*)\])?\)$")
FOOT = {"Source", "Foot"}


@dataclass
class Seen:
    """A slide.

    Attributes:
        title: Its text.
        notes: Lines of the speaker's notes.
        charts: Series of each chart: name and values, by the chart's title.
        cells: Texts of the cells of all tables.
        lines: Texts of all other shapes.
        boxes: Place of each shape in points, by its name.
        sizes: Sizes in points of every run but those at the foot.
    """

    title: str
    notes: list[str]
    charts: dict[str, list[tuple[str, list[float | None]]]] = field(default_factory=dict)
    categories: dict[str, list[str]] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    boxes: list[tuple[str, tuple[float, float, float, float]]] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)

    @property
    def text(self):
        return "\n".join([self.title, *self.cells, *self.lines, *self.notes])


def seen(path):
    """Return the slides of a deck."""
    return [_slide(slide) for slide in Presentation(path).slides]


def _slide(slide):
    notes = slide.notes_slide.notes_text_frame.text.split("\n") if slide.has_notes_slide else []
    found = Seen(slide.shapes.title.text_frame.text, notes)
    for shape in slide.shapes:
        box = tuple(each.pt for each in (shape.left, shape.top, shape.width, shape.height))
        found.boxes.append((shape.name, box))
        if shape.has_chart:
            plot = shape.chart.plots[0]
            found.charts[shape.name] = [(each.name, list(each.values)) for each in plot.series]
            found.categories[shape.name] = list(plot.categories)
        elif shape.has_table:
            for row in shape.table.rows:
                for cell in row.cells:
                    found.cells.append(cell.text_frame.text)
                    found.sizes += _sizes(cell.text_frame)
        elif shape.has_text_frame and shape != slide.shapes.title:
            found.lines.append(shape.text_frame.text)
            if shape.name not in FOOT:
                found.sizes += _sizes(shape.text_frame)
    return found


def _sizes(frame):
    return [run.font.size.pt for paragraph in frame.paragraphs for run in paragraph.runs]


def cited(slide, book):
    """Return the numbers of every range that the notes of a slide name, read from the workbook by openpyxl."""
    found = []
    for line in slide.notes:
        for address in CITED.findall(line):
            sheet, _, cells = address.rpartition("!")
            left, top, right, bottom = range_boundaries(cells)
            rows = book[sheet].iter_rows(top, bottom, left, right, values_only=True)
            found.append([value for row in rows for value in row])
    return found


def opened(path):
    """Return a workbook with the values of its formulas."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that openpyxl does not know
        return openpyxl.load_workbook(path, data_only=True)


def overlapping(slide):
    """Return the names of the shapes of a slide that lie over each other, by more than a point."""
    found = []
    for at, (name, one) in enumerate(slide.boxes):
        for other_name, other in slide.boxes[at + 1 :]:
            across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
            down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
            if across > 1 and down > 1:
                found.append((name, other_name))
    return found
