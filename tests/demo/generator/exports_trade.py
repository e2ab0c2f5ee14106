"""What the trade side gives: order exports, the inquiry list, the product list, and keyword rank checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from demo.generator.declared import Product, Word
from demo.generator.exports_site import downloaded
from demo.generator.formats import Cell, Export, Row, csv_table, html_table, money
from demo.generator.leads import SHOP, Lead
from demo.generator.orders import PACIFIC, Order
from demo.generator.store import Store

from opsbook.periods import Period, quarter

BEIJING = ZoneInfo("Asia/Shanghai")
OVERLAP_DAYS = 5  # each order export starts a few days before its quarter
EXPORT_DAYS = 8  # and is made when all of the quarter's orders were paid or closed
PLACES_A_PAGE = 48
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ORDER_COLUMNS = (
    "订单号", "订单状态", "下单时间", "付款时间", "更新时间", "买家", "买家ID", "国家", "业务员", "产品名称", "产品ID", "数量",
    "单价", "产品总价", "运费", "优惠金额", "订单金额", "实收金额", "币种", "订单标签",
)  # fmt: skip
INQUIRY_COLUMNS = (
    "询价单号", "产品ID", "产品名", "客户名", "客户等级", "所属国家", "公司名称", "座机", "手机", "电子邮箱", "负责人名",
    "创建时间", "是否分配", "商机来源", "商机分类",
)  # fmt: skip
CATALOGUE_COLUMNS = (
    "产品ID", "产品名", "型号", "1级分组", "2级分组", "3级分组", "产品分层", "产品类型", "产品价格", "负责人", "更新时间",
    "质量分", "产品状态", "月曝光量", "月点击量", "月曝光量", "产品链接", "上架时间", "是否有视频", "是否有3D",
)  # fmt: skip
RANK_COLUMNS = (
    "关键词", "款号", "产品排名", "第一位排名", "第一位款号", "搜索首页精选产品", "橱窗", "更新日期",
)  # fmt: skip
TIERS = {"hit": "爆品", "core": "实力优品", "new": "潜力品", "tail": "-", "zero": "低分品"}


def order_files(store: Store) -> list[Export]:
    """Return an order export a quarter, overlapping, and one made again after four orders were put right."""
    found = []
    quarters = _quarters(store)
    for number, period in enumerate(quarters):
        made = min(period.end + timedelta(days=EXPORT_DAYS), store.last_day)
        found.append(
            _orders(
                store,
                Period(period.start - timedelta(days=OVERLAP_DAYS), period.end, period.grain),
                made,
                name=f"信保订单-{period.start.year}Q{number % 4 + 1}.csv",
                encoding="gb18030" if number < 2 else "utf-8-sig",
                # One colleague guards the ids against Excel.
                write_id=(lambda order_id: f'="{order_id}"') if number == 4 else str,
            )
        )
    made = date(quarters[0].start.year + 1, 2, 10)
    if made <= store.last_day:
        name = f"信保订单-{quarters[2].start.year}Q3 更正.csv"
        found.append(_orders(store, quarters[2], made, name=name, encoding="utf-8-sig", write_id=str))
    return found


def _quarters(store: Store) -> list[Period]:
    first, last = store.when.days[0], store.last_day
    found = [quarter(year, number) for year in range(first.year, last.year + 1) for number in range(1, 5)]
    return [period for period in found if period.start <= last]


def _orders(
    store: Store, period: Period, made: date, *, name: str, encoding: str, write_id: Callable[[str], str]
) -> Export:
    rows: list[Row] = [ORDER_COLUMNS]
    for order in reversed(store.drafted_in(period)):
        rows += _order_rows(store, order, made, write_id)
    content = csv_table(rows, encoding=encoding)
    return Export(name, "orders", content, datetime.combine(made, time(23, 59, 30), PACIFIC))


def _order_rows(store: Store, order: Order, made: date, write_id: Callable[[str], str]) -> Iterable[Row]:
    state = order.on(made)
    amounts: list[Cell] = [money(order.freight), money(order.discount), money(order.total_of(state.lines))]
    amounts.append(money(state.received))
    for place, line in enumerate(state.lines):
        product = store.declared.products[line.product]
        yield [
            write_id(order.order_id),
            state.status,
            _moment(order.created),
            _moment(state.paid) if state.paid else "-",
            _moment(state.modified),
            order.buyer.name,
            order.buyer.buyer_id,
            order.buyer.country,
            order.owner,
            product.title,
            product.product_id,
            line.quantity,
            money(line.price),
            money(line.amount),
            # Amounts of the order stand on its first line only.
            *(amounts if place == 0 else [None] * len(amounts)),
            "USD",
            f"ta,{'ready_to_ship' if order.is_rts else 'customization'}",
        ]


def _moment(when: datetime) -> str:
    """Return ``Mar. 31, 2026, 17:49:40 PDT.``: the platform's own way, whatever this machine's language."""
    return f"{MONTHS[when.month - 1]}. {when.day}, {when.year}, {when:%H:%M:%S} {when.tzname()}."


def inquiry_files(store: Store) -> list[Export]:
    """Return the inquiries of the last year and of the time before; times are Beijing's, each file ends on its day."""
    since = store.last_day - timedelta(days=364)
    earlier = since - timedelta(days=1)
    return [_inquiries(store, date.min, earlier), _inquiries(store, since, store.last_day)]


def _inquiries(store: Store, first: date, last: date) -> Export:
    rows = [
        _inquiry_row(store, number, lead, moment)
        for number, lead in enumerate(store.leads, 1)
        if lead.is_inquiry and first <= (moment := _in_beijing(store, lead)).date() <= last
    ]
    content = html_table(INQUIRY_COLUMNS, reversed(rows), title=store.declared.mark)
    return Export(f"询盘数据-{last}.xls", "inquiry_list", content, downloaded(last, 1))


def _in_beijing(store: Store, lead: Lead) -> datetime:
    hour, rest = divmod(lead.second, 3600)
    local = datetime.combine(store.when.days[lead.day], time(hour, rest // 60, rest % 60), PACIFIC)
    return local.astimezone(BEIJING)


def _inquiry_row(store: Store, number: int, lead: Lead, here: datetime) -> list[Cell]:
    product = None if lead.product == SHOP else store.declared.products[lead.product]
    buyer = lead.buyer
    return [
        f"DEMO{number:08d}",
        product.product_id if product else "无产品ID",
        product.title if product else "Demo inquiry to the shop",
        buyer.name,
        buyer.level,
        buyer.country,
        f"Demo Trading {buyer.number}",
        "-",
        "-",
        f"{buyer.buyer_id}@example.com",
        store.declared.owner(buyer.number),
        f"{here.year}/{here.month}/{here.day} {here:%H:%M:%S}",
        "YES",
        "RFQ商机" if lead.is_rfq else "询盘",
        "询盘商机",
    ]


def catalogue_files(store: Store) -> list[Export]:
    """Return the product list at the start of the last year and on the last day."""
    found = []
    for day in sorted({min(date(store.last_day.year, 1, 5), store.last_day), store.last_day}):
        span = store.when.span(day - timedelta(days=29), day)
        shown = store.daily["total_impressions"][:, span].sum(axis=1)
        clicked = store.daily["total_clicks"][:, span].sum(axis=1)
        rows = [
            _catalogue_row(store, place, day, int(shown[place]), int(clicked[place]))
            for place in reversed(store.listed_by(day))
        ]
        content = html_table(CATALOGUE_COLUMNS, rows, title=store.declared.mark)
        found.append(Export(f"all-products-{day}.xls", "product_catalog", content, downloaded(day, 0)))
    return found


def _catalogue_row(store: Store, place: int, day: date, shown: int, clicked: int) -> list[Cell]:
    product = store.declared.products[place]
    # Over the year texts were improved, and videos and models were made.
    behind = day < store.last_day
    edited = day - timedelta(days=(product.number * 37) % 180 + 1)
    return [
        product.product_id,
        product.title,
        product.model,
        product.group1,
        product.group2,
        "-",
        TIERS[product.role],
        "Ready to ship" if product.is_rts else "Customization",
        f"{money(round(product.price_cents * 0.94))}~{money(product.price_cents)}",
        store.declared.owner(product.number),
        f"{max(edited, store.listed_on(place))} 10:{product.number % 60:02d}:00",
        f"{product.quality - (0.3 if behind else 0):.2f}",
        "已上架",
        shown,
        clicked,
        shown,
        f"https://www.example.com/demo/{product.model}.html",
        str(store.listed_on(place)),
        _yes(product.video and not (behind and product.number % 3 == 0)),
        _yes(product.model_3d and not (behind and product.number % 2 == 0)),
    ]


def _yes(flag: bool) -> str:
    return "是" if flag else "否"


def rank_files(store: Store) -> list[Export]:
    """Return the checks of the core words: every quarter, and two days before the end."""
    rng = store.rng(51)
    first, last = store.when.days[0], store.last_day
    days = [date(year, number, 10) for year in range(first.year, last.year + 1) for number in (1, 4, 7, 10)]
    days = [day for day in days if day < last - timedelta(days=20)] + [last - timedelta(days=2)]
    return [
        Export(
            f"关键词排名-{day}.csv",
            "keyword_rank",
            csv_table([RANK_COLUMNS, *_rank_rows(store, day, rng)]),
            downloaded(day, 0),
        )
        for day in days
    ]


def _rank_rows(store: Store, day: date, rng: np.random.RandomState) -> list[Row]:
    age = (day - store.when.days[0]).days
    rows: list[Row] = []
    for word in store.declared.words:
        if word.first_rank is None or word.last_rank is None or word.product is None:
            continue
        middle = float(np.interp(age, [0, 640], [word.first_rank, word.last_rank]))
        places = [max(1, round(middle * float(rng.lognormal(0.0, 0.12))))]
        product = store.declared.products[word.product - 1]
        shown = product.listed <= age
        rows.append(_rank_row(word, product, places[0] if shown else None, day))
        if word.share >= 5:  # a second product of ours shows on the big words
            second = store.declared.products[word.product + 3]
            rows.append(_rank_row(word, second, places[0] + 25 + int(rng.randint(30)), day))
    return rows


def _rank_row(word: Word, product: Product, place: int | None, day: date) -> Row:
    rank = (
        "-" if place is None else f"{(place - 1) // PLACES_A_PAGE + 1}.{(place - 1) % PLACES_A_PAGE + 1:02d}"
    )
    showcase = "Y" if product.showcase else "N"
    return [word.word, product.model, rank, "1.01", "PEER-001", "N", showcase, str(day)]
