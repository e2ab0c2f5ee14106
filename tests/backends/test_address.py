from __future__ import annotations

from dataclasses import replace

import pytest

from opsbook.book import address
from opsbook.book.address import Place


@pytest.mark.parametrize(
    ("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_letters_of_columns(column, letters):
    assert address.letters(column) == letters
    assert address.column_number(letters) == column


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("C5", Place("", 4, 2)),
        ("$C$5:$D$9", Place("", 4, 2, 5, 2)),
        ("D9:C5", Place("", 4, 2, 5, 2)),
        ("业绩回顾!$B$5", Place("业绩回顾", 4, 1)),
        ("'It''s a b'!B5:B6", Place("It's a b", 4, 1, 2, 1)),
        ("=Sheet1!$A$1", Place("Sheet1", 0, 0)),
    ],
)
def test_plain_rectangles(text, place):
    assert address.parse(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "#REF!",
        "Sheet1!#REF!",
        "Sheet1!$A:$A",
        "Sheet1!$1:$3",
        "A1,B2",
        "(S!$A$1,S!$A$3)",
        "[1]S!A1",
        "'[b.xlsx]S'!A1",
        "1",
        '"B2"',
        "OFFSET(A1,1,1)",
        "S!A1048577",
        "XFE1",
        "",
    ],
)
def test_what_is_no_rectangle(text):
    assert address.parse(text) is None


def test_spelling():
    assert address.spell(Place("业绩", 4, 2)) == "'业绩'!C5"
    assert address.spell(Place("It's", 4, 2, 2, 1), absolute=True) == "'It''s'!$C$5:$C$6"
    assert address.spell(Place("", 0, 0), colon=True) == "A1:A1"


def test_rewrite_touches_ranges_alone():
    def longer(place):
        return replace(place, rows=place.rows + 1) if place.sheet in ("", "A b") else None

    text = "SUM('A b'!$B$2:B9)+SUM(Other!B2:B9)+LEN(\"B2:B9\")+[1]S!B2:B9+B2+S1:S2!B2:B9"
    wanted = "SUM('A b'!$B$2:B10)+SUM(Other!B2:B9)+LEN(\"B2:B9\")+[1]S!B2:B9+B2+S1:S2!B2:B9"
    assert address.rewrite(text, longer) == wanted


def test_fill_names_the_sheet_only_when_it_is_another_one():
    places = [Place("甲", 4, 2), Place("乙", 0, 0, 2, 1)]
    assert address.fill("YOY({0},{1})", places, "甲") == "YOY(C5,'乙'!A1:A2)"


def test_formulas_that_differ_in_quotes_only():
    assert address.same_formula("'业绩'!C5+1", "业绩!C5+1")
    assert not address.same_formula("\"'业绩'!\"&C5", '"业绩!"&C5')
