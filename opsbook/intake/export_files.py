"""Finds what is to be read: files, folders, members of zips. Nothing is opened but zips and doubtful names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from opsbook.domain.issues import Issue
from opsbook.intake import charset, file_formats, json_kinds, json_text, zips
from opsbook.intake.clean_tables import Source
from opsbook.intake.limits import Unreadable
from opsbook.intake.spreadsheet_xml import looks_like_spreadsheet
from opsbook.schemas import known_headers, normalise_header

DATA = frozenset(
    [".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".et", ".ett", ".csv", ".tsv", ".htm", ".html", ".parquet"]
) | frozenset(file_formats.JSON)
_SILENT = frozenset({"thumbs.db", "desktop.ini", "opsbook.toml", "__macosx"})
_DOUBTFUL = (*file_formats.TEXTS, ".xml")  # a table perhaps: the beginning of the file decides
_SNIFF = 16_384
_SNIFF_REPLY = 1 << 18  # in an answer of an assistant the words may come first
_LINES = dict.fromkeys(range(32), "\ufffd")


def find(paths: Sequence[Path]) -> tuple[list[Source], list[Issue]]:
    """Return everything to read under the paths, sorted, and what was passed over.

    Folders are walked with their subfolders; zips are opened one level deep (a zip in a zip is the second level and
    is opened too). Hidden files, Office's locks and system files are passed over silently, other files that hold no
    data with a note. A link is followed only to a file inside the folder given.

    Args:
        paths: Files and folders.

    Returns:
        Sources, named relative to the folder given, and issues.
    """
    sources: list[Source] = []
    issues: list[Issue] = []
    for path in paths:
        if path.is_dir():
            for file, name in _walk(path):
                _take(file, name, sources, issues)
        elif path.is_file():
            _take(path, printable(path.name), sources, issues)
        else:
            there = path.exists()  # a pipe or a device: reading it may never end
            detail = "不是普通文件 / no regular file" if there else "没有这个文件 / no such file"
            issues.append(Issue("file.unreadable", printable(path.name), detail=detail))
    return sources, issues


def _walk(root: Path) -> Iterator[tuple[Path, str]]:
    home = root.resolve()
    for folder, folders, files in os.walk(root):  # links to folders are not followed
        folders[:] = sorted(name for name in folders if not _hidden(name))
        for file in sorted(files):
            path = Path(folder, file)
            if not _hidden(file) and path.is_file() and (not path.is_symlink() or _inside(path, home)):
                yield path, printable(path.relative_to(root).as_posix())


def _inside(link: Path, home: Path) -> bool:
    try:
        return link.resolve().is_relative_to(home)
    except (OSError, RuntimeError):  # a link to itself
        return False


def printable(name: str) -> str:
    """Return a file name as it can be shown and stored: on Linux it may be bytes that are no text, or several lines."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text.translate(_LINES)


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in _SILENT


def _take(path: Path, name: str, sources: list[Source], issues: list[Issue]) -> None:
    suffix = path.suffix.lower()
    if _hidden(path.name):
        return
    if suffix == ".zip" and not zips.is_office(path):
        _take_zip(path, name, sources, issues)
    elif suffix in DATA or suffix == ".zip" or _table_inside(path, suffix):
        sources.append(Source(path, name))
    else:
        issues.append(Issue("file.skipped", name))


def _take_zip(path: Path, name: str, sources: list[Source], issues: list[Issue]) -> None:
    try:
        members = zips.members(path)
    except Unreadable as trouble:
        issues.append(Issue(trouble.code, name, detail=trouble.detail))
        return
    except OSError as error:
        issues.append(Issue("file.unreadable", name, detail=error.strerror or type(error).__name__))
        return
    for member in members:
        last = PurePosixPath(member.name.replace("!", "/"))
        full = f"{name}!{member.name}"
        if any(_hidden(part) for part in last.parts):
            continue
        if member.encrypted:
            issues.append(Issue("file.encrypted", full))
        elif last.suffix.lower() in DATA | {".zip"} or (
            last.suffix.lower() in _DOUBTFUL
            and _holds_table(_member_head(path, member.member), last.suffix.lower())
        ):
            sources.append(Source(path, full, member.member))
        else:
            issues.append(Issue("file.skipped", full))


def _member_head(path: Path, member: str) -> bytes:
    try:
        with zips.opened(path, member) as file:
            return file.read(_SNIFF_REPLY)
    except Unreadable:
        return b""


def _table_inside(path: Path, suffix: str) -> bool:
    """Whether a text, an XML file or a file without a suffix holds a table all the same."""
    if suffix not in _DOUBTFUL:
        return False
    try:
        with path.open("rb") as file:
            return _holds_table(file.read(_SNIFF_REPLY), suffix)
    except OSError:
        return False


def _holds_table(head: bytes, suffix: str) -> bool:
    if looks_like_spreadsheet(head[:_SNIFF]):
        return True
    return suffix != ".xml" and (_looks_tabular(head[:_SNIFF]) or _holds_reply(head))


def _holds_reply(head: bytes) -> bool:
    """Whether a text has a reply of the platform in it: an object with two fields that some kind knows."""
    if b"{" not in head:
        return False
    try:
        text = charset.decode(head)
    except Unreadable:
        return False
    return len(json_text.names_in(text) & json_kinds.names()) > 1


def _looks_tabular(head: bytes) -> bool:
    if head.startswith((file_formats.OLE, file_formats.ZIP, file_formats.PARQUET)):
        return True
    try:
        lines = charset.decode(head).splitlines()[:20]
    except Unreadable:
        return False
    known = known_headers()
    return any(
        sum(normalise_header(cell.strip('"')) in known for cell in line.split(mark)) >= 2
        for line in lines
        for mark in ",;\t|"
    )
