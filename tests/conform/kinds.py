"""One of each kind of file that OpsBook writes: ``python -m conform.kinds FOLDER`` (with ``tests`` on the path)."""

from __future__ import annotations

import re
import shutil
import sys
import zipfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from backends import own_books
from backends.packages import rewrite
from click.testing import CliRunner
from share import templates

from opsbook.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATES = Path(__file__).parents[2] / "xlsx_templates"


def run(*arguments: object) -> None:
    """Run a command; 1 says that there are issues with the data, which is no matter here."""
    done = CliRunner().invoke(main, [str(each) for each in arguments], env={"OPSBOOK_LANG": "zh"})
    assert done.exit_code in {0, 1}, (arguments, done.output, done.exception)


def write(folder: Path) -> list[Path]:
    """Write the files and return them."""
    run("demo", folder / "demo", "--functions", "lambda")
    (demo,) = (each for each in (folder / "demo").glob("*.xlsx") if ".backup" not in each.name)
    exports = folder / "demo" / "exports"
    made: dict[str, Callable[[Path], object]] = {
        "demo.xlsx": partial(shutil.copy, demo),
        "new-inline.xlsx": lambda path: run("new", path, "--functions", "inline"),
        "new-lambda.xlsx": lambda path: run("new", path, "--functions", "lambda", "--lang", "en"),
        "new-macros.xlsm": lambda path: run("new", path),
        "refreshed-inline.xlsx": partial(_refreshed, exports, "new-inline.xlsx"),
        "refreshed-lambda.xlsx": partial(_refreshed, exports, "new-lambda.xlsx"),
        "refreshed-macros.xlsm": partial(_refreshed, exports, "new-macros.xlsm"),
        "upgraded.xlsx": partial(_upgraded, exports),
        "joined.xlsx": partial(_joined, exports, own_books.rich),
        "joined-arrays.xlsx": partial(_joined, exports, own_books.with_arrays),
        "joined-pictures.xlsx": partial(_joined, exports, partial(own_books.with_arrays, spills=False)),
        "joined-macros.xlsm": partial(_joined, exports, partial(own_books.rich, project=_project())),
        "frozen-values.xlsx": lambda path: run("freeze", demo, path),
        "frozen-lambda.xlsx": lambda path: run("freeze", demo, path, "--functions", "lambda"),
        "frozen-inline.xlsx": lambda path: run("freeze", demo, path, "--functions", "inline"),
        "functions.xlam": partial(shutil.copy, TEMPLATES / "opsbook.xlam"),
        "template.xlsx": partial(shutil.copy, TEMPLATES / "opsbook.xlsx"),
        "template.xlsm": partial(shutil.copy, TEMPLATES / "opsbook.xlsm"),
        "functions.oxt": lambda path: run("calc", "build", path),
        "fleet.xlsx": partial(_fleet, demo),
    }
    made |= {
        "deck.pptx": lambda path: run("deck", demo, path),
        "deck-en.pptx": lambda path: run("deck", demo, path, "--lang", "en"),
        **{
            f"deck-own-{at}.pptx": partial(_own_deck, demo, make)
            for at, make in enumerate(templates.ALL.values())
        },
        "deck-few.pptx": partial(_deck_of_orders, exports),
    }
    for name, make in made.items():
        make(folder / name)
    shrunk = folder / "shrunk.xlsx"
    shutil.copy(folder / "refreshed-inline.xlsx", shrunk)
    shutil.copy(folder / "refreshed-inline.duckdb", folder / "shrunk.duckdb")
    _resize(shrunk, 1)
    grown = folder / "grown.xlsx"
    shutil.copy(shrunk, grown)
    _resize(grown, 400)
    return [*(folder / name for name in made), shrunk, grown]


def _refreshed(exports: Path, start: str, path: Path) -> None:
    shutil.copy(path.with_name(start), path)
    run("refresh", path, "--exports", exports)


def _resize(path: Path, rows: int) -> None:
    from opsbook.backends.ooxml.file_workbook import Workbook

    with Workbook.open(path, for_writing=True) as book:
        for name in ("ops.receipts.log", "ops.issues.list"):
            book.resize(name, rows + 1)
        book.save()


def as_0_1_0(path: Path) -> None:
    """Take from a workbook what OpsBook 0.1.0 did not write: green corners covered, metadata, Chinese fonts."""

    def older(data: bytes) -> bytes:
        data = re.sub(rb"<ignoredErrors>.*?</ignoredErrors>", b"", data)
        data = re.sub(rb'<f t="array" ref="[A-Z]+[0-9]+">', b"<f>", data)
        return re.sub(rb'(<c [^<>]*?) cm="1"', rb"\1", data)

    with zipfile.ZipFile(path) as package:
        names = package.namelist()
    edits: dict[str, Callable[[bytes], bytes] | None] = {
        name: older for name in names if name.startswith("xl/worksheets/sheet")
    }
    edits |= {
        name: lambda data: re.sub(rb'<a:ea typeface="[^"]+"/>', b"", data)
        for name in names
        if name.startswith("xl/charts/chart")
    }
    if "xl/metadata.xml" in names:
        edits["xl/metadata.xml"] = None
        for name, element in (
            ("[Content_Types].xml", b"Override"),
            ("xl/_rels/workbook.xml.rels", b"Relationship"),
        ):
            cut = re.compile(rb"<" + element + rb" [^<>]*metadata\.xml[^<>]*/>")
            edits[name] = partial(cut.sub, b"")
    rewrite(path, edits)


def _upgraded(exports: Path, path: Path) -> None:
    _refreshed(exports, "new-lambda.xlsx", path)
    as_0_1_0(path)
    run("refresh", path, "--exports", exports)


def _joined(exports: Path, own: Callable[[Path], object], path: Path) -> None:
    mine = path.with_name(f"own-{path.name}")
    own(mine)
    run("new", path, "--with", mine, "--functions", "lambda")
    run("refresh", path, "--exports", exports)


def _project() -> bytes:
    with zipfile.ZipFile(TEMPLATES / "opsbook.xlsm") as package:
        return package.read("xl/vbaProject.bin")


def _own_deck(demo: Path, make: Callable[[Path], object], path: Path) -> None:
    template = path.with_suffix(".own.pptx")
    make(template)
    run("deck", demo, path, "--template", template)


def _deck_of_orders(exports: Path, path: Path) -> None:
    only = path.with_suffix(".exports")
    only.mkdir()
    for file in exports.glob("信保订单-*.csv"):
        shutil.copy(file, only)
    book = path.with_suffix(".xlsx")
    run("new", book)
    run("refresh", book, "--exports", only)
    run("deck", book, path)


def _fleet(demo: Path, path: Path) -> None:
    stores = path.with_suffix(".toml")
    stores.write_text(f'[[store]]\nname = "A"\nbook = "{demo.as_posix()}"\n', encoding="utf-8")
    run("fleet", stores, "--summary", path)


if __name__ == "__main__":
    # An extension of LibreOffice is no file of Office, of which validators know nothing.
    sys.stdout.writelines(f"{path}\n" for path in write(Path(sys.argv[1])) if path.suffix != ".oxt")
