"""A store of a few hundred cells, written as the CSV of its exports: the same one however its files are cut and named."""

import csv
import io
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from opsbook.archive.store import Archive
from opsbook.intake import Limits, read
from opsbook.intake.header_map import HeaderMap
from opsbook.intake.sources import find
from opsbook.metrics.compute import review
from opsbook.params import Settings
from opsbook.plan.compute import plan

FIRST = 2025
MONTHS = [(0, number) for number in range(1, 13)] + [(1, number) for number in range(1, 7)]
TAKEN = datetime(2027, 1, 1)


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


def exports(seed=0, *, years=0, money=Decimal(1), cost=Decimal(1)):
    """Return the store's files: every date ``years`` later, USD of orders and CNY of ads so many times as much."""
    random = Random(seed)

    def whole(low, high):
        return random.randint(low, high)

    def usd(low, high):
        return money * whole(low * 100, high * 100) / 100

    shop, ads, orders = [], [], []
    for offset, month in MONTHS:
        year, last = FIRST + offset + years, monthrange(FIRST + offset + years, month)[1]
        when = f"{year}-{month:02d}"
        visitors = whole(500, 900)
        shop.append(
            [when, visitors, whole(60, 90), whole(20, 59), whole(9000, 20000), whole(1000, 5000)]
            + [whole(3, 9), usd(900, 2000), whole(2, 3)]
        )
        for plan_id in ("701", "702"):
            for day in {whole(1, last) for _ in range(2)}:
                ads.append(
                    [f"{when}-{day:02d}", plan_id, cost * whole(1000, 9000) / 100]
                    + [whole(500, 900), whole(10, 40), whole(1, 9), whole(1, 3)]
                )
        for number in range(2 if len(orders) % 3 else 3):  # no month is without
            order = f"{9_000_000 + len(orders) * 7 + number}"
            stamp = f"{when}-{whole(1, last):02d} {whole(0, 23):02d}:10:00"
            buyer = f"b{whole(1, 6)}"
            country = random.choice(["Germany", "法国", "UAE"])
            received = usd(50, 900)
            for product in random.sample(["1601", "1602", "1603", "1604"], whole(1, 2)):
                line = [order, "已完成", stamp, buyer, country, product, whole(1, 9), usd(20, 400), received]
                orders += [line] * random.choice([1, 1, 1, 2])  # an order may have two equal lines
    rates = [[f"{FIRST + years}-01-01", "7.2"], [f"{FIRST + 1 + years}-01-01", "7.0"]]
    made = [
        Export(
            "shop.csv",
            ["统计日期", "店铺访问人数", "询盘人数", "商机人数", "全店曝光次数", "营销曝光次数"]
            + ["信保交易订单个数", "信保交易金额", "信保挂账买家数"],
            shop,
        ),
        Export("ads.csv", ["日期", "计划ID", "花费", "曝光量", "点击量", "全站商机量", "全站商机-订单量"], ads),
        Export(
            "orders.csv",
            ["订单号", "订单状态", "下单时间", "买家ID", "国家", "产品ID", "数量", "产品总价", "实收金额"],
            orders,
        ),
        Export("rates.csv", ["日期", "人民币/美元"], rates),
    ]
    for offset, month in MONTHS[-6:]:
        year = FIRST + offset + years
        rows = [
            [product, f"Product {product}", whole(50, 90), whole(0, 20), whole(0, 9), whole(0, 4)]
            for product in ("1601", "1602", "1603", "1604")
        ]
        made.append(
            Export(
                f"products {month}.csv",
                ["产品ID", "产品名称", "搜索曝光次数", "搜索点击次数", "访问人数", "询盘个数"],
                rows,
                above=[[f"统计周期:{year}-{month:02d}-01~{year}-{month:02d}-{monthrange(year, month)[1]}"]],
            )
        )
    return made


class Said(NamedTuple):
    """What a figure says; an undefined value is None, which equals itself."""

    value: float | None
    unit: str
    basis: str


class Store:
    """An archive in memory into which folders of exports are taken."""

    def __init__(self):
        self._opened = Archive.open(Path("nowhere.duckdb"), for_writing=False)
        self.issues = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._opened.__exit__(None)

    def take(self, files):
        """Take in one batch of files; return its receipts. Files of one name come in folders of their own."""
        names = [file.path for file in files]
        with TemporaryDirectory() as folder:
            for number, file in enumerate(files):
                again = names.count(file.path) > 1
                file.write(Path(folder), inside=f"{number}" if again else "")
            sources, issues = find([Path(folder)])
            readings = list(read(sources, HeaderMap(), limits=Limits(workers=1)))
        self.issues += [*issues, *(issue for reading in readings for issue in reading.issues)]
        return self._opened.take_in(readings, rules="r", taken_at=TAKEN)

    def figures(self):
        """Return every figure of the review and of the plan."""
        found = review(self._opened, Settings(gross_margin=0.3))
        figures = [*found, *plan(found, Settings(gross_margin=0.3), {}).figures]
        return {
            (each.metric, each.period, each.dimension): Said(
                each.value if each.defined else None, each.unit, each.basis
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
