"""What a deck holds, without any program: slides of tables, charts and lines. All frozen, no coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from opsbook.domain.language import Language


class SlideInk(StrEnum):
    """What a colour means; one look for each, in every slide."""

    TEXT = "text"
    QUIET = "quiet"
    ACTUAL = "actual"  # this year
    PRIOR = "prior"  # last year
    TARGET = "target"  # outlined
    GOOD = "good"  # proven, and good for business
    BAD = "bad"
    UNPROVEN = "unproven"
    BASE = "base"  # unseen: carries the step of a bridge
    HIGH = "high"  # fills of the matrix of risks
    MEDIUM = "medium"
    LOW = "low"
    PAPER = "paper"
    OPEN = "open"  # the team has not filled it in yet


@dataclass(frozen=True)
class SlideCell:
    """A cell of a table.

    Attributes:
        text: Lines are parted by a line break.
        ink: Of the text.
        bold: All of it, or only its first line where there are several.
        right: Whether numbers stand at the right edge.
        fill: Behind the text; None for paper.
        span: Over how many columns it reaches; the cells that it covers follow it and are empty.
    """

    text: str = ""
    ink: SlideInk = SlideInk.TEXT
    bold: bool = False
    right: bool = False
    fill: SlideInk | None = None
    span: int = 1


@dataclass(frozen=True)
class SlideTable:
    """A table.

    Attributes:
        title: Over it; may be empty.
        widths: Of the columns, relative to each other.
        head: Headings.
        rows: Best first: those that find no room are counted in the line below.
        more: What the line below says of rows without room, with ``{count}`` in it.
        rule: Whether a line parts the rows; a matrix has none.
        shrinks: Whether its text gets smaller before a row is left out.
    """

    title: str
    widths: tuple[float, ...]
    head: tuple[SlideCell, ...]
    rows: tuple[tuple[SlideCell, ...], ...]
    more: str = ""
    rule: bool = True
    shrinks: bool = False


@dataclass(frozen=True)
class SlideSeries:
    """One series of a chart.

    Attributes:
        name: Its title in the chart's data.
        values: One for each category; None where there is none.
        ink: Decides its look.
        labels: Number format of its data labels; empty for none.
        points: Looks of single points, by position.
    """

    name: str
    values: tuple[float | None, ...]
    ink: SlideInk
    labels: str = ""
    points: Mapping[int, SlideInk] = field(default_factory=dict)


@dataclass(frozen=True)
class SlideChart:
    """A chart.

    Attributes:
        title: What, unit and period.
        form: ``column`` (side by side), ``over`` (in one place, of which a category has one), ``stacked``, ``bar``
            (lying, side by side) or ``bar_over``.
        categories: Along the axis.
        series: In drawing order.
        share: Height relative to other charts of its column.
    """

    title: str
    form: str
    categories: tuple[str, ...]
    series: tuple[SlideSeries, ...]
    share: float = 1.0


@dataclass(frozen=True)
class SlideLines:
    """Sentences below each other.

    Attributes:
        title: Over them; may be empty.
        lines: Best first: those that find no room are left out.
    """

    title: str
    lines: tuple[str, ...]


Part = SlideTable | SlideChart | SlideLines


@dataclass(frozen=True)
class SlideColumn:
    """Parts below each other; columns stand beside each other.

    Attributes:
        width: Relative to the other columns of the slide.
        parts: From the top.
    """

    width: float
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Slide:
    """A slide.

    Attributes:
        id: As declared.
        title: A conclusion with its figure.
        under: The small line under the title.
        columns: From the left; a slide without any is not made.
        notes: For the speaker: where each figure comes from.
        source: The small line at the foot.
    """

    id: str
    title: str
    under: str
    columns: tuple[SlideColumn, ...]
    notes: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Deck:
    """All slides.

    Attributes:
        language: Of every word.
        title: Of the file.
        footer: At the foot of each slide, beside its number.
        slides: In the order of the talk.
    """

    language: Language
    title: str
    footer: str
    slides: tuple[Slide, ...]
