"""Where the evidence behind the problems stands: a sheet of its own, so that the list of problems may grow."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.book.model import Sheet
from opsbook.book.spots import Frame, Page, Spot
from opsbook.domain.language import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = Sheet("evidence", Text("问题依据", "Evidence"))
TRAFFIC = ("natural_impressions", "longtail_capture", "low_quality_inquiry_share")
MARKETS = 11  # every market there is, and the unknown one
DRAWN = 8  # markets with the most inquiries
MORE_PEERS = ("tm_buyers", "lead_buyers", "lead_rate", "ta_orders")  # beside those that rules look at
PEERS = 10
DEPARTMENTS = 6
WIDTH = 12
# As on the sheet of work done: indicator, year, four quarters, the year, change, notes.
_COLUMNS = (14, 236, 56, *(84,) * 4, 92, 92, *(105,) * 4)
_GAP, _CHART_ROWS = 12, 13
_T = 5
_M = _T + 1 + 2 * len(TRAFFIC) + 2
_MC = _M + 1 + MARKETS + 1 + 1
_P = _MC + _CHART_ROWS + 2
_D = _P + 1 + PEERS + 2

SPOTS: Mapping[str, Spot] = MappingProxyType(
    {
        "evidence.head": Spot("evidence", 1, 1),
        "evidence.traffic": Spot("evidence", _T, 1, heading=1),
        "evidence.markets": Spot("evidence", _M, 1, heading=1),
        "evidence.markets_chart_titles": Spot("evidence", _MC + 1, 1),
        "evidence.markets_chart_data": Spot("evidence", _MC + 1, 2),
        "evidence.peers": Spot("evidence", _P, 1, heading=1),
        "evidence.collaboration": Spot("evidence", _D, 1, heading=1),
    }
)


def page() -> Page:
    """Return the look of the sheet."""
    heights = {0: 8, 1: 32, 2: 20, 3: 8} | {row - 1: 28 for row in (_T, _M, _P, _D)}
    return Page(_COLUMNS, heights, freeze=(3, 0), repeat=(1, 2), breaks=(_P - 1,))


def frames() -> dict[str, Frame]:
    """Return where the charts stand."""
    width = (sum(_COLUMNS[1:]) - _GAP) // 2
    height = _CHART_ROWS * page().height - _GAP
    names = ("evidence_markets", "evidence_market_split")
    return {
        name: Frame("evidence", _MC, 1, place * (width + _GAP), 0, width, height)
        for place, name in enumerate(names)
    }
