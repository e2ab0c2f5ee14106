"""How the cells' functions are calculated: by native names, by Python behind macros, or written out in the cells."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

from opsbook.functions import FUNCTIONS, inline_formula

if TYPE_CHECKING:
    from opsbook.book.model import BookPlan, Cell
    from opsbook.domain.language import Language

Calculation = Literal["lambda", "inline", "python"]
CALCULATIONS: tuple[Calculation, ...] = get_args(Calculation)
NAME = "ops.functions"
"""The defined name by which a workbook says which it uses; without it, LAMBDA names."""

_CALL = re.compile(r"([A-Z][A-Z_]+)\((.*)\)")


def calculation(names: dict[str, str]) -> Calculation:
    """Return what a workbook's defined names say."""
    said = names.get(NAME, "").strip('"')
    return next((each for each in CALCULATIONS if each == said), "lambda")


def calculated(plan: BookPlan, how: Calculation) -> BookPlan:
    """Return the plan, which has LAMBDA names, for another way of calculating.

    Args:
        plan: As `compose` makes it.
        how: ``inline`` writes the functions' bodies out in the cells, for Excel 2016-2021 and WPS; ``python``
            leaves the cells alone and the names out, for the macros bring the functions.
    """
    if how == "lambda":
        return plan
    names = {name: text for name, text in plan.names.items() if name not in FUNCTIONS}
    plan = replace(plan, names={**names, NAME: f'"{how}"'})
    if how == "python":
        return plan
    return replace(
        plan,
        blocks=tuple(
            replace(
                block,
                cells=tuple(tuple(_written_out(cell, plan.language) for cell in row) for row in block.cells),
            )
            for block in plan.blocks
        ),
    )


def _written_out(cell: Cell, language: Language) -> Cell:
    match = _CALL.fullmatch(cell.formula)
    if not match or match[1] not in FUNCTIONS:
        return cell
    text = inline_formula(match[1], *_arguments(match[2]), language=language)
    if text is None:  # classic Excel cannot express it: the value stays
        return replace(cell, formula="", refs=())
    return replace(cell, formula=text)


def _arguments(text: str) -> list[str]:
    """Return the arguments of a call, split at the commas that are in no bracket of their own."""
    found, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += (character in "({") - (character in ")}")
        if character == "," and not depth:
            found.append(text[start:at])
            start = at + 1
    return [*found, text[start:]]
