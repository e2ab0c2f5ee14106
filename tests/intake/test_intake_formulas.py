"""Formulas without a result: calculated where that is certain, else unknown; a true 0 stays 0."""

import io
import zipfile

import numpy as np
import openpyxl
import pytest
import xlsxwriter
import xlwt

from opsbook.intake.arithmetic import SheetArithmetic, name_of, place_of

HEADER = ["日期", "订单号", "产品名称", "件数", "单价", "产品总价_美元"]


def by_openpyxl(*lines):
    """Return a workbook whose formulas have no result."""
    book = openpyxl.Workbook()
    for line in (HEADER, *lines):
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def by_xlsxwriter(*lines, results=()):
    """Return a workbook whose formulas have the result 0, or those given."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("S")
    waiting = list(results)
    for row, line in enumerate((HEADER, *lines)):
        for column, cell in enumerate(line):
            if isinstance(cell, str) and cell.startswith("="):
                sheet.write_formula(row, column, cell, None, waiting.pop(0) if waiting else 0)
            else:
                sheet.write(row, column, cell)
    book.close()
    return buffer.getvalue()


def with_part(data, name, change):
    """Return a package with one part added or changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return buffer.getvalue()


def as_excel(data):
    """Return the workbook as Excel saves it: with its chain of calculation, asking for nothing."""
    data = with_part(data, "xl/calcChain.xml", lambda _: b"<calcChain/>")
    return with_part(data, "xl/workbook.xml", lambda part: part.replace(b' fullCalcOnLoad="1"', b""))


def order(number, amount, quantity=10, price=5):
    return ["2025-03-05", f"A{number}", "Boot", quantity, price, amount]


NAN = float("nan")


@pytest.mark.parametrize(
    ("data", "amounts", "asked"),
    [
        (by_openpyxl(order(1, "=D2*E2"), order(2, 7)), [50, 7], ""),
        (by_openpyxl(order(1, "=VLOOKUP(D2,Z:Z,1)"), order(2, 7)), [NAN, 7], "F2"),
        (
            by_openpyxl(order(1, "=ROUND(D2*E2,2)"), order(2, "=D3*$E$3+F4"), order(3, "=G9")),
            [NAN] * 3,
            "F2, F3, F4",
        ),
        (
            by_openpyxl(order(1, "=D2*E2/2"), order(2, "=SUM(F2:F2)"), order(3, "=-(D4-4)*E4")),
            [25, 25, -30],
            "",
        ),
        (by_xlsxwriter(order(1, "=D2*E2"), order(2, 7)), [50, 7], ""),
        (by_xlsxwriter(order(1, "=IF(D2>1,9,8)"), order(2, 7)), [NAN, 7], "F2"),
        (by_xlsxwriter(order(1, "=D2*E2", price=0), order(2, 7)), [0, 7], ""),
        (by_xlsxwriter(order(1, "=IF(D2>1,9,0)"), order(2, "=D3*E3"), results=[0, 50]), [0, 50], ""),
        (as_excel(by_xlsxwriter(order(1, "=IF(D2>1,0,1)"), order(2, 7))), [0, 7], ""),
        (as_excel(by_openpyxl(order(1, "=IF(D2>1,0,1)"), order(2, 7))), [NAN, 7], "F2"),
    ],
    ids=[
        "product",
        "function",
        "functions, and what leans on them",
        "sums and signs",
        "made-up 0, calculated",
        "made-up 0, unknown",
        "0 for a price of 0",
        "0 beside true results",
        "0 by Excel",
        "none by Excel",
    ],
)
def test_a_formula_without_a_true_result(folder, data, amounts, asked):
    reading = folder({"a.xlsx": data})["a.xlsx"]
    (table,) = reading.tables
    np.testing.assert_array_equal(table.columns["product_amount_usd"], amounts)
    questions = [(issue.code, issue.value, issue.times) for issue in reading.issues]
    assert questions == ([("cell.formula", asked, asked.count("F"))] if asked else [])


def test_an_old_workbook_that_a_library_wrote(folder):
    book = xlwt.Workbook()
    book.add_sheet("empty")
    sheet = book.add_sheet("S")
    for row, line in enumerate([HEADER, order(1, 7), order(2, None)]):
        for column, cell in enumerate(line):
            sheet.write(row, column, cell if cell is not None else xlwt.Formula("D3*E3"))
    buffer = io.BytesIO()
    book.save(buffer)
    reading = folder({"a.xls": buffer.getvalue()})["a.xls"]
    assert [(issue.code, issue.value) for issue in reading.issues] == [("cell.formula", "F3")]
    np.testing.assert_array_equal(reading.tables[0].columns["product_amount_usd"], [7, NAN])


def test_a_total_without_a_result_asks_nothing(folder):
    total = ["合计", "", "", "=SUBTOTAL(9,D2:D2)", "", "=SUBTOTAL(9,F2:F2)"]
    reading = folder({"a.xlsx": by_openpyxl(order(1, 7), total)})["a.xlsx"]
    assert (len(reading.tables[0]), reading.issues) == (1, [])


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell(folder):
    data = with_part(
        by_openpyxl(order(1, "=IF(D2>1,1,2)"), order(2, 7)),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b'<c r="F2">', b'<c r="F2" t="str">'),
    )
    reading = folder({"a.xlsx": data})["a.xlsx"]
    assert (np.isnan(reading.tables[0].columns["product_amount_usd"][0]), reading.issues) == (True, [])


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A1+B1*2", 8.0),
        ("(A1+B1)/2", 2.5),
        ("$A$1-B1", -1.0),
        ("SUM(A1:B2)", 5.0),
        ("sum(A1,B1:B1)", 5.0),
        ("A2+1", None),  # Excel takes an empty cell for 0; a person may have forgotten it
        ("A3*2", None),  # a text
        ("A1/0", None),
        ("A1^2", None),
        ("A1**9**9**9", None),
        ("SUM(A1:XFD1048576)", None),
        ("C1", None),  # itself
        ("S2!A1", None),
        ("__import__('os')", None),
        ("", None),
    ],
)
def test_plain_arithmetic(formula, expected):
    rows = [[2, 3.0, ""], ["", None, ""], ["x", "", ""]]
    assert SheetArithmetic(rows, {(0, 2): formula}).value((0, 2)) == expected


@pytest.mark.parametrize(
    ("name", "place"), [("A1", (0, 0)), ("Z9", (8, 25)), ("AB10", (9, 27)), ("XFD1", (0, 16383))]
)
def test_addresses(name, place):
    assert (place_of(name), name_of(place)) == (place, name)
