"""Refreshing again: twice, with fewer files, in another order, pasted instead of dropped: the same values."""

import hashlib
import shutil
import zipfile

import openpyxl
import pytest
import python_calamine
from sweeps import long


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_twice_changes_neither_workbook_nor_archive(copied, demo_exports, run):
    # The copy has another place, so its first refresh may write; the one after must not.
    run("refresh", copied, "--exports", demo_exports)
    before = digest(copied), digest(copied.with_suffix(".duckdb"))
    status, _ = run("refresh", copied, "--exports", demo_exports)
    assert status == 0
    assert (digest(copied), digest(copied.with_suffix(".duckdb"))) == before


def test_a_file_taken_away_changes_no_value(copied, demo_exports, tmp_path, run, values):
    before = values(copied)
    fewer = tmp_path / "fewer"
    shutil.copytree(demo_exports, fewer)
    (fewer / "Products-2026-09-30.xls").unlink()
    run("refresh", copied, "--exports", fewer)
    assert values(copied) == before


@long
def test_files_in_another_order_give_the_same_values(demo_book, demo_exports, tmp_path, run, values):
    book = tmp_path / "other.xlsx"
    run("new", book)
    files = sorted(path for path in demo_exports.iterdir() if path.is_file())
    for number, part in enumerate((files[1::2], files[0::2])):
        folder = tmp_path / f"part{number}"
        folder.mkdir()
        for path in reversed(part):
            shutil.copy(path, folder)  # without its time: the copy looks new
        run("refresh", book, "--exports", folder)
    assert values(book) == values(demo_book)


def rows_of(path):
    """Yield the sheets of an export as rows of plain cells, as a person would copy them."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".xlsx"):
                    import io

                    yield from sheets(
                        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(archive.read(name)))
                    )
    elif path.suffix in (".xls", ".xlsx") and path.read_bytes()[:1] != b"<":
        yield from sheets(python_calamine.CalamineWorkbook.from_path(str(path)))
    elif path.suffix == ".csv":
        import csv
        import io

        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030")
        yield list(csv.reader(io.StringIO(text)))


def as_excel_opens(cell):
    """Return what Excel makes of a cell of a CSV before it is copied: ``="id"`` is a formula for its text."""
    if isinstance(cell, str) and cell.startswith('="'):
        return cell[2:-1]
    return None if cell == "" else cell


def sheets(book):
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if rows:
            yield rows


@long
@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_pasted_instead_of_dropped_gives_the_same_values(demo_exports, tmp_path, run, values):
    """What tells no date of its own is left out on both sides: catalogue and inquiry list (HTML, dated by their names)
    and the list of core words (dated by its file; pasted, its period is asked for).
    """
    dropped, pasted = tmp_path / "dropped.xlsx", tmp_path / "pasted.xlsx"
    folder = tmp_path / "exports_dropped"
    folder.mkdir()
    files = [
        path
        for path in sorted(demo_exports.iterdir())
        if path.name != "核心关键词.csv" and any(True for _ in rows_of(path))
    ]
    for path in files:
        shutil.copy2(path, folder)
    run("new", dropped)
    run("refresh", dropped, "--exports", folder)

    run("new", pasted)
    book = openpyxl.load_workbook(pasted)
    number = 6
    for path in files:
        for rows in rows_of(path):
            number += 1
            sheet = book.create_sheet(f"粘贴{number}")
            for row in rows:
                sheet.append([as_excel_opens(cell) for cell in row])
    book.save(pasted)
    empty = tmp_path / "empty"
    empty.mkdir()
    run("refresh", pasted, "--exports", empty)
    assert values(pasted) == values(dropped)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_store_refreshes(tmp_path, run, values, language):
    book = tmp_path / "empty.xlsx"
    run("new", book, "--lang", language)
    status, _ = run("refresh", book)
    assert status == 0
    assert values(book) == {}


def test_what_another_workbook_brought_into_the_archive_is_not_passed_over(
    copied, demo_exports, tmp_path, run
):
    # Same file, same folder, and yet not the same figures: the data came through the other workbook.
    fewer = tmp_path / "fewer"
    fewer.mkdir()
    run("refresh", copied, "--exports", fewer)
    before = digest(copied)
    assert run("refresh", copied, "--exports", fewer)[0] == 0
    assert digest(copied) == before
    other = tmp_path / "other.xlsx"
    shutil.copy2(copied, other)
    late = tmp_path / "late"
    late.mkdir()
    (late / "2026-10.csv").write_text("月份,归因信保金额USD,备注\n2026-09,123,\n", encoding="utf-8")
    run("refresh", other, "--exports", late, "--archive", copied.with_suffix(".duckdb"))
    run("refresh", copied, "--exports", fewer)
    assert digest(copied) != before
