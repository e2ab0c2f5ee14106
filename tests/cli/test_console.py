"""What the command line says where click would speak English, and where a pipe cannot take every letter."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from opsbook.cli.app import main


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["values"], "缺少工作簿 BOOK。"),
        (["refresh", "没有.xlsx"], "找不到“没有.xlsx”"),
        (["refrsh", "x"], "没有 refrsh 这个命令。您是不是想用 refresh？"),
        (["demo", "--lang", "fr"], "--lang 不能是“fr”，只能是：zh、en"),
        (["sections", "--jsn"], "没有 --jsn 这个选项。您是不是想用 --json？"),
        (["new", "x.xlsx", "--year", "abc"], "--year 不能是“abc”，只能是 2000 到 2100 的整数。"),
        (["new", "x.xlsx", "--year", "1900"], "--year 不能是“1900”，只能是 2000 到 2100 的整数。"),
        (["sections", "more"], "多写了 more。"),
        (["calc", "build", "a", "b", "c"], "多写了 b c。"),
        (["refresh", "."], "“.”是文件夹，这里要写文件。"),
        (["demo", __file__], f"“{__file__}”是文件，这里要写文件夹。"),
        (["new", "x.xlsx", "--store"], "--store 后面要写一个值。"),
        (["sections", "--json=yes"], "--json 后面不能写值。"),
    ],
)
def test_a_wrong_call_is_told_in_chinese_too(arguments, sentence):
    answer = CliRunner().invoke(main, arguments, env={"OPSBOOK_LANG": "zh"})
    assert answer.exit_code == 2
    assert sentence in answer.stderr
    said = answer.stderr.replace(__file__, "").partition("\n")[0]
    assert not {"is", "not", "option", "argument", "file", "directory"} & set(said.casefold().split())


@pytest.mark.parametrize(
    ("asked", "system", "told"),
    [
        ("xx", "en_US.UTF-8", "OPSBOOK_LANG=xx is no language of OpsBook"),
        ("xx", "zh_CN.UTF-8", "OPSBOOK_LANG=xx 不是可用的语言"),
        ("en_GB.UTF-8", "zh_CN.UTF-8", ""),
        ("ZH", "en_US.UTF-8", ""),
        ("", "zh_CN.UTF-8", ""),
    ],
)
def test_a_language_that_is_unknown_is_told_once_and_the_systems_is_used(asked, system, told):
    answer = CliRunner().invoke(main, ["sections", "--json"], env={"OPSBOOK_LANG": asked, "LC_ALL": system})
    assert answer.exit_code == 0
    assert answer.stderr.count("\n") == bool(told)
    assert told in answer.stderr
    json.loads(answer.stdout)


def test_letters_that_a_pipe_cannot_take_stop_nothing(tmp_path):
    environment = os.environ | {"PYTHONIOENCODING": "gbk", "OPSBOOK_LANG": "zh"}
    (tmp_path / "café ☕.csv").write_text("统计日期,店铺访问人数\n2026-08,1\n", encoding="utf-8")
    for options in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "opsbook", "check", *options, "."],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode("gbk")
    assert "caf\\u00e9 \\u2615.csv" in done.stdout.decode("ascii")


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    book = tmp_path / "review.xlsx"
    assert CliRunner().invoke(main, ["new", str(book)]).exit_code == 0
    with subprocess.Popen(
        [sys.executable, "-m", "opsbook", "values", book], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as told:
        told.stdout.close()
        assert told.stderr.read() == b""
