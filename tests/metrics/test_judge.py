"""The judge: what samples allow to say of values against limits, and of changes. Intervals are worked in the comments."""

import math

import pytest

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.sample import Change, Count, Exact, Gap, Mean, Share, Total
from opsbook.domain.verdict import Verdict, verdict_of
from opsbook.metrics.figures import Figure
from opsbook.metrics.judge import Judge

UP, DOWN, FEW, NOT = Verdict.UP, Verdict.DOWN, Verdict.TOO_FEW, Verdict.UNJUDGED
JUDGE = Judge()


@pytest.mark.parametrize(
    ("sample", "limit", "said"),
    [
        # 203 of 631 is 32.2 %, Wilson 28.6 to 35.9 %: it holds 30 %.
        pytest.param(Share(203, 631), 0.30, FEW, id="the interval holds the limit"),
        pytest.param(Share(203, 631), 0.25, UP, id="above the limit"),
        pytest.param(Share(203, 631), 0.40, DOWN, id="below the limit"),
        pytest.param(Share(4, 4), 0.30, FEW, id="fewer than the least sample"),
        pytest.param(Share(0, 0), 0.30, FEW, id="no case at all"),
        pytest.param(Share(7, 6), 0.30, NOT, id="more hits than trials"),
        pytest.param(Count(9), 20, DOWN, id="9 events are 4.1 to 17.1"),
        pytest.param(Count(9), 15, FEW, id="17.1 is above 15"),
        pytest.param(Exact(9), 9.01, DOWN, id="exact"),
        pytest.param(Exact(9), 9, FEW, id="exactly the limit"),
        # 100 orders of 10: 1,000 with a spread of 100, 804 to 1,196.
        pytest.param(Total(1000, 10_000, 100), 800, UP, id="amount above"),
        pytest.param(Total(1000, 10_000, 100), 900, FEW, id="amount not clear"),
        pytest.param(Gap(Count(40), 100), -0.2, DOWN, id="gap: 40 is 28.6 to 54.5, below 80"),
        pytest.param(Gap(Count(79), 100), -0.2, FEW, id="gap: 79 is 62.5 to 98.5"),
        pytest.param(Exact(math.nan), 1, NOT, id="no value"),
    ],
)
def test_a_value_against_a_limit(sample, limit, said):
    assert JUDGE.verdict(sample, limit) is said


@pytest.mark.parametrize(
    ("now", "base", "limit", "said"),
    [
        pytest.param(Count(160), Count(100), 0, UP, id="count risen"),
        pytest.param(Count(12), Count(9), 0, FEW, id="count by chance"),
        pytest.param(Count(4), Count(0), 0, FEW, id="four events together"),
        # Of 260 events 160 are 61.5 %, Wilson 55.5 to 67.2 %; a growth of 20 % would make them 54.5 %, of 40 % 58.3 %.
        pytest.param(Count(160), Count(100), 0.2, UP, id="count risen by more than 20 %"),
        pytest.param(Count(160), Count(100), 0.4, FEW, id="count perhaps not by more than 40 %"),
        pytest.param(Share(60, 1000), Share(30, 1000), 0, UP, id="share risen"),
        pytest.param(Share(294, 10_000), Share(300, 10_000), 0, FEW, id="0.06 points"),
        pytest.param(Share(0, 4), Share(300, 10_000), 0, FEW, id="four trials"),
        pytest.param(Share(1, 0), Share(300, 10_000), 0, NOT, id="no trials"),
        pytest.param(Exact(90), Exact(100), 0, DOWN, id="exact fall"),
        pytest.param(Exact(90), Exact(100), -0.2, UP, id="exact, less than 20 %"),
        pytest.param(Exact(90), Exact(0), 0, NOT, id="from nothing"),
        pytest.param(Exact(0), Exact(0), 0, FEW, id="nothing to nothing"),
        pytest.param(Total(8000, 1.5e6, 51), Total(1000, 1e6, 1), 0, UP, id="amount risen"),
        pytest.param(Total(3000, 9e6, 1), Total(1000, 1e6, 1), 0, FEW, id="two orders together"),
        pytest.param(Mean(30, 1, 5), Mean(20, 1, 5), 0, UP, id="mean risen"),
        pytest.param(Mean(30, 1, 4), Mean(20, 1, 50), 0, FEW, id="mean of four"),
        pytest.param(Mean(30, math.inf, 1), Mean(20, math.inf, 1), 0, FEW, id="mean of one"),
        pytest.param(Count(5), Share(1, 2), 0, NOT, id="two kinds"),
    ],
)
def test_a_change(now, base, limit, said):
    assert JUDGE.verdict(Change(now, base), limit) is said


def test_the_settings_decide_how_sure_a_verdict_is():
    change = Change(Count(130), Count(100))  # two-sided p = 0.056
    assert (JUDGE.verdict(change), Judge(0.9).verdict(change)) == (FEW, UP)
    share = Share(6, 6)
    assert (JUDGE.verdict(share, 0.3), Judge(least=7).verdict(share, 0.3)) == (UP, FEW)


def growth(value, sample=None, metric="visitors.pop"):
    return Figure(metric, "2026-02", "", value, "ratio", Basis.of(Kind.WHOLE_PERIODS), sample)


@pytest.mark.parametrize(
    ("figure", "season", "said"),
    [
        pytest.param(growth(-0.5, Change(Count(500), Count(1000))), growth(-0.1), DOWN, id="far beyond the season"),
        pytest.param(growth(-0.5, Change(Count(500), Count(1000))), growth(-0.6), FEW, id="the season was worse"),
        pytest.param(growth(-0.5, Change(Count(500), Count(1000))), growth(math.nan), NOT, id="season unknown"),
        pytest.param(growth(-0.5), growth(-0.1), NOT, id="no sample"),
        pytest.param(growth(-0.5, metric="ad_cpc.pop"), growth(-0.1), DOWN, id="exact by its metric"),
        pytest.param(growth(math.nan, Change(Count(5), Count(0))), growth(-0.1), NOT, id="undefined"),
        # In points: 2 points less where the year before lost 3 is no fall beyond the season.
        pytest.param(growth(-0.02, Change(Share(20, 1000), Share(40, 1000))), growth(-0.03), FEW, id="points"),
    ],
)  # fmt: skip
def test_a_growth_with_the_season_taken_out(figure, season, said):
    assert JUDGE.figure(figure, season=season) is said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        # Means 2 and 5, variances 1 each over 3: spread sqrt(2/3) = 0.816, four degrees of freedom, t = 2.776: 2.27 < 3.
        pytest.param([1, 2, 3], [4, 5, 6], UP, id="apart"),
        pytest.param([1, 2, 3], [2, 4, 6], FEW, id="one group scatters"),
        pytest.param([5, 5, 5], [5, 5, 5], FEW, id="the same"),
        pytest.param([5, 5, 5], [4, 4, 4], DOWN, id="no scatter"),
        pytest.param([5], [4, 4, 4], NOT, id="one measurement"),
    ],
)
def test_two_groups_of_months(before, after, said):
    assert JUDGE.between(before, after) is said


def test_verdicts_as_numbers_and_back():
    assert [verdict_of(each.number) for each in Verdict] == list(Verdict)
