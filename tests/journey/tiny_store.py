"""A store of a few hundred cells, written as the CSV of its exports: the same one however its files are cut and named."""

import csv
import io
import os
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from opsbook.archive.archive_file import Archive
from opsbook.intake import Limits, read
from opsbook.intake.export_files import find
from opsbook.intake.header_map import HeaderMap
from opsbook.metrics.compute_review import review
from opsbook.params import Settings
from opsbook.plan.annual_plan import plan
from opsbook.review.basis_text import plain

FIRST = 2025
MONTHS = [(0, number) for number in range(1, 13)] + [(1, number) for number in range(1, 7)]
PRODUCTS = ["1601", "1602", "1603", "1604"]
SHOP = ["统计日期", "店铺访问人数", "询盘人数", "商机人数", "全店曝光次数", "营销曝光次数", "信保交易订单个数",
        "信保交易金额", "信保挂账买家数"]  # fmt: skip
ADS = ["日期", "计划ID", "花费", "曝光量", "点击量", "全站商机量", "全站商机-订单量"]
ORDERS = ["订单号", "订单状态", "下单时间", "买家ID", "国家", "产品ID", "数量", "产品总价", "实收金额"]
RATES = ["日期", "人民币/美元"]
PERFORMANCE = ["产品ID", "产品名称", "搜索曝光次数", "搜索点击次数", "访问人数", "询盘个数"]
TAKEN = datetime(2027, 1, 1)
EXPORTED = datetime(2033, 1, 1)  # after every day of the store, however many years later it is


@dataclass
class Export:
    """One file: its path, the lines above its header, the header, the rows."""

    path: str
    header: list[str]
    rows: list[list[object]]
    above: list[list[object]] = field(default_factory=list)

    def write(self, folder, *, inside=""):
        """Write it as CSV into a folder, or a subfolder of it."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows([*self.above, self.header, *self.rows])
        path = folder / inside / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        os.utime(path, (EXPORTED.timestamp(), EXPORTED.timestamp()))


def exports(seed=0, *, years=0, money=Decimal(1), cost=Decimal(1)):
    """Return the store's files: every date ``years`` later, USD of orders and CNY of ads so many times as much."""
    random = Random(seed)
    months = [(FIRST + years + offset, number) for offset, number in MONTHS]
    return [
        Export("shop.csv", SHOP, [shop_row(random, when, money) for when in months]),
        Export("ads.csv", ADS, [row for when in months for row in ad_rows(random, when, cost)]),
        Export("orders.csv", ORDERS, [row for when in months for row in order_rows(random, when, money)]),
        Export("rates.csv", RATES, [[f"{months[0][0]}-01-01", "7.2"], [f"{months[-1][0]}-01-01", "7.0"]]),
        *(
            Export(
                f"products {when[1]}.csv",
                PERFORMANCE,
                product_rows(random),
                above=[[f"统计周期:{span(when)}"]],
            )
            for when in months[-6:]
        ),
    ]


def span(when):
    """Return the first and the last day of a month as the platform writes a period."""
    first = f"{when[0]}-{when[1]:02d}"
    return f"{first}-01~{first}-{monthrange(*when)[1]}"


def some_day(random, when):
    return f"{when[0]}-{when[1]:02d}-{random.randint(1, monthrange(*when)[1]):02d}"


def amount(random, most, factor):
    """Return money of two decimals, times ``factor``."""
    return factor * random.randint(1000, most * 100) / 100


def counts(random, *ranges):
    return [random.randint(low, high) for low, high in ranges]


def shop_row(random, when, money):
    persons = counts(random, (500, 900), (60, 90), (20, 59), (9000, 20000), (1000, 5000), (3, 9))
    return [f"{when[0]}-{when[1]:02d}", *persons, amount(random, 2000, money), random.randint(2, 3)]


def ad_rows(random, when, cost):
    """Return one or two days of each of two plans."""
    for plan_id in ("701", "702"):
        for day in sorted({some_day(random, when) for _ in range(2)}):
            told = counts(random, (500, 900), (10, 40), (1, 9), (1, 3))
            yield [day, plan_id, amount(random, 90, cost), *told]


def order_rows(random, when, money):
    """Return two or three orders of one or two products; some have two equal lines."""
    for _ in range(random.randint(2, 3)):
        order = str(random.randrange(10**9, 10**10))
        stamp = f"{some_day(random, when)} {random.randint(0, 23):02d}:10:00"
        buyer, country = f"b{random.randint(1, 6)}", random.choice(["Germany", "法国", "UAE"])
        received = amount(random, 900, money)
        for product in random.sample(PRODUCTS, random.randint(1, 2)):
            told = [product, random.randint(1, 9), amount(random, 400, money), received]
            line = [order, "已完成", stamp, buyer, country, *told]
            yield from [line] * random.choice([1, 1, 1, 2])


def product_rows(random):
    return [
        [product, f"Product {product}", *counts(random, (50, 90), (0, 20), (0, 9), (0, 4))]
        for product in PRODUCTS
    ]


class Said(NamedTuple):
    """What a figure says; an undefined value is None, which equals itself."""

    value: float | None
    unit: str
    basis: str


class Store:
    """An archive in memory into which folders of exports are taken."""

    def __init__(self):
        self.opened = Archive.open(Path("nowhere.duckdb"), for_writing=False)
        self.issues = []
        self.batches = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.opened.__exit__(None, None, None)

    def take(self, files):
        """Take in one batch of files; return its receipts. Files of one name come in folders of their own."""
        names = [file.path for file in files]
        self.batches.append(names)
        with TemporaryDirectory() as folder:
            for number, file in enumerate(files):
                again = names.count(file.path) > 1
                # A name given again would take the place of what it gave before.
                inside = f"{len(self.batches)}-{number}" if again or len(self.batches) > 1 else ""
                file.write(Path(folder), inside=inside)
            sources, issues = find([Path(folder)])
            readings = list(read(sources, HeaderMap(), limits=Limits(workers=1)))
        self.issues += [*issues, *(issue for reading in readings for issue in reading.issues)]
        return self.opened.take_in(readings, rules="r", taken_at=TAKEN)

    def figures(self):
        """Return every figure of the review and of the plan."""
        found = review(self.opened, Settings(gross_margin=0.3))
        figures = [*found, *plan(found, Settings(gross_margin=0.3), {}).figures]
        return {
            (each.metric, each.period, each.dimension): Said(
                each.value if each.defined else None, each.unit, plain(each.basis)
            )
            for each in figures
        }


@cache
def figures(**told):
    """Return the figures of a store whose `exports` are taken in at once and have nothing wrong."""
    with Store() as store:
        store.take(exports(**told))
        assert store.issues == []
        return store.figures()
