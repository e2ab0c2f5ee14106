"""Text is measured before it is set, and what finds no room is counted, never clipped."""

import pytest

from opsbook.share.deck.flow import Box, column_widths, lines_of, place, width_of
from opsbook.share.deck.slide_model import (
    SlideCell,
    SlideChart,
    SlideColumn,
    SlideInk,
    SlideLines,
    SlideSeries,
    SlideTable,
)


def table(*rows, more="{count} more", **options):
    head = tuple(SlideCell(f"h{at}") for at in range(len(rows[0])))
    return SlideTable("", (1.0,) * len(rows[0]), head, tuple(tuple(row) for row in rows), more, **options)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        pytest.param("信保交易金额", 60, 1, id="six of ten points in sixty"),
        pytest.param("信保交易金额", 59, 2, id="the sixth does not fit"),
        pytest.param("信保交易金额", 30, 2, id="three a line"),
        pytest.param("a word", 1000, 1, id="room enough"),
        pytest.param("unbreakable", 20, 4, id="a word longer than a line is broken"),
        pytest.param("", 10, 1, id="an empty line is a line"),
    ],
)
def test_lines(text, width, lines):
    assert lines_of(text, width, 10) == lines


def test_a_number_is_never_broken_where_text_can_give_way():
    rows = [[SlideCell("店铺访问人数和很长的说明文字" * 2), SlideCell("1,234,567 元", right=True)]]
    text, number = column_widths(table(*rows), 200, 10)
    assert text + number == pytest.approx(200)
    assert number >= width_of("1,234,567 元", 10)


@pytest.mark.parametrize(
    ("height", "shown", "said"),
    [
        # A line of 10 points is 13.2 high with 5 around it: 18.2 a row, 17.2 for the sentence below.
        pytest.param(18.2 * 11 + 1, 10, None, id="heading and ten rows fit"),
        pytest.param(18.2 * 6 + 17.3, 5, "5 more", id="half of them"),
    ],
)
def test_rows_without_room_are_counted(height, shown, said):
    rows = [[SlideCell(str(number))] for number in range(10)]
    (placed,) = place([SlideColumn(1, (table(*rows),))], Box(0, 0, 100, height), 10)
    assert len(placed.part.rows) == shown
    assert (placed.more and placed.more[0]) == said
    bottom = placed.more[1] if placed.more else placed.box
    assert bottom.top + bottom.height <= height + 0.1


def test_a_table_that_must_be_whole_gets_smaller_first():
    rows = [[SlideCell(str(number))] for number in range(10)]
    (placed,) = place([SlideColumn(1, (table(*rows, shrinks=True),))], Box(0, 0, 100, 185), 10)
    assert (len(placed.part.rows), placed.size) == (10, 8.6)


def test_columns_and_parts_neither_touch_nor_leave_the_body():
    chart = SlideChart("A chart", "column", ("a", "b"), (SlideSeries("s", (1.0, 2.0), SlideInk.ACTUAL),))
    columns = [
        SlideColumn(1, (chart, chart)),
        SlideColumn(2, (table([SlideCell("x")]), SlideLines("Title", ("one", "two")), chart)),
    ]
    body = Box(10, 20, 800, 400)
    placed = place(columns, body, 14)
    assert len(placed) == 5
    boxes = [box for each in placed for box in (each.title, each.box) if box]
    for at, one in enumerate(boxes):
        assert body.left <= one.left
        assert one.left + one.width <= body.left + body.width + 0.1
        assert body.top <= one.top
        assert one.top + one.height <= body.top + body.height + 0.1
        for other in boxes[at + 1 :]:
            apart = (
                one.left + one.width <= other.left
                or other.left + other.width <= one.left
                or one.top + one.height <= other.top + 0.1
                or other.top + other.height <= one.top + 0.1
            )
            assert apart, (one, other)
