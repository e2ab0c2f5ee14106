"""What goes into a bundle, and what is refused; the whole of one is tried in tests/wine."""

import hashlib
import json
import os
import re
import sys
import zipfile
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement

from opsbook.deploy import bundle
from opsbook.deploy.bundle import bundle_libraries, embedded_python, licences, pip_downloads
from opsbook.deploy.bundle.bundle_parts import parts, text
from opsbook.domain.errors import OpsbookError

LOCKED = dict(re.findall(r"(?m)^([\w.-]+)==(\S+) --hash=sha256:[0-9a-f]{64}$", text("libraries.txt")))
WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "python_version": "3.13"}


def program(machine=0x8664):
    """Return the beginning of a Windows program for a processor."""
    return (
        b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + machine.to_bytes(2, "little") + bytes(40)
    )


def package(path, *, exe=None, version="313", **more):
    """Write a zip like python.org's."""
    names = {
        f"python{version}.dll": b"x",
        f"python{version}.zip": b"x",
        f"python{version}._pth": b"x",
        **more,
    }
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("python.exe", program() if exe is None else exe)
        for name, content in names.items():
            archive.writestr(name, content)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_dependency_is_locked_within_its_bounds():
    for line in requires("opsbook"):
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({**WINDOWS, "extra": ""}):
            assert wanted.specifier.contains(LOCKED[wanted.name.lower()]), line


def test_every_line_of_the_lock_is_one_version_with_one_hash():
    lines = [line for line in text("libraries.txt").splitlines() if not line.startswith("#")]
    assert len(lines) == len(LOCKED)


def test_pythons_files_are_laid_flat_with_a_site_of_their_own(tmp_path):
    digest = package(tmp_path / "p.zip", **{"folder/vcruntime140.dll": b"y"})
    embedded_python.unpack(tmp_path / "python", tmp_path / "p.zip", digest.upper(), tmp_path)
    assert (tmp_path / "python/vcruntime140.dll").read_bytes() == b"y"
    paths = (tmp_path / "python/python313._pth").read_bytes()
    assert paths == b"python313.zip\r\n.\r\nLib\\site-packages\r\nimport site\r\n"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": "312"}, "not the embeddable 64-bit package"),
        ({"exe": program(0x14C)}, "not the embeddable 64-bit package"),
        ({"exe": b"MZ"}, "not the embeddable 64-bit package"),
    ],
)
def test_another_python_is_refused(tmp_path, change, told):
    digest = package(tmp_path / "p.zip", **change)
    with pytest.raises(OpsbookError, match=told):
        embedded_python.unpack(tmp_path / "python", tmp_path / "p.zip", digest, tmp_path)
    assert not (tmp_path / "python").exists()


def test_what_is_no_zip_is_refused(tmp_path):
    (tmp_path / "p.zip").write_bytes(b"no zip")
    digest = hashlib.sha256(b"no zip").hexdigest()
    with pytest.raises(OpsbookError, match=r"p\.zip: not the embeddable"):
        embedded_python.unpack(tmp_path / "python", tmp_path / "p.zip", digest, tmp_path)


def test_an_unknown_file_needs_a_hash_and_a_wrong_one_is_told(tmp_path):
    digest = package(tmp_path / "p.zip")
    with pytest.raises(OpsbookError, match=rf"--sha256.*{digest}"):
        embedded_python.unpack(tmp_path / "python", tmp_path / "p.zip", None, tmp_path)
    with pytest.raises(OpsbookError, match=rf"{digest}, not the one given") as caught:
        embedded_python.unpack(tmp_path / "python", tmp_path / "p.zip", "0" * 64, tmp_path)
    assert "与 --sha256 不符" in caught.value.message("zh")


def test_failures_of_pip_are_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(
        pip_downloads, "text", lambda _: "opsbook-does-not-exist==1 --hash=sha256:" + "0" * 64 + "\n"
    )
    with pytest.raises(OpsbookError, match=r"pip could not download a part.*No matching distribution"):
        pip_downloads.run("download", "--no-index", requirements="libraries.txt", work=tmp_path)
    monkeypatch.setattr(pip_downloads, "find_spec", lambda _: None)
    with pytest.raises(OpsbookError, match="ensurepip"):
        pip_downloads.run("download", requirements="libraries.txt", work=tmp_path)


@pytest.mark.parametrize(
    ("path", "left_out"),
    [
        ("pandas/tests/frame/test_api.py", True),
        ("numpy/_core/tests/data/x.csv", True),
        ("tests/x.py", True),
        ("xlwings/pro/__init__.py", True),
        ("xlwings/udfs.py", False),
        ("xlwings/xlwings_custom_addin.bas", False),
        ("xlwings/addin/Dictionary.cls", False),
        ("pandas/_testing/__init__.py", False),
        ("numpy/testing/__init__.py", False),
        ("lxml/etree.pyx", True),
        ("latest/x.py", False),
        ("win32com/client/__init__.py", False),
        ("win32/lib/pywintypes.py", False),
    ],
)
def test_what_is_left_out(path, left_out):
    assert bundle_libraries._left_out(path) is left_out


def test_the_record_tells_what_is_there(tmp_path):
    info = tmp_path / "thing-1.dist-info"
    info.mkdir()
    (tmp_path / "thing.py").write_bytes(b"12345")
    (info / "RECORD").write_text(
        'thing.py,sha256=x,5\n../../bin/thing,,\n"a,b.py",,\nthing-1.dist-info/RECORD,,\n'
    )
    size = bundle_libraries._true_record(info, tmp_path)
    assert (info / "RECORD").read_text() == "thing-1.dist-info/RECORD,,\nthing.py,sha256=x,5\n"
    assert size == 5 + len("thing-1.dist-info/RECORD,,\nthing.py,sha256=x,5\n")


def installed(site, name, licence=None):
    info = site / f"{name}-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Name: {name}\nVersion: 1\nLicense: MIT\n")
    if licence:
        (info / "LICENSE").write_text(licence)


def test_licences_are_collected_and_none_may_lack(tmp_path):
    (tmp_path / "LICENSE.txt").write_text("of Python")
    site = tmp_path / embedded_python.SITE
    installed(site, "one", "text of one")
    licences.write(tmp_path / "all.txt", tmp_path)
    written = (tmp_path / "all.txt").read_text()
    for expected in ("of Python", "one 1\nMIT", "text of one"):
        assert expected in written
    installed(site, "bare")
    with pytest.raises(OpsbookError, match="bare 1 comes without"):
        licences.write(tmp_path / "all.txt", tmp_path)


def test_two_zips_of_one_folder_are_the_same_and_a_failed_one_leaves_nothing(tmp_path, monkeypatch):
    home = tmp_path / "home"
    (home / "使用").mkdir(parents=True)
    (home / "使用" / "说明.txt").write_text("x")
    for name in ("a.zip", "b.zip"):
        bundle._zip(home, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    if os.name == "posix":
        mask = os.umask(0)
        os.umask(mask)
        assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o666 & ~mask  # others may read it
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o644}
        assert archive.namelist() == ["OpsBook/使用/说明.txt"]
    monkeypatch.setattr(zipfile.ZipFile, "writestr", lambda *_: 1 / 0)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ZeroDivisionError):
        bundle._zip(home, tmp_path / "a.zip")
    assert sorted(tmp_path.iterdir()) == before


def test_a_bundle_that_is_there_is_not_overwritten(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"mine")
    with pytest.raises(OpsbookError, match="--overwrite"):
        bundle.make(tmp_path / "x.zip")
    assert (tmp_path / "x.zip").read_bytes() == b"mine"


def test_batch_files_hold_nothing_that_a_code_page_can_change_before_it_is_set():
    for name in ("install.cmd", "opsbook.cmd"):
        lines = text("files", name).splitlines()
        assert lines[0] == "@echo off"
        switched = next((at for at, line in enumerate(lines) if line.startswith("chcp 65001")), len(lines))
        assert all(line.isascii() for line in lines[:switched])
        for line in lines:
            assert '"' in line or "%~dp0" not in line, "a path with a space falls apart"


def test_command_line(tmp_path, monkeypatch, capsys):
    from opsbook.cli import main

    def make(out, python, sha256, progress, overwrite):
        return bundle.Bundle(out, 5_000_000, {"Python": 20_000_000, "duckdb": 1_000_000})

    monkeypatch.setattr(bundle, "make", make)
    for arguments in ([str(tmp_path / "x.zip"), "--json"], [str(tmp_path / "x.zip")]):
        monkeypatch.setattr(sys, "argv", ["opsbook", "bundle", *arguments])
        with pytest.raises(SystemExit) as ended:
            main(["bundle", *arguments])
        assert ended.value.code == 0
    told = capsys.readouterr()
    document, _, path = told.out.partition("}\n}")
    assert json.loads(document + "}\n}")["unpacked"] == 21_000_000
    assert path.strip() == str(tmp_path / "x.zip")
    assert re.search(r"zip +5\.0 MB", told.err)


def test_hashes_of_known_pythons_are_hashes():
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in parts()["python"]["sha256"])
