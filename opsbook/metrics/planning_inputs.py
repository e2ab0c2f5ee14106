"""What next year's choices rest on: words to win, new products on trial, tracks, markets, competitors, order values.

Facts only, of the year under review; what is made of them (scores, advice, simulations) is the plan's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.growth import change
from opsbook.functions.ratios import ratio
from opsbook.metrics.figures import Figure
from opsbook.metrics.search_words import clean
from opsbook.params.export_words import market, marks, parts

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.metrics.archive_tables import Tables

TRACKS = ("rts", "light", "deep")
MOST_WORDS, MOST_TESTS, MOST_COMPETITORS = 60, 24, 3
TEST_DAYS = 180  # a product is on trial this long after it was listed


@dataclass(frozen=True)
class SearchWord:
    """A search word of the year: last index and competition, sums of impressions.

    Attributes:
        word: In lower case.
        index: How much it is sought; NaN unknown.
        competition: How many sellers seek it; NaN unknown.
        impressions: Own ones.
        top10: Mean of the TOP10 over the same files; NaN unknown.
        core: Stands in the team's list of core words.
    """

    word: str
    index: float
    competition: float
    impressions: float
    top10: float
    core: bool

    @property
    def capture(self) -> float:
        """Own impressions over those of the TOP10; NaN unknown."""
        return float(ratio(self.impressions, self.top10))


@dataclass(frozen=True)
class Trial:
    """A new product: since when it is listed, and what it got since."""

    product: str
    name: str
    listed: date
    days: int
    impressions: float
    clicks: float
    inquiries: float


@dataclass(frozen=True)
class Track:
    """A track: paid orders of the year and of the same days a year before, and the amount received (USD)."""

    id: str
    orders: int
    before: int
    amount: float

    @property
    def growth(self) -> float:
        """Growth of the orders; NaN without a base."""
        return float(change(self.orders, self.before))

    @property
    def aov(self) -> float:
        """USD per order; NaN without orders."""
        return float(ratio(self.amount, self.orders))


@dataclass(frozen=True)
class Market:
    """A market: paid orders of the year, distinct buyers, amount (USD), and the product that sold most."""

    id: str
    orders: int
    buyers: int
    amount: float
    product: str


@dataclass(frozen=True)
class Competitor:
    """A competitor as last seen, and what is another than the month before.

    Attributes:
        name: Of the shop.
        month: Last day of the month last seen.
        price: USD; NaN unknown.
        before: Price of the month seen before; NaN unknown.
        hot: Hot products; NaN unknown.
        interactions: Content interactions; NaN unknown.
        changed: Fields that differ from the month before: ``main_image``, ``detail_page``, ``campaign``.
        campaign: What it takes part in.
    """

    name: str
    month: date
    price: float
    before: float
    hot: float
    interactions: float
    changed: tuple[str, ...]
    campaign: str


def _no_values() -> npt.NDArray[np.float64]:
    return np.empty(0)


@dataclass(frozen=True)
class Prospects:
    """Everything of this module, for one year."""

    words: tuple[SearchWord, ...] = ()
    trials: tuple[Trial, ...] = ()
    tracks: tuple[Track, ...] = ()
    markets: tuple[Market, ...] = ()
    competitors: tuple[Competitor, ...] = ()
    order_values: npt.NDArray[np.float64] = field(default_factory=_no_values)
    """USD received of each paid order of the year, in ascending order."""


def prospects(
    tables: Tables,
    year: int,
    as_of: date,
    *,
    orders: pd.DataFrame,
    sales: pd.DataFrame,
    titles: Mapping[str, str],
    listed: pd.DataFrame,
    core: frozenset[str],
) -> Prospects:
    """Return the facts of a year.

    Args:
        tables: The archive's.
        year: Under review.
        as_of: Last day of the data.
        orders: `orders.orders_of` all lines.
        sales: `product_sales.product_sales`.
        titles: Name of each product by its id.
        listed: `products.listings`.
        core: Words of the newest list of core words.
    """
    paid = orders[orders["state"] == "paid"]
    mine = paid[paid["day"].dt.year == year]
    end = min(date(year, 12, 31), as_of)
    # The same days a year before; of 29 February the 28th.
    last = pd.Timestamp(end) - pd.DateOffset(years=1) + pd.Timedelta(days=1)
    before = paid[(paid["day"].dt.year == year - 1) & (paid["day"] < last)]
    values = np.sort(mine["amount"].dropna().to_numpy(dtype=np.float64))
    return Prospects(
        words=tuple(_words(tables.keyword_performance, year, core)),
        trials=tuple(_trials(tables.product_performance, listed, titles, end)),
        tracks=tuple(_tracks(mine, before)),
        markets=tuple(_markets(mine, sales[sales["day"].dt.year == year], titles)),
        competitors=tuple(_competitors(tables.competitors)),
        order_values=values,
    )


def _words(rows: pd.DataFrame, year: int, core: frozenset[str]) -> Iterator[SearchWord]:
    inside = rows[(rows["_end"].dt.year == year) & rows["keyword"].notna()]
    if inside.empty:
        return
    # Files of one grain only: a week inside a month would count twice. The grain with the most rows.
    grain = inside["_grain"].value_counts().index[0]
    words = clean(inside[inside["_grain"] == grain]).sort_values("_end", kind="stable")
    found = words.groupby("word", observed=True).agg(
        index=("keyword_index", "last"),
        competition=("seller_scale_index", "last"),
        impressions=("impressions", "sum"),
        top10=("top10_avg_impressions", lambda each: each.sum(min_count=1)),
    )
    best = found.sort_values("index", ascending=False, kind="stable").head(MOST_WORDS * 5)
    for word, row in best.iterrows():
        yield SearchWord(
            str(word),
            float(row["index"]),
            float(row["competition"]),
            float(row["impressions"]),
            float(row["top10"]),
            str(word) in core,
        )


def _trials(
    performance: pd.DataFrame, listed: pd.DataFrame, titles: Mapping[str, str], end: date
) -> Iterator[Trial]:
    if performance.empty:
        return
    first = pd.Timestamp(end) - pd.Timedelta(days=TEST_DAYS)
    young = listed[listed["new"] & (listed["listed"] > first) & (listed["listed"] <= pd.Timestamp(end))]
    rows = performance[performance["product_id"].isin(young.index)]
    if rows.empty:
        return
    grain = rows["_grain"].value_counts().index[0]
    rows = rows[rows["_grain"] == grain]
    shown = rows["total_impressions"].fillna(rows["search_impressions"])
    clicked = rows["total_clicks"].fillna(rows["search_clicks"])
    sums = (
        rows.assign(shown=shown, clicked=clicked)
        .groupby("product_id")[["shown", "clicked", "inquiries"]]
        .sum(min_count=1)
    )
    for product, row in sums.sort_values("shown", ascending=False, kind="stable").head(MOST_TESTS).iterrows():
        since = young.loc[product, "listed"]
        yield Trial(
            str(product),
            titles.get(str(product), ""),
            since.date(),
            (pd.Timestamp(end) - since).days,
            *(float(row[name]) for name in ("shown", "clicked", "inquiries")),
        )


def _tracks(mine: pd.DataFrame, before: pd.DataFrame) -> Iterator[Track]:
    now, then = _track_of(mine), _track_of(before)
    for track in TRACKS:
        chosen = mine[now == track]
        if len(chosen) or (then == track).any():
            yield Track(track, len(chosen), int((then == track).sum()), float(chosen["amount"].sum()))


def _track_of(orders: pd.DataFrame) -> pd.Series[str]:
    """Return the track of each order by its tags, empty where they do not tell; the more work, the stronger."""
    found: dict[str, str] = {}
    for tags in orders["tags"].dropna().unique():
        told = [track for track in TRACKS if parts(tags) & marks("order_tag", track)]
        found[tags] = told[-1] if told else ""
    return orders["tags"].map(lambda tags: found.get(tags, ""))


def _markets(mine: pd.DataFrame, sales: pd.DataFrame, titles: Mapping[str, str]) -> Iterator[Market]:
    known = mine[mine["country"].notna()]
    if known.empty:
        return
    names = {country: market(country) for country in known["country"].unique()}
    where = known["country"].map(names)
    bought = sales.groupby([sales["country"].map(names), "product"])["amount"].sum()
    totals = known.groupby(where)["amount"].sum().sort_values(ascending=False, kind="stable")
    for name in totals.index:
        rows = known[where == name]
        best = str(bought.loc[name].idxmax()) if name in bought.index.get_level_values(0) else ""
        yield Market(
            str(name),
            len(rows),
            int(rows["buyer"].nunique()),
            float(totals[name]),
            titles.get(best, best),
        )


def _competitors(rows: pd.DataFrame) -> Iterator[Competitor]:
    known = rows[rows["competitor"].notna()].sort_values("_end", kind="stable")
    newest = known.groupby("competitor")["_end"].max().sort_values(ascending=False, kind="stable")
    for name in newest.index[:MOST_COMPETITORS]:
        seen = known[known["competitor"] == name]
        last = seen.iloc[-1]
        prior = seen.iloc[-2] if len(seen) > 1 else None
        changed = (
            ()
            if prior is None
            else tuple(
                each
                for each in ("main_image", "detail_page", "campaign")
                if _text(last[each]) != _text(prior[each])
            )
        )
        yield Competitor(
            str(name),
            last["_end"].date(),
            float(last["price"]),
            math.nan if prior is None else float(prior["price"]),
            float(last["hot_products"]),
            float(last["content_interactions"]),
            changed,
            _text(last["campaign"]),
        )


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value).strip()  # noqa: PLR0124 - NaN


def figures(found: Prospects, year: int, core: frozenset[str], as_of: date) -> Iterator[Figure]:
    """Yield the size of the keyword library, the competitors watched, and how often each market buys."""
    label = str(year)
    if core:
        yield Figure("keyword_library", label, "", float(len(core)), "count", Basis.of(Kind.NEWEST_LIST))
    if found.competitors:
        recent = [each for each in found.competitors if (as_of - each.month).days <= 92]
        basis = Basis.of(Kind.COMPETITORS_SEEN, len(recent), len(found.competitors))
        yield Figure("competitors_watched", label, "", float(len(recent)), "count", basis)
    for each in found.markets:
        value = float(ratio(each.orders, each.buyers))
        made = Basis.of(Kind.ORDERS_OF_BUYERS, each.orders, each.buyers)
        basis = made if each.buyers else Basis.of(Kind.NO_BUYERS)
        yield Figure("market_frequency", label, f"market={each.id}", value, "count", basis)
    orders, buyers = (sum(getattr(each, name) for each in found.markets) for name in ("orders", "buyers"))
    if found.markets:
        value = float(ratio(orders, buyers))
        basis = Basis.of(Kind.ORDERS_OF_BUYERS, orders, buyers)
        yield Figure("market_frequency", label, "", value, "count", basis)
