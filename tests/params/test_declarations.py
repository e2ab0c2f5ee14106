"""A wrong declaration in the package stops with its file, its entry and what does not fit."""

import re
import sys

import pytest

from opsbook.domain.declarations import DeclarationError, load, load_rows


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a function that makes a package with one file and gives its name."""

    def make(name, content):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        (folder / "rows.toml").write_text(content, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, name, raising=False)
        return name

    return make


def test_rows_come_by_name_in_the_order_of_the_file(package):
    name = package("declared_right", "[b]\nsize = 2\n\n[a]\nsize = 1\n")
    rows = load_rows(lambda key, entry: (key, entry.pop("size")), name, "rows.toml")
    assert list(rows.items()) == [("b", ("b", 2)), ("a", ("a", 1))]
    assert load(name, "rows.toml") == {"b": {"size": 2}, "a": {"size": 1}}  # `make` took its own copy apart


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("declared_syntax", "[a]\nsize = \n", "declared_syntax/rows.toml: .*line 2"),
        ("declared_lacking", "[a]\nheight = 1\n", r"declared_lacking/rows.toml: \[a\]: no 'size'"),
        ("declared_flat", "a = 1\n", r"declared_flat/rows.toml: \[a\]: "),
        ("declared_value", '[a]\nsize = "x"\n', r"declared_value/rows.toml: \[a\]: .*'x'"),
    ],
)
def test_a_wrong_file_is_reported_with_the_place(package, name, content, message):
    name = package(name, content)
    with pytest.raises(DeclarationError, match=message):
        load_rows(lambda _, entry: int(entry["size"]), name, "rows.toml")


def test_a_missing_file_is_reported_by_name():
    with pytest.raises(DeclarationError, match=re.escape("opsbook/params/nothing.toml")):
        load("opsbook.params", "nothing.toml")
