"""Opening the archive file: made whole or not at all, and DuckDB's faults in sentences for people."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from opsbook.archive import table_layout
from opsbook.archive.migration import migrate
from opsbook.domain.errors import ArchiveError
from opsbook.domain.language import Text
from opsbook.support import atomic_files

if TYPE_CHECKING:
    import duckdb

# The oldest storage form that has all we need, so that older clients of DuckDB open the file too.
_CONFIG = {"storage_compatibility_version": "v1.2.0"}
_MEMORY = "512MB"  # beyond it DuckDB works on the disk; the figures need the rest of what a small machine has


def connect(path: Path, *, for_writing: bool) -> duckdb.DuckDBPyConnection:
    """Return a connection to the archive; a missing one is made, or stands empty in memory for reading.

    A connection for writing is the only one: until it is closed, every other program is refused. The system ends
    it with the program that holds it, so that a killed refresh stands in nobody's way.

    Raises:
        ArchiveError: The file is held by another program, damaged, no archive, or of a newer layout.
    """
    import duckdb  # heavy

    missing = not path.exists()
    try:
        if missing and for_writing:
            _make(path)
        if for_writing:
            keep_private(path)
        config: dict[str, str] = dict(_CONFIG) if for_writing else {}
        if missing and not for_writing:
            connection = duckdb.connect()
        else:
            with private_files():
                connection = duckdb.connect(str(path), read_only=not for_writing, config=config)
    except (duckdb.Error, OSError) as error:
        raise fault(path, error) from error
    try:
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        _check(connection, path, empty=missing)
        if for_writing or missing:
            with private_files():
                _prepare(connection)
    except duckdb.Error as error:
        connection.close()
        raise fault(path, error) from error
    except ArchiveError:
        connection.close()
        raise
    return connection


def _make(path: Path) -> None:
    """Make an empty archive under a passing name and rename it: a file half made could never be opened again."""
    import duckdb  # heavy

    made = atomic_files.beside(path)
    try:
        with private_files(), duckdb.connect(str(made), config=_CONFIG) as connection:
            _prepare(connection)
        try:
            atomic_files.put_new(made, path)
        except (FileExistsError, FileNotFoundError):  # another refresh was faster, and its archive is as good
            if not path.exists():
                raise
    finally:
        for rest in (made, wal(made)):
            with contextlib.suppress(OSError):
                rest.unlink(missing_ok=True)


def copy_to(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Copy the whole archive into a new file. Its bytes cannot be: whoever closes them gives up the lock on them."""
    database = connection.execute("SELECT current_database()").fetchone()
    quoted = str(path).replace("'", "''")
    with private_files():
        connection.execute(f"ATTACH '{quoted}' AS kept")
    try:
        connection.execute(f'COPY FROM DATABASE "{database[0] if database else ""}" TO kept')
    finally:
        connection.execute("DETACH kept")


@contextlib.contextmanager
def private_files() -> Iterator[None]:
    """Let only the owner read the files that are made meanwhile; on Windows the folder's own rights count."""
    if os.name != "posix":
        yield
        return
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def keep_private(path: Path) -> None:
    """Take other users' rights from an archive and its backup, which hold the names of buyers."""
    if os.name != "posix":
        return
    for file in (path, wal(path), backup_of(path)):
        with contextlib.suppress(OSError):  # not there, or another user's
            if (mode := file.stat().st_mode & 0o777) & 0o077:
                file.chmod(mode & 0o700)


def backup_of(path: Path) -> Path:
    """Return where the archive is kept as it was before something was taken back."""
    return path.with_name(f"{path.stem}.backup{path.suffix}")


def wal(path: Path) -> Path:
    """Return where DuckDB keeps what is saved and not yet in the file itself; gone when it was closed in peace."""
    return path.with_name(path.name + ".wal")


def _check(connection: duckdb.DuckDBPyConnection, path: Path, *, empty: bool) -> None:
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "opsbook_meta" not in tables:
        if tables or not empty:
            raise ArchiveError(
                Text(
                    f"{path.name} 是别的数据库，不是 OpsBook 的归档，未做任何改动：请用 --archive 指出正确的文件。",
                    f"{path.name} is another database, not an archive of OpsBook, and was left alone: "
                    "name the right file with --archive.",
                )
            )
        return
    row = connection.execute("SELECT value FROM opsbook_meta WHERE key = 'layout'").fetchone()
    version = int(row[0]) if row else 0
    if version > table_layout.LAYOUT:
        raise ArchiveError(
            Text(
                f"归档 {path.name} 由更新版本的 OpsBook 写成（布局 {version}，本程序支持到 {table_layout.LAYOUT}）：请升级 OpsBook。",
                f"{path.name} was written by a newer OpsBook (layout {version}, this one knows {table_layout.LAYOUT}): "
                "install the newer version.",
            )
        )


def every_column(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Return the columns of every table of the file."""
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns()"
    ).fetchall():
        found.setdefault(table, set()).add(column)
    return found


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables, add what a newer schema brings, and bring an older layout up to date."""
    connection.execute("BEGIN")
    there = every_column(connection)
    for statement in table_layout.statements(there):
        connection.execute(statement)
    connection.execute(
        "INSERT OR IGNORE INTO opsbook_meta VALUES ('layout', ?), ('serial', '0'), ('id', ?)",
        [str(table_layout.LAYOUT), uuid4().hex],
    )
    migrate(connection, there)
    connection.execute("COMMIT")


def fault(path: Path, error: Exception) -> ArchiveError:
    """Return what stopped the archive, in a sentence with what to do."""
    name, said = path.name, type(error).__name__
    low = str(error).lower()
    if path.is_dir():
        return ArchiveError(Text(f"{name} 是文件夹，不是归档。", f"{name} is a folder, not an archive."))
    if "conflicting lock" in low or "set lock" in low or "being used by another process" in low:
        return ArchiveError(
            Text(
                f"归档 {name} 正被另一个程序使用（可能是另一个刷新，或打开着它的数据库工具）：请等它结束或关闭后再试。未做任何改动。",
                f"{name} is in use by another program (another refresh, or a database tool that has it open): "
                "wait until it is done, or close it, and try again. Nothing was changed.",
            ),
            "busy",
        )
    if any(
        sign in low for sign in ("no space left", "file too large", "disk full", "quota", "not enough space")
    ):
        return ArchiveError(
            Text(
                f"磁盘空间不足，归档 {name} 无法写入，以前的数据都在：请腾出空间后再刷新。",
                f"The disk is full and {name} cannot be written; what it held is kept: make room and refresh again.",
            ),
            "computer",
        )
    if any(
        sign in low
        for sign in (
            "permission denied",
            "read-only file system",
            "access is denied",
            "operation not permitted",
        )
    ):
        return ArchiveError(
            Text(
                f"没有权限写入归档 {name} 或它的文件夹：请在文件属性中取消只读，或移到可写的文件夹。",
                f"{name} or its folder may not be written: clear read-only in its properties, or move it to a "
                "folder that can be written.",
            ),
            "computer",
        )
    if "not a valid duckdb" in low:
        return ArchiveError(
            Text(
                f"{name} 不是归档（或已损坏）：请用 --archive 指出正确的文件，或恢复它的备份。",
                f"{name} is no archive, or damaged: name the right file with --archive, or restore it from a backup.",
            )
        )
    return ArchiveError(  # the library's words may quote a cell: its kind of error is enough
        Text(
            f"归档 {name} 已损坏或无法读取（{said}），未做任何改动：请恢复它的备份（同一文件夹中的 .backup 文件或您自己的备份），"
            "或用 --archive 指出正确的文件。",
            f"{name} is damaged or cannot be read ({said}); nothing was changed: restore it from a backup (the .backup "
            "file beside it, or one of your own), or name the right file with --archive.",
        )
    )


def damaged(error: BaseException | None) -> bool:
    """Whether DuckDB cannot read its blocks or write its file: not a statement that is wrong, nor a person's Ctrl-C."""
    import duckdb  # heavy

    if isinstance(error, duckdb.FatalException | duckdb.InternalException | duckdb.OperationalError):
        return True
    return type(error) is duckdb.Error and "interrupt" not in str(error).lower()
