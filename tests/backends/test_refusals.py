"""When nothing is written, and the sentence that says why."""

from __future__ import annotations

import os
import struct
import time

import pytest
from backends.packages import build, rewrite

from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.book.address import Place
from opsbook.book.model import Cell
from opsbook.domain.errors import BookError
from opsbook.support import atomic_files


def refused(path, *, for_writing=True):
    """Return the refusal in English; nothing in the folder may have changed."""
    before = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    with pytest.raises(BookError) as caught:
        Workbook.open(path, for_writing=for_writing)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()} == before
    assert path.name in caught.value.message("zh")
    assert caught.value.message("zh") != str(caught.value)
    return str(caught.value)


def owner_file(name: str) -> bytes:
    """Return what Excel writes into ``~$book.xlsx``: the name as ANSI at 0, as UTF-16 at 55."""
    narrow = name.encode("gbk")
    wide = name.encode("utf-16-le")
    return bytes([len(narrow)]) + narrow.ljust(54) + struct.pack("<B", len(name)) + b"\0" + wide


def test_open_in_excel(tmp_path):
    path = build(tmp_path / "年报.xlsx")
    lock = tmp_path / "~$年报.xlsx"
    lock.write_bytes(owner_file("王小明"))
    message = refused(path)
    assert "open in Excel (王小明)" in message
    assert "~$年报.xlsx" in message
    Workbook.open(path, for_writing=False)  # reading harms nobody
    long_ago = time.time() - 10 * 24 * 3600
    os.utime(lock, (long_ago, long_ago))
    assert "if nobody has it open, delete the hidden file ~$年报.xlsx" in refused(path)


def test_a_lock_of_another_kind_names_nobody(tmp_path):
    path = build(tmp_path / "b.xlsx")
    for content in (path.read_bytes(), bytes(range(20, 200))):
        (tmp_path / "~$b.xlsx").write_bytes(content)
        assert "open in Excel: save" in refused(path)


def test_open_in_libreoffice(tmp_path):
    path = build(tmp_path / "b.xlsx")
    (tmp_path / ".~lock.b.xlsx#").write_text(",amy,pc,23.11.2026 10:00,file:///home/amy;", "utf-8")
    assert "LibreOffice" in refused(path)


def test_read_only(tmp_path):
    path = build(tmp_path / "b.xlsx")
    path.chmod(0o444)
    assert "read-only" in refused(path)
    path.chmod(0o644)


def test_no_workbook(tmp_path):
    assert "no workbook" in refused(tmp_path / "b.xlsx")
    folder = tmp_path / "c.xlsx"
    folder.mkdir()
    refused(folder)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no Excel workbook"),
        (b"a,b\n1,2\n", "no Excel workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "password"),
        (b"PK\3\4" + bytes(100), "damaged"),
    ],
)
def test_other_files(content, said, tmp_path):
    path = tmp_path / "b.xlsx"
    path.write_bytes(content)
    with pytest.raises(BookError, match=said):
        Workbook.open(path, for_writing=False)


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        (
            "xl/workbook.xml",
            b'>1</definedName><definedName name="ops.re',
            b'>3</definedName><definedName name="ops.re',
            "later OpsBook",
        ),
        ("xl/workbook.xml", b"ops.format", b"own.format", "no workbook of OpsBook"),
        (
            "[Content_Types].xml",
            b"officedocument.spreadsheetml.sheet.main+xml",
            b"officedocument.wordprocessingml.document.main+xml",
            "no Excel workbook",
        ),
        (
            "[Content_Types].xml",
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.binary.macroEnabled.main",
            "xlsb",
        ),
        (
            "xl/workbook.xml",
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            "Strict",
        ),
        (
            "[Content_Types].xml",
            b"</Types>",
            b'<Default Extension="sigs" ContentType="application/vnd.openxmlformats-package.digital-signature-origin"/></Types>',
            "signed",
        ),
        ("xl/workbook.xml", b"</workbook>", b"", "damaged"),
        ("xl/workbook.xml", b"<workbook ", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook ', "DOCTYPE"),
    ],
)
def test_other_packages(part, old, new, said, tmp_path):
    path = build(tmp_path / "b.xlsx")
    edits = {part: lambda data: data.replace(old, new)}
    if said == "signed":
        edits["_xmlsignatures/origin.sigs"] = b""
    rewrite(path, edits)
    with pytest.raises(BookError, match=said):
        Workbook.open(path, for_writing=True)


def test_comments_between_rows(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rewrite(
        path,
        {"xl/worksheets/sheet1.xml": lambda data: data.replace(b"<sheetData>", b"<sheetData><!-- x -->")},
    )
    with pytest.raises(BookError, match="comments"):
        Workbook.open(path, for_writing=True).write(Place("业绩回顾", 0, 0), [[Cell(1)]])


def test_changed_by_another_program_meanwhile(tmp_path):
    path = build(tmp_path / "b.xlsx")
    book = Workbook.open(path, for_writing=True)
    book.define("K", "1")
    build(path, top=9)
    other = path.read_bytes()
    with pytest.raises(BookError, match="changed by another program"):
        book.save()
    assert path.read_bytes() == other
    assert [each.name for each in tmp_path.iterdir()] == ["b.xlsx"]


def test_a_failed_save_leaves_the_file_and_no_litter(tmp_path, monkeypatch):
    path = build(tmp_path / "b.xlsx")
    before = path.read_bytes()
    book = Workbook.open(path, for_writing=True)
    book.define("K", "1")

    def held(*_):
        raise PermissionError(13, "in use")

    monkeypatch.setattr(atomic_files.os, "replace", held)
    with pytest.raises(BookError, match="open in Excel"):
        book.save()
    assert path.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} <= {"b.xlsx", "b.backup.xlsx"}
