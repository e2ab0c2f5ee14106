"""Cases run the whole refresh but for two things that take most of its time: a process for reading, and the pages."""

import shutil

import pytest
from click.testing import CliRunner

from opsbook.book.model import REVIEW_YEAR
from opsbook.cli.app import main
from opsbook.commands import refresh
from opsbook.intake import process_pool
from opsbook.intake.reading_process import Reader


class ReadHere:
    """Stands for the pool of reading processes, and reads in this one."""

    def __init__(self, setup):
        self.reader = Reader(setup)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def submit(self, task, _size):
        from concurrent.futures import Future

        done = Future()
        done.set_result(self.reader.read(task))
        return done


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """Return an English workbook that was never refreshed; not to be changed."""
    path = tmp_path_factory.mktemp("template") / "book.xlsx"
    assert CliRunner().invoke(main, ["new", str(path), "--lang", "en"]).exit_code == 0
    return path


@pytest.fixture
def book(tmp_path, template):
    return shutil.copy(template, tmp_path / "book.xlsx")


@pytest.fixture
def read_here(monkeypatch):
    monkeypatch.setattr(process_pool, "Pool", ReadHere)


@pytest.fixture
def no_pages(monkeypatch, read_here):
    def save(workbook, review, *_):
        if review.pinned:
            workbook.define(REVIEW_YEAR, str(review.pinned))
        workbook.save()
        return []

    monkeypatch.setattr(refresh, "_composed", lambda review, *_: review)
    monkeypatch.setattr(refresh, "_write", save)
