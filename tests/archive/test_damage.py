"""An archive that is damaged, cut off or open to other users."""

import os
import re
from datetime import datetime

import pytest
from tables import reading, table

from opsbook.archive.archive_file import Archive
from opsbook.domain.errors import ArchiveError

NOON = datetime(2026, 10, 1, 12)
BLOCK = 4096


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.duckdb"
    rows = [(f"A{number}", None, f"Boot of Wilhelmina {number}", 50) for number in range(3000)]
    columns = ("order_id", "product_id", "product_name", "amount")
    with Archive.open(path, for_writing=True) as archive:
        taken = reading("one.csv", table("order_ledger", rows, columns, days=["2026-09-05"] * 3000))
        archive.take_in([taken], rules="r", taken_at=NOON)
    return path


def used(path):
    with Archive.open(path, for_writing=True) as archive:
        archive.known("r")
        archive.receipts()
        len(archive.table("order_ledger", ("order_id", "product_name", "amount", "_start")))


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.999])
def test_one_that_is_cut_off_is_one_sentence(path, share):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ArchiveError) as caught:
        used(path)
    assert re.search("damaged", str(caught.value))
    assert "Wilhelmina" not in str(caught.value)


def test_damaged_blocks_are_one_sentence(path):
    data = path.read_bytes()
    sentences = set()
    for place in range(3 * BLOCK, len(data), 40 * BLOCK):
        path.write_bytes(data[:place] + bytes(reversed(data[place : place + BLOCK])) + data[place + BLOCK :])
        try:
            used(path)
        except ArchiveError as error:
            sentences.add(str(error))
    assert sentences
    assert all("damaged" in each and "Wilhelmina" not in each for each in sentences)


@pytest.mark.skipif(os.name != "posix", reason="on Windows the folder's own rights count")
def test_only_the_owner_reads_an_archive_and_its_backup(path):
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with Archive.open(path, for_writing=True) as archive:
        assert path.stat().st_mode & 0o777 == 0o600
        archive.take_in([reading("x.csv")], rules="s", taken_at=NOON)
        assert archive.back_up().stat().st_mode & 0o777 == 0o600
        beside = [each for each in path.parent.iterdir() if each.is_file()]
        assert [each for each in beside if each.stat().st_mode & 0o077] == []
    (path.parent / "other.txt").write_text("x")
    assert (path.parent / "other.txt").stat().st_mode & 0o044  # other files keep the user's own setting
