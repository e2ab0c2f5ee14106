"""Search words: what the ads reach anew, which words convert, how much of the long tail is won."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.sample import Mean, Sample
from opsbook.functions.ratios import ratio
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import whole_periods
from opsbook.periods import Grain, Period, containing

if TYPE_CHECKING:
    import pandas as pd

Told = tuple[float, Basis]
_GRAINS = (Grain.MONTH, Grain.WEEK, Grain.DAY, Grain.RANGE)  # files of the first grain that a period has
_CAP = 500  # rows that the platform gives at most
_LONG = 3  # terms that make a long-tail word


def clean(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of ``keyword_performance`` with ``word`` (category), the keyword in lower case with single spaces."""
    words = {keyword: " ".join(keyword.split()).casefold() for keyword in rows["keyword"].dropna().unique()}
    return rows.assign(word=rows["keyword"].map(words).astype("category"))


class _Files:
    """Rows by the file they stand in: many rows, few files, so that a period is looked up among these."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows
        grouped = rows.groupby(["_grain", "_start", "_end"])
        self._number = grouped.ngroup()
        self._spans = [(grain, start.date(), end.date()) for grain, start, end in grouped.size().index]

    def periods(self) -> list[Period]:
        """Return the quarters and years in which a file ends."""
        return sorted(
            {containing(end, grain) for *_, end in self._spans for grain in (Grain.QUARTER, Grain.YEAR)}
        )

    def inside(self, period: Period) -> pd.DataFrame:
        """Return the rows of the files that lie inside a period, of one grain."""
        for grain in _GRAINS:
            chosen = [
                number
                for number, (own, start, end) in enumerate(self._spans)
                if own == grain and period.start <= start and end <= period.end
            ]
            if chosen:
                return self._rows[self._number.isin(chosen)]
        return self._rows[:0]


def _told(
    metric: str,
    unit: str,
    files: _Files,
    as_of: date,
    over: Callable[[pd.DataFrame, Period], Told | None],
    *,
    samples: Mapping[Period, Sample] | None = None,
) -> Iterator[Figure]:
    found = {period: over(files.inside(period), period) for period in files.periods()}
    yield from whole_periods(
        metric,
        unit,
        {period: told for period, told in found.items() if told is not None},
        as_of,
        samples=samples,
    )


def expansion(rows: pd.DataFrame, as_of: date) -> Iterator[Figure]:
    """Yield how many words ads were shown on in a period's last file that had none in the last file before it.

    A quarter is compared with the quarter before, a year with the year before.
    """
    known = _Files(rows[rows["p4p_impressions"].notna()])

    def last(files: pd.DataFrame) -> pd.DataFrame:
        return files[files["_end"] == files["_end"].max()]

    def over(files: pd.DataFrame, period: Period) -> Told | None:
        before = last(known.inside(period.previous))
        now = last(files)
        if now.empty:
            return None
        if before.empty:
            return math.nan, Basis.of(Kind.NO_BASE)
        shown, earlier = (set(part.loc[part["p4p_impressions"] > 0, "word"]) for part in (now, before))
        days = (part["_end"].max().date() for part in (now, before))
        basis = Basis.of(Kind.WORDS_AGAINST, *days, len(shown))
        if max(len(now), len(before)) >= _CAP:
            basis = basis.plus(Kind.LIST_CAPPED)
        return float(len(shown - earlier)), basis

    yield from _told("p4p_keyword_expansion", "count", known, as_of, over)


def high_conversion(
    rows: pd.DataFrame, shop_rate: Callable[[Period], float], *, clicks: int, as_of: date
) -> Iterator[Figure]:
    """Yield the share of words with enough clicks whose click rate is above the shop's.

    Args:
        rows: `clean` rows.
        shop_rate: The shop's own click rate in search over a period, NaN where unknown; then the rate over all
            words of the files stands for it.
        clicks: What is enough.
        as_of: Last day of the data.
    """

    def over(files: pd.DataFrame, period: Period) -> Told | None:
        if files.empty:
            return None
        words = files.groupby("word", observed=True)[["clicks", "impressions"]].sum()
        shop, source = shop_rate(period), Kind.SHOP_RATE
        if math.isnan(shop):
            sums = words.sum()
            shop, source = float(ratio(sums["clicks"], sums["impressions"])), Kind.ALL_WORDS_RATE
        judged = words[words["clicks"] >= clicks]
        if judged.empty:
            return math.nan, Basis.of(Kind.TOO_FEW)
        high = int((judged["clicks"] / judged["impressions"] > shop).sum())
        basis = Basis.of(Kind.WORDS_OF, high, len(judged)).plus(source, shop * 100)
        return float(ratio(high, len(judged))), basis

    yield from _told("high_conversion_keyword_share", "ratio", _Files(rows), as_of, over)


def longtail(rows: pd.DataFrame, as_of: date) -> Iterator[Figure]:
    """Yield own impressions over the TOP10 average, pooled over the sought-after words of three or more terms.

    Sought-after: the word's last index of the period is at or above the median over all words that have one.
    """
    samples: dict[Period, Sample] = {}

    def over(files: pd.DataFrame, period: Period) -> Told | None:
        known = files[files["keyword_index"].notna()].sort_values("_end", kind="stable")
        if known.empty:
            return None
        last = known.groupby("word", observed=True)["keyword_index"].last()
        sought = {word for word in last.index[last >= last.median()] if len(word.split()) >= _LONG}
        pooled = files[files["word"].isin(sought) & files["top10_avg_impressions"].notna()]
        if pooled.empty:
            return math.nan, Basis.of(Kind.TOO_FEW)
        sums = pooled[["impressions", "top10_avg_impressions"]].sum()
        value = float(ratio(sums["impressions"], sums["top10_avg_impressions"]))
        words = pooled.groupby("word", observed=True)[["impressions", "top10_avg_impressions"]].sum()
        if (
            len(words) > 1
        ):  # a ratio of sums over the words: its variance is that of what the words miss it by
            missed = words["impressions"] - value * words["top10_avg_impressions"]
            scale = len(words) / (len(words) - 1) / float(sums["top10_avg_impressions"]) ** 2
            samples[period] = Mean(value, float((missed**2).sum()) * scale, len(words))
        return value, Basis.of(Kind.WORDS, len(words))

    yield from _told("longtail_capture", "ratio", _Files(rows), as_of, over, samples=samples)
