"""How much one file may cost before its reading is stopped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of the reading processes.

    Attributes:
        memory: Bytes that the reading of one file may take.
        seconds: Time that the reading of one file may take.
        workers: Processes at most; None is one a processor, four at most.
    """

    memory: int = 2 << 30
    seconds: float = 120.0
    workers: int | None = None


class Unreadable(Exception):  # noqa: N818 - a fact about a file, not an error of the program
    """A file that gives no cells: the code of the issue and its detail."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
