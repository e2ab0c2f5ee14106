"""The dry run: which export each file or sheet is, and everything wrong with it. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opsbook.errors import BookError
from opsbook.issues import Issue
from opsbook.language import Language, Text
from opsbook.report import issue_document, issue_line, worst_first
from opsbook.schemas import schemas

if TYPE_CHECKING:
    from opsbook.inputs import Inputs
    from opsbook.intake.header_map import HeaderMap
    from opsbook.intake.table import Reading, Source
    from opsbook.refresh import Progress

_BOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Outcome:
    """What the dry run found: a row per table, and issues."""

    tables: tuple[dict[str, Any], ...]
    issues: tuple[Issue, ...]

    def as_document(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"tables": list(self.tables), "issues": [issue_document(issue) for issue in self.issues]}

    def lines(self, language: Language) -> Iterator[str]:
        """Yield it for people."""
        for table in self.tables:
            place = " · ".join(part for part in (table["file"], table["sheet"]) if part)
            title = schemas()[table["kind"]].title[language]
            yield Text(
                f"{place}: {title}，{table['period']}，{table['rows']:,} 行",
                f"{place}: {title}, {table['period']}, {table['rows']:,} rows",
            )[language]
        for issue in worst_first(self.issues):
            yield issue_line(issue, language)


def check(paths: Sequence[Path], progress: Progress | None = None) -> Outcome:
    """Read files, folders, zips, and the paste sheets of our workbooks, as a refresh would."""
    from opsbook.intake import read  # noqa: PLC0415
    from opsbook.intake.header_map import HeaderMap, load_toml  # noqa: PLC0415
    from opsbook.intake.sources import find  # noqa: PLC0415

    tables: list[dict[str, Any]] = []
    issues: list[Issue] = []
    maps = HeaderMap()
    sources: list[Source] = []
    plain: list[Path] = []
    for path in paths:
        if (inside := _own_book(path)) is not None:
            pasted, from_sheet, found = inside
            sources += pasted
            maps, issues = maps.merged(from_sheet), issues + found
        else:
            plain.append(path)
            folder = path if path.is_dir() else path.parent
            if (toml := folder / "opsbook.toml").exists():
                from_file, found = load_toml(toml)
                maps, issues = maps.merged(from_file), issues + found
    files, found = find(plain)
    issues += found
    for reading in read([*files, *sources], maps, progress=progress):
        tables += _rows(reading)
        issues += reading.issues
        issues += _paste_warnings(reading)
    return Outcome(tuple(tables), tuple(issues))


def _own_book(path: Path) -> tuple[list[Source], HeaderMap, list[Issue]] | None:
    """Return paste sheets, header map and setting issues of a workbook of ours; None if it is not one."""
    from opsbook.hosts.package.workbook import Workbook  # noqa: PLC0415
    from opsbook.inputs import read_inputs  # noqa: PLC0415

    if path.suffix.lower() not in _BOOKS:
        return None
    try:
        with Workbook.open(path, for_writing=False) as workbook:
            inputs = read_inputs(workbook, None)
    except BookError:
        return None
    return list(inputs.pasted), inputs.maps, [*inputs.issues, *_orphans(path, inputs)]


def _orphans(path: Path, inputs: Inputs) -> list[Issue]:
    """Return what hangs in the air in the workbook's plan, where it has an archive to judge by."""
    from opsbook.archive.store import Archive  # noqa: PLC0415
    from opsbook.metrics.compute import review  # noqa: PLC0415
    from opsbook.plan.compute import plan  # noqa: PLC0415
    from opsbook.refresh import default_archive  # noqa: PLC0415

    archive = default_archive(path)
    if not archive.exists():
        return []
    with Archive.open(archive, for_writing=False) as opened:
        found = review(opened, inputs.settings)
    groups: dict[tuple[str, Text], list[Text]] = {}
    for each in plan(found, inputs.settings, inputs.standing, inputs.plan_year).orphans:
        groups.setdefault((each.kind, each.lacks), []).append(each.name)
    return [
        Issue(f"plan.{kind}", file=path.name, value=_first(names), detail=lacks, times=len(names))
        for (kind, lacks), names in groups.items()
    ]


def _paste_warnings(reading: Reading) -> list[Issue]:
    """Return what the archive remembers against a paste sheet, where the workbook has an archive."""
    from opsbook.archive.store import Archive  # noqa: PLC0415
    from opsbook.refresh import default_archive  # noqa: PLC0415

    archive = default_archive(reading.source.path)
    if not reading.source.sheet or not archive.exists():
        return []
    with Archive.open(archive, for_writing=False) as opened:
        return opened.paste_warnings(reading, datetime.now().astimezone().replace(tzinfo=None))


def _first(names: Sequence[Text]) -> Text:
    return Text("、".join(each.zh for each in names[:3]), ", ".join(each.en for each in names[:3]))


def _rows(reading: Reading) -> Iterator[dict[str, Any]]:
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
