"""A table is of the kind that explains the most of its headers, and no kind answers for the table of another."""

import itertools

import pytest

from opsbook.intake.grid import Grid
from opsbook.intake.header_map import HeaderMap
from opsbook.intake.recognise import find_header
from opsbook.schemas import normalise_header, of_sheets

SCHEMAS = {schema.kind: schema for schema in of_sheets()}


def kinds_of(headers):
    """Return the kinds that explain a table with these headers best: none, one, or those of a tie."""
    search = find_header(Grid("", [headers, ["1"] * len(headers)]), "a.csv", HeaderMap())
    assert bool(search.header) == (len(search.kinds) == 1)
    return set(search.kinds)


def own_headers(kind):
    """Return the first header of every declared field by the field's name."""
    fields = SCHEMAS[kind].fields
    return {field.name: field.headers[0] for field in fields if not field.name.startswith("peer_")}


def shared_headers(kind, other):
    return [h for h in own_headers(kind).values() if normalise_header(h) in SCHEMAS[other].by_header]


def fields_of(kind, headers):
    known = (SCHEMAS[kind].by_header.get(normalise_header(header)) for header in headers)
    return {field.name for field in known if field}


def required_headers(kind):
    """Return every choice of headers that is just enough for the kind."""
    schema = SCHEMAS[kind]
    choices = itertools.product(*(entry.split("|") for entry in schema.requires))
    return [[schema.by_name[name].headers[0] for name in names] for names in choices]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_all_headers_of_a_kind_are_of_the_kind(kind):
    assert kinds_of(list(own_headers(kind).values())) == {kind}


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_required_headers_alone_are_of_the_kind(kind):
    assert {tuple(row): kinds_of(row) for row in required_headers(kind)} == {
        tuple(row): {kind} for row in required_headers(kind)
    }


@pytest.mark.parametrize("kind", SCHEMAS)
def test_without_one_required_header_a_table_is_of_another_kind_only_if_it_has_all_that_one_requires(kind):
    for names in SCHEMAS[kind].required:
        row = [header for name, header in own_headers(kind).items() if name not in names]
        for found in kinds_of(row):
            assert found != kind
            assert SCHEMAS[found].lacks(fields_of(found, row)) == [], (found, row)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_headers_shared_with_another_kind_do_not_carry_a_table_over_to_it(kind):
    for required, other in itertools.product(required_headers(kind), SCHEMAS):
        row = list(dict.fromkeys([*required, *shared_headers(kind, other)]))
        assert kinds_of(row) == {kind}, (other, row)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_headers_shared_by_two_kinds_are_of_neither_without_what_one_of_them_requires(kind):
    for other in SCHEMAS.keys() - {kind}:
        row = shared_headers(kind, other)
        for found in kinds_of(row) if row else ():
            assert SCHEMAS[found].lacks(fields_of(found, row)) == [], (other, row)


@pytest.mark.parametrize(
    ("headers", "kinds"),
    [
        (["订单编号", "下单日期", "单价", "数量", "金额", "询价单号"], {"order_ledger"}),
        (["订单号", "下单时间", "实收金额", "月份"], {"orders"}),
        (["订单号", "订单日期", "付款时间", "订单金额"], {"order_ledger"}),
        (["询价单号", "创建时间", "询盘质量", "流量渠道"], {"inquiry_list"}),
        (["月份", "归因信保金额", "花费"], {"ad_revenue"}),
        (["日期", "内容类型", "观看", "互动", "店铺访问人数"], {"content_log"}),
        (["日期", "花费", "曝光量", "点击量", "人民币/美元"], {"p4p_plan_daily"}),
    ],
    ids=["ledger", "orders", "own-period", "inquiries", "ad-revenue", "content", "plans"],
)
def test_a_header_of_another_kind_is_an_unknown_column_beside_a_better_explanation(headers, kinds):
    assert kinds_of(headers) == kinds


@pytest.mark.parametrize(
    ("headers", "kinds"),
    [
        (["日期", "访客数", "人民币/美元"], {"fx_rates", "shop_overview"}),
        (["日期", "店铺等级", "访客数"], {"store_status", "shop_overview"}),
        (["月份", "对手", "搜索曝光次数"], {"competitors", "shop_overview"}),
        (["日期", "订单号", "下单时间", "实收金额"], {"order_ledger", "orders"}),
        (["日期", "周累计曝光量（个）", "访客数"], {"shop_ledger", "shop_overview"}),
    ],
    ids=["rates", "level", "competitors", "orders", "ledger"],
)
def test_two_explanations_that_are_equally_good_are_a_tie(headers, kinds):
    assert kinds_of(headers) == kinds


@pytest.mark.parametrize(
    "headers",
    [
        ["日期", "产品ID", "搜索曝光次数", "询盘人数"],
        ["统计时间", "流量渠道", "搜索曝光次数", "询盘个数"],
        ["日期", "关键词", "花费", "曝光量", "点击量"],
        ["日期", "国家", "花费", "曝光量", "点击量"],
        ["日期", "产品信息", "花费", "曝光量", "点击量"],
        ["日期", "计划名称", "花费", "询盘人数", "询盘个数"],
        ["统计日期", "国家/地区", "店铺访问人数"],
        ["统计日期", "员工名称", "询盘个数"],
        ["产品ID", "搜索曝光次数", "访问人数", "计划ID"],
        ["产品ID", "搜索曝光次数", "访问人数", "关键词"],
        ["流量渠道", "统计时间", "店铺访问人数", "产品ID"],
        ["客户名称", "分层", "订单号"],
    ],
    ids="-".join,
)
def test_numbers_split_by_what_a_kind_does_not_know_are_not_of_the_kind(headers):
    assert kinds_of(headers) == set()


@pytest.mark.parametrize(
    "headers",
    [
        ["核心关键词", "曝光量", "点击量", "外贸直通车曝光", "点击率"],
        ["日期", "店铺等级", "曝光量", "点击量", "点击率", "点击成本"],
        ["客户名称", "分层", "下单时间", "币种", "实收金额", "尾款", "运费"],
    ],
    ids=["keywords", "plans", "orders"],
)
def test_an_export_that_lacks_one_required_header_is_not_taken_for_what_a_team_notes(headers):
    assert kinds_of(headers) == set()


def test_an_export_may_have_every_header_twice_in_other_words_and_stays_of_its_kind():
    words = [header for field in SCHEMAS["orders"].fields for header in field.headers]
    assert kinds_of(words) == {"orders"}
