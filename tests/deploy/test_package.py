"""What the published package holds: every file that a program reads, a licence, and what a stranger looks for."""

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_file_of_the_package_goes_into_the_wheel():
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["opsbook"]
    names = [pattern.removeprefix("**/") for pattern in patterns]
    left = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "opsbook").rglob("*")
        if path.is_file()
        and path.suffix not in (".py", ".pyc")
        and not any(fnmatchcase(path.name, name) for name in names)
    ]
    assert left == []


def test_every_folder_with_modules_is_a_package():
    folders = {path.parent for path in (ROOT / "opsbook").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("name", ["LICENSE", "CHANGELOG.md", "README.md", "README.zh-CN.md"])
def test_what_a_stranger_looks_for_is_there_and_in_the_source_package(name):
    assert (ROOT / name).is_file()
    assert name in (ROOT / "MANIFEST.in").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", ["tests", "udfs", "xlsx_templates"])
def test_tests_and_templates_are_in_the_source_package(folder):
    assert f"graft {folder}" in (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()


def test_the_licence_is_the_declared_one():
    assert PROJECT["project"]["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
