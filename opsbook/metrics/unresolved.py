"""Words of the exports that nobody has explained yet, with the rows and the money that hang on each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from opsbook.params.currency import currency_code
from opsbook.params.export_words import UNKNOWN_MARKET, market
from opsbook.params.order_status import OrderState

if TYPE_CHECKING:
    import pandas as pd

_MOST = 8  # words that are named; the rest are counted


class Question(StrEnum):
    """What is not known of a word."""

    STATUS = "status"
    CURRENCY = "currency"
    RATE = "rate"  # the currency is known, its rate is not
    REFUND = "refund"  # a part of an order went back; how much is not known
    COUNTRY = "country"


@dataclass(frozen=True)
class Unresolved:
    """Words that are not understood.

    Attributes:
        question: What is not known of them.
        words: Each word with the number of its rows, most rows first; at most eight.
        more: How many further words there are.
        rows: Orders (of countries, orders and inquiries) that have one of all these words.
        money: Amount of these orders by currency; empty where it is unknown.
    """

    question: Question
    words: tuple[tuple[str, int], ...]
    more: int
    rows: int
    money: tuple[tuple[str, float], ...]


def unresolved(orders: pd.DataFrame, inquiries: pd.DataFrame) -> Iterator[Unresolved]:
    """Yield what is not understood in orders and inquiries.

    Args:
        orders: `orders.orders_of`, with ``status``, ``currency``, ``country``, ``untold_refund``, ``raw`` (amount in its currency).
        inquiries: Rows of ``inquiry_list``.
    """
    unknown = orders[orders["state"] == OrderState.UNKNOWN]
    yield from _of(Question.STATUS, unknown, unknown["status"].fillna(""))
    paid = orders[orders["state"] == OrderState.PAID]
    without = paid[paid["amount"].isna() & paid["raw"].notna()]
    codes = without["currency"].map(currency_code)
    yield from _of(Question.CURRENCY, without[codes.isna()], without.loc[codes.isna(), "currency"])
    foreign = codes.notna() & (codes != "USD")
    yield from _of(Question.RATE, without[foreign], codes[foreign])
    untold = paid[paid["untold_refund"]]
    yield from _of(Question.REFUND, untold, untold["status"].fillna(""))
    countries = [orders.loc[orders["state"] == OrderState.PAID, "country"], inquiries["country"]]
    seen = _counts(each.dropna() for each in countries)
    strange = {word: number for word, number in seen.items() if market(word) == UNKNOWN_MARKET}
    if strange:
        yield Unresolved(Question.COUNTRY, *_most(strange), rows=sum(strange.values()), money=())


def _of(question: Question, rows: pd.DataFrame, words: pd.Series[str]) -> Iterator[Unresolved]:
    if rows.empty:
        return
    known = rows[rows["raw"].notna()]
    sums = known["raw"].groupby(known["currency"]).sum()
    yield Unresolved(
        question,
        *_most(_counts([words])),
        rows=len(rows),
        money=tuple((str(code), float(value)) for code, value in sums.items()),
    )


def _counts(columns: Iterator[pd.Series[str]] | list[pd.Series[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column in columns:
        for word, number in column.value_counts().items():
            found[str(word)] = found.get(str(word), 0) + int(number)
    return found


def _most(counts: dict[str, int]) -> tuple[tuple[tuple[str, int], ...], int]:
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple(ranked[:_MOST]), max(len(ranked) - _MOST, 0)
