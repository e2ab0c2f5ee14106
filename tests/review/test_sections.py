"""Every block of a plan is a declared section, and every required point is answered by one."""

from __future__ import annotations

import pytest

from opsbook.book import layout
from opsbook.book.compose import compose
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.review import Review
from opsbook.params import Settings
from opsbook.review.indicators import core, definition, label, unit_text
from opsbook.sheets.sheet_list import SECTIONS


def test_sections_and_blocks_are_the_same() -> None:
    blocks = {block.name for block in compose(Review(2026, None), Settings()).blocks}
    assert {section.name for section in SECTIONS if not section.input} == blocks
    tables = {name for name, cells in layout.INPUTS.items() if cells.rows > 1}
    assert {section.name for section in SECTIONS if section.input} == tables | {"settings.values"}


REVIEW = {
    "R1.1", "R1.2", "R1.3", "R2.1.1a", "R2.1.1b", "R2.1.1c", "R2.1.2", "R2.3.1a", "R2.3.1b", "R2.3.2a", "R2.3.2b",
    "R2.3.3", "R2.3.4", "R3.2.4a",
    *(f"R2.1.{group}{letter}" for group in (3, 4) for letter in "abc"),
    *(f"R2.2.{group}{letter}" for group in (1, 2, 3, 4) for letter in "abc"),
}  # fmt: skip


def test_every_requirement_of_the_review_is_answered_by_a_block_that_refresh_writes() -> None:
    answered = {each for section in SECTIONS if not section.input for each in section.requirements}
    # The store's level is what the team writes down: no export carries it.
    assert REVIEW - answered == {"R2.1.1a"}
    assert {f"R3.1.{number}" for number in range(1, 6)} <= answered
    assert "R2.1.1a" in {each for section in SECTIONS for each in section.requirements}


def test_parts_of_a_rate_are_core_indicators_that_add_up() -> None:
    totals = {each.metric.id: each.total for each in core()}
    for each in core():
        assert all(totals[part] == "sum" for part in each.parts), each.metric.id


@pytest.mark.parametrize("metric", list(metrics()))
def test_every_metric_is_explained_in_chinese(metric: str) -> None:
    assert definition(metrics()[metric], "zh") != definition(metrics()[metric], "en")


def test_labels_name_the_unit_once() -> None:
    assert label(metrics()["ta_amount"], "zh") == "信保交易金额（美元）"
    assert label(metrics()["ta_amount"], "en") == "TA amount received (USD)"
    assert label(metrics()["visitors"], "zh") == "店铺访问人数"
    assert label(metrics()["lead_rate"], "en") == "Lead conversion rate"


def test_a_unit_has_a_word_in_the_readers_language() -> None:
    assert unit_text("CNY", "zh") == "元"
