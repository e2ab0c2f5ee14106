"""Texts cut to the width of their cells."""

import pytest

from opsbook.book.page import half_widths, shorten
from opsbook.book.words import verdict
from opsbook.plan.target import Progress
from opsbook.review.problems import Finding


def test_a_text_is_cut_to_its_width_and_says_so():
    assert shorten("Running shoes", 13) == "Running shoes"
    assert shorten("Running shoes", 12) == "Running sho…"
    assert shorten("户外帐篷", 7) == "户外帐…"
    assert shorten("a  bcdef", 4) == "a…"


def test_a_text_as_long_as_a_cell_may_hold_is_cut_at_once():
    """It was measured anew for each character that went: the longest cell took minutes."""
    for text in ("帐" * 32_767, "x" * 32_767):
        assert half_widths(shorten(text, 40)) <= 40


@pytest.mark.parametrize("state", [*Finding, *Progress], ids=lambda state: f"{type(state).__name__}.{state}")
def test_every_state_has_a_word_in_both_languages(state):
    assert verdict(state, "zh")
    assert verdict(state, "en")
