"""What a schema is: a frozen record of an export's headers, units, grain and period rule. No parsing here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from opsbook.domain.language import Text
from opsbook.schemas.spelling import normalise_header
from opsbook.schemas.units import ANY_DECIMALS


class FieldType(StrEnum):
    """How a cell of the column is written, and what it becomes in the archive."""

    ID = "id"  # text, digits kept whatever the file made of them
    TEXT = "text"
    FLAG = "flag"  # text as given: Y/N, YES/NO, 是/否
    NUMBER = "number"  # float64; counts, persons, indices, hours
    MONEY = "money"  # float64 in the field's unit
    PERCENT = "percent"  # float64 fraction: 1.62% is 0.0162
    DATE = "date"
    DATETIME = "datetime"  # naive, on the schema's clock
    PERIOD = "period"  # a day, week or month: fills the row's period, not a column
    MONTH_DAY = "month_day"  # 5.1, 5.10 or 05.04 - 05.10: fills the row's period with the sheet's year
    IGNORED = "ignored"  # a known header that carries nothing to keep


@dataclass(frozen=True)
class Field:
    """One column of an export.

    Attributes:
        name: Our name, the archive's column.
        headers: What files call it; the first is the platform's current wording.
        type: How it is written.
        unit: ``persons``, ``count``, ``times``, ``USD``, ``CNY``, ``ratio``, ``hours``, ... or empty.
        private: Personal data: it stays in the archive and is never shown.
        rolling: A rolling window or snapshot: the last value counts, never the sum.
        least: The smallest number that is possible.
        most: The largest number that is possible.
        decimals: How many decimals its numbers usually have; 0 for counts, which are whole.
        json: Its names in the platform's JSON replies, as paths from the row's object: ``buyer.country``,
            ``details[].name`` for one that makes a row of its own of every entry of a list.
    """

    name: str
    headers: tuple[str, ...]
    type: FieldType
    unit: str = ""
    private: bool = False
    rolling: bool = False
    least: float = -math.inf
    most: float = math.inf
    decimals: int = ANY_DECIMALS
    json: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What the platform calls it."""
        return (self.headers or self.json or (self.name,))[0]


@dataclass(frozen=True)
class JsonRules:
    """How the platform's JSON replies hold a kind.

    Attributes:
        only: No spreadsheet has the kind; its fields have no headers, and no figure is computed from it.
        requires: As ``Schema.requires``, of the objects of a reply; empty where no reply is of the kind by itself.
        grain: What a row with a date covers that does not say more, or empty where that is not known.
        windows: The kind that takes the rows of rolling windows, or empty.
        samples: The kind that takes the rows of a reply that has only a part of them, or empty.
        ignored: Names that are known and not kept.
        private: Names that are never kept.
        keys: What the name of the list that a row is in says, by that name.
        under: Names of the lists that hold the kind; empty where its fields are enough.
        totals: What the platform calls its own row of totals.
    """

    only: bool = False
    requires: tuple[frozenset[str], ...] = ()
    grain: str = ""
    windows: str = ""
    samples: str = ""
    ignored: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    under: frozenset[str] = frozenset()
    totals: frozenset[str] = frozenset()


class PeriodRule(StrEnum):
    """Where a row's period comes from."""

    FILE = "file"  # the whole file covers one period: cell A1, file name, the paste sheet's own cell
    COLUMN = "column"  # a period column (a day, a week or a month in each row)
    EVENT = "event"  # each row happened at a moment; its day is its period
    SNAPSHOT = "snapshot"  # the state on one day: a date column, the file name, or the day it was taken in


class Repeats(StrEnum):
    """What rows of one file with the same key are."""

    DUPLICATE = "duplicate"  # the same row again: the last one counts
    DISTINCT = "distinct"  # different rows that look alike (order lines, words with accents stripped)


@dataclass(frozen=True)
class Schema:
    """One kind of export.

    Attributes:
        kind: Name of the kind and of its table in the archive.
        title: For people.
        key: Fields that, with the period, name a row.
        period: Where the period comes from.
        period_field: The column that carries it, for every rule but ``FILE``.
        clock: ``America/Los_Angeles`` (data site, ads) or ``Asia/Shanghai`` (message centre, own tables).
        repeats: What equal keys inside one file mean.
        version_field: A datetime column that says how new a row is (last change), or empty.
        unit: The field that names the thing whose newest state counts as a whole, such as the order of order lines;
            empty where every row is a thing of its own.
        line_fields: Of a kind with a unit, the fields that belong to the line; all others belong to the unit.
        identity: Key fields that name a row alone where the first of them is filled: a plan that has an id is the
            same plan under another name. Empty where the whole key names it.
        requires: Each entry names a field, or several parted by ``|`` of which one must be there.
        not_by: Normalised headers that split the numbers of this kind, such as a country: a table with one of them
            has rows of a finer grain and is not of this kind.
        file_names: Words that begin the platform's own file names; help to tell a period, never the kind.
        peers: Every number may also come as ``同行平均X`` / ``同行优秀X``.
        decimal_comma: Numbers are written ``1.234,5``; normally seen from the column itself.
        noted: What the team writes down beside the exports: its days do not tell how far the store's data reach.
        kept: A table that the team keeps: given again under its name, it replaces what it held before.
        fields: The columns.
        quirks: What a reader of the archive must know.
        json: How JSON replies hold it.
    """

    kind: str
    title: Text
    key: tuple[str, ...]
    period: PeriodRule
    period_field: str
    clock: str
    repeats: Repeats
    version_field: str
    unit: str
    line_fields: tuple[str, ...]
    identity: tuple[str, ...]
    requires: tuple[str, ...]
    not_by: frozenset[str]
    file_names: tuple[str, ...]
    peers: bool
    noted: bool
    kept: bool
    fields: tuple[Field, ...]
    quirks: tuple[str, ...]
    json: JsonRules = JsonRules()

    @cached_property
    def has_private(self) -> bool:
        """Whether its exports hold personal data."""
        return any(field.private for field in self.fields)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by our name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def by_header(self) -> dict[str, Field]:
        """Fields by normalised header."""
        return {normalise_header(header): field for field in self.fields for header in field.headers}

    @cached_property
    def by_json(self) -> dict[str, Field]:
        """Fields by their names in JSON replies; of a period column, only the date."""
        return {name: field for field in self.fields for name in field.json}

    @cached_property
    def stored(self) -> tuple[Field, ...]:
        """Fields that are columns of the archive."""
        unstored = (FieldType.PERIOD, FieldType.MONTH_DAY, FieldType.IGNORED)
        return tuple(field for field in self.fields if field.type not in unstored)

    @cached_property
    def required(self) -> tuple[frozenset[str], ...]:
        """Each requirement as the set of field names of which one must be present."""
        return tuple(frozenset(entry.split("|")) for entry in self.requires)

    @cached_property
    def subjects(self) -> tuple[Field, ...]:
        """The fields that name what a row is about, and that every table of the kind has.

        They are the key fields without which a table is not of this kind, and all names of a thing that has several.
        """
        needed = {name for alternatives in self.required if len(alternatives) == 1 for name in alternatives}
        return tuple(self.by_name[name] for name in self.key if self.identity or name in needed)

    def lacks(self, fields: AbstractSet[str]) -> list[str]:
        """Return the entries of ``requires`` that a table with these fields, given by name, does not meet."""
        return [
            entry
            for entry, alternatives in zip(self.requires, self.required, strict=True)
            if not fields & alternatives
        ]
