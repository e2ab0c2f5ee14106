"""What is found in folders and zips, and what is refused."""

import os
import zipfile
from pathlib import Path

import pytest
from intake.export_files import LEDGER, csv, xlsx, zipped

from opsbook.intake import zips
from opsbook.intake.export_files import find


def names(found):
    return [source.name for source in found[0]]


def codes(found):
    return [(issue.code, issue.file) for issue in found[1]]


def test_a_folder_is_walked_in_order_and_noise_is_passed_over(tmp_path):
    for name in ["b.csv", "a/z.xls", "a/.hidden.csv", "~$b.xlsx", ".DS_Store", "Thumbs.db", "desktop.ini"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    for name in ["opsbook.toml", "note.pdf", "a.parquet", ".git/x.csv", "plan.txt", "export.txt"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(csv(LEDGER) if name == "export.txt" else b"hello, world")
    found = find([tmp_path, tmp_path / "none.xls"])
    assert names(found) == ["a.parquet", "b.csv", "export.txt", "a/z.xls"]
    assert codes(found) == [
        ("file.skipped", "note.pdf"),
        ("file.skipped", "plan.txt"),
        ("file.unreadable", "none.xls"),
    ]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_followed_only_inside_the_folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.csv").write_bytes(csv(LEDGER))
    (tmp_path / "in" / "a.csv").write_bytes(csv(LEDGER))
    (tmp_path / "in" / "b.csv").symlink_to(tmp_path / "in" / "a.csv")
    (tmp_path / "in" / "c.csv").symlink_to(tmp_path / "secret.csv")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    assert names(find([tmp_path / "in"])) == ["a.csv", "b.csv"]


def test_members_of_zips_and_of_zips_in_them_are_sources(tmp_path):
    inner = zipped({"four.csv": csv(LEDGER)})
    path = tmp_path / "orders.zip"
    path.write_bytes(zipped({"x/two.csv": csv(LEDGER), "__MACOSX/x": b"", "read.me": b"", "in.zip": inner}))
    found = find([path])
    assert names(found) == ["orders.zip!in.zip!four.csv", "orders.zip!x/two.csv"]
    assert codes(found) == [("file.skipped", "orders.zip!read.me")]
    assert zips.read(path, found[0][0].member) == csv(LEDGER)


def test_names_packed_on_chinese_windows_are_decoded(tmp_path):
    raw = "店铺数据/订单.csv".encode("gb18030")
    placeholder = "?" * len(raw)
    data = zipped({placeholder: csv(LEDGER)}).replace(placeholder.encode(), raw)
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    found = find([path])
    assert names(found) == ["a.zip!店铺数据/订单.csv"]
    assert zips.read(path, found[0][0].member) == csv(LEDGER)


@pytest.mark.parametrize(
    "name", ["../evil.csv", "/etc/evil.csv", "C:/evil.csv", "a/../../evil.csv", "..\\evil.csv"]
)
def test_a_zip_whose_names_leave_the_folder_is_refused(tmp_path, name):
    (tmp_path / "a.zip").write_bytes(zipped({"good.csv": csv(LEDGER), name: b"x"}))
    assert codes(find([tmp_path])) == [("file.unsafe", "a.zip")]
    assert names(find([tmp_path])) == []


def test_a_zip_that_unpacks_to_far_more_than_it_holds_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({"zeros.csv": bytes(40 << 20)}))
    assert codes(find([tmp_path])) == [("file.unsafe", "a.zip")]


def test_a_zip_of_too_many_members_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({f"{number}.csv": b"x" for number in range(2001)}))
    assert codes(find([tmp_path])) == [("file.unsafe", "a.zip")]


def test_damaged_and_protected_zips_are_said_and_a_workbook_named_zip_is_read(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 no more")
    (tmp_path / "b.zip").write_bytes(xlsx({"Sheet1": LEDGER}))
    protected = bytearray(zipped({"x.csv": csv(LEDGER)}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        protected[protected.index(mark) + place] |= 1
    (tmp_path / "c.zip").write_bytes(protected)
    found = find([tmp_path])
    assert codes(found) == [("file.unreadable", "a.zip"), ("file.encrypted", "c.zip!x.csv")]
    assert names(found) == ["b.zip"]


def test_a_member_that_was_damaged_is_unreadable(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.csv", csv(LEDGER))
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(zips.Unreadable, match="damaged"):
        zips.read(path, "x.csv")


def test_a_single_file_is_named_without_its_folder(tmp_path):
    (tmp_path / "a.csv").write_bytes(csv(LEDGER))
    assert names(find([Path(tmp_path / "a.csv")])) == ["a.csv"]
