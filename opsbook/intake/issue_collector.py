"""Collects the issues of one file: many of the same code and column become one with a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from opsbook.domain.issues import Issue

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SINGLE = 20  # so many are listed one by one; the rest share one issue
_MOST = 100  # issues of one code in one file
_VALUE_LENGTH = 60
_LISTED = 8  # rows or cells that one issue names


@dataclass
class IssueCollector:
    """Issues of one file, in the order they were found."""

    file: str
    issues: list[Issue] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)
    _last: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        code: str,
        *,
        sheet: str = "",
        row: int = 0,
        column: str = "",
        value: object = "",
        detail: str = "",
        times: int = 1,
    ) -> None:
        """Note one trouble."""
        self._counts[code] += 1
        if self._counts[code] > _MOST:  # the last one of its code counts for all that follow
            place = self._last[code]
            self.issues[place] = replace(self.issues[place], times=self.issues[place].times + times)
            return
        self._last[code] = len(self.issues)
        self.issues.append(Issue(code, self.file, sheet, row, column, shown(value), detail, times))

    def add_rows(
        self,
        code: str,
        rows: Sequence[int] | NDArray[np.intp],
        values: Iterable[object],
        *,
        sheet: str = "",
        column: str = "",
        detail: str = "",
    ) -> None:
        """Note the same trouble of a column in many rows: the first ones singly, the rest as one with a count.

        Args:
            code: Key of the catalogue.
            rows: Row numbers as Excel counts, ascending.
            values: The cells, one for each row; only the first ones are taken from it.
            sheet: Sheet of the file.
            column: Header as the file writes it.
            detail: Facts that complete the sentence.
        """
        rest = len(rows) - _SINGLE
        for number, (row, value) in enumerate(zip(rows, values, strict=False)):
            last = number == _SINGLE
            self.add(
                code,
                sheet=sheet,
                row=int(row),
                column=column,
                value=value,
                detail=detail,
                times=rest if last else 1,
            )
            if last:
                return


def listed(facts: Iterable[str]) -> str:
    """Return the first facts in one line: ``3, 4, 5, …``."""
    first = list(islice(facts, _LISTED + 1))
    return ", ".join([*first[:_LISTED], "…"] if len(first) > _LISTED else first)


def shown(value: object) -> str:
    """Return a cell as an issue shows it: one line, shortened."""
    text = "" if value is None else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _VALUE_LENGTH else text[: _VALUE_LENGTH - 1] + "…"
