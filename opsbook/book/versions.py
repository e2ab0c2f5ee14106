"""With which layout a workbook was made: what of it a workbook remembers, and what this version would make."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from opsbook import __version__
from opsbook.book.model import FORMAT_NAME, LAYOUT_NAME, BookPlan
from opsbook.domain.declarations import load
from opsbook.domain.language import Language

FIRST_FORMAT = "1"  # of 0.1.0, whose workbooks remember no layout
_MARK = re.compile(r"([0-9]+)x([0-9]+) ([0-9a-f]+) ([0-9a-f]+)")
_LENGTH = 8  # hexadecimal digits of a mark
_CHART_LENGTH = 4  # of the mark of a chart: sixty of them fit into a comment
_LONGEST = 252


@dataclass(frozen=True)
class Shape:
    """The form of a block in the template of one version: the comment of its defined name.

    Attributes:
        rows: How many it has without data.
        columns: How many it has.
        row_mark: Digest of the labels of its rows.
        column_mark: Digest of the labels of its columns.
    """

    rows: int
    columns: int
    row_mark: str
    column_mark: str

    def __str__(self) -> str:
        return f"{self.rows}x{self.columns} {self.row_mark} {self.column_mark}"


@dataclass(frozen=True)
class Layout:
    """What the template of one version holds.

    Attributes:
        mark: Digest of all of it; the defined name ops.layout holds it.
        shapes: Form of every block and of all cells for people, by defined name.
        charts: Marks of the names of its charts.
    """

    mark: str
    shapes: Mapping[str, Shape]
    charts: frozenset[str]


@cache
def current(language: Language) -> Layout:
    """Return the layout of the workbooks that this version makes."""
    from opsbook.book import furniture, layout

    shapes = {f"ops.{block.name}": _shape(block.cells) for block in empty(language).blocks}
    for cells in layout.INPUTS.values():
        shapes[f"ops.{cells.name}"] = Shape(cells.rows, cells.columns, _digest(()), _digest(()))
    facts = (
        __version__,  # what else its template has, such as conditional formats
        [sheet.id for sheet in layout.SHEETS],
        sorted((name, str(shape)) for name, shape in shapes.items()),
        sorted(map(repr, layout.SPOTS.items())),
        sorted(map(repr, layout.INPUTS.values())),
        sorted(map(repr, layout.frames().items())),
        sorted(map(repr, furniture.labels(language))),
    )
    return Layout(_digest(map(repr, facts)), shapes, frozenset(map(chart_mark, layout.frames())))


def empty(language: Language) -> BookPlan:
    """Return what a new workbook holds before any data."""
    from opsbook.book.compose import compose
    from opsbook.metrics.review import Review
    from opsbook.params import Settings

    return compose(Review(year=0, as_of=None), Settings(language=language))


def read(names: Mapping[str, str], comments: Mapping[str, str], language: Language) -> Layout:
    """Return the layout that a workbook was last brought to.

    Args:
        names: Text of each defined name of the workbook.
        comments: Comment of each defined name that has one.
        language: Of the workbook.
    """
    if LAYOUT_NAME not in names and names.get(FORMAT_NAME) == FIRST_FORMAT:
        return Layout("", _first(language), frozenset(map(chart_mark, _record()["charts"])))
    found = {name: shape for name, text in comments.items() if (shape := _parsed(text))}
    said = comments.get(LAYOUT_NAME, "")
    charts = frozenset(said[at : at + _CHART_LENGTH] for at in range(0, len(said), _CHART_LENGTH))
    return Layout(names.get(LAYOUT_NAME, "").strip('"'), found, charts)


def is_older(names: Mapping[str, str], language: Language) -> bool:
    """Whether a workbook has another layout than this version makes, so that its next refresh brings it up to date.

    Args:
        names: Text of each defined name of the workbook.
        language: Of the workbook.
    """
    return names.get(LAYOUT_NAME, "").strip('"') != current(language).mark


def comments(language: Language) -> dict[str, str]:
    """Return what the defined names of a workbook say in their comments: the form of every block, and the charts."""
    found = current(language)
    return {name: str(shape) for name, shape in found.shapes.items()} | {LAYOUT_NAME: said(found.charts)}


def said(charts: Iterable[str]) -> str:
    """Return the marks of charts as one comment, of which Excel takes 255 characters."""
    return "".join(sorted(charts))[:_LONGEST]


def chart_mark(name: str) -> str:
    """Return by what a workbook remembers that its layout had a chart."""
    return _digest([name])[:_CHART_LENGTH]


def _shape(cells: tuple[tuple[object, ...], ...]) -> Shape:
    rows = _digest(str(getattr(row[0], "value", None)) for row in cells if row)
    columns = _digest(str(getattr(cell, "value", None)) for cell in cells[0]) if cells else _digest(())
    return Shape(len(cells), len(cells[0]) if cells else 0, rows, columns)


def _parsed(text: str) -> Shape | None:
    match = _MARK.fullmatch(text)
    return Shape(int(match[1]), int(match[2]), match[3], match[4]) if match else None


def _record() -> dict[str, Any]:
    return load("opsbook.book", "layout_1.toml")


def _first(language: Language) -> Mapping[str, Shape]:
    """Return the shapes of version 0.1.0, whose workbooks do not say them."""
    return {name: shape for name, text in _record()[language].items() if (shape := _parsed(text))}


def is_former_text(text: str) -> bool:
    """Whether a text is one that an earlier version wrote beside its blocks and this one writes otherwise."""
    return _digest([text]) in _former_texts()


@cache
def _former_texts() -> frozenset[str]:
    source = files(__name__.rpartition(".")[0]).joinpath("layout_1_texts.txt")
    return frozenset(source.read_text(encoding="ascii").split())


def _digest(facts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:_LENGTH]
