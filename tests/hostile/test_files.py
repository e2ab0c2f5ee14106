"""Hostile files in the folder of exports: each gives one clear answer or its rows; nothing hangs, runs or is written."""

import contextlib
import gzip
import io
import os
import struct
import zipfile
from collections import Counter

import pytest
from hostile.conftest import command
from intake.export_files import LEDGER, looping_ole, xls, xlsx, zipped

from opsbook.domain.issues import catalogue
from opsbook.intake import read
from opsbook.intake.export_files import find
from opsbook.intake.header_map import HeaderMap, load_toml
from opsbook.intake.limits import Limits

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="pipes, links and names that Windows does not know"
)
HEADER = "订单编号,下单日期,客户名称,商品名称,数量,金额\n"
GOOD = HEADER + "A1,2026-08-03,Ann,Tent,1,100\n"
TINY = Limits(memory=512 << 20, seconds=30)


def workbook_with(edits):
    """Return a workbook of one table with parts changed or added."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx({"Sheet1": LEDGER}))) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, edits.pop(name)(data) if name in edits else data)
        for name, data in edits.items():
            new.writestr(name, data)
    return buffer.getvalue()


def laughing(entity):
    """Return an edit that puts a document type before the root and the entity into every shared text."""

    def edit(data):
        head, _, body = data.partition(b"?>")
        return head + b"?>" + entity + body.replace(b"<t>", b"<t>&z;")

    return edit


LAUGHS = b"<!DOCTYPE sst [<!ENTITY a '" + b"ha" * 50 + b"'>" + b"".join(
    f"<!ENTITY {name} '{('&' + before + ';') * 10}'>".encode() for before, name in zip("abcdefghi", "bcdefghiz", strict=True)
) + b"]>"  # fmt: skip
OUTSIDE = b'<!DOCTYPE sst [<!ENTITY z SYSTEM "file:///etc/passwd">]>'
VAST = b'<dimension ref="A1:XFD1048576"/>'


def vast(data):
    """Return a sheet that says to have 17 billion cells, and has one in the last."""
    last = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return data.replace(b"</sheetData>", last)


def overlapping():
    """Return a zip of many members that all say to be the same stretch of bytes."""
    data = zipped({"a.csv": b"x" * 4000})
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        start = package.start_dir
    entry = data[start : start + 46 + len("a.csv")]
    entries = b"".join(entry.replace(b"a.csv", b"%05d" % number) for number in range(900))
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 900, 900, len(entries), start, 0)
    return data[:start] + entries + end


def html(body):
    return f"<html><body>{body}</body></html>".encode()


TABLE = "<table><tr><td>" + HEADER.strip().replace(",", "</td><td>") + "</td></tr>{}</table>"
ROW = "<tr><td>A1</td><td>2026-08-03</td><td>Ann</td><td>Tent</td><td>1</td><td>100</td></tr>"

# Name, content, and what is to come of it: rows of a table, or the code of the one issue that stops it.
FILES = {
    "bomb in a zip in a zip.zip": (zipped({"in.zip": zipped({"a.csv": bytes(40 << 20)})}), "file.unsafe"),
    "zips.zip": (zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": zipped({"a.csv": GOOD.encode()})})})}), "file.unreadable"),
    "overlapping.zip": (overlapping(), "skipped"),
    "damaged inner.zip": (zipped({"in.zip": zipped({"a.csv": GOOD.encode()})[:-30]}), "file.unreadable"),
    "laughs.xlsx": (workbook_with({"xl/sharedStrings.xml": laughing(LAUGHS)}), None),
    "outside.xlsx": (workbook_with({"xl/sharedStrings.xml": laughing(OUTSIDE)}), None),
    "vast.xlsx": (workbook_with({"xl/worksheets/sheet1.xml": vast}), "file.too_large"),
    "macros.xlsm": (workbook_with({"xl/vbaProject.bin": b"Auto_Open Shell calc"}), 2),
    "no sheet.xlsx": (workbook_with({"xl/worksheets/sheet1.xml": lambda _: b""}), None),
    "loop.xls": (looping_ole(), "file.too_large"),
    "cut.xls": (xls({"Sheet1": LEDGER})[:3000], "file.unreadable"),
    "laughs.html": (LAUGHS + html(TABLE.format(ROW).replace("Tent", "&z;")), "table.unknown"),
    "outside.html": (OUTSIDE + html(TABLE.format(ROW).replace("Tent", "&z;")), "table.unknown"),
    "script.html": (html("<script>location='http://evil.example'</script>" + TABLE.format(ROW)), 1),
    "deep.html": (html("<table><tr><td>" * 3000 + "x"), None),
    "deep.xls": (b"<?xml version='1.0'?>" + b"<a>" * 100_000, "file.unreadable"),
    "quote.csv": ((HEADER + 'A1,2026-08-03,"Ann,Tent,1,100\n' * 50).encode(), None),
    "line.csv": (b"x," * 500_000, "file.unreadable"),
    "wide.csv": ((",".join(f"c{n}" for n in range(16_384)) + "\n" + "1," * 16_383 + "1\n").encode(), "file.unreadable"),
    "wide good.csv": ((HEADER.strip() + "," * 16_000 + "\n" + GOOD.splitlines()[1] + "," * 16_000 + "\n").encode(), 1),
    "twice.csv": ((HEADER.strip() + ",数量,金额\nA1,2026-08-03,Ann,Tent,1,100,9,900\n").encode(), "table.side_by_side"),
    "long.csv": ((HEADER + f"A1,2026-08-03,Ann,{'长' * 32_767},1,100\n").encode(), 1),
    "nul.csv": ((HEADER + "A1,2026-08-03,Ann,Te\0nt,1,100\n").encode(), "file.unreadable"),
    "turned.csv": ((HEADER + "A1,2026-08-03,Ann,\u202e\u200fTent,1,100\n").encode(), 1),
    "numbers.csv": ((HEADER + f"A1,2026-08-03,Ann,Tent,{'9' * 5000},1e999\nA2,9999-99-99,Ann,Tent,--1,１２\n").encode(), None),
    "utf-16 without a mark.csv": (GOOD.encode("utf-16-le"), None),
    "half.csv": (GOOD.encode()[:-1] + "国".encode()[:2], None),
    "bytes.csv": (bytes(range(256)) * 40, None),
    "parquet.parquet": (b"PAR1" + bytes(5000) + b"PAR1", "file.unreadable"),
    "packed.csv": (gzip.compress(GOOD.encode()), "file.unreadable"),
    "a\nsecond line.csv": (GOOD.encode(), 1),
    "年" * 83 + ".csv": (GOOD.encode(), 1),
    "=cmd|' 'A0.csv": (GOOD.encode(), 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("hostile")
    folder = home / "exports"
    folder.mkdir()
    (home / "outside.csv").write_text(GOOD, encoding="utf-8")
    for name, (content, _) in FILES.items():
        (folder / name).write_bytes(content)
    os.mkfifo(folder / "pipe.csv")
    (folder / "link.csv").symlink_to(home / "outside.csv")
    (folder / "zero.csv").symlink_to("/dev/zero")
    (folder / "self.csv").symlink_to(folder / "self.csv")
    no_text = os.fsencode(folder) + b"/\xff\xfe.csv"
    with contextlib.suppress(OSError), open(no_text, "wb") as file:  # noqa: PTH123 - some systems want text
        file.write(GOOD.encode())
    (folder / "folder.csv").mkdir()
    return folder


def state(folder):
    return sorted((path.name, path.lstat().st_size) for path in folder.parent.rglob("*"))


def test_every_file_gives_its_rows_or_one_clear_issue(folder):
    before = state(folder)
    sources, issues = find([folder])
    got = {}
    for reading in read(sources, HeaderMap(), limits=TINY):
        name = reading.source.name.partition("!")[0]
        got.setdefault(name, []).append(reading)
    stopped = {issue.file.partition("!")[0]: issue.code for issue in issues if issue.stops}
    skipped = {issue.file.partition("!")[0] for issue in issues if issue.code == "file.skipped"}
    for name, (_, wanted) in FILES.items():
        shown = name.replace("\n", "\ufffd")
        readings = got.get(shown, [])
        codes = Counter(issue.code for reading in readings for issue in reading.issues if issue.stops)
        codes += Counter([stopped[shown]] if shown in stopped else [])
        codes += Counter(["skipped"] if shown in skipped and not readings else [])
        rows = sum(len(table) for reading in readings for table in reading.tables)
        cells = {
            "cell.number",
            "cell.range",
            "cell.date",
        }  # of these there may be several, each with its place
        assert sum(codes[code] for code in codes.keys() - cells) <= max(len(readings), 1), (name, codes)
        assert rows or codes, (name, rows, codes)  # never silently nothing
        if isinstance(wanted, int):
            assert (rows, codes) == (wanted, Counter()), name
        elif wanted:
            assert set(codes) == {wanted}, (name, codes)
    assert all(name.encode("utf-8") for name in got)  # a name that is no text was made one
    assert state(folder) == before
    texts = " ".join(
        map(str, [*issues, *(issue for found in got.values() for each in found for issue in each.issues)])
    )
    assert "root:" not in texts  # no entity from outside was read
    assert set(catalogue()) >= {
        issue.code for found in got.values() for each in found for issue in each.issues
    }


def test_refresh_takes_what_is_good_and_says_what_is_not(folder, tmp_path):
    book = tmp_path / "review.xlsx"
    command("new", book)
    before = state(folder)
    status, out, errors = command("refresh", book, "--exports", folder, "--json")
    assert status == 1, errors
    assert '"added": 1' in out
    for name in ("vast.xlsx", "loop.xls", "packed.csv"):
        assert name in out
    assert state(folder) == before
    assert command("values", book)[0] == 0


@pytest.mark.parametrize("name", ["pipe.csv", "zero.csv", "self.csv"])
def test_a_pipe_or_a_device_is_refused_not_read(folder, name):
    status, out, errors = command("check", folder / name)
    if name == "self.csv":
        assert status == 2
    else:
        assert (status, errors) == (1, "")
        assert "no regular file" in out
        assert command("refresh", folder / name)[0] == 2
        assert command("refresh", folder / "macros.xlsm", "--archive", folder / name)[0] == 2


@pytest.mark.parametrize(
    "content", ["a = " + "[" * 5000, "[[map]]\nheaders = 3", "x" * 100_000, "\x00", None]
)
def test_a_hostile_header_map_is_an_issue(tmp_path, content):
    path = tmp_path / "opsbook.toml"
    if content is None:
        os.mkfifo(path)
    else:
        path.write_text(content, encoding="utf-8")
    (tmp_path / "a.csv").write_text(GOOD, encoding="utf-8")
    _, issues = load_toml(path)
    assert len(issues) == (content is not None)
    status, out, _ = command("check", tmp_path)
    assert "a.csv" in out
    assert status in (0, 1)
