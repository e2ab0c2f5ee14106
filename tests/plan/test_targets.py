"""Targets of a year: suggested, changed by people, split, checked and tracked; a store of round numbers on paper."""

import math
from dataclasses import replace
from datetime import date

import pytest
from plan.flat_store import store

from opsbook.metrics.catalogue import metrics
from opsbook.metrics.review import Review
from opsbook.params import Settings
from opsbook.plan.annual_plan import plan
from opsbook.plan.declared_targets import own_metrics, suggestions
from opsbook.plan.row_merge import Line, Standing
from opsbook.plan.table_declarations import tables
from opsbook.plan.target_setting import LIST, MONTHS, PEOPLE, target_of
from opsbook.review.basis_text import plain


def stood(targets, block, **edits):
    """Return a table as the next refresh reads it, some cells changed: ``{key: {column: content}}``."""
    agreed = targets.tables[block]
    lines = [Line(each.key, {**each.cells, **edits.get(each.key, {})}, each.mark) for each in agreed.lines]
    return {block: Standing(tuple(lines), agreed.offered)}


SETTINGS = Settings(language="en", gross_margin=0.3)


@pytest.fixture(scope="module")
def whole():
    return store([2025, 2026], growth=0.2)


@pytest.fixture(scope="module")
def found(whole):
    return plan(whole, SETTINGS, {}).targets


def test_the_year_after_is_planned_with_the_growth_of_the_past(found, whole):
    money = found.of("ta_amount")
    # 2026 brought 800 x 1.2 a day. The only growth of the past is the four quarters' and the year's: +20 % each.
    assert money.base.value == pytest.approx(960 * 365)
    assert money.change == pytest.approx(0.2)
    assert money.year.target == math.floor(960 * 365 * 1.2 + 0.5)
    assert found.growth("ta_amount") == pytest.approx(0.2, abs=1e-5)
    assert plan(whole, SETTINGS, {}).year == 2027


def test_months_quarters_and_year_are_one_number(found):
    for line in found.lines:
        if line.way == "sum" and not math.isnan(line.year.target):
            assert sum(part.target for part in line.months) == line.year.target
            assert (
                sum(found.quarter(line.metric, number).target for number in (1, 2, 3, 4)) == line.year.target
            )


def test_each_month_has_its_days_share(found):
    # July: 31 of 365 days; January and February share by days, for quiet days brought what others did.
    target = found.of("ta_amount").year.target
    assert found.of("ta_amount").months[6].target == pytest.approx(target * 31 / 365, abs=1)
    assert found.of("ta_amount").months[1].target == pytest.approx(target * 28 / 365, abs=1)


def test_a_running_year_is_completed_by_forecast_and_says_so():
    line = plan(store([2024, 2025], last_month=9), SETTINGS, {}).targets.of("ta_amount")
    # Last year's months at this year's level, which is the same: 800 a day for the whole year.
    assert line.base.value == pytest.approx(800 * 365)
    assert plain(line.base.basis) == "estimated, 9 months, 3 by forecast, last year at this level"
    assert line.tracking.state == "planned"


def test_a_typed_growth_and_a_typed_target_rule(found, whole):
    changed = plan(
        whole, SETTINGS, stood(found, LIST, ta_amount={"change": 0.3, "owner": "Li"}, visitors={"own": 50000})
    )
    money, visitors = changed.targets.of("ta_amount"), changed.targets.of("visitors")
    assert (money.year.target, money.owner) == (math.floor(960 * 365 * 1.3 + 0.5), "Li")
    assert visitors.year.target == 50000
    assert sum(part.target for part in visitors.months) == 50000
    emptied = plan(whole, SETTINGS, stood(changed.targets, LIST, ta_amount={"change": None}))
    assert emptied.targets.of("ta_amount").change == pytest.approx(0.2)  # given back


def test_a_fixed_month_stays_and_the_others_make_up_for_it(found, whole):
    fixed = plan(whole, SETTINGS, stood(found, MONTHS, **{"of-ta_amount": {"m3": 50000}})).targets
    line = fixed.of("ta_amount")
    assert line.months[2].target == 50000
    assert sum(part.target for part in line.months) == line.year.target == found.of("ta_amount").year.target
    again = plan(whole, SETTINGS, stood(fixed, MONTHS)).targets.of("ta_amount")
    assert again.months[2].target == 50000
    freed = plan(whole, SETTINGS, stood(fixed, MONTHS, **{"of-ta_amount": {"m3": None}})).targets
    free = [part.target for part in found.of("ta_amount").months]
    assert [part.target for part in freed.of("ta_amount").months] == free


def test_months_that_exceed_the_target_are_told_and_not_cut(found, whole):
    over = plan(whole, SETTINGS, stood(found, MONTHS, **{"of-ta_amount": {"m1": 9_000_000}})).targets.of(
        "ta_amount"
    )
    assert over.months[0].target == 9_000_000
    assert over.split.missing == over.year.target - 9_000_000
    assert math.isnan(over.months[5].target)


def test_people_take_their_parts(found, whole):
    lines = [
        Line("", {"metric": "TA amount received (USD)", "name": "Li", "share": 0.6}),
        Line("", {"metric": "信保交易金额", "name": "Wang", "share": 0.4}),
        Line("", {"metric": "TA amount received (USD)", "name": "no share yet"}),
    ]
    targets = plan(whole, SETTINGS, {PEOPLE: Standing(tuple(lines))}).targets
    parts = list(targets.people.values())
    quarters = [targets.quarter("ta_amount", number).target for number in (1, 2, 3, 4)]
    assert [one + other for one, other in zip(*parts, strict=True)] == quarters
    assert parts[0][0] == pytest.approx(0.6 * quarters[0], abs=1)
    assert targets.shares == {"ta_amount": 1.0}


def test_smart_by_history_and_by_what_the_traffic_carries(found, whole):
    money = found.of("ta_amount")
    # All but the owner is there; twenty per cent was reached before; as many more visitors carry as much more money.
    assert money.check.failing == "S"
    facts = {each.key: each.facts for each in money.check.reasons}
    assert facts["smart_a"]["count"] == facts["smart_a"]["below"] == 5
    assert facts["smart_flow"]["gap"] == pytest.approx(0, abs=1e-4)
    edits = stood(found, LIST, ta_amount={"change": 0.5, "owner": "Li"})
    bold = plan(whole, SETTINGS, edits).targets.of("ta_amount").check
    assert bold.failing == "A"  # never grew by half, and the visitors aimed at bring a fifth too little
    facts = {each.key: each.facts for each in bold.reasons}
    assert facts["smart_a"]["below"] == 5
    assert facts["smart_a"]["most"] < facts["smart_a"]["implied"]
    assert facts["smart_flow"]["gap"] == pytest.approx(1.2 / 1.5 - 1, abs=1e-4)


def test_the_history_of_a_plan_ends_where_it_begins():
    # A plan for the running year: its suggestion is of the growth before, not of what has come of it since.
    review = store([2023, 2024, 2025], last_month=9, growth=0.1)
    before = plan(review, replace(SETTINGS, plan_year=2025), {}).targets.of("ta_amount")
    assert before.base.value == pytest.approx(880 * 365)
    assert before.check.reasons[1].facts["count"] == 5  # four quarters and the year 2024 on 2023


def test_tracking_on_paper():
    # 2025 runs to the end of September with 800 a day, as 2024: 273 of 365 days, 218,400 USD. The target of +10 % is
    # 321,200: 68.0 % reached; by days 273 / 365 should be, so the pace is 1 / 1.1; 102,800 are left for three months;
    # the year will land on 292,000, surely: every error was nought.
    review = store([2024, 2025], last_month=9)
    line = plan(review, replace(SETTINGS, plan_year=2025), {}).targets.of("ta_amount")
    assert (line.base.value, line.year.target) == (292_000, 321_200)
    assert line.year.attainment == pytest.approx(218_400 / 321_200)
    assert line.tracking.pace == pytest.approx(1 / 1.1, rel=1e-5)
    assert line.tracking.required == pytest.approx(102_800 / 3)
    assert (line.tracking.landing, line.tracking.low, line.tracking.high) == pytest.approx((292_000,) * 3)
    assert line.tracking.state == "behind"
    assert line.quarters[0].actual == pytest.approx(800 * 90)
    assert math.isnan(line.quarters[3].actual)


def test_a_running_month_counts_by_its_days():
    review = store([2024, 2025], last_month=9)
    halfway = replace(review, as_of=date(2025, 9, 15))
    line = plan(halfway, replace(SETTINGS, plan_year=2025), {}).targets.of("ta_amount")
    assert line.tracking.left == pytest.approx(3.5)
    assert math.isnan(line.months[8].actual)  # no whole month yet


def test_what_was_begun_stays_when_next_years_data_come():
    assert plan(store([2024, 2025]), SETTINGS, {}, begun=2026).year == 2026
    assert plan(store([2025, 2026]), SETTINGS, {}, begun=2026).year == 2026
    assert plan(store([2025, 2026]), replace(SETTINGS, plan_year=2027), {}, begun=2026).year == 2027


def test_an_own_line_is_followed_like_the_others(found, whole):
    standing = stood(found, LIST)[LIST]
    own = Line("", {"metric": "Lead buyers", "change": 0.1, "owner": "Wang"})
    lines = [
        own if line.key == "" and at == len(suggestions()) else line for at, line in enumerate(standing.lines)
    ]
    targets = plan(whole, SETTINGS, {LIST: Standing(tuple(lines), standing.offered)}).targets
    line = targets.of("lead_buyers")
    assert line.year.target == math.floor(4.8 * 365 * 1.1 + 0.5)
    assert sum(part.target for part in line.months) == line.year.target
    assert line.check.failing == "T"  # no due day was said


def test_a_line_in_words_of_its_own_is_left_in_peace(found, whole):
    standing = stood(found, LIST)[LIST]
    own = Line("", {"metric": "Team spirit", "own": 5})
    lines = [*standing.lines[: len(suggestions())], own]
    targets = plan(whole, SETTINGS, {LIST: Standing(tuple(lines), standing.offered)}).targets
    assert (targets.lines[-1].metric, targets.lines[-1].year.target) == ("", 5)


@pytest.mark.parametrize("nonsense", ["much", "inf", "nan", "-1e400", 1e300, -5.0, True, "1e13"])
def test_nonsense_in_any_cell_is_no_number_and_stops_nothing(found, whole, nonsense):
    standing = {
        block: Standing(
            tuple(
                Line(line.key, dict.fromkeys(line.cells, nonsense), line.mark)
                for line in found.tables[block].lines
            ),
            found.tables[block].offered,
        )
        for block in found.tables
    }
    targets = plan(whole, SETTINGS, standing).targets
    assert not any(math.isinf(line.year.target) for line in targets.lines)
    lines = stood(found, LIST, ta_amount={"change": nonsense})
    money = plan(whole, SETTINGS, lines).targets.of("ta_amount")
    assert math.isnan(money.year.target) or money.year.target < 0


@pytest.mark.parametrize("year", [2019, 2025, 2026, 2028, 2100])
def test_any_year_can_be_planned(whole, year):
    targets = plan(whole, replace(SETTINGS, plan_year=year), {}).targets
    assert len(targets.lines) == len(suggestions())
    if year in (2019, 2028, 2100):
        assert math.isnan(targets.of("ta_amount").year.target)


def test_rates_and_counts_grow_by_points_and_by_number():
    assert target_of("rate", 0.25, 0.02) == pytest.approx(0.27)
    assert target_of("count", 7, 2) == 9
    assert target_of("level", 1994.588, 0.05) == 2094.32
    assert math.isnan(target_of("sum", math.nan, 0.1))


@pytest.mark.parametrize(
    "review", [Review(0, None), Review(2026, None), store([2025], last_month=1), store([2025], last_month=7)]
)
def test_a_store_with_next_to_no_data_has_a_plan_all_the_same(review):
    targets = plan(review, SETTINGS, {}).targets
    assert [line.metric for line in targets.lines] == [each.metric for each in suggestions()]
    for line in targets.lines:
        assert math.isnan(line.base.value if line.base else math.nan) or line.base.value >= 0


def test_figures_of_the_plan_are_the_metrics_of_the_catalogue(found):
    assert {each.metric for each in found.figures} <= set(metrics())
    split = [
        each.value
        for each in found.figures
        if each.metric == "season_split" and each.dimension == "metric=ta_amount"
    ]
    assert sum(split[:12]) == sum(split[12:]) == found.of("ta_amount").year.target
    assert all(each.basis for each in found.figures)


def test_choices_of_the_tables_are_titles_of_metrics():
    listed = tables()[LIST].column("metric").choices
    titles = {
        language: [metrics()[each].title[language] for each in own_metrics()] for language in ("zh", "en")
    }
    assert {language: sorted(words) for language, words in listed.items()} == {
        language: sorted(words) for language, words in titles.items()
    }
    assert all(len(",".join(words)) <= 255 for words in listed.values())  # what Excel takes in a list
    for language, words in tables()[PEOPLE].column("metric").choices.items():
        known = {metric.title[language] for metric in metrics().values()}
        assert set(words) <= known
