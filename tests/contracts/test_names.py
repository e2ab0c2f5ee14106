"""Names: no two modules and no two classes of the package have the same one."""

import ast
from collections import defaultdict
from pathlib import Path

import opsbook

ROOT = Path(opsbook.__file__).parent
# `hosts` holds the names under which workbooks of version 0.1 call the package; its modules repeat others' names.
MODULES = [path for path in sorted(ROOT.rglob("*.py")) if path.relative_to(ROOT).parts[0] != "hosts"]
SPECIAL = {"__init__.py", "__main__.py"}


def repeated(places):
    return {name: paths for name, paths in places.items() if len(paths) > 1}


def test_no_two_modules_have_one_name():
    places = defaultdict(list)
    for path in MODULES:
        if path.name not in SPECIAL:
            places[path.stem].append(str(path.relative_to(ROOT)))
    assert repeated(places) == {}


def test_no_two_classes_have_one_name():
    places = defaultdict(list)
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert repeated(places) == {}
