"""Fonts of Chinese texts: in drawings they come from ``a:ea``; ``a:latin`` is for Latin letters alone."""

from __future__ import annotations

import re

from opsbook.backends.ooxml.xml_spans import escape_attribute
from opsbook.book.formats import FONT

_LATIN = re.compile(rb"<a:latin\s[^<>]*?typeface=\"([^\"]*)\"[^<>]*/>(?!\s*<a:ea)")
_THEME_FONT = re.compile(rb"(<a:(?:ea|font script=\"Hans\") typeface=\")[^\"]*(\"/>)")


def with_east_asian(chart: bytes, font: str) -> bytes:
    """Return a chart in which every text that names a font names one for Chinese as well."""
    name = escape_attribute(font)
    return _LATIN.sub(lambda match: match[0] + b'<a:ea typeface="%b"/>' % name, chart)


def completed(chart: bytes) -> bytes:
    """Return a chart of ours in which a Chinese font that is named for Latin letters alone is named for Chinese too.

    Charts of OpsBook 0.1.0 are so. Excel names both whenever a person chooses a font.
    """
    wanted = escape_attribute(FONT["zh"])
    return _LATIN.sub(
        lambda match: match[0] + b'<a:ea typeface="%b"/>' % wanted if match[1] == wanted else match[0], chart
    )


def in_theme(theme: bytes, font: str) -> bytes:
    """Return a theme whose fonts for headings and texts name one for Chinese."""
    return _THEME_FONT.sub(rb"\g<1>" + escape_attribute(font) + rb"\2", theme)
