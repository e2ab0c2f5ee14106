"""Delimited text that stops in the middle, or in which a quotation mark has no partner."""

import pytest
from intake.export_files import codes


@pytest.mark.parametrize(
    ("text", "rows", "expected"),
    [
        ("6,3,2\n7,4,3", 2, []),  # whole
        ("6,3,2\n7,4", 1, [("file.cut_off", 3)]),
        ("6,3,2\n2026-0", 1, [("file.cut_off", 3)]),
        ("6,3", 0, [("file.cut_off", 2)]),
        ('6,3,2\n7,4,"', 1, [("row.joined", 3)]),
        ("6,3,2\n7,4\n", 2, []),  # Excel drops empty cells at the end of a row
        ("6,3,2\r\n7,4\r", 2, []),
        ("6,3\n7,4,3", 2, []),
        ("6,3,2\n合计,3", 1, []),
        ("6,3,2\n制表人:李", 1, []),
        ("6,3,2\n  ", 1, []),
        ("6,3,2\n,", 1, []),
    ],
)
def test_a_row_in_which_the_file_stops_is_set_aside(folder, text, rows, expected):
    text = text.replace("6,", "2026-06,", 1).replace("7,", "2026-07,", 1)
    reading = folder({"a.csv": f"统计日期,店铺访问人数,询盘个数\n{text}".encode()})["a.csv"]
    (table,) = reading.tables
    assert (len(table), [(issue.code, issue.row) for issue in reading.issues]) == (rows, expected)
    assert table.set_aside == len(expected)


QUOTED = """订单编号,下单日期,商品名称,数量,金额
A1,2026-03-01,Tent,1,100
{}
A9,2026-03-09,Lamp,1,90
"""


@pytest.mark.parametrize(
    ("text", "orders", "told"),
    [
        # A lone mark: to the next quoted cell, to the next lone mark, in two lines only, to the end of the file;
        # and in a row that lacks cells.
        (
            'A2,2026-03-02,"Peg,2,30\nA3,2026-03-03,Peg,2,30\nA4,2026-03-04,"Mat, red",1,5',
            "A1 A9",
            [(3, "3~5")],
        ),
        ('A2,2026-03-02,"Peg,2,30\nA3,2026-03-03,Peg,2,30\nA4,2026-03-04,Mat",1,5', "A1 A9", [(3, "3~5")]),
        ('A2,2026-03-02,"Peg,2,30\nA4,2026-03-04,Mat",1,5\nA5,2026-03-05,Mat,1,5', "A1 A5 A9", [(3, "3~4")]),
        ('A2,2026-03-02,Peg,2,30\nA3,2026-03-03,"Peg,2,30', "A1 A2", [(4, "4~5")]),
        ('A2,2026-03-02,"Peg\nA3,2026-03-03,Peg,2,30\nA4,2026-03-04",1,5', "A1 A9", [(3, "3~5")]),
        # One that meets a partner in its own line, so that cells are lacking there.
        ('A2,2026-03-02,"Peg,2,30"\nA3,2026-03-03,Peg,2,30', "A1 A3 A9", [(3, "3")]),
        ('A2,"2026-03-02,Peg,2,"30,40"', "A1 A9", [(3, "3")]),
        # What people mean: cells that are left out at the end, also behind quoted ones; line breaks, blank lines, commas, marks in marks, inches.
        ('A2,2026-03-02,"Peg\nof steel, with\n\n10, 20, 30",2,30', "A1 A2 A9", []),
        ('A2,2026-03-02,"Peg ""Rock"",\nsizes: 10, 20, 30, 40, 50\n2026-03-02",2,30', "A1 A2 A9", []),
        ('A2,2026-03-02,"Mat, red"\nA3,2026-03-03', "A1 A2 A3 A9", []),
        ('A2,2026-03-02,5" peg,2,30\nA3,2026-03-03,"5"" peg",2,30', "A1 A2 A3 A9", []),
    ],
)
def test_rows_that_a_lone_quotation_mark_swallows_are_told(folder, text, orders, told):
    reading = folder({"a.csv": QUOTED.format(text).encode()})["a.csv"]
    (table,) = reading.tables
    assert " ".join(table.columns["order_id"]) == orders
    assert [(issue.code, issue.row, issue.detail) for issue in reading.issues] == [
        ("row.joined", row, lines) for row, lines in told
    ]
    assert table.set_aside == len(told)


def test_a_name_that_slipped_under_a_date_is_not_told(folder):
    headers = "订单号,下单时间,买家名称,实收金额\n"
    text = headers + "A1,2026-03-01,Demo Buyer 731,1\nA2,Demo Buyer 731,1\nA3,13800138000,1,王小明\n"
    told = [str(issue) for issue in folder({"a.csv": text.encode()})["a.csv"].issues]
    assert len(told) == 3
    assert not any(word in issue for issue in told for word in ("Demo", "Buyer", "13800138000", "小明"))


def test_a_lone_quotation_mark_in_the_header_is_told_though_no_table_is_left(folder):
    text = '产品ID,"访问人数,搜索曝光次数\n1601,2,3\n1602,4,5\n'
    assert "row.joined" in codes(folder({"a.csv": text.encode()})["a.csv"])


def test_a_cell_without_end_is_no_table(folder):
    endless = b'a,b\n"' + b"1,2\n" * (5 << 20)
    issues = folder({"a.csv": endless})["a.csv"].issues
    assert [issue.code for issue in issues] == ["file.unreadable"]
    assert "quotation mark" in issues[0].detail
