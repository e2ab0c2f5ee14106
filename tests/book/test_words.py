"""Every text that a page asks for by its name is declared, in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import opsbook
from opsbook.domain.declarations import load

PAGES = sorted((Path(opsbook.__file__).parent / "book").glob("*.py"))


def asked_for(path):
    """Yield the names in calls of ``word`` that are written out, of both branches where there are two."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "word" and node.args:
            name = node.args[0]
            for each in (name.body, name.orelse) if isinstance(name, ast.IfExp) else (name,):
                if isinstance(each, ast.Constant):
                    yield each.value


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_texts_of_a_page_are_declared(path) -> None:
    declared = load("opsbook.book", "texts.toml")
    missing = {name for name in asked_for(path) if not {"zh", "en"} <= set(declared.get(name, ()))}
    assert missing == set()
