"""A file replaced in one step: the new one complete beside it, the old one kept as a backup."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.refusals import check_writable, refuse
from opsbook.backends.ooxml.zip_container import Container
from opsbook.domain.errors import BookError
from opsbook.support import atomic_files


def digest(content: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def backup_path(path: Path) -> Path:
    """Return where the one backup of a workbook stands: visible, beside it, opened by a double click."""
    return path.with_name(f"{path.stem}.backup{path.suffix}")


def replace(path: Path, content: bytes, changed: Mapping[str, bytes], before: str) -> None:
    """Put the new workbook in the old one's place; either wholly done or not at all.

    Args:
        path: The workbook.
        content: The new file.
        changed: Parts that must be found in it, each an XML document.
        before: Digest of the file when it was opened.

    Raises:
        BookError: The file changed meanwhile, is open elsewhere, or the folder cannot be written.
    """
    path = path.resolve()  # a link keeps pointing to the workbook
    made: list[Path] = []
    try:
        made.append(atomic_files.beside(path, content))
        _verify(Container(made[0].read_bytes()), changed)
        shutil.copymode(path, made[0])
        # The backup is what stood there a moment ago, and must be what was opened: then nothing else is replaced.
        old = path.read_bytes()
        if digest(old) != before:
            raise refuse(
                f"工作簿 {path.name} 在刷新期间被其他程序改动，未写入：请再刷新一次。",
                f"The workbook {path.name} was changed by another program during the refresh, nothing was written: refresh again.",
                "busy",
            )
        check_writable(path)  # somebody may have opened it since
        made.append(atomic_files.beside(path, old))
        shutil.copystat(path, made[1])
        atomic_files.put(made[1], backup_path(path))
        atomic_files.put(made[0], path)
    except OSError as error:
        raise _cannot_write(path, error) from None
    finally:
        for file in made:
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)


def _verify(container: Container, changed: Mapping[str, bytes]) -> None:
    """Raise BookError unless the written file holds every changed part, each well-formed."""
    for name, data in changed.items():
        if container.read(name) != data:
            raise xml_spans.damaged(name)
        xml_spans.check(data)


def _cannot_write(path: Path, error: OSError) -> BookError:
    if isinstance(error, PermissionError):
        return refuse(
            f"工作簿 {path.name}（或其备份 {backup_path(path).name}）无法写入，可能正在 Excel 中打开：请关闭后再刷新。",
            f"The workbook {path.name} (or its backup {backup_path(path).name}) cannot be written, it may be open in Excel: close it and refresh again.",
            "busy",
        )
    return refuse(
        f"工作簿 {path.name} 无法保存（{error.strerror}），原文件未改动：请检查磁盘空间后再刷新。",
        f"The workbook {path.name} cannot be saved ({error.strerror}) and is unchanged: check the disk space and refresh again.",
        "computer",
    )
