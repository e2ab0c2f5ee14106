"""What people say about headers: by our names or by headers they know, checked with a hint."""

import pickle

import pytest

from opsbook.intake.header_map import HeaderMap, from_rows, load_toml
from opsbook.schemas import schemas

LEDGER = schemas()["order_ledger"]


def toml(tmp_path, text):
    path = tmp_path / "opsbook.toml"
    path.write_text(text, encoding="utf-8")
    return load_toml(path)


def test_a_toml_file_maps_headers_of_the_files_it_names(tmp_path):
    maps, issues = toml(
        tmp_path,
        '[[map]]\nfiles = "*.csv"\nkind = "order_ledger"\nheaders = { Bestellnr = "order_id", Datum = "日期" }',
    )
    assert issues == []
    assert maps.fields(LEDGER, "Verkauf.CSV") == {"bestellnr": "order_id", "datum": "date"}
    assert maps.fields(LEDGER, "a.zip!in/verkauf.csv") == {"bestellnr": "order_id", "datum": "date"}
    assert maps.fields(LEDGER, "Verkauf.xls") == {}
    assert maps.fields(schemas()["orders"], "Verkauf.csv") == {}
    assert maps.kinds("x.csv", {"datum"}) == {"order_ledger"}
    assert maps.kinds("x.csv", {"other"}) == frozenset()


@pytest.mark.parametrize("kind", ["order_ledger", "订单台账(自建)", "订单台账", "Seller's own order table"])
def test_a_kind_may_be_named_as_people_know_it(kind):
    maps, issues = from_rows([("", "Bestellnr", kind, "订单号")])
    assert issues == []
    assert maps.fields(LEDGER, "x.csv") == {"bestellnr": "order_id"}


def test_a_rule_without_a_kind_holds_for_every_kind_that_has_the_field():
    maps, issues = from_rows([("", "Kunde", "", "客户名称"), (None, None, None, None)])
    assert issues == []
    assert maps.fields(LEDGER, "x") == {"kunde": "buyer_name"}
    assert maps.fields(schemas()["orders"], "x") == {"kunde": "buyer_name"}
    assert maps.fields(schemas()["keyword_rank"], "x") == {}


@pytest.mark.parametrize(
    ("row", "hint"),
    [
        (("", "Kunde", "order_ledgr", "订单号"), "order_ledger"),
        (("", "Kunde", "order_ledger", "oder_id"), "order_id"),
        (("", "Kunde", "order_ledger", ""), "Kunde"),
    ],
)
def test_a_wrong_rule_is_an_issue_with_what_may_be_meant(row, hint):
    maps, issues = from_rows([("", "Datum", "", "date"), row])
    assert len(maps.rules) == 1
    (issue,) = issues
    assert (issue.code, issue.sheet, issue.row) == ("column.map", "列映射", 3)
    assert hint in issue.detail


def test_a_damaged_toml_file_is_one_issue(tmp_path):
    maps, issues = toml(tmp_path, "[[map]\nheaders=")
    assert maps == HeaderMap()
    assert [issue.code for issue in issues] == ["column.map"]
    assert load_toml(tmp_path / "none.toml") == (HeaderMap(), [])


def test_the_digest_follows_the_rules_and_later_rules_win():
    one, _ = from_rows([("", "Datum", "order_ledger", "date")])
    other, _ = from_rows([("", "Datum", "order_ledger", "备注")])
    assert one.digest == from_rows([("", " datum ", "order_ledger", "date")])[0].digest
    assert one.digest != other.digest
    assert one.merged(other).fields(LEDGER, "x") == {"datum": "remark"}
    assert pickle.loads(pickle.dumps(one)) == one
