"""What the data site gives: product analysis, traffic keywords, shop overview, traffic channels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from demo.generator.formats import Cell, Export, Row, Sheet, csv_table, money, percent, xls, xlsx
from demo.generator.store import Store, product_totals, shop_totals

from opsbook.periods import Grain, Period

WEEKS_OF_PRODUCTS = 8
WEEKS_OF_OVERVIEW = 26
DAYS_OF_OVERVIEW = 60
MISSING_DAYS = (17, 41)  # days nobody copied

# Header, our field name, and how it is written: a count, a ratio of two counts, a flag or text.
PRODUCT_COLUMNS = (
    "产品ID", "产品名称", "是否橱窗", "是否顶展", "是否P4P", "搜索曝光次数", "搜索点击次数", "搜索点击率", "访问人数",
    "询盘个数", "近90天商机人数", "询盘人数", "询盘率", "收藏人数", "分享人数 ", "对比人数 ", "提交订单个数 ", "TM咨询人数",
    "产品负责人", "RTS线上买家数", "RTS线上实收GMV", "全店曝光次数", "全店点击次数", "营销曝光次数", "营销点击次数",
    "标准推广曝光次数", "标准推广点击次数", "全站推广曝光次数", "全站推广点击次数",
)  # fmt: skip
KEYWORD_COLUMNS = (
    "词", "曝光量", "点击量", "点击率", "外贸直通车曝光", "外贸直通车点击", "外贸直通车推广时长", "Top10平均曝光",
    "Top10平均点击", "关键词指数", "卖家规模指数",
)  # fmt: skip
OVERVIEW_COUNTS = {
    "店铺访问人数": "store_visitors",
    "搜索曝光次数": "search_impressions",
    "搜索点击次数": "search_clicks",
    "询盘人数": "inquiry_buyers",
    "询盘个数": "inquiries",
    "TM咨询人数": "tm_buyers",
    "商机人数": "lead_buyers",
    "全店品的商机量": "total_leads",
    "信保交易订单个数": "ta_orders",
    "信保挂账买家数": "ta_buyers",
    "起草订单数": "drafted_orders",
    "全店曝光次数": "total_impressions",
    "全店点击次数": "total_clicks",
    "营销曝光次数": "marketing_impressions",
    "营销点击次数": "marketing_clicks",
    "标准推广曝光次数": "standard_ad_impressions",
    "标准推广点击次数": "standard_ad_clicks",
    "全站推曝光次数": "fullsite_ad_impressions",
    "全站推点击次数": "fullsite_ad_clicks",
    "全站推商机量": "fullsite_ad_leads",
    "自然商机量": "natural_leads",
    "有效商品数": "active_products",
    "90天新发品数": "new_products_90d",
    "AB商品数": "lead_products",
}
OVERVIEW_COLUMNS = (
    "统计日期", *OVERVIEW_COUNTS, "搜索点击率", "商机转化率", "支付转化率", "信保交易金额(美元)", "自然曝光量", "自然点击量",
    "及时回复率", "平均回复时长", "同行平均店铺访问人数", "同行优秀店铺访问人数", "同行平均询盘个数", "同行优秀询盘个数",
    "同行优秀信保交易金额(美元)",
)  # fmt: skip
CHANNEL_COLUMNS = ("统计时间", "流量渠道", "店铺访问人数", "店内询盘人数", "店内TM咨询人数", "商机转化率")


def downloaded(day: date, days_later: int) -> datetime:
    """Return the moment of a download some days after ``day``."""
    return datetime.combine(day + timedelta(days=days_later), time(2, 30), UTC)


def product_files(store: Store) -> list[Export]:
    """Return a product analysis for every month and the last weeks; one week stands there twice."""
    weeks = store.weeks(WEEKS_OF_PRODUCTS)
    found = [
        Export(f"Products-{period.end}.xls", "product_performance", _products(store, period), when)
        for period, when in _periods(store.months(), weeks)
    ]
    twice = found[-2]
    found.append(Export(twice.name.replace(".xls", " (1).xls"), twice.kind, twice.content, twice.downloaded))
    return found


def _periods(months: Iterable[Period], weeks: Iterable[Period]) -> list[tuple[Period, datetime]]:
    # A month that ends on a Saturday shares its file name with that week: the week then waits for its turn.
    months = list(months)
    ends = {period.end for period in months}
    found = [(period, downloaded(period.end, 4)) for period in months]
    return found + [(period, downloaded(period.end, 3)) for period in weeks if period.end not in ends]


def _title_rows(title: str) -> list[Row]:
    return [[title], [], [], [], []]


def _products(store: Store, period: Period) -> bytes:
    rows = []
    for place, figures in product_totals(store, period).items():
        product = store.declared.products[place]
        rows.append(
            (
                figures["search_impressions"],
                [
                    product.product_id,
                    product.title,
                    "Y" if product.showcase else "N",
                    "N",
                    "Y" if product.ad else "N",
                    figures["search_impressions"],
                    figures["search_clicks"],
                    percent(figures["search_clicks"], figures["search_impressions"]),
                    figures["product_visitors"],
                    figures["inquiries"],
                    "-",
                    figures["inquiry_buyers"],
                    percent(figures["inquiries"], figures["product_visitors"]),
                    figures["favorite_buyers"],
                    figures["share_buyers"],
                    figures["compare_buyers"],
                    figures["orders_submitted"],
                    figures["tm_buyers"],
                    "-" if product.role == "zero" else store.declared.owner(product.number),
                    figures["rts_online_buyers"],
                    repr(figures["rts_received_cents"] / 100),  # printed like a Java double
                    figures["total_impressions"],
                    figures["total_clicks"],
                    figures["marketing_impressions"],
                    figures["marketing_clicks"],
                    figures["standard_ad_impressions"],
                    figures["standard_ad_clicks"],
                    figures["fullsite_ad_impressions"],
                    figures["fullsite_ad_clicks"],
                ],
            )
        )
    rows.sort(key=lambda row: -row[0])
    title = f"产品数据, 时间周期 {period.start}~{period.end}"
    return xls(Sheet(store.declared.mark, [*_title_rows(title), PRODUCT_COLUMNS, *(row for _, row in rows)]))


def keyword_files(store: Store) -> list[Export]:
    """Return the traffic keywords of every month."""
    rng = store.rng(11)
    return [
        Export(
            f"getKeywords-{period.end}.xls",
            "keyword_performance",
            _keywords(store, period, rng),
            downloaded(period.end, 4),
        )
        for period in store.months()
    ]


def _keywords(store: Store, period: Period, rng: np.random.RandomState) -> bytes:
    words = store.declared.words
    figures = shop_totals(store, period)
    shares = np.array([word.share for word in words]) * rng.lognormal(0.0, 0.2, len(words))
    # Other words, below the cap of the list, have the rest.
    impressions = rng.multinomial(round(figures["search_impressions"] * 0.62), shares / shares.sum())
    clicks = rng.binomial(impressions, figures["search_clicks"] / figures["search_impressions"])
    ad_share = figures["standard_ad_impressions"] / figures["total_impressions"]
    ad_impressions = rng.binomial(impressions, ad_share)
    ad_clicks = np.minimum(rng.binomial(clicks, ad_share), ad_impressions)
    peers = rng.uniform(1.4, 6.0, len(words))
    rows: list[list[Cell]] = []
    for place in np.argsort(-impressions, kind="stable"):
        word, seen, hit = words[place], int(impressions[place]), int(clicks[place])
        if not seen:
            continue
        peer = round(seen * float(peers[place])) + 3
        rows.append(
            [
                word.word,
                seen,
                hit,
                percent(hit, seen, 1),
                int(ad_impressions[place]),
                int(ad_clicks[place]),
                f"{24.0 * period.days:.1f}" if ad_impressions[place] else "0.0",
                peer,
                round(peer * 0.024),
                "-" if word.index is None else f"{word.index * figures['search_impressions'] // 140_000:.1f}",
                "-" if word.sellers is None else f"{word.sellers:.1f}",
            ]
        )
    title = f"流量关键词,时间周期{period.start}~{period.end}"
    return xls(Sheet(store.declared.mark, [*_title_rows(title), KEYWORD_COLUMNS, *rows]))


def overview_files(store: Store) -> list[Export]:
    """Return the shop overview as people copy it: months in one file, weeks and days in another."""
    name = f"{store.declared.shop} 店铺数据概览（{store.declared.mark}）"
    blank = [""] * (len(OVERVIEW_COLUMNS) - 1)
    months = _overview(store, store.months(), 21)
    weeks = _overview(store, store.weeks(WEEKS_OF_OVERVIEW), 22)
    days = [
        row
        for number, row in enumerate(_overview(store, store.days(DAYS_OF_OVERVIEW), 23))
        if number not in MISSING_DAYS
    ]
    return [
        Export(
            "店铺数据概览-按月.csv",
            "shop_overview",
            csv_table([[name, *blank], OVERVIEW_COLUMNS, *months], encoding="gb18030"),
            downloaded(store.last_day, 4),
        ),
        Export(
            "店铺数据概览.xlsx",
            "shop_overview",
            xlsx(
                [
                    Sheet("演示 周", [[name], [], OVERVIEW_COLUMNS, *weeks]),
                    Sheet("演示 日", [[name], [], OVERVIEW_COLUMNS, *days]),
                ],
                title=store.declared.mark,
            ),
            downloaded(store.last_day, 2),
        ),
    ]


def _overview(store: Store, periods: list[Period], subject: int) -> list[list[Cell]]:
    rng = store.rng(subject)
    reply = store.when.drift([9.6, 4.1])
    rows: list[list[Cell]] = []
    for period in periods:
        figures = shop_totals(store, period)
        last = (min(period.end, store.last_day) - store.when.days[0]).days
        peers = rng.normal(1.0, 0.05, 5).clip(0.8, 1.2)
        label = f"{period.start}~{period.end}" if period.grain is Grain.WEEK else period.label
        rows.append(
            [
                label,
                *(figures[name] for name in OVERVIEW_COUNTS.values()),
                percent(figures["search_clicks"], figures["search_impressions"]),
                percent(figures["lead_buyers"], figures["store_visitors"]),
                percent(figures["ta_buyers"], figures["store_visitors"]),
                money(figures["ta_cents"]),
                figures["total_impressions"] - figures["marketing_impressions"],
                figures["total_clicks"] - figures["marketing_clicks"],
                percent(float(97 - reply[last] * 1.4 + rng.normal(0, 0.8)), 100),
                f"{float(reply[last]) + rng.normal(0, 0.25):.1f}",
                round(figures["store_visitors"] * 0.72 * peers[0]),
                round(figures["store_visitors"] * 2.6 * peers[1]),
                round(figures["inquiries"] * 0.8 * peers[2]),
                round(figures["inquiries"] * 2.9 * peers[3]),
                money(round((figures["ta_cents"] + period.days * 60_000) * 3.1 * peers[4])),
            ]
        )
    return rows


def channel_file(store: Store) -> Export:
    """Return visitors and leads by channel and month. Channels overlap."""
    rng = store.rng(31)
    rows: list[Row] = [[f"{store.declared.shop} 流量来源（{store.declared.mark}）"], [], CHANNEL_COLUMNS]
    for period in store.months():
        figures = shop_totals(store, period)
        middle = (period.start - store.when.days[0]).days + 15
        for channel in store.declared.settings["channels"]:
            share = float(store.when.drift(channel["visitors"])[middle]) * float(rng.uniform(0.95, 1.05))
            visitors = round(figures["store_visitors"] * share)
            inquiring = min(visitors, int(rng.binomial(figures["inquiry_buyers"], channel["leads"])))
            talking = min(visitors, int(rng.binomial(figures["tm_buyers"], channel["leads"])))
            rows.append(
                [
                    period.label,
                    channel["name"],
                    visitors,
                    inquiring,
                    talking,
                    percent(inquiring + talking, visitors),
                ]
            )
    content = xlsx([Sheet("演示 流量来源", rows)], title=store.declared.mark)
    return Export("流量来源.xlsx", "traffic_channel", content, downloaded(store.last_day, 4))
