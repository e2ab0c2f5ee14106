"""What a plan says: formulas that give their values, blocks of one size, reasons for what is missing."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from book import store_sample as sample

from opsbook.book.cells import KNOWN_SUM, BlockGrid, Sheets, check, evaluate
from opsbook.book.compose import compose
from opsbook.book.model import Block, BookPlan, Cell, Error, Ref
from opsbook.book.page import shorten
from opsbook.domain.basis import Basis, Kind
from opsbook.functions.registry import functions
from opsbook.metrics.figures import Figure, index
from opsbook.metrics.review import Review
from opsbook.params import Settings
from opsbook.sheets.log_sheets import MOST_RECEIPTS
from opsbook.sheets.review_sheet import MONTHS, QUARTERS, WORDS


def cell(plan, block, row, column):
    return plan.block(block).cells[row][column]


def test_every_formula_gives_the_value_beside_it(plan) -> None:
    check(plan)


def test_a_formula_that_does_not_give_its_value_is_found() -> None:
    cells = ((Cell(3.0), Cell(4.0), Cell(8.0, formula="SUM({0})", refs=(Ref("review.x", 0, 0, 1, 2),))),)
    with pytest.raises(ValueError, match="gives 7"):
        check(BookPlan("en", (Block("review.x", cells),)))


def test_a_reference_out_of_its_block_is_found() -> None:
    cells = ((Cell(3.0), Cell(3.0, formula="{0}", refs=(Ref("review.x", 0, 2),))),)
    with pytest.raises(ValueError, match="outside the block"):
        check(BookPlan("en", (Block("review.x", cells),)))


def test_growth_is_a_formula_over_the_two_months() -> None:
    plan = compose(sample.make_review(months=9), Settings())
    row = MONTHS.line("visitors")
    march = cell(plan, "review.months", row + 2, 4)
    assert march.formula == "YOY_GROWTH({0},{1})"
    assert march.refs == (Ref("review.months", row, 4), Ref("review.months", row + 1, 4))
    january = cell(plan, "review.months", row + 3, 2)
    assert january.formula == "MOM_GROWTH({0},{1})"
    assert january.refs[1] == Ref("review.months", row + 1, 13)  # December of last year
    rate = cell(plan, "review.months", MONTHS.line("lead_rate") + 2, 4)
    assert rate.formula == "PP_CHANGE({0},{1})"


def test_a_running_year_is_compared_with_the_same_months() -> None:
    plan = compose(sample.make_review(months=9), Settings())
    row = MONTHS.line("visitors")
    whole = cell(plan, "review.months", row + 2, 14)
    assert whole.formula == "YOY_GROWTH({0},{1})"
    assert whole.refs == (Ref("review.months", row, 14), Ref("review.months", row + 1, 14))
    for offset in (0, 1):  # what stands in the two cells is nine months of either year
        cells = cell(plan, "review.months", row + offset, 14)
        assert (cells.formula, cells.refs) == ("SUM({0})", (Ref("review.months", row + offset, 2, 1, 9),))
    assert cell(plan, "review.months", 0, 14).value == "全年\u20021–9月"


def test_a_card_of_a_running_year_shows_the_same_months_of_last_year() -> None:
    plan = compose(sample.make_review(months=9), Settings())
    base = cell(plan, "overview.cards", 2, 2)
    assert (base.formula, base.refs) == ("{0}", (Ref(QUARTERS.name, 1 + QUARTERS.line("visitors") + 1, 14),))
    months = plan.block("review.months").cells[MONTHS.line("visitors") + 1][2:11]
    assert base.value == sum(each.value for each in months)


def test_cards_refer_to_the_review_sheet() -> None:
    plan = compose(sample.make_review(months=12), Settings())
    visitors = cell(plan, "overview.cards", 1, 0)
    assert visitors.formula == "{0}"
    assert visitors.refs == (Ref("review.quarters", 1 + QUARTERS.line("visitors"), 14),)
    # The last whole month: the data end on 30 December, so November.
    assert cell(plan, "overview.cards", 3, 2).value == "11月较10月"


def test_the_data_of_a_whole_year_reach_into_december() -> None:
    review = replace(sample.make_review(months=12), as_of=date(2026, 12, 31))
    assert cell(compose(review, Settings(language="en")), "overview.cards", 3, 2).value == "Dec on Nov"


def test_a_figure_that_no_formula_gives_stays_a_value() -> None:
    figures = index([Figure("visitors", "2026", "", 100.0, "persons", Basis.of(Kind.GIVEN))])
    plan = compose(Review(2026, None, figures), Settings())
    assert cell(plan, "review.months", MONTHS.line("visitors"), 14) == Cell(100.0, "strongline.int")


def test_missing_figures_are_empty_with_the_reason() -> None:
    figures = index(
        [
            Figure("visitors", "2026-01", "", 100.0, "persons", Basis.of(Kind.GIVEN)),
            Figure("visitors.yoy", "2026-01", "", math.nan, "ratio", Basis.of(Kind.NO_BASE)),
        ]
    )
    plan = compose(Review(2026, date(2026, 1, 31), figures), Settings())
    row = MONTHS.line("visitors")
    assert cell(plan, "review.months", row + 2, 2) == Cell(None, "growthline.growth.higher")
    assert cell(plan, "review.months", row + 2, 15).value == "无对比基数"
    assert cell(plan, "review.months", MONTHS.line("inquiries"), 15).value == "无数据来源"
    # February has not come: neither a figure nor the want of one.
    assert cell(plan, "review.months", row, 3).value is None


def test_blocks_keep_their_size_whatever_the_data(plan) -> None:
    empty = compose(Review(2025, None), Settings())
    for block in plan.blocks:
        if not block.grows:
            assert block.shape == empty.block(block.name).shape, block.name


def test_looks_do_not_depend_on_the_data(plan) -> None:
    empty = compose(Review(2025, None), Settings(language=plan.language))
    for block in plan.blocks:
        if block.grows:
            continue
        looks = [[each.style for each in row] for row in block.cells]
        assert looks == [[each.style for each in row] for row in empty.block(block.name).cells], block.name


def test_a_title_names_store_and_year() -> None:
    plan = compose(sample.make_review(), Settings(store="晴川"), demo=True)
    head = plan.block("overview.head").cells
    assert head[0][0].value == "晴川 · 2026 年度业绩总览"
    assert head[0][12].value == "演示数据"
    assert plan.names["ops.demo"] == "TRUE"
    assert plan.names["ops.language"] == '"zh"'


def test_the_longest_lists_are_cut_and_say_so() -> None:
    plan = compose(Review(2026, None), Settings(language="en"), receipts=sample.make_receipts(310))
    log = plan.block("receipts.log")
    assert log.shape == (1 + MOST_RECEIPTS, 13)
    assert log.cells[1][0].value == 310
    assert "10 older" in str(plan.block("receipts.more").cells[0][0].value)


def test_issues_stand_gravest_first() -> None:
    plan = compose(Review(2026, None), Settings(language="en"), issues=sample.make_issues())
    words = [row[0].value for row in plan.block("issues.list").cells[1:]]
    assert words == ["Error", "Question", "Warning", "Note"]


def test_keywords_that_moved_most_best_first() -> None:
    plan = compose(sample.make_review(), Settings())
    changes = [row[6].value for row in plan.block("review.keywords").cells[1:]]
    assert len(changes) == WORDS
    defined = [value for value in changes if not isinstance(value, Error)]
    assert defined == sorted(defined, reverse=True)


def test_a_sum_over_a_gap_passes_over_it() -> None:
    sheets = Sheets()
    grid = sheets.grid("review.x", 1, 4)
    for column, value in enumerate((1.0, math.nan, 2.0)):
        grid.put(0, column, value, "value.int")
    ways = [(key, (grid.ref(0, 0, 1, 3),)) for key in ("SUM({0})", KNOWN_SUM)]
    grid.derive(0, 3, 3.0, "value.int", sheets, *ways)
    assert grid.cells[0][3].formula == KNOWN_SUM


def test_formulas_of_a_plan_agree_with_the_function_registry(plan) -> None:
    for name in ("YOY_GROWTH", "MOM_GROWTH", "QOQ_GROWTH", "PP_CHANGE"):
        body = functions()[name].body
        assert math.isclose(float(body(0.3, 0.24)), evaluate(f"{name}({{0}},{{1}})", [[0.3], [0.24]]))


def test_long_names_are_cut_by_their_width() -> None:
    assert shorten("Yoga mat", 8) == "Yoga mat"
    assert shorten("Yoga mat 6mm", 8) == "Yoga ma…"
    assert shorten("瑜伽垫加厚", 7) == "瑜伽垫…"


def test_undefined_numbers_are_empty_not_zero() -> None:
    grid = BlockGrid("review.x", 1, 1)
    grid.put(0, 0, math.nan, "value.int")
    assert grid.cells[0][0] == Cell(None, "value.int")
