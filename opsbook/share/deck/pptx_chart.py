"""Native charts with the workbook's notation: no legend, no grid, no value axis, zero base, direct labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml.ns import qn
from pptx.util import Pt

from opsbook.domain.language import Language
from opsbook.share.deck.flow import Placed, width_of
from opsbook.share.deck.pptx_looks import colour, fonts, of_text
from opsbook.share.deck.slide_model import SlideChart, SlideInk, SlideSeries

if TYPE_CHECKING:
    from pptx.slide import Slide


_TYPES = {
    "column": (XL_CHART_TYPE.COLUMN_CLUSTERED, 45, 40),
    "over": (XL_CHART_TYPE.COLUMN_CLUSTERED, 60, 100),
    "stacked": (XL_CHART_TYPE.COLUMN_STACKED, 50, 100),
    "bar": (XL_CHART_TYPE.BAR_CLUSTERED, 45, 40),
    "bar_over": (XL_CHART_TYPE.BAR_CLUSTERED, 60, 100),
}
"""Type, gap between categories and overlap of the bars of one, in per cent."""
_HEADROOM = 1.16  # of the axis over the highest bar, for its label
_OUTLINE = 1.25
_MANY, _SMALLER = 8, 0.86  # categories beyond which labels are a little smaller
_PLOT, _LEAST = 0.95, 0.7  # of the width that the bars have; how small labels may get


def draw(slide: Slide, placed: Placed, chart: SlideChart, size: float, language: Language) -> None:
    """Put a chart on a slide.

    Args:
        slide: Takes it.
        placed: Its place in points.
        chart: What it shows; its title stands over it.
        size: Of labels.
        language: Decides the fonts.
    """
    data = CategoryChartData(number_format="General")
    data.categories = list(chart.categories)
    for series in chart.series:
        data.add_series(series.name, list(series.values))
    size *= _shrunk(chart, placed.box.width, size)
    kind, gap, overlap = _TYPES[chart.form]
    box = placed.box
    frame = slide.shapes.add_chart(kind, Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height), data)
    frame.name = chart.title
    frame._element.nvGraphicFramePr.cNvPr.set("descr", chart.title)  # noqa: SLF001 - no other way to describe a shape
    made: Any = frame.chart
    made.has_legend = False
    made.has_title = False
    made.font.size = Pt(round(size, 1))
    made.font.color.rgb = of_text(SlideInk.TEXT)
    fonts(made.font._element, language)  # noqa: SLF001 - python-pptx knows no East Asian font
    _whole_ids(made)
    plot = made.plots[0]
    plot.gap_width, plot.overlap = gap, overlap
    _axes(made, chart)
    for drawn, series in zip(plot.series, chart.series, strict=True):
        _look(drawn.format, series.ink)
        for at, ink in series.points.items():
            _look(drawn.points[at].format, ink)
        if series.labels:
            _labels(drawn, series, size, language)


def _whole_ids(made: Any) -> None:
    """Give the axes numbers that the format knows: python-pptx writes negative ones."""
    for tag in ("c:axId", "c:crossAx"):
        for each in made._chartSpace.iter(qn(tag)):  # noqa: SLF001 - python-pptx numbers no axis anew
            each.set("val", each.get("val").lstrip("-"))


def _shrunk(chart: SlideChart, width: float, size: float) -> float:
    """Return how much smaller labels must be so that none touches the next, and none is turned."""
    if chart.form.startswith("bar"):
        return 1.0
    slot = width * _PLOT / len(chart.categories)
    # Labels are broken between words, so that the longest word decides.
    longest = max(width_of(word, size) for name in chart.categories for word in name.split())
    return max(min(_SMALLER if len(chart.categories) > _MANY else 1.0, slot / longest), _LEAST)


def _axes(made: Any, chart: SlideChart) -> None:
    values = made.value_axis
    values.visible = False
    values.has_major_gridlines = False
    known = [value for series in chart.series for value in series.values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if chart.form == "stacked":
        high = max(
            sum(series.values[at] or 0.0 for series in chart.series) for at in range(len(chart.categories))
        )
    span = max(high, 0.0) - min(low, 0.0)
    values.minimum_scale = min(low, 0.0) - (span * (_HEADROOM - 1) if low < 0 else 0.0)
    # Without any value over zero the axis still needs a length.
    values.maximum_scale = max(high, 0.0) + (span or 1.0) * (_HEADROOM - 1)
    categories = made.category_axis
    categories.has_major_gridlines = False
    categories.major_tick_mark = XL_TICK_MARK.NONE
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    turned = categories._element.get_or_add_txPr().find(qn("a:bodyPr"))  # noqa: SLF001
    turned.set("rot", "0")  # never turned, however narrow the chart is
    turned.set("vert", "horz")
    categories.format.line.color.rgb = of_text(SlideInk.QUIET)
    categories.format.line.width = Pt(0.75)


def _look(form: Any, ink: SlideInk) -> None:
    if ink is SlideInk.BASE:
        form.fill.background()
        form.line.fill.background()
        return
    form.fill.solid()
    form.fill.fore_color.rgb = colour(ink)
    if ink is SlideInk.TARGET:
        form.line.color.rgb = colour(SlideInk.ACTUAL)
        form.line.width = Pt(_OUTLINE)
    else:
        form.line.fill.background()


def _labels(drawn: Any, series: SlideSeries, size: float, language: Language) -> None:
    labels = drawn.data_labels
    labels.show_value = True
    labels.number_format = series.labels
    labels.number_format_is_linked = False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = Pt(round(size, 1))
    labels.font.color.rgb = of_text(
        SlideInk.TEXT if series.ink in (SlideInk.ACTUAL, SlideInk.TARGET) else series.ink
    )
    if series.ink is SlideInk.PRIOR:
        labels.font.color.rgb = of_text(SlideInk.QUIET)
    fonts(labels.font._element, language)  # noqa: SLF001
