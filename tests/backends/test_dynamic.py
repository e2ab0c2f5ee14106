"""Calls of our functions as dynamic arrays, beside whatever metadata a user's workbook has."""

import re

import pytest
from backends.packages import REVIEW, build, parts, rewrite
from lxml import etree

from opsbook.backends.ooxml import dynamic_arrays
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.backends.ooxml.package_parts import Parts
from opsbook.backends.ooxml.zip_container import Container
from opsbook.book.address import Place
from opsbook.book.model import Cell

M = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PART, TYPES, LINKS = "xl/metadata.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata"
SPILLS = (
    '<bk><extLst><ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><d:dynamicArrayProperties '
    'xmlns:d="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray" fDynamic="1" fCollapsed="%d"/>'
    "</ext></extLst></bk>"
)
RICH = '<futureMetadata name="XLRICHVALUE" count="1"><bk><extLst/></bk></futureMetadata>'
VALUES = '<valueMetadata count="1"><bk><rc t="1" v="0"/></bk></valueMetadata>'


@pytest.mark.parametrize(
    ("formula", "ours"),
    [
        ("YOY_GROWTH(D8,D9)", True),
        ("yoy_growth(D8,D9)", True),
        ("IF(A1>0,1-PP_CHANGE(A1,B1),0)", True),
        ("-YOY_GROWTH(SUM(D8:D9),SUM(E8:E9))", True),
        ("SUM(D8:D9)", False),
        ('IF(A1="YOY_GROWTH(",1,2)', False),
        ("MY_YOY_GROWTH(A1,B1)", False),
        ("_xlfn.YOY_GROWTH(A1)", False),
        ("YOY_GROWTH", False),
        ("", False),
    ],
)
def test_calls_of_ours_are_told_from_others(formula, ours):
    assert dynamic_arrays.calls(formula) is ours


def with_metadata(path, body):
    """Give a workbook a part of metadata, as a user's arrays and pictures bring it."""
    rewrite(
        path,
        {
            PART: f'<metadata xmlns="{M}">{body}</metadata>'.encode(),
            TYPES: lambda data: data.replace(
                b"</Types>",
                f'<Override PartName="/{PART}" ContentType="{dynamic_arrays.KIND}"/></Types>'.encode(),
            ),
            LINKS: lambda data: data.replace(
                b"</Relationships>",
                f'<Relationship Id="rId77" Type="{RELATION}" Target="metadata.xml"/></Relationships>'.encode(),
            ),
        },
    )


TYPE = '<metadataType name="%s" minSupportedVersion="120000"/>'
# What a workbook has, and the number of ours among the metadata of cells.
KNOWN = {
    "none": ("", "1"),
    "arrays": (
        (
            f'<metadataTypes count="1">{TYPE % "XLDAPR"}</metadataTypes><futureMetadata name="XLDAPR" count="1">{SPILLS % 0}'
            '</futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata>'
        ),
        "1",
    ),
    "pictures": (f'<metadataTypes count="1">{TYPE % "XLRICHVALUE"}</metadataTypes>{RICH}{VALUES}', "1"),
    "pictures, then arrays": (
        (
            f'<metadataTypes count="2">{TYPE % "XLRICHVALUE"}{TYPE % "XLDAPR"}</metadataTypes>{RICH}'
            f'<futureMetadata name="XLDAPR" count="1">{SPILLS % 0}</futureMetadata>'
            f'<cellMetadata count="1"><bk><rc t="2" v="0"/></bk></cellMetadata>{VALUES}'
        ),
        "1",
    ),
    "arrays without room": (
        (
            f'<metadataTypes count="1">{TYPE % "XLDAPR"}</metadataTypes><futureMetadata name="XLDAPR" count="1">{SPILLS % 1}'
            '</futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata>'
        ),
        "2",
    ),
    "cubes": (
        (
            f'<metadataTypes count="1">{TYPE % "XLMDX"}</metadataTypes><metadataStrings count="1"><s v="x"/></metadataStrings>'
            '<mdxMetadata count="1"><mdx n="0" f="m"><k n="0" np="0" p="i"/></mdx></mdxMetadata>'
            '<cellMetadata count="2"><bk><rc t="1" v="0"/></bk><bk><rc t="1" v="0"/></bk></cellMetadata>'
        ),
        "3",
    ),
}
ORDER = ["metadataTypes", "metadataStrings", "mdxMetadata", "futureMetadata", "cellMetadata", "valueMetadata"]


@pytest.mark.parametrize("prefix", ["", "x:"], ids=["plain", "prefixed"])
@pytest.mark.parametrize("kind", KNOWN)
def test_metadata_of_the_user_keep_their_numbers(kind, prefix, tmp_path):
    body, expected = KNOWN[kind]
    path = build(tmp_path / "b.xlsx")
    if body:
        with_metadata(path, body)
    if body and prefix:
        spelled = lambda data: re.sub(rb"<(/?)(?=[a-z]+[A-Za-z]*[\s>/])", rb"<\1x:", data)  # noqa: E731
        rewrite(path, {PART: lambda data: spelled(data).replace(b" xmlns=", b" xmlns:x=", 1)})
    before = etree.fromstring(parts(path)[PART]) if body else None
    with Workbook.open(path, for_writing=True) as book:
        book.write(Place("业绩回顾", 40, 1), [[Cell(0.5, formula="YOY_GROWTH(C8,C7)")]])
        book.save()
    content = parts(path)
    assert (
        f'<c r="B41" cm="{expected}"><f t="array" ref="B41">YOY_GROWTH(C8,C7)</f><v>0.5</v></c>'.encode()
        in content[REVIEW]
    )
    root = etree.fromstring(content[PART])
    names = [etree.QName(node).localname for node in root]
    assert names == sorted(names, key=ORDER.index)
    for node in root:
        assert int(node.get("count")) == len(node)
    # Ours means: of the type XLDAPR, with properties that say no more than "dynamic".
    kinds = [node.get("name") for node in root[0]]
    blocks = {node.get("name"): list(node) for node in root if node.get("name")}
    entry = root.find(f"{{{M}}}cellMetadata")[int(expected) - 1][0]
    assert kinds[int(entry.get("t")) - 1] == "XLDAPR"
    said = etree.tostring(blocks["XLDAPR"][int(entry.get("v"))])
    assert b'fDynamic="1"' in said
    assert b'fCollapsed="0"' in said
    for node in before if before is not None else ():  # what was there stands at the front of the same list
        now = next(each for each in root if (each.tag, each.get("name")) == (node.tag, node.get("name")))
        assert [etree.tostring(each) for each in now][: len(node)] == [etree.tostring(each) for each in node]
    assert content[TYPES].count(b"sheetMetadata+xml") == content[LINKS].count(b"/sheetMetadata") == 1


def test_a_second_save_changes_nothing(tmp_path):
    path = build(tmp_path / "b.xlsx")
    found = []
    for _ in range(2):
        with Workbook.open(path, for_writing=True) as book:
            book.write(Place("业绩回顾", 40, 1), [[Cell(0.5, formula="YOY_GROWTH(C8,C7)")]])
            book.save()
        found.append(path.read_bytes())
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "stored",
    [
        "<f>YOY_GROWTH(C8,C7)</f>",
        '<f t="shared" si="0" ref="B41:B42">YOY_GROWTH(C8,C7)</f>',
        '<f t="array" ref="B41">YOY_GROWTH(C8,C7)</f>',  # as openpyxl keeps it: without the metadata
    ],
    ids=["plain", "shared", "without metadata"],
)
def test_calls_stored_in_other_ways_become_dynamic_arrays(stored, tmp_path):
    path = build(tmp_path / "b.xlsx")
    member = '<row r="42"><c r="B42"><f t="shared" si="0"/><v>1</v></c></row>' if "shared" in stored else ""
    row = f'<row r="41"><c r="B41">{stored}<v>0.5</v></c></row>{member}'.encode()
    rewrite(path, {REVIEW: lambda data: data.replace(b"</sheetData>", row + b"</sheetData>")})
    with Workbook.open(path, for_writing=True) as book:
        book.write(Place("业绩回顾", 40, 1), [[Cell(0.5, formula="YOY_GROWTH(C8,C7)")]])
        book.save()
    text = parts(path)[REVIEW].decode()
    assert '<c r="B41" cm="1"><f t="array" ref="B41">YOY_GROWTH(C8,C7)</f><v>0.5</v></c>' in text
    assert ("<f>YOY_GROWTH(C9,C8)</f>" in text) == bool(member)  # the other one is a user's: it keeps its way


def test_a_merged_cell_keeps_a_plain_formula(tmp_path):
    # Excel takes no array in merged cells; B2:D2 is merged.
    path = build(tmp_path / "b.xlsx")
    with Workbook.open(path, for_writing=True) as book:
        book.write(Place("业绩回顾", 1, 1), [[Cell(0.5, formula="YOY_GROWTH(C8,C7)")]])
        book.save()
    assert b"<f>YOY_GROWTH(C8,C7)</f>" in parts(path)[REVIEW]
    assert PART not in parts(path)


def test_nothing_is_added_where_nothing_calls(tmp_path):
    path = build(tmp_path / "b.xlsx")
    content = Parts(Container(path.read_bytes()))
    with Workbook.open(path, for_writing=True) as book:
        book.write(Place("业绩回顾", 40, 1), [[Cell(0.5, formula="C8/C7")]])
        book.save()
    assert set(parts(path)) == set(content.names)
