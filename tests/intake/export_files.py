"""Small export files for the tests, written by libraries that the product does not read with."""

import io
import zipfile

import xlsxwriter
import xlwt

PRODUCT_HEADERS = [
    "产品ID",
    "产品名称",
    "是否橱窗",
    "搜索曝光次数",
    "搜索点击次数",
    "搜索点击率",
    "访问人数",
    "分享人数 ",
]
PRODUCT_ROWS = [
    ["1601234567890", "Running shoes", "Y", "4378", "71", "1.62%", "130", "0"],
    ["1000123456789", "Slippers", "N", "10", "-", "0%", "2", "1"],
]
PERIOD = "产品数据, 时间周期 2026-09-13~2026-09-19"
PRODUCTS = [[PERIOD], [], [], [], [], PRODUCT_HEADERS, *PRODUCT_ROWS]

LEDGER = [
    ["订单编号", "下单日期", "客户名称", "国家", "商品名称", "单价", "数量", "折扣", "金额"],
    ["10248", "1996/07/04", "Vins et alcools", "法国", "Queso Cabrales", "14.0", "12", "0.0", "168.0"],
    ["10249", "1996/07/05", "Toms Spezialitäten", "德国", "Tofu", "18.6", "9", "0.15", "167.4"],
]


def xls(sheets):
    """Return a BIFF8 workbook of {sheet: rows}."""
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell != "":
                    sheet.write(row, column, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsx(sheets, hidden=()):
    """Return an xlsx workbook of {sheet: rows}."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if hasattr(cell, "year"):
                    sheet.write_datetime(row, column, cell, day)
                elif cell != "":
                    sheet.write(row, column, cell)
        if name in hidden:
            sheet.hide()
    book.close()
    return buffer.getvalue()


def csv(rows, encoding="utf-8-sig", delimiter=","):
    """Return rows as delimited text."""
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def html(rows, charset="utf-8"):
    """Return rows as an HTML table."""
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head>'
    return f"{head}<body><table>{lines}</table></body></html>".encode(charset)


def zipped(members):
    """Return a zip of {name: bytes}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def looping_ole():
    """Return a .xls whose table of sectors points to itself: its reader asks for memory without end."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[28:34] = b"\xfe\xff\x09\x00\x06\x00"
    head[44] = 1  # one sector of the allocation table, number 0: all its entries say "next is 0"
    head[56:60] = (4096).to_bytes(4, "little")
    head[64] = 1
    head[68:72] = (0xFFFFFFFE).to_bytes(4, "little")
    return bytes(head) + bytes(512)


def codes(reading):
    return [issue.code for issue in reading.issues]
