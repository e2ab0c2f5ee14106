"""What a bundle is made of, as declared beside this module."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from opsbook.domain.declarations import load
from opsbook.domain.errors import OpsbookError


class BundleError(OpsbookError):
    """A bundle cannot be made."""


def text(*path: str) -> str:
    """Return a declared text."""
    return files("opsbook.deploy.bundle").joinpath(*path).read_text(encoding="utf-8")


def parts() -> dict[str, Any]:
    """Return what is known of the parts: hashes of Pythons, what of the libraries is left out, licences."""
    return load("opsbook.deploy.bundle", "parts.toml")
