"""Every figure of the catalogue is shown by the demonstration store."""

from datetime import datetime

import pytest

from opsbook.archive.archive_file import Archive
from opsbook.intake import read
from opsbook.intake.export_files import find
from opsbook.intake.header_map import HeaderMap
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.compute_review import review
from opsbook.metrics.weekly_board import MODULES
from opsbook.params import Settings
from opsbook.plan.annual_plan import plan


@pytest.fixture(scope="module")
def archive(folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("figures") / "demo.duckdb"
    sources, _ = find([folder])
    with Archive.open(path, for_writing=True) as opened:
        opened.take_in(read(sources, HeaderMap()), rules="r", taken_at=datetime(2026, 10, 3))
        yield opened


@pytest.fixture(scope="module")
def found(archive):
    return review(archive, Settings(gross_margin=0.3))


def test_the_teams_own_tables_do_not_move_the_end_of_the_data(found):
    assert (found.year, str(found.as_of)) == (2026, "2026-09-30")


@pytest.fixture(scope="module")
def figures(found):
    """Return every figure, of a plan too whose year is running."""
    return (*found, *plan(found, Settings(gross_margin=0.3, plan_year=2026), {}).figures)


@pytest.mark.parametrize("metric", list(metrics()))
def test_every_metric_is_defined(figures, metric):
    assert any(figure.defined for figure in figures if figure.metric == metric)


def test_no_buyer_is_named(found):
    assert not any("Demo Buyer" in figure.dimension or "demo0" in figure.dimension for figure in found)


def test_the_board_and_the_places_are_there(found):
    assert {row.module for row in found.week.rows} == set(MODULES)
    assert not any(line.holds is False for line in found.reconciliation)
    assert len(found.key_accounts) == found.get("ka_customers", "2026").value
    assert len(found.store_levels) == 7
