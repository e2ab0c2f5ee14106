"""The reading process: takes sources from its standard input, gives tables and issues to its standard output."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import hashlib
import os
import pickle
import signal
import struct
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from opsbook.intake import number_formats, uncalculated_formulas, zips
from opsbook.intake.clean_tables import Source
from opsbook.intake.file_formats import read_documents, read_grids
from opsbook.intake.ipc import ReadingResult
from opsbook.intake.issue_collector import IssueCollector
from opsbook.intake.limits import Limits, Unreadable
from opsbook.intake.sheets import read_tables
from opsbook.schemas import known_headers

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

    from opsbook.intake.header_map import HeaderMap

LENGTH = struct.Struct("<Q")
_GRACE = 30.0  # seconds after which a process whose parent died ends itself


@dataclass(frozen=True)
class Setup:
    """What a process is told once."""

    maps: HeaderMap
    limits: Limits
    known: frozenset[str]


@dataclass(frozen=True)
class Task:
    """One source to read."""

    source: Source
    stamp: datetime | None


def send(pipe: BinaryIO, message: object) -> None:
    """Write one message."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:
    """Return one message.

    Raises:
        EOFError: The other side is gone.
    """
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    size = LENGTH.unpack(head)[0]
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - both sides are ours


def main() -> None:
    """Serve until the input ends."""
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    pipe_in, pipe_out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the messages
    send(pipe_out, os.getpid())
    setup: Setup = receive(pipe_in)
    _limit_memory(setup.limits.memory)
    reader = Reader(setup)
    # Cells are no cycles: the collector would only walk over millions of them again and again.
    gc.disable()
    gc.freeze()  # what is there for good is not looked at after every file
    while True:
        try:
            task: Task = receive(pipe_in)
        except EOFError:
            return
        with contextlib.suppress(ValueError, OSError, AttributeError):
            faulthandler.dump_traceback_later(setup.limits.seconds + _GRACE, exit=True)
        result = reader.read(task)
        with contextlib.suppress(ValueError, OSError, AttributeError):
            faulthandler.cancel_dump_traceback_later()
        send(pipe_out, result)
        del result
        gc.collect()


def _limit_memory(limit: int) -> None:
    """Let the system refuse more memory, where it can; the parent watches as well."""
    try:
        import resource  # not on Windows
    except ImportError:
        return
    # Address space counts libraries and stacks too, which is not what a file costs.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit + _address_space(), resource.RLIM_INFINITY))


def _address_space() -> int:
    try:
        import psutil

        return int(psutil.Process().memory_info().vms)
    except ImportError:
        return 1 << 30


WPS = (".et", ".ett")
"""Endings of files that WPS saves in a form of its own, which is often, not always, that of an .xls."""


class Reader:
    """Reads sources one after another; keeps the last workbook open for its other paste sheets."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._known_headers = known_headers() | setup.maps.known
        self._book: tuple[tuple[Path, int, int], CalamineWorkbook] | None = None

    def read(self, task: Task) -> ReadingResult:
        """Return what one source gives; every trouble is an issue."""
        tally = IssueCollector(task.source.name)
        result = ReadingResult("")
        try:
            if task.source.sheet:
                self._read_sheet(task, tally, result)
            else:
                self._read_file(task, tally, result)
        except Unreadable as trouble:
            own_form = trouble.code == "file.unreadable" and task.source.name.lower().endswith(WPS)
            code = "file.wps_form" if own_form else trouble.code
            tally.add(code, sheet=task.source.sheet, detail=trouble.detail)
        except MemoryError:
            tally.add("file.too_large", detail=f"{self._setup.limits.memory >> 20} MiB")
        except OSError as error:
            tally.add("file.unreadable", detail=error.strerror or type(error).__name__)
        except Exception as error:  # noqa: BLE001 - one odd file must not stop the others
            tally.add("file.unreadable", detail=type(error).__name__)  # its words may quote a cell
        except BaseException as error:  # a panic of a Rust library is no Exception
            if type(error).__name__ != "PanicException":
                raise
            tally.add("file.unreadable", detail=type(error).__name__)
        result.issues = tally.issues
        if task.source.covered:
            result.issues = [
                replace(each, code="period.covered") if each.code == "period.missing" else each
                for each in tally.issues
            ]
        if task.source.cells:  # rows were counted from the table's own first
            top = task.source.cells[0]
            result.issues = [replace(each, row=each.row + top if each.row else 0) for each in tally.issues]
        return result

    def _read_file(self, task: Task, tally: IssueCollector, result: ReadingResult) -> None:
        source = task.source
        if not source.period:
            source = replace(source, period=self._setup.maps.period(source.name))
        data = zips.read(source.path, source.member) if source.member else None
        if data is not None:
            result.digest = hashlib.sha256(data).hexdigest()
        else:
            with source.path.open("rb") as file:
                result.digest = hashlib.file_digest(file, "sha256").hexdigest()
        if (documents := read_documents(source.path, data, source.name)) is not None:
            from opsbook.intake.json_answers import answers  # few files are JSON
            from opsbook.intake.json_tables import read_answers

            found = answers(documents)
            result.parcels = read_answers(found, source, task.stamp, tally)
            if found.tables:
                from opsbook.intake.delimited import read_delimited

                grids = [read_delimited(text, self._known_headers) for text in found.tables]
                result.parcels += read_tables(grids, source, task.stamp, self._setup.maps, tally)
            return
        grids = read_grids(source.path, data, self._known_headers)
        result.parcels = read_tables(grids, source, task.stamp, self._setup.maps, tally)

    def _read_sheet(self, task: Task, tally: IssueCollector, result: ReadingResult) -> None:
        from opsbook.intake.workbooks import read_sheet

        source = task.source
        grid = read_sheet(self._workbook(source.path), source.sheet)
        with source.path.open("rb") as file:
            number_formats.note(file, [grid])
            file.seek(0)
            uncalculated_formulas.settle(file, [grid], ours=True)
        if source.cells:
            grid = grid.only(*source.cells)
        cells = repr((grid.rows, source.period, *filter(None, [grid.currencies]))).encode(
            "utf-8", "surrogatepass"
        )
        result.digest = hashlib.sha256(cells).hexdigest()
        if result.digest not in self._setup.known:
            result.parcels = read_tables([grid], source, None, self._setup.maps, tally)

    def _workbook(self, path: Path) -> CalamineWorkbook:
        from opsbook.intake.workbooks import open_workbook

        status = path.stat()
        version = (path, status.st_mtime_ns, status.st_size)
        if self._book is None or self._book[0] != version:
            with path.open("rb") as file:
                self._book = (version, open_workbook(file))
        return self._book[1]


if __name__ == "__main__":
    main()
