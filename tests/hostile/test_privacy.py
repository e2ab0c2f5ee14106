"""Buyers stay in the archive: no name, mail, phone or company in anything that is written or said."""

import json
import re
import subprocess
import sys
import zipfile

import pytest
from hostile import planted
from hostile.conftest import command

from opsbook.archive.archive_file import Archive
from opsbook.cli import command_group
from opsbook.schemas import of_sheets

SECRET = re.compile("|".join(planted.SECRETS))


def parts(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}


def test_the_archive_has_them(planted_store):
    """Otherwise the tests below could not fail."""
    folder, _ = planted_store
    private = [
        (schema.kind, field.name) for schema in of_sheets() for field in schema.fields if field.private
    ]
    assert len(private) >= 9
    with Archive.open(folder / "review.duckdb", for_writing=False) as archive:
        for kind, name in private:
            assert SECRET.search(" ".join(map(str, archive.table(kind, (name,))[name]))), (kind, name)


def test_no_buyer_in_the_workbook_nor_its_backup(planted_store):
    folder, _ = planted_store
    for path in folder.glob("*.xlsx"):
        assert [name for name, text in parts(path).items() if SECRET.search(text)] == []


def test_no_buyer_in_what_commands_say(planted_store):
    folder, said = planted_store
    assert not SECRET.search(said)
    for arguments in (("check", folder / "exports"), ("values", folder / "review.xlsx")):
        for form in ((), ("--json",)):
            _, out, errors = command(*arguments, *form)
            assert out
            assert not SECRET.search(out + errors)


ROW = [
    "20260901",
    "Running shoes",
    *(planted.BUYERS[name] for name in ("buyer_name", "company", "phone", "email")),
]


@pytest.mark.parametrize(
    "lines",
    [
        [ROW, ROW],  # a table without its header
        [["", "", "", ""], [planted.BUYERS["buyer_name"], planted.BUYERS["email"], "x", "y"]],
        [
            ["询价单号", "创建时间", "客户名", "电子邮箱"],
            ["", "not a day", *ROW[2:3], ROW[-1]],
            ["1", "32", *ROW[2:3], ROW[-1]],
        ],
        [
            ["订单号", "下单时间", "买家", "实收金额"],
            ["A1", "2026-09-01", ROW[2], ROW[3]],
            ["A1", "2026-09-01", ROW[2], "7"],
        ],
    ],
)
def test_no_buyer_in_the_issues_of_a_spoilt_table(lines, tmp_path):
    path = tmp_path / "spoilt.csv"
    path.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    for form in ((), ("--json",)):
        _, out, errors = command("check", path, *form)
        assert "spoilt.csv" in out
        if lines[0][0] != "订单号":
            assert not SECRET.search(out + errors)
        else:  # a buyer's company in the column of money: that cell is shown with its row, for it is to be corrected
            assert "Wilhelmina" not in out + errors


def test_no_buyer_in_the_log_of_a_fault_of_ours(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    try:
        try:
            float(ROW[2])
        except ValueError as error:
            {}[ROW[-1]] = {ROW[-1]: error}[ROW[2]]
    except KeyError:
        said = command_group._log_fault()
    (log,) = tmp_path.iterdir()
    text = log.read_text(encoding="utf-8")
    assert str(log) in said.en
    assert "ValueError" in text
    assert "KeyError" in text
    assert "test_privacy.py" in text
    assert not SECRET.search(text)


OFFLINE = """
import socket, sys
def refuse(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__",) or event == "socket.__new__" and arguments[1] != socket.AF_UNIX:
        raise SystemExit(f"the network was used: {event}")
sys.addaudithook(refuse)
from opsbook.cli.app import main
main(sys.argv[1:])
"""


def test_no_command_opens_a_socket(planted_store, tmp_path):
    """The hook is in our own process; the reading processes are told apart by `test_without_a_network`."""
    folder, _ = planted_store
    for arguments in (
        ("check", folder / "exports" / "orders 2026-09.csv"),
        ("values", folder / "review.xlsx"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", OFFLINE, *map(str, arguments)], capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        assert "network" not in done.stderr
    proof = subprocess.run(
        [sys.executable, "-c", OFFLINE.replace("from opsbook", "socket.create_connection(('127.0.0.1', 9))\nfrom opsbook")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "network was used" in proof.stderr


def test_without_a_network_everything_works(tmp_path):
    """All processes of a refresh in a network name space of their own, where not even the loop-back is up."""
    try:
        subprocess.run(["unshare", "-rn", "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs unshare (util-linux) and the right to make a network name space")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "a.csv").write_text("统计日期,店铺访问人数\n2026-09,5000\n", encoding="utf-8")
    program = f"{sys.executable} -m opsbook"
    script = f"{program} new {tmp_path}/b.xlsx && {program} refresh {tmp_path}/b.xlsx --json"
    done = subprocess.run(["unshare", "-rn", "sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout[done.stdout.index("{") :])["receipts"][0]["added"] == 1
