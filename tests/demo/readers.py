"""Plain readers of the demonstration files that share no code with the product."""

import csv
import io
import zipfile
from datetime import datetime

from lxml import html
from python_calamine import CalamineWorkbook

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def tables(name, content):
    """Yield (where, rows) of every table in a file."""
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from tables(f"{name}!{member}", archive.read(member))
    elif name.endswith(".csv"):
        encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030"
        yield name, list(csv.reader(io.StringIO(content.decode(encoding))))
    elif content.startswith(b"<html"):
        page = html.fromstring(content.decode())
        yield name, [[cell.text_content() for cell in row] for row in page.iter("tr")]
    else:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheet_names:
            yield f"{name}#{sheet}", book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def records(folder, name, header, sheet=""):
    """Return the rows under the header row that starts with ``header``, as dicts of text."""
    for where, rows in tables(name, (folder / name).read_bytes()):
        if sheet not in where:
            continue
        top = next(number for number, row in enumerate(rows) if row and row[0] == header)
        return [
            dict(zip((str(head) for head in rows[top]), (str(cell) for cell in row), strict=True))
            for row in rows[top + 1 :]
        ]
    raise AssertionError(f"no {sheet} in {name}")


def moment(text):
    """Read ``Mar. 31, 2026, 17:49:40 PDT.`` by hand."""
    month, day, year, clock, zone = text.replace(",", "").replace(".", "").split()
    assert zone in ("PDT", "PST")
    hours, minutes, seconds = map(int, clock.split(":"))
    return datetime(int(year), MONTHS.index(month) + 1, int(day), hours, minutes, seconds)


def order_lines(folder):
    """Return order id -> its lines as the export with the latest 更新时间 has them."""
    best = {}
    for path in sorted(folder.glob("信保订单-*.csv")):
        found = {}
        for row in records(folder, path.name, "订单号"):
            found.setdefault(row["订单号"].strip('="'), []).append(row)
        for order_id, lines in found.items():
            when = moment(lines[0]["更新时间"])
            if order_id not in best or when > best[order_id][0]:
                best[order_id] = (when, lines)
    return {order_id: lines for order_id, (_, lines) in best.items()}
