"""The workbook that XlsxWriter makes, read back with openpyxl."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from datetime import date

import openpyxl
import pytest
from book import store_sample as sample
from openpyxl.utils import get_column_letter

from opsbook.backends.xlsxwriter.new_workbook import build, write
from opsbook.book import layout
from opsbook.book.compose import compose
from opsbook.book.proof_page import proof
from opsbook.metrics.review import Review
from opsbook.params import Settings, declared
from opsbook.sheets.overview_sheet import CARD_HEIGHTS
from opsbook.sheets.review_sheet import CORE, MONTHS


@pytest.fixture(scope="module")
def plan():
    return compose(
        sample.make_review(),
        Settings(store="晴川", as_of=date(2026, 9, 30), zero_effect_days=90),
        receipts=sample.make_receipts(),
        issues=sample.make_issues(),
        demo=True,
    )


@pytest.fixture(scope="module")
def package(plan):
    return build(plan)


@pytest.fixture(scope="module")
def book(package):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl does not know data bars of 2010
        return openpyxl.load_workbook(io.BytesIO(package))


def part(package, name):
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return opened.read(name).decode()


def test_the_same_plan_gives_the_same_bytes(plan, package, tmp_path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_text("old")
    write(path, plan)
    assert path.read_bytes() == package


def test_sheets_stand_in_order(book) -> None:
    assert book.sheetnames[:3] == ["总览", "业绩回顾", "重点工作"]
    assert book.sheetnames.index("粘贴1") == book.sheetnames.index("设置") + 1
    assert book.sheetnames[-4:] == ["列映射", "刷新记录", "数据问题", "使用说明"]


def test_an_english_book_has_english_sheets() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        english = openpyxl.load_workbook(
            io.BytesIO(build(compose(Review(2026, None), Settings(language="en"))))
        )
    assert english.sheetnames[0] == "Overview"
    assert english["Paste1"]["A2"].value == "Period"


def test_every_block_and_input_has_its_name(plan, book) -> None:
    wanted = {f"ops.{block.name}" for block in plan.blocks} | {f"ops.{name}" for name in layout.INPUTS}
    assert wanted | set(plan.names) <= set(book.defined_names)
    assert book.defined_names["ops.settings.store"].attr_text == "'设置'!$C$5"
    assert book.defined_names["ops.demo"].attr_text == "TRUE"
    assert "YOY_GROWTH" in book.defined_names


def test_cells_for_people_carry_the_named_style(plan, book) -> None:
    assert "ops_input" in book.named_styles
    for cells in layout.INPUTS.values():
        sheet = book[layout.title(cells.sheet, "zh")]
        assert sheet.cell(cells.row + 1, cells.column + 1).style == "ops_input", cells.name
    for block in plan.blocks:
        at = layout.place(block)
        assert book[layout.title(at.sheet, "zh")].cell(at.row + 1, at.column + 1).style == "Normal"


def test_settings_that_were_given_stand_in_their_cells(book) -> None:
    found = {}
    for key in declared():
        cells = layout.INPUTS[f"settings.{key}"]
        found[key] = book["设置"].cell(cells.row + 1, cells.column + 1).value
    assert found["store"] == "晴川"
    assert found["as_of"].date() == date(2026, 9, 30)
    assert found["zero_effect_days"] == 90
    assert found["year"] is None
    assert found["keyword_page_size"] is None  # the default: an empty cell


def test_formulas_name_cells_and_keep_their_values(plan, package, book) -> None:
    row = layout.SPOTS["review.months"].row + MONTHS.line("visitors") + 2
    sheet = book["业绩回顾"]
    assert sheet.cell(row + 1, 4).value.text == f"=YOY_GROWTH(D{row - 1},D{row})"
    text = part(package, "xl/worksheets/sheet2.xml")
    value = plan.block("review.months").cells[MONTHS.line("visitors") + 2][2].value
    # As a dynamic array: Excel 365 would show a plain formula as =@YOY_GROWTH(...).
    here = f"D{row + 1}"
    stored = f'cm="1"><f t="array" ref="{here}">YOY_GROWTH(D{row - 1},D{row})</f><v>{value!r}</v>'
    assert stored in text


def test_other_sheets_are_named_in_formulas(book) -> None:
    spot = layout.SPOTS["overview.cards"]
    formula = book["总览"].cell(spot.row + 2, spot.column + 1).value
    assert formula.startswith("='业绩回顾'!P")


def test_undefined_figures_are_empty_cells(package) -> None:
    empty = build(compose(Review(2026, None), Settings()))
    text = part(empty, "xl/worksheets/sheet2.xml")
    assert "#N/A" not in text
    row = layout.SPOTS["review.months"].row + MONTHS.line("visitors") + 2
    assert re.search(rf'<c r="D{row}" s="\d+"/>', text)


def test_values_alone_for_programs_without_lambda(plan) -> None:
    text = part(build(plan, formulas=False), "xl/worksheets/sheet2.xml")
    assert "<f>" not in text
    assert "#N/A" not in text


def test_paste_sheets_are_text(book) -> None:
    assert book["粘贴3"].column_dimensions["B"].number_format == "@"
    assert book["粘贴3"]["B2"].number_format == "@"


def test_charts_read_titles_and_numbers_from_cells(plan, package) -> None:
    count = sum(
        name.startswith("xl/charts/chart") for name in zipfile.ZipFile(io.BytesIO(package)).namelist()
    )
    assert count == len(plan.charts) > CORE
    text = part(package, "xl/charts/chart2.xml")
    last_year = layout.SPOTS["review.months"].row + MONTHS.line("visitors") + 2
    assert f"<c:f>'业绩回顾'!$D${last_year}:$O${last_year}</c:f>" in text
    proven = layout.resolve(proof("visitors")[1]).row + 1  # the sample's months have no verdict
    reference = f"<c:f>'业绩回顾'!$D${proven}:$O${proven}</c:f>"
    assert reference in text
    assert "<c:f>'总览'!$C$" in text
    assert '<c:dispBlanksAs val="gap"/>' in text
    # Nine months have values, three have none: none is drawn as zero.
    cached = text.partition(reference)[2].partition("</c:numCache>")[0]
    assert '<c:ptCount val="12"/>' in cached
    assert cached.count("<c:pt idx=") == 9


def test_charts_have_the_names_of_the_plan(plan, package) -> None:
    text = part(package, "xl/drawings/drawing2.xml")
    assert all(f'name="{chart.name}"' in text for chart in plan.charts if chart.sheet == "review")


def test_undefined_is_hidden_and_a_rising_price_is_bad(book) -> None:
    rules = book["总览"].conditional_formatting
    formulas = {rule.formula[0] for each in rules for rule in each.rules if rule.type == "expression"}
    assert any(formula.startswith("ISNA(") for formula in formulas)
    spot = layout.SPOTS["overview.cards"]
    cpc = book["总览"].cell(spot.row + len(CARD_HEIGHTS) + 3, spot.column + 9)
    inks = {
        rule.operator: rule.dxf.font.color.rgb
        for each in rules
        if cpc.coordinate in each.sqref
        for rule in each.rules
        if rule.type == "cellIs"
    }
    assert inks == {"greaterThan": "FFB3382C", "lessThan": "FF1B7557"}


def test_rules_are_counted_from_the_first_cell_of_all_they_cover(book) -> None:
    # Programs differ in whether that is the first range's corner or that of all ranges together.
    for sheet in book:
        for each in sheet.conditional_formatting:
            for rule in each.rules:
                if rule.type != "expression":
                    continue
                ranges = list(each.sqref.ranges)
                row, column = min(r.min_row for r in ranges), min(r.min_col for r in ranges)
                told = re.findall(r"(\$?)([A-Z]+)(\d+)", rule.formula[0])
                letters = sheet.cell(row, column).column_letter
                assert {number for _, _, number in told} == {str(row)}, each.sqref
                beside = get_column_letter(max(column - 1, 1))  # the word beside a card's change
                assert {name for fixed, name, _ in told if not fixed} <= {letters, beside}, each.sqref


def test_reports_print_on_a4_one_page_wide(book) -> None:
    for title, tall in (("总览", 1), ("业绩回顾", 0)):
        sheet = book[title]
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.page_setup.fitToHeight == (None if tall else 0)  # None: one page
        assert not sheet.sheet_view.showGridLines
    assert book["业绩回顾"].print_title_rows == "$2:$3"


def test_the_wide_sheets_of_the_plan_print_on_a3(book) -> None:
    for title in ("目标", "策略", "季度行动计划", "风险预案", "资源预算"):
        setup = book[title].page_setup
        assert (setup.paperSize, setup.orientation, setup.fitToHeight) == (8, "landscape", 0)
