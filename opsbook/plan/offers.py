"""Tiered Trade Assurance offers: what a discount from a threshold on would have cost, and what it must bring."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from opsbook.domain.language import Language, Text
from opsbook.functions.ratios import ratio
from opsbook.params import Settings
from opsbook.plan.row_merge import Content, Standing, Wanted, settle
from opsbook.plan.shared_tables import NAN, Filled, plain
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from opsbook.metrics.planning_inputs import Prospects

BLOCK = "strategy.offers"
_OFFERS = ((1000.0, 0.01), (3000.0, 0.02), (5000.0, 0.03), (10000.0, 0.05))
_NEAR = 0.8  # an order this close below a threshold might be lifted over it


def offers(
    found: Prospects, standing: Mapping[str, Standing], settings: Settings, language: Language
) -> Filled:
    """Return the table: each order counts in the highest tier that it reaches."""
    name = Text("满 {0:,.0f} 减 {1:.0%}", "{1:.0%} off from {0:,.0f}")[language]
    wanted = [
        Wanted(
            f"offer-{number}",
            {"name": name.format(threshold, discount), "threshold": threshold, "discount": discount},
        )
        for number, (threshold, discount) in enumerate(_OFFERS, start=1)
    ]
    agreed = settle(tables()[BLOCK], standing.get(BLOCK, Standing()), wanted)
    values = found.order_values
    steps = sorted(threshold for line in agreed.used if (threshold := line.number("threshold")) is not None)
    live: dict[str, dict[str, Content]] = {}
    for number, line in enumerate(agreed.used, start=1):
        threshold, discount = line.number("threshold"), line.number("discount")
        live[line.key] = {"no": str(number)}
        if threshold is None or not len(values):
            continue
        above = next((each for each in steps if each > threshold), math.inf)
        inside = values[(values >= threshold) & (values < above)]
        amount = float(inside.sum())
        live[line.key] |= {
            "orders": float(len(inside)),
            "share": float(ratio(len(inside), len(values))),
            "amount": amount,
            "near": float(np.count_nonzero((values >= threshold * _NEAR) & (values < threshold))),
            "cost": None if discount is None else amount * discount,
            "uplift": plain(break_even(discount, settings.gross_margin)),
        }
    return Filled(agreed, live)


def break_even(discount: float | None, margin: float | None) -> float:
    """Return by how much sales must rise so that a discount costs no profit: m / (m - d) - 1; NaN if it never can."""
    if discount is None or margin is None or discount >= margin:
        return NAN
    return margin / (margin - discount) - 1
