"""Real workbooks given our sheets and refreshed, and what of theirs is compared."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from backends.own_books import kept_of
from backends.packages import astray, grid, grown, parts, untied
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from opsbook.backends.ooxml.package_parts import CONTENT_TYPES, Parts, relations_of
from opsbook.backends.ooxml.zip_container import Container
from opsbook.cli.app import main
from opsbook.commands.refresh import refresh
from opsbook.embed import join

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

OVERVIEW = (
    "统计日期,店铺访问人数,询盘个数,信保交易金额,信保订单数\n2025-01,1000,60,1000,5\n2026-01,1100,60,1500,6\n"
)
EMPTY = b"<styleSheet/>"


class Store:
    """A workbook of ours alone, new and refreshed, for a store with two months of exports.

    Attributes:
        new: The bytes of the new workbook.
        book: The refreshed one; its archive and exports are beside it.
    """

    def __init__(self, folder: Path) -> None:
        self.book = folder / "plain.xlsx"
        (folder / "exports").mkdir()
        (folder / "exports/overview.csv").write_text(OVERVIEW, encoding="utf-8")
        done = CliRunner().invoke(main, ["new", str(self.book)], catch_exceptions=False)
        assert done.exit_code == 0
        self.new = self.book.read_bytes()
        refresh(self.book)
        self.cells = {
            title: grid(self.book, title) for title in CalamineWorkbook.from_path(self.book).sheet_names
        }

    def joined(self, own: Path, book: Path) -> None:
        """Write a workbook with our sheets behind a user's.

        Raises:
            BookError: It is refused.
        """
        book.write_bytes(join(own, lambda: self.new))

    def refreshed(self, book: Path) -> None:
        """Refresh a workbook with the exports and a copy of the archive; its cells of ours are those of ours alone."""
        shutil.copyfile(self.book.with_suffix(".duckdb"), book.with_suffix(".duckdb"))
        assert refresh(book, exports=self.book.parent / "exports").changed
        for title, cells in self.cells.items():
            assert (title, grid(book, title)) == (title, cells)


def compare(own: Path, book: Path) -> int:
    """Make sure that nothing of a user's workbook was lost, and return how many of its parts were compared."""
    old, new = parts(own), parts(book)
    assert kept_of(own, book, shared := shared_parts(own)) == []
    assert [name for name in old if name in shared and not grown(old[name], new[name])] == []
    assert untied(new) == untied(old)
    for name in new:
        if name.lower().endswith("/styles.xml") and not astray(old.get(name, EMPTY)):
            assert astray(new[name]) == []
    titles = CalamineWorkbook.from_path(own).sheet_names
    assert CalamineWorkbook.from_path(book).sheet_names[: len(titles)] == titles
    for title in titles:
        assert grid(book, title) == grid(own, title)
    return len(old)


def shared_parts(path: Path) -> set[str]:
    """Return the parts to which something of ours is added, under the names that this workbook has for them."""
    found = Parts(Container(path.read_bytes()))
    listed = (CONTENT_TYPES, relations_of(found.workbook))
    lists = [
        name
        for kind in ("styles", "sharedStrings", "sheetMetadata")
        for name in found.related(found.workbook, kind)
    ]
    return {found.workbook, *lists, *(name for each in listed if (name := found.find(each)))}


def converted(books: Iterable[Path], folder: Path) -> dict[str, Path]:
    """Return what LibreOffice, started once, makes of the workbooks, by the name of the workbook that it opened."""
    out = folder / "out"
    done = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            out,
            *books,
        ],
        check=False,
        capture_output=True,
        timeout=3600,
    )
    assert out.exists(), done.stderr
    return {path.stem: path for path in out.iterdir()}


def unlike(made: Mapping[Path, Path], store: Store, folder: Path, drawn: Collection[str]) -> list[str]:
    """Return what LibreOffice reads otherwise in users' workbooks when our sheets are in them.

    Args:
        made: By a user's workbook, the one with our sheets.
        store: Ours.
        folder: For the files in between.
        drawn: Workbooks whose cells draw lots: of these it is told which cells are filled.
    """
    rooms = [folder / name for name in ("alone", "one half", "other half")]
    for each in rooms:
        each.mkdir()
    for at, (own, book) in enumerate(made.items()):
        shutil.copyfile(own, rooms[0] / own.name)
        shutil.copyfile(book, rooms[1 + at % 2] / own.name)
    with ThreadPoolExecutor(2) as pool:
        opened, one, other = pool.map(lambda room: converted(sorted(room.glob("*.xls[xm]")), room), rooms)
    joined = one | other
    faults = [f"{own.name}: not opened as it is" for own in made if own.stem not in opened]
    for name, path in opened.items():
        if name not in joined:
            faults.append(f"{name}: not opened")
            continue
        titles = CalamineWorkbook.from_path(path).sheet_names
        shown = CalamineWorkbook.from_path(joined[name]).sheet_names
        faults += [f"{name}: {title} is missing" for title in [*titles, *store.cells] if title not in shown]
        read = set if name in drawn else dict
        faults += [
            f"{name}: {title}"
            for title in titles
            if read(grid(joined[name], title) or {}) != read(grid(path, title) or {})
        ]
    return faults
