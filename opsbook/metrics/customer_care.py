"""The team's list of customers: key accounts, whether tiers fit the orders, whether care was taken in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.customers import label_accuracy
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import Measure, rate, whole_periods
from opsbook.metrics.monthly import Values, counted
from opsbook.metrics.order_groups import key_account_orders
from opsbook.metrics.review import KeyAccount
from opsbook.metrics.snapshots import latest_of_years, text
from opsbook.params.export_words import plain, tier_by_rule, tier_days, tier_of
from opsbook.periods import Grain, Period, containing, year

KEY = "KA"


def roster(customers: pd.DataFrame, as_of: date) -> dict[int, pd.DataFrame]:
    """Return the list of each year, a row a customer with a known tier: ``who`` (plain id, else name) and ``rank``.

    Args:
        customers: Rows of ``customers``; the newest list of a year is the year's.
        as_of: Last day of the data.
    """
    found: dict[int, pd.DataFrame] = {}
    for number, rows in latest_of_years(customers, as_of).items():
        listed = rows.assign(
            who=rows["buyer_id"]
            .where(rows["buyer_id"].fillna("") != "")
            .fillna(rows["buyer_name"])
            .map(plain),
            rank=rows["tier"].map(tier_of, na_action="ignore"),
        )
        found[number] = listed[listed["tier"].notna()].drop_duplicates("who", keep="last")
    return found


def tiers(lists: dict[int, pd.DataFrame], orders: pd.DataFrame, as_of: date) -> Iterator[Figure]:
    """Yield the number of key accounts and the share of labels that the rule gives too, by year."""
    counts: dict[Period, tuple[float, Basis]] = {}
    accuracy: dict[Period, tuple[float, Basis]] = {}
    paid = orders[(orders["state"] == "paid") & orders["buyer"].notna()]
    names = {buyer: plain(buyer) for buyer in paid["buyer"].unique()}
    paid = paid.assign(who=paid["buyer"].map(names))
    for number, listed in lists.items():
        until = pd.Timestamp(min(listed["_end"].max().date(), as_of)) if len(listed) else pd.Timestamp(as_of)
        known = listed[listed["rank"].notna()]
        counts[year(number)] = (
            float((known["rank"] == KEY).sum()),
            Basis.of(Kind.CUSTOMERS, len(listed)).plus(Kind.ON_DAY, until.date()),
        )
        if paid.empty or known.empty:
            continue
        window = paid[
            (paid["day"] > until - pd.Timedelta(days=tier_days()))
            & (paid["day"] < until + pd.Timedelta(days=1))
        ]
        by = window.groupby("who").agg(amount=("amount", "sum"), orders=("order_id", "size"))
        bought = by.reindex(known["who"]).fillna(0.0)
        rule = [tier_by_rule(row.amount, int(row.orders)) for row in bought.itertuples()]
        value = label_accuracy(known["rank"].to_numpy(dtype=object), rule)
        right = sum(one == other for one, other in zip(known["rank"], rule, strict=True))
        basis = Basis.of(Kind.CUSTOMERS_OF, right, len(known))
        if len(known) < len(listed):
            basis = basis.plus(Kind.UNKNOWN, len(listed) - len(known))
        accuracy[year(number)] = (value, basis)
    yield from whole_periods("ka_customers", "count", counts, as_of, snapshots=True)
    yield from whole_periods("tier_label_accuracy", "ratio", accuracy, as_of, snapshots=True)


def care(customers: pd.DataFrame, as_of: date) -> Iterator[Measure]:
    """Yield the actions done by their due day over the actions due, by the month they were due."""
    actions = customers[customers["due_on"].notna() & (customers["due_on"] <= str(as_of))]
    actions = actions.sort_values("_end", kind="stable").drop_duplicates(
        ["buyer_id", "buyer_name", "action", "due_on"], keep="last"
    )
    if actions.empty:
        return
    months = sorted({containing(day.date(), Grain.MONTH) for day in actions["due_on"].unique()})
    first, last = months[0].start.year, months[-1].end
    every = [
        containing(date(of, n, 1), Grain.MONTH) for of in range(first, last.year + 1) for n in range(1, 13)
    ]
    months = [when for when in every if months[0] <= when <= months[-1]]
    due: Values = counted(actions["due_on"], months)
    in_time = actions[actions["done_on"].notna() & (actions["done_on"] <= actions["due_on"])]
    yield rate("care_execution_rate", "ratio", counted(in_time["due_on"], months), due)


def key_names(listed: pd.DataFrame) -> frozenset[str]:
    """Return the plain ids and names of the key accounts of a list."""
    mine = listed[listed["rank"] == KEY]
    return frozenset(
        plain(name) for column in ("buyer_id", "buyer_name") for name in mine[column].dropna() if name
    )


def key_accounts(
    listed: pd.DataFrame,
    orders: pd.DataFrame,
    numbers: dict[str, int],
    now: pd.Series[Any],
    before: pd.Series[Any],
) -> tuple[KeyAccount, ...]:
    """Return the key accounts of a list with what they bought.

    Args:
        listed: A list of `roster`.
        orders: `orders.orders_of`.
        numbers: Opaque number of each buyer.
        now: Which orders are of the period told.
        before: Which are of the one it is compared with.
    """
    paid = orders["state"] == "paid"
    found = []
    for row in listed[listed["rank"] == KEY].to_dict("records"):
        words = frozenset(plain(row[column]) for column in ("buyer_id", "buyer_name") if text(row[column]))
        mine = paid & key_account_orders(orders, words)
        number = next((numbers[buyer] for buyer in orders.loc[mine, "buyer"] if buyer in numbers), None)
        found.append(
            KeyAccount(
                number=number,
                industry=text(row["industry"]),
                size=text(row["size"]),
                stage=text(row["stage"]),
                amount=float(orders.loc[mine & now, "amount"].sum()),
                prior=float(orders.loc[mine & before, "amount"].sum()),
                orders=int((mine & now).sum()),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.amount, each.number or 0)))
