"""Every kind of file that OpsBook writes is as Excel expects it; and the rules that say so find what they are for."""

from __future__ import annotations

import zipfile
from collections import Counter

import pytest
from backends.packages import parts
from conform import kinds, planted, rules
from conform.model import M
from lxml import etree

from opsbook.backends.ooxml import ignored_errors
from opsbook.book.address import Place

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return one of each kind of file, by its name."""
    return {path.name: path for path in kinds.write(tmp_path_factory.mktemp("kinds"))}


def test_every_kind_of_file_is_as_excel_expects_it(written):
    found = {}
    for name, path in written.items():
        faults = Counter(rules.faults(path))
        own = path.with_name(f"own-{name}")
        if own.exists():  # what a user's workbook had before stays theirs
            faults -= Counter(rules.faults(own))
        if faults:
            found[name] = faults
    assert found == {}
    assert len(written) >= 22


@pytest.fixture(scope="module")
def sound():
    return planted.sound()


def test_the_sound_workbook_is_sound(sound, tmp_path):
    path = tmp_path / "sound.xlsx"
    path.write_bytes(planted.packed(sound))
    assert rules.faults(path) == []


@pytest.mark.parametrize("fault", planted.FAULTS)
def test_planted_faults_are_found(fault, sound, tmp_path):
    path = tmp_path / "fault.xlsx"
    path.write_bytes(planted.with_fault(sound, fault))
    assert planted.FAULTS[fault][0] in {code for code, _ in rules.faults(path)}


def test_calls_of_functions_are_dynamic_arrays_in_every_host(written):
    # As plain formulas they would be shown as =@YOY_GROWTH(...): the demonstration alone has hundreds.
    counts = {
        name: sum(
            data.count(b' cm="') for part, data in parts(written[name]).items() if "worksheets/" in part
        )
        for name in (
            "demo.xlsx",
            "refreshed-lambda.xlsx",
            "upgraded.xlsx",
            "joined.xlsx",
            "frozen-lambda.xlsx",
        )
    }
    assert min(counts.values()) > 400
    assert all(
        b' cm="' not in data
        for name in (
            "refreshed-inline.xlsx",
            "refreshed-macros.xlsm",
            "frozen-values.xlsx",
            "frozen-inline.xlsx",
        )
        for part, data in parts(written[name]).items()
        if "worksheets/" in part
    )


@pytest.mark.parametrize("kind", ["joined-arrays.xlsx", "joined-pictures.xlsx"])
def test_arrays_pictures_and_cleared_corners_of_a_user_survive_a_refresh(written, kind):
    before, after = parts(written[kind].with_name(f"own-{kind}")), parts(written[kind])
    assert after["xl/worksheets/sheet1.xml"] == before["xl/worksheets/sheet1.xml"]
    old, new = before["xl/metadata.xml"], after["xl/metadata.xml"]
    assert new.count(b"<valueMetadata") == old.count(b"<valueMetadata") == 1
    assert new.count(b'name="XLRICHVALUE"') == old.count(b'name="XLRICHVALUE"') == 2  # type and values
    # A picture's cell speaks of the second type where there is a spill, of the first where there is none.
    assert new[new.index(b"<valueMetadata") :] == old[old.index(b"<valueMetadata") :]


@pytest.mark.parametrize(
    ("own", "blocks", "expected"),
    [
        ("", ["B2:C3"], {"B2:C3": "efnr"}),
        ('<ignoredError sqref="A9" twoDigitTextYear="1"/>', ["B2:C3"], {"A9": "y", "B2:C3": "efnr"}),
        # A corner that the user cleared inside the block: its flag stays, ours are added, nothing is named twice.
        (
            '<ignoredError sqref="B2 E1:E9" twoDigitTextYear="1"/>',
            ["B2:C3"],
            {"B2": "efnry", "E1:E9": "y", "B3:C3": "efnr", "C2": "efnr"},
        ),
        # One that is larger than the block is split at its edges.
        (
            '<ignoredError sqref="A1:D4" formula="1"/>',
            ["B2:C3"],
            {"B2:C3": "efnr", "A1:D1": "f", "A4:D4": "f", "A2:A3": "f", "D2:D3": "f"},
        ),
        ('<ignoredError sqref="A:B 3:4" evalError="1"/>', ["F1"], {"A:B": "e", "3:4": "e", "F1": "efnr"}),
    ],
    ids=["none", "elsewhere", "inside", "around", "whole columns"],
)
def test_corners_are_cleared_beside_those_of_the_user(own, blocks, expected):
    letters = {
        "evalError": "e",
        "formula": "f",
        "numberStoredAsText": "n",
        "formulaRange": "r",
        "twoDigitTextYear": "y",
    }
    listing = f"<ignoredErrors>{own}</ignoredErrors>" if own else ""
    frame = f'<worksheet xmlns="{M[1:-1]}"><sheetData/><pageMargins/>{listing}<drawing/></worksheet>'.encode()
    places = [Place("x", *_corner(each)) for each in blocks]
    covered = ignored_errors.covered(frame, places)
    root = etree.fromstring(covered)
    assert [etree.QName(node).localname for node in root] == [
        "sheetData",
        "pageMargins",
        "ignoredErrors",
        "drawing",
    ]
    found = {
        piece: "".join(
            sorted(letters[name] for name, value in node.items() if name != "sqref" and value == "1")
        )
        for node in root.iter(f"{M}ignoredError")
        for piece in node.get("sqref").split()
    }
    assert found == expected
    assert ignored_errors.covered(covered, places) == covered


def _corner(text):
    from opsbook.book import address

    place = address.parse(text)
    return place.row, place.column, place.rows, place.columns


def test_a_workbook_asks_to_calculate_only_where_a_users_formula_may_be_stale(written):
    def asks(name):
        with zipfile.ZipFile(written[name]) as package:
            return b'fullCalcOnLoad="1"' in package.read("xl/workbook.xml")

    assert not any(
        map(asks, ("new-inline.xlsx", "demo.xlsx", "refreshed-macros.xlsm", "fleet.xlsx", "functions.xlam"))
    )
    assert asks("joined.xlsx")  # it has a sum of the user's own
