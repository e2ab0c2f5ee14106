"""From the archive to every figure: reads each table once, calls the metrics, and remembers nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from opsbook.metrics import ads, keywords, orders, products, shop
from opsbook.metrics.figures import Figure, Review, index
from opsbook.metrics.measure import figures

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.archive.store import Archive
    from opsbook.params import Settings

_PERIOD = ("_grain", "_start", "_end")
_ORDER_COLUMNS = (
    "order_id", "status", "created_at", "paid_at", "buyer_id", "buyer_name", "product_id", "product_name",
    "quantity", "unit_price", "product_amount", "total_amount", "received_amount", "currency", "_start",
)  # fmt: skip
_LEDGER_COLUMNS = (
    "order_id", "status", "buyer_id", "buyer_name", "product_id", "product_name", "quantity", "unit_price",
    "discount", "amount", "product_amount_usd", "product_amount_cny", "fx_rate", "_start",
)  # fmt: skip
_OVERVIEW_COLUMNS = (
    "store_visitors", "inquiries", "inquiry_buyers", "tm_buyers", "lead_buyers", "search_impressions",
    "total_impressions", "marketing_impressions", "natural_impressions", "ta_orders", "ta_amount_usd",
    "ta_buyers", "avg_reply_hours", *_PERIOD,
)  # fmt: skip


def review(archive: Archive, settings: Settings) -> Review:
    """Compute every figure that the archive carries.

    Args:
        archive: Open archive.
        settings: Values in force; an empty year is the latest with data, an empty ``as_of`` the last day covered.
    """
    as_of = settings.as_of or archive.last_day()
    if as_of is None:
        return Review(year=settings.year or 0, as_of=None)
    lines = _lines(archive, settings)
    of_orders = orders.orders_of(lines)
    sales = orders.product_sales(lines, of_orders)
    found = index(_figures(archive, settings, as_of, of_orders, sales))
    number = settings.year or as_of.year
    return Review(
        year=number, as_of=as_of, figures=found, top_products=orders.top_products(sales, number, _end(as_of))
    )


def _end(day: date) -> pd.Timestamp:
    import pandas as pd  # noqa: PLC0415 - heavy

    return pd.Timestamp(day)


def _lines(archive: Archive, settings: Settings) -> pd.DataFrame:
    platform = orders.platform_lines(archive.table("orders", _ORDER_COLUMNS))
    ledger = orders.ledger_lines(archive.table("order_ledger", _LEDGER_COLUMNS), settings.cny_per_usd)
    return orders.join(platform, ledger)


def _figures(
    archive: Archive, settings: Settings, as_of: date, of_orders: pd.DataFrame, sales: pd.DataFrame
) -> Iterator[Figure]:
    overview = archive.table("shop_overview", _OVERVIEW_COLUMNS)
    ledger = archive.table(
        "shop_ledger",
        ("store_visitors", "total_impressions", "natural_impressions", "ad_cost_cny", *_PERIOD),
    )
    by_month = orders.monthly(of_orders, archive.spans("orders") + archive.spans("order_ledger"))
    store = shop.monthly(overview, ledger, by_month)
    for measure in (
        *shop.measures(store, overview),
        *orders.measures(of_orders, by_month),
        *ads.measures(
            archive.table("p4p_plan_daily", ("cost_cny", "clicks", "impressions", "site_leads", *_PERIOD)),
            ledger,
        ),
    ):
        yield from figures(measure, as_of)
    yield from shop.weekly(overview, as_of)
    yield from orders.customers(of_orders, _end(as_of))
    yield from orders.top10_share(sales, _end(as_of))
    yield from _product_figures(archive, settings, as_of)
    checks = archive.table("keyword_rank", ("keyword", "rank", "_end"))
    size = settings.keyword_page_size
    yield from keywords.first_page(checks, page_size=size, as_of=as_of)
    yield from keywords.rank_changes(checks, page_size=size)


def _product_figures(archive: Archive, settings: Settings, as_of: date) -> Iterator[Figure]:
    performance = archive.table(
        "product_performance", ("product_id", *products.EFFECTS, *_PERIOD), ordered=False
    )
    if performance.empty:
        return
    listed = products.listings(performance, archive.table("product_catalog", ("product_id", "listed_at")))
    yield from products.zero_effect(performance, listed, as_of=as_of, days=settings.zero_effect_days)
    yield from products.first_month_inquiries(
        performance, listed, as_of=as_of, days=settings.new_product_days
    )
    yield from products.new_products(listed, as_of)
