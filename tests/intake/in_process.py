"""Tables read without a child process, for tables of many small cases."""

import json
from pathlib import Path

from opsbook.intake.clean_tables import Source
from opsbook.intake.grid import Grid
from opsbook.intake.header_map import HeaderMap
from opsbook.intake.issue_collector import IssueCollector
from opsbook.intake.json_answers import answers
from opsbook.intake.json_tables import read_answers
from opsbook.intake.json_text import documents
from opsbook.intake.sheets import read_tables


def read_rows(rows, *, name="a.csv", merged=(), further=()):
    """Return the tables of one sheet (and of further ones), and its issues."""
    tally = IssueCollector(name)
    grids = []
    for number, sheet in enumerate([rows, *further]):
        width = max(map(len, sheet))
        cells = [[*row, *[""] * (width - len(row))] for row in sheet]
        grids.append(Grid(f"S{number}" if further else "", cells, merged=merged if number == 0 else ()))
    parcels = read_tables(grids, Source(Path(name), name), None, HeaderMap(), tally)
    return [parcel.unpacked() for parcel in parcels], tally.issues


def read_json(content, *, name="a.json", stamp=None):
    """Return the tables of a JSON file, and its issues; content is a text or what is written as JSON."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    tally = IssueCollector(name)
    parcels = read_answers(answers(documents(text)), Source(Path(name), name), stamp, tally)
    return [parcel.unpacked() for parcel in parcels], tally.issues
