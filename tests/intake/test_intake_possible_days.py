"""Days that cannot be are named and set aside; what is planned, and what is written out beforehand, is no fault."""

import os
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from opsbook.intake import Limits, read
from opsbook.intake.export_files import find
from opsbook.intake.header_map import HeaderMap
from opsbook.intake.possible_days import impossible
from opsbook.schemas import schemas

EXPORTED = datetime(2025, 6, 1, 12)
ORDERS = "订单号,订单状态,下单时间,付款时间,更新时间,买家ID,产品ID,数量,产品总价,实收金额\n"


def read_text(tmp_path, name, text, *, made=EXPORTED):
    """Return tables and (code, row, column, value) of the issues of a file that was made on a day."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (made.timestamp(), made.timestamp()))
    sources, _ = find([tmp_path])
    (found,) = read(sources, HeaderMap(), limits=Limits(workers=1))
    return found.tables, [(each.code, each.row, each.column, each.value) for each in found.issues]


def order(number, created, paid="", changed=""):
    return f"{number},已完成,{created},{paid},{changed},b1,1601,1,100,100\n"


GOOD = order(1, "2025-03-05 10:00:00") + order(2, "2025-04-05 10:00:00")


@pytest.mark.parametrize(
    "created",
    ["2062-03-05 10:00:00", "1925-03-05 10:00:00", "2026-03-05", "1900-01-01", "2025-06-04 00:00:00"],
)
def test_an_order_on_a_day_that_cannot_be_is_set_aside(tmp_path, created):
    (table,), issues = read_text(tmp_path, "orders.csv", ORDERS + GOOD + order(3, created))
    assert [(code, row, column) for code, row, column, _ in issues] == [("cell.day", 4, "下单时间")]
    assert issues[0][3].startswith(created[:10])
    assert (len(table), table.set_aside) == (2, 1)


def test_a_payment_or_change_on_a_day_that_cannot_be_is_missing(tmp_path):
    late = "2062-03-06 10:00:00"
    text = ORDERS + GOOD + order(3, "2025-03-07 10:00:00", paid=late, changed=late)
    (table,), issues = read_text(tmp_path, "orders.csv", text)
    assert [each[:3] for each in issues] == [("cell.day", 4, "付款时间"), ("cell.day", 4, "更新时间")]
    assert len(table) == 3
    assert np.isnat([table.columns["paid_at"][2], table.columns["modified_at"][2]]).all()


SHOP = "统计日期,店铺访问人数,询盘个数\n"


@pytest.mark.parametrize(
    ("rows", "codes", "kept"),
    [
        ("2025-05,100,5\n2052-05,100,5\n", ["cell.day"], 1),
        ("2025-05,100,5\n2025-06,10,1\n", [], 2),  # the running month
        ("2025-05,100,5\n2025-07,,\n2025-08,0,0\n", [], 1),  # coming months, written out beforehand
        ("2025-05,100,5\n2025-07,7,1\n", ["cell.day"], 1),
        ("2025-05-31,100,5\n2025-06-03,1,1\n", [], 2),  # the clock of another zone, and a day more
    ],
    ids=["slip", "running month", "empty months to come", "figures of a month to come", "time zones"],
)
def test_months_and_days_of_a_shop(tmp_path, rows, codes, kept):
    tables, issues = read_text(tmp_path, "概览.csv", SHOP + rows)
    assert [code for code, *_ in issues] == codes
    assert [len(table) for table in tables] == [kept]


def test_rates_and_due_days_to_come_are_no_fault(tmp_path):
    tables, issues = read_text(tmp_path, "rates.csv", "日期,人民币/美元\n2025-06-01,7.2\n2025-09-01,7.1\n")
    assert (issues, len(tables[0])) == ([], 2)


def test_where_most_days_lie_after_the_file_its_time_is_wrong(tmp_path):
    # Copied by a program that sets a time of its own: the days are right.
    tables, issues = read_text(tmp_path, "orders.csv", ORDERS + GOOD, made=datetime(2020, 1, 1))
    assert (issues, len(tables[0])) == ([], 2)


def test_a_file_without_a_time_is_judged_by_today():
    days = np.array([str(date.today() + timedelta(days=back)) for back in (-1, 1, 3)], dtype="datetime64[D]")
    wrong, _ = impossible(days, schemas()["orders"], datetime(1980, 1, 1))
    assert wrong.tolist() == [False, False, True]
