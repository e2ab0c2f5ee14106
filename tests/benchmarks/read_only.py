"""(a) Read every file of a folder into Python values, and do nothing with them."""

import csv
import sys
from pathlib import Path

import python_calamine

cells = 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    else:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    cells += sum(map(len, rows))
print(cells)
