"""How the cells' functions are calculated: written out in the cells, by native names, or by Python behind macros."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

from opsbook.book.formats import style
from opsbook.domain.language import Language
from opsbook.functions import FUNCTIONS, plain_formula

if TYPE_CHECKING:
    from opsbook.book.model import Block, BookPlan, Cell, Ref

Calculation = Literal["lambda", "inline", "python"]
CALCULATIONS: tuple[Calculation, ...] = get_args(Calculation)
NAME = "ops.functions"
"""The defined name by which a workbook says which it uses; without it, LAMBDA names."""
MACROS = "ops.macros"
"""The defined name of workbooks whose macros bring the functions."""

_CALL = re.compile(r"([A-Z][A-Z_]+)\((.*)\)")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def calculation(names: dict[str, str]) -> Calculation:
    """Return what a workbook's defined names say."""
    said = names.get(NAME, "").strip('"')
    return next((each for each in CALCULATIONS if each == said), "lambda")


def calculated(plan: BookPlan, how: Calculation, present: Collection[str] = ()) -> BookPlan:
    """Return the plan, which has LAMBDA names, for another way of calculating.

    Args:
        plan: As `compose` makes it.
        how: ``inline`` writes the functions' bodies out in the cells, for every spreadsheet program; ``python``
            leaves the cells alone and the names out, for the macros bring the functions.
        present: Defined names that the workbook has already. Functions among them are renewed: people's own cells
            may call them.
    """
    names = plan.names
    if how != "lambda":
        names = {name: text for name, text in names.items() if name not in FUNCTIONS or name in present}
    plan = replace(plan, names={**names, NAME: f'"{how}"'})
    if how != "inline":
        return plan
    blocks = {block.name: block for block in plan.blocks}
    return replace(
        plan,
        blocks=tuple(
            replace(
                block,
                cells=tuple(
                    tuple(_written_out(cell, plan.language, blocks) for cell in row) for row in block.cells
                ),
            )
            for block in plan.blocks
        ),
    )


def _written_out(cell: Cell, language: Language, blocks: Mapping[str, Block]) -> Cell:
    match = _CALL.fullmatch(cell.formula)
    if not match or match[1] not in FUNCTIONS:
        return cell
    arguments = _arguments(match[2])
    open_cells = [
        text
        for text in arguments
        if (only := _PLACEHOLDER.fullmatch(text)) and _for_people(cell.refs[int(only[1])], blocks, language)
    ]
    text = plain_formula(match[1], *arguments, open_cells=open_cells, language=language)
    if text is None:  # classic Excel cannot express it: the value stays
        return replace(cell, formula="", refs=())
    return replace(cell, formula=text)


def _for_people(ref: Ref, blocks: Mapping[str, Block], language: Language) -> bool:
    """Return whether people may change a cell that a formula reads."""
    block = blocks.get(ref.block)
    if block is None or block.shared:
        return True
    cell = block.cells[ref.row][ref.column]
    return cell.keep or style(cell.style, language).input


def _arguments(text: str) -> list[str]:
    """Return the arguments of a call, split at the commas that are in no bracket of their own."""
    found, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += (character in "({") - (character in ")}")
        if character == "," and not depth:
            found.append(text[start:at])
            start = at + 1
    return [*found, text[start:]]
