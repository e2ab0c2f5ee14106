"""A row of the catalogue is a metric: its formula, its definition and its figures are one thing."""

import tomllib
from datetime import datetime

import pytest
from tables import reading, table

from opsbook.archive.archive_file import Archive
from opsbook.domain.language import LANGUAGES
from opsbook.metrics import catalogue
from opsbook.metrics.archive_series import ArchiveSeries
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.compute_review import review
from opsbook.metrics.formula import FormulaForm
from opsbook.params import Settings
from opsbook.review.basis_text import plain

REST = 'unit = "{unit}"\ngrains = {grains}\nrequirements = ["R2.1.2"]\nbetter = "higher"\n'


@pytest.fixture
def added(monkeypatch):
    """Add a row to the catalogue of this test alone; return its metric."""
    shipped = catalogue.declared_rows()

    def add(formula, unit="count"):
        by_month = formula.startswith(("last", "running"))
        rest = REST.format(unit=unit, grains='["month"]' if by_month else '["month", "quarter", "year"]')
        row = f'\n[added]\ntitle = {{ zh = "新增", en = "Added" }}\n{formula}\n{rest}'
        monkeypatch.setattr(catalogue, "declared_rows", lambda: {**shipped, **tomllib.loads(row)})
        metrics.cache_clear()
        return metrics()["added"]

    yield add
    metrics.cache_clear()


OVERVIEW = ("store_visitors", "inquiries", "ta_amount_usd", "active_products", "total_leads")
MONTHS = [
    # January 31 days, February 28, March 31 of 2025; active products are a state, never added.
    (("2025-01-01", "2025-01-31"), (100.0, 10.0, 0.1, 7.0, 4.0)),
    (("2025-02-01", "2025-02-28"), (200.0, None, 0.2, 8.0, 6.0)),
    (("2025-03-01", "2025-03-31"), (300.0, 50.0, 0.3, 9.0, None)),
]


@pytest.fixture
def figures(tmp_path):
    """Return the figures of a store of three months, and of a content log of January to March."""

    def computed():
        parts = [table("shop_overview", [row], OVERVIEW, period=("month", *span)) for span, row in MONTHS]
        own = table("shop_ledger", [(40.0,)], ("new_orders",), period=("month", "2025-02-01", "2025-02-28"))
        days = ["2025-01-05", "2025-01-20", "2025-03-31"]
        log = table(
            "content_log",
            [("直播", "a", 8.0, 2.0), ("short video", "b", 90.0, None), ("Live", "c", 12.0, 3.0)],
            ("content_type", "topic", "views", "leads"),
            days=days,
        )
        channels = table(
            "traffic_channel",
            [("a", 3.0), ("b", 4.0)],
            ("channel", "inquiry_buyers"),
            period=("month", "2025-01-01", "2025-01-31"),
        )
        with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
            read = [reading(f"{at}", each) for at, each in enumerate([*parts, own, log, channels])]
            archive.take_in(read, rules="r", taken_at=datetime(2026, 1, 1))
            found = review(archive, Settings())
        assert found.failed == {}
        return {
            each.period: (each.value, plain(each.basis))
            for each in found
            if each.metric == "added" and each.defined
        }

    return computed


@pytest.mark.parametrize(
    ("formula", "unit", "expected"),
    [
        pytest.param(
            'sum = ["shop_overview.total_leads"]', "count",
            {"2025-01": (4, "given"), "2025-02": (6, "given"), "2025-Q1": (10, "sum of months: 2 of 3")},
            id="sum",
        ),
        pytest.param(
            'sum = ["shop_overview.inquiries", "shop_ledger.new_orders"]', "count",
            {"2025-02": (40, "given, from own shop table"), "2025-Q1": (100, "sum of months")},
            id="a sum with a stand-in for the month that lacks it",
        ),
        pytest.param(
            'last = "shop_overview.active_products"', "count",
            {"2025-01": (7, "last value"), "2025-03": (9, "last value")},
            id="last value",
        ),
        pytest.param(
            # 10 / 100 and 50 / 300; February has no inquiries: 60 / 400 of the quarter.
            'ratio = ["inquiries", "visitors"]', "ratio",
            {"2025-01": (0.1, "ratio of sums"), "2025-Q1": (0.15, "ratio of sums: 2 of 3")},
            id="ratio",
        ),
        pytest.param(
            'difference = ["shop_overview.store_visitors", "shop_overview.total_leads"]', "count",
            {"2025-01": (96, "given"), "2025-Q1": (290, "sum of months: 2 of 3")},
            id="difference",
        ),
        pytest.param(
            'running = "visitors"', "persons",
            {"2025-02": (300, "sum of months"), "2025-03": (600, "sum of months")},
            id="running sum",
        ),
        pytest.param(
            'sum = ["traffic_channel.inquiry_buyers"]', "persons",
            {"2025-01": (3 + 4, "given"), "2025": (3 + 4, "sum of months: 1 of 12")},
            id="sum over the rows of a kind that no shipped row is made from",
        ),
        pytest.param(
            # Both live sessions, in whichever words; February of the log had none.
            'count = "content_log"\nonly = { content_type = "content.live" }', "count",
            {"2025-01": (1, "sum of rows"), "2025-02": (0, "sum of rows"), "2025-Q1": (2, "sum of months")},
            id="count of a class",
        ),
        pytest.param(
            # The video has views and no leads: 5 / 20, not 5 / 110.
            'ratio = ["content_log.leads", "content_log.views"]\nsame_rows = true', "ratio",
            {"2025-01": (0.25, "ratio of sums"), "2025-Q1": (0.25, "ratio of sums")},
            id="ratio of the same rows",
        ),
    ],
)  # fmt: skip
def test_a_metric_is_added_by_one_row(added, figures, formula, unit, expected):
    added(formula, unit)
    found = figures()
    assert {period: found.get(period) for period in expected} == {
        period: (pytest.approx(value), basis) for period, (value, basis) in expected.items()
    }


def test_a_running_sum_ends_at_the_month_without_a_value(added, figures):
    added('running = "inquiries"')
    assert set(figures()) == {"2025-01"}


@pytest.mark.parametrize(
    ("formula", "needs", "zh", "en"),
    [
        (
            'sum = ["shop_overview.inquiries", "shop_ledger.leads"]',
            ("shop_overview", "shop_ledger"),
            ("店铺数据概览", "询盘个数", "店铺日报表"),
            ("sum of inquiries", "; else leads of", "own shop table"),
        ),
        ('sum = ["shop_overview.tm_buyers"]', ("shop_overview",), ("月内去重",), ("upper bound",)),
        ('ratio = ["lead_rate", "visit_rate"]', ("shop_overview",), ("商机转化率 ÷ 访问转化率",), ("lead conversion rate / visit rate",)),
        ('count = "content_log"', ("content_log",), ("内容日志",), ("number of rows", "Content log")),
    ],
    ids=["stand-in", "persons", "ratio of metrics", "count"],
)  # fmt: skip
def test_definition_and_exports_are_made_from_the_formula(added, formula, needs, zh, en):
    metric = added(formula)
    assert metric.needs == needs
    for language, words in zip(LANGUAGES, (zh, en), strict=True):
        assert all(word in metric.definition[language] for word in words), metric.definition[language]


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ('sum = ["shop_overview.nothing"]', "no export has shop_overview.nothing"),
        ('sum = ["nothing.inquiries"]', "no export has nothing.inquiries"),
        ('sum = ["visitors"]', "sum takes a column"),
        ('ratio = ["visitors"]', "ratio takes 2 terms"),
        ('ratio = ["visitors", "later"]', "later is not a declared metric"),
        ('ratio = ["visitors", "top10_share"]', "not a declared metric"),
        ('sum = ["shop_overview.inquiries"]\nlast = "shop_overview.inquiries"', "one form"),
        ('ratio = ["visitors", "inquiries"]\nsame_rows = true', "same rows"),
        ('sum = ["shop_overview.active_products"]', "never added up"),
        ('sum = ["shop_overview.search_ctr"]', "never added up"),
        ('sum = ["content_log.topic"]', "is no number"),
        ("", "definition"),
    ],
)
def test_a_wrong_row_is_named(added, formula, message):
    with pytest.raises(ValueError, match=f"metric added: .*{message}"):
        added(formula)


def test_every_row_has_a_definition_in_both_languages():
    for metric in metrics().values():
        assert all(metric.definition[language].strip() for language in LANGUAGES), metric.id
        if metric.formula and metric.formula.form is not FormulaForm.COUNT:
            terms = [each for each in metric.formula.terms if isinstance(each, str)]
            assert all(metrics()[each].title.zh in metric.definition.zh for each in terms), metric.id


def test_sums_of_products_take_pages_only_where_all_are_there(tmp_path):
    names, pages = ("product_id", "inquiries"), ("product_id", "inquiries", "of_rows")
    august = ("month", "2026-08-01", "2026-08-31")
    tables = [
        table("product_performance", [("1", 5.0)], names),  # September
        table("product_sample", [("1", 7.0, 2.0), ("2", 1.0, 2.0)], pages, period=august),
        table("product_sample", [("1", 9.0, 2.0)], pages, period=("month", "2026-07-01", "2026-07-31")),
    ]
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        read = [reading(f"{at}", each) for at, each in enumerate(tables)]
        archive.take_in(read, rules="r", taken_at=datetime(2026, 10, 1))
        found = ArchiveSeries(archive).totals("product_performance", ("inquiries",))["inquiries"]
    # 7 + 1 of both pages of August; a page of July is missing.
    assert {when.label: value for when, (value, _) in found.items()} == {"2026-08": 8.0, "2026-09": 5.0}
