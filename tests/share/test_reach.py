"""What a formula of a copy reads that the copy does not have."""

import pytest

from opsbook.backends.ooxml.workbook_part import DefinedName
from opsbook.share.freeze.formula_dependencies import Reach

NAMES = [
    DefinedName("total", "SUM('My sheet'!$A$1:$A$9)", None),
    DefinedName("buyers", "Paste1!$A$1:$A$9", None),
    DefinedName("double", "buyers*2", None),
    DefinedName("half", "double/4", None),
    DefinedName("TWICE", "_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)", None),
]


@pytest.fixture(scope="module")
def reach():
    return Reach(["Paste1", "It's gone"], ["Pasted"], NAMES, ["YOY_GROWTH"], ["YOY_GROWTH", "ATTAIN"])


@pytest.mark.parametrize(
    "formula",
    [
        "A1+$B$2*SUM(A:A,1:3)",
        "'My sheet'!A1&\"Paste1\"",
        "SUM(Mine[a b],Mine[[#This Row],[2024]])",
        "total+[0]!total",
        "YOY_GROWTH(A1,B1)",
        "TWICE(A1)",
        "_xlfn.LET(_xlpm.x,A1,_xlpm.x*2)",
        "_xlfn.XLOOKUP(A1,B:B,C:C)",
        "IF(TRUE,#N/A,{1,2;3,4})",
        "A1:INDEX(B:B,3)",
        'IF(A1="Paste1",1,0)&"it""s"',
    ],
)
def test_what_the_copy_has(reach, formula):
    assert not reach.lost(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "Paste1!A1",
        "SUM('paste1'!A1:B2)",
        "'It''s gone'!$A$1",
        "Paste1!A1:INDEX(B:B,3)",
        "SUM(First:Last!A1)",
        "SUM(Pasted[x])",
        "[1]Sheet1!A1",
        "'C:\\a\\[b.xlsx]c'!A1",
        "[1]!FOO(A1)",
        "buyers",
        "half+1",
        "unheard_of+1",
        "ATTAIN(A1,B1)",
        "MyMacro(A1)",
        'INDIRECT("A1")',
        'HYPERLINK("#\'Paste1\'!A1","see")',
        "GETPIVOTDATA(A1,B1)",
        "SHEETS()",
        'SUM(A1,"unclosed',
    ],
)
def test_what_the_copy_lacks(reach, formula):
    assert reach.lost(formula)


def test_names_fall_with_what_they_read(reach):
    assert reach.names == {"total", "twice"}


def test_a_print_area_is_judged_for_itself(reach):
    assert reach.keeps(DefinedName("_xlnm.Print_Area", "'My sheet'!$A$1:$B$9", 0))
    assert not reach.keeps(DefinedName("_xlnm.Print_Area", "OFFSET(Paste1!$A$1,0,0,9,9)", 1))
    assert not reach.keeps(DefinedName("buyers", "Paste1!$A$1:$A$9", None))
