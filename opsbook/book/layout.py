"""Where everything stands in the template: the only source of addresses. Rows and columns are counted from 0."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.book import layout_actions, layout_resources, layout_risks, layout_strategy, layout_targets
from opsbook.book import layout_annual as annual
from opsbook.book.address import Place
from opsbook.book.model import Sheet
from opsbook.book.spots import Frame, Input, Page, Spot
from opsbook.domain.language import Text
from opsbook.params import declared
from opsbook.review.indicators import core

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opsbook.book.model import Block, Ref
    from opsbook.domain.language import Language

PASTE_SHEETS = 6
MOST_RECEIPTS = 300
MOST_ISSUES = 500
MAP_ROWS = 60
LEVEL_ROWS = 12
TOP = 10
WORDS = 15
CORE = len(core())
PER_ROW = 3  # charts beside each other on the review sheet

PLAN = (layout_targets, layout_strategy, layout_actions, layout_risks, layout_resources)
"""Modules of the sheets of the annual plan, in their order: each has SHEET, SPOTS, INPUTS, page() and frames()."""

SHEETS: tuple[Sheet, ...] = (
    Sheet("overview", Text("总览", "Overview")),
    Sheet("review", Text("业绩回顾", "Review")),
    *annual.REPORTS,
    *(each.SHEET for each in PLAN),
    *annual.BOARDS,
    *annual.TABLES,
    Sheet("settings", Text("设置", "Settings")),
    *(
        Sheet(f"paste{number}", Text(f"粘贴{number}", f"Paste{number}"))
        for number in range(1, PASTE_SHEETS + 1)
    ),
    Sheet("headermap", Text("列映射", "Header map")),
    Sheet("receipts", Text("刷新记录", "Receipts")),
    Sheet("issues", Text("数据问题", "Issues")),
    Sheet("guide", Text("使用说明", "Guide")),
)


def title(sheet: str, language: Language) -> str:
    """Return the title of a sheet."""
    return next(each.title[language] for each in SHEETS if each.id == sheet)


# Overview: a margin, six columns, a gutter, six columns. A card is three columns, a chart or a list six.
_HALF = (100,) * 6
_OVERVIEW = (14, *_HALF, 16, *_HALF, 14)
CARD_COLUMNS = (0, 3, 7, 10)  # inside the block of cards
CARD_ROWS = 5  # label, value, two lines of growth, a gap
_CARDS, _CHARTS, _CHART_ROWS = 4, 14, 11
_LISTS = _CHARTS + _CHART_ROWS + 1  # row of the headings of funnel and TOP10
_QUARTERS = _LISTS + TOP + 3
OVERVIEW_QUARTER_ROWS = 8
_OVERVIEW_BRIDGE = _QUARTERS + 2 + OVERVIEW_QUARTER_ROWS + 2  # heading, head, values

# Review: name, year or kind, twelve months, the year, a spare column, notes.
_REVIEW = (14, 204, 58, *(66,) * 12, 78, 72, 130)
_Q = 5
_C = _Q + 2 + 2 * CORE + 2  # first row of the charts
_LINE_ROWS = 13  # rows of one line of charts
_CHART_LINES = -(-CORE // PER_ROW)
_M = _C + _CHART_LINES * _LINE_ROWS + 2
_MONTH_ROWS = 1 + 4 * CORE
_X = _M + _MONTH_ROWS + 2  # customers and product health
_T = _X + 5 + 2  # TOP10
_K = _T + 1 + TOP + 1 + 2 + 3 + 2  # keywords and store level
_B = _K + 1 + WORDS + 2  # growth bridge
_BRIDGE_CHARTS, _BRIDGE_CHART_ROWS = _B + 7, 15
BRIDGE_STEPS = 6  # bars of a waterfall
SPLIT_MARKETS = 7  # lines of the growth by market, the last one for the rest
SPLIT_STEPS = 2 + SPLIT_MARKETS
_S = _BRIDGE_CHARTS + _BRIDGE_CHART_ROWS + 2  # growth by product, customer, market
_SPLIT_ROWS = 3 + 3 * 2 + 6 + 5 + SPLIT_MARKETS
_SPLIT_CHARTS = _S + _SPLIT_ROWS + 1
_P = _SPLIT_CHARTS + _BRIDGE_CHART_ROWS + 2  # intervals and verdicts

SPOTS: Mapping[str, Spot] = MappingProxyType(
    {
        "overview.head": Spot("overview", 1, 1),
        "overview.cards": Spot("overview", _CARDS, 1),
        "overview.chart_titles": Spot("overview", _CHARTS + 1, 2),
        "overview.funnel": Spot("overview", _LISTS + 1, 1, heading=1),
        "overview.notes": Spot("overview", _LISTS + 8, 1, heading=1),
        "overview.top10": Spot("overview", _LISTS + 1, 8, heading=1),
        "overview.quarters": Spot("overview", _QUARTERS + 1, 1, heading=1),
        "overview.bridge": Spot("overview", _OVERVIEW_BRIDGE + 1, 1, heading=1),
        "review.head": Spot("review", 1, 1),
        "review.quarters": Spot("review", _Q, 1, heading=1),
        "review.chart_titles": Spot("review", _C + 1, 1, heading=2),
        "review.months": Spot("review", _M, 1, heading=1),
        "review.customers": Spot("review", _X, 1, heading=1),
        "review.products": Spot("review", _X, 10, heading=1),
        "review.top10": Spot("review", _T, 1, heading=1),
        "review.top10_share": Spot("review", _T + TOP + 4, 1, heading=1),
        "review.keyword_pages": Spot("review", _T + TOP + 4, 10, heading=1),
        "review.keywords": Spot("review", _K, 10, heading=1),
        "review.bridge": Spot("review", _B, 1, heading=1),
        "review.bridge_chart_titles": Spot("review", _BRIDGE_CHARTS + 1, 1),
        "review.bridge_chart_data": Spot("review", _BRIDGE_CHARTS + 1, 2),
        "review.split": Spot("review", _S, 1, heading=1),
        "review.split_chart_titles": Spot("review", _SPLIT_CHARTS + 1, 1),
        "review.split_chart_data": Spot("review", _SPLIT_CHARTS + 1, 2),
        "review.months_chart_data": Spot("review", _C + 1, 2),
        "review.unjudged_chart_data": Spot("review", _C + 2 + 2 * CORE, 2),
        "review.proof": Spot("review", _P, 1, heading=1),
        **annual.SPOTS,
        **{name: spot for each in PLAN for name, spot in each.SPOTS.items()},
        "receipts.more": Spot("receipts", 2, 1),
        "receipts.log": Spot("receipts", 4, 1, rows=MOST_RECEIPTS + 1),
        "issues.more": Spot("issues", 2, 1),
        "issues.list": Spot("issues", 4, 1, rows=MOST_ISSUES + 1),
    }
)

INPUTS: Mapping[str, Input] = MappingProxyType(
    {
        each.name: each
        for each in (
            Input("review.store_level", "review", _K + 1, 1, LEVEL_ROWS, 8),
            *(Input(f"settings.{key}", "settings", 4 + number, 2) for number, key in enumerate(declared())),
            *(
                Input(f"paste{number}.period", f"paste{number}", 1, 1)
                for number in range(1, PASTE_SHEETS + 1)
            ),
            Input("headermap.rules", "headermap", 5, 1, MAP_ROWS, 4),
            *annual.INPUTS,
            *(cells for each in PLAN for cells in each.INPUTS),
        )
    }
)
TEAM_ROWS = annual.TEAM_ROWS
SETTINGS_ROW = 4
PASTE_ROW = 3  # first row that people paste into
MAP_HEAD = 4

LEVEL_COLUMNS = (0, 1, 4)  # date, level, notes: each begins here inside the table of store levels
# Numbers too wide for one column (the cards), and the texts of the store level.
MERGES: tuple[Place, ...] = (
    *(
        Place("overview", _CARDS + line * CARD_ROWS + 1, 1 + column, 1, 3)
        for line in range(2)
        for column in CARD_COLUMNS
    ),
    *(
        Place("review", _K + 1 + row, column, 1, width)
        for row in range(LEVEL_ROWS)
        for column, width in ((2, 3), (5, 4))
    ),
    *layout_actions.MERGES,
)


@cache
def pages() -> Mapping[str, Page]:
    """Return the look of every sheet by id."""
    overview_heights = {0: 8, 1: 34, 2: 22, 3: 8, _LISTS - 1: 8, _QUARTERS - 1: 8, _OVERVIEW_BRIDGE - 1: 8}
    for line in range(2):
        for offset, height in enumerate((22, 33, 18, 20, 8)):
            overview_heights[_CARDS + line * CARD_ROWS + offset] = height
    for row in (_LISTS, _QUARTERS, _OVERVIEW_BRIDGE):
        overview_heights[row] = 25
    review_heights = {0: 8, 1: 32, 2: 20, 3: 8}
    for row in (_Q - 1, _C - 1, _M - 1, _X - 1, _T - 1, _T + TOP + 3, _K - 1, _B - 1, _S - 1, _P - 1):
        review_heights[row] = 28
    plain = {0: 8, 1: 32}
    paste = Page((110, 200, *(96,) * 24), height=20, freeze=(3, 0), tab="input")
    return {
        "overview": Page(_OVERVIEW, overview_heights, height=18, tall=1),
        "review": Page(
            _REVIEW,
            review_heights,
            freeze=(3, 2),
            repeat=(1, 2),
            breaks=(
                _C - 1,
                _C + 3 * _LINE_ROWS,
                _M - 1,
                _M + 1 + 4 * (CORE // 2),
                _X - 1,
                _B - 1,
                _S - 1,
                _P - 1,
            ),
        ),
        **annual.pages(),
        **{each.SHEET.id: each.page() for each in PLAN},
        "settings": Page((14, 220, 220, 560), plain | {2: 20}, height=26, tab="input"),
        **{f"paste{number}": paste for number in range(1, PASTE_SHEETS + 1)},
        "headermap": Page(
            (14, 220, 220, 200, 220, 30, 190, 210, 180),
            plain,
            height=22,
            freeze=(MAP_HEAD + 1, 0),
            tab="input",
            printed=(MAP_HEAD + MAP_ROWS, 4),
        ),
        "receipts": Page(
            (14, 46, 130, 300, 90, 150, 170, *(64,) * 6, 110),
            plain,
            freeze=(5, 0),
            repeat=(4, 4),
            tab="log",
        ),
        "issues": Page(
            (14, 70, 330, 380, 220, 90, 50, 120, 120, 50),
            plain,
            height=34,
            freeze=(5, 0),
            repeat=(4, 4),
            tab="log",
        ),
        "guide": Page((14, 190, 470, 60, 170), {0: 8, 1: 32}, height=21, landscape=False, tab="log"),
    }


@cache
def frames() -> Mapping[str, Frame]:
    """Return where every chart stands, by the chart's name."""
    half = sum(_HALF)
    height = _CHART_ROWS * pages()["overview"].height
    found = {
        "overview_ta_amount": Frame("overview", _CHARTS, 1, 0, 0, half, height),
        "overview_visitors": Frame("overview", _CHARTS, 8, 0, 0, half, height),
    }
    gap = 12
    line_height = _LINE_ROWS * pages()["review"].height
    width = (sum(_REVIEW[1:]) - (PER_ROW - 1) * gap) // PER_ROW
    for number, indicator in enumerate(core()):
        line, place = divmod(number, PER_ROW)
        found[f"review_{indicator.metric.id}"] = Frame(
            "review", _C + line * _LINE_ROWS, 1, place * (width + gap), 0, width, line_height - gap
        )
    width = (sum(_REVIEW[1:]) - gap) // 2
    for place, name in enumerate(("review_bridge_year", "review_bridge_quarter")):
        height = _BRIDGE_CHART_ROWS * pages()["review"].height - gap
        found[name] = Frame("review", _BRIDGE_CHARTS, 1, place * (width + gap), 0, width, height)
    for each in PLAN:
        found |= each.frames()
    width = (sum(_REVIEW[1:]) - 2 * gap) // 3
    height = _BRIDGE_CHART_ROWS * pages()["review"].height - gap
    for place, way in enumerate(("product", "customer", "market")):
        name = f"review_split_{way}"
        found[name] = Frame("review", _SPLIT_CHARTS, 1, place * (width + gap), 0, width, height)
    return found | dict(annual.frames())


def place(block: Block) -> Place:
    """Return the cells that a block takes in the template."""
    spot = SPOTS[block.name]
    rows, columns = block.shape
    return Place(spot.sheet, spot.row, spot.column, rows, columns)


def resolve(ref: Ref) -> Place:
    """Return the cells of the template that a reference means; the sheet is given by its id."""
    spot = SPOTS[ref.block]
    return Place(spot.sheet, spot.row + ref.row, spot.column + ref.column, ref.rows, ref.columns)
