"""Any life of an order, exported in any order, format and parts: the figures are those of its newest state alone."""

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from journey.test_properties import few
from journey.tiny_store import Export, Store
from openpyxl import Workbook

from opsbook.metrics.compute_review import review
from opsbook.params import Settings

FIRST = datetime(2025, 3, 4, 10)
EUR_PER_USD = 0.5
STATUSES = {
    "paid": ["交易成功", "待发货", "Completed", "已付款/待发货"],
    "partly": ["部分退款", "Partially refunded"],
    "refunded": ["退款成功", "Fully refunded"],
    "awaited": ["等待买家付款", "Unpaid"],
    "closed": ["买家已取消", "Cancelled by seller"],
    "running": ["退款中", "In dispute"],
}


@dataclass
class State:
    """An order as it was from a day on."""

    lines: list[tuple[str, int, float]]
    freight: float
    kind: str
    status: str
    currency: str
    since: int = 0

    @property
    def total(self):
        return sum(number * price for _, number, price in self.lines) + self.freight


def states():
    kinds = [(kind, word) for kind, words in STATUSES.items() for word in words]
    line = st.tuples(st.sampled_from(["Cup", "Bowl"]), st.integers(1, 3), st.sampled_from([10.0, 20.0]))
    gift = st.just(("Spoon", 1, 0.0))
    lines = st.lists(line, min_size=1, max_size=3).flatmap(
        lambda bought: st.one_of(st.just(bought), gift.map(lambda free: [*bought, free]))
    )
    return st.builds(
        lambda lines, freight, kind, currency: State(lines, freight, *kind, currency),
        lines, st.sampled_from([0.0, 7.0]), st.sampled_from(kinds), st.sampled_from(["USD", "EUR"]),
    )  # fmt: skip


@dataclass
class File(Export):
    """A part of an export, in one of the formats that people have."""

    def write(self, folder, *, inside=""):
        path = folder / inside / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.endswith(".xlsx"):
            book = Workbook()
            for row in [self.header, *self.rows]:
                book.active.append([None if cell == "" else cell for cell in row])
            book.save(path)
        elif self.path.endswith(".xls"):
            rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in [self.header, *self.rows])
            text = "".join(f"<tr>{row}</tr>" for row in rows)
            path.write_text(f"<html><meta charset='utf-8'><table>{text}</table></html>", encoding="utf-8")
        else:
            super().write(folder, inside=inside)


def exported(orders, day, *, columns, repeated):
    """Return header and rows by order of an export that is made on a day."""
    rows = {}
    for number, state in orders.items():
        changed = FIRST + timedelta(days=2 * state.since)
        refund = {"partly": 3.0, "refunded": state.total}.get(state.kind, "")
        received = state.total if state.kind in ("paid", "partly", "refunded") else 0.0
        common = {"订单号": number, "订单状态": state.status, "下单时间": str(FIRST), "更新时间": str(changed),
                  "币种": state.currency}  # fmt: skip
        amounts = {"订单金额": state.total, "实收金额": received, "退款金额": refund}
        blank = amounts if repeated else dict.fromkeys(amounts, "")
        lines = [
            common | (amounts if not place else blank)
            | {"产品名称": name, "数量": count, "单价": price, "产品总价": count * price}
            for place, (name, count, price) in enumerate(state.lines)
        ]  # fmt: skip
        chosen = lines if "产品名称" in columns else lines[:1]
        rows[number] = [[line[column] for column in columns] for line in chosen]
    return rows


@st.composite
def lives(draw):
    """Return files of exports, in the order of their arrival, and what is newest of each order."""
    orders = {
        f"A{n}": draw(st.lists(states(), min_size=1, max_size=3)) for n in range(draw(st.integers(1, 2)))
    }
    current, newest, files = {}, defaultdict(dict), []
    for day in range(draw(st.integers(1, 3))):
        for number, life in orders.items():
            if life and (day == 0 or draw(st.booleans())):
                current[number] = life.pop(0)
                current[number].since = day
        dropped = draw(st.sampled_from([(), (), ("币种",), ("产品名称", "数量", "单价", "产品总价")]))
        timed = draw(st.booleans())
        columns = [
            each
            for each in ("订单号", "订单状态", "下单时间", "更新时间", "产品名称", "数量", "单价", "产品总价", "订单金额", "实收金额", "退款金额", "币种")
            if each not in dropped and (timed or each != "更新时间")
        ]  # fmt: skip
        rows = exported(current, day, columns=columns, repeated=draw(st.booleans()))
        ending = draw(st.sampled_from(["csv", "xlsx", "xls"]))
        stamp = f"{FIRST + timedelta(days=2 * day + 1, hours=12):%Y-%m-%d %H_%M_%S}"
        parts = {number: draw(st.sampled_from(["p", "q", "pq"])) for number in current}  # a page, or both
        for part in "pq":
            chosen = [row for number, of_order in rows.items() if part in parts[number] for row in of_order]
            if chosen:
                files.append(File(f"{part}{stamp}.{ending}", columns, chosen))
        for number, state in current.items():
            newest[number]["state"] = state
            if "币种" in columns:
                newest[number]["currency"] = state.currency
            if "产品名称" in columns:
                newest[number]["lines"] = len(state.lines)
    again = draw(st.lists(st.sampled_from(files), max_size=2))
    return draw(st.permutations(files)), again, dict(newest)


def by_hand(newest):
    """Return the figures of March from the newest state of each order."""
    amount = orders = refund = lines = 0.0
    for known in newest.values():
        state, rate = known["state"], EUR_PER_USD if known.get("currency") == "EUR" else 1.0
        back = {"partly": 3.0, "refunded": state.total}.get(state.kind, 0.0)
        refund += back / rate
        if state.kind in ("paid", "partly"):
            amount += (state.total - back) / rate
            orders += 1
            lines += known.get("lines", 1)
    aov = amount / orders if orders else math.nan
    return {
        "ta_amount": amount,
        "ta_orders": orders,
        "refund_amount": refund,
        "order_lines": lines,
        "aov": aov,
    }


@few(12)
@given(lives(), st.data())
def test_the_figures_are_those_of_the_newest_states(life, data):
    files, again, newest = life
    cut = data.draw(st.integers(0, len(files)))
    rates = Export("rates.csv", ["日期", "欧元/美元"], [["2025-01-01", EUR_PER_USD]])
    with Store() as store:
        for batch in ([rates], files[:cut], files[cut:], again):
            if batch:
                store.take(list({id(file): file for file in batch}.values()))
        assert store.issues == []
        found = review(store.opened, Settings())
        assert found.unresolved == ()
        told = {metric: found.get(metric, "2025-03").value for metric in by_hand(newest)}
    assert told == pytest.approx(by_hand(newest), nan_ok=True)
