"""What the ads site gives: reports by plan and day, by product, and the ledger a seller keeps of the spend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from demo.generator.exports_site import downloaded
from demo.generator.formats import Cell, Export, Row, Sheet, money, percent, xlsx, zip_folder
from demo.generator.leads import Lead
from demo.generator.store import Store, shop_totals

from opsbook.periods import Period, month
from opsbook.periods import day as one_day

MONTHS_A_REPORT = 6  # the site shows 180 days: half a year is saved at a time
REPORT_COLUMNS = (
    "日期", "计划ID", "计划名称", "曝光量", "点击量", "点击率", "花费", "点击成本", "全站商机量", "全站商机-询盘量", "全站商机-TM咨询量",
    "全站商机成本", "全站商机转化率", "L1+全站商机量", "L1+点击量", "L1+买家点击占比",
)  # fmt: skip
FLAT_COLUMNS = (
    "日期", "计划ID", "计划名称", "计划类型", "曝光量", "点击量", "点击率", "花费", "全站商机量", "询盘量", "TM咨询量",
    "L1+点击量", "L1+买家点击占比",
)  # fmt: skip
PRODUCT_COLUMNS = (
    "日期", "产品信息", "产品型号", "产品ID", "计划ID", "曝光量", "点击量", "点击率", "全站商机量", "询盘量", "TM咨询量",
)  # fmt: skip


@dataclass(frozen=True)
class AdDay:
    """A plan on a day, or a sum of such; money in fen."""

    impressions: int
    clicks: int
    cost: int
    inquiries: int
    talks: int
    l1_leads: int
    l1_clicks: int

    @property
    def leads(self) -> int:
        """Inquiries and talks."""
        return self.inquiries + self.talks


def plan_days(store: Store) -> dict[str, list[AdDay]]:
    """Return every day of each plan, by plan id."""
    rng = store.rng(41)
    found = {}
    for plan in store.declared.settings["plans"]:
        impressions = store.daily[f"{plan['ad']}_ad_impressions"].sum(axis=0)
        clicks = store.daily[f"{plan['ad']}_ad_clicks"].sum(axis=0)
        price = store.when.drift(plan["cpc"]) * rng.normal(1.0, 0.06, len(clicks)).clip(0.8, 1.2)
        l1_clicks = rng.binomial(clicks, 0.31)
        by_day: list[list[Lead]] = [[] for _ in clicks]
        for lead in store.leads:
            if lead.ad == plan["ad"]:
                by_day[lead.day].append(lead)
        found[plan["id"]] = [
            AdDay(
                impressions=int(impressions[day]),
                clicks=int(clicks[day]),
                cost=round(float(clicks[day] * price[day]) * 100),
                inquiries=sum(lead.is_inquiry for lead in own),
                talks=sum(not lead.is_inquiry for lead in own),
                l1_leads=sum(lead.buyer.level not in ("NA", "L0") for lead in own),
                l1_clicks=int(l1_clicks[day]),
            )
            for day, own in enumerate(by_day)
        ]
    return found


def total(days: Sequence[AdDay]) -> AdDay:
    """Return the sum of days."""
    names = AdDay.__dataclass_fields__
    return AdDay(**{name: sum(getattr(day, name) for day in days) for name in names})


def ad_files(store: Store) -> list[Export]:
    """Return zips of half a year each, one workbook a plan, and a flat table of the latest months."""
    days = plan_days(store)
    months = store.months()
    cuts = list(range(0, len(months), MONTHS_A_REPORT))
    found = []
    for first in cuts[:-1]:
        span = Period(months[first].start, months[first + MONTHS_A_REPORT - 1].end, months[0].grain)
        made = datetime.combine(span.end + timedelta(days=4), time(15, 39, 27), UTC)
        stamp = f"{made:%Y-%m-%d %H_%M_%S}"
        members = [
            (f"{plan['name']}{stamp}.xlsx", _report(store, plan, days[plan["id"]], span))
            for plan in store.declared.settings["plans"]
        ]
        found.append(
            Export(f"全站推广报表-{stamp}.zip", "p4p_plan_daily", zip_folder(members, packed=made), made)
        )
    return [*found, _flat(store, days, months[cuts[-1]].start)]


def _report(store: Store, plan: dict[str, Any], days: list[AdDay], span: Period) -> bytes:
    when = store.when.span(span.start, span.end)
    title = [
        [f"全站推广报表（{store.declared.mark}）"],
        [store.declared.shop],
        [f"导出范围 {span.start}~{span.end}"],
    ]
    rows: list[Row] = [*title, REPORT_COLUMNS, _report_row("汇总", ("", ""), total(days[when]))]
    rows += [
        _report_row(str(day), (plan["id"], plan["name"]), figures)
        for day, figures in zip(store.when.days[when], days[when], strict=True)
    ]
    products: list[Row] = [*title, PRODUCT_COLUMNS, *_product_rows(store, plan, span)]
    sheets = [Sheet("计划报告", rows), Sheet("产品报告", products)]
    return xlsx(sheets, title=store.declared.mark)


def _yuan(fen: float) -> str:
    return f"¥{fen / 100:.2f}"


def _report_row(label: str, plan: tuple[str, str], day: AdDay) -> list[Cell]:
    return [
        label,
        *plan,
        day.impressions,
        day.clicks,
        percent(day.clicks, day.impressions),
        _yuan(day.cost),
        _yuan(day.cost / day.clicks) if day.clicks else "-",
        day.leads,
        day.inquiries,
        day.talks,
        _yuan(day.cost / day.leads) if day.leads else "-",
        percent(day.leads, day.clicks),
        day.l1_leads,
        day.l1_clicks,
        percent(day.l1_clicks, day.clicks),
    ]


def _product_rows(store: Store, plan: dict[str, Any], span: Period) -> list[list[Cell]]:
    when = store.when.span(span.start, span.end)
    own = [lead for lead in store.leads_in(span) if lead.ad == plan["ad"]]
    rows: list[list[Cell]] = []
    for place in store.listed_by(span.end):
        product = store.declared.products[place]
        if product.ad != plan["ad"]:
            continue
        impressions = int(store.daily[f"{plan['ad']}_ad_impressions"][place, when].sum())
        clicks = int(store.daily[f"{plan['ad']}_ad_clicks"][place, when].sum())
        inquiries = sum(lead.is_inquiry for lead in own if lead.product == place)
        talks = sum(not lead.is_inquiry for lead in own if lead.product == place)
        counts: list[Cell] = [impressions, clicks, percent(clicks, impressions)]
        counts += [inquiries + talks, inquiries, talks]
        label = f"{span.start}~{span.end}"
        rows.append([label, product.title, product.model, product.product_id, plan["id"], *counts])
    sums = [sum(int(row[column] or 0) for row in rows) for column in (5, 6, 8, 9, 10)]
    head: list[Cell] = [
        None,
        None,
        None,
        "汇总",
        None,
        sums[0],
        sums[1],
        percent(sums[1], sums[0]),
        *sums[2:],
    ]
    return [head, *rows]


def _flat(store: Store, days: dict[str, list[AdDay]], start: date) -> Export:
    when = store.when.span(start, store.last_day)
    plans = store.declared.settings["plans"]
    both = total([day for plan in plans for day in days[plan["id"]][when]])
    rows: list[Row] = [FLAT_COLUMNS, ["汇总", *[None] * 3, *_flat_figures(both)]]
    for number in range(when.start, when.stop):
        for plan in plans:
            figures = _flat_figures(days[plan["id"]][number])
            rows.append([str(store.when.days[number]), plan["id"], plan["name"], plan["type"], *figures])
    content = xlsx([Sheet("演示 plan", rows)], title=store.declared.mark)
    return Export("plan.xlsx", "p4p_plan_daily", content, downloaded(store.last_day, 2))


def _flat_figures(day: AdDay) -> list[Cell]:
    # Re-saved by hand: percents became fractions, money stayed text.
    return [
        day.impressions,
        day.clicks,
        round(day.clicks / day.impressions, 4) if day.impressions else 0,
        _yuan(day.cost),
        day.leads,
        day.inquiries,
        day.talks,
        day.l1_clicks,
        round(day.l1_clicks / day.clicks, 4) if day.clicks else 0,
    ]


LEDGER_COLUMNS = (
    "日期", "现有产品数量（个）", "在架商品数量（个）", "周累计曝光量（个）", "周访客人数（个）", "周累计点击量（个）",
    "周TM+询盘数量（个）", "周广告花费（元）", "全站推周曝光", "全站推周点击次数", "周累计自然曝光量（个）",
    "周累计自然点击量（个）",
)  # fmt: skip
LEDGER_GROUPS = ["", "产品", None, "流量", None, None, "商机", "推广", None, None, "自然流量", None]
LEDGER_MERGES = ((0, 0, 0, 11), (1, 1, 1, 2), (1, 3, 1, 5), (1, 7, 1, 9), (1, 10, 1, 11))
LEDGER_MONTH = 5


def ledger_file(store: Store) -> Export:
    """Return the table a seller typed in May of the first year: a second source for days that were kept."""
    period = month(store.when.days[0].year, LEDGER_MONTH)
    days = plan_days(store)
    rows: list[Row] = [
        [f"{store.declared.shop} {period.start.year}年{LEDGER_MONTH}月店铺数据（{store.declared.mark}）"],
        LEDGER_GROUPS,
        LEDGER_COLUMNS,
    ]
    typed: list[list[int]] = []
    for offset in range(period.days):
        when = period.start + timedelta(days=offset)
        figures = shop_totals(store, one_day(when))
        number = (when - store.when.days[0]).days
        cost = sum(plan[number].cost for plan in days.values())
        typed.append(
            [
                figures["active_products"],
                figures["active_products"],
                figures["total_impressions"],
                figures["store_visitors"],
                figures["total_clicks"],
                figures["inquiries"] + figures["tm_buyers"],
                cost,
                figures["fullsite_ad_impressions"],
                figures["fullsite_ad_clicks"],
                figures["total_impressions"] - figures["marketing_impressions"],
                figures["total_clicks"] - figures["marketing_clicks"],
            ]
        )
        # Typed as M.D: Excel keeps 5.1 for both the first and the tenth.
        rows.append([float(f"{LEDGER_MONTH}.{when.day}"), *_ledger_cells(typed[-1])])
        if when.weekday() == 5 or when == period.end:
            since = (when.weekday() + 1) % 7 + 1
            rows.append(["合计", *_ledger_cells(_ledger_sum(typed[-since:]))])
    rows.append(["本月合计", *_ledger_cells(_ledger_sum(typed))])
    sheet = Sheet(f"{LEDGER_MONTH}月店铺数据", rows, LEDGER_MERGES)
    content = xlsx([sheet], title=store.declared.mark)
    name = f"{period.start.year}年{LEDGER_MONTH}月店铺数据.xlsx"
    return Export(name, "shop_ledger", content, downloaded(period.end, 2))


def _ledger_sum(days: list[list[int]]) -> list[int]:
    # Products are a count at the end, the rest add up.
    return [*days[-1][:2], *(sum(column) for column in zip(*[day[2:] for day in days], strict=True))]


def _ledger_cells(figures: list[int]) -> list[Cell]:
    return [float(money(cell)) if place == 6 else cell for place, cell in enumerate(figures)]
