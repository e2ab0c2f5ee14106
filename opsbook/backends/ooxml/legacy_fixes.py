"""What earlier versions wrote otherwise, put right where a refresh writes anyway."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import fonts

if TYPE_CHECKING:
    from opsbook.backends.ooxml.package_parts import Parts

# Number formats of 0.1.0 with signs that are to be in quotes, as they stand in ``styles.xml``.
_BARE = {
    'formatCode="▲ +0.0%;▼ -0.0%;0.0%"': 'formatCode="&quot;▲ &quot;+0.0%;&quot;▼ &quot;-0.0%;0.0%"',
    'formatCode="▲ +0.00%&quot;pt&quot;;▼ -0.00%&quot;pt&quot;;0.00%&quot;pt&quot;"': (
        'formatCode="&quot;▲ &quot;+0.00%&quot;pt&quot;;&quot;▼ &quot;-0.00%&quot;pt&quot;;0.00%&quot;pt&quot;"'
    ),
}


def put_right(parts: Parts, book: str, sheets: Collection[str]) -> None:
    """Write charts and number formats of ours as they are written today.

    Args:
        parts: Of the workbook.
        book: Name of the workbook part.
        sheets: Parts of the sheets that blocks of ours were put into.
    """
    for sheet in sorted(sheets):
        for drawing in parts.related(sheet, "drawing"):
            for chart in parts.related(drawing, "chart"):
                parts.write(chart, fonts.completed(parts.read(chart)))
    for styles in parts.related(book, "styles"):
        data = parts.read(styles)
        for old, new in _BARE.items():
            data = data.replace(old.encode(), new.encode())
        parts.write(styles, data)
