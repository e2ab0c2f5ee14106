"""Places in search, and where we stand among peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.growth import change
from opsbook.functions.values import ExcelError, FunctionError, floats, pick

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Cells, Values

_FEWEST_PEERS = 4  # a percentile among fewer says nothing


def rank_change(previous: npt.ArrayLike, current: npt.ArrayLike) -> Values:
    """Return previous - current: positive is better."""
    return floats(floats(previous) - floats(current))


def keyword_rank(page: npt.ArrayLike, place: npt.ArrayLike, page_size: int = 48) -> Cells:
    """Return (page - 1) x page_size + place; #NUM! for a place beyond the page."""
    sheet, spot = floats(page), floats(place)
    return pick(spot > page_size, ExcelError.NUM, (sheet - 1) * page_size + spot)


def first_page(rank: npt.ArrayLike, page_size: int = 48) -> Cells:
    """Return whether the rank is on the first page; a rank that is not known is not."""
    return pick(np.nan_to_num(floats(rank), nan=np.inf) <= page_size, True, False)


def peer_percentile(value: npt.ArrayLike, peers: npt.ArrayLike, higher_better: bool = True) -> Values:
    """Return the share of peers that we are ahead of, as Excel's PERCENTRANK.INC: cut off to 3 digits.

    Args:
        value: Own figures.
        peers: Figures of the peers; at least 4.
        higher_better: Else 1 - the rank.

    Returns:
        0 to 1; a value outside the peers' range is 0 or 1. NaN with fewer than 4 peers.
    """
    own = floats(value)
    known = floats(peers).ravel()
    known = np.sort(known[~np.isnan(known)])
    if known.size < _FEWEST_PEERS:
        return np.full(own.shape, np.nan)
    inside = np.clip(own, known[0], known[-1])
    below = np.searchsorted(known, inside, side="left")  # how many are less
    nearest = np.clip(below, 1, None)
    low, high = known[nearest - 1], known[np.clip(below, 0, known.size - 1)]
    with np.errstate(all="ignore"):
        between = np.where(high == inside, below, nearest - 1 + (inside - low) / (high - low))
    rank = np.floor(np.round(between / (known.size - 1) * 1000, 9)) / 1000
    rank = np.where(own > known[-1], 1.0, np.where(np.isnan(own), np.nan, rank))
    return rank if higher_better else 1 - rank


def peer_gap(value: float, peers: npt.ArrayLike, reference: str = "median") -> Values:
    """Return the gap to the peers, 1 x 2: value - reference, and that by |reference|.

    Args:
        value: Own figure.
        peers: Figures of the peers.
        reference: ``median``, ``best`` (the largest) or ``top10`` (mean of the ten largest).

    Raises:
        FunctionError: #N/A without peers.
    """
    known = floats(peers).ravel()
    known = np.sort(known[~np.isnan(known)])
    if not known.size:
        raise FunctionError(ExcelError.NA)
    other = {"median": np.median(known), "best": known[-1], "top10": known[-10:].mean()}[reference]
    return np.array([[value - other, float(change(value, other))]])
