"""The benchmark store: one year of weekly exports of a large shop, in the platform's formats."""

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


def make(
    folder: Path, *, products: int = 5000, words: int = 500, weeks: int = 52, lines: int = 50_000
) -> None:
    """Write the store into an empty folder; counts follow a Zipf law, so most products are quiet."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(7)
    popularity = 20_000 / np.arange(1, products + 1)
    names = [f"Outdoor Folding Product Number {n} with Carry Bag" for n in range(products)]
    first = date(2025, 1, 5)
    for week in range(weeks):
        start = first + timedelta(days=7 * week)
        end = start + timedelta(days=6)
        views = rng.poisson(popularity)
        clicks = rng.binomial(views, 0.02)
        visitors = clicks + rng.poisson(0.1, products)
        inquiries = rng.binomial(visitors, 0.02)
        rows = [
            [
                str(1_600_000_000_000 + n), names[n], "Y" if n < 40 else "N", "N", "N", str(views[n]), str(clicks[n]),
                _percent(clicks[n], views[n]), str(visitors[n]), str(inquiries[n]), "-", str(inquiries[n]),
                _percent(inquiries[n], visitors[n]), "0", "0", "0", "0", str(inquiries[n] * 2), "-", "0", "0.0",
                str(views[n] * 2), str(clicks[n] * 2), str(views[n]), str(clicks[n]), "0", "0", str(views[n]), str(clicks[n]),
            ]
            for n in range(products)
        ]  # fmt: skip
        _xls(folder / f"Products-{end}.xls", f"产品数据, 时间周期 {start}~{end}", PRODUCTS, rows)
        seen = rng.poisson(4000 / np.arange(1, words + 1))
        rows = [
            [
                f"camping keyword {n}",
                str(seen[n]),
                str(seen[n] // 50),
                _percent(seen[n] // 50, seen[n]),
                "0",
                "0",
                "0.0",
                str(seen[n] * 3),
                str(seen[n] // 20),
                "814.0",
                "3.0",
            ]
            for n in range(words)
        ]
        _xls(folder / f"getKeywords-{end}.xls", f"流量关键词,时间周期{start}~{end}", KEYWORDS, rows)
    _orders(folder / "orders.csv", lines, products, names, rng)


def _percent(above: int, below: int) -> str:
    return f"{round(100 * above / below, 2):g}%" if below else "0%"


def _xls(path: Path, title: str, headers: list[str], rows: list[list[str]]) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("sheet1")
    sheet.write(0, 0, title)
    for row, cells in enumerate([headers, *rows], start=5):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(path))


def _orders(path: Path, lines: int, products: int, names: list[str], rng: np.random.Generator) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(ORDERS)
        for number in range(lines):
            when = date(2025, 1, 1) + timedelta(days=number * 364 // lines)
            product = int(rng.integers(products))
            price, quantity = int(rng.integers(5, 200)), int(rng.integers(1, 50))
            amount = f"{price * quantity}.00"
            writer.writerow(
                [
                    str(234_193_410_000_000_000 + number // 2),
                    "交易成功",
                    f"{when} 08:00:00",
                    f"{when} 09:00:00",
                    f"B{number % 6000 // 2}",
                    "US",
                    names[product],
                    str(1_600_000_000_000 + product),
                    quantity,
                    f"US ${price}.00",
                    amount,
                    amount,
                    "USD",
                ]
            )
