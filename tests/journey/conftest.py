"""The demonstration store, made once for all journeys."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from opsbook.cli.app import main
from opsbook.demo import write_exports


@pytest.fixture(scope="session")
def run():
    """Return a function that runs a command and gives its exit status and stdout."""

    def command(*arguments):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)
        return result.exit_code, result.stdout

    return command


@pytest.fixture(scope="session")
def demo_exports(tmp_path_factory):
    """Return the folder of the demonstration store's exports; not to be changed."""
    folder = tmp_path_factory.mktemp("demo") / "exports"
    write_exports(folder)
    return folder


@pytest.fixture(scope="session")
def demo_book(tmp_path_factory, demo_exports, run):
    """Return a refreshed workbook of the demonstration store; copy it before changing it."""
    book = tmp_path_factory.mktemp("book") / "demo.xlsx"
    run("new", book)
    status, _ = run("refresh", book, "--exports", demo_exports)
    assert status == 0
    return book


@pytest.fixture(scope="session")
def lambda_book(tmp_path_factory, demo_exports, run):
    """Return the same workbook with LAMBDA names; copy it before changing it."""
    book = tmp_path_factory.mktemp("book") / "demo.xlsx"
    run("new", book, "--functions", "lambda")
    status, _ = run("refresh", book, "--exports", demo_exports)
    assert status == 0
    return book


@pytest.fixture
def copied(tmp_path, demo_book):
    """Return a copy of the refreshed workbook with its archive, to be changed."""
    book = tmp_path / "demo.xlsx"
    shutil.copy2(demo_book, book)
    shutil.copy2(demo_book.with_suffix(".duckdb"), book.with_suffix(".duckdb"))
    return book


@pytest.fixture(scope="session")
def values(run):
    """Return a function that gives every value of a workbook by metric, period, dimension."""
    import json

    def found(book: Path):
        status, out = run("values", book, "--json")
        assert status == 0
        return {
            (row["metric"], row["period"], row["dimension"]): (row["value"], row["basis"])
            for row in json.loads(out)
        }

    return found
