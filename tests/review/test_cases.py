"""Cases quote the figures that stand beside them, and nobody's name."""

from __future__ import annotations

from datetime import date

import pytest

from opsbook.domain.basis import Basis, Kind
from opsbook.metrics.figures import Figure, index
from opsbook.metrics.review import Review
from opsbook.review.growth_cases import find


def review(period, points):
    figures = [
        Figure("case_contribution", period, dimension, value, "ratio", Basis.of(Kind.AMOUNTS, now, base))
        for dimension, value, now, base in points
    ]
    return Review(2026, date(2026, 12, 31), index(figures), product_titles={"p1": "Tent"})


def test_a_sentence_quotes_points_and_growth() -> None:
    cases = find(review("2026-Q3", [("product=p1", 0.214, 414, 200), ("product=(other)", 0.136, 936, 800)]))
    assert [case.sentence.zh for case in cases] == ["「Tent」使2026年Q3信保增长 +35.0% 中的 21.4 个百分点"]
    assert cases[0].sentence.en == "“Tent” brought 21.4 points of the +35.0% TA growth of Q3 2026"
    assert (cases[0].now, cases[0].base) == (414, 200)
    assert cases[0].growth == pytest.approx(0.35)


def test_more_than_the_whole_growth_and_growth_against_a_decline_are_told_apart() -> None:
    beyond = find(review("2026", [("market=Europe", 0.30, 600, 300), ("market=Africa", -0.20, 100, 300)]))
    assert beyond[0].sentence.zh == "「欧洲」在2026年贡献 30.0 个百分点，超过信保整体的 +10.0%"
    against = find(review("2026", [("market=Europe", 0.10, 400, 300), ("market=Africa", -0.20, 100, 300)]))
    assert against[0].sentence.en == "TA was -10.0% in 2026; “Europe” brought 10.0 points against it"


def test_customers_are_numbers_and_what_carries_nothing_is_no_case() -> None:
    cases = find(review("2026", [("customer=#7", 0.2, 300, 100), ("customer=#8", 0.001, 11, 10)]))
    assert [case.name.zh for case in cases] == ["客户#7"]
    assert [case.key for case in cases] == ["2026/customer/#7"]
