"""The ad reports as SQL: a plan under its last known name, without the account's own total by day.

A report of the whole account has no plan column, so intake names its rows after the file. Where such rows equal the sum
of the other plans of the same days, in spend, impressions and clicks, they are that total: it is not a plan, and is not
added to the plans.
"""

from __future__ import annotations

from collections.abc import Iterable

from opsbook.archive.table_layout import key
from opsbook.schemas import schemas

KIND = "p4p_plan_daily"
PLAN = "plan"
"""Column of what the plan of a row is called: its last known name, else its id; empty where it has neither."""
_MEASURES = ("cost_cny", "impressions", "clicks")
_SLACK = 0.011  # sums of amounts rounded to cents


def columns(fields: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of the archive that `plans` takes for some fields."""
    return tuple(dict.fromkeys((*key(schemas()[KIND]), *_MEASURES, *fields)))


def plans(rows: str) -> str:
    """Return the SELECT of the rows of ad reports without totals of the account, with the column `PLAN`.

    Args:
        rows: The SELECT of `columns`.

    Rows without a plan id are left out on the days on which they are the sum of all other rows, if that is so on every
    day that has others and on which money was spent.
    """
    whole = ", ".join(f"coalesce(sum({name}) OVER days, 0) AS all_{name}" for name in _MEASURES)
    # A total is half of a sum that holds the parts and the total.
    half = " AND ".join(f"coalesce(abs(all_{name} - 2 * {name}) <= {_SLACK}, FALSE)" for name in _MEASURES)
    order = ", ".join(f'"{name}"' for name in key(schemas()[KIND]))
    return f"""
        WITH given AS ({rows}),
        dated AS (
            SELECT *, {whole}, count(*) OVER days > 1 AS has_others,
                CASE WHEN coalesce(plan_id, '') = '' THEN coalesce(plan_name, '') END AS unnumbered
            FROM given WINDOW days AS (PARTITION BY _grain, _start, _end)
        ),
        account AS (
            SELECT unnumbered FROM dated WHERE unnumbered IS NOT NULL AND has_others AND cost_cny > 0
            GROUP BY 1 HAVING bool_and({half})
        ),
        kept AS (
            SELECT * FROM dated
            WHERE NOT has_others OR unnumbered IS NULL OR unnumbered NOT IN (SELECT unnumbered FROM account)
        ),
        named AS (
            SELECT plan_id, last(plan_name ORDER BY {order}) AS name FROM kept
            WHERE plan_id <> '' AND plan_name <> '' GROUP BY 1
        )
        SELECT kept.*, coalesce(name, nullif(plan_name, ''), nullif(plan_id, ''), '') AS {PLAN}
        FROM kept LEFT JOIN named USING (plan_id)"""
