"""What people do to a table they share with Refresh, done by another program to a workbook on disk: nothing typed is lost."""

from __future__ import annotations

import pytest
from backends.hands import Hand, lines, refreshed
from book import store_sample as sample

from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.backends.xlsxwriter import new_workbook
from opsbook.book.compose import compose
from opsbook.domain.basis import Basis, Kind
from opsbook.domain.sample import Share
from opsbook.metrics.figures import Figure, index
from opsbook.metrics.review import Review
from opsbook.params import Settings
from opsbook.plan.table_declarations import tables

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
CASES, PROBLEMS = "cases.list", "problems.list"
POINTS = (0.31, 0.22, 0.13)


def review(points=POINTS, markets=(("Europe", 60, 200, 1), ("Africa", 2, 100, -1), ("Oceania", 1, 10, 0))):
    """Return the sample store with three cases a period and three markets."""
    made = sample.make_review()
    made.figures.update(
        index(
            Figure(
                "case_contribution",
                period,
                f"product=p{at}",
                value,
                "ratio",
                Basis.of(Kind.AMOUNTS, at + 9, 5),
            )
            for period in ("2026", "2026-Q3")
            for at, value in enumerate(points)
        )
    )
    for name, orders, asked, verdict in markets:
        rate, share = orders / asked, Share(orders, asked)
        made.figures.update(
            index(
                (
                    Figure(
                        "market_order_rate",
                        "2026",
                        f"market={name}",
                        rate,
                        "ratio",
                        Basis.of(Kind.RATIO_OF_SUMS),
                        share,
                    ),
                    Figure("market_order_rate.verdict", "2026", f"market={name}", verdict, "ratio", Basis()),
                )
            )
        )
    return made


@pytest.fixture
def path(tmp_path):
    """Return a workbook that was refreshed once."""
    made = tmp_path / "store.xlsx"
    new_workbook.write(made, compose(Review(0, None), Settings()))
    assert refreshed(made, review()) == []
    return made


def test_a_first_refresh_fills_the_tables(path) -> None:
    cases = lines(path, CASES)
    assert [each["key"] for each in cases[:3]] == ["2026/product/p0", "2026/product/p1", "2026/product/p2"]
    assert {each["state"] for each in cases} == {None}
    found = {each["key"]: each for each in lines(path, PROBLEMS)}
    assert (found["market/Africa"]["verdict"], found["market/Africa"]["strategy"]) == ("有问题", "S4.3")
    assert (found["market/Europe"]["verdict"], found["market/Europe"]["strategy"]) == ("未发现", None)


def test_a_second_refresh_of_the_same_figures_changes_no_byte(path) -> None:
    before = path.read_bytes()
    assert refreshed(path, review()) == []
    assert path.read_bytes() == before


def test_everything_people_do_to_the_cases_is_kept(path) -> None:
    hand = Hand(path, CASES)
    suggested = hand.text(0, "sentence")
    hand.type(0, "words", "老客户返单")
    hand.type(1, "sentence", "爆款靠站外投流")
    hand.type(2, "sentence", None)
    hand.insert(3)
    hand.type(3, "sentence", "展会带来的大单")
    hand.type(3, "words", "广交会")
    hand.duplicate(4)
    hand.type(5, "words", "抄了一行")
    gone = hand.rows[6][-1][0]
    hand.delete(6)
    hand.sort("sentence", reverse=True)
    hand.save()

    def check(own):
        found = lines(path, CASES)
        by_key = {each["key"]: each for each in found}
        assert len(by_key) == len(found)
        assert by_key["2026/product/p0"]["words"] == "老客户返单"
        assert by_key["2026/product/p1"]["sentence"] == "爆款靠站外投流"
        assert by_key["2026/product/p2"]["sentence"] is None
        typed = {(each["sentence"], each["words"]) for each in found if each["key"].startswith("own-")}
        assert ("展会带来的大单", "广交会") in typed
        assert "抄了一行" in {words for _, words in typed}
        assert {each["state"] for each in found if each["key"].startswith("own-")} == {"自填"}
        assert gone not in by_key
        assert own is None or typed == own
        return by_key, typed

    assert refreshed(path, review()) == []
    by_key, own = check(None)
    assert by_key["2026/product/p0"]["sentence"] == suggested
    assert by_key["2026/product/p1"]["state"] == "已改写"
    once = path.read_bytes()
    assert refreshed(path, review()) == []
    assert path.read_bytes() == once
    # Other figures: what Refresh wrote is written anew, what people wrote is kept and told stale.
    assert refreshed(path, review((0.33, 0.2, 0.13))) == []
    by_key, _ = check(own)
    assert "33.0" in by_key["2026/product/p0"]["sentence"]
    assert by_key["2026/product/p1"]["points"] == pytest.approx(0.2)
    assert by_key["2026/product/p1"]["state"] == "数字已变，请核对"
    # Their source gone, untouched lines go, and those with words stay.
    assert refreshed(path, review(())) == []
    by_key, _ = check(own)
    products = {key for key in by_key if "/product/" in key}
    assert products == {f"2026/product/p{at}" for at in range(3)}
    assert {by_key[f"2026/product/p{at}"]["state"] for at in range(3)} == {"已不入选"}


def test_a_strategy_once_chosen_stays_and_a_suggested_one_follows(path) -> None:
    hand = Hand(path, PROBLEMS)
    at = next(line for line in range(30) if hand.rows[line][-1][0] == "market/Africa")
    hand.type(at, "strategy", "S2.2")
    hand.type(at, "cause", "运费高")
    hand.sort("verdict")
    hand.save()
    worse = (("Europe", 60, 200, 1), ("Africa", 2, 100, -1), ("Oceania", 1, 90, -1))
    assert refreshed(path, review(markets=worse)) == []
    found = {each["key"]: each for each in lines(path, PROBLEMS)}
    assert (found["market/Africa"]["strategy"], found["market/Africa"]["cause"]) == ("S2.2", "运费高")
    assert found["market/Oceania"]["strategy"] == "S4.3"
    fine = tuple((name, orders, asked, 1) for name, orders, asked, _ in worse)
    assert refreshed(path, review(markets=fine)) == []
    found = {each["key"]: each for each in lines(path, PROBLEMS)}
    assert (found["market/Africa"]["strategy"], found["market/Africa"]["state"]) == (
        "S2.2",
        "数字已变，请核对",
    )
    assert found["market/Oceania"]["strategy"] is None


def test_formulas_to_other_sheets_do_not_move_when_lines_are_sorted(path) -> None:
    hand = Hand(path, PROBLEMS)
    row = next(row for row in hand.rows if row[-1][0] == "market/Africa")
    number = hand.rows.index(row) + hand.place.row + 2
    # Excel moves relative addresses on other sheets with a sorted line; those of the line itself belong to it.
    assert row[hand.table.at("now")][0].startswith("='问题依据'!$F$")
    assert row[hand.table.at("gap")][0] == f"=E{number}-F{number}"


def test_a_table_full_of_own_lines_grows_and_keeps_the_style_of_cells_for_people(path) -> None:
    hand = Hand(path, CASES)
    for line in range(len(hand.rows)):
        if hand.rows[line][-1][0] is None:
            hand.type(line, "words", f"自己的 {line}")
    hand.save()
    typed = {each["words"] for each in lines(path, CASES)} - {None}
    more = review()
    more.figures.update(
        index(
            [Figure("case_contribution", "2026", "customer=#7", 0.2, "ratio", Basis.of(Kind.AMOUNTS, 9, 5))]
        )
    )
    assert refreshed(path, more) == []
    found = lines(path, CASES)
    assert found[-1]["key"] == "2026/customer/#7"
    assert len(found) == 35
    assert {each["words"] for each in found} - {None} == typed
    with Workbook.open(path, for_writing=False) as book:
        place = book.place(f"ops.{CASES}")
        words = place.column + tables()[CASES].at("words")
        assert all(
            book.protected(place.sheet, row, words) for row in range(place.row + 1, place.last_row + 1)
        )
