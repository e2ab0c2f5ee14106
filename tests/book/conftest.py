"""Plans of a plausible store."""

from __future__ import annotations

import pytest
from book import store_sample as sample

from opsbook.book.compose import compose
from opsbook.metrics.review import Review
from opsbook.params import Settings


@pytest.fixture(scope="session", params=["zh-running", "zh-whole", "en-running", "zh-empty"])
def plan(request):
    language, state = request.param.split("-")
    settings = Settings(language=language, store="" if state == "empty" else "晴川")
    if state == "empty":
        return compose(Review(2026, None), settings)
    review = sample.make_review(months=12 if state == "whole" else 9)
    return compose(review, settings, receipts=sample.make_receipts(), issues=sample.make_issues(), demo=True)
