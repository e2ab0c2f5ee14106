"""Core keywords: which stand on page 1, and how their ranks moved."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import Growth, compare
from opsbook.periods import Grain, Period, containing

if TYPE_CHECKING:
    import pandas as pd


def ranks(checks: pd.DataFrame, *, page_size: int) -> pd.DataFrame:
    """Return the best place of each word at each check.

    Args:
        checks: Rows of ``keyword_rank``: ``keyword``, ``rank`` (text ``page.place``: 1.05 is page 1, place 5),
            ``_end`` (day of the check).
        page_size: Products on a page.

    Returns:
        ``keyword``, ``day``, ``page`` and ``rank`` = (page - 1) * page_size + place; words out of the list have none.
    """
    parts = checks["rank"].str.extract(r"^\s*(\d+)\.(\d{1,3})\s*$").astype(float)
    found = checks.assign(
        day=checks["_end"], page=parts[0], rank=(parts[0] - 1) * page_size + parts[1]
    ).dropna(subset=["rank"])
    best = found.sort_values("rank", kind="stable").groupby(["keyword", "day"], as_index=False).first()
    return best[["keyword", "day", "page", "rank"]]


def core(words: pd.DataFrame) -> frozenset[str]:
    """Return the words of the newest list of ``core_keywords``, in lower case; empty where no list was made."""
    newest = words[words["_end"] == words["_end"].max()]
    return frozenset(newest["keyword"].dropna().str.split().str.join(" ").str.casefold())


def of_core(checks: pd.DataFrame, words: frozenset[str]) -> pd.DataFrame:
    """Return the checks of core words; without a list every word that is checked is one."""
    if not words:
        return checks
    return checks[checks["keyword"].str.split().str.join(" ").str.casefold().isin(words)]


def first_page(checks: pd.DataFrame, *, page_size: int, as_of: date) -> Iterator[Figure]:
    """Yield how many words stand on page 1 at their last check of the month, quarter, year."""
    best = ranks(checks, page_size=page_size)
    checked = checks[["keyword", "_end"]].rename(columns={"_end": "day"}).drop_duplicates()
    last = checked.merge(best, on=["keyword", "day"], how="left").sort_values("day", kind="stable")
    values: dict[Period, tuple[float, Basis]] = {}
    for grain, code in ((Grain.MONTH, "M"), (Grain.QUARTER, "Q"), (Grain.YEAR, "Y")):
        for when, group in last.groupby(last["day"].dt.to_period(code)):
            words = group.groupby("keyword")["page"].apply(lambda pages: pages.iloc[-1])
            period = containing(when.start_time.date(), grain)
            values[period] = (float((words == 1).sum()), Basis.of(Kind.LAST_CHECK, len(words)))
    for period, (value, basis) in sorted(values.items()):
        yield Figure("keyword_first_page", period.label, "", value, "count", basis)
        bases = {"yoy": period.year_before} | ({} if period.grain is Grain.YEAR else {"pop": period.previous})
        for suffix, base in bases.items():
            if base not in values:
                change, how = math.nan, Basis.of(Kind.NO_BASE)
            elif period.end > as_of:
                change, how = math.nan, Basis.of(Kind.INCOMPLETE)
            else:
                change, how = compare(value, values[base][0], Growth.RELATIVE, Basis.of(Kind.LAST_CHECKS))
            yield Figure(f"keyword_first_page.{suffix}", period.label, "", change, "ratio", how)


def rank_changes(checks: pd.DataFrame, *, page_size: int) -> Iterator[Figure]:
    """Yield rank at the first check minus rank at the last, by word and year; positive is better."""
    best = ranks(checks, page_size=page_size).sort_values("day", kind="stable")
    for (word, number), group in best.groupby(["keyword", best["day"].dt.year]):
        first, last = group["rank"].iloc[0], group["rank"].iloc[-1]
        value, basis = (
            (float(first - last), Basis.of(Kind.RANKS, first, last))
            if len(group) > 1
            else (math.nan, Basis.of(Kind.ONE_CHECK, last))
        )
        yield Figure("keyword_rank_change", str(number), f"keyword={word}", value, "places", basis)
