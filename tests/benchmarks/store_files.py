"""The benchmark store: weekly exports of a large shop and its orders, in the platform's formats."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import xlwt

PRODUCTS = [
    "产品ID", "产品名称", "是否橱窗", "是否顶展", "是否P4P", "搜索曝光次数", "搜索点击次数", "搜索点击率", "访问人数", "询盘个数",
    "近90天商机人数", "询盘人数", "询盘率", "收藏人数", "分享人数 ", "对比人数 ", "提交订单个数 ", "TM咨询人数", "产品负责人",
    "RTS线上买家数", "RTS线上实收GMV", "全店曝光次数", "全店点击次数", "营销曝光次数", "营销点击次数", "标准推广曝光次数",
    "标准推广点击次数", "全站推广曝光次数", "全站推广点击次数",
]  # fmt: skip
KEYWORDS = [
    "词", "曝光量", "点击量", "点击率", "外贸直通车曝光", "外贸直通车点击", "外贸直通车推广时长", "Top10平均曝光", "Top10平均点击",
    "关键词指数", "卖家规模指数",
]  # fmt: skip
ORDERS = [
    "订单号",
    "订单状态",
    "下单时间",
    "付款时间",
    "买家ID",
    "国家",
    "产品名称",
    "产品ID",
    "数量",
    "单价",
    "产品总价",
    "实收金额",
    "币种",
]


FIRST = date(2025, 1, 5)
PART = 100_000  # order lines in a file


def make(
    folder: Path,
    *,
    products: int = 5000,
    words: int = 500,
    years: int = 1,
    weeks: int = 52,
    lines: int = 50_000,
    form: str = "xls",
) -> None:
    """Write a store into an empty folder; counts follow a Zipf law, so most products are quiet.

    Args:
        folder: Where.
        products: In each weekly file.
        words: In each weekly file.
        years: Backwards from the end of 2025.
        weeks: In each year; 0 for orders alone.
        lines: Of orders, over all years.
        form: Of the weekly files: ``xls`` as the platform gives them, or ``csv``, which is written ten times as fast.
    """
    folder.mkdir(parents=True)
    rng = np.random.default_rng(7)
    popularity = 20_000 / np.arange(1, products + 1)
    names = [f"Outdoor Folding Product Number {n} with Carry Bag" for n in range(products)]
    ids = [str(1_600_000_000_000 + n) for n in range(products)]
    first = FIRST - timedelta(days=364 * (years - 1))
    for week in range(weeks * years):
        start = first + timedelta(days=7 * week)
        end = start + timedelta(days=6)
        views = rng.poisson(popularity)
        clicks = rng.binomial(views, 0.02)
        visitors = clicks + rng.poisson(0.1, products)
        inquiries = rng.binomial(visitors, 0.02)
        seen, clicked, asked = _texts(views), _texts(clicks), _texts(inquiries)
        no, none, dash, zero = (["N"] * products, ["0"] * products, ["-"] * products, ["0.0"] * products)
        columns = [
            ids, names, ["Y"] * 40 + no[40:], no, no, seen, clicked, _percents(clicks, views), _texts(visitors), asked, dash,
            asked, _percents(inquiries, visitors), none, none, none, none, _texts(inquiries * 2), dash, none, zero,
            _texts(views * 2), _texts(clicks * 2), seen, clicked, none, none, seen, clicked,
        ]  # fmt: skip
        _write(folder / f"Products-{end}.{form}", f"产品数据, 时间周期 {start}~{end}", PRODUCTS, columns)
        seen = rng.poisson(4000 / np.arange(1, words + 1))
        none, some = ["0"] * words, seen // 50
        columns = [
            [f"camping keyword {n}" for n in range(words)], _texts(seen), _texts(some), _percents(some, seen), none, none,
            ["0.0"] * words, _texts(seen * 3), _texts(seen // 20), ["814.0"] * words, ["3.0"] * words,
        ]  # fmt: skip
        _write(folder / f"getKeywords-{end}.{form}", f"流量关键词,时间周期{start}~{end}", KEYWORDS, columns)
    for part, begin in enumerate(range(0, lines, PART)):
        name = "orders.csv" if lines <= PART else f"orders-{part:03}.csv"
        numbers = np.arange(begin, min(begin + PART, lines))
        _orders(folder / name, numbers, lines, first, ids, names, rng)


def _texts(numbers: np.ndarray) -> list[str]:
    return list(map(str, numbers.tolist()))


def _percents(above: np.ndarray, below: np.ndarray) -> list[str]:
    return [
        f"{round(100 * a / b, 2):g}%" if b else "0%"
        for a, b in zip(above.tolist(), below.tolist(), strict=True)
    ]


def _write(path: Path, title: str, headers: list[str], columns: list[list[str]]) -> None:
    rows = list(zip(*columns, strict=True))
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([[title], [], [], [], [], headers, *rows])
        return
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("sheet1")
    sheet.write(0, 0, title)
    for row, cells in enumerate([headers, *rows], start=5):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(path))


def _orders(
    path: Path,
    numbers: np.ndarray,
    lines: int,
    first: date,
    ids: list[str],
    names: list[str],
    rng: np.random.Generator,
) -> None:
    days = int((FIRST + timedelta(days=363) - first).days)
    # The two lines of an order are of one day.
    when = [f"{first + timedelta(days=day)}" for day in (numbers // 2 * 2 * days // lines).tolist()]
    product = rng.integers(len(ids), size=len(numbers))
    price, quantity = rng.integers(5, 200, len(numbers)), rng.integers(1, 50, len(numbers))
    # The same amount on both lines would be the order's, told twice, and no sum over lines.
    quantity[1::2] += (price * quantity)[1::2] == (price * quantity)[: len(numbers) // 2 * 2 : 2]
    amounts = [f"{amount}.00" for amount in (price * quantity).tolist()]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(ORDERS)
        for n, day, item, cost, count, amount in zip(
            numbers.tolist(), when, product.tolist(), price.tolist(), quantity.tolist(), amounts, strict=True
        ):
            writer.writerow(
                [
                    str(234_193_410_000_000_000 + n // 2), "交易成功", f"{day} 08:00:00", f"{day} 09:00:00",
                    f"B{n % 6000 // 2}", "US", names[item], ids[item], count, f"US ${cost}.00", amount, amount, "USD",
                ]
            )  # fmt: skip
