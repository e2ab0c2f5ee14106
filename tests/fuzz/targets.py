"""What is fed with any bytes: the parsers of exports, and the patching of a workbook. Only refusals may come out.

``python tests/fuzz/targets.py TARGET [libFuzzer options]`` runs one under atheris, guided by what code it reaches.
"""

import contextlib
import io
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path

guided = contextlib.nullcontext()
if __name__ == "__main__":  # only our own modules guide the search: the libraries would drown them
    import atheris

    sys.path.insert(0, str(Path(__file__).parents[1]))
    guided = atheris.instrument_imports(include=["opsbook"])
with guided:
    from opsbook.backends.apply import apply
    from opsbook.backends.ooxml import refusals
    from opsbook.backends.ooxml.file_workbook import Workbook
    from opsbook.domain.errors import BookError
    from opsbook.domain.issues import Issue
    from opsbook.intake import (
        charset,
        dates,
        decimal_marks,
        delimited,
        file_period,
        html_tables,
        numbers,
        period_column,
        spelled,
        zips,
    )
    from opsbook.intake.header_map import HeaderMap, from_rows, load_toml
    from opsbook.intake.limits import Unreadable
    from opsbook.intake.recognise import find_header
    from opsbook.schemas import known_headers, schemas

CORPUS = Path(__file__).with_name("corpus")


def lines(data):
    return data.decode("utf-8", "replace").splitlines()


def target_numbers(data):
    cells = lines(data)
    for mark in (spelled.DOT, spelled.COMMA, spelled.Mark(doubtful=True)):
        for parse in (numbers.parse_numbers, numbers.parse_percents):
            found = parse(cells, mark)
            assert len(found.values) == len(found.bad) == len(cells)
    owners = schemas()["shop_overview"].fields
    decimal_marks.decide([(owner, cells) for owner in owners])


def target_dates(data):
    cells = lines(data)
    assert len(dates.parse_moments(cells, clock="Asia/Shanghai").values) == len(cells)
    period_column.parse_periods(cells, header="统计日期")
    for cell in cells:
        dates.parse_day(cell)
        file_period.in_name(cell)
        file_period.given_period(cell)
        file_period.inside((cell,))


def target_text(data):
    """Return nothing: CSV and its kin, and HTML, as far as the header."""
    grids = html_tables.read_html(data) if html_tables.looks_like_html(data) else None
    for grid in grids or [delimited.read_delimited(charset.decode(data), known_headers())]:
        assert all(len(grid.row(number)) == grid.width for number in range(grid.height))
        find_header(grid, "fuzz.csv", HeaderMap())


def target_zips(data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.zip")
        path.write_bytes(data)
        zips.is_office(path)
        for member in zips.members(path)[:20]:
            zips.written_at(path, member.member)
            with zips.opened(path, member.member) as file:
                file.read(1000)


def target_header_map(data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "opsbook.toml")
        path.write_bytes(data)
        _, issues = load_toml(path)
    _, more = from_rows([line.split("\t") for line in lines(data)])
    for issue in issues + more:
        assert isinstance(issue, Issue)
        issue.message("en")


@cache
def base():
    """Return the parts of a small workbook of ours."""
    from backends.packages import build

    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(build(Path(folder, "b.xlsx"))) as package:
        return {name: package.read(name) for name in package.namelist()}


PARTS = (
    "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/sharedStrings.xml",
    "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/charts/chart1.xml", "xl/styles.xml",
)  # fmt: skip


def target_package(data):
    """Return nothing: the first byte says which part of a workbook the others replace, or splice into the middle."""
    from backends.test_apply import plan

    if len(data) < 4:
        return
    name = PARTS[data[0] % len(PARTS)]
    at, gone = int.from_bytes(data[1:3], "big"), data[3]
    old = base()[name]
    new = old[: at % len(old)] + data[4:] + old[at % len(old) + gone :] if data[0] < 128 else data[4:]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for each, content in base().items():
            package.writestr(each, new if each == name else content)
    content = buffer.getvalue()
    refusals.check_package("fuzz.xlsx", content, for_writing=True)
    book = Workbook(Path("fuzz.xlsx"), content)
    refusals.check_ours("fuzz.xlsx", book._session.book)
    for log in (3, 1):
        apply(book, plan(log=log))
    changed = book._session.finish()
    whole = book._session.parts.container.rebuilt(changed, book._session.parts.dropped)
    Workbook(Path("fuzz.xlsx"), whole)  # what was understood before is understood after


TARGETS = {
    name.removeprefix("target_"): each for name, each in globals().items() if name.startswith("target_")
}


def run(name, data):
    """Feed a target; a refusal with a sentence is a good answer."""
    try:
        TARGETS[name](data)
    except (Unreadable, BookError):
        return


if __name__ == "__main__":
    target = sys.argv.pop(1)
    atheris.Setup(sys.argv, lambda data: run(target, bytes(data)))
    atheris.Fuzz()
