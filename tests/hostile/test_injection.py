"""What stands in an export is text wherever it is shown: no formula, no link, no mark-up, in no file we write."""

import csv
import io
import re
import zipfile

import pytest
from hostile.conftest import command
from lxml import etree

from opsbook.archive.archive_file import Archive
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.backends.xlsxwriter.new_workbook import build
from opsbook.book.compose import compose
from opsbook.commands.workbook_inputs import read_inputs
from opsbook.metrics.compute_review import review
from opsbook.plan.annual_plan import plan as make_plan

MARK = re.compile(r"EVIL\d\d|evil\.example")
TEXT_PARTS = {"t", "v"}  # texts of cells, drawings and charts


def marked(content):
    """Return (part, element, text) wherever a planted text stands, and how cells that show one are typed."""
    found, types = [], set()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            data = package.read(name)
            if not name.endswith((".xml", ".rels", ".vml")):
                assert not MARK.search(data.decode("latin-1")), name
                continue
            root = etree.fromstring(data)
            for element in root.iter(etree.Element):
                tag = etree.QName(element).localname
                texts = [(tag, element.text), *((f"@{name}", text) for name, text in element.attrib.items())]
                found += [(name, where, text) for where, text in texts if text and MARK.search(text)]
                if tag == "c":
                    types |= {element.get("t")} if MARK.search("".join(element.itertext())) else set()
    return found, types


def strange(found):
    return [place for place in found if place[1] not in TEXT_PARTS]


def test_a_refreshed_workbook_holds_planted_texts_as_texts_alone(planted_store):
    folder, _ = planted_store
    found, types = marked((folder / "review.xlsx").read_bytes())
    shown = {match for _, _, text in found for match in MARK.findall(text)}
    assert len(shown) > 8  # they are really there
    assert strange(found) == []
    assert types <= {"inlineStr", "str"}


def test_no_cell_with_a_formula_shows_one(planted_store):
    folder, _ = planted_store
    with zipfile.ZipFile(folder / "review.xlsx") as package:
        for name in package.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            for formula in etree.fromstring(package.read(name)).iter("{*}f"):
                assert not MARK.search(formula.text or ""), (name, formula.text)


@pytest.mark.parametrize("formulas", [True, False])
def test_a_new_workbook_holds_them_as_texts_alone(planted_store, formulas):
    folder, _ = planted_store
    with Workbook.open(folder / "review.xlsx", for_writing=False) as book:
        inputs = read_inputs(book, None)
    with Archive.open(folder / "review.duckdb", for_writing=False) as archive:
        found = review(archive, inputs.settings)
        receipts = archive.receipts()
    planned = make_plan(found, inputs.settings, inputs.standing, inputs.plan_year)
    plan = compose(found, inputs.settings, receipts=receipts, issues=inputs.issues, demo=False, plan=planned)
    places, types = marked(build(plan, formulas=formulas))
    assert places
    assert strange(places) == []
    assert types <= {"s", "str", "inlineStr"}


def test_no_field_of_values_can_run_when_the_csv_is_opened(planted_store):
    """Texts of exports stand behind ``key=``, so no field but a number begins with what starts a formula."""
    folder, _ = planted_store
    status, out, _ = command("values", folder / "review.xlsx")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert any(MARK.search(row["dimension"]) for row in rows)
    for row in rows:
        for name, field in row.items():
            if name == "value":
                assert not field or float(field) == float(field)
            else:
                assert not field.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")), (
                    name,
                    field,
                )


def test_nothing_moves_the_terminal(tmp_path):
    (tmp_path / "a\x1b[31m\u202ecsv.csv").write_bytes("订单号,未知\n1,2\n".encode())
    _, out, errors = command("check", tmp_path)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out + errors)
    assert "csv.csv" in out
