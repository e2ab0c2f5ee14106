"""A bundle on a Chinese Windows, in a folder whose name is Chinese and has a space."""

import json
import math
import os
import re
import struct
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from wine.windows import CODE_PAGE, windows_path

from opsbook import __version__
from opsbook.integrations import shared_names

TARGET = {**default_environment(), "sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "python_version": "3.13", "python_full_version": "3.13.2", "platform_machine": "AMD64", "extra": ""}  # fmt: skip
# What every Windows 10 has; the C library of Visual Studio (msvcp140) is not among them.
OF_WINDOWS = set(
    """advapi32 bcrypt bcryptprimitives comctl32 comdlg32 credui crypt32 gdi32 iphlpapi kernel32 ktmw32 loadperf lz32 mpr
    mswsock netapi32 ntdll odbc32 ole32 oleaut32 pdh powrprof propsys psapi rasapi32 rpcrt4 rstrtmgr secur32 shell32
    shlwapi sfc user32 userenv version wevtapi winhttp wininet winmm winspool ws2_32 wtsapi32 mscoree ucrtbase dbghelp
    setupapi cfgmgr32 urlmon ntdsapi uxtheme dsound msimg32 oleacc query""".split()  # noqa: SIM905
)


def said(done):
    return done.stdout.decode("utf-8", errors="replace"), done.stderr.decode("utf-8", errors="replace")


def test_the_command_line_answers(windows):
    done = windows.opsbook("--version")
    assert said(done)[0].strip() == f"opsbook, version {__version__}"
    assert done.returncode == 0


@pytest.mark.parametrize("name", ["2026 复盘.xlsx", "2026 复盘.xlsm"])
def test_a_new_workbook_is_the_one_made_here(windows, name, tmp_path):
    done = windows.opsbook("new", name, "--store", "甲乙丙")
    assert (done.returncode, said(done)[0].strip()) == (0, name)
    here = tmp_path / name
    subprocess.run(
        [sys.executable, "-m", "opsbook", "new", str(here), "--store", "甲乙丙"],
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(windows.folder / name) as made, zipfile.ZipFile(here) as expected:
        assert made.namelist() == expected.namelist()
        different = [part for part in made.namelist() if made.read(part) != expected.read(part)]
    assert different == []


def test_the_demonstration_has_the_same_figures_as_here(windows, tmp_path):
    done = windows.opsbook("demo", "演示 店铺", timeout=300)
    assert done.returncode == 0, said(done)
    book = next((windows.folder / "演示 店铺").glob("*.xlsx"))
    again = windows.opsbook("refresh", f"演示 店铺\\{book.name}", timeout=300)
    assert again.returncode == 0, said(again)
    told = json.loads(windows.opsbook("values", f"演示 店铺\\{book.name}", "--json", timeout=300).stdout)
    subprocess.run(
        [sys.executable, "-m", "opsbook", "demo", str(tmp_path / "demo")], check=True, capture_output=True
    )
    here = subprocess.run(
        [sys.executable, "-m", "opsbook", "values", str(next((tmp_path / "demo").glob("*[!p].xlsx"))), "--json"],
        check=True, capture_output=True,
    )  # fmt: skip
    expected = json.loads(here.stdout)
    assert len(told) == len(expected) > 1000
    wrong = [(a, b) for a, b in zip(told, expected, strict=True) if not same_row(a, b)]
    assert wrong == []


def same_row(left, right):
    one, other = left.pop("value"), right.pop("value")
    numbers = isinstance(one, float) and isinstance(other, float)
    return left == right and (math.isclose(one, other, rel_tol=1e-12) if numbers else one == other)


def test_install_connects_excel_and_uninstall_takes_it_away(windows):
    done = windows.cmd("install.cmd", "--lang", "zh", OPSBOOK_LANG="zh")
    assert done.returncode == 0, said(done)
    home = windows.root / "prefix/drive_c/users" / os.environ.get("USER", "root")
    users = [home] if home.is_dir() else [each for each in home.parent.iterdir() if each.name != "Public"]
    conf = users[0] / f".{shared_names.PROJECT}" / f"{shared_names.PROJECT}.conf"
    python = windows_path(windows.python)
    assert f'"INTERPRETER_WIN","{python}"' in conf.read_bytes().decode(CODE_PAGE)
    folder = users[0] / "AppData/Local" / shared_names.FOLDER
    for bits, name in shared_names.DLLS.items():
        shipped = next(windows.python.parent.glob(f"xlwings{bits}-*.dll"))
        assert (folder / name).read_bytes() == shipped.read_bytes()
    assert (users[0] / "AppData/Roaming/Microsoft/Excel/XLSTART/opsbook.xlam").is_file()
    assert windows.opsbook("uninstall").returncode == 0
    assert not conf.exists()
    assert not list(folder.glob("*.dll"))


def test_an_install_out_of_the_zip_says_what_to_do(windows, tmp_path):
    alone = tmp_path / "zip 里" / "install.cmd"
    alone.parent.mkdir()
    alone.write_bytes((windows.home / "install.cmd").read_bytes())
    done = windows.cmd(alone, "--lang", "zh")
    assert done.returncode == 2
    assert "完整解压" in said(done)[0]


@pytest.fixture(scope="module")
def package():
    path = os.environ.get("OPSBOOK_BUNDLE")
    if not path:
        pytest.skip("OPSBOOK_BUNDLE names no zip made by `opsbook bundle`")
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_every_library_has_what_it_requires(package):
    found = {}
    for name in package.namelist():
        if name.endswith(".dist-info/METADATA"):
            about = message_from_bytes(package.read(name))
            found[about["Name"].lower().replace("_", "-")] = about
    for name, about in found.items():
        for line in about.get_all("Requires-Dist", []):
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate(TARGET):
                there = found.get(wanted.name.lower().replace("_", "-"))
                assert there is not None, (name, line)
                assert wanted.specifier.contains(there["Version"]), (name, line)


def test_every_dll_is_there_or_of_windows(package):
    programs = [name for name in package.namelist() if name.lower().endswith((".pyd", ".dll", ".exe"))]
    inside = {Path(name).name.lower() for name in programs}
    lacking = {}
    for name in programs:
        for wanted in imports(package.read(name)):
            known = (
                wanted in inside
                or wanted.rpartition(".")[0] in OF_WINDOWS
                or wanted.startswith("api-ms-win-")
            )
            if not known:
                lacking.setdefault(wanted, []).append(name)
    assert lacking == {}


def imports(data):
    """Return the DLLs that a 64-bit or 32-bit Windows program names in its import table."""
    (header,) = struct.unpack_from("<I", data, 60)
    sections, size = struct.unpack_from("<H12xH", data, header + 6)
    wide = struct.unpack_from("<H", data, header + 24)[0] == 0x20B
    (table,) = struct.unpack_from("<I", data, header + 24 + (120 if wide else 104))
    spans = [
        struct.unpack_from("<8xIIII", data, header + 24 + size + 40 * number) for number in range(sections)
    ]

    def place(address):
        return next(
            address - rva + raw
            for span, rva, length, raw in spans
            if rva <= address < rva + max(span, length)
        )

    while table:
        (name,) = struct.unpack_from("<12xI", data, place(table))
        if not name:
            return
        start = place(name)
        yield data[start : data.index(b"\0", start)].decode("ascii").lower()
        table += 20


def test_nothing_is_in_it_that_may_not_be_handed_on(package):
    listed = package.namelist()
    assert not [name for name in listed if "/xlwings/pro/" in name or "LICENSE_PRO" in name]
    text = package.read("OpsBook/LICENSES.txt").decode()
    for name in listed:
        if match := re.search(r"site-packages/([^/]+)-([^-/]+)\.dist-info/RECORD$", name):
            assert re.search(rf"(?mi)^{match[1].replace('_', '[-_.]')} {re.escape(match[2])}\r?$", text), name


def test_the_texts_are_as_windows_wants_them(package):
    for name in ("install.cmd", "opsbook.cmd", "使用说明.txt", "README.txt", "LICENSES.txt"):
        data = package.read(f"OpsBook/{name}")
        assert data.count(b"\n") == data.count(b"\r\n") > 2
        assert data.startswith(b"\xef\xbb\xbf") == (name in ("使用说明.txt", "README.txt"))
        assert b"{version}" not in data
