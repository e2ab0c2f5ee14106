"""The plan of a small store, worked by hand: strategies, actions, risks, budget, and what hangs in the air."""

import math
from dataclasses import replace
from datetime import date

import pytest

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.excel_dates import day_number
from opsbook.domain.sample import Change, Count, Exact, Gap, Share
from opsbook.metrics.figures import Figure, index
from opsbook.metrics.review import Review
from opsbook.params import Settings
from opsbook.plan.actions import BLOCK as ACTIONS
from opsbook.plan.actions import by_strategy, costs, summary
from opsbook.plan.annual_plan import plan
from opsbook.plan.resources import BUDGET, PEOPLE, SPENT
from opsbook.plan.risks import LIST, RULES, SUPPLIERS, matrix
from opsbook.plan.row_merge import Line, Standing
from opsbook.plan.strategy import BLOCK as STRATEGY
from opsbook.plan.strategy import codes
from opsbook.plan.table_declarations import tables

YEAR = 2027


def figure(metric, period, value, dimension="", unit="count"):
    return Figure(metric, period, dimension, value, unit, Basis.of(Kind.GIVEN))


# 600 visitors against the top peers' 1,000, far beyond chance.
BEHIND = Figure(
    "peer_gap",
    "2027",
    "metric=visitors",
    -0.4,
    "ratio",
    Basis.of(Kind.RATIO_OF_SUMS),
    Gap(Count(600), 1000),
    (600, 1000),
)


def review(*figures, as_of=date(2027, 4, 30), year=2027):
    return Review(year, as_of, index(figures))


AD_MONTHS = [figure("ad_cost", f"2026-{n:02d}", 1000.0 * n, unit="CNY") for n in range(1, 13)]


def made(found, standing=None, **settings):
    return plan(found, Settings(plan_year=YEAR, **settings), standing or {})


def line_of(filled, key):
    return next((line, live) for line, live in filled.lines() if line.key == key)


def typed(found, block, key, **cells):
    """Return the workbook's tables after a person typed some cells of one line."""
    agreed = made(found).tables[block].agreed
    lines = []
    for line in agreed.lines:
        content = {k: day_number(v) if isinstance(v, date) else v for k, v in line.cells.items()}
        lines.append(Line(line.key, content | (cells if line.key == key else {}), line.mark))
    return {block: Standing(tuple(lines), agreed.offered)}


def test_without_data_there_is_a_plan_without_figures():
    empty = plan(Review(0, None), Settings(), {})
    assert empty.year == 0
    assert [line.key for line, _ in empty.tables[STRATEGY].lines()] == codes()
    assert all(line.cells["start"] is None for line, _ in empty.tables[ACTIONS].lines())
    assert empty.orphans == ()


def test_an_initiative_stands_where_its_metric_stands():
    found = review(figure("video_coverage", "2026", 0.4), figure("video_coverage", "2027", 0.6))
    line, live = line_of(made(found).tables[STRATEGY], "S2.1")
    assert (line.number("target"), live["base"], live["now"]) == (1.0, 0.4, 0.6)
    assert live["attainment"] == pytest.approx(0.6)
    assert live["state"] == "under_way"


def test_hours_are_the_better_the_fewer():
    _, live = line_of(made(review(figure("avg_reply_hours", "2027-03", 16.0))).tables[STRATEGY], "S2.2")
    assert live["attainment"] == pytest.approx(24 / 16)
    assert live["state"] == "met"


@pytest.mark.parametrize(
    ("metric", "code", "base", "target"),
    [
        ("avg_reply_hours", "S2.2", 5.0, 5.0),  # 24 hours would be a step back
        ("avg_reply_hours", "S2.2", 30.0, 24.0),
        ("keyword_library", "S1.1", 260.0, 260.0),
        ("keyword_library", "S1.1", 120.0, 200.0),
    ],
)
def test_a_fixed_target_is_no_step_back(metric, code, base, target):
    line, _ = line_of(made(review(figure(metric, "2026", base))).tables[STRATEGY], code)
    assert line.number("target") == target


def test_what_no_export_carries_is_typed():
    standing = typed(review(), STRATEGY, "S1.3", typed=0.7, target=0.9)
    _, live = line_of(made(review(), standing).tables[STRATEGY], "S1.3")
    assert live["now"] == 0.7
    assert live["attainment"] == pytest.approx(0.7 / 0.9)


def test_an_action_shows_the_quarter_it_belongs_to():
    found = review(figure("ta_amount", "2027-Q2", 60000.0, unit="USD"), figure("ta_amount", "2027", 99000.0))
    line, live = line_of(
        made(found, typed(found, ACTIONS, "q2-618", target=80000.0)).tables[ACTIONS], "q2-618"
    )
    assert line.text("quarter") == "Q2"
    assert (live["actual"], live["unit"]) == (60000.0, "US$")
    assert live["attainment"] == pytest.approx(0.75)


def test_the_strip_is_full_as_far_as_the_work_is_done():
    standing = typed(review(), ACTIONS, "q1-p4p", progress=0.5)
    _, live = line_of(made(review(), standing).tables[ACTIONS], "q1-p4p")
    # 5 January to 31 March is 85 days; half of it ends on 17 February (42 days, rounded to even).
    assert [live[f"m{n}"] for n in range(1, 6)] == ["■", "■", "□", None, None]


def test_overdue_is_told_until_it_is_done():
    late = line_of(made(review()).tables[ACTIONS], "q1-p4p")[1]
    assert "已逾期" in late["hint"]
    done = typed(review(), ACTIONS, "q1-p4p", state="done")
    assert line_of(made(review(), done).tables[ACTIONS], "q1-p4p")[1]["hint"] is None


def test_costs_of_actions_reach_the_budget_line_and_the_summary():
    standing = typed(review(), ACTIONS, "q2-618", cost=5000.0, budget="B2")
    planned = made(review(), standing)
    assert costs(planned.tables[ACTIONS]) == {"B2": 5000.0}
    assert line_of(planned.tables[BUDGET], "B2")[1]["actions"] == 5000.0
    assert planned.totals.actions == 5000.0
    assert summary(planned.tables[ACTIONS], 2, "en")["cost"] == 5000.0
    assert summary(planned.tables[ACTIONS], 1, "en")["cost"] is None


def test_a_problem_brings_an_action_and_stands_beside_its_strategy():
    gap = BEHIND
    planned = made(review(gap, figure("visitors", "2027", 600.0, unit="persons")))
    line, _ = line_of(planned.tables[ACTIONS], "problem/peer_gap/visitors")
    assert (line.text("strategy"), line.text("why")) == ("S1.1", "店铺访问人数落后同行优秀")
    assert line.text("indicator") == "店铺访问人数"
    _, live = line_of(planned.tables[STRATEGY], "S1.1")
    assert live["problems"] == "店铺访问人数落后同行优秀"
    assert live["actions"].split() == by_strategy(planned.tables[ACTIONS])["S1.1"]


def test_a_strategy_that_people_chose_for_a_problem_counts():
    gap = BEHIND
    chosen = {"problems.list": Standing((Line("peer_gap/visitors", {"strategy": "S9.9"}),))}
    planned = made(review(gap, figure("visitors", "2027", 600.0)), chosen)
    told = [(each.kind, each.name.en, each.lacks.en) for each in planned.orphans if each.kind == "problem"]
    assert told == [
        (
            "problem",
            "Store visitors behind the top peers",
            "unknown strategy: use a code of the sheet of strategies",
        )
    ]


def test_what_hangs_in_the_air_is_listed_until_it_is_tied():
    planned = made(review())
    kinds = {each.kind for each in planned.orphans}
    assert "action" in kinds  # nobody owns anything yet
    owners = dict.fromkeys((line.key for line, _ in planned.tables[ACTIONS].lines()), "Li")
    agreed = planned.tables[ACTIONS].agreed
    owned = Standing(
        tuple(
            Line(each.key, {k: day_number(v) if isinstance(v, date) else v for k, v in each.cells.items()}
                 | ({"owner": owners[each.key]} if each.key else {}), each.mark)
            for each in agreed.lines
        ),
        agreed.offered,
    )  # fmt: skip
    assert [each for each in made(review(), {ACTIONS: owned}).orphans if each.kind == "action"] == []
    unknown = typed(review(), BUDGET, "B2", strategy="")
    assert [each.name.en for each in made(review(), unknown).orphans if each.kind == "budget"] == [
        "B2 活动（618、采购节）"
    ]


def test_ads_are_budgeted_as_last_year_and_compared_month_by_month():
    # 2026: 1,000 x month. 2027: 900 in January, 2,500 in February, nothing known of March and April.
    spent = [
        figure("ad_cost", "2027-01", 900.0, unit="CNY"),
        figure("ad_cost", "2027-02", 2500.0, unit="CNY"),
    ]
    planned = made(review(*AD_MONTHS, *spent))
    line, live = line_of(planned.tables[BUDGET], "B1")
    assert [line.number(f"m{n}") for n in (1, 2, 12)] == [1000.0, 2000.0, 12000.0]
    assert live["year"] == 78000.0
    assert live["planned"] == 3000.0  # the two months that have both
    assert live["actual"] == 3400.0
    assert live["variance"] == pytest.approx(3000.0 - 3400.0)
    assert live["rate"] == pytest.approx(-400 / 3000)
    assert live["forecast"] == pytest.approx(78000.0 - 3000.0 + 3400.0)
    assert planned.totals.year == 78000.0
    by_line = {each.dimension: each for each in planned.figures if each.metric == "budget_variance"}
    assert by_line["line=B1"].value == pytest.approx(400.0)  # actual - planned
    assert by_line["line=B1"].basis.has(Kind.UNFAVOURABLE)
    assert math.isnan(by_line["line=B2"].value)


def test_a_line_of_revenue_is_good_when_it_is_more():
    standing = typed(review(), BUDGET, "B2", m1=100.0, kind="收入")
    first = made(review(), standing)
    agreed = first.tables[SPENT].agreed
    lines = tuple(
        Line(each.key, {**each.cells, "m1": 150.0} if each.key == "spent/B2" else each.cells, each.mark)
        for each in agreed.lines
    )
    planned = made(review(), standing | {SPENT: Standing(lines, agreed.offered)})
    assert line_of(planned.tables[BUDGET], "B2")[1]["variance"] == 50.0
    assert math.isnan(planned.totals.year)  # no cost is planned: revenue is no part of it


def test_people_cost_from_the_month_they_come():
    standing = typed(review(), PEOPLE, "analyst", salary=8000.0, count=2, start=day_number(date(2027, 9, 20)))
    planned = made(review(), standing)
    _, live = line_of(planned.tables[PEOPLE], "analyst")
    assert (live["months"], live["cost"]) == (4.0, 64000.0)  # September to December, two people
    line, _ = line_of(planned.tables[BUDGET], "B7")
    assert [line.number(f"m{n}") for n in (8, 9, 12)] == [0.0, 16000.0, 16000.0]


def test_risks_are_rated_triggered_and_drawn():
    found = review(
        figure("ad_cpc.yoy", "2027-03", 0.25, unit="ratio"),
        figure("ad_cpc.yoy", "2026", 0.5, unit="ratio"),
        figure("top10_share", "2026", 0.6, unit="ratio"),
    )
    table = made(found).tables[LIST]
    live = line_of(table, "competition-cost")[1]
    assert (live["score"], live["level"], live["now"], live["alarm"]) == (12.0, "high", 0.25, "triggered")
    assert live["period"] == "2027-03"
    live = line_of(table, "supply-focus")[1]
    assert (live["alarm"], live["period"]) == ("calm", "2026")
    assert line_of(table, "rules-change")[1]["alarm"] == "unknown"
    square = matrix(table)
    assert square[5 - 3][4 - 1].split() == ["R3", "R4"]  # impact 3, probability 4
    out_of_scale = typed(found, LIST, "competition-cost", probability=6)
    live = line_of(made(found, out_of_scale).tables[LIST], "competition-cost")[1]
    assert (live["score"], live["level"]) == (None, "open")


# 300 of 10,000 to 294 of 10,000 is 0.06 points: Newcombe's interval is -0.5 to +0.4 points; to 200 it is -1.4 to -0.6.
@pytest.mark.parametrize(
    ("hits", "trials", "alarm"),
    [(294, 10_000, "few"), (200, 10_000, "triggered"), (306, 10_000, "calm"), (0, 3, "few")],
)
def test_a_rate_triggers_a_risk_only_where_its_fall_is_proven(hits, trials, alarm):
    change = Change(Share(hits, trials), Share(300, 10_000))
    fallen = replace(figure("lead_rate.yoy", "2027", hits / trials - 0.03, unit="ratio"), sample=change)
    assert line_of(made(review(fallen)).tables[LIST], "demand-quality")[1]["alarm"] == alarm


def natural(period, now, base):
    change = Change(Exact(now), Exact(base))
    return replace(figure("natural_impressions.pop", period, now / base - 1, unit="ratio"), sample=change)


@pytest.mark.parametrize(
    ("before", "alarm"),
    [
        ((70, 100), "few"),  # the same fall every February: nothing is left when the season is taken out
        ((100, 100), "triggered"),
        ((95, 100), "triggered"),  # 0.7 / 0.95 is 26 % less
        (None, "unjudged"),
    ],
    ids=["season", "no_season", "small_season", "season_unknown"],
)
def test_a_fall_on_the_month_before_triggers_with_the_season_taken_out(before, alarm):
    known = [natural("2026-02", *before)] if before else []
    found = review(natural("2027-02", 70, 100), *known)
    assert line_of(made(found).tables[LIST], "rules-change")[1]["alarm"] == alarm


def days(**cells):
    return {key: day_number(value) if isinstance(value, date) else value for key, value in cells.items()}


def test_a_rule_change_is_to_be_assessed_thirty_days_ahead():
    standing = {
        RULES: Standing(
            (
                Line("", days(rule="Fees", effective=date(2027, 6, 1), assessed=date(2027, 5, 2))),
                Line("", days(rule="Ranking", effective=date(2027, 6, 1), assessed=date(2027, 5, 3))),
                Line("", days(rule="Not yet assessed", effective=date(2027, 5, 20))),
            )
        )
    }
    lives = [live for _, live in made(review(), standing).tables[RULES].lines()]
    assert [(live["lead"], live["state"]) for live in lives] == [
        (30.0, "met"),
        (29.0, "late"),
        (None, "late"),
    ]


def test_two_certified_and_tried_suppliers_close_the_gap():
    one = Line("", days(category="Tents", backup="B", certified=date(2027, 1, 5), trial=date(2027, 2, 1)))
    two = Line("", days(category="Bags", backup="C", certified=date(2027, 1, 5)))
    planned = made(review(), {SUPPLIERS: Standing((one, two))})
    assert [live["state"] for _, live in planned.tables[SUPPLIERS].lines()] == ["met", "under_way"]
    live = line_of(planned.tables[LIST], "supply-backup")[1]
    assert (live["now"], live["alarm"]) == (1.0, "triggered")
    closed = replace(two, cells=two.cells | days(trial=date(2027, 3, 1)))
    live = line_of(made(review(), {SUPPLIERS: Standing((one, closed))}).tables[LIST], "supply-backup")[1]
    assert (live["now"], live["alarm"]) == (0.0, "calm")


@pytest.mark.parametrize("block", list(tables()))
def test_every_declared_text_is_in_both_languages_and_every_heading_is_unique(block):
    for language in ("zh", "en"):
        headings = tables()[block].headings(language)
        assert all(headings)
        assert len(set(headings)) == len(headings)
