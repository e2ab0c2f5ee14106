"""A frozen copy as PDF: by the program that is there, whole or not at all, and a clear sentence where there is none."""

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from opsbook.domain.errors import BookError
from opsbook.share import pdf

OFFICE = shutil.which("soffice")


@pytest.fixture
def book(tmp_path):
    made = openpyxl.Workbook()
    made.active["A1"] = "信保"
    made.save(tmp_path / "b.xlsx")
    return tmp_path / "b.xlsx"


def test_without_a_program_the_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setattr(pdf, "libreoffice", lambda: "")
    monkeypatch.setattr(pdf, "_has_excel", lambda: False)
    with pytest.raises(BookError, match="neither Excel") as told:
        pdf.printer()
    assert "LibreOffice" in told.value.message("zh")


@pytest.mark.skipif(not OFFICE, reason="needs LibreOffice (soffice) on the path")
def test_libreoffice_prints(book, tmp_path):
    pdf.write(book, tmp_path / "b.pdf", lambda one, other: pdf.by_libreoffice(OFFICE, one, other))
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")


def test_excel_prints_and_is_closed_again(book, tmp_path, monkeypatch):
    said = []

    def export(kind, path):
        said.append(kind)
        Path(path).write_bytes(b"%PDF of Excel")

    opened = SimpleNamespace(
        api=SimpleNamespace(ExportAsFixedFormat=export), close=lambda: said.append("closed")
    )
    app = SimpleNamespace(
        books=SimpleNamespace(open=lambda *_, **__: opened),
        quit=lambda: said.append("quit"),
        display_alerts=True,
    )
    monkeypatch.setitem(sys.modules, "xlwings", SimpleNamespace(App=lambda **_: app))
    pdf.write(book, tmp_path / "b.pdf", pdf.by_excel)
    assert said == [0, "closed", "quit"]
    assert (tmp_path / "b.pdf").read_bytes() == b"%PDF of Excel"


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(lambda *_: None, id="prints nothing"),
        pytest.param(
            lambda one, other: pdf.by_libreoffice("/no/such/program", one, other), id="is not there"
        ),
    ],
)
def test_a_program_that_fails_leaves_no_file(book, tmp_path, how):
    with pytest.raises(BookError, match="was not made"):
        pdf.write(book, tmp_path / "b.pdf", how)
    assert [path.name for path in tmp_path.iterdir()] == ["b.xlsx"]


def test_a_pdf_that_is_there_is_replaced_only_when_asked(book, tmp_path):
    target = tmp_path / "b.pdf"
    target.write_bytes(b"mine")
    with pytest.raises(BookError, match="--overwrite"):
        pdf.check_target(target, overwrite=False)
    pdf.check_target(target, overwrite=True)
    pdf.write(book, target, lambda _, other: other.write_bytes(b"new") and None, overwrite=True)
    assert target.read_bytes() == b"new"
