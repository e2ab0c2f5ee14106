"""As of a day is as if the exports had been made on that day: in figures, plan, board, reconciliation and tables."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from journey.tiny_store import Export, Store, exports

from opsbook.metrics.compute_review import review
from opsbook.params import Settings
from opsbook.plan.annual_plan import plan


def until(file, day):
    """Return a file as it would have been exported on a day; None where there was nothing yet."""
    if file.above:  # a file of one month
        last = date.fromisoformat(file.above[0][0].split("~")[1])
        return file if last <= day else None
    at = {"orders.csv": 2}.get(file.path, 0)
    rows = [row for row in file.rows if last_day(row[at]) <= day]
    return Export(file.path, file.header, rows, file.above) if rows else None


def last_day(text):
    """Return the last day of ``2025-03``, ``2025-03-05`` or ``2025-03-05 10:10:00``."""
    parts = [int(part) for part in text[:10].split("-")]
    return date(*parts) if len(parts) == 3 else date(*parts, monthrange(*parts)[1])


def everything(store, day):
    """Return all that a workbook is filled from, as texts: NaN equals itself there."""
    given = Settings(gross_margin=0.3, as_of=day)
    found = review(store.opened, given)
    made = plan(found, given, {})
    facts = {f"{each.metric} {each.period} {each.dimension}": repr(each) for each in (*found, *made.figures)}
    facts |= {
        name: repr(getattr(found, name)) for name in ("week", "reconciliation", "top_products", "failed")
    }
    return facts | {"prospects": repr(found.prospects), "titles": repr(sorted(found.product_titles.items()))}


@pytest.fixture(scope="module")
def whole():
    with Store() as store:
        store.take(exports())
        yield store


@settings(max_examples=8, deadline=None)
@given(st.dates(date(2025, 2, 1), date(2026, 6, 29)))
@example(date(2025, 12, 31))
@example(date(2026, 3, 15))
def test_a_cut_equals_the_exports_of_that_day(whole, day):
    with Store() as then:
        then.take([kept for file in exports() if (kept := until(file, day))])
        assert everything(whole, day) == everything(then, day)


def test_an_order_paid_after_the_cut_is_no_sale_of_it(tmp_path):
    header = [
        "订单号",
        "订单状态",
        "下单时间",
        "付款时间",
        "买家ID",
        "产品ID",
        "数量",
        "产品总价",
        "实收金额",
    ]
    rows = [
        ["1", "已完成", "2025-03-02 10:00:00", "2025-03-03 10:00:00", "b1", "1601", 1, 100, 100],
        ["2", "已完成", "2025-03-20 10:00:00", "2025-04-10 10:00:00", "b2", "1601", 1, 70, 70],
    ]
    with Store() as store:
        store.take([Export("orders.csv", header, rows)])
        assert [
            review(store.opened, Settings(as_of=day)).get("ta_amount", period).value
            for day, period in (
                (date(2025, 3, 31), "2025-03"),
                (date(2025, 3, 31), "2025"),
                (date(2025, 4, 30), "2025"),
            )
        ] == [100, 100, 170]
