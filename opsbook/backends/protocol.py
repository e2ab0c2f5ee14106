"""What a workbook must be able to do so that a plan can be put into it, whatever program holds it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from opsbook.backends.upgrade.outcome import UpgradeOutcome
    from opsbook.book.address import Place
    from opsbook.book.model import Cell, Scalar


class Book(Protocol):
    """An open workbook of ours. Rows and columns count from 0; nothing is written before `save`."""

    @property
    def path(self) -> Path:
        """Where people know it to be; archive and exports stand beside it."""

    @property
    def readable(self) -> Path:
        """A file that holds its cells as they are now, for readers of paste sheets."""

    @property
    def digest(self) -> str:
        """What tells its present content from any other; equal digests must mean equal content."""

    @property
    def date1904(self) -> bool:
        """Whether its dates count from 1904."""

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Titles of the tabs in order."""

    def names(self) -> dict[str, str]:
        """Return every workbook-scoped defined name and its text, without ``=``."""

    def place(self, name: str) -> Place | None:
        """Return where a defined name is, or None unless it is one plain rectangle of a worksheet."""

    def read(self, place: Place) -> list[list[Scalar]]:
        """Return the values of a rectangle, rows by columns: dates as serial numbers, errors as `Error`."""

    def protected(self, sheet: str, row: int, column: int) -> bool:
        """Whether the cell is for people (cell style ``ops_input``): nothing is written there."""

    def write_cells(self, title: str, cells: Mapping[tuple[int, int], Cell]) -> None:
        """Write cells of one sheet by row and column; cells for people are left alone."""

    def obstacle(self, title: str, cells: Mapping[tuple[int, int], Scalar]) -> Place | None:
        """Return what of the user's would break if these cells were written, or None."""

    def define(self, name: str, text: str, comment: str = "") -> None:
        """Set or make a workbook-scoped defined name that is no range; a comment that it has stays."""

    def resize_obstacle(self, name: str, rows: int) -> Place | None:
        """Return what of the user's stands in the way of `resize`, or None."""

    def resize(self, name: str, rows: int, columns: Collection[int] | None = None) -> None:
        """Make a growing block longer or shorter, with everything that refers to its data."""

    def upgrade(self) -> UpgradeOutcome | None:
        """Bring a workbook that an earlier version made to the layout of this one; None when it has that."""

    def save(self) -> None:
        """Put every change in place, wholly or not at all.

        Raises:
            BookError: It cannot be written; it is as it was, or the message says where the backup is.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
