"""Headers as people and programs decorate them: the same field, or another column that is not taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake.export_files import codes, csv, html, xlsx
from intake.in_process import read_rows

from opsbook.intake.grid import Grid
from opsbook.intake.header_map import HeaderMap
from opsbook.intake.header_text import EXACT, matches
from opsbook.intake.recognise import find_header
from opsbook.schemas import normalise_header, of_sheets, schemas

ORDER_ID = [
    "*订单号", "订单号*", "★订单号", "订单号（必填）", "订单号[必填]", "订单号 (required)", "1.订单号", "1、订单号", "①订单号", "(1) 订单号",
    "订单号：", "【订单号】", "“订单号”", "订单号 ↓", "订单号▼", "#订单号", "订单号/Order No.", "Order No. 订单号", "订单号 Order ID", "订单号\nOrder No.",
    "订单号(Order No.)", "Order No.（订单号）", "订单号|Order Number", "订单号OrderNo.", "Order No / 订单号", "订单号 - Order ID", "訂單號", "*訂單號：", "訂單編號",
    "订\u200b单号", "\ufeff\ufeff订单号", "订单号\u00ad", "订\xa0单号", "\u200e订单号\u200f", "订单号\ufe0f", "\u2060订单号", "订单号\u200d", "order_no", "Order-No",
    "ORDER NO", "信保单号/订单号",
]  # fmt: skip

COST = ["花费(元)", "花费（CNY）", "花费(¥)", "花费/元", "花费_元", "花费-RMB", "花费 元", "花费¥", "花费(单位：元)", "花費(元)", "花费 (Cost)", "花费(人民币)", "花费/Cost(元)", "*花费（元）：", "花费/消耗"]  # fmt: skip


@pytest.mark.parametrize("text", ORDER_ID)
def test_an_order_number_under_its_decoration(text):
    assert matches(text)["orders"].owner.name == "order_id"


@pytest.mark.parametrize("text", COST)
def test_spend_under_its_decoration(text):
    assert matches(text)["p4p_plan_daily"].owner.name == "cost_cny"


@pytest.mark.parametrize(
    ("kind", "text", "field"),
    [
        ("shop_overview", "點擊率", None),
        ("shop_overview", "店鋪訪問人數", "store_visitors"),
        ("shop_overview", "詢盤個數(個)", "inquiries"),
        ("shop_overview", "信保交易金額(USD)", "ta_amount_usd"),
        ("shop_overview", "同行平均－搜索曝光次数(次)", "peer_avg_search_impressions"),
        ("shop_overview", "平均回复时长(h)", "avg_reply_hours"),
        ("shop_overview", "统计日期(yyyy-mm-dd)", "period"),
        ("shop_overview", "统计日期(北京时间)", "period"),
        ("orders", "下单时间（GMT+8）", "created_at"),
        ("orders", "*下单时间(UTC−07:00)", "created_at"),
        ("orders", "下单时间 UTC+8", "created_at"),
        ("orders", "(北京时间)下单时间", "created_at"),
        ("orders", "下单时间[PST]", "created_at"),
        ("inquiry_list", "创建时间(美西时间)", "created_at"),
        ("shop_ledger", "周访客人数", "store_visitors"),
        ("shop_ledger", "周广告花费(CNY)", "ad_cost_cny"),
        ("shop_ledger", "周累计曝光量（次）", "total_impressions"),
        ("order_ledger", "产品总价(USD)", "product_amount_usd"),
        ("order_ledger", "产品总价（人民币）", "product_amount_cny"),
        ("order_ledger", "產品總價_美元", "product_amount_usd"),
        ("orders", "實收金額", "received_amount"),
        ("orders", "幣別", "currency"),
        ("p4p_plan_daily", "計畫名稱", "plan_name"),
        ("p4p_plan_daily", "点击率%", "ctr"),
        ("p4p_plan_daily", "曝光量（万次）", "impressions"),
        ("inquiry_list", "詢價單號", "inquiry_no"),
    ],
)
def test_a_decorated_header_of_each_kind(kind, text, field):
    match = matches(text).get(kind)
    assert (match.owner.name if match else None) == field


@pytest.mark.parametrize(
    "text",
    [
        "花费 Facebook", "曝光量 APP", "点击量(自然)", "点击量(同行)", "花费(含税)", "实收金额(已退)", "花费/点击量", "曝光量/点击量", "点击率(‰)", "询盘个数(%)", "店铺访问人数(元)",
        "订单号(旧)", "Google 花费", "花费环比", "花费(上周)", "实收金额 Refund", "订单号 PO", "产品名称/型号", "下单时间(门店时间)", "花费占比", "花费(北京时间)",
    ],
)  # fmt: skip
def test_another_column_is_not_taken_for_the_field(text):
    assert matches(text) == {}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("花费(USD)", "USD"),
        ("花费(万元)", "万元"),
        ("花费/美元", "美元"),
        ("花费（千元）", "千元"),
        ("花费(元)", "元"),
        ("花费", ""),
    ],
)
def test_the_unit_of_a_column_is_kept_for_the_parser(text, unit):
    grid = Grid("", [["日期", text, "曝光量(千次)", "点击量"], ["2025-09-01", "1", "2", "3"]])
    header = find_header(grid, "a.csv", HeaderMap()).header
    assert header.units == ({1: unit, 2: "千次"} if unit else {2: "千次"})


def test_a_row_of_units_is_kept_for_the_parser():
    grid = Grid(
        "",
        [["日期", "花费", "曝光量", "点击量"], ["", "(万元)", "(次)", "(次)"], ["2025-09-01", "1", "2", "3"]],
    )
    header = find_header(grid, "a.csv", HeaderMap()).header
    assert header.units == {1: "万元", 2: "次", 3: "次"}


@pytest.mark.parametrize(
    ("row", "spend"),
    [
        (["日期", "花费(元)", "花费", "曝光量", "点击量"], 2),
        (["日期", "花费(USD)", "花费(元)", "曝光量", "点击量"], 2),
        (["日期", "*花费", "曝光量", "点击量", "消耗"], 4),
    ],
)
def test_the_least_decorated_header_wins(row, spend):
    header = find_header(Grid("", [row, ["2025-09-01", "1", "2", "3", "4"]]), "a.csv", HeaderMap()).header
    assert [column for column, owner in header.columns.items() if owner.name == "cost_cny"] == [spend]


@pytest.mark.parametrize("kind", list(schemas()))
def test_every_header_is_its_own_field_however_it_is_decorated(kind):
    for field in schemas()[kind].fields:
        for header in field.headers:
            for text in (
                header,
                f"*{header}",
                f"1. {header}：",
                f"【{header}】",
                f"{header}（必填）",
                f"\ufeff{header}\u200b",
            ):
                match = matches(text)[kind]
                assert match.owner.name == field.name, text
            assert matches(header)[kind].rank == EXACT


@pytest.mark.parametrize("kind", [schema.kind for schema in of_sheets()])
def test_decoration_makes_no_other_kind_claim_a_table(kind):
    """A table of all headers of a kind, each decorated, is of that kind or of the one that claims the plain headers."""
    schema = schemas()[kind]
    plain = [field.headers[0] for field in schema.fields]
    starred = [f"*{header}" for header in plain]
    first, second = (
        find_header(Grid("", [row, ["1"] * len(row)]), "a.csv", HeaderMap()) for row in (plain, starred)
    )
    assert (first.header and first.header.schema.kind) == (second.header and second.header.schema.kind)
    assert first.kinds == second.kinds


def test_an_exact_table_stays_of_its_kind_beside_a_decorated_mark_of_another():
    row = ["订单号", "下单时间", "实收金额", "*日期"]
    header = find_header(Grid("", [row, ["1", "2025-03-05", "3", "2025-03-05"]]), "a.csv", HeaderMap()).header
    assert header.schema.kind == "orders"


def test_a_decorated_ad_report_is_not_taken_for_a_shop_table_by_one_plain_header():
    row = ["日期", "计划名称", "花费(元)", "曝光量(次)", "点击量(次)", "询盘人数"]
    header = find_header(
        Grid("", [row, ["2025-09-01", "A", "1", "2", "3", "4"]]), "a.csv", HeaderMap()
    ).header
    assert header.schema.kind == "p4p_plan_daily"


@given(
    st.sampled_from(sorted({header for schema in schemas().values() for header in schema.by_header})),
    st.data(),
)
def test_invisible_characters_never_matter(header, data):
    unseen = st.sampled_from("\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\ufe0f\u202a\u180e")
    text = "".join(data.draw(st.text(unseen, max_size=2)) + char for char in header) + data.draw(unseen)
    assert normalise_header(text) == normalise_header(header)


@pytest.mark.parametrize("rows_above", [0, 19, 25, 40, 55])
def test_a_header_far_down_is_found(rows_above):
    rows = [[f"说明 {number}", "", ""] for number in range(rows_above)]
    rows += [["订单号", "下单时间", "实收金额"], ["2341934100010288931", "2025-03-05", "100"]]
    tables, issues = read_rows(rows)
    assert [len(table) for table in tables] == [1]
    assert issues == []


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.html"])
def test_invisible_characters_in_cells_never_matter(folder, name):
    rows = [
        ["\ufeff订单号\u200b", "下单时间", "实收金额\u200e"],
        ["\u200b2341934100010288931\u200b", "2025-03-05\u200e", "\u200b100"],
    ]
    content = {"csv": csv, "html": html}.get(name.rpartition(".")[2], lambda r: xlsx({"S": r}))(rows)
    reading = folder({name: content})[name]
    (table,) = reading.tables
    assert codes(reading) == []
    assert table.columns["order_id"].tolist() == ["2341934100010288931"]
    assert table.columns["received_amount"].tolist() == [100]
