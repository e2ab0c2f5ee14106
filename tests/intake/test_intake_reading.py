"""Files read as a refresh reads them: in child processes, recognised, cleaned, with an issue for every trouble."""

import hashlib
import io
import os
import subprocess
import sys
from datetime import date, datetime

import numpy as np
import pytest
import xlsxwriter
from intake.export_files import (
    LEDGER,
    PERIOD,
    PRODUCT_HEADERS,
    PRODUCT_ROWS,
    PRODUCTS,
    codes,
    csv,
    html,
    looping_ole,
    xls,
    xlsx,
    zipped,
)

from opsbook.intake import Limits, Source, read
from opsbook.intake.export_files import find
from opsbook.intake.header_map import HeaderMap, from_rows

GERMAN = ["Bestellnr", "Datum", "Kunde", "Land", "Artikel", "Preis", "Menge", "Rabatt", "Betrag"]
FIELDS = [
    "order_id",
    "date",
    "buyer_name",
    "country",
    "product_name",
    "unit_price",
    "quantity",
    "discount",
    "amount",
]


def one(folder, name, content, **options):
    """Return the only table of one file, and its issues as (code, row, column)."""
    reading = folder({name: content}, **options)[name]
    (table,) = reading.tables
    return table, [(issue.code, issue.row, issue.column) for issue in reading.issues]


def month(rows, sheet="2026年5月店铺数据"):
    return xlsx({sheet: rows})


def test_the_platform_file_gives_its_rows_its_period_and_no_trouble(folder):
    table, issues = one(folder, "Products-2026-09-19.xls", xls({"Sheet1": PRODUCTS}))
    assert issues == []
    assert (table.kind, len(table), table.rows_in, table.row.tolist()) == (
        "product_performance",
        2,
        2,
        [7, 8],
    )
    assert table.columns["product_id"].tolist() == ["1601234567890", "1000123456789"]
    assert table.columns["search_impressions"].tolist() == [4378, 10]
    assert table.columns["search_ctr"].tolist() == [0.0162, 0]
    assert np.isnan(table.columns["search_clicks"][1])
    assert set(table.grain) == {"week"}
    assert (table.start[0].item(), table.end[0].item()) == (date(2026, 9, 13), date(2026, 9, 19))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bom.csv", csv(LEDGER)),
        ("utf8.csv", csv(LEDGER, "utf-8")),
        ("gb.csv", csv(LEDGER, "gb18030")),
        ("utf16.xls", csv(LEDGER, "utf-16", "\t")),
        ("bare.csv", csv(LEDGER, "utf-16-le", ";")),
        ("big.tsv", csv(LEDGER, "utf-16-be", "\t")),
        ("bar.csv", csv(LEDGER, "utf-8", "|")),
        ("hint.csv", b"sep=;\r\n" + csv(LEDGER, "utf-8", ";")),
        ("web.xls", html(LEDGER, "gb18030")),
        ("true.xls", xls({"订单": LEDGER})),
        ("named.csv", xlsx({"订单": LEDGER})),
        ("hidden.xlsx", xlsx({"说明": [["本表由系统导出"]], "订单": LEDGER}, hidden=("订单",))),
    ],
)
def test_one_table_in_every_wrapping(folder, name, content):
    table, issues = one(folder, name, content)
    assert [code for code, _, _ in issues if code != "table.ignored"] == []
    assert table.kind == "order_ledger"
    assert table.columns["order_id"].tolist() == ["10248", "10249"]
    assert table.columns["buyer_name"].tolist() == ["Vins et alcools", "Toms Spezialitäten"]
    assert table.columns["discount"].tolist() == [0, 0.15]
    assert table.columns["amount"].sum() == pytest.approx(335.4)
    assert table.start.tolist() == [date(1996, 7, 4), date(1996, 7, 5)]


def test_german_headers_are_mapped_and_german_numbers_read(folder):
    rows = [
        GERMAN,
        ["10248", "04.07.1996", "Müller & Söhne", "Köln", "Käse", "14,0000", "12", "0,15", "1.696,0000"],
    ]
    maps, _ = from_rows([("*", header, "", field) for header, field in zip(GERMAN, FIELDS, strict=True)])
    table, issues = one(folder, "de.csv", csv(rows, "cp1252", ";"), maps=maps)
    assert issues == []
    assert table.columns["buyer_name"].tolist() == ["Müller & Söhne"]
    assert (table.columns["amount"][0], table.columns["discount"][0]) == (1696, 0.15)
    assert table.start[0].item() == date(1996, 7, 4)


def test_titles_totals_blank_rows_and_footers_are_no_data(folder):
    rows = [
        ["某公司 销售订单明细表"],
        ["导出时间：1998-05-07 10:00"],
        ["订单", "", "客户", "", "商品"],
        LEDGER[0],
        ["小计", "", "", "", "", "", "", "", "1"],
        LEDGER[1],
        [],
        LEDGER[2],
        ["合计", "", "", "", "", "", "", "", "335.4"],
        [],
        ["制表人：张三   审核人："],
    ]
    table, issues = one(folder, "a.xlsx", xlsx({"销售明细": rows}))
    assert issues == []
    assert table.row.tolist() == [6, 8]
    assert (table.rows_in, table.dropped, table.set_aside) == (7, 5, 0)


def test_a_header_of_two_rows_takes_the_lowest_known_name_of_each_column(folder):
    rows = [["日期", "流量", "", "广告"], ["", "周累计曝光量（个）", "周访客人数（个）", "周广告花费（元）"]]
    rows += [[5.1, 100, 10, 30.5], [5.2, 110, 11, 31.5], ["合计", 210, 21, 62]]
    table, issues = one(folder, "店铺.xlsx", month(rows))
    assert issues == []
    assert table.kind == "shop_ledger"
    assert table.columns["ad_cost_cny"].tolist() == [30.5, 31.5]
    assert table.start.tolist() == [date(2026, 5, 1), date(2026, 5, 2)]


def test_month_day_without_a_year_is_a_question_and_not_handed_on(folder):
    rows = [["日期", "周访客人数（个）"], [5.1, 10]]
    reading = folder({"店铺.xlsx": month(rows, "5月店铺数据")})["店铺.xlsx"]
    assert (reading.tables, codes(reading)) == ([], ["period.year"])


def test_two_tables_pasted_one_under_the_other_are_two_tables(folder):
    second = [[*row[:3], "99", *row[4:]] for row in PRODUCT_ROWS]
    rows = [*PRODUCTS, [], ["产品数据, 时间周期 2026-09-20~2026-09-26"], PRODUCT_HEADERS, *second]
    reading = folder({"a.xlsx": xlsx({"S": rows})})["a.xlsx"]
    first, other = reading.tables
    assert codes(reading) == []
    assert (first.start[0].item(), other.start[0].item()) == (date(2026, 9, 13), date(2026, 9, 20))
    assert other.columns["search_impressions"].tolist() == [99, 99]
    assert other.row.tolist() == [12, 13]


@pytest.mark.parametrize(
    ("name", "expected"), [("Products-2026-09-19.xls", ["period.missing"]), ("260913-260919.xls", [])]
)
def test_a_lost_period_is_asked_for_unless_the_name_spells_it(folder, name, expected):
    reading = folder({name: xls({"S": [PRODUCT_HEADERS, *PRODUCT_ROWS]})})[name]
    assert codes(reading) == expected
    assert len(reading.tables) == 1 - len(expected)


def test_the_period_inside_counts_against_a_wrong_name(folder):
    table, issues = one(folder, "Products-2026-09-12.xls", xls({"S": PRODUCTS}))
    assert issues == [("period.conflict", 0, "")]
    assert table.end[0].item() == date(2026, 9, 19)


def test_every_bad_cell_has_its_place_and_none_becomes_zero(folder):
    rows = [
        LEDGER[0],
        ["1", "1996-07-04", "a", "x", "p", "many", "1", "0", "5"],
        ["2", "someday", "b", "x", "p", "1", "1", "0", "6"],
        ["2.34193E+17", "1996-07-04", "c", "x", "p", "1", "1", "0", "7"],
        ["", "1996-07-04", "d", "x", "p", "1", "1", "0", "8"],
        ["5", "", "e", "x", "p", "1", "1", "150%", "9"],
        ["6", "1996-07-05", "f", "x", "p", "1", "1", "150%", "10"],
    ]
    table, issues = one(folder, "a.csv", csv(rows))
    assert sorted(issues) == [
        ("cell.date", 3, "下单日期"),
        ("cell.id", 4, "订单编号"),
        ("cell.number", 2, "单价"),
        ("cell.percent", 6, "折扣"),
        ("cell.percent", 7, "折扣"),
        ("row.no_key", 5, "订单编号"),
        ("row.no_key", 6, "下单日期"),
    ]
    assert table.columns["amount"].tolist() == [5, 10]
    assert np.isnan(table.columns["unit_price"][0])
    assert (table.rows_in, table.dropped, table.set_aside) == (6, 0, 4)


def test_dates_that_may_be_read_two_ways_are_one_question(folder):
    rows = [LEDGER[0], *([[str(n), f"0{n}/07/1996", *LEDGER[1][2:]] for n in range(1, 6)])]
    reading = folder({"a.csv": csv(rows)})["a.csv"]
    (issue,) = reading.issues
    assert (issue.code, issue.row, issue.times, issue.value) == ("cell.date_order", 2, 5, "01/07/1996")
    assert len(reading.tables[0]) == 0
    assert reading.tables[0].set_aside == 5


def test_many_troubles_of_a_column_are_told_singly_and_then_together(folder):
    rows = [
        LEDGER[0],
        *([[str(n), "1996-07-04", "a", "x", "p", f"bad{n}", "1", "0", "5"] for n in range(50)]),
    ]
    reading = folder({"a.csv": csv(rows)})["a.csv"]
    assert [issue.times for issue in reading.issues] == [1] * 20 + [30]
    assert reading.issues[20].row == 22


def test_private_values_stay_out_of_the_issues(folder):
    head = ["询价单号", "创建时间", "客户名", "手机", "产品ID"]
    rows = [
        head,
        ["Q1", "2026-03-01 08:00", "Ann", "+1 555", "无产品ID"],
        ["Q1", "2026-03-01 08:00", "Bob", "+1 556", ""],
    ]
    reading = folder({"询盘数据-2026-03-02.xls": html(rows)})["询盘数据-2026-03-02.xls"]
    assert codes(reading) == ["row.conflict"]
    assert "555" not in repr(reading.issues)
    assert "Bob" not in repr(reading.issues)
    assert reading.tables[0].columns["buyer_name"].tolist() == ["Bob"]  # the last one counts
    assert reading.tables[0].columns["product_id"].tolist() == [None]


def test_the_same_row_twice_is_one_row_and_order_lines_are_not(folder):
    table, issues = one(folder, "Products-2026-09-19.xls", xls({"S": [*PRODUCTS, PRODUCT_ROWS[0]]}))
    assert issues == []
    assert (len(table), table.dropped) == (2, 1)
    table, _ = one(folder, "ledger.csv", csv([*LEDGER, LEDGER[1]]))
    assert len(table) == 3


def test_unknown_and_repeated_columns_are_noted_once(folder):
    rows = [["产品ID", "质量分", "月曝光量", "月曝光量", "神秘列"], ["1601234567890", "4.5", "7", "8", "x"]]
    table, issues = one(folder, "all-products-2026-09-19.xls", html(rows))
    assert issues == [("column.unknown", 1, "神秘列"), ("column.repeated", 1, "月曝光量")]
    assert table.columns["impressions_month"].tolist() == [7]
    assert table.start[0].item() == date(2026, 9, 19)


def test_one_file_a_campaign_keeps_the_campaigns_apart(folder):
    rows = [
        ["日期", "花费", "曝光量", "点击量"],
        ["汇总", "¥3.00", "30", "3"],
        ["2026-05-03", "¥3.00", "30", "3"],
    ]
    readings = folder({"Shoes2026-05-04 15_39_27.xlsx": xlsx({"S": rows}), "plan.xlsx": xlsx({"S": rows})})
    shoes, plan = readings["Shoes2026-05-04 15_39_27.xlsx"], readings["plan.xlsx"]
    assert shoes.tables[0].columns["plan_name"].tolist() == ["Shoes"]
    assert shoes.stamp == datetime(2026, 5, 4, 15, 39, 27)
    assert shoes.tables[0].columns["cost_cny"].tolist() == [3]
    assert "plan_name" not in plan.tables[0].columns


def test_an_order_without_its_own_moment_has_that_of_its_payment(folder):
    rows = [["订单号", "下单时间", "付款时间", "实收金额"]]
    rows += [["234193410001028893", "", "Mar. 31, 2026, 17:49:40 PDT.", "US $1,234.00"]]
    table, issues = one(folder, "a.xlsx", xlsx({"S": rows}))
    assert issues == []
    assert (table.kind, table.start[0].item()) == ("orders", date(2026, 3, 31))
    assert table.columns["paid_at"][0].item() == datetime(2026, 3, 31, 17, 49, 40)
    assert table.columns["received_amount"][0] == 1234


def test_a_table_without_its_period_column_uses_a_stated_span(folder):
    rows = [["推广报告 2026-05-01~2026-05-31"], ["计划ID", "花费", "曝光量", "点击量"], ["7", "1", "2", "3"]]
    table, _ = one(folder, "a.xlsx", xlsx({"S": rows}))
    assert (table.kind, set(table.grain)) == ("p4p_plan_daily", {"month"})


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("empty.csv", b"", "file.unreadable"),
        ("zeros.csv", bytes(5000), "file.unreadable"),
        ("broken.xlsx", b"PK\x03\x04" + bytes(500), "file.unreadable"),
        ("picture.xls", b"\x89PNG\r\n" + bytes(500), "file.unreadable"),
        ("page.xls", b"<html><body>Please log in</body></html>", "file.unreadable"),
        ("blank.xlsx", xlsx({"S": []}), "file.unreadable"),
        ("web.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related", "file.old_form"),
        (
            "2003.xls",
            b'<?xml version="1.0"?><x xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "file.unreadable",
        ),
        ("damaged.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "file.wps_form"),
        ("picture.ett", b"\x89PNG\r\n" + bytes(500), "file.wps_form"),
        ("other.csv", csv([["colour", "taste"], ["red", "sweet"]]), "table.unknown"),
        ("head.csv", csv(LEDGER[:1]), "table.empty"),
    ],
)
def test_what_cannot_be_used_is_one_clear_issue(folder, name, content, expected):
    reading = folder({name: content})[name]
    assert (reading.tables, codes(reading)) == ([], [expected])


@pytest.mark.parametrize("name", ["订单.et", "订单.ett"])
def test_a_file_of_wps_is_read_where_it_is_an_xls_or_xlsx_inside(folder, name):
    for content in (xls({"S": LEDGER}), xlsx({"S": LEDGER})):
        table, _ = one(folder, name, content)
        assert (table.kind, len(table.start)) == ("order_ledger", len(LEDGER) - 1)


def test_a_workbook_is_ours_by_its_defined_name_whatever_wraps_it(folder):
    def named(name, **options):
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True})
        sheet = book.add_worksheet(options.get("title", "S"))
        for number, row in enumerate(LEDGER):
            sheet.write_row(number, 0, row)
        book.define_name(name, "=1")
        book.close()
        return buffer.getvalue()

    ours, copy = named("ops.format"), named("ops.frozen")
    files = {"ours.xlsx": ours, "copy.xlsm": copy, "in.zip": zipped({"b.xlsx": ours})}
    strangers = {"own.xlsx": named("shop.format"), "title.xlsx": named("x", title="ops.format")}
    readings = folder(files | strangers)
    for name in ("ours.xlsx", "copy.xlsm", "in.zip!b.xlsx"):
        found = [(issue.code, issue.severity) for issue in readings[name].issues]
        assert (readings[name].tables, found) == ([], [("file.own_book", "note")])
    assert [len(readings[name].tables) for name in strangers] == [1, 1]


def test_an_unknown_table_says_what_it_had_and_what_the_nearest_kind_lacks(folder):
    reading = folder({"a.csv": csv([["产品ID", "访问人数", "心情"], ["1", "2", "3"]])})["a.csv"]
    detail = reading.issues[0].detail
    assert "心…" in detail  # a header that no export has may be a buyer's name
    assert "产品分析" in detail
    assert "搜索曝光次数" in detail


def test_a_kind_named_on_the_header_map_settles_a_table_that_another_header_forbids(folder):
    rows = [["日期", "花费", "曝光量", "点击量", "国家"], ["2026-03-01", "5", "900", "9", "US"]]
    assert codes(folder({"a.csv": csv(rows)})["a.csv"]) == ["table.unknown"]
    maps, _ = from_rows([("a.csv", "", "p4p_plan_daily", "")])
    table, _ = one(folder, "a.csv", csv(rows), maps=maps)
    assert (table.kind, len(table)) == ("p4p_plan_daily", 1)


def test_a_tie_is_a_question_that_the_header_map_answers(folder):
    rows = [["日期", "人民币/美元", "访客数"], ["2026-03-01", "7.1", "90"]]
    reading = folder({"a.csv": csv(rows)})["a.csv"]
    assert (codes(reading), reading.tables) == (["table.ambiguous"], [])
    assert "(fx_rates): 人民币/美元" in reading.issues[0].detail
    assert "(shop_overview): 访客数" in reading.issues[0].detail
    maps, _ = from_rows([("a.csv", "", "shop_overview", "")])
    table, _ = one(folder, "a.csv", csv(rows), maps=maps)
    assert (table.kind, table.columns["store_visitors"].tolist()) == ("shop_overview", [90])


def test_a_file_that_eats_memory_or_time_costs_one_issue_and_no_other_file(folder):
    files = {"a.csv": csv(LEDGER), "b.xls": looping_ole(), "c.csv": csv(LEDGER)}
    readings = folder(files, limits=Limits(memory=256 << 20, workers=1))
    assert codes(readings["b.xls"]) == ["file.too_large"]
    assert [len(readings[name].tables) for name in ("a.csv", "c.csv")] == [1, 1]
    assert readings["b.xls"].digest == hashlib.sha256(looping_ole()).hexdigest()
    readings = folder({}, limits=Limits(memory=1 << 40, seconds=0.5, workers=1))
    assert codes(readings["b.xls"]) == ["file.too_slow"]
    assert [len(readings[name].tables) for name in ("a.csv", "c.csv")] == [1, 1]


def test_known_content_is_not_read_and_order_and_progress_are_kept(folder):
    files = {f"{n}.csv": csv([LEDGER[0], [str(n), *LEDGER[1][1:]]]) for n in range(6)}
    files["z.zip"] = zipped({"m.csv": csv(LEDGER)})
    digest, packed = hashlib.sha256(files["3.csv"]).hexdigest(), hashlib.sha256(csv(LEDGER)).hexdigest()
    known = {
        (digest, "3.csv"),
        (packed, "z.zip!m.csv"),
        (hashlib.sha256(files["4.csv"]).hexdigest(), "old.csv"),
    }
    seen = []
    readings = folder(files, known=known, progress=lambda done, total, name: seen.append((done, total, name)))
    names = [*(f"{n}.csv" for n in range(6)), "z.zip!m.csv"]
    assert seen == [(number, 7, name) for number, name in enumerate(names, start=1)]
    assert [len(readings[name].tables) for name in names] == [1, 1, 1, 0, 1, 1, 0]
    assert readings["3.csv"].digest == digest
    assert readings["3.csv"].stamp is not None
    assert readings["0.csv"].digest == hashlib.sha256(files["0.csv"]).hexdigest()


def test_paste_sheets_are_read_by_sheet_with_their_own_period(tmp_path):
    book = tmp_path / "book.xlsx"
    rows = [["把导出粘贴到这里（周期如 2026-01-04~2026-01-10）"], PRODUCT_HEADERS, *PRODUCT_ROWS]
    book.write_bytes(xlsx({"粘贴1": rows, "粘贴2": rows, "粘贴3": []}))
    periods = {"粘贴1": "2026-03", "粘贴2": "", "粘贴3": ""}
    sources = [Source(book, book.name, sheet=sheet, period=period) for sheet, period in periods.items()]
    march, none, empty = read(sources, HeaderMap())
    assert (march.tables[0].start[0].item(), march.tables[0].grain[0]) == (date(2026, 3, 1), "month")
    assert march.tables[0].sheet == "粘贴1"
    assert march.stamp is None
    assert codes(none) == ["period.missing"]
    assert (empty.tables, empty.issues) == ([], [])
    assert len({march.digest, none.digest, empty.digest}) == 3
    (again, *_) = read(sources, HeaderMap(), known={(march.digest, book.name)})
    assert (again.digest, again.tables) == (march.digest, [])


def test_it_works_from_a_script_without_a_main_guard_beside_files_named_like_libraries(tmp_path):
    (tmp_path / "a.csv").write_bytes(csv(LEDGER))
    (tmp_path / "numpy.py").write_text("raise SystemExit('shadowed')", encoding="utf-8")
    script = tmp_path / "bin" / "script.py"
    script.parent.mkdir()
    script.write_text(
        "from pathlib import Path\nfrom opsbook.intake import read\nfrom opsbook.intake.export_files import find\n"
        "from opsbook.intake.header_map import HeaderMap\nprint('once')\n"
        "for reading in read(find([Path('a.csv')])[0], HeaderMap()):\n    print(len(reading.tables[0]))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )
    assert done.stdout.split() == ["once", "2"], done.stderr


def test_leaving_in_the_middle_ends_the_processes(folder, tmp_path):
    for number in range(4):
        (tmp_path / f"{number}.csv").write_bytes(csv(LEDGER))
    reading = read(find([tmp_path])[0], HeaderMap())
    assert len(next(reading).tables) == 1
    reading.close()


def test_periods_in_text_above_are_found_in_csv_as_well(folder):
    table, _ = one(folder, "x.csv", csv([[PERIOD], PRODUCT_HEADERS, *PRODUCT_ROWS], "utf-8", "\t"))
    assert table.end[0].item() == date(2026, 9, 19)
