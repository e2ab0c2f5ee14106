"""The zips: the same content gives the same bytes, marked for the programs that open them."""

import io
import zipfile

import pytest

from opsbook.support.zip_writer import write_zip, zipped

MEMBERS = [("b.txt", b"second" * 50), ("目录/a.txt", b"first")]


def test_members_keep_their_order_and_tell_no_time_and_no_machine():
    with zipfile.ZipFile(io.BytesIO(zipped(MEMBERS))) as archive:
        assert [(each.filename, archive.read(each)) for each in archive.infolist()] == MEMBERS
        about = {
            (e.date_time, e.create_system, e.external_attr >> 16, e.compress_type) for e in archive.infolist()
        }
    assert about == {((1980, 1, 1, 0, 0, 0), 0, 0o600, zipfile.ZIP_DEFLATED)}


@pytest.mark.parametrize(("unix", "expected"), [(True, (3, 0o644)), (False, (0, 0o600))])
def test_a_zip_is_marked_for_the_programs_that_open_it(unix, expected):
    stream = io.BytesIO()
    write_zip(stream, iter(MEMBERS), unix=unix, at=(2026, 9, 30, 1, 2, 4))
    entry = zipfile.ZipFile(stream).infolist()[0]
    assert (entry.create_system, entry.external_attr >> 16) == expected
    assert entry.date_time == (2026, 9, 30, 1, 2, 4)
