"""The archive's tables as the metrics take them: the columns they need, each read once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from opsbook.metrics.archive_series import ArchiveSeries
from opsbook.metrics.peers import compared_sums
from opsbook.metrics.product_effects import EFFECTS
from opsbook.metrics.product_pages import with_pages
from opsbook.metrics.usd_amounts import PER_USD
from opsbook.params.meanings import Meaning, Vocabulary, translated
from opsbook.schemas import schemas

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.archive.archive_file import Archive

_PERIOD = ("_grain", "_start", "_end")
_ORDER_LINES = {
    "orders": (
        "order_id", "status", "created_at", "paid_at", "buyer_id", "buyer_name", "product_id", "product_name",
        "quantity", "unit_price", "product_amount", "total_amount", "received_amount", "refund_amount", "currency",
        "country", "order_tags", "_start", "_absent",
    ),
    "order_ledger": (
        "order_id", "status", "buyer_id", "buyer_name", "product_id", "product_name", "quantity", "unit_price",
        "discount", "amount", "product_amount_usd", "product_amount_cny", "refund_amount", "currency", "fx_rate",
        "country", "_start", "_absent",
    ),
}  # fmt: skip


class Tables:
    """Reads lazily; an attribute of the name of a kind is its table.

    Args:
        archive: Open archive.
        until: The cut-off day, as if the archive had been filled on it: no later row is in any table. None: no cut.
        meanings: What people said that words of statuses, currencies and countries mean.
    """

    def __init__(
        self, archive: Archive, until: date | None = None, meanings: tuple[Meaning, ...] = ()
    ) -> None:
        self._archive = archive
        self._view = archive.view(until)
        self._until = until
        self._meanings = meanings

    def _table(self, kind: str, *columns: str, ordered: bool = True) -> pd.DataFrame:
        return self._view.table(kind, (*columns, *_PERIOD), ordered=ordered)

    @cached_property
    def series(self) -> ArchiveSeries:
        """Columns of numbers by month and week, added up inside the archive."""
        return ArchiveSeries(self._archive, self._until, {"shop_overview": self._of_overview})

    @property
    def _of_overview(self) -> tuple[str, ...]:
        """The columns of the shop overview that peers, certification and search words are made from."""
        own = ("search_clicks", "search_impressions", "lead_buyers", "ta_amount_usd", "store_visitors")
        return (*compared_sums(), *own, *(f"peer_avg_{name}" for name in own[2:]))

    def spans(self, kind: str) -> list[tuple[date, date]]:
        """Return first and last day of each table of a kind that was taken in."""
        return self._archive.spans(kind, until=self._until)

    @property
    def order_spans(self) -> list[tuple[date, date]]:
        """The same of both tables of orders."""
        return self.spans("orders") + self.spans("order_ledger")

    def parts_of(self, kind: str) -> Iterator[pd.DataFrame]:
        """Yield the lines of a table of orders, ``orders`` or ``order_ledger``: whole orders, in order of their id."""
        for part in self._view.parts(kind, _ORDER_LINES[kind]):
            yield self._explained(part)

    def _explained(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rows with the words that people explained replaced by what they mean."""
        found = {
            column: translated(rows[column], Vocabulary(column), self._meanings)
            for column in set(Vocabulary) & set(rows.columns)
        }
        return rows.assign(**found) if self._meanings and found else rows

    @cached_property
    def product_performance(self) -> pd.DataFrame:
        """Product files, and lists of products that came page by page where all pages are there."""
        fields = ("product_id", *EFFECTS, "search_impressions", "total_impressions")
        whole = self._table("product_performance", *fields, ordered=False)
        return with_pages(whole, self._table("product_sample", *fields, "of_rows", ordered=False))

    @cached_property
    def product_catalog(self) -> pd.DataFrame:
        """Product lists."""
        return self._table(
            "product_catalog",
            "product_id",
            "product_name",
            "listed_at",
            "display_status",
            "quality_score",
            "has_video",
            "has_3d",
        )

    @cached_property
    def keyword_performance(self) -> pd.DataFrame:
        """Search words."""
        return self._table(
            "keyword_performance", "keyword", "impressions", "clicks", "p4p_impressions", "top10_avg_impressions",
            "keyword_index", "seller_scale_index", ordered=False,
        )  # fmt: skip

    @cached_property
    def keyword_rank(self) -> pd.DataFrame:
        """Checks of ranks."""
        return self._view.table("keyword_rank", ("keyword", "rank", "_end"))

    @cached_property
    def core_keywords(self) -> pd.DataFrame:
        """The team's list of core words."""
        return self._table("core_keywords", "keyword")

    @cached_property
    def fx_rates(self) -> pd.DataFrame:
        """Exchange rates."""
        columns = [field.name for field in schemas()["fx_rates"].stored if field.name.endswith(PER_USD)]
        return self._table("fx_rates", *columns)

    @cached_property
    def inquiry_list(self) -> pd.DataFrame:
        """Inquiries."""
        return self._explained(self._table("inquiry_list", "buyer_level", "quality_mark", "country"))

    @cached_property
    def customers(self) -> pd.DataFrame:
        """Customer tiers and care."""
        return self._table(
            "customers",
            "buyer_id",
            "buyer_name",
            "tier",
            "stage",
            "industry",
            "size",
            "action",
            "due_on",
            "done_on",
        )

    @cached_property
    def collaboration_log(self) -> pd.DataFrame:
        """Matters put to other departments."""
        return self._table("collaboration_log", "department", "resolved_on")

    @cached_property
    def competitors(self) -> pd.DataFrame:
        """Competitors by month."""
        return self._table(
            "competitors",
            "competitor",
            "price",
            "main_image",
            "detail_page",
            "campaign",
            "hot_products",
            "content_interactions",
        )

    @cached_property
    def store_status(self) -> pd.DataFrame:
        """The store's state as written down."""
        return self._table(
            "store_status", "store_level", "star_level", "certified_on", "visual_done", "visual_planned"
        )
