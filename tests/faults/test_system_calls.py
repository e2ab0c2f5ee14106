"""Each call of the C library that changes the store's folder is the last, or fails: nothing is lost, doubled or half done."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from faults import small_store as store
from faults.healing import KILLED, Victims, check_killed
from sweeps import SWEEP

COMPILER = shutil.which("cc")
ONE = 12  # without the sweep: in the midst of the archive and the workbook

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="stands before the C library of Linux"),
    pytest.mark.skipif(not COMPILER, reason="needs a C compiler: cc"),
]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """Return the process that forks refreshes, with calls.c loaded."""
    made = tmp_path_factory.mktemp("calls") / "calls.so"
    source = Path(__file__).with_name("calls.c")
    subprocess.run([COMPILER, "-shared", "-fPIC", "-O1", "-o", made, source], check=True)
    found = Victims(LD_PRELOAD=str(made))
    yield found
    found.close()


def calls_of(faulty, before, folder):
    """Return how many such calls a refresh makes that is left alone."""
    book = store.copy(before, folder / "counted")
    assert faulty.run(book, fault="once", call=-1, count=str(folder / "count")) == 0
    return int((folder / "count").read_text())


@pytest.mark.parametrize("fault", ["kill", "power", "full", "once"])
def test_each_call_is_the_last_or_fails(faulty, before, states, tmp_path, fault):
    """With ``power`` what was not brought to the disk is gone, with ``full`` all that follow fail, too."""
    ended = []
    for call in range(1, calls_of(faulty, before, tmp_path) + 1) if SWEEP else (ONE,):
        book = store.copy(before, tmp_path / f"{fault}{call}")
        ended.append(faulty.run(book, fault=fault, call=call))
        check_killed(book, states)
        shutil.rmtree(book.parent)
    if fault in ("kill", "power"):
        assert set(ended) == {KILLED}
    else:
        assert 2 in ended  # refused, and said so
        assert set(ended) <= {0, 2}  # what is tidied up last may fail without harm
