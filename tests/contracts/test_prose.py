"""Facts travel as records: no room compares or searches a sentence, for a change of wording would change what it does.

Rooms that read what people and platforms wrote (intake, periods, params, functions, schemas) are not asked, nor are
those that talk to Windows or generate code.
"""

import ast
import re
from pathlib import Path

import pytest

import opsbook

ROOT = Path(opsbook.__file__).parent
READERS_OF_FILES = {"intake", "periods", "params", "functions", "schemas", "demo", "deploy", "integrations"}
OTHERS_WORDS = {
    "archive/foreign_files.py": "names of files that people gave",
    "archive/opening.py": "DuckDB has one class of error for a lock and for a foreign file",
    "archive/staging.py": "SQL",
    "archive/table_layout.py": "SQL",
    "book/headlines.py": "a title's unit is left out where the money beside it has one",
    "cli/console.py": "click's messages are translated",
    "commands/workbook_inputs.py": "workbooks of version 0.1.0 name their year in a title only",
    "share/deck/pptx_master.py": "PowerPoint's own names of layouts",
}
SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}|[\u4e00-\u9fff]")
SEARCHES = {
    "startswith", "endswith", "find", "index", "partition", "rpartition", "split", "removeprefix", "removesuffix",
    "search", "match", "fullmatch", "findall", "finditer", "compile", "sub", "count",
}  # fmt: skip


def sentences(*nodes):
    """Return the constant texts of two words or more, or of Chinese, among some expressions."""
    parts = [
        part
        for node in nodes
        for part in (node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node])
    ]
    return [
        part.value
        for part in parts
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and SENTENCE.search(part.value)
    ]


def read_as_prose(source):
    """Yield every sentence that a module compares with, searches for, or matches."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            yield from sentences(node.left, *node.comparators)
        elif isinstance(node, ast.MatchValue):
            yield from sentences(node.value)
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SEARCHES
        ):
            yield from sentences(*node.args[:1])


CASES = {
    "in": 'if "upper bound" in basis: pass',
    "equal": 'told = basis == "no base"',
    "one of": 'told = basis in ("given", "sum of months")',
    "start": 'told = basis.startswith("same months")',
    "pattern": 're.compile(r"(\\d+) against (\\d+) USD and cents")',
    "Chinese": 'told = text == "上升"',
    "case": 'match basis:\n    case "no base":\n        pass',
}


@pytest.mark.parametrize("source", CASES.values(), ids=CASES)
def test_each_way_of_reading_prose_is_seen(source):
    assert list(read_as_prose(source))


@pytest.mark.parametrize(
    "source",
    ['if key in ("yoy", "pop"): pass', 'raise ValueError("no such thing")', 'Text("上升", "up")'],
    ids=["keys", "message", "words"],
)
def test_keys_and_messages_are_no_prose_that_is_read(source):
    assert not list(read_as_prose(source))


def test_no_room_reads_a_sentence():
    found = {
        name: texts
        for path in ROOT.rglob("*.py")
        if (name := path.relative_to(ROOT).as_posix()).partition("/")[0] not in READERS_OF_FILES
        and (texts := list(read_as_prose(path.read_text(encoding="utf-8"))))
    }
    assert {name: texts for name, texts in found.items() if name not in OTHERS_WORDS} == {}


def test_every_exception_is_still_one():
    unused = [
        name
        for name in OTHERS_WORDS
        if not (ROOT / name).exists() or not list(read_as_prose((ROOT / name).read_text(encoding="utf-8")))
    ]
    assert unused == []
