"""In which unit a chart is labelled: one for all its numbers, named in its title, with few digits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from opsbook.book.headlines import MINUS
from opsbook.domain.language import Language, Text
from opsbook.metrics.catalogue import metrics

NO_UNIT = Text("", "")


@dataclass(frozen=True)
class Scale:
    """How the numbers of a chart are labelled; the numbers themselves stay those of the workbook.

    Attributes:
        format: Number format in Excel's spelling.
        divisor: What a label's number is divided by.
        digits: Decimals of a label.
        unit: For the chart's title; empty where the title needs none.
    """

    format: str
    divisor: float = 1.0
    digits: int = 0
    unit: Text = NO_UNIT

    def spell(self, value: float, *, signed: bool = False) -> str:
        """Return a number as a label shows it."""
        sign = "+" if signed else ""
        return f"{value / self.divisor:{sign},.{self.digits}f}".replace("-", MINUS)

    def titled(self, title: str, language: Language) -> str:
        """Return a title with the unit behind it."""
        unit = self.unit[language]
        if not unit:
            return title
        return f"{title}（{unit}）" if language == "zh" else f"{title} ({unit})"


def scale_of(metric: str, values: Iterable[float | None], language: Language) -> Scale:
    """Return the scale of a chart.

    Args:
        metric: Of the catalogue; its unit decides the words.
        values: Everything that the chart draws.
        language: Chinese counts by ten thousands.
    """
    unit = metrics()[metric].unit
    if unit == "ratio":
        return Scale("0.0%", 0.01, 1)
    if unit in ("hours", "days", "score"):
        return Scale("0.0", 1.0, 1)
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    zh = {"USD": "美元", "CNY": "元"}.get(unit, "")
    en = {"USD": "US$ ", "CNY": "CNY "}.get(unit, "")
    if language == "zh" and largest >= 1e4:
        # Ten thousands: \. sets the point before the last of the thousands' digits.
        return Scale("0\\.0,", 1e4, 1, Text(f"万{zh}", ""))
    if largest >= 1e6:
        return Scale("0.0,,", 1e6, 1, Text("", f"{en}million"))
    if largest >= 1e3:
        return Scale("0.0,", 1e3, 1, Text(f"千{zh}", f"{en}thousand"))
    return Scale("#,##0", 1.0, 0, Text(zh, en.strip()))
