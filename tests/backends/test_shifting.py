"""Where references lead once lines have come to a sheet or gone from it, as Excel has them."""

from __future__ import annotations

import pytest

from opsbook.backends.ooxml.shifting import COLUMNS, ROWS, Shift, copied
from opsbook.backends.upgrade.alignment import align
from opsbook.book.address import Place

TWO_ROWS_BEFORE_5 = Shift("S", ROWS, 4, 2)
ROWS_5_AND_6_GO = Shift("S", ROWS, 4, -2)
COLUMN_BEFORE_C = Shift("S", COLUMNS, 2, 1)
# Cells B5:C9 move down by one row.
PART = Shift("S", ROWS, 4, 1, (1, 2), 8)


@pytest.mark.parametrize(
    ("shift", "before", "after"),
    [
        (TWO_ROWS_BEFORE_5, "A4+A5+$A$5", "A4+A7+$A$7"),
        (TWO_ROWS_BEFORE_5, "SUM(A1:A4,A1:A5,A5:A9)", "SUM(A1:A4,A1:A7,A7:A11)"),
        (TWO_ROWS_BEFORE_5, "SUM(A:A,4:5,5:5)", "SUM(A:A,4:7,7:7)"),
        (TWO_ROWS_BEFORE_5, "S!A5+'S'!A5+T!A5+'T'!A5", "S!A7+'S'!A7+T!A5+'T'!A5"),
        (TWO_ROWS_BEFORE_5, '"A5"&A5&LOG10(A5)&A5_x', '"A5"&A7&LOG10(A7)&A5_x'),
        (TWO_ROWS_BEFORE_5, "[1]S!A5+'[b.xlsx]S'!A5+S:T!A5+Tab[[A5]:[A6]]", "[1]S!A5+'[b.xlsx]S'!A5+S:T!A5+Tab[[A5]:[A6]]"),
        (TWO_ROWS_BEFORE_5, "INDEX(A5:A9,1):A9&A5#", "INDEX(A7:A11,1):A11&A7#"),
        (ROWS_5_AND_6_GO, "A4+A5+A7", "A4+#REF!+A5"),
        (ROWS_5_AND_6_GO, "SUM(A1:A5,A5:A9,A5:A6,A1:A9)", "SUM(A1:A4,A5:A7,#REF!,A1:A7)"),
        (COLUMN_BEFORE_C, "B1+C1+B:C+1:1+AA1", "B1+D1+B:D+1:1+AB1"),
        (PART, "A5+B5+C9+C10+SUM(B5:C9)+SUM(B1:C9)", "A5+B6+C10+C10+SUM(B6:C10)+SUM(B1:C10)"),
        (PART, "SUM(A5:C9)+SUM(B5:B12)", "SUM(A5:C9)+SUM(B5:B12)"),
    ],
)  # fmt: skip
def test_formulas_follow(shift, before, after):
    assert shift.formula(before, "S") == after


@pytest.mark.parametrize(
    ("shift", "before", "after"),
    [
        (TWO_ROWS_BEFORE_5, "A1:B4 A5 C4:C6", "A1:B4 A7 C4:C8"),
        (ROWS_5_AND_6_GO, "A5:B6 C1", "C1"),
        (PART, "A5:D5", "B6:C6 A5 D5"),
    ],
)
def test_ranges_of_rules_follow(shift, before, after):
    assert shift.references(before) == after


def test_cells_and_rows_move():
    assert [TWO_ROWS_BEFORE_5.cell(row, 0) for row in (3, 4)] == [(3, 0), (6, 0)]
    assert [ROWS_5_AND_6_GO.cell(row, 0) for row in (3, 4, 5, 6)] == [(3, 0), None, None, (4, 0)]
    assert [PART.cell(4, column) for column in (0, 1, 2, 3)] == [(4, 0), (5, 1), (5, 2), (4, 3)]
    assert PART.place(Place("S", 4, 1, 5, 2)) == Place("S", 5, 1, 5, 2)


def test_a_copied_formula_keeps_what_is_fixed():
    assert copied("$A$1+$A1+A$1+A1+T!A1", (2, 3), (10, 20)) == "$U$11+$U3+D$11+D3+T!A1"


@pytest.mark.parametrize(
    ("wanted", "present", "found"),
    [
        ("head a b c", "head a c", [0, 1, None, 2]),  # a line that is new
        ("head a c", "head a b c", [0, 1, 3]),  # one that is the user's, or goes
        ("head a - b -", "head a - b -", [0, 1, 2, 3, 4]),
        ("head a - n - b -", "head a - b -", [0, 1, 2, None, None, 3, 4]),
        ("head - - -", "head x y", [0, 1, 2, None]),  # labels of the data, in their order
        ("head a b", "head a z", [0, 1, 2]),  # a new word for the same line
    ],
)
def test_lines_are_known_by_their_labels(wanted, present, found):
    def labels(text):
        return ["" if label == "-" else label for label in text.split()]

    assert align(labels(wanted), labels(present)) == found
