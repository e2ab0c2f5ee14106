"""Builds the VBA projects of workbooks with macros and of the add-in, and with them the templates.

The projects are shipped as they are built, in ``opsbook/integrations/vba/projects``. Run ``python -m vba_builder`` in
this folder after a change of the VBA, of a function's name or help, of the sheets, or of xlwings.
"""

from __future__ import annotations

import io
import zipfile
from itertools import product
from typing import get_args

from opsbook.backends.xlsxwriter.new_workbook import build
from opsbook.book.compose import compose
from opsbook.domain.language import LANGUAGES
from opsbook.integrations.vba.ribbon import Target
from opsbook.metrics.review import Review
from opsbook.params import Settings
from vba_builder import vba_project, vba_sources


def projects() -> dict[str, bytes]:
    """Return every project by its file name."""
    with zipfile.ZipFile(io.BytesIO(build(compose(Review(year=0, as_of=None), Settings())))) as package:
        count = sum(name.startswith("xl/worksheets/sheet") for name in package.namelist())
    sheets = {"book": [f"Sheet{number}" for number in range(1, count + 1)], "addin": ["Sheet1"]}
    return {
        f"{target}-{language}.bin": vba_project.build(
            vba_sources.PROJECT, vba_sources.modules(target, language, sheets[target])
        )
        for target, language in product(get_args(Target), LANGUAGES)
    }
