"""Lists of products that came page by page: all pages of a period together are the whole list."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

_PERIOD = ["_grain", "_start", "_end"]


def with_pages(whole: pd.DataFrame, pages: pd.DataFrame) -> pd.DataFrame:
    """Return whole lists, and the periods of which every page is there and no whole list.

    Args:
        whole: Rows of ``product_performance``.
        pages: Rows of ``product_sample``, with ``product_id`` and ``of_rows``, how many products there are in all.

    A period of which some products lack stays out: nothing may be added up or counted over a part.
    """
    if pages.empty:
        return whole
    by_period = pages.groupby(_PERIOD, observed=True)
    there = by_period["product_id"].nunique()
    complete = there[there >= by_period["of_rows"].max()].index
    exported = pd.MultiIndex.from_frame(whole[_PERIOD])
    of_rows = pd.MultiIndex.from_frame(pages[_PERIOD])
    chosen = pages[of_rows.isin(complete) & ~of_rows.isin(exported)]
    if chosen.empty:
        return whole
    added = chosen.drop(columns="of_rows")
    return pd.concat([whole, added], ignore_index=True) if len(whole) else added.reset_index(drop=True)


def whole_lists(whole: str, pages: str, columns: Iterable[str]) -> str:
    """Return the SELECT of the rows that `with_pages` returns, for sums inside the archive.

    Args:
        whole: The SELECT of columns of ``product_performance``.
        pages: The SELECT of the same columns of ``product_sample``, and of ``product_id`` and ``of_rows``.
        columns: Their names.
    """
    chosen = ", ".join(f'"{name}"' for name in columns)
    period = ", ".join(_PERIOD)
    return f"""
        WITH whole AS ({whole}), pages AS ({pages}),
        complete AS (
            SELECT {period} FROM pages GROUP BY ALL HAVING count(DISTINCT product_id) >= max(of_rows)
        )
        SELECT {chosen} FROM whole UNION ALL BY NAME
        SELECT {chosen} FROM (
            SELECT * FROM pages SEMI JOIN complete USING ({period}) ANTI JOIN whole USING ({period})
        )"""
