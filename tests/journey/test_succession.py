"""Next year's workbook out of this year's: what is handed on, and what begins anew."""

import shutil

import pytest
from backends.hands import Hand, lines

from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.cli.data_commands import DONE
from opsbook.domain.errors import STATUS

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


def cell(book, name):
    with Workbook.open(book, for_writing=False) as workbook:
        return workbook.read(workbook.place(name))


@pytest.fixture
def this(copied):
    """Return this year's workbook with words of the team."""
    for block, key, cells in (
        ("strategy.list", "S1.1", {"owner": "李", "typed": 12}),
        ("resources.budget", "B2", {"line": "618 与采购节", "m6": 8000}),
        ("actions.list", "q1-p4p", {"owner": "王"}),
    ):
        hand = Hand(copied, block)
        at = next(number for number, row in enumerate(hand.rows) if row[-1][0] == key)
        for column, value in cells.items():
            hand.type(at, column, value)
        hand.save()
    return copied


def test_settings_lists_structure_and_archive_are_handed_on(this, run, values):
    book = this.with_name("next.xlsx")
    assert run("new", book, "--from", this, "--year", 2027)[0] == DONE
    assert cell(book, "ops.settings.year") == [[2027]]
    strategies = {each["key"]: each for each in lines(book, "strategy.list")}
    assert (strategies["S1.1"]["owner"], strategies["S1.1"]["typed"]) == ("李", None)
    budget = {each["key"]: each for each in lines(book, "resources.budget")}
    assert (budget["B2"]["line"], budget["B2"]["m6"]) == ("618 与采购节", None)
    assert {each["owner"] for each in lines(book, "actions.list")} == {None}
    last = {each["metric"]: each["target"] for each in lines(book, "targets.last")}
    assert last["店铺访问人数"] == values(this)["target", "2027", "metric=visitors"][0]
    for name in ("ops.team.core_keywords", "ops.team.customers"):
        assert cell(book, name) == cell(this, name)
    status, _ = run("refresh", book)
    assert status == DONE
    assert values(book).keys() >= {("visitors", "2026", ""), ("ta_amount", "2025", "")}
    strategies = {each["key"]: each for each in lines(book, "strategy.list")}
    assert strategies["S1.1"]["owner"] == "李"
    # Nothing is known of 2027 yet: its targets are the baseline of 2028, named as what they are, and no growth is
    # put on top of them.
    of_visitors = next(each for each in lines(book, "targets.list") if each["metric"] == "店铺访问人数")
    assert (of_visitors["baseline"], of_visitors["basis"]) == (last["店铺访问人数"], "上年目标")
    assert (of_visitors["change"], of_visitors["target"]) == (0, of_visitors["baseline"])


def test_as_long_as_the_planned_year_has_hardly_begun_the_plan_goes_on(this, run, values):
    # The data end in September 2026: the plan of 2027 is the one to work by, not one of 2028.
    book = this.with_name("next.xlsx")
    assert run("new", book, "--from", this)[0] == DONE
    assert cell(book, "ops.settings.year") == [[2026]]
    strategies = {each["key"]: each for each in lines(book, "strategy.list")}
    assert (strategies["S1.1"]["owner"], strategies["S1.1"]["typed"]) == ("李", 12)
    assert run("refresh", book)[0] == DONE
    found, before = values(book), values(this)
    planned = {key for key in found if key[0] == "target"}
    assert {period for _, period, _ in planned} == {"2027"}
    assert {key: found[key] for key in planned} == {key: before[key] for key in planned}
    assert {each["key"]: each["owner"] for each in lines(book, "actions.list")}["q1-p4p"] == "王"


def test_nothing_is_handed_on_without_a_plan_or_over_another_archive(this, run, tmp_path):
    fresh = tmp_path / "fresh.xlsx"
    run("new", fresh)
    assert run("new", tmp_path / "a.xlsx", "--from", fresh)[0] == STATUS["wrong_call"]
    assert not (tmp_path / "a.xlsx").exists()
    taken = tmp_path / "b.xlsx"
    shutil.copy2(this.with_suffix(".duckdb"), taken.with_suffix(".duckdb"))
    assert run("new", taken, "--from", this)[0] == STATUS["wrong_call"]
    assert not taken.exists()
