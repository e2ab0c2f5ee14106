"""Time orders kept as most teams keep them: a raw sheet and SUMIFS / COUNTIFS over it, recalculated by a real engine.

Run: ``python tests/benchmarks/formulas.py [LINES [RUNS [SIZES]]]`` (50,000 by default, three times; sizes for formulon as
``2000,4000,8000``). The workbook holds, as formulas, amount, lines and orders of each month, amount and lines of each
product with the ten best and their share, and amount and orders of each buyer with the share that came again: a small
part of what a refresh computes. Timed are

(a) LibreOffice, ``soffice --headless --convert-to xlsx`` (its start is part of the time, and told apart);
(b) a pandas + openpyxl script that reads the same raw sheet and writes the same figures;
(c) instead: ``opsbook refresh`` of a new workbook from the same lines as a CSV file, and
(d) again with nothing changed;
(e) formulon, loading and saving included, at sizes that it takes in minutes: how it grows tells the rest.

To be fair to the formulas: order lines are sorted by order, so that the first line of an order is told by the cell above; no
array formulas; ranges end with the data; months are numbers in a column of their own.
"""

from __future__ import annotations

import csv
import json
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook
from store_files import make
from timing import Run, show, timed

FORMULON = """
import sys, formulon
with formulon.Workbook.load(open(sys.argv[1], "rb").read()) as book:
    book.recalc()
    open(sys.argv[2], "wb").write(book.save())
"""
SCRIPT = [sys.executable, str(Path(__file__).parent / "plain_orders.py")]


def main(lines: int, runs: int, sizes: list[int]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        sheet = made(folder, lines)
        empty = folder / "empty.xlsx"
        xlsxwriter.Workbook(str(empty)).close()
        opsbook = [sys.executable, "-m", "opsbook"]
        book, script = folder / "book.xlsx", folder / "script.xlsx"
        home = f"-env:UserInstallation=file://{folder / 'office'}"
        office = ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
        timed([*office, str(empty)])  # makes its profile
        always_recalculate(folder / "office" / "user" / "registrymodifications.xcu")
        cases: dict[str, list[Run]] = {}
        for _ in range(runs):
            for file in (book, book.with_suffix(".duckdb"), book.with_suffix(".backup.xlsx")):
                file.unlink(missing_ok=True)
            subprocess.run([*opsbook, "new", str(book)], check=True, stdout=subprocess.DEVNULL)
            for name, command in {
                "LibreOffice, an empty workbook": [*office, str(empty)],
                "(a) LibreOffice, SUMIFS": [*office, str(sheet)],
                "(b) pandas + openpyxl script": [*SCRIPT, str(sheet), str(script)],
                "(c) opsbook refresh, first": [*opsbook, "refresh", str(book)],
                "(d) opsbook refresh, unchanged": [*opsbook, "refresh", str(book)],
            }.items():
                cases.setdefault(name, []).append(timed(command))
        agree(script, figures(folder / "out" / "formulas.xlsx"), told(book, opsbook))
        show(cases, "(c) opsbook refresh, first")
        formulon(folder, sizes)
    finally:
        shutil.rmtree(folder)


def made(folder: Path, lines: int) -> Path:
    """Return the workbook of formulas over so many lines, which lie beside it as exports."""
    shutil.rmtree(folder / "exports", ignore_errors=True)
    make(folder / "exports", lines=lines, weeks=0)
    sheet = folder / "formulas.xlsx"
    write(sorted((folder / "exports").glob("orders*.csv")), sheet)
    return sheet


def formulon(folder: Path, sizes: list[int]) -> None:
    """Print how long formulon takes at each size, and the power of the lines with which it grew since the last."""
    before: tuple[int, float] | None = None
    for lines in sizes:
        sheet, out, script = made(folder, lines), folder / "out.xlsx", folder / "script.xlsx"
        run = timed([sys.executable, "-c", FORMULON, str(sheet), str(out)])
        timed([*SCRIPT, str(sheet), str(script)])
        agree(script, figures(out))
        power = math.log(run.cpu / before[1], lines / before[0]) if before else math.nan
        print(
            f"(e) formulon, {lines:>6,} lines: {run.cpu:8.2f} cpu s {run.peak:8.0f} MB, power {power:.2f}",
            flush=True,
        )
        before = lines, run.cpu


def always_recalculate(registry: Path) -> None:
    """Tell LibreOffice to compute every cell of an .xlsx, whatever values it holds."""
    setting = (
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
        "<value>0</value></prop></item></oor:items>"
    )
    registry.write_text(
        registry.read_text(encoding="utf-8").replace("</oor:items>", setting), encoding="utf-8"
    )


def figures(path: Path) -> list[tuple[float, float]]:
    """Return the amount and the lines of each month as a workbook has them."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("figures").to_python()
    return [(row[1], row[2]) for row in rows[:12]]


def told(book: Path, opsbook: list[str]) -> list[tuple[float, float]]:
    """Return the same as opsbook computes them."""
    command = [*opsbook, "values", str(book), "--json"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    known = {(row["metric"], row["period"]): row["value"] for row in json.loads(answer.stdout)}
    months = [f"2025-{month:02}" for month in range(1, 13)]
    return [(known["ta_amount", month], known["order_lines", month]) for month in months]


def agree(script: Path, *others: list[tuple[float, float]]) -> None:
    """Stop unless all say the same as the script."""
    own = figures(script)
    for found in others:
        if found != own:
            raise SystemExit(f"{found} is not what {script.name} says: {own}")


def write(files: list[Path], target: Path) -> None:
    """Write raw lines and formulas; the cells of the formulas hold no values, so that all are computed."""
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    raw, told = book.add_worksheet("raw"), book.add_worksheet("figures")
    products: dict[str, None] = {}
    buyers: dict[str, None] = {}
    row = 0
    raw.write_row(0, 0, ["order", "status", "month", "buyer", "product", "amount", "first line"])
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.DictReader(file):
                row += 1
                products[line["产品ID"]] = buyers[line["买家ID"]] = None
                month = int(line["付款时间"][:7].replace("-", ""))  # 202501
                cells = [
                    line["订单号"],
                    line["订单状态"],
                    month,
                    line["买家ID"],
                    line["产品ID"],
                    float(line["实收金额"]),
                ]
                for column, cell in enumerate(cells):
                    raw.write(row, column, cell) if isinstance(cell, (int, float)) else raw.write_string(
                        row, column, cell
                    )
                raw.write_formula(row, 6, f"=IF(A{row + 1}<>A{row},1,0)", None, "")
    order, status, month, buyer, product, amount, first = (f"raw!${c}$2:${c}${row + 1}" for c in "ABCDEFG")
    paid = f'{status},"交易成功"'
    products_at, buyers_at = sorted(products), sorted(buyers)
    for at in range(max(len(products_at), len(buyers_at), 12)):
        line = at + 1
        if at < 12:
            told.write_number(at, 0, 202501 + at)
            told.write_formula(at, 1, f"=SUMIFS({amount},{month},A{line},{paid})", None, "")
            told.write_formula(at, 2, f"=COUNTIFS({month},A{line},{paid})", None, "")
            told.write_formula(at, 3, f"=SUMIFS({first},{month},A{line},{paid})", None, "")
        if at < len(products_at):
            told.write_string(at, 4, products_at[at])
            told.write_formula(at, 5, f"=SUMIFS({amount},{product},E{line},{paid})", None, "")
            told.write_formula(at, 6, f"=COUNTIFS({product},E{line},{paid})", None, "")
        if at < 10:
            told.write_formula(at, 7, f"=LARGE(F$1:F${len(products_at)},{line})", None, "")
            told.write_formula(at, 8, f"=H{line}/SUM(F$1:F${len(products_at)})", None, "")
        if at < len(buyers_at):
            told.write_string(at, 9, buyers_at[at])
            told.write_formula(at, 10, f"=SUMIFS({amount},{buyer},J{line},{paid})", None, "")
            told.write_formula(at, 11, f"=SUMIFS({first},{buyer},J{line},{paid})", None, "")
    told.write_formula(10, 8, f'=COUNTIF(L1:L{len(buyers_at)},">1")/COUNT(L1:L{len(buyers_at)})', None, "")
    book.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        int(given[0]) if given else 50_000,
        int(given[1]) if len(given) > 1 else 3,
        [int(size) for size in given[2].split(",")] if len(given) > 2 else [2000, 4000, 8000],
    )
