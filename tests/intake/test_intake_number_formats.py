"""Currencies that only the format of a cell shows, as Excel leaves them where a person types $20."""

import io
import zipfile

import numpy as np
import openpyxl
import pytest
import xlsxwriter
import xlwt

from opsbook.intake.number_formats import currencies_of

ORDERS = ["订单号", "订单状态", "下单时间", "实收金额"]
OVERVIEW = ["统计日期", "店铺访问人数", "信保交易金额(美元)"]


@pytest.mark.parametrize(
    ("code", "currency"),
    [
        ("€#,##0.00", "EUR"),
        ('"$"#,##0_);[Red]\\("$"#,##0\\)', "USD"),
        ('_("¥"* #,##0.00_)', "CNY"),
        ("[$¥-804]#,##0.00", "CNY"),
        ("[$¥-411]#,##0", "JPY"),
        ("[$$-409]#,##0.00", "USD"),
        ("[$$-1009]#,##0.00", "CAD"),
        ("[$€-407] #,##0.00", "EUR"),
        ("[$USD] #,##0.00", "USD"),
        ("\\$#,##0.00", "USD"),
        ('#,##0.00"元"', "CNY"),
        ("[$HK$-C04]#,##0", "HKD"),
        ("General", ""),
        ("0.00", ""),
        ("#,##0.00_ ", ""),
        ("0.00%", ""),
        ("yyyy-mm-dd", ""),
        ("[$-409]d-mmm-yy", ""),
        ("[Red]0.00", ""),
        ('0.0"kg"', ""),
    ],
)
def test_a_format_shows_a_currency(code, currency):
    assert next(iter(currencies_of(code)), "") == currency


def by_xlsxwriter(rows, formats, column):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("S")
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)
        if formats[number]:
            sheet.write(number, column, cells[column], book.add_format({"num_format": formats[number]}))
    book.close()
    return buffer.getvalue()


def by_openpyxl(rows, formats, column):
    book = openpyxl.Workbook()
    for number, cells in enumerate(rows, start=1):
        book.active.append(cells)
        if formats[number - 1]:
            book.active.cell(number, column + 1).number_format = formats[number - 1]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def by_xlwt(rows, formats, column):
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            style = xlwt.XFStyle()
            if place == column and formats[number]:
                style.num_format_str = formats[number]
            sheet.write(number, place, cell, style)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(folder, content, field):
    reading = folder({"o.xlsx": content})["o.xlsx"]
    (table,) = reading.tables
    amounts = [None if np.isnan(value) else value for value in table.columns[field].tolist()]
    currencies = table.columns["currency"].tolist() if "currency" in table.columns else None
    return amounts, currencies, [(issue.code, issue.row) for issue in reading.issues]


@pytest.mark.parametrize("make", [by_xlsxwriter, by_openpyxl, by_xlwt])
def test_a_formatted_amount_has_the_currency_that_a_person_sees(folder, make):
    rows = [ORDERS, *([f"2341934100010288{n}", "交易成功", "2025-03-05", 10.5 * n] for n in (11, 12, 13))]
    formats = [None, "€#,##0.00", "[$$-409]#,##0.00", "[$¥-411]#,##0"]
    assert read(folder, make(rows, formats, 3), "received_amount") == (
        [115.5, 126, 136.5],
        ["EUR", "USD", "JPY"],
        [],
    )
    formats = [None, "€#,##0.00", "[$$-409]#,##0.00", None]
    expected = [115.5, 126, None], ["EUR", "USD", None], [("cell.currency_missing", 4)]
    assert read(folder, make(rows, formats, 3), "received_amount") == expected


@pytest.mark.parametrize("make", [by_xlsxwriter, by_openpyxl, by_xlwt])
def test_a_format_that_contradicts_the_header_is_a_question(folder, make):
    rows = [OVERVIEW, ["2025-01", 5, 100], ["2025-02", 5, 200], ["2025-03", 5, "300"]]
    formats = [None, '"¥"#,##0.00', "$#,##0", '"¥"#,##0.00']  # a text is shown without its format
    expected = [None, 200, 300], None, [("cell.currency", 2)]
    assert read(folder, make(rows, formats, 2), "ta_amount_usd") == expected


def test_a_count_stays_a_count_whatever_its_format(folder):
    rows = [OVERVIEW, ["2025-01", 5, 100]]
    assert read(folder, by_openpyxl(rows, [None, "$#,##0"], 1), "store_visitors") == ([5], None, [])


def by_hand(rows, currencies, column):
    """Return an .ods file whose cells of one column have currencies."""
    spaces = " xmlns:".join(
        f'{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    lines = []
    for cells, currency in zip(rows, currencies, strict=True):
        line = ""
        for place, cell in enumerate(cells):
            number = f'office:value="{cell}"' if isinstance(cell, float) else ""
            kind = "string" if isinstance(cell, str) else "float"
            if place == column and currency:
                kind = f'currency" office:currency="{currency}'
            line += f'<table:table-cell office:value-type="{kind}" {number}><text:p>{cell}</text:p></table:table-cell>'
        lines.append(f"<table:table-row>{line}</table:table-row>")
    content = (
        f'<office:document-content xmlns:{spaces} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr(
            "META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
    return buffer.getvalue()


def test_an_ods_cell_names_its_currency(folder):
    rows = [ORDERS, *([f"2341934100010288{n}", "交易成功", "2025-03-05", 10.5 * n] for n in (11, 12))]
    content = by_hand(rows, [None, "EUR", "USD"], 3)
    assert read(folder, content, "received_amount") == ([115.5, 126], ["EUR", "USD"], [])
