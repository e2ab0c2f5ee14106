"""What surrounds the cells, in the shapes that Excel writes: what leads nowhere goes, and nothing else does."""

import re

import pytest

from opsbook.share.freeze import copied_charts, copied_drawings, sheet_frame
from opsbook.share.freeze.formula_dependencies import Reach

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
XDR = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
C = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


@pytest.fixture(scope="module")
def reach():
    return Reach(["Paste1"], [], [], [], ["YOY_GROWTH"])


def sheet(inside):
    return f"<worksheet {MAIN} {R} {MC} {X14}><sheetData></sheetData>{inside}</worksheet>".encode()


KEPT_RULE = '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="2"><formula>A1&gt;2</formula></cfRule></conditionalFormatting>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '<conditionalFormatting sqref="A1:A9"><cfRule type="expression" priority="1"><formula>A1&gt;Paste1!$A$1</formula></cfRule></conditionalFormatting>'
            + KEPT_RULE,
            KEPT_RULE,
        ),
        (
            '<dataValidations count="2"><dataValidation type="list" sqref="A1"><formula1>Paste1!$A$1:$A$9</formula1></dataValidation><dataValidation type="list" sqref="B1"><formula1>"a,b"</formula1></dataValidation></dataValidations>',
            '<dataValidations count="1"><dataValidation type="list" sqref="B1"><formula1>"a,b"</formula1></dataValidation></dataValidations>',
        ),
        (
            '<hyperlinks><hyperlink ref="A1" location="Paste1!A1" display="x"/></hyperlinks><drawing r:id="rId1"/>',
            '<drawing r:id="rId1"/>',
        ),
        (
            '<legacyDrawing r:id="rId1"/><mc:AlternateContent><mc:Choice Requires="x14"><controls><mc:AlternateContent><mc:Choice Requires="x14"><control shapeId="1" r:id="rId1" name="B"/></mc:Choice><mc:Fallback><control shapeId="1" r:id="rId1"/></mc:Fallback></mc:AlternateContent></controls></mc:Choice></mc:AlternateContent>',
            '<legacyDrawing r:id="rId1"/>',
        ),
        (
            '<tableParts count="2"><tablePart r:id="rId1"/><tablePart r:id="gone"/></tableParts>',
            '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>',
        ),
        (
            '<extLst><ext uri="{A8765BA9-456A-4dab-B4F3-ACF838C121DE}"><x14:slicerList><x14:slicer r:id="rId1"/></x14:slicerList></ext></extLst>',
            "",
        ),
        (
            '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"><x14:sparklineGroups><x14:sparklineGroup><x14:colorSeries rgb="FF000000"/><x14:sparklines><x14:sparkline><xm:f>Paste1!A1:A9</xm:f><xm:sqref>B1</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>',
            "",
        ),
        (
            '<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}"><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="dataBar" id="{1}"><x14:dataBar><x14:cfvo type="formula"><xm:f>Paste1!A1</xm:f></x14:cfvo></x14:dataBar></x14:cfRule><xm:sqref>A1</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>',
            "",
        ),
    ],
    ids=["format", "validation", "link", "controls", "table", "slicer", "sparkline", "new format"],
)
def test_only_what_leads_nowhere_is_cut_from_a_sheet(reach, before, after):
    data, cut = sheet_frame.trimmed(sheet(before), reach, {"rId1"})
    assert data == sheet(after)
    assert cut.total()


def test_a_calculated_column_becomes_plain(reach):
    table = f'<table {MAIN} ref="A1:B2"><tableColumns count="2"><tableColumn id="1" name="a"/><tableColumn id="2" name="b"><calculatedColumnFormula>YOY_GROWTH(A1,A2)</calculatedColumnFormula></tableColumn></tableColumns></table>'
    data, _ = sheet_frame.trimmed(table.encode(), reach, set())
    assert data.decode() == re.sub("<calc.*Formula>", "", table)


def drawing(*anchors):
    return f"<xdr:wsDr {XDR} {R} {MC}>{''.join(anchors)}</xdr:wsDr>".encode()


def shape(attributes="", inside=""):
    return f'<xdr:twoCellAnchor><xdr:sp{attributes}><xdr:nvSpPr><xdr:cNvPr id="2" name="s">{inside}</xdr:cNvPr></xdr:nvSpPr></xdr:sp></xdr:twoCellAnchor>'


CONTROL = '<a:extLst><a:ext uri="{63B3BB69-23CF-44E3-9099-C40C66FF867C}"><a14:compatExt xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" spid="_x0000_s1025"/></a:ext></a:extLst>'
SLICER = '<mc:AlternateContent><mc:Choice Requires="sle15"><xdr:twoCellAnchor><xdr:graphicFrame macro=""><a:graphic><a:graphicData><sle:slicer xmlns:sle="http://schemas.microsoft.com/office/drawing/2010/slicer" name="n"/></a:graphicData></a:graphic></xdr:graphicFrame></xdr:twoCellAnchor></mc:Choice><mc:Fallback/></mc:AlternateContent>'


def test_buttons_controls_and_slicers_go_and_shapes_stay(reach):
    picture = '<xdr:oneCellAnchor><xdr:pic><xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></xdr:oneCellAnchor>'
    kept = [shape(), picture]
    gone = [
        shape(' macro="[0]!Refresh"'),
        SLICER,
        '<xdr:oneCellAnchor><a:x r:id="gone"/></xdr:oneCellAnchor>',
    ]
    data, number = copied_drawings.trimmed(
        drawing(kept[0], *gone, kept[1], shape(inside=CONTROL)), reach, {"rId1"}
    )
    assert data == drawing(*kept)
    assert number == 3  # the control is counted in the sheet's old drawing


def test_links_of_a_shape_go_alone(reach):
    linked = shape(' textlink="Paste1!$A$1" macro=""', '<a:hlinkClick r:id="gone"/>')
    text = '<xdr:txBody><a:p><a:fld id="{1}" type="TxLink"><a:rPr lang="en"/><a:pPr algn="l"/><a:t>42</a:t></a:fld></a:p></xdr:txBody>'
    data, number = copied_drawings.trimmed(
        drawing(linked.replace("</xdr:sp>", f"{text}</xdr:sp>")), reach, set()
    )
    assert number == 0
    plain = '<xdr:txBody><a:p><a:r><a:rPr lang="en"/><a:t>42</a:t></a:r></a:p></xdr:txBody>'
    assert data == drawing(shape(' macro=""').replace("</xdr:sp>", f"{plain}</xdr:sp>"))


def test_comments_keep_their_boxes():
    note = (
        '<v:shape id="a"><v:fill/><x:ClientData ObjectType="Note"><x:Row>1</x:Row></x:ClientData></v:shape>'
    )
    header = '<v:shape id="CH"><v:imagedata o:relid="rId1"/></v:shape>'
    button = '<v:shape id="b"><v:textbox><br>Refresh</v:textbox><x:ClientData ObjectType="Button"/></v:shape>'
    data, number = copied_drawings.notes_only(f"<xml>{note}{button}{header}</xml>".encode())
    assert data == f"<xml>{note}{header}</xml>".encode()
    assert number == 1


def chart(inside):
    return f"<c:chartSpace {C}><c:chart>{inside}</c:chart></c:chartSpace>".encode()


def test_labels_of_several_levels_become_one(reach):
    levels = '<c:lvl><c:pt idx="0"><c:v>Jan</c:v></c:pt><c:pt idx="1"><c:v>Feb</c:v></c:pt></c:lvl><c:lvl><c:pt idx="0"><c:v>2025</c:v></c:pt></c:lvl>'
    before = f'<c:ser><c:cat><c:multiLvlStrRef><c:f>Paste1!A1:B2</c:f><c:multiLvlStrCache><c:ptCount val="2"/>{levels}</c:multiLvlStrCache></c:multiLvlStrRef></c:cat></c:ser>'
    data, number = copied_charts.literal(chart(before), reach)
    points = (
        '<c:ptCount val="2"/><c:pt idx="0"><c:v>2025 Jan</c:v></c:pt><c:pt idx="1"><c:v>2025 Feb</c:v></c:pt>'
    )
    assert data == chart(f"<c:ser><c:cat><c:strLit>{points}</c:strLit></c:cat></c:ser>")
    assert number == 1


def test_a_title_keeps_its_look(reach):
    look = '<c:txPr><a:bodyPr rot="0"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1400" b="1"><a:latin typeface="X"/></a:defRPr></a:pPr><a:endParaRPr lang="en"/></a:p></c:txPr>'
    reference = '<c:strRef><c:f>Paste1!$A$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>Sales &amp; co</c:v></c:pt></c:strCache></c:strRef>'
    data, _ = copied_charts.literal(
        chart(f'<c:title><c:tx>{reference}</c:tx><c:overlay val="0"/>{look}</c:title>'), reach
    )
    text = data.decode()
    assert '<a:defRPr sz="1400" b="1"><a:latin typeface="X"/></a:defRPr>' in text
    assert (
        '<a:r><a:rPr sz="1400" b="1"><a:latin typeface="X"/></a:rPr><a:t>Sales &amp; co</a:t></a:r>' in text
    )
    assert '<a:bodyPr rot="0"/>' in text
    assert "txPr" not in text
    assert text.count("<a:p>") == 1


def test_hidden_series_and_ties_to_other_files_go(reach):
    number = '<c:val><c:numRef><c:f>Mine!$A$1</c:f><c:numCache><c:ptCount val="1"/></c:numCache></c:numRef></c:val>'
    filtered = '<c:extLst><c:ext uri="{02D57815}"><c15:filteredLineSeries xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"><c15:ser><c:val><c:numRef><c:extLst><c:ext><c15:formulaRef><c15:sqref>Paste1!$B$1</c15:sqref></c15:formulaRef></c:ext></c:extLst><c:numCache><c:pt idx="0"><c:v>7</c:v></c:pt></c:numCache></c:numRef></c:val></c15:ser></c15:filteredLineSeries></c:ext></c:extLst>'
    data, _ = copied_charts.literal(
        chart(
            f'<c:pivotSource><c:name>x</c:name></c:pivotSource><c:ser>{number}</c:ser>{filtered}<c:externalData r:id="rId1" {R}/>'
        ),
        reach,
    )
    assert data == chart(f"<c:ser>{number}</c:ser><c:extLst></c:extLst>")
