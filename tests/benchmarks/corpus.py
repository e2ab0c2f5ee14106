"""How many real workbooks keep everything: `OPSBOOK_SHARED=… python tests/benchmarks/corpus.py`.

Each gets cells in its first sheet, twice, by the test of tests/hosts/test_corpus.py, which compares every part byte
for byte and every other cell as python-calamine reads it.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from hosts import test_corpus as corpus
from hosts.packages import parts

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
print(*lost, sep="\n")
sys.exit(bool(lost))
