"""How cells look, by name: a base look, a number format and a polarity joined by dots, ``growth.pp.lower``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.domain.language import Language

if TYPE_CHECKING:
    from opsbook.metrics.catalogue import Metric

FONT: Mapping[str, str] = MappingProxyType({"zh": "微软雅黑", "en": "Segoe UI"})
EAST_ASIAN: Mapping[str, str] = MappingProxyType({"zh": "微软雅黑", "en": "Microsoft YaHei"})
"""The font of Chinese texts in charts, where one for Latin letters does not serve them."""


class Ink:
    """The few colours of the book. Good and bad differ in sign and arrow too, for grey print."""

    TEXT = "#1F2933"
    QUIET = "#6B7785"
    FAINT = "#C3CAD2"
    RULE = "#D9DEE4"
    PANEL = "#F3F5F8"
    ACCENT = "#2F4B66"  # this year
    PRIOR = "#B4C1CE"  # last year
    BAR = "#C9D5E1"
    LOG_BAR = "#7A93AB"
    GOOD = "#1B7557"
    BAD = "#B3382C"
    DEMO = "#B25E09"
    INPUT = "#FFF9E6"
    INPUT_RULE = "#DCC98A"
    PAPER = "#FFFFFF"


@dataclass(frozen=True)
class Style:
    """One look.

    Attributes:
        size: Points.
        bold: Heavy.
        ink: Colour of the text.
        fill: Colour behind it, or empty for paper.
        align: ``left``, ``center``, ``right`` or empty for what the value's type brings.
        indent: Steps from the edge.
        wrap: Break long texts.
        number: Number format in Excel's own spelling; empty is General.
        top: A rule above, by colour, or empty.
        bottom: A rule below, by colour, or empty.
        left: A heavy rule to the left, by colour, or empty.
        box: A rule around, by colour, or empty.
        polarity: ``higher`` or ``lower`` is better: the sign decides the colour. Empty: no colour.
        bar: ``share`` (from 0 to the largest) or ``log`` (from 0 to the largest, number hidden): a bar in the cell.
        verdict: A word of judgement: it takes its colour from what it says.
        unit: ``value`` or ``gap``: the number's format follows the unit that stands on its line of a shared table.
        input: For people; carries the named cell style.
    """

    size: float = 9
    bold: bool = False
    ink: str = Ink.TEXT
    fill: str = ""
    align: str = ""
    indent: int = 0
    wrap: bool = False
    number: str = ""
    top: str = ""
    bottom: str = ""
    left: str = ""
    box: str = ""
    polarity: str = ""
    bar: str = ""
    verdict: bool = False
    unit: str = ""
    input: bool = False


# "%pt" marks percentage points: the only such mark that a number format can carry without changing the value.
NUMBERS: Mapping[str, str] = MappingProxyType(
    {
        "int": "#,##0",
        "money": "#,##0",
        "money2": "#,##0.00",
        "mean": "#,##0.0",
        "pct1": "0.0%",
        "pct2": "0.00%",
        "times": "0.00",
        "exact": "#,##0.00",
        "exactsigned": "+#,##0.00;-#,##0.00;0",
        "more": "+0.00;-0.00;0.00",
        "signed1": "+#,##0.0;-#,##0.0;0",
        "signed": "+#,##0;-#,##0;0",
        "places": "+#,##0;-#,##0;0",
        "growth": "+0.0%;-0.0%;0.0%",
        "pp": '+0.00%"pt";-0.00%"pt";0.00%"pt"',
        "arrow": '"▲ "+0.0%;"▼ "-0.0%;0.0%',
        "arrowpp": '"▲ "+0.00%"pt";"▼ "-0.00%"pt";0.00%"pt"',
        "text": "@",
        "hidden": ";;;",
        "time": "yyyy-mm-dd hh:mm",
        "date": "yyyy-mm-dd",
    }
)
BIG: Mapping[str, str] = MappingProxyType(
    {
        # Ten thousands (万) with one decimal: \. sets the point before the last of the thousands' digits.
        "zh": '[>=10000]0\\.0,"万";#,##0',
        "en": '[>=1000000]0.0,,"M";[>=10000]0.0,"K";#,##0',
    }
)

_TABLE = Style(bottom=Ink.RULE)
BASES: Mapping[str, Style] = MappingProxyType(
    {
        "blank": Style(),
        "title": Style(size=18, bold=True, ink=Ink.PAPER, fill=Ink.ACCENT, indent=1),
        "subtitle": Style(size=10, ink="#D5DEE8", fill=Ink.ACCENT, indent=1),
        "demo": Style(size=12, bold=True, ink="#FFD591", fill=Ink.ACCENT, align="right", indent=1),
        "demoplain": Style(size=11, bold=True, ink=Ink.DEMO, align="right"),
        "heading": Style(size=12, bold=True, ink=Ink.ACCENT),
        "pagetitle": Style(size=16, bold=True, ink=Ink.ACCENT),
        "pagenote": Style(size=9, ink=Ink.QUIET),
        "under": Style(size=8, ink=Ink.PAPER),  # stands under a chart
        "head": Style(bold=True, ink=Ink.QUIET, bottom=Ink.ACCENT),
        "headnum": Style(bold=True, ink=Ink.QUIET, bottom=Ink.ACCENT, align="right"),
        "headgroup": Style(bold=True, ink=Ink.TEXT, align="left"),
        "headnote": Style(bold=True, ink=Ink.QUIET, bottom=Ink.ACCENT, indent=1),
        "name": replace(_TABLE, bold=True),
        # Lines that belong together with the one below: no rule between them.
        "nameline": Style(bold=True),
        "textline": Style(),
        "valueline": Style(align="right"),
        "priorline": Style(align="right", ink=Ink.QUIET),
        "strongline": Style(align="right", bold=True),
        "growthline": Style(align="right"),
        "quietline": Style(ink=Ink.QUIET, size=8),
        "quietnote": replace(_TABLE, ink=Ink.QUIET, size=8, indent=1),
        "text": _TABLE,
        "wrap": replace(_TABLE, wrap=True),
        "quiet": replace(_TABLE, ink=Ink.QUIET, size=8),
        "value": replace(_TABLE, align="right"),
        "strong": replace(_TABLE, align="right", bold=True),
        "prior": replace(_TABLE, align="right", ink=Ink.QUIET),
        "growth": replace(_TABLE, align="right"),
        "share": replace(_TABLE, align="right", bar="share"),
        "logbar": replace(_TABLE, bar="log"),
        "severity": replace(_TABLE, bold=True),
        "sentence": replace(_TABLE, wrap=True),
        "verdict": replace(_TABLE, bold=True, indent=1, verdict=True),
        "suggest": replace(_TABLE, ink="#1F5C99", wrap=True),  # by Refresh, until a person changes it
        "suggestnum": replace(_TABLE, ink="#1F5C99", align="right"),
        "bar": replace(_TABLE, ink=Ink.LOG_BAR, align="center"),  # a month of a strip
        "riskhigh": Style(size=10, bold=True, fill="#F3D2CE", align="center", wrap=True, box=Ink.PAPER),
        "riskmedium": Style(size=10, bold=True, fill="#FBE8C8", align="center", wrap=True, box=Ink.PAPER),
        "risklow": Style(size=10, bold=True, fill="#DCEBE2", align="center", wrap=True, box=Ink.PAPER),
        "axis": Style(ink=Ink.QUIET, align="right", indent=1),
        "axistop": Style(ink=Ink.QUIET, align="center"),
        "smallwrap": replace(_TABLE, ink=Ink.QUIET, size=8, indent=1, wrap=True),
        "cardlabel": Style(size=10, ink=Ink.QUIET, fill=Ink.PANEL, left=Ink.ACCENT, indent=1),
        "card": Style(size=20, bold=True, fill=Ink.PANEL, left=Ink.ACCENT, align="left", indent=1),
        "cardword": Style(size=9, ink=Ink.QUIET, fill=Ink.PANEL, left=Ink.ACCENT, indent=1),
        "cardgrowth": Style(size=10, bold=True, fill=Ink.PANEL, align="left"),
        "cardnote": Style(size=9, ink=Ink.QUIET, fill=Ink.PANEL, align="left"),
        "cardfill": Style(fill=Ink.PANEL),
        "note": Style(size=9, ink=Ink.QUIET),
        "body": Style(size=10),
        "guidename": replace(_TABLE, size=10, bold=True, wrap=True),
        "guidetext": replace(_TABLE, size=10, wrap=True),
        "ops_input": Style(size=10, fill=Ink.INPUT, box=Ink.INPUT_RULE, indent=1, input=True),
    }
)


@cache
def style(name: str, language: Language) -> Style:
    """Return the look of that name.

    Args:
        name: A base, then any of a number format, ``wrap``, ``unit`` / ``unitgap``, ``big``, ``prior`` (a number with the word for last year before it),
            ``higher`` / ``lower`` / ``none``; all joined by dots.
        language: Decides the words inside number formats.

    Raises:
        KeyError: A part of the name is not known.
    """
    base, *parts = name.split(".")
    look = BASES[base]
    for part in parts:
        if part in ("higher", "lower"):
            look = replace(look, polarity=part)
        elif part == "indent":
            look = replace(look, indent=1)
        elif part == "wrap":
            look = replace(look, wrap=True)
        elif part in ("left", "right"):
            look = replace(look, align=part)
        elif part in ("unit", "unitgap"):
            gap = part == "unitgap"
            look = replace(look, number=NUMBERS["growth" if gap else "mean"], unit="gap" if gap else "value")
        elif part == "big":
            look = replace(look, number=BIG[language])
        elif part == "lastyear":
            word = "同期 " if language == "zh" else "was "
            look = replace(
                look, number=f'"{word}"{look.number};"{word}"-{look.number};"{word}"{look.number};@'
            )
        elif part != "none":
            look = replace(look, number=NUMBERS[part])
    return look


def number_of(metric: Metric) -> str:
    """Return the number format for values of a metric."""
    if metric.id in _TIMES:
        return "times"
    if metric.unit == "ratio":
        return "pct2" if metric.id.endswith("_rate") and not metric.id.startswith(_LARGE) else "pct1"
    if metric.unit in ("USD", "CNY"):
        return "money2" if metric.id in ("ad_cpc", "ad_cpl") else "money"
    return "mean" if metric.unit in ("score", "hours", "days") or metric.id in _MEANS else "int"


_MEANS = ("new_product_first_month_inquiries",)
_TIMES = ("ad_roas",)  # so many times, not per cent
# Rates of this kind are tens of per cent: one decimal is enough.
_LARGE = ("old_customer", "repeat_purchase", "lead_order")


def growth_of(metric: Metric, *, arrow: bool = False) -> str:
    """Return number format and polarity for the growth of a metric."""
    if metric.id in _TIMES:
        return f"more.{metric.better}"
    points = metric.unit == "ratio"
    number = ("arrowpp" if points else "arrow") if arrow else ("pp" if points else "growth")
    return f"{number}.{metric.better}"


def spell(value: float, number: str) -> str:
    """Return a figure as its cell shows it, for a sentence."""
    if math.isnan(value):
        return "–"
    if number in ("growth", "pct1", "pct2", "pp"):
        digits = 2 if number in ("pct2", "pp") else 1
        sign = "+" if number in ("growth", "pp") else ""
        return f"{value * 100:{sign},.{digits}f}%"
    digits = {"int": 0, "money": 0, "signed": 0, "mean": 1}.get(number, 2)
    sign = "+" if NUMBERS[number].startswith("+") else ""
    return f"{value:{sign},.{digits}f}"
