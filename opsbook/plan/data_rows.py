"""Tables of the plan whose lines come and go with the data, except where somebody wrote beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opsbook.plan.row_merge import Content, Standing, Wanted, settle
from opsbook.plan.shared_tables import Filled
from opsbook.plan.table_declarations import tables

Listed = tuple[str, dict[str, "Content"]]
"""Key of a line, and what Refresh shows in it by column."""


def listed(name: str, standing: Mapping[str, Standing], lines: Sequence[Listed]) -> dict[str, Filled]:
    """Return ``strategy.<name>`` under its block.

    Args:
        name: Of the table.
        standing: The workbook's tables.
        lines: What the data give, best first.
    """
    block = f"strategy.{name}"
    agreed = settle(
        tables()[block],
        standing.get(block, Standing()),
        [Wanted(key, {}) for key, _ in lines[: tables()[block].rows]],
        keep_gone=False,
    )
    cells = dict(lines)
    live = {
        line.key: {"no": str(number), **cells.get(line.key, {})}
        for number, line in enumerate(agreed.used, start=1)
    }
    return {block: Filled(agreed, live)}
