"""Orders out of order lines, whichever table they are in, and what they say of sales and customers.

An order is a sale when its status says that it is paid or, where it has no status, when money was received for it or
nothing says otherwise. A status that is not understood makes no sale: it is a class of its own. Amounts are in US
dollars at the rate of their day; an amount in a currency without a rate is unknown, and no part of any average. A day is
the day of payment where the export has it, else of the order, on the export's own clock.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

import numpy as np
import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.sample import Change, Share
from opsbook.functions.ratios import ratio
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import Growth, Measure, Months, compare
from opsbook.metrics.monthly import Values, reached
from opsbook.metrics.order_amounts import named_lines, order_amounts, refunds
from opsbook.metrics.usd_amounts import USD, Rates, per_dollar
from opsbook.params.order_status import OrderState, state_of
from opsbook.periods import Grain, containing, month, year

LINE_COLUMNS = (
    "order_id", "status", "state", "buyer", "buyer_name", "country", "tags", "product_id", "product_name", "quantity",
    "day", "currency", "raw", "raw_line", "goods", "line_amount", "order_amount", "received", "refunded",
)  # fmt: skip
"""A line: who, what, when. ``line_amount`` is the line's, ``goods`` its quantity times its price; ``order_amount``,
``received`` and ``refunded`` are the order's; all in USD, NaN where unknown. ``raw`` and ``raw_line`` are the order's and the line's amount as written. ``state`` is what the status
says, None where there is no status."""
_ORDER_FACTS = ("day", "buyer", "status", "buyer_name", "country", "tags", "currency")


def platform_lines(rows: pd.DataFrame, rates: Rates) -> pd.DataFrame:
    """Return `LINE_COLUMNS` from rows of ``orders``.

    Args:
        rows: Of the archive, with ``_absent``.
        rates: By which other currencies become dollars.
    """
    day = rows["paid_at"].fillna(rows["created_at"]).fillna(rows["_start"])
    per_usd = per_dollar(rows["currency"], day, rates)
    goods = rows["unit_price"] * rows["quantity"] / per_usd
    return pd.DataFrame(
        {
            **_shared(rows),
            "tags": rows["order_tags"],
            "day": day,
            "raw": rows["received_amount"].fillna(rows["total_amount"]),
            "raw_line": rows["product_amount"].fillna(rows["unit_price"] * rows["quantity"]),
            "goods": (rows["product_amount"] / per_usd).fillna(goods),
            "line_amount": (rows["product_amount"] / per_usd).fillna(goods),
            "order_amount": rows["total_amount"] / per_usd,
            "received": rows["received_amount"] / per_usd,
            "refunded": rows["refund_amount"] / per_usd,
        }
    )


def ledger_lines(rows: pd.DataFrame, rates: Rates) -> pd.DataFrame:
    """Return `LINE_COLUMNS` from rows of ``order_ledger``: amounts belong to lines, CNY is at the row's own rate.

    Args:
        rows: Of the archive, with ``_absent``.
        rates: By which other currencies become dollars where the row has no rate.
    """
    day = rows["_start"]
    cny = rows["fx_rate"].fillna(per_dollar(pd.Series("CNY", index=rows.index), day, rates))
    per_usd = per_dollar(rows["currency"], day, rates)
    own_rate = rows["currency"].eq("CNY") & rows["fx_rate"].notna()
    per_usd = per_usd.where(~own_rate, rows["fx_rate"])
    goods = rows["unit_price"] * rows["quantity"] * (1 - rows["discount"].fillna(0.0))
    amount = (
        rows["product_amount_usd"]
        .fillna(rows["amount"] / per_usd)
        .fillna(rows["product_amount_cny"] / cny)
        .fillna(goods / per_usd)
    )
    return pd.DataFrame(
        {
            **_shared(rows),
            "tags": None,
            "day": day,
            "raw": math.nan,
            "raw_line": rows["product_amount_usd"]
            .fillna(rows["amount"])
            .fillna(rows["product_amount_cny"])
            .fillna(goods),
            "goods": goods / per_usd,
            "line_amount": amount,
            "order_amount": math.nan,
            "received": math.nan,
            "refunded": rows["refund_amount"] / per_usd,
        }
    )


def _shared(rows: pd.DataFrame) -> dict[str, pd.Series[str]]:
    """Return what both tables of orders have."""
    words = {word: str(state_of(word)) for word in rows["status"].dropna().unique()}
    state = rows["status"].map(words).astype(object)
    # A blank in a column of statuses says nothing, unlike a table without that column.
    blank = rows["status"].isna() & ~rows["_absent"].fillna("").str.contains(",status,", regex=False)
    if words:
        state = state.mask(blank, "blank")
    return {
        "order_id": rows["order_id"],
        "status": rows["status"],
        "state": state,
        "buyer": _buyer(rows),
        "buyer_name": rows["buyer_name"],
        "country": rows["country"],
        "product_id": rows["product_id"],
        "product_name": rows["product_name"],
        "quantity": rows["quantity"],
        "currency": rows["currency"].fillna(USD),
    }


def _buyer(rows: pd.DataFrame) -> pd.Series[str]:
    """Return who bought: the platform's id, else the name; missing where neither is known."""
    return rows["buyer_id"].fillna(rows["buyer_name"].str.strip().str.casefold())


def not_in(ledger: pd.DataFrame, months: Collection[pd.Period], ids: pd.Series[str]) -> pd.DataFrame:
    """Return the seller's own lines that the platform does not tell: of other months and other orders."""
    left_out = ledger["day"].dt.to_period("M").isin(months) | ledger["order_id"].isin(ids)
    return ledger[~left_out]


def orders_of(lines: pd.DataFrame) -> pd.DataFrame:
    """Return one row per order.

    Args:
        lines: `LINE_COLUMNS`.

    Returns:
        ``order_id``, ``day``, ``month`` (period), ``buyer``, ``amount`` (USD that came in and stayed; NaN unknown),
        ``refund`` (USD that went back), ``untold_refund`` (whether a part went back and nothing says how much), ``state`` (`OrderState`; never partly refunded, which is paid), ``lines``,
        ``ordered`` (USD of the order as agreed), ``buyer_name``, ``country``, ``tags``, ``status``, ``currency``, ``raw`` (the amount as
        written, in that currency; NaN where nothing about the order is in question).
    """
    grouped = lines.groupby("order_id", sort=True)
    first = grouped[list(_ORDER_FACTS)].first()
    # Lines that were sent back or cancelled bring nothing, where other lines of the order are paid.
    said = {name: lines["state"].eq(name).groupby(lines["order_id"]).any() for name in (*OrderState, "blank")}
    paid = said[OrderState.PAID] | said[OrderState.PARTLY_REFUNDED]
    lost = lines["state"].isin([OrderState.REFUNDED, OrderState.CLOSED]) & lines["order_id"].map(paid)
    kept = lines.assign(
        **{
            name: lines[name].where(~(lost & (lines[name] > 0)))
            for name in ("goods", "line_amount", "order_amount", "received")
        }
    )
    total = order_amounts(kept, "order_amount", repeated=True)
    goods = order_amounts(kept, "line_amount", goods="goods", repeated=False)
    received = order_amounts(kept, "received", total=total["came"], repeated=True)
    refunded = refunds(kept)
    ordered = total["came"].fillna(goods["came"])
    came = received["came"].fillna(ordered)
    back = pd.concat([received["back"], total["back"], goods["back"]], axis=1).max(axis=1)
    # What came in may be written before or after the refund; the total of the order shows which.
    is_net = refunded.notna() & ((came + refunded - ordered).abs() < 0.011)
    back = back.where(back > 0, refunded.fillna(0.0))
    amount = came - back.where(~is_net, 0.0)
    amount = amount.where(came.notna() | (back == 0), -back)
    state = _state(said, amount, received["came"], back)
    all_back = state == OrderState.REFUNDED
    refund = back.where(~all_back | (back > 0), came.fillna(0.0))
    orders = pd.DataFrame(
        {"day": first["day"], "buyer": first["buyer"], "amount": amount, "refund": refund, "state": state}
    )
    orders.index.name = "order_id"
    orders["month"] = orders["day"].dt.to_period("M")
    named = named_lines(lines).groupby(lines["order_id"]).sum()
    orders["lines"] = named.where(
        named > 0, grouped.size()
    )  # a row of the order above its lines is not a line
    # Nothing says how much: no amount went back, and what came in is not less than the total.
    orders["untold_refund"] = said[OrderState.PARTLY_REFUNDED] & (back == 0) & ~(came < ordered - 0.011)
    orders["ordered"] = ordered
    kept_facts = ["buyer_name", "country", "tags", "status", "currency"]
    orders[kept_facts] = first[kept_facts]
    asked = (orders["state"] == OrderState.UNKNOWN) | orders["amount"].isna() | orders["untold_refund"]
    orders["raw"] = _as_written(kept[kept["order_id"].isin(asked.index[asked])]).reindex(orders.index)
    return orders.reset_index()


def _as_written(lines: pd.DataFrame) -> pd.Series[float]:
    """Return the amounts of orders in their own currency."""
    total = order_amounts(lines, "raw", goods="raw_line", repeated=True)["came"]
    return total.fillna(order_amounts(lines, "raw_line", goods="raw_line", repeated=False)["came"])


def _state(
    said: Mapping[str, pd.Series[bool]],
    amount: pd.Series[float],
    received: pd.Series[float],
    back: pd.Series[float],
) -> pd.Series[str]:
    """Return the class of each order from what its lines' statuses say and from its amounts."""
    paid = said[OrderState.PAID] | said[OrderState.PARTLY_REFUNDED]
    nothing_left = (back > 0) & ~(amount > 0)
    a_part_stays = said[OrderState.REFUNDED] & (back > 0) & (amount > 0)
    silent = ~pd.concat(said, axis=1).any(axis=1)
    chosen = np.select(
        [
            said[OrderState.UNKNOWN],
            nothing_left | (amount < 0),
            paid | a_part_stays,
            said[OrderState.DISPUTED],
            said[OrderState.AWAITED],
            said[OrderState.REFUNDED],
            said[OrderState.CLOSED],
            (received == 0),
            silent | (received > 0),
        ],
        [
            OrderState.UNKNOWN,
            OrderState.REFUNDED,
            OrderState.PAID,
            OrderState.DISPUTED,
            OrderState.AWAITED,
            OrderState.REFUNDED,
            OrderState.CLOSED,
            OrderState.AWAITED,
            OrderState.PAID,
        ],
        default=OrderState.UNKNOWN,
    )
    return pd.Series(chosen, index=amount.index).astype(str)


def monthly(orders: pd.DataFrame, spans: Iterable[tuple[date, date]]) -> dict[str, Values]:
    """Return the totals of orders by month, by the fields of `opsbook.metrics.formula.ORDER_FIELDS`.

    Args:
        orders: `orders_of`.
        spans: First and last day of each table of orders taken in. A month that one of them reaches into is known,
            and 0 when nothing was sold; a month between two tables is missing. So is the amount of a month whose
            orders all have an unknown amount, and a month without a sale of whose orders one may be a sale.
    """
    months = sorted(
        set(reached(spans)) | {month(when.year, when.month) for when in orders["month"].dropna().unique()}
    )
    paid = orders[orders["state"] == OrderState.PAID]
    priced = paid[paid["amount"].notna()]
    sources = {
        "amount": priced.groupby("month")["amount"].sum(),
        "number": paid.groupby("month").size(),
        "priced": priced.groupby("month").size(),
        "lines": paid.groupby("month")["lines"].sum(),
        "refund": orders.groupby("month")["refund"].sum(),
    }
    found: dict[str, Values] = {}
    for metric, sums in sources.items():
        by_start = {when.start_time.date(): float(value) for when, value in sums.items()}
        found[metric] = {
            when: (by_start.get(when.start, 0.0), Basis.of(Kind.SUM_OF_ORDERS)) for when in months
        }
    of_unknown = orders.loc[orders["state"] == OrderState.UNKNOWN, "month"].dropna()
    unclear = {when.start_time.date() for when in of_unknown.unique()}
    for when in months:
        if when.start in unclear and not found["number"][when][0]:
            for metric in ("amount", "number", "priced", "lines"):
                del found[metric][when]
            continue
        unknown = int(found["number"][when][0] - found["priced"][when][0])
        if unknown and not found["priced"][when][0]:
            del found["amount"][when], found["priced"][when]
        elif unknown:
            basis = Basis.of(Kind.SUM_OF_ORDERS).plus(Kind.WITHOUT_AMOUNT, unknown)
            found["amount"][when] = (found["amount"][when][0], basis)
    return found


def per_buyer(orders: pd.DataFrame, amounts: Values) -> Measure:
    """Return what a paying buyer brought, from the orders and their amounts by month; a buyer is counted once."""
    paid = orders[(orders["state"] == "paid") & orders["buyer"].notna() & orders["amount"].notna()]
    codes = pd.Series(pd.factorize(paid["buyer"])[0], index=paid.index)
    by_month = {
        containing(when.start_time.date(), Grain.MONTH): (group["amount"].sum(), codes[group.index].unique())
        for when, group in paid.groupby("month")
    }

    def over(months: Months) -> float:
        known = [by_month[when] for when in months if when in by_month]
        buyers = np.unique(np.concatenate([codes for _, codes in known])) if known else ()
        return float(ratio(sum(amount for amount, _ in known), len(buyers)))

    known = dict.fromkeys(amounts, Basis.of(Kind.DISTINCT_BUYERS)) if len(paid) else {}
    return Measure("rev_per_buyer", "USD", known, over, Growth.RELATIVE, Kind.DISTINCT_BUYERS)


def customers(orders: pd.DataFrame, last: pd.Timestamp) -> Iterator[Figure]:
    """Yield the yearly rates of repeat purchase; a year that still runs says so in its basis."""
    paid = orders[(orders["state"] == "paid") & orders["buyer"].notna()]
    buyers = {number: set(group.unique()) for number, group in paid["buyer"].groupby(paid["day"].dt.year)}
    first_year = paid.groupby("buyer")["day"].min().dt.year
    samples: dict[tuple[str, int], Share] = {}
    values: dict[str, dict[int, tuple[float, Basis]]] = {
        "old_customer_repurchase_rate": {},
        "repeat_purchase_rate": {},
        "returning_revenue_share": {},
    }
    for number in range(min(buyers, default=1), max(buyers, default=0) + 1):
        mine = paid[paid["day"].dt.year == number]
        running = last < pd.Timestamp(year(number).end)
        until = Basis.of(Kind.TO_DAY, last.date()) if running else Basis()
        before, now = buyers.get(number - 1), buyers.get(number, set())
        values["old_customer_repurchase_rate"][number] = (
            (
                float(ratio(len(now & before), len(before))),
                Basis.of(Kind.BUYERS_OF, len(now & before), len(before)) + until,
            )
            if before
            else (math.nan, Basis.of(Kind.NO_BASE))
        )
        if before:
            samples["old_customer_repurchase_rate", number] = Share(len(now & before), len(before))
        visits = pd.DataFrame({"buyer": mine["buyer"], "day": mine["day"].dt.normalize()}).drop_duplicates()
        days = visits.groupby("buyer").size()
        values["repeat_purchase_rate"][number] = (
            float(ratio((days >= 2).sum(), len(days))),
            Basis.of(Kind.BUYERS_OF, (days >= 2).sum(), len(days)) + until,
        )
        samples["repeat_purchase_rate", number] = Share(float((days >= 2).sum()), len(days))
        returning = mine["buyer"].map(first_year) < number
        values["returning_revenue_share"][number] = (
            (
                float(ratio(mine.loc[returning, "amount"].sum(), mine["amount"].sum())),
                Basis.of(Kind.RATIO_OF_SUMS) + until,
            )
            if number > min(buyers)
            else (math.nan, Basis.of(Kind.NO_BASE))
        )
    for metric, by_year in values.items():
        for number, (value, basis) in by_year.items():
            sample = samples.get((metric, number))
            yield Figure(metric, str(number), "", value, "ratio", basis, sample=sample)
            change, how, pair = _year_change(by_year, number, last)
            base = samples.get((metric, number - 1))
            moved = Change(sample, base) if pair and sample and base else None
            yield Figure(
                f"{metric}.yoy", str(number), "", change, "ratio", how, sample=moved, pair=pair,
            )  # fmt: skip


def _year_change(
    by_year: dict[int, tuple[float, Basis]], number: int, last: pd.Timestamp
) -> tuple[float, Basis, tuple[float, float] | None]:
    if last < pd.Timestamp(year(number).end):
        return math.nan, Basis.of(Kind.INCOMPLETE), None
    if number - 1 not in by_year:
        return math.nan, Basis.of(Kind.NO_BASE), None
    pair = by_year[number][0], by_year[number - 1][0]
    change, how = compare(*pair, Growth.POINTS, Basis.of(Kind.WHOLE_PERIODS))
    return change, how, None if math.isnan(change) else pair
