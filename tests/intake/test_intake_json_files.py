"""Files with JSON: how they are found, what stands around the JSON, what is wrong with it, what never leaves."""

import json
from itertools import chain

import pytest
from intake.export_files import zipped
from intake.in_process import read_json
from intake.replies import BRIEF, DAYS, MONTH_URL, ORDERS, PRODUCTS, REPORT, mcp, order

from opsbook.intake import Limits

SUMMARY = {"success": True, "returnValue": DAYS}
TEXT = json.dumps(SUMMARY, ensure_ascii=False)
PRETTY = json.dumps(SUMMARY, ensure_ascii=False, indent=1)
ANSWER = f"好的，这是店铺数据：\n\n```json\n{PRETTY}\n```\n\n如需更多 {{请告诉我}} [1]。\n"


def kinds(reading):
    return [(table.kind, len(table)) for table in reading.tables]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", TEXT.encode()),
        ("a.JSON", TEXT.encode()),
        ("bom.json", b"\xef\xbb\xbf" + TEXT.encode()),
        ("utf16.json", TEXT.encode("utf-16")),
        ("utf16be.json", TEXT.encode("utf-16-be")),
        ("gbk.json", PRETTY.encode("gb18030")),
        ("a.jsonl", "\n".join(json.dumps(day) for day in DAYS).encode()),
        ("a.txt", TEXT.encode()),
        ("answer.txt", ANSWER.encode()),
        ("answer.md", ANSWER.encode()),
        ("late.md", ("说明 " * 3000 + ANSWER).encode()),
        (
            "two.md",
            f"# A\n{json.dumps({'data': DAYS[:1]})}\n然后\n{json.dumps({'data': DAYS[1:]})}\n完".encode(),
        ),
        ("fences.md", "".join(f"```\n{json.dumps(day)}\n```\n" for day in DAYS).encode()),
        ("a", TEXT.encode()),
        ("really.csv", TEXT.encode()),
    ],
)
def test_a_file_is_a_reply_by_its_content(folder, name, content):
    reading = folder({name: content})[name]
    assert sum(rows for _, rows in kinds(reading)) == 3
    assert {kind for kind, _ in kinds(reading)} == {"shop_overview"}
    assert reading.issues == []


def test_replies_in_a_zip(folder):
    inner = zipped(
        {"orders.json": json.dumps(ORDERS).encode(), "note.md": b"# a note", "brief.md": ANSWER.encode()}
    )
    readings = folder({"all.zip": inner})
    found = {name: kinds(reading) for name, reading in readings.items() if name}
    assert found == {"all.zip!orders.json": [("orders", 5)], "all.zip!brief.md": [("shop_overview", 3)]}
    assert [issue.code for issue in readings[""]] == ["file.skipped"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README.md", "# Notes\nuse `{name: value}` and [links](x)"),
        ("log.txt", '{"level": "info", "message": "started"}'),
        ("notes.txt", "浏览 {a} 与 [b]"),
    ],
)
def test_a_text_without_a_reply_is_passed_over(folder, name, content):
    readings = folder({name: content.encode()})
    assert [issue.code for issue in readings[""]] == ["file.skipped"]


def test_all_answers_of_one_file_are_taken(folder):
    whole = {
        "summary": mcp(SUMMARY),
        "orders": json.dumps({"success": True, "data": {"tradeList": ORDERS}}),
        "weekly_report": {"success": True, "values": REPORT},
        "products": {"data": PRODUCTS, "recordCount": 2, "downloadUrl": MONTH_URL},
        "failed": {"success": False, "error": "timeout", "tool": "x", "args": {}},
    }
    reading = folder({"full_result.json": json.dumps(whole).encode()})["full_result.json"]
    found = dict(kinds(reading))
    assert (found["shop_overview"], found["orders"], found["product_performance"]) == (3, 5, 2)
    assert [issue.code for issue in reading.issues] == ["json.failed"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({}, "json.empty"),
        ([], "json.empty"),
        ({"success": True, "data": []}, "json.empty"),
        ({"success": True, "returnValue": None}, "json.empty"),
        ({"success": False, "error": "timeout", "tool": "queryTradeListMcp", "args": {}}, "json.failed"),
        ({"success": "false", "data": DAYS}, "json.failed"),
        ({"isError": True, "content": [{"type": "text", "text": "refused"}]}, "json.failed"),
        (mcp({"success": False, "errorCode": "-32002", "errorMsg": "no right"}), "json.failed"),
        ({"success": True, "errorCode": "500", "data": None}, "json.failed"),
        ({"success": True, "data": {"code": 410, "msg": "gone"}}, "json.failed"),
        ({"success": True, "data": json.dumps({"code": "410"})}, "json.failed"),
        ({"success": True, "values": {"invokeStatus": "executing", "reportAllData": {}}}, "json.executing"),
    ],
)  # fmt: skip
def test_a_reply_without_data_is_one_sentence_and_no_zero(content, code):
    tables, issues = read_json(content)
    assert (tables, [issue.code for issue in issues]) == ([], [code])
    assert "zero" in issues[0].message("en")


DEEP = 200_000


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (PRETTY[:-40], ["json.broken"]),
        (TEXT[: TEXT.index("sucOrdAmt")], ["json.broken"]),
        ("{", ["json.broken"]),
        ("[" * DEEP, ["json.deep"]),
        ('{"data":' * DEEP + "1" + "}" * DEEP, ["json.deep"]),
        ('{"data":' * 60 + TEXT + "}" * 60, ["json.deep_part"]),
        ('{"a":"' + "x" * 1_000_000, ["json.broken"]),
        ("{'statDate': '2026-08-30', 'uvCnt': 1}", ["json.broken"]),
        ('{"name": "x", "version": "1.0"}', ["json.unknown"]),
        ("null\n", ["table.unknown"]),
        ("", ["file.unreadable"]),
        ("\x00\x01\x02" * 2000, ["file.unreadable"]),
    ],
    ids=["cut", "cut in a name", "a brace", "lists", "objects", "deep envelope", "long text", "Python", "other", "null", "empty", "binary"],
)  # fmt: skip
def test_hostile_files_give_one_sentence_each(folder, content, codes):
    reading = folder({"a.json": content.encode()}, limits=Limits(seconds=30))["a.json"]
    assert (reading.tables, [issue.code for issue in reading.issues]) == ([], codes)


@pytest.mark.parametrize(
    ("written", "value", "codes"),
    [
        ("9" * 5000, None, ["json.number"]),
        ("1" + "0" * 30, None, ["cell.range"]),
        ("NaN", None, ["json.number"]),
        ("Infinity", None, ["json.number"]),
        ("1e999", None, ["json.number"]),
        ('"many"', None, ["cell.number"]),
        ("[1, 2]", None, ["cell.number"]),
        ('{"a": {"b": 1}}', None, ["json.fields"]),
        ("true", None, ["json.type"]),
        ("-5", None, ["cell.range"]),
        ("4e1", 40, []),
    ],
)
def test_a_hostile_value_is_missing_and_reported(written, value, codes):
    text = f'[{{"statDate": "2026-08-30", "statisticsType": "day", "fbCnt": 3, "uvCnt": {written}}}]'
    tables, issues = read_json(text)
    (table,) = tables
    assert [issue.code for issue in issues] == codes
    assert table.columns["inquiries"].tolist() == [3]
    found = table.columns.get("store_visitors", [float("nan")])
    assert [each if each == each else None for each in found] == [value]


def test_a_field_twice_with_two_values_is_missing():
    row = '{"statDate": "2026-08-30", "statisticsType": "day", "fbCnt": 3, "uvCnt": 5, "uvCnt": 6}'
    (table,), issues = read_json(row)
    assert [(issue.code, issue.detail) for issue in issues] == [("json.repeated", "uvCnt")]
    assert (
        "store_visitors" not in table.columns
        or table.columns["store_visitors"][0] != table.columns["store_visitors"][0]
    )
    (table,), issues = read_json(row.replace("6}", "5}"))
    assert (table.columns["store_visitors"].tolist(), issues) == ([5], [])


def test_a_rate_above_one_is_asked_about():
    row = {"statDate": "2026-08-30", "statisticsType": "day", "uvCnt": 5, "fstReplyRate30d": 93}
    (table,), issues = read_json([row])
    assert [(issue.code, issue.column) for issue in issues] == [("json.rate", "fstReplyRate30d")]
    assert table.columns["timely_reply_rate"][0] != table.columns["timely_reply_rate"][0]


def test_unknown_fields_are_one_note():
    rows = [day | {"newThing": 1, "other": {"inner": 2}, "Ann Smith": 3} for day in DAYS]
    _, issues = read_json(rows)
    assert [(issue.code, issue.times) for issue in issues] == [("json.fields", 3)]
    assert "newThing" in issues[0].detail
    assert "other.inner" in issues[0].detail
    assert "Smith" not in issues[0].detail


SECRETS = ("SECRET", "ann@", "ann1", "avatar", "x1", "Bearer", "hello there")


def test_private_fields_never_leave():
    more = {"token": "Bearer 1", "receipt": "SECRET-3", "messages": [{"text": "hello there"}]}
    paid = order(1, "2026-08-05 10:00:00", 5, **more)
    paid["buyer"] |= {"avatarUrl": "avatar.png"}
    for content in (BRIEF, REPORT, [paid], mcp([paid])):
        tables, issues = read_json(content)
        cells = {
            str(cell) for table in tables for values in table.columns.values() for cell in values.tolist()
        }
        texts = [
            text
            for issue in issues
            for text in (issue.message("en"), issue.value, issue.detail, issue.column)
        ]
        assert tables
        assert not [text for text in chain(cells, map(str, texts)) for secret in SECRETS if secret in text]


def test_the_table_in_a_reply_of_the_ad_tools_is_read_as_a_table(folder):
    table = "日期\t计划名称\t花费\t曝光量\t点击量\n2026-08-30\tA\t12.5\t100\t3\n2026-08-31\tA\t7.5\t50\t1\n"
    reply = {"success": True, "data": {"tableMeta": {"schema": [{"name": "花费"}]}, "tsvData": table}}
    reading = folder({"ads.json": json.dumps(mcp(reply)).encode()})["ads.json"]
    (found,) = reading.tables
    assert (found.kind, found.columns["cost_cny"].tolist()) == ("p4p_plan_daily", [12.5, 7.5])
    head = {"success": True, "data": {"tsvData": table.partition("\n")[0] + "\n"}}
    reading = folder({"empty.json": json.dumps(head).encode()})["empty.json"]
    assert (reading.tables, [issue.code for issue in reading.issues]) == ([], ["table.empty"])
