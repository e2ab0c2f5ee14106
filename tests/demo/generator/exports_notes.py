"""What the team of the demonstration store writes down itself, each table marked as demonstration."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from demo.generator.exports_site import downloaded
from demo.generator.formats import Cell, Export, Row, Sheet, csv_table, money, xlsx
from demo.generator.store import Store

from opsbook.periods import Period

LIVE_TOPICS = ("春季新品", "工厂探访", "露营场景搭配", "买家问答")
VIDEO_TOPICS = ("产品", "工厂", "使用场景")
CARE = ("季度回访", "新品推荐", "节日问候", "账期沟通")
STAGES = ("首单", "返单", "年度框架")
INDUSTRIES = ("户外零售", "连锁超市", "酒店用品", "电商卖家")
SIZES = ("1-50人", "51-200人", "200人以上")
MATTERS = (
    ("新品打样", "产品部"),
    ("包装确认", "产品部"),
    ("交期反馈", "供应链"),
    ("质检异常", "供应链"),
    ("详情页设计", "设计部"),
)
KEY_AMOUNT, GROWING_AMOUNT = 1_000_000, 300_000  # US cents in a year


def note_files(store: Store) -> list[Export]:
    """Return the eight tables and the seller's own order table."""
    return [
        _status(store),
        _content(store),
        _customers(store),
        _collaboration(store),
        _competitors(store),
        _core_words(store),
        _ad_revenue(store),
        _rates(store),
        _own_orders(store),
    ]


def _file(store: Store, name: str, kind: str, rows: list[Row]) -> Export:
    width = max(len(row) for row in rows)
    head: list[Cell] = [f"{store.declared.shop} {name.partition('.')[0]}（{store.declared.mark}）"]
    table = [head + [None] * (width - 1), *rows]
    if name.endswith(".xlsx"):
        content = xlsx([Sheet("演示", [head, *rows])], title=store.declared.mark)
    else:
        content = csv_table(table)
    return Export(name, kind, content, downloaded(store.last_day, 1))


def _status(store: Store) -> Export:
    first = store.when.days[0]
    certified = date(first.year, 12, 8)
    rows: list[Row] = [("日期", "店铺等级", "星等级", "金品诚企认证日期", "视觉升级已完成", "视觉升级计划")]
    levels = (("L1", "2星"), ("L1", "3星"), ("L2", "3星"), ("L2", "4星"), ("L2", "4星"))
    for number, period in enumerate(store.months()[2::3]):
        store_level, star = levels[min(number // 2, len(levels) - 1)]
        known = str(certified) if certified <= period.end else None
        rows.append([str(period.end), store_level, star, known, min(12, 2 * number), 12])
    return _file(store, "店铺状态.csv", "store_status", rows)


def _content(store: Store) -> Export:
    rng = store.rng(61)
    rows: list[Row] = [("日期", "类型", "主题", "观看", "互动")]
    for number, period in enumerate(store.months()):
        for place in range(1 + (number >= 6) + (number % 3 == 0)):
            views = 180 + 22 * number + int(rng.poisson(40))
            day = period.start + timedelta(days=6 + 9 * place)
            topic = f"演示 {LIVE_TOPICS[(number + place) % len(LIVE_TOPICS)]}"
            rows.append([str(day), "直播", topic, views, int(rng.binomial(views, 0.09))])
        for place in range(3 + number // 4):
            views = 90 + 9 * number + int(rng.poisson(25))
            day = period.start + timedelta(days=2 + 3 * place)
            topic = f"演示 {VIDEO_TOPICS[place % len(VIDEO_TOPICS)]}短片 {number + 1}-{place + 1}"
            rows.append([str(day), "短视频", topic, views, int(rng.binomial(views, 0.05))])
    return _file(store, "内容日志.xlsx", "content_log", rows)


def _customers(store: Store) -> Export:
    """Return the customers of the last year with their tiers, a few of them out of date, and the actions of care."""
    since = store.last_day - timedelta(days=364)
    bought: dict[int, int] = defaultdict(int)
    buyers = {}
    for order in store.paid_in(Period(since, store.last_day, store.months()[0].grain)):
        bought[order.buyer.number] += order.total
        buyers[order.buyer.number] = order.buyer
    rows: list[Row] = [
        ("客户ID", "客户名称", "分层", "KA阶段", "行业", "规模", "维护动作", "应完成日", "完成日", "更新日期")
    ]
    for place, (number, amount) in enumerate(sorted(bought.items(), key=lambda item: (-item[1], item[0]))):
        buyer = buyers[number]
        tier = "KA" if amount >= KEY_AMOUNT else "成长" if amount >= GROWING_AMOUNT else "普通"
        if place % 9 == 4:  # nobody moved it when the orders changed
            tier = "普通" if tier != "普通" else "成长"
        key = tier == "KA"
        about: list[Cell] = [buyer.buyer_id, buyer.name, tier, STAGES[place % 3] if key else None]
        about += [INDUSTRIES[place % 4], SIZES[place % 3]]
        for action in range(3 if key else 1 if tier == "成长" else 0) or (None,):
            if action is None:
                rows.append([*about, None, None, None, str(store.last_day)])
                continue
            due = store.last_day - timedelta(days=30 + 85 * action + 3 * (place % 20))
            late = (place + action) % 5
            done = None if late == 3 else due + timedelta(days=4 if late == 4 else -2)
            what = CARE[(place + action) % len(CARE)]
            rows.append([*about, what, str(due), str(done) if done else None, str(store.last_day)])
    return _file(store, "客户分层.xlsx", "customers", rows)


def _collaboration(store: Store) -> Export:
    rng = store.rng(62)
    rows: list[Row] = [("事项", "部门", "提出日期", "解决日期")]
    for number, period in enumerate(store.months()):
        for place in range(3):
            matter, department = MATTERS[(number + 2 * place) % len(MATTERS)]
            raised = period.start + timedelta(days=3 + 8 * place)
            took = 3 + int(rng.poisson({"产品部": 9, "供应链": 6, "设计部": 4}[department]))
            solved = raised + timedelta(days=took)
            rows.append(
                [
                    f"演示 {matter} {number + 1}-{place + 1}",
                    department,
                    str(raised),
                    str(solved) if solved <= store.last_day else None,
                ]
            )
    return _file(store, "协作记录.csv", "collaboration_log", rows)


def _competitors(store: Store) -> Export:
    rng = store.rng(63)
    rows: list[Row] = [("月份", "对手", "价格", "主图", "详情页", "活动", "爆品数", "内容互动")]
    for period in store.months()[-12:]:
        for place, name in enumerate(("Demo Rival A", "Demo Rival B", "Demo Rival C")):
            price = f"{19.5 + 1.4 * place + float(rng.normal(0, 0.3)):.2f}"
            campaign = "大促" if period.start.month in (3, 6, 9, 11) else "无"
            image, detail = ("场景图", "白底图", "视频首图")[place], ("视频首屏", "长图文", "参数表")[place]
            hot, interactions = 4 + place + int(rng.poisson(1)), 160 + 60 * place + int(rng.poisson(30))
            rows.append([period.label, name, price, image, detail, campaign, hot, interactions])
    return _file(store, "竞争对手.csv", "competitors", rows)


def _core_words(store: Store) -> Export:
    words = [word.word for word in store.declared.words if word.first_rank is not None]
    rows: list[Row] = [("核心关键词", "目标页"), *((word, 1) for word in words)]
    return _file(store, "核心关键词.csv", "core_keywords", rows)


def _ad_revenue(store: Store) -> Export:
    """Return what the team counts as brought by ads: about a third of what came in."""
    rng = store.rng(64)
    rows: list[Row] = [("月份", "归因信保金额USD", "备注")]
    for period in store.months():
        cents = sum(order.total for order in store.paid_in(period))
        share = 0.33 + 0.04 * float(rng.uniform(-1, 1))
        rows.append([period.label, money(round(cents * share)), "演示 按询盘来源人工归因"])
    return _file(store, "广告归因.csv", "ad_revenue", rows)


def _rates(store: Store) -> Export:
    rows: list[Row] = [("日期", "人民币/美元", "备注")]
    rows += [
        [str(period.start), f"{7.08 + 0.06 * ((number * 5) % 7) / 7:.4f}", "演示 非真实牌价"]
        for number, period in enumerate(store.months())
    ]
    return _file(store, "汇率.csv", "fx_rates", rows)


def _own_orders(store: Store) -> Export:
    """Return the seller's own order table: the Trade Assurance orders of the data, and those paid by bank."""
    rng = store.rng(65)
    rows: list[Row] = [("日期", "订单号", "客户名称", "国家", "产品名称", "件数", "产品总价_美元", "备注")]
    for number, period in enumerate(store.months()):
        found: list[tuple[date, list[Cell]]] = []
        for order in store.paid_in(period):
            if order.paid and not order.refunded:
                line = order.lines[0]
                name = store.declared.products[line.product].title
                units = sum(each.quantity for each in order.lines)
                cells: list[Cell] = [order.order_id, order.buyer.name, order.buyer.country, name, units]
                found.append((order.paid.date(), [*cells, money(order.total), "演示"]))
        for place in range(2 - (number >= 9)):
            day = period.start + timedelta(days=8 + 11 * place)
            cents = 180_000 + int(rng.poisson(60)) * 1000
            who = f"Demo Offline Buyer {1 + (number + place) % 6}"
            name = store.declared.products[place].title
            mark: list[Cell] = [f"PI-DEMO-{period.label}-{place + 1}", who, "Germany", name, 60]
            found.append((day, [*mark, money(cents), "演示 电汇"]))
        rows += [
            [str(day), *cells] for day, cells in sorted(found, key=lambda item: (item[0], str(item[1][0])))
        ]
    return _file(store, "订单台账.csv", "order_ledger", rows)
