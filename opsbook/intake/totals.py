"""Rows that are computed from other rows. Words raise the suspicion, the file's own sums decide.

A word in a column of ids or periods is enough: 3月合计 is no order number. In a column of names it is enough only
where the row has no key of its own or its numbers are a sum of other rows: 合计算器 is a product, and a plan may be
called 全部商品. Where a plain word of totals and the sums contradict each other, the row is set aside with a question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from opsbook.intake.sums import Sums
from opsbook.intake.total_words import TotalWord, all_of, has_latin, no_period, total_word
from opsbook.schemas import Field, FieldType, Schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opsbook.intake.rows import Cells

_KEYS = (FieldType.ID, FieldType.DATE, FieldType.DATETIME, FieldType.PERIOD, FieldType.MONTH_DAY)
_NUMERIC = (FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT)
_MANY = 300
_ENTITIES = {
    "plan": ("plan_id", "plan_name", "plan_type"),
    "product": ("product_id", "product_name", "product_info", "product_model"),
    "channel": ("channel",),
    "keyword": ("keyword",),
    "country": ("country",),
    "order": ("order_id", "order_tags"),
    "buyer": ("buyer_name", "buyer_id", "buyer_company"),
    "owner": ("owner",),
}
_ENTITY_OF = {name: entity for entity, names in _ENTITIES.items() for name in names}
_REMARKS = frozenset({"remark", "item", "topic", "order_tags"})


@dataclass
class TotalRows:
    """Rows that are not data.

    Attributes:
        rows: Computed rows.
        doubtful: Rows that their words call totals and their numbers do not, with the field of the word.
    """

    rows: NDArray[np.bool_]
    doubtful: dict[int, str] = field(default_factory=dict)


def computed_rows(
    schema: Schema, cells: Mapping[str, Cells], labels: Sequence[Cells], alive: NDArray[np.bool_]
) -> TotalRows:
    """Find totals, averages and growth among the rows.

    Args:
        schema: The kind.
        cells: Columns by field.
        labels: Columns without a field; the first ones of the sheet may hold the words of totals.
        alive: Rows to look at.
    """
    found = TotalRows(np.zeros(len(alive), dtype=np.bool_))
    keys = {name for name in cells if name == schema.period_field or _is_key(schema, name)}
    for name in keys:
        found.rows |= _having(cells[name], no_period)
    for column in labels:
        found.rows |= _having(column, lambda text: total_word(text) in (TotalWord.TOTAL, TotalWord.COMPUTED))
    found.rows &= alive
    suspects = _suspects(schema, cells, keys, alive & ~found.rows)
    bare = _bare_numbers(schema, cells, alive & ~found.rows)
    if suspects or len(bare):
        _decide(_TableCells(schema, cells, keys, alive), suspects, bare, found)
    return found


def _is_key(schema: Schema, name: str) -> bool:
    owner = schema.by_name[name]
    return owner.type in _KEYS and (name in schema.key or owner.type is not FieldType.ID)


def _having(column: Cells, says: Callable[[str], bool]) -> NDArray[np.bool_]:
    return column.having(
        place for place, value in enumerate(column.values) if isinstance(value, str) and says(value)
    )


def _suspects(
    schema: Schema, cells: Mapping[str, Cells], keys: Iterable[str], alive: NDArray[np.bool_]
) -> dict[int, tuple[str, TotalWord]]:
    """Return rows with a word of totals in a column of names: the field and the strongest word."""
    found: dict[int, tuple[str, TotalWord]] = {}
    for name, column in cells.items():
        owner = schema.by_name[name]
        if name in keys or owner.type in _NUMERIC:
            continue
        words = [_word(owner, value) if isinstance(value, str) else TotalWord.NONE for value in column.values]
        if not any(words):
            continue
        strength = np.array(words, dtype=np.int8)[column.codes]
        for row in np.flatnonzero((strength > 0) & alive).tolist():
            if row not in found or found[row][1] < strength[row]:
                found[row] = (name, TotalWord(int(strength[row])))
    return found


def _word(owner: Field, text: str) -> TotalWord:
    found = total_word(text)
    if found is TotalWord.NONE:
        return found
    if owner.name == "keyword" and has_latin(text):
        return TotalWord.INSIDE  # buyers search for totals and averages of many things
    if found is TotalWord.EDGE and all_of(text, _ENTITY_OF.get(owner.name, "")):
        found = TotalWord.ALL
    if found >= TotalWord.ALL and (
        owner.name in _REMARKS or (owner.name == "buyer_name" and has_latin(text))
    ):
        return TotalWord.EDGE
    return found


def _bare_numbers(schema: Schema, cells: Mapping[str, Cells], alive: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return rows that lack a name of the key while they have numbers, in a table whose other rows have one."""
    named = [name for name in schema.key if name in cells] or [
        name for name in cells if name == schema.period_field
    ]
    if not named:
        return np.zeros(0, dtype=np.intp)
    empty = alive.copy()
    for name in named:
        empty &= cells[name].marked(map(_blank, cells[name].values))
    if not empty.any() or not (alive & ~empty).any():
        return np.zeros(0, dtype=np.intp)
    for (
        name,
        column,
    ) in cells.items():  # a line of an order has words or numbers of its own; a total has only sums
        if name != schema.period_field and schema.by_name[name].type not in _NUMERIC:
            empty &= column.marked(map(_blank, column.values))
    return np.flatnonzero(empty)


@dataclass(frozen=True)
class _TableCells:
    schema: Schema
    cells: Mapping[str, Cells]
    keys: set[str]  # fields in which a word of totals is enough
    alive: NDArray[np.bool_]


def _decide(
    table: _TableCells, suspects: dict[int, tuple[str, TotalWord]], bare: NDArray[np.intp], found: TotalRows
) -> None:
    strong = {row for row, (_, said) in suspects.items() if said >= TotalWord.ALL}
    weak = sorted(suspects.keys() - strong)
    data = table.alive & ~found.rows
    data[list(strong)] = False
    data[bare] = False
    sums = Sums(table.schema, table.cells, data, np.flatnonzero(~data))
    if len(weak) > _MANY:  # a word in so many names is a part of them
        weak = [row for row in weak if suspects[row][1] is not TotalWord.INSIDE]
    keyless = table.alive & bool(table.keys)
    for name in table.keys:
        keyless &= table.cells[name].marked(map(_blank, table.cells[name].values))
    for row in weak:
        name, said = suspects[row]
        nameless = said is TotalWord.EDGE and bool(keyless[row])  # 某客户 合计, without number and day
        if sums.proves_beyond_chance(row, least=2 if said is TotalWord.INSIDE else 1) or (
            nameless and sums.proves(row)
        ):
            found.rows[row] = True
            sums.remove(row)
        elif nameless and sums.filled(row):
            found.doubtful[row] = name
            sums.remove(row)
    sums.rebuild()
    for row in bare.tolist():
        if sums.proves(row) or sums.percents(row):
            found.rows[row] = True
    for row in sorted(strong):
        name, said = suspects[row]
        if keyless[row] or sums.proves(row):
            found.rows[row] = True
        elif said is TotalWord.ALL and not sums.has_others(row):
            continue  # the only row of its period: the export itself is the total
        elif not sums.filled(row) or (
            said is TotalWord.COMPUTED and (sums.percents(row) or sums.is_mean(row))
        ):
            found.rows[row] = True
        elif said is TotalWord.COMPUTED and name == "keyword":
            continue
        else:
            found.doubtful[row] = name


def _blank(value: object) -> bool:
    if isinstance(value, str):
        return not value or value.isspace() or value.strip() in ("-", "--", "—", "/")
    return value is None or value != value  # noqa: PLR0124 - NaN
