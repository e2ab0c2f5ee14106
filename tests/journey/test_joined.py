"""Our sheets in a workbook that a user has already: the same figures, and next year too."""

import pytest
from backends import own_books
from backends.packages import grown, parts
from journey.test_engines import cells

from opsbook.cli.data_commands import DONE
from opsbook.domain.errors import STATUS

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
LOG = "刷新记录"  # when things were taken in


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Return a workbook of a user's own; not to be changed."""
    return own_books.rich(tmp_path_factory.mktemp("own") / "own.xlsx")


@pytest.fixture
def book(own, tmp_path, run):
    """Return that workbook with our sheets, new."""
    path = tmp_path / "book.xlsx"
    assert run("new", path, "--with", own)[0] == DONE
    return path


def test_a_refresh_gives_what_it_gives_in_a_workbook_of_ours_alone(  # noqa: PLR0917 - one fixture a thing
    own, book, demo_exports, demo_book, run, values
):
    assert run("refresh", book, "--exports", demo_exports)[0] == DONE
    assert values(book) == values(demo_book)
    for formulas in (False, True):
        mine = cells(own, formulas=formulas)
        wanted = {**mine, **cells(demo_book, formulas=formulas)}
        found = cells(book, formulas=formulas)
        assert found.keys() == wanted.keys()
        assert [at for at in found if found[at] != wanted[at] and at[0] != LOG] == []
    old, new = parts(own), parts(book)
    assert own_books.kept_of(own, book) == []
    assert [name for name in own_books.SHARED & old.keys() if not grown(old[name], new[name])] == []
    once = book.read_bytes()
    assert run("refresh", book, "--exports", demo_exports)[0] == DONE
    assert book.read_bytes() == once


def test_next_years_workbook_has_the_users_sheets_too_or_is_not_made(own, tmp_path, copied, run, values):
    book = tmp_path / "next.xlsx"
    assert (
        run("new", book, "--from", copied, "--with", copied)[0] == STATUS["wrong_call"]
    )  # it has our sheets already
    assert not book.exists()
    assert not book.with_suffix(".duckdb").exists()
    assert run("new", book, "--from", copied, "--with", own)[0] == DONE
    assert own_books.kept_of(own, book) == []
    assert run("refresh", book)[0] == DONE
    assert values(book)["visitors", "2026", ""] == values(copied)["visitors", "2026", ""]


def test_the_copy_to_hand_on_has_the_users_sheets(own, book, tmp_path, run):
    assert run("freeze", book, tmp_path / "copy.xlsx")[0] == DONE
    mine = cells(own, formulas=True)
    copy = cells(tmp_path / "copy.xlsx", formulas=True)
    assert {at: copy.get(at) for at in mine} == mine
