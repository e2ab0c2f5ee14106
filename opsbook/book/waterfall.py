"""Waterfalls: the whole before, the steps, the whole now; drawn as stacked columns over an unseen base."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from opsbook.book.model import Chart, Ref, Series, SeriesRole

if TYPE_CHECKING:
    from opsbook.book.cells import BlockGrid

_LOOKS = {1: SeriesRole.BASE, 2: SeriesRole.ACTUAL, 3: SeriesRole.RISE, 4: SeriesRole.FALL}


def steps(
    grid: BlockGrid, first: Ref, names: Sequence[str], numbers: Sequence[float], *, digits: int = 0
) -> None:
    """Write what a waterfall draws.

    Args:
        grid: Takes the cells; they stand under the chart.
        first: The first of them.
        names: Of the whole before, each step, the whole now.
        numbers: The whole before and the steps; any undefined one leaves the bars out.
        digits: Decimals of the figures under the names.
    """
    top, left = first.row, first.column
    level = numbers[0] if numbers else math.nan
    known = bool(numbers) and not any(math.isnan(each) for each in numbers)
    for at, name in enumerate(names):
        row = top + at
        if not known:
            grid.put(row, left, name, "under")
            continue
        if at in (0, len(names) - 1):
            grid.put(row, left, f"{name}\n{level:,.{digits}f}", "under")
            grid.put(row, left + 2, level, "under")
            continue
        step = numbers[at]
        grid.put(row, left, f"{name}\n{step:+,.{digits}f}", "under")
        # A sum of steps below nothing (all of last year lost at once) is drawn to the axis only.
        low, high = (max(0.0, each) for each in sorted((level, level + step)))
        level += step
        grid.put(row, left + 1, low, "under")
        grid.put(row, left + (3 if step >= 0 else 4), high - low, "under")


def chart(name: str, title: Ref, series: Ref, data: Ref, number_format: str, *, lower: bool = False) -> Chart:
    """Return a waterfall.

    Args:
        name: Of the chart; its sheet is that of the title.
        title: Cell of the title.
        series: Cell with the name of all series.
        data: First cell of the steps and how many rows there are.
        number_format: Of the axis.
        lower: A fall is the better step, as of costs.
    """
    looks = {**_LOOKS, 3: SeriesRole.FALL, 4: SeriesRole.RISE} if lower else _LOOKS
    names = Ref(data.block, data.row, data.column, data.rows, 1)
    drawn = tuple(
        Series(series, names, Ref(data.block, data.row, data.column + column, data.rows, 1), role)
        for column, role in looks.items()
    )
    return Chart(name, title.block.partition(".")[0], "stacked", title, drawn, number_format)
