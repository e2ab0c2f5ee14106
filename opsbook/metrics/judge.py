"""The one judge: whether a figure lies beyond a limit, and whether it has changed, as far as its sample allows to say.

A figure carries the sample that it rests on. Counts are taken as Poisson, shares as binomial, amounts as sums of
independent orders; what is counted in full is exact. A verdict has three answers (up, down, too few to say), and
``not judged`` where there is no sample, no base or no season to judge by. Shares change in points, all else relative.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from opsbook.domain.sample import Change, Count, Exact, Gap, Mean, Sample, Share, Total
from opsbook.domain.verdict import Verdict, verdict_of
from opsbook.functions.intervals import (
    count_interval,
    count_signal,
    rate_difference,
    t_quantile,
    wilson_bounds,
)
from opsbook.metrics.catalogue import Chance, metrics
from opsbook.params import Settings

if TYPE_CHECKING:
    from opsbook.metrics.figures import Figure

_EXACT = frozenset({"content_interactions"})  # outside the catalogue


def counts() -> tuple[str, ...]:
    """Return the metrics that are counts moved by chance."""
    return tuple(metric.id for metric in metrics().values() if metric.chance is Chance.COUNT)


def is_exact(metric: str) -> bool:
    """Return whether a metric is counted in full, or so often that chance plays no part: any difference is one."""
    return metric in _EXACT or (metric in metrics() and metrics()[metric].chance is Chance.EXACT)


CARRIED = 0.9
"""Rows of orders that add up to less of an amount (or to more than its inverse) are not its sample."""


def sample_of(metric: str, value: float) -> Exact | Count | None:
    """Return the sample of a count or of what is exact, by its metric; None for any other figure."""
    if math.isnan(value):
        return None
    if value >= 0 and metric in metrics() and metrics()[metric].chance is Chance.COUNT:
        return Count(value)
    return Exact(value) if is_exact(metric) else None


def _exact(figure: Figure) -> Exact | None:
    """Return the sample of a figure, or of a growth, of what is exact."""
    known = is_exact(figure.metric.partition(".")[0])
    return Exact(figure.value) if known and figure.defined else None


@dataclass(frozen=True)
class Judge:
    """Judges by one confidence and one least sample.

    Attributes:
        confidence: How sure a verdict must be.
        least: A share or a mean of fewer than so many cases, or a change of fewer together, says nothing.
    """

    confidence: float = 0.95
    least: int = 5

    @classmethod
    def of(cls, settings: Settings) -> Judge:
        """Return the judge that the team's settings ask for."""
        return cls(settings.confidence, settings.least_sample)

    @property
    def _z(self) -> float:
        return NormalDist().inv_cdf(1 - (1 - self.confidence) / 2)

    def figure(self, figure: Figure, limit: float = 0.0, *, season: Figure | None = None) -> Verdict:
        """Judge a figure, or a growth, by the sample that it carries.

        Args:
            figure: A value or a growth.
            limit: What it is held against.
            season: The same growth a year before. A growth on the period before is judged by what is left of it when
                the season is taken out; without a known season it is not judged.
        """
        if figure.verdict is not None and limit == 0:
            return figure.verdict
        sample = figure.sample or _exact(figure)
        if not figure.defined or sample is None:
            return Verdict.UNJUDGED
        found = self.verdict(sample, limit)
        if season is None or not found.proven:
            return found
        if not season.defined:
            return Verdict.UNJUDGED
        # In points for a share, as a factor for anything else.
        shares = isinstance(sample, Change) and isinstance(sample.now, Share)
        left = figure.value - season.value if shares else (1 + figure.value) / (1 + season.value) - 1
        return found if (left > limit) is (found is Verdict.UP) and left != limit else Verdict.TOO_FEW

    def verdict(self, sample: Sample, limit: float = 0.0) -> Verdict:
        """Return whether a value, or a change, is proven to lie above or below a limit."""
        if isinstance(sample, Change):
            return self._change(sample.now, sample.base, limit)
        if isinstance(sample, Gap):
            return self.verdict(sample.own, (1 + limit) * sample.other)
        if not isinstance(sample, Exact | Count) and self._few(sample):
            return Verdict.TOO_FEW
        return self._beyond(self.interval(sample), limit)

    def _few(self, sample: Share | Total | Mean) -> bool:
        return (sample.trials if isinstance(sample, Share) else sample.number) < self.least

    @staticmethod
    def _beyond(bounds: tuple[float, float] | None, limit: float) -> Verdict:
        if bounds is None or math.isnan(bounds[0] + bounds[1] + limit):
            return Verdict.UNJUDGED
        low, high = bounds
        return Verdict.UP if low > limit else Verdict.DOWN if high < limit else Verdict.TOO_FEW

    def interval(self, sample: Sample) -> tuple[float, float] | None:
        """Return the interval of a value: Poisson, Wilson, or normal for amounts; None where there is none."""
        match sample:
            case Exact(value):
                return value, value
            case Count(value):
                low, high = count_interval(round(value), self.confidence)[0]
                return float(low), float(high)
            case Share(hits, trials):
                if not 0 <= hits <= trials or trials <= 0:
                    return None
                lower, upper = wilson_bounds(hits, trials, self.confidence)
                return float(lower), float(upper)
            case Total(value, variance, _) | Mean(value, variance, _):
                half = self._z * math.sqrt(variance)
                return value - half, value + half
            case Gap(own, other):
                bounds = self.interval(own) if other > 0 else None
                return (bounds[0] / other - 1, bounds[1] / other - 1) if bounds else None
            case Change(Share() as now, Share() as base):
                return self._points(now, base)
        return None

    def _points(self, now: Share, base: Share) -> tuple[float, float] | None:
        if any(not 0 <= each.hits <= each.trials or each.trials <= 0 for each in (now, base)):
            return None
        low, high = rate_difference(base.hits, base.trials, now.hits, now.trials, self.confidence)
        return float(low), float(high)

    def _change(self, now: Sample, base: Sample, limit: float) -> Verdict:
        match now, base:
            case Exact(), Exact():
                if base.value == 0:
                    return Verdict.UNJUDGED if now.value else self._beyond((0.0, 0.0), limit)
                grown = (now.value - base.value) / abs(base.value)
                return self._beyond((grown, grown), limit)
            case Count(), Count():
                return self._counts(now.value, base.value, limit)
            case Share(), Share():
                few = min(now.trials, base.trials) < self.least
                bounds = self._points(now, base)
                return Verdict.TOO_FEW if few and bounds else self._beyond(bounds, limit)
            case Total(), Total():
                few = now.number + base.number < self.least
                return Verdict.TOO_FEW if few else self._amounts(now, base, limit)
            case Mean(), Mean():
                few = min(now.number, base.number) < max(self.least, 2)
                return Verdict.TOO_FEW if few else self._amounts(now, base, limit)
        return Verdict.UNJUDGED

    def _counts(self, now: float, base: float, limit: float) -> Verdict:
        """Judge the ratio of two counts: of all their events, so many fall into the second period."""
        if now + base < self.least:
            return Verdict.TOO_FEW
        if limit == 0:
            return verdict_of(float(count_signal(round(base), round(now), self.confidence)))
        expected = (1 + limit) / (2 + limit)
        low, high = wilson_bounds(now, now + base, self.confidence)
        return self._beyond((float(low), float(high)), expected)

    def _amounts(self, now: Total | Mean, base: Total | Mean, limit: float) -> Verdict:
        factor = 1 + limit
        half = self._z * math.sqrt(now.variance + factor**2 * base.variance)
        apart = now.value - factor * base.value
        return self._beyond((apart - half, apart + half), 0.0)

    def between(self, before: Sequence[float], after: Sequence[float]) -> Verdict:
        """Return whether the mean of some measurements rose from one group to another, by Welch's test."""
        if min(len(before), len(after)) < 2:
            return Verdict.UNJUDGED
        means, parts = [], []
        for group in (before, after):
            mean = math.fsum(group) / len(group)
            means.append(mean)
            parts.append(math.fsum((each - mean) ** 2 for each in group) / (len(group) - 1) / len(group))
        spread = math.sqrt(sum(parts))
        apart = means[1] - means[0]
        if spread == 0:
            return self._beyond((apart, apart), 0.0)
        sizes = (len(before), len(after))
        below = sum(part**2 / (size - 1) for part, size in zip(parts, sizes, strict=True))
        half = t_quantile(1 - (1 - self.confidence) / 2, spread**4 / below) * spread
        return self._beyond((apart - half, apart + half), 0.0)
