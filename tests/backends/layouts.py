"""Layouts that later versions may have: what the template holds is changed, and its addresses with it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from opsbook.book import furniture, layout, versions
from opsbook.book.model import Block, Cell, Chart, Ref, Series, SeriesRole, Sheet
from opsbook.book.spots import Frame, Input, PageSetup, Spot
from opsbook.domain.language import LANGUAGES, Text


class Planted:
    """A layout made of the present one. Every method changes the template that this process makes.

    Args:
        monkeypatch: Of pytest; everything is as before after the test.
    """

    def __init__(self, monkeypatch):
        self.patch = monkeypatch
        self.edits = []  # functions of plans
        original = __import__("opsbook.book.compose", fromlist=["compose"]).compose

        def compose(*given, **named):
            plan = original(*given, **named)
            for edit in self.edits:
                plan = edit(plan)
            return plan

        monkeypatch.setattr("opsbook.book.compose.compose", compose)
        self.labels = {language: list(furniture.labels(language)) for language in LANGUAGES}
        monkeypatch.setattr(furniture, "labels", lambda language: iter(self.labels[language]))
        self.new()

    @staticmethod
    def new():
        versions.current.cache_clear()

    def _set(self, name, value):
        self.patch.setattr(layout, name, value)
        self.new()

    def shift(self, sheet, row, count):
        """Move everything of a sheet from a row on down (or up)."""

        def down(each):
            return replace(each, row=each.row + count) if each.sheet == sheet and each.row >= row else each

        self._set("SPOTS", MappingProxyType({name: down(each) for name, each in layout.SPOTS.items()}))
        self._set("INPUTS", MappingProxyType({name: down(each) for name, each in layout.INPUTS.items()}))
        self._set("MERGES", tuple(map(down, layout.MERGES)))
        frames = {name: down(each) for name, each in layout.frames().items()}
        self._set("frames", lambda: frames)
        pages = dict(layout.pages())
        page = pages[sheet]
        heights = {at + count if at >= row else at: height for at, height in page.heights.items()}
        breaks = tuple(at + count if at >= row else at for at in page.breaks)
        printed = page.printed and (page.printed[0] + count, page.printed[1])
        pages[sheet] = replace(page, heights=heights, breaks=breaks, printed=printed)
        self._set("pages", lambda: pages)
        self.labels = {
            language: [down(label) for label in labels] for language, labels in self.labels.items()
        }
        self.new()

    def add_rows(self, name, at, labels):
        """Let a block have more rows; what is below on its sheet moves down."""
        spot = layout.SPOTS[name]
        self.shift(spot.sheet, spot.row + at, len(labels))

        def edit(plan):
            old = plan.block(name)
            model = old.cells[min(at, len(old.cells) - 1)]
            rows = tuple(
                (Cell(label, model[0].style), *(Cell(7, cell.style) for cell in model[1:]))
                for label in labels
            )
            new = replace(old, cells=(*old.cells[:at], *rows, *old.cells[at:]))
            return _moved(_with(plan, name, new), name, at, len(labels), "row")

        self.edits.append(edit)
        self.new()

    def add_column(self, name, at, label):
        """Let a block have one more column."""

        def edit(plan):
            old = plan.block(name)
            rows = []
            for number, row in enumerate(old.cells):
                model = row[min(at, len(row) - 1)]
                cell = Cell(label if number == 0 else 5, model.style)
                rows.append((*row[:at], cell, *row[at:]))
            return _moved(_with(plan, name, replace(old, cells=tuple(rows))), name, at, 1, "column")

        self.edits.append(edit)
        self.new()

    def remove_rows(self, name, at, count):
        """Let a block have fewer rows, which nothing else reads; what is below moves up."""
        spot = layout.SPOTS[name]

        def edit(plan):
            old = plan.block(name)
            plan = _without_formulas(plan, name)
            new = replace(old, cells=(*old.cells[:at], *old.cells[at + count :]))
            return _moved(_with(plan, name, new), name, at, -count, "row")

        self.edits.append(edit)
        self.shift(spot.sheet, spot.row + at + count, -count)

    def add_block(self, name, row, column, rows, *, sheet=None):
        """Add a block of values; room for it is the caller's business (`shift`)."""
        home = sheet or name.partition(".")[0]
        self._set("SPOTS", MappingProxyType({**layout.SPOTS, name: Spot(home, row, column)}))
        block = Block(name, tuple(tuple(Cell(value, style) for value, style in line) for line in rows))
        self.edits.append(lambda plan: replace(plan, blocks=(*plan.blocks, block)))
        self.new()

    def drop_block(self, name, *, rows=0, heading=0):
        """Leave a block out; ``rows`` below it move up."""
        spot = layout.SPOTS[name]
        self._set("SPOTS", MappingProxyType({key: each for key, each in layout.SPOTS.items() if key != name}))

        def edit(plan):
            plan = _without_formulas(plan, name)
            return replace(plan, blocks=tuple(block for block in plan.blocks if block.name != name))

        self.edits.append(edit)
        if rows:
            self.shift(spot.sheet, spot.row + rows - heading, -rows)
        self.new()

    def add_sheet(self, sheet, zh, before):
        """Add an empty sheet."""
        at = next(number for number, each in enumerate(layout.SHEETS) if each.id == before)
        sheets = (*layout.SHEETS[:at], Sheet(sheet, Text(zh, sheet.title())), *layout.SHEETS[at:])
        self._set("SHEETS", sheets)
        pages = {**layout.pages(), sheet: PageSetup((20, 120, 80, 80))}
        self._set("pages", lambda: pages)

    def add_chart(self, name, sheet, block, row, column):
        """Add a chart of the second column of a block."""
        frames = {**layout.frames(), name: Frame(sheet, row, column, 0, 0, 300, 160)}
        self._set("frames", lambda: frames)

        def edit(plan):
            rows = len(plan.block(block).cells) - 1
            series = Series(
                Ref(block, 0, 1), Ref(block, 1, 0, rows), Ref(block, 1, 1, rows), SeriesRole.ACTUAL
            )
            return replace(
                plan, charts=(*plan.charts, Chart(name, sheet, "column", Ref(block, 0, 0), (series,)))
            )

        self.edits.append(edit)
        self.new()

    def add_input(self, name, sheet, row, column):
        """Add cells for people; room for them is the caller's business."""
        new = Input(name, sheet, row, column)
        self._set("INPUTS", MappingProxyType({**layout.INPUTS, name: new}))


def _with(plan, name, block):
    return replace(plan, blocks=tuple(block if each.name == name else each for each in plan.blocks))


def _ref(ref, name, at, count, axis):
    if ref.block != name:
        return ref
    first = getattr(ref, axis)
    length = getattr(ref, f"{axis}s")
    if first >= at:
        return replace(ref, **{axis: first + count})
    return replace(ref, **{f"{axis}s": length + count}) if first + length > at else ref


def _moved(plan, name, at, count, axis):
    """Let everything of a plan that refers to a block follow."""

    def cell(each):
        return (
            replace(each, refs=tuple(_ref(ref, name, at, count, axis) for ref in each.refs))
            if each.refs
            else each
        )

    def series(each):
        return replace(
            each,
            name=_ref(each.name, name, at, count, axis),
            categories=_ref(each.categories, name, at, count, axis),
            values=_ref(each.values, name, at, count, axis),
            spread=each.spread and tuple(_ref(part, name, at, count, axis) for part in each.spread),
        )

    return replace(
        plan,
        blocks=tuple(
            replace(block, cells=tuple(tuple(map(cell, row)) for row in block.cells)) for block in plan.blocks
        ),
        charts=tuple(
            replace(
                chart, title=_ref(chart.title, name, at, count, axis), series=tuple(map(series, chart.series))
            )
            for chart in plan.charts
        ),
        sparklines=tuple(
            replace(
                line, at=_ref(line.at, name, at, count, axis), values=_ref(line.values, name, at, count, axis)
            )
            for line in plan.sparklines
        ),
    )


def _without_formulas(plan, name):
    """Return a plan in which nothing reads a block."""

    def cell(each):
        return replace(each, formula="", refs=()) if any(ref.block == name for ref in each.refs) else each

    return replace(
        plan,
        blocks=tuple(
            replace(block, cells=tuple(tuple(map(cell, row)) for row in block.cells)) for block in plan.blocks
        ),
        charts=tuple(
            chart
            for chart in plan.charts
            if not any(
                ref.block == name
                for series in chart.series
                for ref in (series.name, series.categories, series.values)
            )
            and chart.title.block != name
        ),
    )
