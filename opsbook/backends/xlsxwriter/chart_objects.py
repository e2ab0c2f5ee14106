"""One look for every chart: this year solid, last year lighter, target outlined, forecast hatched."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from opsbook.book import layout
from opsbook.book.address import Place, spell
from opsbook.book.formats import FONT, Ink
from opsbook.book.model import BookPlan, Chart, Ref, Series, SeriesRole
from opsbook.domain.language import Language

_COLUMN: Mapping[SeriesRole, dict[str, Any]] = MappingProxyType(
    {
        SeriesRole.ACTUAL: {"fill": {"color": Ink.ACCENT}, "border": {"none": True}},
        SeriesRole.PRIOR: {"fill": {"color": Ink.PRIOR}, "border": {"none": True}},
        SeriesRole.TARGET: {"fill": {"none": True}, "border": {"color": Ink.TEXT, "width": 1}},
        SeriesRole.FORECAST: {
            "pattern": {"pattern": "wide_upward_diagonal", "fg_color": Ink.ACCENT, "bg_color": Ink.PAPER},
            "border": {"color": Ink.ACCENT, "width": 0.75},
        },
        SeriesRole.BASE: {"fill": {"none": True}, "border": {"none": True}},
        SeriesRole.RISE: {"fill": {"color": Ink.GOOD}, "border": {"none": True}},
        SeriesRole.FALL: {"fill": {"color": Ink.BAD}, "border": {"none": True}},
        SeriesRole.UNPROVEN: {"fill": {"color": Ink.FAINT}, "border": {"none": True}},
        SeriesRole.UNJUDGED: {"fill": {"color": Ink.PAPER}, "border": {"color": Ink.FAINT, "width": 1}},
    }
)
_FORMS: Mapping[str, dict[str, str]] = MappingProxyType(
    {
        "stacked": {"type": "column", "subtype": "stacked"},
        "overlaid": {"type": "column"},
    }
)
_OVER = (SeriesRole.PRIOR, SeriesRole.TARGET)  # drawn as lines over columns in one place
_LINE: Mapping[SeriesRole, dict[str, Any]] = MappingProxyType(
    {
        SeriesRole.ACTUAL: {
            "line": {"color": Ink.ACCENT, "width": 2.25},
            "marker": {
                "type": "circle",
                "size": 4,
                "fill": {"color": Ink.ACCENT},
                "border": {"color": Ink.ACCENT},
            },
        },
        SeriesRole.PRIOR: {"line": {"color": Ink.PRIOR, "width": 1.75}, "marker": {"type": "none"}},
        SeriesRole.TARGET: {
            "line": {"color": Ink.TEXT, "width": 1, "dash_type": "dash"},
            "marker": {"type": "none"},
        },
        SeriesRole.FORECAST: {
            "line": {"color": Ink.ACCENT, "width": 1.75, "dash_type": "round_dot"},
            "marker": {"type": "none"},
        },
        # Marks over those of the line itself.
        SeriesRole.UNPROVEN: {
            "line": {"none": True},
            "marker": {
                "type": "circle",
                "size": 6,
                "fill": {"color": Ink.FAINT},
                "border": {"color": Ink.PAPER},
            },
        },
        SeriesRole.UNJUDGED: {
            "line": {"none": True},
            "marker": {
                "type": "circle",
                "size": 6,
                "fill": {"color": Ink.PAPER},
                "border": {"color": Ink.LOG_BAR},
            },
        },
    }
)


def add(book: Any, sheets: Mapping[str, Any], plan: BookPlan) -> None:
    """Draw every chart of the plan.

    Args:
        book: XlsxWriter's workbook.
        sheets: XlsxWriter's worksheets by id.
        plan: The charts, and the blocks that they show.
    """
    for chart in plan.charts:
        frame = layout.frames()[chart.name]
        form = _FORMS.get(chart.form, {"type": chart.form})
        drawn = book.add_chart({**form, "name": chart.name})
        lines = book.add_chart({"type": "line"}) if chart.form == "overlaid" else drawn
        for series in chart.series:
            over = chart.form == "overlaid" and series.role in _OVER
            as_line = over or chart.form == "line"
            (lines if over else drawn).add_series(_series(plan, chart, series, line=as_line))
        if lines is not drawn and any(series.role in _OVER for series in chart.series):
            drawn.combine(lines)
        _dress(drawn, chart, plan)
        drawn.set_size({"width": frame.width, "height": frame.height})
        sheets[frame.sheet].insert_chart(
            frame.row,
            frame.column,
            drawn,
            {
                "x_offset": frame.x,
                "y_offset": frame.y,
                "object_position": 2,  # moves with its cells, keeps its size
                "description": str(_values(plan, chart.title)[0]),
            },
        )


def sparklines(sheets: Mapping[str, Any], plan: BookPlan) -> None:
    """Draw the small columns that live inside a cell, the last one dark; a week without a figure is a gap."""
    for line in plan.sparklines:
        at = layout.resolve(line.at)
        sheets[at.sheet].add_sparkline(
            at.row,
            at.column,
            {
                "range": _address(line.values, plan.language).removeprefix("="),
                "type": "column",
                "min": 0,
                "series_color": Ink.PRIOR,
                "last_point": True,
                "last_color": Ink.ACCENT,
                "show_hidden": True,
            },
        )


def _look(series: Series, *, line: bool, over: bool) -> dict[str, Any]:
    """Return the look of a series; last year's line over grey columns is a shade darker than they are."""
    look = (_LINE if line else _COLUMN)[series.role]
    return (
        {**look, "line": {**look["line"], "color": Ink.LOG_BAR}}
        if over and series.role is SeriesRole.PRIOR
        else look
    )


def _series(plan: BookPlan, chart: Chart, series: Series, *, line: bool) -> dict[str, Any]:
    over = line and chart.form == "overlaid"
    return {
        "name": _address(series.name, plan.language),
        "name_data": _values(plan, series.name),
        "categories": _address(series.categories, plan.language),
        "categories_data": _values(plan, series.categories),
        "values": _address(series.values, plan.language),
        "values_data": _numbers(plan, series.values),
        "gap": 60,
        "overlap": 100 if chart.form in _FORMS else 0,
        **({"y_error_bars": _whiskers(plan, series.spread)} if series.spread else {}),
        **_look(series, line=line, over=over),
    }


def _whiskers(plan: BookPlan, spread: tuple[Ref, Ref]) -> dict[str, Any]:
    plus, minus = spread
    return {
        "type": "custom",
        "plus_values": _address(plus, plan.language),
        "plus_data": _numbers(plan, plus),
        "minus_values": _address(minus, plan.language),
        "minus_data": _numbers(plan, minus),
        "line": {"color": Ink.QUIET, "width": 0.75},
    }


def _dress(drawn: Any, chart: Chart, plan: BookPlan) -> None:
    font = FONT[plan.language]
    wide = chart.sheet == "overview"
    drawn.set_title(
        {
            "name": _address(chart.title, plan.language),
            "data": _values(plan, chart.title),
            "name_font": {"name": font, "size": 10, "bold": True, "color": Ink.TEXT},
            "layout": {"x": 0.012, "y": 0.025},
            "overlay": True,
        }
    )
    unseen = [at for at, series in enumerate(chart.series) if series.role is SeriesRole.BASE]
    # a line of its own for the legend
    judged = any(series.role is SeriesRole.UNPROVEN for series in chart.series)
    drawn.set_legend(
        {"none": True}
        if chart.form == "stacked"
        else {
            "position": "top",
            "delete_series": unseen,
            "font": {"name": font, "size": 9, "color": Ink.QUIET},
            "layout": {
                "x": (0.40 if wide else 0.02) if judged else 0.80 if wide else 0.68,
                "y": 0.105 if judged else 0.02,
                "width": (0.59 if wide else 0.97) if judged else 0.19 if wide else 0.31,
                "height": 0.12,
            },
        }
    )
    drawn.set_plotarea(
        {
            "layout": {
                "x": 0.075 if wide else 0.115,
                "y": 0.24 if judged else 0.19,
                "width": 0.915 if wide else 0.87,
                "height": 0.61 if judged else 0.66,
            }
        }
    )
    drawn.set_x_axis(
        {
            "num_font": {"name": font, "size": 8 if chart.form == "stacked" else 9, "color": Ink.QUIET},
            "line": {"color": Ink.FAINT, "width": 0.75},
            "major_tick_mark": "none",
            "label_position": "low",
        }
    )
    drawn.set_y_axis(
        {
            "num_font": {"name": font, "size": 9, "color": Ink.QUIET},
            "num_format": chart.number_format,
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": "#ECEFF2", "width": 0.75}},
            "major_tick_mark": "none",
            "min": 0 if chart.form != "line" else None,
        }
    )
    drawn.set_chartarea({"border": {"none": True}, "fill": {"color": Ink.PAPER}})
    drawn.show_blanks_as("gap")
    drawn.show_na_as_empty_cell()


def _address(ref: Ref, language: Language) -> str:
    place = layout.resolve(ref)
    titled = Place(layout.title(place.sheet, language), place.row, place.column, place.rows, place.columns)
    return "=" + spell(titled, absolute=True)


def _values(plan: BookPlan, ref: Ref) -> list[object]:
    cells = plan.block(ref.block).cells
    return [
        cells[row][column].value
        for row in range(ref.row, ref.row + ref.rows)
        for column in range(ref.column, ref.column + ref.columns)
    ]


def _numbers(plan: BookPlan, ref: Ref) -> list[object]:
    """Return the numbers that previews show; an undefined month is left out, so that it is a gap."""
    return [value if isinstance(value, int | float) else None for value in _values(plan, ref)]
