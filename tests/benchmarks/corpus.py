"""How many real workbooks keep everything: `OPSBOOK_SHARED=… python tests/benchmarks/corpus.py`.

Each gets cells in its first sheet, twice, by the test of tests/backends/test_corpus.py, which compares every part byte
for byte and every other cell as python-calamine reads it. Then each is given our sheets (`opsbook new --with`) and
refreshed; what of the user's is compared stands in tests/backends/joined_corpus.py. Last, LibreOffice opens every one
as it is and with our sheets, where it is installed.
"""

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from backends import test_corpus as corpus
from embed import test_joined_corpus as joined
from embed.joined_corpus import Store, compare, unlike
from backends.packages import parts

from opsbook.domain.errors import BookError


def written_into() -> list[str]:
    """Write into every workbook and return what was lost."""
    refused, kept, lost, compared = [], [], [], 0
    for source in corpus.BOOKS:
        with tempfile.TemporaryDirectory() as folder:
            try:
                corpus.test_a_real_workbook_keeps_everything_else(source, Path(folder))
            except AssertionError as error:
                lost.append(f"{source.name}: {str(error).splitlines()[0]}")
                continue
        if source.name in corpus.REFUSED:
            refused.append(source.name)
        else:
            kept.append(source.name)
            compared += len(parts(source))
    print(
        f"{len(kept)} workbooks kept everything, {compared} parts compared; {len(refused)} refused with a reason; {len(lost)} lost something"
    )
    return lost


def with_our_sheets(folder: Path) -> list[str]:
    """Give every workbook our sheets, refresh it, and return what was lost."""
    store = Store(folder)
    refused, kept, lost, compared = [], {}, [], 0
    for own in corpus.BOOKS:
        book = folder / own.name
        try:
            store.joined(own, book)
            store.refreshed(book)
            compared += compare(own, book)
            kept[own] = book
        except BookError:
            refused.append(own.name)
        except AssertionError as error:
            lost.append(f"{own.name}: {str(error).splitlines()[:1]}")
    lost += [f"{name}: refused" for name in {*refused} ^ joined.TURNED_AWAY]
    print(
        f"with our sheets: {len(kept)} workbooks kept everything, {compared} parts compared; {len(refused)} refused with a reason; {len(lost)} lost something",
        flush=True,
    )
    if shutil.which("soffice"):
        faults = unlike(kept, store, folder, joined.DRAWN)
        print(f"LibreOffice opens these {len(kept)} and reads the same but for {len(faults)}")
        lost += faults
    return lost


found = written_into()
with tempfile.TemporaryDirectory() as name:
    found += with_our_sheets(Path(name))
print(*found, sep="\n")
sys.exit(bool(found))
