"""A few persistent reading processes, each watched: one that aborts, hangs or grows too much is replaced."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import psutil

import opsbook
from opsbook.domain.errors import OpsbookError
from opsbook.domain.issues import Issue
from opsbook.intake.ipc import ReadingResult
from opsbook.intake.reading_process import Setup, Task, receive, send

_BOOT = "import sys; sys.path[:] = sys.argv[1:]; from opsbook.intake.reading_process import main; main()"
# One thread each; and glibc keeps the memory of one file for the next, which costs a third less system time.
_ENVIRONMENT = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),  # the most that it takes
}
_LOOK = 0.05  # seconds between two looks at the processes
_START = 60.0  # seconds that a process may take to say its first word, on a slow disk
_SHARE = 4 << 20  # bytes of waiting files for which another process is worth its start
_MOST = 4
_OUT_OF_MEMORY = (
    b"memory allocation of",
    b"MemoryError",
    b"out of memory",
    b"bad_alloc",
    b"capacity overflow",
)


@dataclass
class _Process:
    """One reading process."""

    popen: subprocess.Popen[bytes]
    errors: BinaryIO
    watched: psutil.Process
    deadline: float = float("inf")
    verdict: Issue | None = None

    @property
    def pipe_in(self) -> BinaryIO:
        assert self.popen.stdin is not None  # noqa: S101 - it was opened as a pipe
        return self.popen.stdin  # type: ignore[return-value]

    @property
    def pipe_out(self) -> BinaryIO:
        assert self.popen.stdout is not None  # noqa: S101 - it was opened as a pipe
        return self.popen.stdout  # type: ignore[return-value]

    def kill(self) -> None:
        # The interpreter of a virtual environment on Windows is a launcher: the real process is its child.
        with contextlib.suppress(psutil.Error):
            self.watched.kill()
        with contextlib.suppress(OSError):
            self.popen.kill()

    def close(self) -> None:
        self.kill()  # between two files it has nothing to lose, and waiting for its own end takes longer
        self.popen.wait()
        with contextlib.suppress(OSError, ValueError):
            self.pipe_in.close()
        self.pipe_out.close()
        self.errors.close()

    def last_words(self) -> bytes:
        self.errors.seek(0, os.SEEK_END)
        self.errors.seek(max(0, self.errors.tell() - 4096))
        return self.errors.read()


class Pool:
    """Reads tasks in child processes. Use it as a context; leaving it ends the processes."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._most = setup.limits.workers or min(os.cpu_count() or 1, _MOST)
        self._tasks: queue.SimpleQueue[tuple[Task, Future[ReadingResult], int] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._processes: dict[int, _Process] = {}
        self._lock = threading.Lock()
        self._waiting = 0
        self._closed = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="opsbook-watch", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        with contextlib.suppress(queue.Empty):
            while True:
                if waiting := self._tasks.get_nowait():
                    waiting[1].cancel()
        for _ in self._threads:
            self._tasks.put(None)
        with self._lock:
            working = [process for process in self._processes.values() if process.deadline < float("inf")]
        for process in working:  # somebody stopped listening in the middle of a file
            process.kill()
        for thread in self._threads:
            thread.join()
        if self._watcher.is_alive():
            self._watcher.join()

    def submit(self, task: Task, size: int) -> Future[ReadingResult]:
        """Queue a task; ``size`` in bytes tells whether one more process is worth starting."""
        future: Future[ReadingResult] = Future()
        with self._lock:
            self._waiting += size
            self._tasks.put((task, future, size))
            worth = not self._threads or self._waiting > _SHARE * len(self._threads)
            if worth and len(self._threads) < self._most:
                thread = threading.Thread(
                    target=self._serve, args=(len(self._threads),), name="opsbook-read", daemon=True
                )
                self._threads.append(thread)
                thread.start()
                if len(self._threads) == 1:
                    self._watcher.start()
        return future

    def _serve(self, number: int) -> None:
        """Pass tasks to one process at a time until there are no more."""
        process: _Process | None = None
        while item := self._tasks.get():
            task, future, size = item
            if not self._closed.is_set() and future.set_running_or_notify_cancel():
                try:
                    process = process or self._start(number)
                    result, alive = self._run(process, task)
                    if not alive:
                        self._end(number, process)
                        process = None
                    future.set_result(result)
                except BaseException as error:  # noqa: BLE001 - the reader of the future raises it
                    future.set_exception(error)
            with self._lock:
                self._waiting -= size
        if process:
            self._end(number, process)

    def _run(self, process: _Process, task: Task) -> tuple[ReadingResult, bool]:
        """Return what the process says, or why it does not, and whether it can go on."""
        process.verdict = None
        process.deadline = time.monotonic() + self._setup.limits.seconds
        try:
            send(process.pipe_in, task)
            result: ReadingResult = receive(process.pipe_out)
        except (EOFError, OSError, ValueError):
            self._rest(process)
            process.kill()
            process.popen.wait()
            return ReadingResult("", issues=[self._verdict(process, task)]), False
        self._rest(process)
        if process.verdict:  # it was stopped when it had just finished
            return result, False
        # Memory once taken is seldom given back: a process that read a large file makes room for a fresh one.
        large = any(issue.code == "file.too_large" for issue in result.issues)
        return result, not large and self._size(process) < self._setup.limits.memory // 2

    def _rest(self, process: _Process) -> None:
        """Take the process out of the watch; a verdict is passed before or not at all."""
        with self._lock:
            process.deadline = float("inf")

    def _verdict(self, process: _Process, task: Task) -> Issue:
        """Return why the process is gone: ended by us, out of memory, or by itself."""
        name = task.source.name
        if process.verdict:
            return replace(process.verdict, file=name)
        words = process.last_words()
        if any(sign in words for sign in _OUT_OF_MEMORY):
            return Issue("file.too_large", name, detail=f"{self._setup.limits.memory >> 20} MiB")
        code = process.popen.returncode
        return Issue("file.unreadable", name, detail=f"读取程序崩溃 / the reader crashed (exit {code})")

    def _start(self, number: int) -> _Process:
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        home = str(Path(opsbook.__file__).parent.parent)
        places = [home, *(place or os.getcwd() for place in sys.path if place != home)]  # noqa: PTH109
        # Isolated, and told where to import from: a module in the current folder cannot take a library's place.
        popen = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _BOOT, *places],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            env={**os.environ, **_ENVIRONMENT},
        )
        process = _Process(popen, errors, psutil.Process(popen.pid))
        process.deadline = time.monotonic() + _START
        with self._lock:
            self._processes[number] = process
        try:
            process.watched = psutil.Process(receive(process.pipe_out))
            send(process.pipe_in, self._setup)
        except (EOFError, OSError, psutil.Error) as error:
            words = process.last_words().decode("utf-8", errors="replace").strip().splitlines()
            self._end(number, process)
            last = words[-1] if words else "no answer"
            raise OpsbookError(f"The reading process does not start ({sys.executable}): {last}") from error
        process.deadline = float("inf")
        return process

    def _end(self, number: int, process: _Process) -> None:
        with self._lock:
            self._processes.pop(number, None)
        process.close()

    def _watch(self) -> None:
        """End the processes that pass a limit."""
        limits = self._setup.limits
        while not self._closed.wait(_LOOK):
            with self._lock:
                for process in self._processes.values():
                    if process.deadline == float("inf") or process.verdict:
                        continue
                    if time.monotonic() > process.deadline:
                        process.verdict = Issue("file.too_slow", detail=f"{limits.seconds:g} s")
                    elif self._size(process) > limits.memory:
                        process.verdict = Issue("file.too_large", detail=f"{limits.memory >> 20} MiB")
                    if process.verdict:
                        process.kill()

    @staticmethod
    def _size(process: _Process) -> int:
        try:
            return int(process.watched.memory_info().rss)
        except psutil.Error:
            return 0
