"""The rows of the plan: whatever people do to them on the sheet, the next refresh keeps it."""

from datetime import date

import pytest
from backends.hands import Hand, lines, refreshed
from book import store_sample as sample

from opsbook.backends.xlsxwriter import new_workbook
from opsbook.book.compose import compose
from opsbook.domain.basis import Basis, Kind
from opsbook.domain.excel_dates import day_number
from opsbook.domain.sample import Count, Gap
from opsbook.metrics.figures import Figure, index
from opsbook.metrics.review import Review
from opsbook.params import Settings

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
ACTIONS, BUDGET, SPENT = "actions.list", "resources.budget", "resources.spent"
TRACKED = Settings(plan_year=2026)


def review(gap=-0.4):
    made = sample.make_review()
    own, top = 1000 * (1 + gap), 1000.0
    behind = Gap(Count(own), top)
    told = Figure(
        "peer_gap", "2026", "metric=visitors", gap, "ratio", Basis.of(Kind.GIVEN), behind, (own, top)
    )
    made.figures.update(index([told]))
    return made


@pytest.fixture
def path(tmp_path):
    """Return a workbook with a plan for the year whose data there are."""
    made = tmp_path / "plan.xlsx"
    new_workbook.write(made, compose(Review(0, None), Settings()))
    assert refreshed(made, review(), TRACKED) == []
    return made


def by_key(path, name):
    found = lines(path, name)
    assert len({each["key"] for each in found}) == len(found)
    return {each["key"]: each for each in found}


def test_the_plan_starts_from_what_was_declared_and_found(path):
    found = by_key(path, ACTIONS)
    assert found["q2-618"]["quarter"] == "Q2"
    assert found["q2-618"]["actual"] == pytest.approx(
        sum(review().get("ta_amount", f"2026-{month:02d}").value for month in (4, 5, 6))
    )
    assert found["problem/peer_gap/visitors"]["why"] == "店铺访问人数落后同行优秀"
    assert refreshed(path, review(), TRACKED) == []


def test_everything_people_do_to_the_plan_is_kept(path):
    hand = Hand(path, ACTIONS)
    at = {row[-1][0]: number for number, row in enumerate(hand.rows) if row[-1][0]}
    hand.type(at["q1-p4p"], "owner", "李")
    hand.type(at["q1-p4p"], "progress", 0.5)
    hand.type(at["q2-618"], "task", "618 只做老客专场")
    hand.type(at["q2-618"], "due", day_number(date(2026, 6, 18)))
    hand.type(at["q3-tiers"], "indicator", None)
    hand.insert(3)
    hand.type(3, "task", "拜访展会客户")
    hand.type(3, "quarter", "Q3")
    hand.type(3, "indicator", "询盘个数")
    hand.duplicate(3 if hand.text(3, "task") is None else 4)
    hand.delete(next(n for n, row in enumerate(hand.rows) if row[-1][0] == "q4-next"))
    hand.sort("task")
    hand.save()

    def check():
        found = by_key(path, ACTIONS)
        assert (found["q1-p4p"]["owner"], found["q1-p4p"]["progress"]) == ("李", 0.5)
        assert found["q2-618"]["task"] == "618 只做老客专场"
        assert found["q2-618"]["due"] == day_number(date(2026, 6, 18))
        assert found["q3-tiers"]["indicator"] is None
        assert "q4-next" not in found
        own = [each for each in found.values() if each["key"].startswith("own-")]
        assert {each["task"] for each in own} >= {"拜访展会客户"}
        fair = next(each for each in own if each["task"] == "拜访展会客户")
        quarter = [review().get("inquiries", f"2026-{month:02d}").value for month in (7, 8, 9)]
        assert fair["actual"] == pytest.approx(sum(quarter))
        return own

    assert refreshed(path, review(), TRACKED) == []
    own = check()
    once = path.read_bytes()
    assert refreshed(path, review(), TRACKED) == []
    assert path.read_bytes() == once
    # The problem solved: its row is marked, not deleted, and everything else stands.
    assert refreshed(path, review(-0.05), TRACKED) == []
    assert [each["task"] for each in check()] == [each["task"] for each in own]
    assert "来源已消失" in by_key(path, ACTIONS)["problem/peer_gap/visitors"]["hint"]


def test_in_the_other_language_what_was_typed_stays_and_suggestions_follow(path):
    hand = Hand(path, ACTIONS)
    at = {row[-1][0]: number for number, row in enumerate(hand.rows) if row[-1][0]}
    hand.type(at["q2-618"], "task", "618 只做老客专场")
    hand.type(at["q2-live"], "state", "进行中")
    hand.save()
    assert refreshed(path, review(), Settings(plan_year=2026, language="en")) == []
    found = by_key(path, ACTIONS)
    assert found["q2-618"]["task"] == "618 只做老客专场"
    assert found["q2-live"]["state"] == "进行中"
    assert found["q2-live"]["task"] == "Regular livestreams: two themes a month"
    assert refreshed(path, review(), TRACKED) == []
    assert by_key(path, ACTIONS)["q2-live"]["task"] == "常态化直播：每月2场主题直播"


def test_a_new_budget_line_gets_a_line_for_what_was_spent(path):
    hand = Hand(path, BUDGET)
    free = next(number for number, row in enumerate(hand.rows) if row[-1][0] is None)
    for column, value in {
        "code": "B10",
        "line": "展会",
        "strategy": "S4.3",
        "kind": "成本",
        "m3": 30000,
    }.items():
        hand.type(free, column, value)
    hand.save()
    assert refreshed(path, review(), TRACKED) == []
    spent = next(each for each in lines(path, SPENT) if each["code"] == "B10")
    hand = Hand(path, SPENT)
    at = next(number for number, row in enumerate(hand.rows) if row[-1][0] == spent["key"])
    hand.type(at, "m3", 33000)
    hand.save()
    assert refreshed(path, review(), TRACKED) == []
    line = next(each for each in lines(path, BUDGET) if each["code"] == "B10")
    assert (line["planned"], line["actual"], line["variance"]) == (30000, 33000, -3000)
    assert line["rate"] == pytest.approx(-0.1)
