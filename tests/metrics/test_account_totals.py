"""An ad report of the whole account beside the reports of its plans is not added to them."""

from datetime import datetime

import pytest
from tables import reading, table

from opsbook.archive.archive_file import Archive
from opsbook.metrics.archive_series import ArchiveSeries
from opsbook.periods import month

COLUMNS = ("plan_id", "plan_name", "cost_cny", "impressions", "clicks")


@pytest.mark.parametrize(
    ("rows", "spent"),
    [
        # 6 + 5 = 11 on the first day, 7 on the second; the account alone knows the third day.
        pytest.param(
            [
                ("1", "Sofas", 6.0, 60.0, 6.0, "2025-09-01"), ("2", "Chairs", 5.0, 50.0, 5.0, "2025-09-01"),
                ("1", "Sofas", 7.0, 70.0, 7.0, "2025-09-02"),
                ("", "account", 11.0, 110.0, 11.0, "2025-09-01"), ("", "account", 7.0, 70.0, 7.0, "2025-09-02"),
                ("", "account", 9.0, 90.0, 9.0, "2025-09-03"),
            ],
            6 + 5 + 7 + 9,
            id="the account's total",
        ),
        pytest.param(
            [
                ("", "Sofas", 6.0, 60.0, 6.0, "2025-09-01"), ("", "Chairs", 5.0, 50.0, 5.0, "2025-09-01"),
                ("", "Lamps", 11.0, 90.0, 11.0, "2025-09-01"),
            ],
            6 + 5 + 11,
            id="a plan that happened to cost as much",
        ),
        pytest.param(
            [
                ("1", "Sofas", 6.0, 60.0, 6.0, "2025-09-01"), ("", "Chairs", 6.0, 60.0, 6.0, "2025-09-01"),
                ("1", "Sofas", 7.0, 70.0, 7.0, "2025-09-02"), ("", "Chairs", 8.0, 80.0, 8.0, "2025-09-02"),
            ],
            6 + 6 + 7 + 8,
            id="equal on one day only",
        ),
        pytest.param(
            [("1", "Sofas", 6.0, 60.0, 6.0, "2025-09-01"), ("", "", 6.0, 60.0, 6.0, "2025-09-01")],
            6,
            id="a total without a name beside the only plan",
        ),
        pytest.param([("3", "Lamps", 4.0, 40.0, 4.0, "2025-09-01")], 4, id="one plan"),
    ],
)  # fmt: skip
def test_money_that_was_spent_counts_once(tmp_path, rows, spent):
    plans = table("p4p_plan_daily", [row[:-1] for row in rows], COLUMNS, days=[row[-1] for row in rows])
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        archive.take_in([reading("ads.xlsx", plans)], rules="r", taken_at=datetime(2026, 1, 1))
        found = ArchiveSeries(archive).totals("p4p_plan_daily", ("cost_cny",))
    assert found["cost_cny"][month(2025, 9)][0] == spent
