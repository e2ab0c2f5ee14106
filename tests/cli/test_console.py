"""What the command line says where click would speak English, and where a pipe cannot take every letter."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from opsbook.cli import main


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["refresh"], "缺少 BOOK"),
        (["refresh", "没有.xlsx"], "找不到“没有.xlsx”"),
        (["refrsh", "x"], "没有 refrsh 这个命令。您是不是想用 refresh？"),
        (["demo", "--lang", "fr"], "--lang 不能是“fr”，只能是：zh、en"),
        (["sections", "--jsn"], "没有 --jsn 这个选项。您是不是想用 --json？"),
        (["new", "x.xlsx", "--year", "abc"], "--year 的值“abc”不对"),
        (["sections", "more"], "命令的写法不对"),
    ],
)
def test_a_wrong_call_is_told_in_chinese_too(arguments, sentence):
    answer = CliRunner().invoke(main, arguments, env={"OPSBOOK_LANG": "zh"})
    assert answer.exit_code == 2
    assert sentence in answer.stderr


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
