"""Other programs open the refreshed workbook, calculate its formulas anew, and agree with the stored values."""

import re
import shutil
import subprocess

import openpyxl
import pytest

from opsbook.functions import FUNCTIONS

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


REFERENCE = re.compile(r"=('[^']+'!)?[A-Z]+[0-9]+")
DIFFERENCE = re.compile(r"=[A-Z]+\d+-[A-Z]+\d+")


def cells(path, *, formulas):
    """Return every filled cell of a workbook by sheet and address; a formula as its text, a dynamic array's too."""
    book = openpyxl.load_workbook(path, data_only=not formulas)
    return {
        (sheet.title, cell.coordinate): getattr(cell.value, "text", cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def same(one, other):
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == pytest.approx(other, rel=1e-9, abs=1e-12)
    return one == other


@pytest.fixture(params=["demo_book", "lambda_book"])
def book(request):
    """Return the demonstration store's workbook, with formulas written out and with LAMBDA names."""
    return request.getfixturevalue(request.param)


def formula_cells(demo_book):
    """Return the formula cells of the workbook with their stored values."""
    formulas = cells(demo_book, formulas=True)
    values = cells(demo_book, formulas=False)
    return {
        at: values.get(at) for at, text in formulas.items() if isinstance(text, str) and text.startswith("=")
    }


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice (soffice) on the path")
@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_libreoffice_agrees_with_every_value_it_can_compute(book, tmp_path):
    stored = formula_cells(book)
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user/registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(tmp_path),
            str(book),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    computed = cells(tmp_path / book.name, formulas=False)
    formulas = cells(book, formulas=True)
    known = {at: value for at, value in stored.items() if not beyond(at, formulas, computed)}
    called = any(f"{name}(" in formulas[at] for at in stored for name in FUNCTIONS)
    assert len(known) > 200
    assert called or known == stored  # written out, LibreOffice calculates every cell
    wrong = {
        at: (value, computed.get(at)) for at, value in known.items() if not same(value, computed.get(at))
    }
    assert wrong == {}


def beyond(at, formulas, computed):
    """Whether LibreOffice cannot know the cell: it calls a LAMBDA name, or only repeats or subtracts cells that do."""
    text = formulas[at]
    if any(f"{name}(" in text for name in FUNCTIONS):
        return True
    plain = REFERENCE.fullmatch(text) or DIFFERENCE.fullmatch(text)
    return bool(plain) and str(computed.get(at)).startswith("#")


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_formulon_agrees_with_every_formula(book):
    stored = formula_cells(book)
    formulon = pytest.importorskip("formulon")
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

    with formulon.Workbook.load(book.read_bytes()) as opened:
        sheets = {opened.sheet_name(number): number for number in range(opened.sheet_count())}
        opened.recalc()
        wrong = {}
        for (sheet, address), value in stored.items():
            letters, row = coordinate_from_string(address)
            found = opened.get_value(sheets[sheet], row - 1, column_index_from_string(letters) - 1)
            computed = error(found, formulon) or found.to_python()
            if not same(value, computed):
                wrong[sheet, address] = (value, computed)
    assert len(stored) > 400
    assert wrong == {}


def error(value, formulon):
    if value.kind == formulon.ValueKind.ERROR:
        return formulon.error_display_name(value.error_code)
    return None
