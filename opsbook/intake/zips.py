"""Members of zip files: named, bounded, read. A member of a zip inside a zip is ``inner.zip!/member.csv``."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from opsbook.intake.limits import Unreadable

INNER = "!/"  # between the name of a zip inside a zip and the name of its member
_MEMBERS = 2_000
_TOTAL = 2 << 30  # bytes of all members together
_RATIO = 200  # unpacked to packed; true tables reach about 30
_SMALL = 32 << 20  # a file of zeros this small does no harm
_INNER_SIZE = 256 << 20
_WORK = 16 << 30  # bytes unpacked to reach every member of one zip inside a zip
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
DAMAGED = "压缩包已损坏或没有下载完整 / the zip is damaged or cut off"  # the library's words may quote what is in it


@dataclass(frozen=True)
class Member:
    """A file inside a zip.

    Attributes:
        member: What `read` finds it by.
        name: What people call it.
        size: Bytes when unpacked.
        encrypted: Whether it needs a password.
    """

    member: str
    name: str
    size: int
    encrypted: bool


def members(path: Path) -> list[Member]:
    """Return the files of a zip and of the zips in it, one level deep, sorted by name.

    Raises:
        Unreadable: Damaged, or unsafe to open: names that leave the folder, links, too many members, too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = list(_members(archive))
            nested = [each for each in found if each.name.lower().endswith(".zip") and not each.encrypted]
            found = [each for each in found if each not in nested]
            for outer in nested:
                inside = list(_nested(archive, outer))
                found += inside
                _bounded(found, work=len(inside) * outer.size)  # each of them unpacks the zip that it is in
    except Unreadable:
        raise
    except Exception as error:  # damage shows as an exception of any kind, zlib's and struct's among them
        raise Unreadable("file.unreadable", DAMAGED) from error
    _bounded(found)
    return sorted(found, key=lambda member: member.name)


def _bounded(found: list[Member], work: int = 0) -> None:
    size = sum(member.size for member in found)
    if len(found) > _MEMBERS or size > _TOTAL or work > _WORK:
        raise Unreadable("file.unsafe", f"{len(found)} files, {size:,} B")


def _nested(archive: zipfile.ZipFile, outer: Member) -> Iterator[Member]:
    """Yield what is in a zip inside a zip; the zip itself where it is damaged: read as a file it gives its issue."""
    if outer.size > _INNER_SIZE:
        raise Unreadable("file.unsafe", f"{outer.name}: {outer.size:,} B")
    try:
        with zipfile.ZipFile(io.BytesIO(archive.read(outer.member))) as inner:
            inside = list(_members(inner))
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - as above
        yield outer
        return
    for each in inside:
        path, name = f"{outer.member}{INNER}{each.member}", f"{outer.name}!{each.name}"
        yield Member(path, name, each.size, each.encrypted)


def is_office(path: Path) -> bool:
    """Whether a zip is a workbook under another name."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:50])
    except Exception:  # noqa: BLE001 - damaged: said when it is opened
        return False
    return bool(names & {"[Content_Types].xml", "content.xml"})


@contextmanager
def opened(path: Path, member: str) -> Iterator[IO[bytes]]:
    """Give a member as a file that is unpacked as it is read.

    Raises:
        Unreadable: Damaged, encrypted or gone.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            outer, parted, inner = member.partition(INNER)
            if parted and member not in archive.NameToInfo:
                with zipfile.ZipFile(io.BytesIO(archive.read(outer))) as nested, nested.open(inner) as file:
                    yield file
            else:
                with archive.open(member) as file:
                    yield file
    except Unreadable:
        raise
    except Exception as error:  # zlib.error, lzma.LZMAError and zipfile's own have no common base
        if type(error) is RuntimeError:  # what zipfile raises for a member with a password
            raise Unreadable("file.encrypted") from error
        raise Unreadable("file.unreadable", DAMAGED) from error


def read(path: Path, member: str) -> bytes:
    """Return the bytes of a member; see `opened`."""
    with opened(path, member) as file:
        return file.read()


def written_at(path: Path, member: str) -> datetime | None:
    """Return the time that the zip keeps for a member, on the clock of the computer that packed it."""
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.NameToInfo.get(member) or archive.NameToInfo.get(member.partition(INNER)[0])
            return datetime(*info.date_time) if info else None  # noqa: DTZ001
    except Exception:  # noqa: BLE001 - damaged: said when it is opened
        return None


def _members(archive: zipfile.ZipFile) -> Iterator[Member]:
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if len(infos) > _MEMBERS or total > _TOTAL or (total > _SMALL and total > _RATIO * max(packed, 1)):
        raise Unreadable("file.unsafe", f"{len(infos)} files, {packed:,} → {total:,} B")
    for info in infos:
        name = _name(info)
        if _leaves(name) or stat.S_ISLNK(info.external_attr >> 16):
            raise Unreadable("file.unsafe", name[:80])
        if not info.is_dir():
            yield Member(info.filename, name, info.file_size, bool(info.flag_bits & _ENCRYPTED_FLAG))


def _name(info: zipfile.ZipInfo) -> str:
    """Return the true name: Chinese Windows packs GBK names and does not say so."""
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _leaves(name: str) -> bool:
    """Whether unpacking the name would write outside the folder."""
    windows = PureWindowsPath(name)
    parts = {*PurePosixPath(name).parts, *windows.parts}
    return name.startswith(("/", "\\")) or bool(windows.drive) or ".." in parts
