"""Dots and commas between digits: what a table proves, what its habits say, and what stays a question."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake.export_files import codes, csv, html, xlsx

from opsbook.intake.decimal_marks import decide
from opsbook.intake.numbers import parse_numbers
from opsbook.schemas import schemas

ADS = ["日期", "计划名称", "花费", "曝光量", "点击量"]
LEDGER = ["日期", "信保单号", "产品名称", "产品总价_美元"]
ID = "23419341000000000{}"


def ads(*rows, delimiter=";"):
    lines = [[f"2025-09-{day:02}", "A", *row] for day, row in enumerate(rows, start=1)]
    return csv([ADS, *lines], delimiter=delimiter)


def ledger(*amounts, day="{:02}.09.2025", delimiter=";"):
    lines = [
        [day.format(number), ID.format(number), "Boot", amount]
        for number, amount in enumerate(amounts, start=1)
    ]
    return csv([LEDGER, *lines], delimiter=delimiter)


def read(folder, content, field, name="a.csv"):
    reading = folder({name: content})[name]
    (table,) = reading.tables
    values = table.columns[field]
    return [None if np.isnan(value) else value for value in values.tolist()], codes(reading)


@pytest.mark.parametrize(
    ("content", "field", "expected"),
    [
        pytest.param(
            ads(["1.234", "12.345", "120"], ["2.500", "9.870", "98"]), "cost_cny", [1234, 2500], id="counts"
        ),
        pytest.param(ads(["1.234", "12.345", "120"]), "impressions", [12345], id="a count is whole"),
        pytest.param(
            ads(["1.234,50", "12.345", "9"], ["2.500", "870", "9"]),
            "cost_cny",
            [1234.5, 2500],
            id="one clear amount",
        ),
        pytest.param(
            ads(["0,125", "1", "1"], ["2,500", "1", "1"]), "cost_cny", [0.125, 2.5], id="a leading zero"
        ),
        pytest.param(
            ads(["1,234", "12,345", "1"], delimiter="\t"), "cost_cny", [1234], id="counts with commas, tabs"
        ),
        pytest.param(
            ads(["1.234", "12,345", "1"], ["2.5", "7,890", "1"], delimiter="\t"),
            "cost_cny",
            [1.234, 2.5],
            id="commas between thousands, so dots are decimal",
        ),
        pytest.param(
            ledger("1.234", "2.000"), "product_amount_usd", [1234, 2000], id="semicolons and dotted days"
        ),
        pytest.param(
            ledger("1.234", "2.000", "0.5"), "product_amount_usd", [1.234, 2, 0.5], id="a clear dot"
        ),
        pytest.param(
            ledger("1.234", "2.000", day="{:02}/09/2025".replace("{:02}", "2{}")),
            "product_amount_usd",
            [1234, 2000],
            id="semicolons and slashed days of a Spaniard",
        ),
        pytest.param(
            ledger("1.234", "2.500", "4.750", "1234.500", day="2025-09-{:02}", delimiter="\t"),
            "product_amount_usd",
            [1.234, 2.5, 4.75, 1234.5],
            id="three decimals everywhere",
        ),
        pytest.param(ledger("1.234.567", "2.000"), "product_amount_usd", [1234567, 2000], id="two dots"),
        pytest.param(
            ledger("€ 1.234", "14,50 €"), "product_amount_usd", [None, None], id="euros in a dollar column"
        ),
    ],
)
def test_a_mark_is_decided_by_the_table(folder, content, field, expected):
    values, issues = read(folder, content, field)
    assert values == pytest.approx(expected, nan_ok=True) if None not in expected else values == expected
    assert set(issues) <= {"cell.currency"}


@pytest.mark.parametrize(
    ("content", "field"),
    [
        pytest.param(
            ledger("1.234", "2.000", day="2025-09-{:02}"), "product_amount_usd", id="semicolons alone"
        ),
        pytest.param(ledger("1.234", "2.000", delimiter="\t"), "product_amount_usd", id="dotted days alone"),
        pytest.param(
            ledger("1.234", "2.000", day="2025-09-{:02}", delimiter="\t"),
            "product_amount_usd",
            id="no habit: three decimals of a dollar are odd",
        ),
        pytest.param(ledger("1,234", "2,000"), "product_amount_usd", id="commas in a continental file"),
        pytest.param(ledger("1.234", "2,000"), "product_amount_usd", id="both marks"),
    ],
)
def test_where_nothing_decides_one_question_comes_and_no_number(folder, content, field):
    values, issues = read(folder, content, field)
    assert values == [None, None]
    assert issues == ["cell.thousands"]


def test_one_slip_of_the_pen_does_not_turn_thousands_into_decimals(folder):
    """1,234 and its like are thousands, and 1,00 was meant as 1.00 or 100; or the table has three decimals: unknown."""
    content = ledger("1,234", "2,500", "4,750", "1,00", day="2025-09-{:02}", delimiter="\t")
    assert read(folder, content, "product_amount_usd") == ([None] * 4, ["cell.number", "cell.thousands"])


def test_a_rate_of_exchange_cannot_be_a_thousand(folder):
    """7.123 yuan for a dollar: 7123 would be impossible, so the dot is decimal even in a continental file."""
    content = csv([["日期", "美元汇率"], ["01.09.2025", "7.123"], ["02.09.2025", "7.085"]], delimiter=";")
    assert read(folder, content, "cny_per_usd") == ([7.123, 7.085], [])


def test_a_price_of_three_decimals_is_a_price(folder):
    content = csv([["日期", "订单号", "单价", "数量"], ["2025-09-01", ID.format(1), "1.234", "500"]])
    assert read(folder, content, "unit_price") == ([1.234], [])


@pytest.mark.parametrize("form", ["html", "xlsx"])
def test_a_sheet_of_texts_is_read_as_a_file_of_texts(folder, form):
    rows = [ADS, ["2025-09-01", "A", "1.234", "12.345", "120"]]
    content = html(rows) if form == "html" else xlsx({"S": rows})
    assert read(folder, content, "cost_cny", "a.xls" if form == "html" else "a.xlsx") == ([1234], [])


def test_counts_whose_dots_a_program_took_for_decimals_are_one_question(folder):
    """12.345, 9.870 and 2.000 were saved as the numbers 12.345, 9.87 and 2: the last one cannot be believed either."""
    rows = [ADS, *(["2025-09-01", f"P{n}", 5, count, 1] for n, count in enumerate([12.345, 9.87, 2]))]
    values, issues = read(folder, xlsx({"S": rows}), "impressions", "a.xlsx")
    assert (values, issues) == ([None, None, None], ["cell.lost_thousands"])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_amounts_beside_such_counts_are_doubtful_as_well(folder, form):
    """1.234 yuan for 12.345 impressions were 1234 and 12345 before a program read them."""
    lines = [["2025-09-01", "A", 1.234, 12.345, 120], ["2025-09-02", "A", 2.5, 9.87, 98]]
    texts = [[str(cell) for cell in line] for line in lines]
    content = csv([ADS, *texts]) if form == "csv" else xlsx({"S": [ADS, *lines]})
    values, issues = read(folder, content, "cost_cny", f"a.{form}")
    assert values == [None, None]
    assert sorted(set(issues)) == ["cell.lost_thousands", "cell.thousands"]


def test_a_count_with_a_half_is_named_and_kept(folder):
    rows = [ADS, ["2025-09-01", "A", 5, 1000, 12.5]]
    assert read(folder, xlsx({"S": rows}), "clicks", "a.xlsx") == ([12.5], ["cell.fraction"])


MONEY = schemas()["order_ledger"].by_name["product_amount_usd"]
COUNT = schemas()["shop_overview"].by_name["store_visitors"]
HABITS = st.tuples(
    st.sampled_from([["01.09.2025"], ["2025-09-01"], []]), st.sampled_from([";", ",", "\t", ""])
)


@given(
    st.lists(st.integers(0, 10**8), min_size=1, max_size=5),
    st.lists(st.decimals(0, 10**8, places=2), max_size=3),
    st.sampled_from([MONEY, COUNT]),
    st.sampled_from([",.", ".,"]),
    HABITS,
)
def test_a_table_in_one_style_is_read_back_or_asked_about(whole, decimals, owner, style, habits):
    """Thousands are always marked; whatever the habits of the file, no number comes out wrong."""
    amounts = [*whole, *(decimals if owner is MONEY else [])]
    swap = {ord(","): style[0], ord("."): style[1]}
    texts = list(dict.fromkeys(f"{value:,}".translate(swap) for value in amounts))
    mark = decide([(owner, texts)], [habits[0]], habits[1])[owner.name]
    found = parse_numbers(texts, mark, owner.unit)
    expected = [float(text.replace(style[0], "").replace(style[1], ".")) for text in texts]
    assert not found.bad.any()
    read = ~found.doubtful
    assert found.values[read].tolist() == np.array(expected)[read].tolist()
    if owner is COUNT:  # whole numbers prove the mark
        assert read.all()


def test_a_count_with_hundredths_beside_lost_marks_is_lost_as_well(folder):
    """1.13 clicks for 12.345 impressions were 1130."""
    rows = [ADS, ["2025-09-01", "A", 5, 12.345, 1.13], ["2025-09-02", "A", 5, 9.87, 2]]
    values, issues = read(folder, xlsx({"S": rows}), "clicks", "a.xlsx")
    assert (values, issues) == ([None, None], ["cell.lost_thousands", "cell.lost_thousands"])
