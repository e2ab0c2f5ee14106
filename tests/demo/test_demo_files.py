"""The files: the same every time, each recognised as what it is, each marked as demonstration."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from demo.generator.__main__ import LAST_DAY, SEED
from demo.generator.exports import all_exports
from demo.generator.store import simulate
from demo.readers import tables
from python_calamine import CalamineWorkbook

from opsbook.demo import MARKER_FILE, write_exports
from opsbook.intake.grid import Grid
from opsbook.intake.header_map import HeaderMap
from opsbook.intake.recognise import find_header

MARKS = ("demo", "演示")


def recognised(rows):
    """Return the number of the header row, from 1, and its kind; the kinds of a tie are one text."""
    search = find_header(Grid("", rows), "a.csv", HeaderMap())
    return search.header and search.header.first + 1, "|".join(search.kinds)


def test_what_is_written_is_what_the_simulation_makes_today(folder, exports):
    """To make the archive anew: PYTHONPATH=tests python -m demo.generator."""
    assert sorted(path.name for path in folder.iterdir()) == sorted(export.name for export in exports)
    for export in exports:
        path = folder / export.name
        assert path.read_bytes() == export.content, export.name
        assert path.stat().st_mtime == export.downloaded.timestamp(), export.name


def test_another_process_simulates_the_same_store(exports):
    # Another hash seed and another clock: no order of a set and no place of a machine may show.
    code = (
        "import hashlib\nfrom demo.generator.__main__ import LAST_DAY, SEED\n"
        "from demo.generator.exports import all_exports\nfrom demo.generator.store import simulate\n"
        "for each in all_exports(simulate(SEED, LAST_DAY)):\n"
        "    print(hashlib.sha256(each.content).hexdigest(), each.downloaded.timestamp())"
    )
    tests = str(Path(__file__).parents[1])
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "PYTHONUTF8": "1", "PYTHONPATH": tests}
    done = subprocess.run([sys.executable, "-c", code], check=True, env=env, capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        f"{hashlib.sha256(each.content).hexdigest()} {each.downloaded.timestamp()}" for each in exports
    ]


def test_another_seed_is_another_store(exports):
    other = {export.name: export.content for export in all_exports(simulate(1, LAST_DAY))}
    name = "Products-2025-03-31.xls"
    assert other[name] != next(export.content for export in exports if export.name == name)


def test_progress_counts_every_file(tmp_path):
    seen = []
    written = write_exports(tmp_path, progress=lambda done, total, name: seen.append((done, total, name)))
    assert [done for done, _, _ in seen] == list(range(len(written) + 1))
    assert {total for _, total, _ in seen} == {len(written)}
    assert [name for _, _, name in seen[:-1]] == [path.name for path in written]


@pytest.mark.parametrize(
    ("last_day", "first"), [(date(2026, 1, 3), 2024), (date(2025, 8, 31), 2023), (date(2026, 12, 31), 2025)]
)
def test_another_last_day_covers_at_least_21_months(last_day, first):
    names = {export.name for export in all_exports(simulate(SEED, last_day))}
    months = sorted(name for name in names if name.startswith("getKeywords-"))
    assert months[0] == f"getKeywords-{first}-01-31.xls"
    assert len(months) >= 21
    assert f"all-products-{last_day}.xls" in names
    assert not any(f"{last_day.year}-{last_day.month + 1:02d}" in name for name in names)


def test_every_table_is_recognised_as_what_it_is_meant_for(exports):
    kinds = set()
    for export in exports:
        if export.name == MARKER_FILE:
            continue
        for where, rows in tables(export.name, export.content):
            expected = "p4p_product" if where.endswith("产品报告") else export.kind
            number, found = recognised(rows)
            assert found == expected, where
            assert number == {"product_performance": 6, "keyword_performance": 6}.get(expected, number), where
            kinds.add(expected)
    assert len(kinds) == 20  # every kind that a figure of the catalogue is made of


def test_every_workbook_opens_in_calamine_and_the_data_sites_files_are_all_text(exports):
    for export in exports:
        if not export.content.startswith(b"\xd0\xcf\x11\xe0"):
            continue
        book = CalamineWorkbook.from_filelike(io.BytesIO(export.content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        assert {type(cell) for row in rows for cell in row} == {str}, export.name
        assert "".join(rows[1] + rows[2] + rows[3] + rows[4]) == "", export.name
        assert len(rows[5]) == {"product_performance": 29, "keyword_performance": 11}[export.kind]


def test_first_cells_are_spelled_as_the_platform_spells_them(folder):
    def first_cell(name):
        return next(tables(name, (folder / name).read_bytes()))[1][0][0]

    assert first_cell("Products-2026-09-19.xls") == "产品数据, 时间周期 2026-09-13~2026-09-19"
    assert first_cell("Products-2025-02-28.xls") == "产品数据, 时间周期 2025-02-01~2025-02-28"
    assert first_cell("getKeywords-2026-09-30.xls") == "流量关键词,时间周期2026-09-01~2026-09-30"


def test_traps_of_real_files_are_there(folder, exports):
    headers = next(tables("x.xls", (folder / "Products-2026-09-30.xls").read_bytes()))[1][5]
    assert {"分享人数 ", "对比人数 ", "提交订单个数 "} < set(headers)
    twice = (folder / "Products-2026-09-19 (1).xls").read_bytes()
    assert twice == (folder / "Products-2026-09-19.xls").read_bytes()
    words = [
        row[0] for row in next(tables("x.xls", (folder / "getKeywords-2026-09-30.xls").read_bytes()))[1][6:]
    ]
    assert words.count("sillas de camping") == 2
    assert {"38", "43 44", "camping  chair foldable"} < set(words)
    catalogue = next(tables("x.xls", (folder / "all-products-2026-09-30.xls").read_bytes()))[1]
    assert catalogue[0].count("月曝光量") == 2
    encodings = {export.content[:3] == b"\xef\xbb\xbf" for export in exports if export.kind == "orders"}
    assert encodings == {True, False}
    assert '"=""23' in (folder / "信保订单-2026Q1.csv").read_text(encoding="utf-8-sig")


def test_every_file_says_that_it_is_a_demonstration(folder, exports):
    assert MARKER_FILE in {path.name for path in folder.iterdir()}
    for export in exports:
        if export.name.endswith(".txt"):
            text = export.content.decode("utf-8-sig")
        elif export.content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
                text = " ".join(archive.namelist())
                text += " ".join(where for where, _ in tables(export.name, export.content))
        else:
            text = " ".join(where for where, _ in tables(export.name, export.content))
        text += str(
            [rows for _, rows in tables(export.name, export.content)]
            if not export.name.endswith(".txt")
            else ""
        )
        assert any(mark in text.casefold() for mark in MARKS), export.name
    for export in exports:
        if export.kind in ("product_performance", "orders", "product_catalog", "inquiry_list"):
            for _, rows in tables(export.name, export.content):
                top = next(number for number, row in enumerate(rows) if "产品ID" in row)
                assert all("Demo" in str(row) for row in rows[top + 1 :]), export.name


def test_size_and_number_stay_small(folder):
    paths = list(folder.iterdir())
    assert len(paths) <= 120
    assert sum(path.stat().st_size for path in paths) < 3_000_000
