"""States on a day: video and 3D coverage, quality scores, visual upgrade. The last state of a year is the year's."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.ratios import ratio
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import whole_periods
from opsbook.params.export_words import marks, plain
from opsbook.periods import Period, year

COVERAGES = {"video_coverage": "has_video", "display3d_coverage": "has_3d"}


def text(cell: object) -> str:
    """Return a cell of text, empty where it is missing."""
    return cell if isinstance(cell, str) else ""


def latest_of_years(rows: pd.DataFrame, as_of: date) -> dict[int, pd.DataFrame]:
    """Return the rows of the newest day of each year; days after the data's end belong to its last day."""
    found: dict[int, pd.DataFrame] = {}
    for number, group in rows.groupby(rows["_end"].dt.year):
        found[int(number)] = group[group["_end"] == group["_end"].max()]
    if found and max(found) > as_of.year:  # made after the end of the data: it shows their end
        newest = found.pop(max(found))
        found[as_of.year] = newest
    return found


def coverage(catalog: pd.DataFrame, as_of: date) -> Iterator[Figure]:
    """Yield the share of active products with video, and with 3D.

    Args:
        catalog: Rows of ``product_catalog``: ``product_id``, ``display_status``, ``has_video``, ``has_3d``, ``_end``.
        as_of: Last day of the data.
    """
    lists = {number: active(rows) for number, rows in latest_of_years(catalog, as_of).items()}
    for metric, column in COVERAGES.items():
        values: dict[Period, tuple[float, Basis]] = {}
        for number, rows in lists.items():
            words = rows[column].dropna().map(plain)
            yes = words.isin(marks("flag", "yes"))
            known = int((yes | words.isin(marks("flag", "no"))).sum())
            if known:
                basis = Basis.of(Kind.PRODUCTS_OF, int(yes.sum()), known)
                if known < len(rows):
                    basis = basis.plus(Kind.UNKNOWN, len(rows) - known)
                values[year(number)] = (float(ratio(yes.sum(), known)), basis)
        yield from whole_periods(metric, "ratio", values, as_of, snapshots=True)


def active(catalog: pd.DataFrame) -> pd.DataFrame:
    """Return the products on display; without the column all are."""
    status = catalog["display_status"]
    return catalog[status.isna() | status.fillna("").map(plain).isin(marks("display_status", "active"))]


def quality_lift(catalog: pd.DataFrame, as_of: date) -> Iterator[Figure]:
    """Yield by how much the mean score rose from the first to the last list of a year, of products on both."""
    scored = catalog[catalog["quality_score"].notna()]
    values: dict[Period, tuple[float, Basis]] = {}
    for number, rows in scored.groupby(scored["_end"].dt.year):
        days = rows["_end"]
        first, last = (
            rows[days == when].groupby("product_id")["quality_score"].mean()
            for when in (days.min(), days.max())
        )
        both = pd.concat([first, last], axis=1, join="inner", keys=["first", "last"])
        if days.nunique() < 2:
            values[year(int(number))] = (math.nan, Basis.of(Kind.ONE_LIST))
        elif both.empty:
            values[year(int(number))] = (math.nan, Basis.of(Kind.NO_COMMON_PRODUCT))
        else:
            lift = float(both["last"].mean() - both["first"].mean())
            basis = Basis.of(Kind.SAME_PRODUCTS, len(both)).plus(
                Kind.SPAN, days.min().date(), days.max().date()
            )
            values[year(int(number))] = (lift, basis)
    yield from whole_periods("quality_score_lift", "score", values, as_of, snapshots=True)


def visual_upgrade(status: pd.DataFrame, as_of: date) -> Iterator[Figure]:
    """Yield done over planned, as last written down in each year."""
    known = status[status["visual_done"].notna() & status["visual_planned"].notna()]
    values: dict[Period, tuple[float, Basis]] = {}
    for number, rows in latest_of_years(known, as_of).items():
        row = rows.iloc[-1]
        done, planned = float(row["visual_done"]), float(row["visual_planned"])
        basis = Basis.of(Kind.DONE_OF, done, planned) if planned else Basis.of(Kind.ZERO_BASE)
        values[year(number)] = (float(ratio(done, planned)), basis)
    yield from whole_periods("visual_upgrade_completion", "ratio", values, as_of, snapshots=True)
