"""The dry run: which export each file or sheet is, and everything wrong with it. Nothing of the user's is written.

What a refresh would say is found as a refresh finds it: everything is taken into a copy of the archive that is thrown
away, and the figures are computed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from opsbook.commands.refresh_report import issue_document, issue_line, worst_first
from opsbook.domain.errors import BookError
from opsbook.domain.issues import Issue
from opsbook.domain.language import Language, Text
from opsbook.schemas import schemas

if TYPE_CHECKING:
    from opsbook.commands.refresh import Progress
    from opsbook.commands.workbook_inputs import Inputs
    from opsbook.intake.clean_tables import Source, SourceReading
    from opsbook.intake.header_map import HeaderMap
    from opsbook.review.data_map import DataMap

_BOOKS = (".xlsx", ".xlsm")
_OF_FILES = frozenset(
    {"figure.not_computed", "figure.unused_period", "words.status", "words.currency", "words.country"}
)
"""What the figures say of the files themselves, whatever else the store has."""
_KEPT_ONLY = Text("（仅存档，暂无指标使用）", " (kept; no figure is made from it yet)")


@dataclass(frozen=True)
class CheckOutcome:
    """What the dry run found: a row per table, issues, and for a folder or a workbook what is there by month."""

    tables: tuple[dict[str, Any], ...]
    issues: tuple[Issue, ...]
    map: DataMap | None = None

    def as_document(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "tables": list(self.tables),
            "issues": [issue_document(issue) for issue in self.issues],
            "data_map": self.map.as_document() if self.map else [],
        }

    def lines(self, language: Language) -> Iterator[str]:
        """Yield it for people."""
        for table in self.tables:
            place = " · ".join(part for part in (table["file"], table["sheet"]) if part)
            title = schemas()[table["kind"]].title[language]
            kept = _KEPT_ONLY if table["kind"] in _kept_only() else Text("", "")
            yield Text(
                f"{place}: {title}，{table['period']}，{table['rows']:,} 行{kept.zh}",
                f"{place}: {title}, {table['period']}, {table['rows']:,} rows{kept.en}",
            )[language]
        if self.map and self.tables:
            yield Text("数据地图：", "Data map:")[language]
            yield from (f"  {line[language]}" for line in self.map.lines())
        for issue in worst_first(self.issues):
            yield issue_line(issue, language)


def _kept_only() -> frozenset[str]:
    """Return the kinds that no figure is made from."""
    read = {schema.json.samples for schema in schemas().values()}  # all parts of a list together are the list
    return frozenset(kind for kind, schema in schemas().items() if schema.json.only and kind not in read)


def check(paths: Sequence[Path], progress: Progress | None = None) -> CheckOutcome:
    """Read files, folders, zips, and the paste sheets of our workbooks, as a refresh would."""
    from opsbook.book import versions
    from opsbook.intake import read
    from opsbook.intake.export_files import find
    from opsbook.intake.header_map import HeaderMap, load_toml

    tables: list[dict[str, Any]] = []
    issues: list[Issue] = []
    maps = HeaderMap()
    sources: list[Source] = []
    plain: list[Path] = []
    own: tuple[Path, Inputs] | None = None
    for path in paths:
        if (inputs := _own_book(path)) is not None:
            own = path, inputs
            sources += inputs.pasted
            maps, issues = maps.merged(inputs.maps), [*issues, *inputs.issues]
            if versions.is_older(inputs.workbook.names(), inputs.language):
                issues.append(Issue("book.upgrade_coming", file=path.name))
        else:
            plain.append(path)
            folder = path if path.is_dir() else path.parent
            if (toml := folder / "opsbook.toml").exists():
                from_file, found = load_toml(toml)
                maps, issues = maps.merged(from_file), issues + found
    files, found = find(plain)
    issues += found
    seen: list[SourceReading] = []

    def noted() -> Iterator[SourceReading]:
        for reading in read([*files, *sources], maps, progress=progress):
            tables.extend(_rows(reading))
            seen.append(reading)
            yield reading

    later, found_map = _tried(noted(), own, maps)
    issues += [issue for reading in seen for issue in reading.issues]
    whole = own is not None or any(path.is_dir() for path in plain)
    return CheckOutcome(tuple(tables), (*issues, *later), found_map if whole else None)


def _own_book(path: Path) -> Inputs | None:
    """Return what a workbook of ours says; None if it is not one."""
    from opsbook.backends.ooxml.file_workbook import Workbook
    from opsbook.commands.workbook_inputs import read_inputs

    if path.suffix.lower() not in _BOOKS:
        return None
    try:
        with Workbook.open(path, for_writing=False) as workbook:
            inputs = read_inputs(workbook, None)
            _ = inputs.standing  # read as long as the workbook is open
    except BookError:
        return None
    return inputs


def _tried(
    readings: Iterator[SourceReading], own: tuple[Path, Inputs] | None, maps: HeaderMap
) -> tuple[list[Issue], DataMap]:
    """Take readings into a copy of the workbook's archive, or into an empty one; return issues and the data map.

    Args:
        readings: Everything that was read.
        own: The workbook and what it says, where one was given.
        maps: What people said that words mean.
    """
    from opsbook.archive.archive_file import Archive
    from opsbook.archive.foreign_files import Sieve
    from opsbook.commands.refresh import compute, default_archive, let_go
    from opsbook.params import Settings
    from opsbook.plan.annual_plan import plan
    from opsbook.review.data_map import data_map

    settings = replace(own[1].settings if own else Settings(), meanings=maps.meanings)
    with TemporaryDirectory() as folder:
        trial = Path(folder) / "trial.duckdb"
        if own and (archive := default_archive(own[0])).exists():
            shutil.copyfile(archive, trial)
        with Archive.open(trial, for_writing=True) as opened:
            sieve = Sieve(opened.prints)
            now = datetime.now().astimezone().replace(tzinfo=None, microsecond=0)
            opened.take_in(let_go(sieve.through(readings)), rules="", taken_at=now)
            found = [*opened.replaced, *sieve.issues]
            review, told = compute(opened, settings, settings.language)
            there = data_map(opened, year=settings.year, today=now.date())
    if own is None:  # a few files of a store: what they lack is no news
        return [*found, *(each for each in told if each.code in _OF_FILES)], there
    groups: dict[tuple[str, Text], list[Text]] = {}
    for each in plan(review, settings, own[1].standing, own[1].plan_year).orphans:
        groups.setdefault((each.kind, each.lacks), []).append(each.name)
    orphans = [
        Issue(f"plan.{kind}", file=own[0].name, value=_first(names), detail=lacks, times=len(names))
        for (kind, lacks), names in groups.items()
    ]
    return [*found, *told, *orphans], there


def _first(names: Sequence[Text]) -> Text:
    return Text("、".join(each.zh for each in names[:3]), ", ".join(each.en for each in names[:3]))


def _rows(reading: SourceReading) -> Iterator[dict[str, Any]]:
    for table in reading.tables:
        yield {
            "file": reading.source.name,
            "sheet": table.sheet,
            "kind": table.kind,
            "title": {"zh": schemas()[table.kind].title.zh, "en": schemas()[table.kind].title.en},
            "grain": sorted(set(table.grain)),
            "period": f"{table.start.min()}~{table.end.max()}" if len(table) else "",
            "rows": len(table),
            "rows_in": table.rows_in,
            "dropped": table.dropped,
            "set_aside": table.set_aside,
            "fields": list(table.columns),
        }
