"""What a refresh took in from one table of one file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Receipt:
    """One table taken in.

    ``rows_in = added + replaced + unchanged + dropped + set_aside``.

    Attributes:
        id: Running number.
        taken_at: When, local time.
        file: As the user knows it.
        sheet: Sheet of the file, or empty.
        kind: Schema.
        period: First and last day that its rows cover, ``2026-01-01~2026-03-31``.
        rows_in: Rows under the header.
        added: Rows the archive did not have.
        replaced: Rows that took the place of an older version.
        unchanged: Rows the archive had, or held a newer version of.
        dropped: Totals, footers, blank and repeated rows.
        set_aside: Rows that could not be used; each has an issue.
        digest: SHA-256 of the content, in hex.
    """

    id: int
    taken_at: datetime
    file: str
    sheet: str
    kind: str
    period: str
    rows_in: int
    added: int
    replaced: int
    unchanged: int
    dropped: int
    set_aside: int
    digest: str
