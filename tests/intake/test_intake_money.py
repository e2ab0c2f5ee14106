"""Money carries its currency: from the cell, the column, the header; never one of two that disagree."""

import numpy as np
import pytest
from intake.export_files import codes, csv, html, xls, xlsx

from opsbook.intake.header_map import from_rows

ORDERS = ["订单号", "订单状态", "下单时间", "实收金额"]
LEDGER = ["日期", "订单号", "产品名称", "金额"]
ID = "23419341000000000{}"


def orders(cells, words=None, header="实收金额"):
    columns = [*ORDERS[:3], header, *(["币种"] if words else [])]
    lines = [
        [ID.format(number), "交易成功", "2025-03-05", cell, *([words[number]] if words else [])]
        for number, cell in enumerate(cells)
    ]
    return [columns, *lines]


def tab(rows):
    return csv(rows, delimiter="\t")


def read(folder, content, field="received_amount", name="o.csv", **options):
    reading = folder({name: content}, **options)[name]
    (table,) = reading.tables
    amounts = [None if np.isnan(value) else value for value in table.columns[field].tolist()]
    return (
        amounts,
        table.columns["currency"].tolist() if "currency" in table.columns else None,
        codes(reading),
    )


@pytest.mark.parametrize(
    ("cells", "words", "amounts", "currencies"),
    [
        pytest.param(["100", "50"], None, [100, 50], None, id="nothing said: no column"),
        pytest.param(["100", "50"], ["美金USD", "US Dollar"], [100, 50], ["USD", "USD"], id="words"),
        pytest.param(["100", "50"], ["欧元", "$"], [100, 50], ["EUR", "USD"], id="other words"),
        pytest.param(["100", "50"], ["银两", ""], [100, 50], ["银两", None], id="an unknown word stays"),
        pytest.param(["$20", "€30", "800元"], None, [20, 30, 800], ["USD", "EUR", "CNY"], id="signs"),
        pytest.param(["USD 20", "30 EUR", "RMB800"], None, [20, 30, 800], ["USD", "EUR", "CNY"], id="codes"),
        pytest.param(["$20", "30"], None, [20, 30], ["USD", "USD"], id="all signs agree"),
        pytest.param(
            ["$20", "0", "€5"], None, [20, 0, 5], ["USD", None, "EUR"], id="nothing is nothing in any"
        ),
        pytest.param(["$20", "", "€5"], None, [20, None, 5], ["USD", None, "EUR"], id="an empty cell"),
        pytest.param(["$ -", "$ (5.00)"], None, [0, -5], [None, "USD"], id="accounting forms"),
        pytest.param(
            ["$20", "¥30"], ["CAD", "JPY"], [20, 30], ["CAD", "JPY"], id="a shared sign follows its column"
        ),
        pytest.param(["US$20", "30"], ["USD", "CNY"], [20, 30], ["USD", "CNY"], id="both say the same"),
    ],
)
def test_a_row_has_the_currency_that_is_said_in_it(folder, cells, words, amounts, currencies):
    assert read(folder, tab(orders(cells, words))) == (amounts, currencies, [])


@pytest.mark.parametrize(
    ("cells", "words", "expected"),
    [
        pytest.param(
            ["¥20", "30"], ["USD", "USD"], ([None, 30], ["USD", "USD"], ["cell.currency"]), id="column"
        ),
        pytest.param(
            ["€20", "C$5"], ["EUR", "美元"], ([20, None], ["EUR", "USD"], ["cell.currency"]), id="dollars"
        ),
        pytest.param(
            ["$20", "€30", "5"],
            None,
            ([20, 30, None], ["USD", "EUR", None], ["cell.currency_missing"]),
            id="one unsaid",
        ),
    ],
)
def test_where_two_disagree_no_amount_counts_and_a_question_comes(folder, cells, words, expected):
    assert read(folder, tab(orders(cells, words))) == expected


@pytest.mark.parametrize(
    ("header", "currency"),
    [("金额(美元)", "USD"), ("金额", None), ("Amount", None), ("实收金额(美元)", "USD")],
)
def test_a_header_says_the_currency_of_its_amounts(folder, header, currency):
    rows = [[*LEDGER[:3], header], ["2025-03-05", ID.format(1), "Boot", "20"]]
    currencies = [currency] if currency else None
    assert read(folder, csv(rows), "amount") == ([20], currencies, [])


@pytest.mark.parametrize(
    ("header", "amount", "currency"),
    [
        ("Betrag (EUR)", 20, "EUR"),
        ("Betrag EUR", 20, "EUR"),
        ("欧元金额", 20, "EUR"),
        ("总额_英镑", 20, "GBP"),
        ("金额（万元）", 200_000, "CNY"),
        ("金额[千美元]", 20_000, "USD"),
        ("金额(人民币万元)", 200_000, "CNY"),
        ("金额_万美元", 200_000, "USD"),
        ("Sum (USD '000)", 20_000, "USD"),
        ("单笔金额(元/笔)", 20, "CNY"),
        ("Real amount", 20, None),
        ("金额(含税)", 20, None),
    ],
)
def test_a_mapped_header_says_its_currency_and_its_scale(folder, header, amount, currency):
    maps, _ = from_rows([("", header, "", "amount")])
    rows = [[*LEDGER[:3], header], ["2025-03-05", ID.format(1), "Boot", "20"]]
    expected = [currency] if currency else None
    assert read(folder, csv(rows), "amount", maps=maps) == ([amount], expected, [])


@pytest.mark.parametrize(
    ("above", "header", "amount", "currency"),
    [
        ("单位：万元", "金额", 200_000, "CNY"),
        ("金额单位: 美元", "金额", 20, "USD"),
        ("(Unit: EUR)", "金额", 20, "EUR"),
        ("单位：万元", "金额(美元)", 20, "USD"),  # the header is nearer
        ("单位：个", "金额", 20, None),
        ("销售单位 2025", "金额", 20, None),
    ],
)
def test_a_unit_above_the_table_holds_for_its_money(folder, above, header, amount, currency):
    rows = [[above, "", "", ""], [*LEDGER[:3], header], ["2025-03-05", ID.format(1), "Boot", "20"]]
    expected = [currency] if currency else None
    assert read(folder, csv(rows), "amount") == ([amount], expected, [])


def test_a_header_and_a_word_that_disagree_are_a_question(folder):
    rows = [
        [*LEDGER[:3], "金额(美元)", "币种"],
        *(["2025-03-05", ID.format(n), "Boot", "5", word] for n, word in enumerate(["USD", "EUR"])),
    ]
    assert read(folder, csv(rows), "amount") == ([5, None], ["USD", "EUR"], ["cell.currency"])


def test_a_header_and_a_cell_that_disagree_are_a_question(folder):
    rows = [
        [*LEDGER[:3], "金额(美元)"],
        *(["2025-03-05", ID.format(n), "Boot", each] for n, each in enumerate("5¥")),
    ]
    rows[2][3] = "¥700"
    assert read(folder, csv(rows), "amount") == ([5, None], ["USD", None], ["cell.currency"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [(["EUR", "CNY", ""], ["EUR", "CNY", None]), (["rmb", "€", "欧元"], ["CNY", "EUR", "EUR"])],
)
def test_the_own_table_has_a_column_of_currencies(folder, words, expected):
    rows = [
        [*LEDGER, "货币"],
        *(["2025-03-05", ID.format(n), "Boot", "5", word] for n, word in enumerate(words)),
    ]
    assert read(folder, csv(rows), "amount") == ([5, 5, 5], expected, [])


@pytest.mark.parametrize(
    ("headers", "amounts", "issues"),
    [
        pytest.param(["产品总价_美元"], [5, None, 5], ["cell.currency"], id="no column for euros"),
        pytest.param(["产品总价_美元", "产品总价_元"], [5, 5, 5], [], id="both columns: one is a conversion"),
    ],
)
def test_a_row_in_another_currency_than_its_column_is_a_question(folder, headers, amounts, issues):
    columns = ["日期", "订单号", "产品名称", *headers, "币种"]
    words = ["USD", "EUR", ""]
    rows = [["2025-03-05", ID.format(n), "Boot", *["5"] * len(headers), word] for n, word in enumerate(words)]
    expected = (amounts, ["USD", "EUR", None], issues)
    assert read(folder, csv([columns, *rows]), "product_amount_usd") == expected


@pytest.mark.parametrize(
    ("cell", "amount", "issues"),
    [("¥12.50", 12.5, []), ("12.5元", 12.5, []), ("12.5", 12.5, []), ("$12.50", None, ["cell.currency"])],
)
def test_a_field_with_its_own_unit_takes_no_other_currency(folder, cell, amount, issues):
    rows = [["日期", "计划名称", "花费", "曝光量", "点击量"], ["2025-09-01", "A", cell, "5", "1"]]
    assert read(folder, csv(rows), "cost_cny") == ([amount], None, issues)


def test_a_column_headed_in_another_currency_is_one_question(folder):
    maps, _ = from_rows([("", "花费(美元)", "", "cost_cny")])
    header = ["日期", "计划名称", "花费(美元)", "曝光量", "点击量"]
    rows = [header, *(["2025-09-01", plan, "5", "5", "1"] for plan in "AB")]
    assert read(folder, csv(rows), "cost_cny", maps=maps) == ([None, None], None, ["column.currency"])


@pytest.mark.parametrize("form", ["xlsx", "xls", "html"])
def test_every_kind_of_file_has_its_currencies(folder, form):
    rows = orders(["$20", "€30", "￥40"])
    content = {"xlsx": xlsx({"S": rows}), "xls": xls({"S": rows}), "html": html(rows)}[form]
    name = "o.xlsx" if form == "xlsx" else "o.xls"
    assert read(folder, content, name=name) == ([20, 30, 40], ["USD", "EUR", "CNY"], [])
