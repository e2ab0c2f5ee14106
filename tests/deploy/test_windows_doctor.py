"""The doctor finds every planted fault, says nothing of a sound computer, and speaks both languages."""

import string
import zipfile
from dataclasses import replace

import pytest
from deploy.windows_machine import APP_PATH, CLICK_TO_RUN, EXCEL, SETTINGS, machine

from opsbook.archive.archive_file import Archive
from opsbook.deploy.windows import checks, checks_files, doctor
from opsbook.deploy.windows.install import install
from opsbook.deploy.windows.machine import this_machine
from opsbook.domain.language import LANGUAGES
from opsbook.integrations.vba import build_templates
from opsbook.support.zip_writer import zipped

POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
RULES = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
CHOICE = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.xlsx\UserChoice"
STORE_PYTHON = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.13_x64\python.exe"


@pytest.fixture(scope="module")
def addin():
    """The built add-ins, of a real build, once."""
    return {language: build_templates.addin(language) for language in LANGUAGES}


@pytest.fixture
def computer(tmp_path, addin, monkeypatch):
    monkeypatch.setattr(build_templates, "addin", addin.__getitem__)
    found = machine(tmp_path)
    install(found, "zh")
    return found


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("archive") / "empty.duckdb"
    with Archive.open(path, for_writing=True):
        pass
    return path.read_bytes()


@pytest.fixture
def book(tmp_path, archive):
    path = tmp_path / "D" / "店铺" / "复盘.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", "")
    path.with_suffix(".duckdb").write_bytes(archive)
    return path


def told(computer, book=None):
    return [each.check.id for each in doctor.diagnose(computer, book).findings if each.state != "ok"]


def test_a_sound_computer_hears_nothing(computer, book):
    diagnosis = doctor.diagnose(computer, book)
    assert told(computer, book) == []
    assert diagnosis.sound
    windows = [each.id for each in checks.checks() if "other" not in each.needs]
    assert [each.check.id for each in diagnosis.findings] == windows
    assert diagnosis.lines("zh")[-1] == "没有发现问题。"


def put(key, name, value):
    return lambda computer, _: computer.registry.put(key, name, value)


def conf(content):
    return lambda computer, _: computer.places.conf.write_bytes(content)


def more_conf(line):
    def plant(computer, _):
        computer.places.conf.write_bytes(computer.places.conf.read_bytes() + line)

    return plant


def other_python(version):
    def plant(computer, tmp_path):
        python = tmp_path / "py" / "python.exe"
        (python.parent / "Lib" / "site-packages" / f"opsbook-{version}.dist-info").mkdir(parents=True)
        python.write_bytes(b"MZ")
        computer.places.conf.write_bytes(f'"INTERPRETER_WIN","{python}"\r\n'.encode("cp936"))

    return plant


def disabled(computer, _):
    path = str(computer.places.addin).encode("utf-16-le") + b"\0\0"
    content = (1).to_bytes(4, "little") + len(path).to_bytes(4, "little") + bytes(4) + path
    computer.registry.put(rf"{SETTINGS}\Resiliency\DisabledItems", "5B1F2E", content)


def beside(name, content):
    def plant(_, tmp_path):
        (tmp_path / "D" / "店铺" / name).write_bytes(content)

    return plant


REGISTRY_FAULTS = {
    "excel_store": put(
        APP_PATH, "", r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop.Excel\EXCEL.EXE"
    ),
    "excel_missing": put(APP_PATH, "", ""),
    "wps_opens": put(CHOICE, "ProgId", "ET.Xlsx.6"),
    "excel_32bit": put(CLICK_TO_RUN, "Platform", "x86"),
    "excel_no_lambda": put(CLICK_TO_RUN, "ProductReleaseIds", "ProPlus2019Volume"),
    "macros_forbidden": put(POLICY, "VBAWarnings", 4),
    "macros_switched_off": put(rf"{SETTINGS}\Security", "VBAWarnings", 3),
    "trusted_folders_off": put(rf"{POLICY}\Trusted Locations", "AllLocationsDisabled", 1),
    "rule_child_processes": put(RULES, "D4F940AB-401B-4EFC-AADC-AD5F3C50688A", "1"),
    "rule_win32_api": put(
        r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager",
        "ASRRules",
        "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b=1|26190899-1602-49e8-8b27-eb1d0a1ce869=2",
    ),
    "addin_twice": put(rf"{SETTINGS}\Options", "OPEN1", '"D:\\tools\\opsbook.xlam"'),
    "addin_disabled": disabled,
}
FILE_FAULTS = {
    "dll_outdated": lambda computer, _: computer.places.dll(64).write_bytes(b"MZ older"),
    "addin_outdated": lambda computer, _: computer.places.addin.unlink(),
    "not_installed": lambda computer, _: computer.places.ledger.unlink(),
    "conf_missing": lambda computer, _: computer.places.conf.unlink(),
    "conf_mark": lambda computer, _: computer.places.conf.write_bytes(
        b"\xef\xbb\xbf" + computer.places.conf.read_bytes()
    ),
    "conf_odd_line": more_conf(b"\r\n"),
    "conf_python_missing": conf(b'"INTERPRETER_WIN","C:\\gone\\python.exe"\r\n'),
    "conf_other_python": other_python("0.0.9"),
    "command_too_long": more_conf(b'"PYTHONPATH","D:\\' + b"x" * 500 + b'"\r\n'),
    "server_absent": more_conf(b'"DEBUG UDFS","True"\r\n'),
    "book_blocked": beside("复盘.xlsx:Zone.Identifier", b"[ZoneTransfer]\r\nZoneId=3\r\n"),
    "book_conf": beside("opsbook.conf", b""),
    "archive_unreadable": beside("复盘.duckdb", b"no archive"),
}


@pytest.mark.parametrize("fault", [*REGISTRY_FAULTS, *FILE_FAULTS])
def test_a_planted_fault_is_found_and_nothing_else(computer, book, tmp_path, fault):
    (REGISTRY_FAULTS | FILE_FAULTS)[fault](computer, tmp_path)
    assert told(computer, book) == [fault]


CHANGES = {
    "python_store": {"base": STORE_PYTHON},
    "python_32bit": {"bits": 32},
    "runtime_missing": {"fault": {"duckdb": "ImportError: DLL load failed while importing duckdb"}.get},
    "package_broken": {"fault": {"pandas": "ModuleNotFoundError: No module named 'pandas'"}.get},
    "pywin32_missing": {"fault": {"pythoncom": "ModuleNotFoundError: No module named 'pythoncom'"}.get},
    "xlwings_version": {"version": {"xlwings": "0.36.1"}.get},
    "dll_not_shipped": {"dll": lambda _: None},
    "path_not_ansi": {"code_page": "cp1252"},
    "antivirus": {"programs": lambda: ["360Tray.exe"]},
}


@pytest.mark.parametrize("fault", CHANGES)
def test_a_fault_of_the_computer_is_found_and_nothing_else(computer, book, fault):
    assert told(replace(computer, **CHANGES[fault]), book) == [fault]


def test_every_check_is_planted_once():
    elsewhere = {"book_onedrive", "book_other_macros", "folder_readonly", "disk_low", "no_libreoffice"}
    planted = {*REGISTRY_FAULTS, *FILE_FAULTS, *CHANGES, *elsewhere}
    assert planted == {each.id for each in checks.checks()} == set(checks.LOOKS)


def test_a_workbook_in_onedrive(computer, tmp_path):
    folder = tmp_path / "Users" / "王芳" / "OneDrive" / "店铺"
    folder.mkdir(parents=True)
    (folder / "复盘.xlsx").write_bytes(b"")
    assert told(computer, folder / "复盘.xlsx") == ["book_onedrive"]


def test_a_full_disk(computer, book, monkeypatch):
    usage = type("Usage", (), {"free": 20_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert told(computer, book) == ["disk_low"]


def test_a_folder_that_cannot_be_written(computer, book, monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    assert told(computer, book) == ["folder_readonly"]


@pytest.mark.parametrize("change", ["none", "older", "saved by Excel"])
def test_the_xlwings_in_a_workbook(computer, book, addin, monkeypatch, change):
    content = addin["zh"]
    if change == "older":
        # The same project with another version in its text.
        from vba_builder import vba_project, vba_sources

        real = vba_sources.modules
        monkeypatch.setattr(
            vba_sources,
            "modules",
            lambda *given: tuple(
                replace(each, text=each.text.replace('"0.37.8"', '"0.30.1"')) for each in real(*given)
            ),
        )
        with zipfile.ZipFile(computer.places.addin) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        parts["xl/vbaProject.bin"] = vba_project.build(
            vba_sources.PROJECT, vba_sources.modules("book", "zh", ["Sheet1"])
        )
        content = zipped(parts.items())
    book.with_suffix(".xlsm").write_bytes(content)
    wanted = {"none": [], "older": ["book_other_macros"], "saved by Excel": []}
    assert told(computer, book.with_suffix(".xlsm")) == wanted[change]
    assert checks_files.xlwings_in(book.with_suffix(".xlsm")) == ("0.30.1" if change == "older" else "0.37.8")


def test_a_policy_does_not_matter_where_the_workbook_is_trusted(computer, book):
    install(computer, "zh", trusted=[book.parent])
    computer.registry.put(POLICY, "VBAWarnings", 4)
    assert told(computer, book) == []
    computer.registry.put(rf"{POLICY}\Trusted Locations", "AllLocationsDisabled", 1)
    assert told(computer, book) == ["macros_forbidden", "trusted_folders_off"]


def test_a_resident_python_answers_the_rule(computer, book):
    REGISTRY_FAULTS["rule_child_processes"](computer, None)
    install(computer, "zh", server=True)
    assert told(computer, book) == []


def test_a_check_that_fails_hides_no_other(computer, monkeypatch):
    monkeypatch.setitem(checks.LOOKS, "antivirus", lambda _: 1 / 0)
    diagnosis = doctor.diagnose(replace(computer, bits=32))
    assert [(each.check.id, each.state) for each in diagnosis.findings if each.state != "ok"] == [
        ("python_32bit", "fault"),
        ("antivirus", "not told"),
    ]
    assert not diagnosis.sound


def test_texts_take_their_facts_in_both_languages(computer):
    for check in checks.checks():
        names = [
            {
                name
                for text in (check.found[language], check.cure[language])
                for _, name, *_ in string.Formatter().parse(text)
                if name
            }
            for language in LANGUAGES
        ]
        assert names[0] == names[1], check.id
        for text in (check.title, check.found, check.cure):
            assert text.zh.encode("gbk"), "a Chinese console must be able to show it"
            assert text.zh != text.en


def test_a_fault_for_people_and_for_programs(computer, book, tmp_path):
    FILE_FAULTS["book_blocked"](computer, tmp_path)
    diagnosis = doctor.diagnose(computer, book)
    zh = diagnosis.lines("zh")
    at = next(index for index, line in enumerate(zh) if "[故障]" in line)
    assert str(book) in zh[at]
    assert "解除锁定" in zh[at + 1]
    assert zh[-1].startswith("1 项故障，0 项注意。")
    brief = diagnosis.lines("zh", brief=True)
    assert not any("[正常]" in line for line in brief)
    assert [line for line in brief if line] == [zh[0], "文件", zh[at], zh[at + 1], zh[-1]]
    document = diagnosis.as_document()
    assert (document["sound"], document["excel"]["path"], document["excel"]["bits"]) == (False, EXCEL, 64)
    (wrong,) = [each for each in document["findings"] if each["state"] == "fault"]
    assert (wrong["id"], wrong["area"], "Unblock" in wrong["cure"]["en"]) == ("book_blocked", "files", True)


def test_elsewhere_it_says_what_does_not_apply(tmp_path):
    here = replace(this_machine(), system="linux", env={"PATH": str(tmp_path)})
    diagnosis = doctor.diagnose(here)
    assert {each.check.area for each in diagnosis.findings} == {"python", "files"}
    assert [each.check.id for each in diagnosis.findings if each.state != "ok"] == ["no_libreoffice"]
    assert any("Windows" in line for line in diagnosis.lines("en"))


def test_this_computer_can_be_asked():
    assert doctor.report("en")[0].startswith("OpsBook ")
