"""XML Spreadsheet 2003: places, spans, types; damage and traps are one clear issue."""

import numpy as np
import pytest
from intake.export_files import codes, zipped

HEAD = (
    '<?xml version="1.0" encoding="{}"?>\n<?mso-application progid="Excel.Sheet"?>\n{}'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles/>{}</Workbook>'
)


def workbook(*rows, encoding="UTF-8", before="", name="Sheet1"):
    lines = "".join(row if row.startswith("<Row") else f"<Row>{row}</Row>" for row in rows)
    sheet = f'<Worksheet ss:Name="{name}"><Table>{lines}</Table></Worksheet>'
    return HEAD.format(encoding, before, sheet).encode(encoding)


def cells(*texts, kind="String"):
    return "".join(f'<Cell><Data ss:Type="{kind}">{text}</Data></Cell>' for text in texts)


HEADER = cells("订单号", "订单状态", "下单时间", "产品名称", "实收金额")
ORDER = cells("234193410001028893", "交易成功", "2025-03-05", "Boot", "100")


def read(folder, content, name="o.xls"):
    reading = folder({name: content})[name]
    assert codes(reading) == []
    (table,) = reading.tables
    return table


@pytest.mark.parametrize("name", ["o.xls", "o.xml", "o.xlsx", "o.csv", "o.txt"])
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "GBK"])
def test_it_is_read_under_any_name_in_any_encoding(folder, name, encoding):
    table = read(folder, workbook(HEADER, ORDER, encoding=encoding), name)
    assert (table.kind, list(table.columns["status"]), list(table.columns["received_amount"])) == (
        "orders",
        ["交易成功"],
        [100],
    )


def test_places_spans_and_types(folder):
    def cell(text, kind, place=""):
        return f'<Cell{place}><Data ss:Type="{kind}">{text}</Data></Cell>'

    fifth = ' ss:Index="5"'
    first = [cell("100000000012345", "Number"), cell("交易成功", "String")]
    first += [cell("2025-03-05T10:30:00.000", "DateTime"), cell("1.5E2", "Number", fifth)]
    second = [cell("234193410001028893", "Number"), cell("2025-03-06", "String", ' ss:Index="3"')]
    second += [cell("#REF!", "Error", fifth)]
    title = cell("Orders", "String", ' ss:MergeAcross="4"')
    rows = (title, f'<Row ss:Index="4">{HEADER}</Row>', "".join(first), "".join(second))
    table = read(folder, workbook(*rows))
    assert list(table.columns["order_id"]) == ["100000000012345", "234193410001028893"]
    assert list(table.columns["created_at"].astype(str)) == ["2025-03-05T10:30:00", "2025-03-06T00:00:00"]
    np.testing.assert_array_equal(table.columns["received_amount"], [150, np.nan])
    assert list(table.row) == [5, 6]


def test_a_formula_without_a_result_is_asked_about(folder):
    row = cells("A1", "交易成功", "2025-03-05", "Boot") + '<Cell ss:Formula="=RC[-1]*5"/>'
    reading = folder({"o.xls": workbook(HEADER, row)})["o.xls"]
    assert [(issue.code, issue.value) for issue in reading.issues] == [("cell.formula", "E2")]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        workbook(HEADER, ORDER)[:-60],
        workbook(HEADER, cells("&b;"), before=BOMB),
        workbook(HEADER, f'<Row ss:Index="99999999">{ORDER}</Row>'),
        workbook(HEADER, '<Cell ss:Index="99999"><Data ss:Type="String">x</Data></Cell>'),
        HEAD.format("UTF-8", "", "").encode(),
        workbook(HEADER, cells("Ann Miller & Sons, ann@miller.example")),  # a bare & is not XML
    ],
    ids=["cut off", "entities", "row beyond", "column beyond", "no sheet", "bare ampersand"],
)
def test_what_cannot_be_read_is_one_issue_without_its_words(folder, content):
    reading = folder({"o.xls": content})["o.xls"]
    assert (codes(reading), reading.tables) == (["file.unreadable"], [])
    assert "Miller" not in repr(reading.issues)
    assert "aaaa" not in repr(reading)


def test_an_entity_reads_no_file(folder, tmp_path):
    (tmp_path / "secret").write_text("交易成功")
    before = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    row = cells("A1", "&a;", "2025-03-05", "Boot", "7")
    reading = folder({"o.xls": workbook(HEADER, row, before=before)})["o.xls"]
    assert (codes(reading), reading.tables) == (["file.unreadable"], [])


def test_other_xml_is_passed_over(folder):
    found = folder(
        {
            "settings.xml": b"<?xml version='1.0'?><settings/>",
            "a.zip": zipped({"b.xml": workbook(HEADER, ORDER)}),
        }
    )
    assert codes(found["a.zip!b.xml"]) == []
    assert [(issue.code, issue.file) for issue in found[""]] == [("file.skipped", "settings.xml")]
