"""Nothing stands on anything else, and everything that a plan holds has its place."""

from __future__ import annotations

from itertools import combinations

from opsbook.book import furniture, layout
from opsbook.book.address import Place
from opsbook.book.formats import style
from opsbook.book.model import Ref, SeriesRole
from opsbook.review.indicators import core
from opsbook.sheets.review_sheet import JUDGED


def rectangles(plan):
    for block in plan.blocks:
        at = layout.place(block)
        rows = max(at.rows, layout.SPOTS[block.name].rows)
        yield block.name, Place(at.sheet, at.row, at.column, rows, at.columns)
    for cells in layout.INPUTS.values():
        yield cells.name, Place(cells.sheet, cells.row, cells.column, cells.rows, cells.columns)


def test_no_two_blocks_share_a_cell(plan) -> None:
    for (one, first), (other, second) in combinations(rectangles(plan), 2):
        assert first.sheet != second.sheet or not first.meets(second), (one, other)


def test_no_label_stands_in_a_block(plan) -> None:
    places = list(rectangles(plan))
    for label in furniture.labels(plan.language):
        for name, place in places:
            assert place.sheet != label.sheet or not place.holds(label.row, label.column), (label, name)


def test_labels_do_not_overwrite_each_other(plan) -> None:
    spots = [(label.sheet, label.row, label.column) for label in furniture.labels(plan.language)]
    assert len(spots) == len(set(spots))


def _edges(sheet, sizes, start, length):
    """Return the first and last row (or column) that a stretch of pixels covers."""
    first, taken = start, 0
    while taken < length:
        taken += sizes(sheet, first)
        first += 1
    return start, first - 1


def _height(sheet, row):
    page = layout.pages()[sheet]
    return page.heights.get(row, page.height)


def _width(sheet, column):
    return layout.pages()[sheet].columns[column]


def test_charts_cover_no_block_but_their_titles_and_not_each_other(plan) -> None:
    covered = {}
    for chart in plan.charts:
        frame = layout.frames()[chart.name]
        top, bottom = _edges(frame.sheet, _height, frame.row, frame.y + frame.height)
        left, right = _edges(frame.sheet, _width, frame.column, frame.x + frame.width)
        place = Place(frame.sheet, top, left, bottom - top + 1, right - left + 1)
        for name, other in rectangles(plan):
            if not name.endswith(("chart_titles", "chart_data")):
                assert other.sheet != frame.sheet or not place.meets(other), (chart.name, name)
        covered[chart.name] = frame
    for one, other in combinations(covered.values(), 2):
        apart = (
            one.sheet != other.sheet
            or abs(one.row - other.row) * layout.pages()[one.sheet].height >= one.height
            or one.column != other.column
            or one.x + one.width <= other.x
            or other.x + other.width <= one.x
        )
        assert apart


def test_every_chart_title_lies_under_a_chart(plan) -> None:
    for name in ("overview.chart_titles", "review.chart_titles"):
        sheet = name.partition(".")[0]
        frames = [frame for frame in layout.frames().values() if frame.sheet == sheet]
        block = plan.block(name)
        for row in range(block.shape[0]):
            at = layout.resolve(Ref(name, row, 0))
            inside = [
                frame
                for frame in frames
                if frame.row <= at.row < frame.row + frame.height // layout.pages()[sheet].height
                and frame.column <= at.column
            ]
            gap = at.row in {frame.row + frame.height // layout.pages()[sheet].height for frame in frames}
            assert inside or gap, at


def test_every_chart_has_its_place_and_no_place_is_unused(plan) -> None:
    assert {chart.name for chart in plan.charts} == set(layout.frames())


def test_every_style_is_known(plan) -> None:
    for block in plan.blocks:
        for row in block.cells:
            for cell in row:
                assert style(cell.style, plan.language)


def test_every_core_indicator_is_charted_over_twelve_months(plan) -> None:
    drawn = {chart.name: chart for chart in plan.charts}
    charts = [drawn[f"review_{each.metric.id}"] for each in core()]
    for chart in charts:
        assert {series.values.columns for series in chart.series} == {12}
        roles = [series.role for series in chart.series]
        assert roles[:2] == [SeriesRole.PRIOR, SeriesRole.ACTUAL]
        assert (SeriesRole.UNPROVEN in roles) is (chart.name.removeprefix("review_") in JUDGED)
