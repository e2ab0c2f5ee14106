"""A store small enough to be refreshed hundreds of times: once taken in, then corrected, added to, pasted into."""

import shutil
import warnings
from datetime import datetime
from pathlib import Path

import openpyxl

from opsbook.archive.archive_file import Archive
from opsbook.backends.xlsxwriter.new_workbook import write
from opsbook.book.compose import compose
from opsbook.commands.refresh import refresh
from opsbook.commands.refresh_report import values
from opsbook.metrics.review import Review
from opsbook.params import Settings

NOW = datetime(2026, 10, 3, 15, 4)
BOOK, ARCHIVE, BACKUP = "review.xlsx", "review.duckdb", "review.backup.xlsx"

OVERVIEW = "统计日期,店铺访问人数,询盘个数\n2026-08,4000,40\n2026-09,5000,50\n"
CORRECTED = "统计日期,店铺访问人数,询盘个数\n2026-08,4000,40\n2026-09,5100,51\n2026-10,6000,60\n"
LEDGER = "订单编号,下单日期,客户名称,国家,商品名称,数量,金额\n"
FIRST_ORDERS = (
    LEDGER
    + "A1,2026-08-03,Ann,德国,Tent,1,100\nA1,2026-08-03,Ann,德国,Tent,1,100\nA2,2026-09-04,Bob,法国,Peg,2,30\n"
)
MORE_ORDERS = LEDGER + "A2,2026-09-04,Bob,法国,Peg,2,35\nA3,2026-10-05,Eve,法国,Tent,1,90\n"
PASTED = [
    ["产品ID", "产品名称", "搜索曝光次数", "搜索点击次数"],
    ["1601", "Tent", 100, 4],
    ["1602", "Peg", 50, 1],
]
NOTE = "我的笔记"

# By hand: rows of each kind, and the money of the orders. A1 has two equal lines; A2 was corrected from 30 to 35.
ROWS_BEFORE = {"shop_overview": 2, "order_ledger": 3, "product_performance": 0}
ROWS_AFTER = {"shop_overview": 3, "order_ledger": 4, "product_performance": 2}
MONEY_BEFORE, MONEY_AFTER = 230.0, 325.0
VISITORS_AFTER = {"2026-08": 4000, "2026-09": 5100, "2026-10": 6000}


def new_book(path):
    """Write an empty workbook."""
    plan = compose(Review(year=0, as_of=None), Settings(), receipts=(), issues=(), demo=False)
    write(path, plan)


def make(folder: Path) -> Path:
    """Make the store as it stands before the refresh under test; return its workbook."""
    exports = folder / "exports"
    exports.mkdir(parents=True)
    (exports / "overview.csv").write_text(OVERVIEW, encoding="utf-8")
    (exports / "orders.csv").write_text(FIRST_ORDERS, encoding="utf-8")
    book = folder / BOOK
    new_book(book)
    refresh(book, now=NOW)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sparklines go: no matter here
        opened = openpyxl.load_workbook(book)
    sheet = opened["粘贴1"]
    sheet["B2"] = "2026-09"
    for row, cells in enumerate(PASTED, start=4):
        for column, cell in enumerate(cells, start=1):
            sheet.cell(row, column, cell)
    opened.create_sheet(NOTE)["A1"] = NOTE
    opened.save(book)
    (exports / "overview.csv").write_text(CORRECTED, encoding="utf-8")
    (exports / "more.csv").write_text(MORE_ORDERS, encoding="utf-8")
    return book


def copy(folder: Path, to: Path) -> Path:
    """Copy a store, times and all; return its workbook."""
    shutil.copytree(folder, to)
    return to / BOOK


def figures(book: Path):
    """Return every figure of a store as the archive holds it now."""
    return {(row["metric"], row["period"], row["dimension"]): row["value"] for row in values(book, None)}


def rows(book: Path):
    """Return how many rows the archive has of each kind of the store, and the money of its orders."""
    with Archive.open(book.with_suffix(".duckdb"), for_writing=False) as archive:
        counts = {kind: archive.rows(kind) for kind in ROWS_AFTER}
        return counts, float(archive.table("order_ledger", ("amount",))["amount"].sum())
