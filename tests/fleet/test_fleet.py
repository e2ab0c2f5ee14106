"""Many stores: a list that is checked, each store by itself, one that breaks stops no other, and what compares them."""

import json
import os
import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from opsbook.cli.app import main
from opsbook.domain.errors import OpsbookError
from opsbook.fleet import store_comparison, task_runner
from opsbook.fleet.store_list import Store, load
from opsbook.fleet.store_task import StoreOutcome, StoreState, refresh_store

OVERVIEW = "统计日期,店铺访问人数,询盘个数,信保交易金额,信保订单数\n2025-01,{before},60,1000,5\n2026-01,{now},60,1500,6\n"


def command(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)), env={"OPSBOOK_LANG": "en"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two stores with two months each and one whose workbook is none."""
    home = tmp_path_factory.mktemp("fleet")
    assert command("new", home / "new.xlsx", "--lang", "en").exit_code == 0
    entries = []
    for number, name in enumerate(("berlin", "köln"), start=1):
        (home / name / "exports").mkdir(parents=True)
        shutil.copy(home / "new.xlsx", home / name / "review.xlsx")
        text = OVERVIEW.format(before=1000 * number, now=1100 * number)
        (home / name / "exports" / "overview.csv").write_text(text, encoding="utf-8")
        entries.append(f'[[store]]\nname = "{name}"\nbook = "{name}/review.xlsx"\n')
    (home / "broken.xlsx").write_text("no workbook", encoding="utf-8")
    entries.append('[[store]]\nbook = "broken.xlsx"\n')
    (home / "stores.toml").write_text("\n".join(entries), encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def ran(folder):
    """The fleet refreshed once."""
    return command(
        "fleet", folder / "stores.toml", "--jobs", 2, "--summary", folder / "summary.xlsx", "--json"
    )


def test_a_store_that_fails_stops_no_other(folder, ran):
    document = json.loads(ran.stdout)
    assert ran.exit_code == 1
    assert [(each["name"], each["state"]) for each in document["stores"]] == [
        ("berlin", "done"),
        ("köln", "done"),
        ("broken", "failed"),
    ]
    assert document["states"] == {"done": 2, "unchanged": 0, "issues": 0, "failed": 1}
    assert "broken.xlsx" in document["stores"][-1]["error"]["en"]
    for name, visitors in (("berlin", 1100.0), ("köln", 2200.0)):
        (row,) = [
            row
            for store in document["stores"]
            if store["name"] == name
            for row in store["headline"]
            if row["metric"] == "visitors"
        ]
        assert (row["period"], row["value"]) == ("2026", visitors)
        assert row["yoy"] == pytest.approx(0.1)
        assert (row["basis"], row["yoy_basis"]) == ("sum of months: 1 of 12", "same 1 months")
        assert (folder / name / "review.duckdb").exists()


def test_the_summary_says_of_each_store_what_its_own_workbook_says(folder, ran):
    assert ran.exit_code == 1
    rows = CalamineWorkbook.from_path(folder / "summary.xlsx").get_sheet_by_index(0).to_python()
    at = rows[0].index("TA amount received (USD)")
    amounts = {row[0]: tuple(row[at : at + 2]) for row in rows[1:]}
    own = json.loads(command("values", folder / "köln" / "review.xlsx", "--json").stdout)
    told = {(row["metric"], row["period"]): row["value"] for row in own}
    assert amounts["köln"] == (told["ta_amount", "2026"], told["ta_amount.yoy", "2026"])
    assert amounts["köln"] == (1500.0, 0.5)  # one January against the other
    assert amounts["broken"] == ("", "")


def test_again_nothing_is_new_and_the_comparison_stays(folder, ran):
    before = (folder / "berlin" / "review.xlsx").read_bytes()
    answer = command("fleet", folder / "stores.toml", "--jobs", 1, "--summary", folder / "summary.xlsx")
    assert (ran.exit_code, answer.exit_code) == (1, 1)
    assert "nothing new 2, failed 1" in answer.stdout
    assert "2,200" in answer.stdout
    assert "+10.0%" in answer.stdout
    assert "broken: " in answer.stderr
    assert (folder / "berlin" / "review.xlsx").read_bytes() == before


def _ends(store, readers):
    if store.name == "bad":
        os._exit(137)
    return StoreOutcome(store, StoreState.DONE)


def test_a_process_that_is_killed_costs_its_own_store_only(tmp_path, monkeypatch):
    monkeypatch.setattr(task_runner, "refresh_store", _ends)
    stores = [Store(name, tmp_path / f"{name}.xlsx") for name in ("a", "bad", "b")]
    states = {outcome.store.name: outcome.state for outcome in task_runner.locally(stores, jobs=1)}
    assert states == {"a": StoreState.DONE, "bad": StoreState.FAILED, "b": StoreState.DONE}


def test_a_summary_replaces_nothing_but_a_summary(folder, ran):
    assert ran.exit_code == 1
    other = folder / "mine.xlsx"
    openpyxl.Workbook().save(other)
    before = other.read_bytes()
    answer = command("fleet", folder / "stores.toml", "--summary", other)
    assert (answer.exit_code, other.read_bytes()) == (2, before)
    assert "not overwritten" in answer.stderr
    book = folder / "berlin" / "review.xlsx"
    assert command("fleet", folder / "stores.toml", "--summary", book).exit_code == 2


WRONG = {
    "": "no stores",
    "store = 3": "no stores",
    "[[store]\n": "no valid TOML",
    '[[store]]\nname = "a"': "[[store]] 1: book is missing",
    '[[store]]\nbook = "a.xlsx"\n[[store]]\nbok = "b.xlsx"': "[[store]] 2: unknown key bok",
    "[[store]]\nbook = 3": "[[store]] 1: book must be a text, not 3",
    '[[store]]\nbook = " "': "[[store]] 1: book must be a text",
    '[[stores]]\nbook = "a.xlsx"': "unknown key stores (known: store); do you mean store?",
    '[[store]]\nbook = "a.xlsx"\n[[store]]\nname="b"\nbook = "./a.xlsx"': "book is that of [[store]] 1",
    '[[store]]\nbook = "x/a.xlsx"\n[[store]]\nbook = "y/a.xlsx"': "Give each a name",
    '[[store]]\nbook = "a.xlsx"\narchive="s.duckdb"\n[[store]]\nbook = "b.xlsx"\narchive="s.duckdb"': "archive is that of [[store]] 1",
    '[[store]]\nbook = "C:\\stores\\a.xlsx"': "single quotes",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items())
def test_a_wrong_list_is_refused_with_entry_and_key(tmp_path, text, said):
    path = tmp_path / "stores.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OpsbookError) as error:
        load(path)
    assert said in error.value.message("en")
    assert path.name in error.value.message("zh")


def test_paths_are_relative_to_the_list(tmp_path):
    path = tmp_path / "stores.toml"
    path.write_text('\ufeff[[store]]\nbook = "a/b.xlsx"\nexports = "c"', encoding="utf-8")
    assert load(path) == [Store("b", tmp_path / "a" / "b.xlsx", tmp_path / "c")]


def test_what_stops_a_store_is_told_and_never_raised(tmp_path):
    outcome = refresh_store(Store("x", tmp_path / "missing.xlsx"))
    assert (outcome.state, outcome.headline) == (StoreState.FAILED, ())
    assert "opsbook new" in outcome.error.en


def _eats(store, readers):
    kept = []
    while store.name == "hungry":
        kept.append(bytearray(16 << 20))
        kept[-1][::4096] = b"x" * len(kept[-1][::4096])
    return StoreOutcome(store, StoreState.DONE)


def test_a_store_that_takes_too_much_memory_is_ended_and_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(task_runner, "refresh_store", _eats)
    monkeypatch.setattr(task_runner, "_SHARE", 0.0)
    monkeypatch.setattr(task_runner, "_LEAST", 256 << 20)
    stores = [Store(name, tmp_path / f"{name}.xlsx") for name in ("hungry", "b")]
    found = {outcome.store.name: outcome for outcome in task_runner.locally(stores, jobs=1)}
    assert (found["hungry"].state, found["b"].state) == (StoreState.FAILED, StoreState.DONE)
    assert "0.2 GiB of memory" in found["hungry"].error.en


@pytest.mark.parametrize("name", ["a\x1b[31mb", "a\x07b", "a\x9b2Jb", "a\u202eb", "a\nb"])
def test_a_name_moves_no_cursor(name, capsys):
    store_comparison.show([StoreOutcome(Store(f"{name}[red]", Path("x.xlsx")), StoreState.FAILED, 0.0)], "en")
    printed = capsys.readouterr().out
    assert [sign for sign in printed if sign in "\x1b\x07\x9b\u202e"] == []
    assert "[red]" in printed  # and is no mark-up
