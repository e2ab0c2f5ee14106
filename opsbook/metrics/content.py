"""Livestreams and short videos: how many, and how many of those who watched took part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from opsbook.metrics.measure import Measure, additive, rate
from opsbook.metrics.monthly import counted, reached
from opsbook.params.export_words import marks, plain

if TYPE_CHECKING:
    import pandas as pd


def measures(log: pd.DataFrame, spans: Iterable[tuple[date, date]]) -> Iterator[Measure]:
    """Yield sessions, videos and the interaction rate.

    Args:
        log: Rows of ``content_log``: ``content_type``, ``views``, ``interactions``, ``_start``.
        spans: First and last day of each log taken in; a month inside without a row had none.
    """
    if log.empty:
        return
    months = reached(spans)
    kind = log["content_type"].fillna("").map(plain)
    for metric, name in (("live_sessions", "live"), ("short_videos", "video")):
        yield additive(metric, "count", counted(log.loc[kind.isin(marks("content", name)), "_start"], months))
    both = log[log["views"].notna() & log["interactions"].notna()]
    interactions = counted(both["_start"], months, both["interactions"])
    yield rate("interaction_rate", "ratio", interactions, counted(both["_start"], months, both["views"]))
