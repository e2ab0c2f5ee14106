"""The picture of `growth.py`: processor time and peak memory of each stage, by order lines and by years."""

from __future__ import annotations

from pathlib import Path

import matplotlib
from matplotlib import pyplot

AXES = {"lines": "order lines in one year", "years": "years of 50,000 order lines"}
MEASURES = ((1, "processor seconds", "all stages"), (2, "peak memory, MB", "the most of any"))
# A file that is the same whenever the figures are, with texts as texts.
matplotlib.rcParams |= {"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 9}


def draw(
    target: Path, series: dict[str, list[tuple[int, dict[str, list[float]]]]], stages: tuple[str, ...]
) -> None:
    """Draw what was measured: for ``lines`` and ``years``, how many, and wall, processor and memory by stage."""
    figure, panels = pyplot.subplots(2, len(series), figsize=(9, 6.5), layout="constrained")
    for across, (unit, points) in enumerate(series.items()):
        for down, (measure, title, whole) in enumerate(MEASURES):
            panel = panels[down][across]
            counts = [count for count, _ in points]
            for stage in stages:
                panel.plot(
                    counts, [found[stage][measure] for _, found in points], marker="o", ms=3, label=stage
                )
            together = sum if measure == 1 else max
            values = [together(row[measure] for row in found.values()) for _, found in points]
            panel.plot(counts, values, color="black", marker="o", ms=4, label=whole)
            if unit == "lines":
                panel.set_xscale("log")
                panel.set_yscale("log")
                if measure == 1:
                    linear = [values[0] * count / counts[0] for count in counts]
                    panel.plot(counts, linear, color="grey", ls=":", label="linear")
            else:
                panel.set_ylim(bottom=0)
                panel.set_xticks(counts)
            panel.set_xlabel(AXES[unit])
            panel.set_ylabel(title)
            panel.grid(color="#dddddd")
            if not across:
                panel.legend(fontsize=7)
    figure.savefig(target, metadata={"Date": None})
