"""The ribbon of workbooks with macros and of the add-in, and the texts that ribbon and macros show."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Literal

from opsbook.domain.declarations import load_rows
from opsbook.domain.language import Language, Text

Target = Literal["book", "addin"]

CATEGORY = "OpsBook"
"""Where the function wizard lists the functions."""

# Book and add-in may be open together, and Excel finds a button's macro by module and name.
RIBBON_MODULE: Mapping[Target, str] = {"book": "OpsBookRibbon", "addin": "OpsBookRibbonAddin"}
_PLACEHOLDER = re.compile(r"\{([a-z_]+)(?::([a-z_]+))?\}")


def ribbon(target: Target, language: Language) -> str:
    """Return the XML of the ribbon."""
    template = files("opsbook.integrations.vba").joinpath("ribbon.xml").read_text(encoding="utf-8")
    values = {"group": f"opsbook_{target}", "module": RIBBON_MODULE[target]}
    renamed = {"group": f"group_{target}", "group_work": f"group_work_{target}"}
    return filled(template, values, lambda name: texts()[renamed.get(name, name)][language])


def texts() -> Mapping[str, Text]:
    """Return the declared texts by name."""
    return load_rows(lambda _, entry: Text(**entry), "opsbook.integrations.vba", "texts.toml")


def filled(template: str, values: Mapping[str, str], text: Callable[[str], str]) -> str:
    """Return a template with its placeholders filled in.

    Args:
        template: Text with placeholders ``{name}`` and ``{text:name}``.
        values: What stands for a name.
        text: Gives the declared text of a name, as the template wants it written.
    """
    return _PLACEHOLDER.sub(
        lambda match: text(match[2]) if match[1] == "text" else values[match[1]], template
    )
