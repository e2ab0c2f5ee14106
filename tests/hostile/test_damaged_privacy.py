"""A damaged file of any format says nothing of the buyers in it."""

import io
import random
import tempfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hostile import planted
from intake.export_files import csv, html, xls, xlsx, zipped

from opsbook.intake import read
from opsbook.intake.export_files import find
from opsbook.intake.header_map import HeaderMap

NAME, COMPANY, PHONE, MAIL = (planted.BUYERS[name] for name in ("buyer_name", "company", "phone", "email"))
HEADER = ["询价单号", "创建时间", "客户名", "电子邮箱", "询盘内容"]
ROWS = [[f"{n}0000001", f"2026-09-{n:02}", NAME, MAIL, f"{COMPANY} {PHONE}"] for n in range(1, 25)]
SHIFTED = [[NAME, MAIL, *row[:3]] for row in ROWS]
SIDE_BY_SIDE = [[*HEADER, NAME, COMPANY], *ROWS]  # a buyer beside known headers
NO_TABLE = [["订单号", NAME, COMPANY, MAIL], *ROWS]
SECRETS = (*NAME.split(), *COMPANY.split()[:1], PHONE, MAIL, MAIL.partition("@")[0])


def parquet(rows):
    width = max(map(len, rows))
    named = [cell or f"c{place}" for place, cell in enumerate(rows[0] + [""] * (width - len(rows[0])))]
    buffer = io.BytesIO()
    connection = duckdb.connect()
    columns = ", ".join(f'"{name}" VARCHAR' for name in named)
    connection.execute(f"CREATE TABLE t ({columns})")
    marks = ", ".join("?" * width)
    connection.executemany(
        f"INSERT INTO t VALUES ({marks})", [row + [""] * (width - len(row)) for row in rows[1:]]
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.parquet")
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
        buffer.write(path.read_bytes())
    return buffer.getvalue()


def spreadsheet_xml(rows):
    lines = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>"
        for row in rows
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    sheet = f'<Worksheet ss:Name="S"><Table>{lines}</Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{sheet}</Workbook>'.encode()


def uncalculated(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([*row[:4], "=1/0&B9"] if row[0] != HEADER[0] else row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


FORMATS = {
    "a.csv": csv,
    "a.tsv": lambda rows: csv(rows, delimiter="\t"),
    "gbk.csv": lambda rows: csv(rows, encoding="gb18030"),
    "a.xls": lambda rows: xls({"S": rows}),
    "a.xlsx": lambda rows: xlsx({"S": rows}),
    "formulas.xlsx": uncalculated,
    "web.xls": html,
    "xml.xls": spreadsheet_xml,
    "a.parquet": parquet,
    "a.zip": lambda rows: zipped({"b.csv": csv(rows), "c.xlsx": xlsx({"S": rows})}),
}


def damages(data, seed):
    """Yield the data cut off, with bytes changed, with a part left out, and with its text quoted or unquoted."""
    chance = random.Random(seed)
    yield data
    yield data[: chance.randrange(len(data) // 2, len(data))]
    changed = bytearray(data)
    for _ in range(20):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    yield bytes(changed)
    at = chance.randrange(len(data) // 2)
    yield data[:at] + data[at + 50 :]
    yield data.replace(b",", b',"', 3)
    yield data.replace(b"2026-09", b"2026-99")


@pytest.mark.parametrize("name", FORMATS)
def test_no_word_of_a_buyer_in_any_issue(tmp_path, name, capfd):
    for number, rows in enumerate(([HEADER, *ROWS], [HEADER, *SHIFTED], SIDE_BY_SIDE, NO_TABLE, ROWS)):
        for turn, data in enumerate(damages(FORMATS[name](rows), number)):
            (tmp_path / f"{number}{turn}{name}").write_bytes(data)
    sources, issues = find([tmp_path])
    for reading in read(sources, HeaderMap()):
        issues += reading.issues
    said = "\n".join(
        f"{issue!r} {issue.message(language)} {issue.todo(language)} {issue.place(language)}"
        for issue in issues
        for language in ("zh", "en")
    )
    assert issues
    said += "".join(capfd.readouterr())
    assert [secret for secret in SECRETS if secret in said] == []
