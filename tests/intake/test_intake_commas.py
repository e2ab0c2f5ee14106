"""Rows with more cells than their header: put right where there is one way, set aside where there are several."""

import pytest

from opsbook.intake.stray_commas import put_right

ORDERS = "订单号,订单状态,下单时间,产品名称,数量,单价,产品总价,实收金额"
DAYS = "日期,店铺访问人数,询盘个数"
LEDGER = "Date,Order No.,Product,Amount"
KEYWORDS = "关键词;搜索热度;店铺访问人数"

ASIDE = "aside"
AS_IT_IS = "as it is"


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (ORDERS, "1,交易成功,2025-04-06,Boot, red,10,7,70,70", {3: "Boot, red"}),
        (ORDERS, "1,交易成功,2025-04-06,Boot,red,10,7,70,70", {3: "Boot,red"}),
        (ORDERS, "1,交易成功,2025-05-07,Boot,1000,1.65,1,650.00,1,650.00", {6: "1,650.00", 7: "1,650.00"}),
        (
            ORDERS,
            "1,交易成功,2025-05-07,Boot, red,1000,1.65,1,650.00,1,650.00",
            {3: "Boot, red", 7: "1,650.00"},
        ),
        (DAYS, "2025-03-01,1,770,12", {1: "1,770"}),
        (DAYS, "2025-03-01,1,234,567,12", {1: "1,234,567"}),
        (DAYS, "2025-03-01,12,1,770", {2: "1,770"}),
        (DAYS, "Mar 5, 2025,770,12", {0: "Mar 5, 2025"}),
        (KEYWORDS, "shoe; red;12;7", {0: "shoe; red"}),
        (DAYS, "2025-03-01,1,770,120", ASIDE),
        (LEDGER, "2025-03-01,A1,Boot,1,650.00", ASIDE),  # "Boot,1" for 650.00 is not impossible
        (ORDERS, "1,交易成功,2025-05-07,Boot,10,1,65,16,50,16,50", ASIDE),  # decimal commas
        (ORDERS, "1,交易成功,2025-05-07,Boot, 10 red, 3,7,5,35,35", {3: "Boot, 10 red, 3"}),
        (LEDGER, "2025-03-01,A1,Boot,650.00,paid twice", AS_IT_IS),  # a remark beside the table
        (LEDGER, "2025-03-01,A1,Boot,650.00,", AS_IT_IS),
        (LEDGER, "2025-03-01,A1,Boot,650.00,,", AS_IT_IS),
    ],
)
def test_one_row_with_more_cells(header, row, expected):
    mark = ";" if ";" in header else ","
    regular = {
        ORDERS: "2,交易成功,2025-03-05,Sock,10,5,50,50",
        DAYS: "2025-03-02,900,7",
        LEDGER: "2025-03-02,A2,Sock,9",
    }
    lines = [header, regular.get(header, "hat;12;7"), row]
    rows = [line.split(mark) for line in lines]
    doubtful = put_right(rows, "\n".join(lines), mark)
    if expected in (ASIDE, AS_IT_IS):
        assert (doubtful, rows[2]) == ([2] if expected == ASIDE else [], row.split(mark))
    else:
        assert doubtful == []
        assert len(rows[2]) == len(rows[0])
        assert {place: rows[2][place] for place in expected} == expected


@pytest.mark.parametrize(
    "lines",
    [
        ["日期,订单号,金额", "2025-03-01,A1,1,x", "2025-03-01,A2,2,y"],  # a column without a header
        ["日期,订单号,金额", "2025-03-01,A1,1,9", "2025-03-01,A2,2,8", "2025-03-01,A3,2,500"],
        ["日期,订单号,金额,", "2025-03-01,A1,1,x", "2025-03-01,A2,2,y"],
        [
            "日期,订单号,金额",
            "2025-03-01,A1,1",
            "",
            "日期,订单号,金额,产品名称",
            "2025-03-01,A2,2,y",
        ],  # another table
        ["colour,taste", "red,sweet,9", "blue,sour"],  # not a known table
        [DAYS, "2025-03-01,1,7"],
    ],
)
def test_tables_that_are_as_they_should_be(lines):
    rows = [line.split(",") for line in lines]
    assert put_right(rows, "\n".join(lines), ",") == []
    assert rows == [line.split(",") for line in lines]


def test_quoted_cells_are_never_joined():
    text = '日期,店铺访问人数,询盘个数\n2025-03-02,900,7\n2025-03-01,"1","770",12\n'
    rows = [
        ["日期", "店铺访问人数", "询盘个数"],
        ["2025-03-02", "900", "7"],
        ["2025-03-01", "1", "770", "12"],
    ]
    assert put_right(rows, text, ",") == [2]


def test_rows_set_aside_are_one_issue(folder):
    lines = [
        "日期,订单号,产品名称,金额",
        "2025-03-01,A1,Boot,50",
        *(f"2025-03-02,B{n},Boot,1,{n}00.00" for n in range(1, 10)),
    ]
    reading = folder({"a.csv": "\n".join([*lines, ""]).encode()})["a.csv"]
    assert list(reading.tables[0].columns["amount"]) == [50]
    assert [(each.code, each.row, each.times) for each in reading.issues] == [("row.cells", 3, 9)]
