"""Loads the TOML files that lie in the package beside the code that they serve."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar

_Row = TypeVar("_Row")


class DeclarationError(Exception):
    """A file of the package is wrong: the message names the file, the entry and what does not fit."""


@cache
def load(package: str, *path: str) -> dict[str, Any]:
    """Return the content of a TOML file. It is read once, and nobody may change what is returned.

    Args:
        package: The package that the file lies in, such as ``opsbook.params``.
        path: Names of folders, and of the file.

    Raises:
        DeclarationError: The file is missing or is no TOML; the message has its line.
    """
    try:
        return tomllib.loads(files(package).joinpath(*path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DeclarationError(f"{_name(package, path)}: {error}") from error


def load_rows(make: Callable[[str, dict[str, Any]], _Row], package: str, *path: str) -> Mapping[str, _Row]:
    """Return a record for every table of a TOML file, by its name and in the order of the file.

    Args:
        make: Makes a record from a name and its entry. The entry is a copy, and ``make`` may take it apart.
        package: As for `load`.
        path: As for `load`.

    Raises:
        DeclarationError: `load` fails, or ``make`` does; the message has the name of the entry.
    """
    found = {}
    for name, entry in load(package, *path).items():
        try:
            found[name] = make(name, dict(entry))  # a copy, for `make` may take it apart
        except (KeyError, TypeError, ValueError) as error:
            what = f"no {error}" if isinstance(error, KeyError) else str(error)
            raise DeclarationError(f"{_name(package, path)}: [{name}]: {what}") from error
    return MappingProxyType(found)


def _name(package: str, path: tuple[str, ...]) -> str:
    return "/".join((*package.split("."), *path))
