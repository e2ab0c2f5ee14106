"""`opsbook install` and `uninstall` on a computer made of a folder: once is twice, and back byte for byte."""

import json
import zipfile

import pytest
from click.testing import CliRunner
from deploy.windows_machine import APP_PATH, SETTINGS, machine, state

from opsbook.deploy.windows.install import RUN, install, uninstall
from opsbook.deploy.windows.windows_registry import value
from opsbook.domain.errors import OpsbookError
from opsbook.integrations.vba import build_templates
from opsbook.support import atomic_files


@pytest.fixture(autouse=True)
def addin(monkeypatch):
    """Building the add-in takes half a second; that it is built right is tested elsewhere."""
    built = {}
    monkeypatch.setattr(
        build_templates,
        "addin",
        lambda language: built.setdefault(language, b"PK add-in " + language.encode()),
    )
    return built


@pytest.fixture
def computer(tmp_path):
    return machine(tmp_path)


def conf_lines(computer):
    return computer.places.conf.read_bytes().decode("cp936").splitlines()


def test_what_stands_where(computer, tmp_path):
    outcome = install(computer, "zh")
    local = tmp_path / "Users/王芳/AppData/Local/OpsBook"
    assert (local / "opsbook64.dll").read_bytes() == b"MZ dll 64"
    assert (local / "opsbook32.dll").read_bytes() == b"MZ dll 32"
    addin = tmp_path / "Users/王芳/AppData/Roaming/Microsoft/Excel/XLSTART/opsbook.xlam"
    assert addin.read_bytes() == b"PK add-in zh"
    assert computer.places.conf == tmp_path / "Users/王芳/.opsbook/opsbook.conf"
    assert conf_lines(computer) == [
        '"INTERPRETER_WIN","%LOCALAPPDATA%/Programs/Python/python.exe"',
        '"ADD_WORKBOOK_TO_PYTHONPATH","False"',
    ]
    assert len(outcome.lines) == 4
    assert value(computer.registry, RUN, "OpsBook") is None


def test_twice_is_once(computer, tmp_path):
    install(computer, "zh", trusted=[tmp_path / "D" / "店铺"])
    once = state(computer, tmp_path)
    again = install(computer, "zh", trusted=[tmp_path / "D" / "店铺"])
    assert (again.changed, state(computer, tmp_path)) == (False, once)


@pytest.mark.parametrize("server", [None, True])
def test_uninstall_leaves_what_was_there(computer, tmp_path, server):
    before = state(computer, tmp_path)
    install(computer, "zh", trusted=[tmp_path / "D" / "店铺"], server=server)
    install(computer, "en")
    assert state(computer, tmp_path) != before
    outcome = uninstall(computer)
    assert outcome.lines == ()
    assert state(computer, tmp_path) == before
    assert computer.programs() == ["explorer.exe"]
    assert uninstall(computer).changed is False


def test_what_stood_in_the_way_comes_back(computer, tmp_path):
    places = computer.places
    old = {
        places.conf: '"PYTHONPATH","D:\\我的脚本"\n"interpreter_win","C:\\old\\python.exe"\n"SHOW CONSOLE","True"'.encode(
            "cp936"
        ),
        places.addin: b"PK somebody's own opsbook.xlam",
        places.dll(64): b"MZ an older one",
    }
    for path, content in old.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    computer.registry.put(RUN, "OpsBook", "something else")
    before = state(computer, tmp_path)
    install(computer, "zh", server=True)
    assert conf_lines(computer)[-2:] == ['"PYTHONPATH","D:\\我的脚本"', '"SHOW CONSOLE","True"']
    assert '"interpreter_win","C:\\old\\python.exe"' not in conf_lines(computer)
    install(computer, "zh", server=False)
    assert uninstall(computer).lines == ()
    assert state(computer, tmp_path) == before


def test_what_people_changed_since_stays(computer, tmp_path):
    places = computer.places
    install(computer, "zh", server=True)
    places.conf.write_bytes(
        '"PYTHONPATH","D:\\脚本"\r\n'.encode("cp936") + places.conf.read_bytes() + b'"A","1"'
    )
    places.addin.write_bytes(b"PK with a macro of mine")
    places.dll(32).unlink()
    computer.registry.put(RUN, "OpsBook", "mine now")
    (places.home / "notes.txt").write_bytes(b"mine")
    outcome = uninstall(computer)
    assert conf_lines(computer) == ['"PYTHONPATH","D:\\脚本"', '"A","1"']
    assert places.addin.read_bytes() == b"PK with a macro of mine"
    assert value(computer.registry, RUN, "OpsBook") == "mine now"
    assert [each.name for each in places.home.iterdir()] == ["notes.txt"]
    told = "\n".join(line.en for line in outcome.lines)
    for kept in (str(places.conf), str(places.addin), "OpsBook was changed since"):
        assert kept in told


def test_a_change_is_kept_as_a_copy_when_installing_again(computer):
    install(computer, "zh")
    computer.places.addin.write_bytes(b"PK with a macro of mine")
    install(computer, "zh")
    assert computer.places.addin.read_bytes() == b"PK add-in zh"
    lines = uninstall(computer).lines
    assert [path.read_bytes() for path in computer.places.before.iterdir()] == [b"PK with a macro of mine"]
    assert "opsbook.xlam" in lines[0].zh
    assert not computer.places.addin.exists()


def test_lines_added_between_two_installations_survive_both(computer, tmp_path):
    places = computer.places
    places.conf.parent.mkdir()
    places.conf.write_bytes(b'"INTERPRETER_WIN","C:\\old\\python.exe"\r\n')
    install(computer, "zh")
    places.conf.write_bytes(places.conf.read_bytes() + b'"PYTHONPATH","D:\\x"\r\n')
    install(computer, "zh", server=True)
    assert '"PYTHONPATH","D:\\x"' in conf_lines(computer)
    uninstall(computer)
    assert conf_lines(computer) == ['"INTERPRETER_WIN","C:\\old\\python.exe"', '"PYTHONPATH","D:\\x"']


def test_an_upgrade_replaces_our_own_files_without_keeping_copies(computer, addin):
    install(computer, "zh")
    addin["zh"] = b"PK newer"
    computer.dll(64).write_bytes(b"MZ newer")
    install(computer, "zh")
    assert computer.places.addin.read_bytes() == b"PK newer"
    assert computer.places.dll(64).read_bytes() == b"MZ newer"
    assert not computer.places.before.exists()


def test_the_server_runs_now_and_at_logon_until_it_is_taken_back(computer):
    install(computer, "zh", server=True)
    line = value(computer.registry, RUN, "OpsBook")
    assert line == f'"{computer.python}" -m opsbook.deploy.windows.calculation_server'
    assert computer.programs()[1:] == [
        f"pythonw.exe {computer.python} -m opsbook.deploy.windows.calculation_server"
    ]
    assert {'"DEBUG UDFS","True"', '"USE UDF SERVER","True"'} <= set(conf_lines(computer))
    install(computer, "zh")  # as it is
    assert value(computer.registry, RUN, "OpsBook") == line
    install(computer, "zh", server=False)
    assert value(computer.registry, RUN, "OpsBook") is None
    assert len(conf_lines(computer)) == 2
    assert computer.programs() == ["explorer.exe"]


def test_a_folder_is_trusted_once_under_a_free_number(computer, tmp_path):
    folder = tmp_path / "D" / "店铺"
    (folder / "2026").mkdir()
    install(computer, "zh", trusted=[folder])
    install(computer, "zh", trusted=[folder / "2026", folder])
    key = rf"{SETTINGS}\Security\Trusted Locations"
    assert sorted(computer.registry.keys(key)) == ["Location1", "Location2"]
    assert computer.registry.values(rf"{key}\Location2") == {
        "Path": f"{folder}/",
        "AllowSubfolders": 1,
        "Description": "OpsBook",
    }


@pytest.mark.parametrize(
    "place", ["Users", "Users/王芳", "Users/王芳/Downloads", "Users/王芳/Downloads/x", "none"]
)
def test_a_folder_that_gets_downloads_is_not_trusted(computer, tmp_path, place):
    if place != "none":
        (tmp_path / place).mkdir(exist_ok=True)
    before = state(computer, tmp_path)
    with pytest.raises(OpsbookError):
        install(computer, "zh", trusted=[tmp_path / place])
    assert state(computer, tmp_path) == before


def refusals():
    yield "excel", {"programs": lambda: ["EXCEL.EXE"]}, "Excel is running"
    yield (
        "store",
        {"base": r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.13\python.exe"},
        "Store",
    )
    yield "pywin32", {"fault": {"pythoncom": "ModuleNotFoundError: no pythoncom"}.get}, "pywin32"
    yield "version", {"version": {"xlwings": "0.30.12"}.get}, "0.30.12"
    yield "dll", {"dll": lambda _: None}, "xlwings64"
    yield "letters", {"code_page": "cp1252"}, "王芳"
    yield "linux", {"system": "linux"}, "for Windows"


@pytest.mark.parametrize(
    ("changes", "sentence"), [each[1:] for each in refusals()], ids=[each[0] for each in refusals()]
)
def test_it_refuses_before_it_touches_anything(tmp_path, changes, sentence):
    computer = machine(tmp_path, **changes)
    before = state(computer, tmp_path)
    with pytest.raises(OpsbookError) as error:
        install(computer, "zh")
    assert sentence in error.value.message("en")
    assert state(computer, tmp_path) == before


def test_a_file_in_use_is_told_and_the_rest_follows_later(computer, tmp_path, monkeypatch):
    real = atomic_files.put
    locked = [computer.places.addin]

    def put(made, path):
        if path in locked:
            raise PermissionError(13, "in use", str(path))
        real(made, path)

    before = state(computer, tmp_path)
    monkeypatch.setattr(atomic_files, "put", put)
    with pytest.raises(OpsbookError, match="opsbook.xlam is held by another program"):
        install(computer, "zh")
    locked.clear()
    install(computer, "zh")
    assert computer.places.addin.exists()
    assert list(computer.places.addin.parent.iterdir()) == [computer.places.addin]
    assert uninstall(computer).lines == ()
    assert state(computer, tmp_path) == before


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("step", range(1, 20))  # the first writes the record itself
def test_interrupted_anywhere_it_can_be_undone(computer, tmp_path, monkeypatch, step, again):
    before = state(computer, tmp_path)
    real, count = atomic_files.put, iter(range(100))

    def put(made, path):
        if next(count) == step:
            raise KeyboardInterrupt
        real(made, path)

    monkeypatch.setattr(atomic_files, "put", put)
    try:
        install(computer, "zh", trusted=[tmp_path / "D" / "店铺"], server=True)
    except KeyboardInterrupt:
        monkeypatch.undo()
        if again:
            install(computer, "zh")
    monkeypatch.undo()
    assert uninstall(computer).lines == ()
    assert state(computer, tmp_path) == before


@pytest.mark.parametrize("content", ["", "{", '{"format": 1}', '{"format": 99}', "[]"])
def test_a_damaged_record_is_told(computer, content):
    install(computer, "zh")
    computer.places.ledger.write_text(content, encoding="utf-8")
    for act in (lambda: install(computer, "zh"), lambda: uninstall(computer)):
        with pytest.raises(OpsbookError, match="installed.json"):
            act()


def test_the_record_names_no_more_than_it_must(computer):
    install(computer, "zh")
    document = json.loads(computer.places.ledger.read_text(encoding="utf-8"))
    assert set(document) == {"format", "files", "settings", "folders", "conf", "server"}


def test_the_built_addin_is_what_goes_to_excel(computer, monkeypatch):
    monkeypatch.undo()
    install(computer, "zh")
    with zipfile.ZipFile(computer.places.addin) as package:
        assert "xl/vbaProject.bin" in package.namelist()


@pytest.mark.parametrize("there", [True, False], ids=["with Excel", "without Excel"])
def test_without_excel_it_is_not_called_done(tmp_path, monkeypatch, there):
    from opsbook.cli import main

    here = machine(tmp_path)
    if not there:
        here.registry._values[APP_PATH.casefold()].clear()
    monkeypatch.setattr("opsbook.deploy.windows.machine.this_machine", lambda: here)
    done = CliRunner().invoke(main, ["install", "--json"], env={"OPSBOOK_LANG": "zh"})
    assert done.exit_code == 0, done.output
    assert ("安装完成" in done.stderr) == there
    assert ("没有找到 Excel" in done.stderr) != there
    missing = [each["id"] for each in json.loads(done.stdout)["missing"]]
    assert ("excel_missing" in missing) != there
