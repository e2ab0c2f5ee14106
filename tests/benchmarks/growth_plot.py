"""The picture of `growth.py`: processor time and peak memory of each stage, by order lines and by years."""

from __future__ import annotations

from pathlib import Path

import matplotlib
from matplotlib import pyplot

AXES = {
    "lines": "order lines in one year (logarithmic, as the seconds)",
    "years": "years of 50,000 order lines and 286,000 rows of weekly files",
}
CPU, MEMORY = 1, 2
TITLES = {CPU: "processor seconds", MEMORY: "peak memory, MB"}
# A file that is the same whenever the figures are, with texts as texts.
matplotlib.rcParams |= {"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 9}

Point = tuple[int, dict[str, list[float]]]
"""How many lines or years, and wall seconds, processor seconds and peak memory by stage."""


def draw(target: Path, series: dict[str, list[Point]], stages: tuple[str, ...]) -> None:
    """Draw what was measured by ``lines`` and by ``years``."""
    figure, panels = pyplot.subplots(2, len(series), figsize=(9.5, 7), layout="constrained")
    for column, (unit, points) in enumerate(series.items()):
        for row, measure in enumerate(TITLES):
            panel = panels[row][column]
            counts = [count for count, _ in points]
            for stage in stages:
                panel.plot(counts, [found[stage][measure] for _, found in points], "o-", ms=3, label=stage)
            if measure == CPU:
                whole = [sum(times[CPU] for times in found.values()) for _, found in points]
                panel.plot(counts, whole, "o-", ms=4, color="black", label="all stages")
                linear = [whole[0] * count / counts[0] for count in counts]
                panel.plot(counts, linear, ":", color="grey", label="linear")
            if unit == "lines":
                panel.set_xscale("log")
                panel.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
            if unit == "lines" and measure == CPU:
                panel.set_yscale("log")
            else:
                panel.set_ylim(bottom=0)
            panel.set_xticks(counts)
            panel.xaxis.set_major_formatter("{x:,.0f}")
            panel.yaxis.set_major_formatter("{x:,g}")
            panel.set(xlabel=AXES[unit], ylabel=TITLES[measure])
            panel.grid(color="#dddddd")
    panels[0][0].legend(fontsize=8)
    panels[1][0].legend(fontsize=8)
    figure.savefig(target, metadata={"Date": None})
