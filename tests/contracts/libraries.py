"""The libraries that OpsBook needs: what pyproject.toml says of them, and under which licence each was given to us."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
_LINE = re.compile(r'\s+"([\w.-]+)([^";]*)[^"]*",\s*(?:# (.*))?')
_FAMILIES = {"MIT": r"\bMIT\b", "BSD": r"BSD", "Apache-2.0": r"Apache", "PSF": r"\bPSF|Python Software"}
_NOT_HERE = {"tzdata": "Apache-2.0"}  # on Windows only


def needed():
    """Yield name, versions and reason of every library, as pyproject.toml writes them."""
    text = PYPROJECT.read_text(encoding="utf-8")
    block = text.split("\ndependencies = [\n")[1].split("\n]")[0]
    for line in block.splitlines():
        name, versions, reason = _LINE.fullmatch(line).groups()
        yield name, versions, reason


def family(name):
    """Return the family of a library's licence, by its metadata; empty when it is none that is known to be free to use.

    Of several the first counts: that of the code itself, before those of what it brings along.
    """
    try:
        told = distribution(name).metadata
    except PackageNotFoundError:
        return _NOT_HERE.get(name, "")
    classified = [
        line.rpartition(":")[2] for line in told.get_all("Classifier") or [] if line.startswith("License")
    ]
    for text in (told.get("License-Expression"), *classified, (told.get("License") or "")[:60]):
        found = [
            (match.start(), known)
            for known, form in _FAMILIES.items()
            if (match := re.search(form, text or ""))
        ]
        if found:
            return min(found)[1]
    return ""


def closure():
    """Return every library that comes with these on this machine."""
    found, waiting = set(), [name for name, *_ in needed()]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            wanted = distribution(name).requires or []
        except PackageNotFoundError:  # of another system
            continue
        found.add(name)
        waiting += [re.match(r"[\w.-]+", each)[0] for each in wanted if "extra ==" not in each]
    return sorted(found)
