"""What people say that words of their exports mean: statuses, currencies, countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.params.currency import currency_code
from opsbook.params.export_words import UNKNOWN_MARKET, market, market_titles, plain
from opsbook.params.order_status import OrderState, state_of

if TYPE_CHECKING:
    import pandas as pd


class Vocabulary(StrEnum):
    """What a word should say."""

    STATUS = "status"
    CURRENCY = "currency"
    COUNTRY = "country"


_NAMES = MappingProxyType(
    {
        Vocabulary.STATUS: ("status", "order status", "订单状态", "状态"),
        Vocabulary.CURRENCY: ("currency", "币种", "货币"),
        Vocabulary.COUNTRY: ("country", "market", "国家", "国家/地区", "地区", "市场"),
    }
)
_EXAMPLES = MappingProxyType(
    {
        Vocabulary.STATUS: "已付款 / paid",
        Vocabulary.CURRENCY: "USD / 美元",
        Vocabulary.COUNTRY: "德国 / Germany",
    }
)


@dataclass(frozen=True)
class Meaning:
    """A word and what it means.

    Attributes:
        vocabulary: What it says.
        word: As words are compared.
        means: A word that is understood: a state of orders, an ISO currency code, a country or market.
    """

    vocabulary: Vocabulary
    word: str
    means: str


def vocabulary(name: str) -> Vocabulary | None:
    """Return the vocabulary that a text names, or None."""
    wanted = plain(name)
    return next(
        (each for each, names in _NAMES.items() if wanted and wanted in {plain(name) for name in names}), None
    )


def meaning(of: Vocabulary, word: str, means: str) -> Meaning | None:
    """Return the meaning of a word; None where what it should mean is not understood itself."""
    understood: str | None = None
    if of is Vocabulary.STATUS:
        state = state_of(means)
        known = next((each for each in OrderState if plain(means) == each.value), state)
        understood = None if known is OrderState.UNKNOWN else known.value
    elif of is Vocabulary.CURRENCY:
        understood = currency_code(means)
    else:
        titles = {
            plain(name): market_id
            for market_id, title in market_titles().items()
            for name in (market_id, title.zh)
        }
        known_market = titles.get(plain(means))
        understood = known_market or (means if market(means) != UNKNOWN_MARKET else None)
        understood = None if understood == UNKNOWN_MARKET else understood
    return Meaning(of, plain(word), understood) if understood and plain(word) else None


def example(of: Vocabulary) -> str:
    """Return what a meaning looks like."""
    return _EXAMPLES[of]


def translated(words: pd.Series[str], of: Vocabulary, meanings: Iterable[Meaning]) -> pd.Series[str]:
    """Return a column with the words that people explained replaced by what they mean."""
    known = {each.word: each.means for each in meanings if each.vocabulary is of}
    if not known:
        return words
    replaced: Mapping[str, str] = {
        word: known[plain(word)] for word in words.dropna().unique() if plain(word) in known
    }
    return words.replace(replaced) if replaced else words
