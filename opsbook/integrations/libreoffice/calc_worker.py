"""Answers the extension: in LibreOffice's own Python, or in a process of its own by lines of JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from opsbook.domain.language import as_language
from opsbook.functions import ExcelError, call


def answer(name: str, arguments: list[Any], language: str) -> Any:
    """Return what ``=NAME(arguments)`` shows: a cell or rows of cells, an error as ``{"error": "#N/A"}``."""
    result = call(name, *arguments, language=as_language(language))
    if isinstance(result, list):
        return [[_plain(cell) for cell in row] for row in result]
    return _plain(result)


def _plain(cell: object) -> object:
    return {"error": cell.value} if isinstance(cell, ExcelError) else cell


def main() -> None:
    """Answer line by line until the questions end."""
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(*json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
