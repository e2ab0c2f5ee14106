"""Texts cut to the width of their cells."""

from opsbook.book.page import half_widths, shorten


def test_a_text_is_cut_to_its_width_and_says_so():
    assert shorten("Running shoes", 13) == "Running shoes"
    assert shorten("Running shoes", 12) == "Running sho…"
    assert shorten("户外帐篷", 7) == "户外帐…"
    assert shorten("a  bcdef", 4) == "a…"


def test_a_text_as_long_as_a_cell_may_hold_is_cut_at_once():
    """It was measured anew for each character that went: the longest cell took minutes."""
    for text in ("帐" * 32_767, "x" * 32_767):
        assert half_widths(shorten(text, 40)) <= 40
