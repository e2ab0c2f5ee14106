"""A dry run says what the refresh after it says: nothing more, nothing less, and each of it once."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from opsbook.cli.app import main

HEADER = "订单号,订单状态,下单时间,买家ID,产品ID,数量,产品总价,实收金额,币种"
UNKNOWN_STATUS = f"{HEADER}\n1,神秘状态,2025-03-01 10:00:00,b1,1601,1,100,100,USD\n"
UNKNOWN_CURRENCY = f"{HEADER}\n1,已完成,2025-03-01 10:00:00,b1,1601,1,100,100,粒\n"
PRODUCTS = "统计周期:2025-03-01~2025-03-31\n产品ID,产品名称,搜索曝光次数,搜索点击次数,访问人数,询盘个数\n1601,A,50,3,5,1\n"
TWO_PRODUCTS = f"{PRODUCTS}1602,B,70,4,7,2\n"


def issues(*arguments):
    result = CliRunner().invoke(main, [str(each) for each in (*arguments, "--json")], catch_exceptions=False)
    return [
        (each["code"], each["file"], str(each["value"]), str(each["detail"]), each["times"])
        for each in json.loads(result.stdout)["issues"]
        if each["code"] != "plan.action"  # what is still to be planned is not of the files
    ]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        pytest.param([UNKNOWN_STATUS], "words.status", id="a status that nobody knows"),
        pytest.param([UNKNOWN_CURRENCY], "words.currency", id="a currency that nobody knows"),
        pytest.param([TWO_PRODUCTS, PRODUCTS], "table.replaced", id="rows that a newer file does not have"),
    ],
)
def test_check_says_what_the_refresh_says(tmp_path, files, code):
    book, exports = tmp_path / "book.xlsx", tmp_path / "exports"
    exports.mkdir()
    CliRunner().invoke(main, ["new", str(book), "--year", "2025"], catch_exceptions=False)
    for number, text in enumerate(files):
        Path(exports / "a.csv").write_text(text, encoding="utf-8")
        checked = issues("check", book, exports)
        assert sorted(checked) == sorted(refreshed := issues("refresh", book)), number
    assert [each[0] for each in refreshed].count(code) == 1


def test_check_of_a_file_alone_asks_about_its_words(tmp_path):
    (tmp_path / "a.csv").write_text(UNKNOWN_STATUS, encoding="utf-8")
    assert [each[0] for each in issues("check", tmp_path)] == ["words.status"]
    # A header map beside the file says what the word means.
    (tmp_path / "opsbook.toml").write_text('[words.status]\n"神秘状态" = "已付款"\n', encoding="utf-8")
    assert issues("check", tmp_path) == []
