"""Charts show in grey what is not proven, hollow what nothing judges; tables say how sure a figure is."""

from __future__ import annotations

import math

import pytest
from book import store_sample as sample

from opsbook.book.compose import compose
from opsbook.book.model import NA, SeriesRole
from opsbook.domain.basis import Basis, Kind
from opsbook.metrics.figures import Figure, index
from opsbook.params import Settings
from opsbook.sheets.review_sheet import JUDGED, PROOF, SPLIT, SUMS_OF_ORDERS

FEW, UP = "2026-03", "2026-04"
WHOLE = Basis.of(Kind.WHOLE_PERIODS)


@pytest.fixture(scope="module")
def plan():
    review = sample.make_review()
    for key in JUDGED:
        said = [Figure(f"{key}.yoy.verdict", FEW, "", 0.0, "verdict", WHOLE)]
        said.append(Figure(f"{key}.yoy.verdict", UP, "", 1.0, "verdict", WHOLE))
        said.append(Figure(f"{key}.yoy.verdict", "2026", "", -1.0, "verdict", Basis.of(Kind.SAME_MONTHS, 9)))
        review.figures.update(index(said))
    return compose(review, Settings())


def drawn(plan, chart, role):
    ref = next(each.values for each in chart.series if each.role is role)
    cells = plan.block(ref.block).cells[ref.row]
    return [None if each.value in (NA, None) else each.value for each in cells[ref.column :][:12]]


@pytest.mark.parametrize("key", JUDGED)
def test_a_month_is_dark_only_where_it_is_proven_and_hollow_where_nothing_judges_it(plan, key) -> None:
    chart = next(each for each in plan.charts if each.name == f"review_{key}")
    grey, dark, hollow = (
        {month for month, value in enumerate(drawn(plan, chart, role), start=1) if value is not None}
        for role in (SeriesRole.UNPROVEN, SeriesRole.ACTUAL, SeriesRole.UNJUDGED)
    )
    # Of nine months March is too few to say, April is proven; the others have no verdict.
    assert grey == {1, 2, 3, 5, 6, 7, 8, 9}
    assert hollow == grey - {3}
    # A line keeps its course through the marks; a column stands once.
    assert dark == (set(range(1, 10)) if chart.form == "line" else {4})


def test_grey_marks_lie_over_the_line(plan) -> None:
    for chart in plan.charts:
        roles = [series.role for series in chart.series]
        if SeriesRole.UNJUDGED in roles:
            order = [
                roles.index(role) for role in (SeriesRole.ACTUAL, SeriesRole.UNPROVEN, SeriesRole.UNJUDGED)
            ]
            assert order == sorted(order)


def test_the_table_tells_the_verdict_of_the_year(plan) -> None:
    rows = plan.block(PROOF.name).cells[2:]
    assert [row[6].value for row in rows] == ["下降"] * len(JUDGED)
    assert {row[3].value is None for row, key in zip(rows, JUDGED, strict=True) if key in SUMS_OF_ORDERS} == {
        True
    }


def test_a_split_without_a_base_says_so() -> None:
    review = sample.make_review()
    review.figures.update(
        index([Figure("growth_split", "2026", "", math.nan, "USD", Basis.of(Kind.NO_BASE))])
    )
    plan = compose(review, Settings())
    assert plan.block(SPLIT.name).cells[SPLIT.line("base")][SPLIT.at("note")].value == "无对比基数"
    titles = [row[0].value for row in plan.block("review.split_chart_titles").cells]
    assert all(text.endswith("：暂无数据（无对比基数）") for text in titles)
