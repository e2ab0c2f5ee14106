"""What people say about headers: by our names or by headers they know, checked with a hint."""

import hashlib
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


@pytest.mark.parametrize(
    ("said", "span"),
    [
        ('"products.json" = "2026-08"', ("2026-08-01", "2026-08-31")),
        ('"*.json" = "2026-08-02~2026-08-08"', ("2026-08-02", "2026-08-08")),
        ('"*" = "2026-07"\n"products*" = "2026-08"', ("2026-08-01", "2026-08-31")),
        ('"products.json" = 2026-08-31', ("2026-08-31", "2026-08-31")),
        ('"other.json" = "2026-08"', None),
    ],
)
def test_the_period_of_a_file_that_says_none(tmp_path, folder, said, span):
    (tmp_path / "opsbook.toml").write_text(f"[files]\n{said}\n", encoding="utf-8")
    maps, issues = load_toml(tmp_path / "opsbook.toml")
    assert issues == []
    reply = b'[{"id": 1600000000001, "subject": "One", "sumProdShowNum": 4, "sumProdVisitorCnt": 3}]'
    tables = folder({"products.json": reply}, maps)["products.json"].tables
    assert [(str(table.start[0]), str(table.end[0])) for table in tables] == ([span] if span else [])


@pytest.mark.parametrize("said", ['"a.json" = "soon"', '"" = "2026-08"', '"a.json" = ["2026-08"]'])
def test_a_period_that_is_none_is_reported(tmp_path, said):
    (tmp_path / "opsbook.toml").write_text(f"[files]\n{said}\n", encoding="utf-8")
    maps, issues = load_toml(tmp_path / "opsbook.toml")
    assert (maps.periods, [issue.code for issue in issues]) == ((), ["column.map"])


def test_the_digest_changes_with_the_periods_only_where_there_are_some():
    assert HeaderMap().digest == hashlib.sha256(b"()").hexdigest()
    assert HeaderMap(periods=(("a", "2026-08"),)).digest != HeaderMap(periods=(("a", "2026-09"),)).digest
