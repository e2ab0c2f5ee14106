"""Cut-off pages, merged XML cells, lone quotation marks, formulas without a result, contacts in bad cells."""

import pytest
from intake.in_process import read_rows

from opsbook.intake.clean_tables import Source
from opsbook.intake.grid import Grid
from opsbook.intake.header_map import HeaderMap
from opsbook.intake.html_tables import read_html
from opsbook.intake.issue_collector import IssueCollector
from opsbook.intake.limits import Unreadable
from opsbook.intake.redaction import without_contacts
from opsbook.intake.sheets import read_tables
from opsbook.intake.spreadsheet_xml import NAMESPACE, read_spreadsheet
from opsbook.intake.stray_quotes import records
from opsbook.intake.text_columns import parse_ids

PAGE = "<table><tr><td>日期</td><td>金额</td></tr><tr><td>2025-03-01</td><td>1300</td></tr>"


@pytest.mark.parametrize(
    ("end", "whole"),
    [
        ("</table>", True),
        ("</table></body></html>", True),
        ("</body></html>", True),
        ("", False),
        ("<tr><td>2025-03", False),
    ],
)
def test_a_page_that_ends_inside_its_table_is_refused(end, whole):
    if whole:
        assert read_html((PAGE + end).encode())[0].height == 2
    else:
        with pytest.raises(Unreadable):
            read_html((PAGE + end).encode())


@pytest.mark.parametrize("index", ['ss:Index="3"', ""], ids=["with its column", "after what is covered"])
def test_cells_merged_downward_in_an_xml_workbook(index):
    def cell(text, more=""):
        return f'<Cell {more}><Data ss:Type="String">{text}</Data></Cell>'

    down = 'ss:MergeDown="1"'
    rows = [
        cell("日期") + cell("订单号") + cell("金额(美元)"),
        cell("2025-03-01", down) + cell("A1", down) + cell("50"),
        cell("30", index),
        cell("2025-03-02") + cell("B1") + cell("5"),
    ]
    body = "".join(f"<Row>{row}</Row>" for row in rows)
    xml = f'<Workbook xmlns="{NAMESPACE}" xmlns:ss="{NAMESPACE}"><Worksheet ss:Name="S"><Table>{body}</Table></Worksheet></Workbook>'
    (grid,) = read_spreadsheet(xml.encode())
    (table,), issues = read_rows(grid.rows, merged=grid.merged)
    assert table.columns["order_id"].tolist() == ["A1", "A1", "B1"]
    assert (table.columns["amount"].sum(), issues) == (85.0, [])


def test_a_lone_mark_in_every_line_joins_no_rows():
    lines = "".join(f'2025-03-0{day},"A{day},Kim,5\n' for day in (1, 2, 3, 4))
    rows, joined = records(f"日期,订单号,客户名称,金额\n{lines}", ",")
    assert joined == {1: (2, 3), 2: (4, 5)}
    assert len(rows) == 3


def test_a_formula_without_a_result_is_not_filled_from_above():
    rows = [["日期", "订单号", "金额(美元)"], ["2025-03-01", "A1", "5"], [None, "A2", "6"]]
    tally = IssueCollector("a.xlsx")
    grid = Grid("", rows, uncalculated={(2, 0): "A3"})
    (parcel,) = read_tables([grid], Source(None, "a.xlsx"), None, HeaderMap(), tally)
    assert parcel.unpacked().columns["order_id"].tolist() == ["A1"]
    assert "cell.formula" in [issue.code for issue in tally.issues]


@pytest.mark.parametrize(
    "spelling", ["订单号160123456789012", "Order 160123456789012", "产品ID160123456789012"]
)
def test_an_id_with_the_word_for_it_directly_before(spelling):
    assert parse_ids([spelling])[0].tolist() == ["160123456789012"]


@pytest.mark.parametrize("spelling", ["1.60123456789012E14", "1.2E5", "1.2E+05"])
def test_an_id_in_scientific_form_lost_digits(spelling):
    assert parse_ids([spelling])[1].tolist() == [True]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ann@shop.com", "a…@…"),
        ("+44 7911 123456", "+4…"),
        ("(021) 6123 4567", "(0…"),
        ("138-0013-8000", "13…"),
        ("13800138000", "13…"),
        *(
            (same, same)
            for same in (
                "2025-03-01",
                "01-03-2025",
                "2025-03-01 - 2025-03-31",
                "1 234 567",
                "1,234.50",
                "20250301",
            )
        ),
    ],
)
def test_contacts_are_not_shown(text, shown):
    assert without_contacts(text) == shown


def test_a_table_below_does_not_show_a_buyer_as_its_header():
    rows = [
        ["日期", "订单号", "金额(美元)"],
        ["2025-03-01", "A1", "5"],
        ["", "", ""],
        ["Zyx Buyer", "zyx@mail.com", ""],
        ["a", "7", ""],
    ]
    _, issues = read_rows(rows)
    assert [issue.code for issue in issues] == ["table.below"]
    assert "Buyer" not in issues[0].value
    assert "mail" not in issues[0].value
