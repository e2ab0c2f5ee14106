"""What a team wrote beside a line never comes to stand beside another one."""

from __future__ import annotations

import math

from book import store_sample as sample
from hypothesis import given
from hypothesis import strategies as st

from opsbook.book.cases_page import BASE, GROWTH, KEY, LIST, MARK, NOW, POINTS, SENTENCE, STATE
from opsbook.book.compose import compose
from opsbook.book.keyed import Kept, arrange
from opsbook.metrics.figures import Figure, index
from opsbook.params import Settings

KEYS = st.sampled_from("abcdefgh")


def lines(*pairs):
    return [Kept((key or None,), words) for key, words in pairs]


def test_a_line_keeps_its_place_when_the_ranking_turns() -> None:
    assert arrange(lines(("a", ""), ("b", "ours")), ["b", "c", "a"], 4) == ["a", "b", "c", ""]


def test_a_case_that_is_gone_stays_with_its_words_and_goes_without() -> None:
    assert arrange(lines(("a", "ours"), ("b", "")), ["c", "d"], 3) == ["a", "c", "d"]


def test_words_beside_an_empty_line_are_given_no_case() -> None:
    assert arrange(lines(("", "ours"), ("", "")), ["a"], 2) == ["", "a"]


@given(
    st.lists(st.tuples(st.one_of(KEYS, st.just("")), st.sampled_from(["", "ours"])), max_size=6),
    st.lists(KEYS, max_size=8),
)
def test_no_words_change_sides(pairs, wanted) -> None:
    places = arrange(lines(*pairs), wanted, 6)
    used = [key for key in places if key]
    assert len(used) == len(set(used))
    seen = set()
    for (key, words), place in zip(pairs, places, strict=False):
        if words and key not in seen:
            assert place == key
        seen.add(key)


def _plan(points, kept=None):
    review = sample.make_review()
    figures = index(
        Figure(
            "case_contribution",
            "2026",
            f"product=p{at}",
            value,
            "ratio",
            f"same 9 months, {at + 9} against 5 USD",
        )
        for at, value in enumerate(points)
    )
    review.figures.update(figures)
    return compose(review, Settings(), kept=kept or {}).block(LIST).cells


def _again(cells, words):
    return {
        LIST: [Kept(tuple(cell.value for cell in row), words.get(at, "")) for at, row in enumerate(cells)]
    }


def test_words_stay_with_their_case_and_go_stale_when_its_figures_change() -> None:
    first = _plan([0.3, 0.1])
    assert first[1][KEY].value == "2026/product/p0"
    kept = _again(first, {1: "我们的判断"})
    same = _plan([0.3, 0.1], kept)
    assert same[1][STATE].value == "已填写"
    turned = _plan([0.2, 0.5], _again(same, {1: "我们的判断"}))
    assert turned[1][KEY].value == "2026/product/p0"
    assert turned[1][STATE].value == "数字已变，请核对"
    still = _plan([0.2, 0.5], _again(turned, {1: "我们的判断"}))
    assert still[1][STATE].value == "数字已变，请核对"
    renewed = _plan([0.2, 0.5], _again(still, {1: "重新写过"}))
    assert renewed[1][STATE].value == "已填写"
    assert renewed[1][MARK].value != still[1][MARK].value


def test_every_number_of_a_sentence_stands_on_its_line() -> None:
    row = _plan([0.214, 0.136])[1]
    assert (row[NOW].value, row[BASE].value) == (9.0, 5.0)
    assert f"{row[POINTS].value * 100:.1f}" in row[SENTENCE].value
    assert math.isclose(row[GROWTH].value, 0.35)
    assert "+35.0%" in row[SENTENCE].value
