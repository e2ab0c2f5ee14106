"""Whether a target is SMART, with the reasons: A by its own history, and by what the traffic can carry."""

from __future__ import annotations

import math

from opsbook.domain.excel_dates import number_of
from opsbook.functions.growth import change
from opsbook.functions.targets import smart_check
from opsbook.metrics.catalogue import metrics
from opsbook.plan.actuals import Actuals, Baseline
from opsbook.plan.declared_targets import RATE, SUM, flow_gap, serves
from opsbook.plan.target import Reason, SmartCheck, Target


def check(line: Target, actuals: Actuals, year: int, carried: float) -> SmartCheck:
    """Return whether a target is SMART.

    Args:
        line: The target.
        actuals: What its metric reached.
        year: That is planned; only what was before it counts as history.
        carried: Money that the target of visitors brings at present rates and order value; NaN where unknown.
    """
    if not line.metric or line.base is None:
        return SmartCheck()
    known = not math.isnan(line.base.value) and line.base.kind is not Baseline.TARGET
    base = line.base.value if known else None
    target = None if math.isnan(line.year.target) else line.year.target
    points = line.way == RATE
    past = actuals.growths(year, additive=line.way == SUM, points=points)
    # The growth of a rate is told in points: as a growth from 1 they are what the function compares.
    compared = (
        (1.0, 1.0 + target - base) if points and base is not None and target is not None else (base, target)
    )
    money = serves(line.metric)
    flags = smart_check(
        line.metric,
        *compared,
        metrics()[line.metric].unit,
        line.owner or None,
        number_of(line.due) if line.due else None,
        money.zh if money else None,
        past,
    )[0]
    met = dict(zip("SMART", flags[:5], strict=True))
    reasons: list[Reason] = []
    gap = float(change(carried, line.year.target)) if line.metric == "ta_amount" else math.nan
    if not math.isnan(gap) and gap < -flow_gap():
        met["A"] = False
    if not met["S"]:
        reasons.append(Reason("smart_s", {}))
    if not met["M"]:
        reasons.append(Reason("smart_m", {}))
    elif past:
        implied = line.growth
        below = sum(each <= implied for each in past)
        reasons.append(
            Reason(
                "smart_a_points" if points else "smart_a",
                {
                    "implied": implied,
                    "count": len(past),
                    "below": below,
                    "most": max(past),
                    "least": min(past),
                },
            )
        )
    else:
        reasons.append(Reason("smart_a_none", {}))
    if not math.isnan(gap):
        reasons.append(Reason("smart_flow", {"amount": carried, "gap": gap}))
    if not met["R"]:
        reasons.append(Reason("smart_r", {}))
    if not met["T"]:
        reasons.append(Reason("smart_t", {}))
    return SmartCheck("".join(letter for letter, fine in met.items() if not fine), tuple(reasons))
