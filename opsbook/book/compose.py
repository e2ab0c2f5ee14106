"""From figures to the description of the whole workbook. Knows no program and no address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from opsbook.book import (
    bridge_page,
    cases_page,
    cost_page,
    evidence_page,
    log_pages,
    overview_page,
    plan_pages,
    problems_page,
    reconciliation_page,
    review_page,
    splits_page,
    targets_page,
    targets_year,
    weekly_page,
    work_page,
)
from opsbook.book.cells import Sheets
from opsbook.book.model import BOOK_FORMAT, FORMAT_NAME, PLAN_YEAR, REVIEW_YEAR, BookPlan, Scalar
from opsbook.book.page import ReportPage
from opsbook.domain.issues import Issue
from opsbook.domain.language import Language
from opsbook.params import Settings, declared
from opsbook.plan.annual_plan import Plan
from opsbook.plan.annual_plan import plan as make_plan
from opsbook.plan.row_merge import Standing

if TYPE_CHECKING:
    from opsbook.archive.receipts import Receipt
    from opsbook.metrics.review import Review


def compose(
    review: Review,
    settings: Settings,
    *,
    receipts: Sequence[Receipt] = (),
    issues: Sequence[Issue] = (),
    demo: bool = False,
    standing: Mapping[str, Standing] | None = None,
    plan: Plan | None = None,
) -> BookPlan:
    """Return everything that the workbook is to hold.

    Args:
        review: Figures; without any, the plan is that of an empty template.
        settings: Language, store and what else the team set.
        receipts: What was taken in, in any order.
        issues: What is wrong with the data, in any order.
        demo: Mark the book as demonstration data.
        standing: Tables that people and Refresh write together, as they stand in the workbook now, by block.
        plan: The annual plan, made of the same review and tables; None makes it.
    """
    language = settings.language
    sheets = Sheets()
    standing = standing or {}
    plan = plan or make_plan(review, settings, standing)
    page = ReportPage(review, language, sheets, plan, standing)
    review_page.review(page, settings, demo=demo)
    overview_page.overview(page, settings, issues, demo=demo)
    work_page.work(page, settings, demo=demo)
    cost_page.costs(page)
    evidence_page.evidence(page, settings, demo=demo)
    problems_page.problems(page, settings, demo=demo)
    cases_page.cases(page, settings, demo=demo)
    targets_page.targets(page, settings, demo=demo)
    plan_pages.plan_pages(page, settings, demo=demo)
    weekly_page.weekly(page, settings, demo=demo)
    reconciliation_page.reconciliation(page, settings, demo=demo)
    log_pages.receipts(sheets, receipts, language)
    log_pages.issues(sheets, issues, language)
    return BookPlan(
        language=language,
        blocks=tuple(grid.block() for grid in sheets.grids.values()),
        charts=(
            *overview_page.charts(language),
            *review_page.charts(language),
            *bridge_page.charts(language),
            *splits_page.charts(language),
            *cost_page.charts(),
            *evidence_page.charts(),
            *work_page.charts(language),
            *targets_year.charts(language),
        ),
        sparklines=weekly_page.sparklines(),
        names=_names(language, demo=demo) | _plan_names(review, plan),
        inputs=_inputs(settings),
    )


def _names(language: Language, *, demo: bool) -> dict[str, str]:
    names = {
        FORMAT_NAME: str(BOOK_FORMAT),
        "ops.language": f'"{language}"',
        "ops.demo": "TRUE" if demo else "FALSE",
    }
    from opsbook import functions

    return names | dict(functions.lambda_names(language)) if hasattr(functions, "lambda_names") else names


def _plan_names(review: Review, plan: Plan) -> dict[str, str]:
    """Return the names under which a workbook with data remembers the year of its plan and the one under review."""
    found = {REVIEW_YEAR: str(review.pinned)} if review.pinned else {}
    return found | ({PLAN_YEAR: str(plan.year)} if plan.year and review.as_of else {})


def _inputs(settings: Settings) -> dict[str, Scalar]:
    """Return the settings that differ from what an empty cell means."""
    found: dict[str, Scalar] = {}
    for key, setting in declared().items():
        value = getattr(settings, key)
        if value is not None and value != setting.default:
            found[f"settings.{key}"] = value
    return found
