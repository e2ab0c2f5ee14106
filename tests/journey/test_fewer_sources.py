"""With fewer sources nothing becomes more certain: no figure appears, no verdict, no problem, no alarm, no dark month."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest
from journey.tiny_store import Store, exports

from opsbook.metrics.compute_review import review
from opsbook.params import Settings
from opsbook.plan.annual_plan import plan
from opsbook.plan.risks import LIST
from opsbook.review.problems import declared, find
from opsbook.sheets.review_sheet import JUDGED

KINDS = ("shop", "ads", "orders", "rates", "products")
SUBSETS = [each for count in range(1, len(KINDS)) for each in combinations(KINDS, count)]
# Told of a source that another one replaces where it is there: less is known of the whole without that.
DECIDED = {"found", "fine", "triggered", "calm", "alert"}


def agreeing():
    """Return the store's files, this year five times the business of last, the shop's table told by its orders."""
    shop, ads, orders, *others = exports()
    lines = list(orders.rows)
    for number in range(4):
        lines += [[f"{number}{row[0]}", *row[1:]] for row in orders.rows if row[2].startswith("2026")]
    received = {row[0]: (row[2][:7], row[8]) for row in lines}
    rows = []
    for row in shop.rows:
        mine = [amount for month, amount in received.values() if month == row[0]]
        times = 5 if row[0].startswith("2026") else 1
        rows.append([row[0], *(times * each for each in row[1:6]), len(mine), sum(mine), row[8]])
    return [replace(shop, rows=rows), ads, replace(orders, rows=lines), *others]


@cache
def told(kinds):
    files = [each for each in agreeing() if each.path.partition(".")[0].split()[0] in kinds]
    with Store() as store:
        store.take(files)
        found = review(store.opened, Settings(gross_margin=0.3))
    risks = plan(found, Settings(gross_margin=0.3), {}).tables[LIST]
    proven = {
        (metric, f"{found.year}-{number:02d}", against): said
        for metric in JUDGED
        for number in range(1, 13)
        for against in ("yoy", "pop")
        if (said := found.verdict(metric, f"{found.year}-{number:02d}", against=against)).proven
    }
    states = {
        each.id: each.state for rule in declared() if "part" in declared()[rule] for each in find(rule, found)
    }
    states |= {line.key: live["alarm"] for line, live in risks.lines()}
    states |= {row.metric: row.alert for row in found.week.rows} if found.week else {}
    known = {key: figure for key, figure in found.figures.items() if figure.defined}
    return known, proven, {key: state for key, state in states.items() if state in DECIDED}


@pytest.mark.parametrize("kinds", SUBSETS, ids=["+".join(each) for each in SUBSETS])
def test_nothing_becomes_more_certain(kinds) -> None:
    known, proven, states = told(kinds)
    whole_known, whole_proven, whole_states = told(KINDS)
    assert set(known) - set(whole_known) == set()
    assert proven.items() <= whole_proven.items()
    assert states.items() <= whole_states.items()
    for (metric, period, where), figure in known.items():
        if metric.endswith(".high"):
            low, high = (f"{metric.removesuffix('.high')}{end}" for end in (".low", ".high"))
            width = figure.value - known[low, period, where].value
            whole = whole_known[high, period, where].value - whole_known[low, period, where].value
            assert width >= whole or metric.startswith("target"), (metric, period)


def test_the_whole_store_has_something_to_lose() -> None:
    _, proven, states = told(KINDS)
    assert {"visitors", "lead_buyers", "ta_amount", "ta_orders"} <= {metric for metric, *_ in proven}
    assert states["supply-focus"] == "triggered"
