"""The declared cases, as the TOML files beside this module say them."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """One case: what a person does step by step, and what must come out."""

    name: str
    why: str
    step: list[dict[str, object]]
    figures: dict[str, float | str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    issues: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    pages: bool = False
    plan: bool = False


def cases():
    """Return all cases in order of file and line; the name of each says its file too."""
    return [
        Case(f"{file.stem}: {name}", **{**told, "step": steps(told["step"])})
        for file in sorted(Path(__file__).parent.glob("*.toml"))
        for name, told in tomllib.loads(file.read_text(encoding="utf-8")).items()
    ]


def steps(told):
    return told if isinstance(told, list) else [told]
