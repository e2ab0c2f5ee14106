"""Parts of slides about problems, targets, strategies, actions and risks, in the words of the workbook."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from opsbook.book.headlines import FactForm, spell
from opsbook.book.plan_conclusions import main_target
from opsbook.book.words import verdict as verdict_word
from opsbook.metrics.catalogue import metrics
from opsbook.plan.actions import AHEAD, FULL
from opsbook.plan.risks import HIGH, MEDIUM, SCALE
from opsbook.plan.shared_tables import declared, metric_of
from opsbook.share.deck.scales import scale_of
from opsbook.share.deck.slide_model import (
    Part,
    SlideCell,
    SlideChart,
    SlideInk,
    SlideLines,
    SlideSeries,
    SlideTable,
)
from opsbook.share.deck.talk import Talk, change_form, head, month_labels, more, shown

if TYPE_CHECKING:
    from opsbook.share.deck.workbook_cells import SharedTableRow

PEER_GAP = "peer_gap/"
_MONTHS = tuple(f"m{number}" for number in range(1, 13))
_GROUP = 2  # characters of the group in an initiative's code


def found_problems(talk: Talk) -> list[SharedTableRow]:
    """Return the problems that were found or that people wrote down, those with most money first, gaps to peers last."""
    found = verdict_word("found", talk.language)
    rows = [
        row
        for row in talk.cells.rows("problems.list")
        if row.text("sentence")
        and (row.text("verdict") == found or row.key.startswith("own-") or not row.key)
    ]
    return sorted(rows, key=lambda row: (row.key.startswith(PEER_GAP), -_or_zero(row.value("money"))))


def problems(talk: Talk, _wanted: Sequence[str]) -> list[Part] | None:
    """Return the problems with their money and the initiative that answers each."""
    rows = found_problems(talk)
    ranked = [row for row in rows if not row.key.startswith(PEER_GAP)]
    peers = [row for row in rows if row.key.startswith(PEER_GAP)]
    talk.note_rows("problems.list", rows, "sentence")
    parts: list[Part] = []
    if ranked:
        lines = []
        for row in ranked:
            money = row.value("money")
            if not math.isnan(money):
                at = talk.cells.of_row("problems.list", row, "money")
                talk.notes[f"{money:,.2f} USD ← {at}；{row.text('note')}"] = None
            lines.append(
                (
                    SlideCell(row.text("sentence"), bold=True),
                    SlideCell(spell(money, FactForm.MONEY, "USD", talk.language), right=True),
                    SlideCell(row.text("verdict"), SlideInk.QUIET),
                    SlideCell(_strategy(talk, row.text("strategy"))),
                )
            )
        heads = head(talk, ("problem", "money", "evidence", "strategy"), ("money",))
        parts.append(SlideTable("", (8.2, 1.8, 1.3, 1.3), heads, tuple(lines), more(talk, "problems")))
    if peers:
        parts.append(SlideLines(talk.word("peers"), tuple(row.text("sentence") for row in peers)))
    if not parts:
        fine = verdict_word("fine", talk.language)
        lines_fine = [row for row in talk.cells.rows("problems.list") if row.text("verdict") == fine]
        talk.note_rows("problems.list", lines_fine, "sentence")
        if lines_fine:
            parts.append(SlideLines("", tuple(row.text("sentence") for row in lines_fine)))
    return parts or None


def _strategy(talk: Talk, code: str) -> str:
    """Return the code of an initiative with what it begins with."""
    for row in talk.cells.rows("strategy.list"):
        if code and row.text("code") == code:
            return f"{code} {row.text('initiative').partition('：')[0].partition(':')[0]}"
    return code


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def target_months(talk: Talk, _wanted: Sequence[str]) -> Part | None:
    """Return the months of the main target beside those of the year before."""
    target = main_target(talk.page)
    if target is None or not target.metric:
        return None
    aims = [None if math.isnan(part.target) else part.target for part in target.months]
    if not any(aim is not None for aim in aims):
        return None
    language = talk.language
    year = talk.page.plan.year
    prior = [None if math.isnan(value) else value for value in target.prior]
    scale = scale_of(target.metric, (*aims, *prior), language)
    facts = {"title": scale.titled(talk.title(target.metric), language), "year": year, "prior": year - 1}
    series = [SlideSeries(str(year), tuple(aims), SlideInk.TARGET, labels=scale.format)]
    if any(value is not None for value in prior):
        series.insert(0, SlideSeries(str(year - 1), tuple(prior), SlideInk.PRIOR))
    for each in series:
        at = talk.cells.of_months(each.values)
        talk.cite(at)
        talk.notes[f"{talk.title(target.metric)} {each.name} ← {at or 'opsbook values'}"] = None
    names = month_labels(language)
    return SlideChart(talk.word("target_months", **facts), "column", names, tuple(series))


def targets(talk: Talk, _wanted: Sequence[str]) -> Part | None:
    """Return the targets of the year: before, asked for, and who answers for each."""
    rows = [row for row in talk.cells.rows("targets.list") if not math.isnan(row.value("target"))]
    if not rows:
        return None
    lines = []
    for row in rows:
        metric = metric_of(row.text("metric"))
        at = talk.cells.of_row("targets.list", row, "target")
        talk.cite(at)
        talk.notes[f"{row.text('metric')} {row.value('target'):,.6g} ← {at}；{row.text('basis')}"] = None
        base, aim, grown = (row.value(column) for column in ("baseline", "target", "change"))
        lines.append(
            (
                SlideCell(talk.title(metric) if metric else row.text("metric")),
                SlideCell(_of_target(talk, metric, base), SlideInk.QUIET, right=True),
                SlideCell(_of_target(talk, metric, aim), bold=True, right=True),
                SlideCell(_growth(talk, metric, grown, row), right=True),
                _owner(talk, row),
            )
        )
    heads = head(talk, ("indicator", "base", "target", "asked", "owner"), ("base", "target", "asked"))
    return SlideTable("", (3.0, 2.0, 2.0, 1.7, 1.5), heads, tuple(lines), more(talk, "targets"))


def _of_target(talk: Talk, metric: str, value: float) -> str:
    if not metric:
        return "–" if math.isnan(value) else f"{value:,.6g}"
    return shown(metric, value, talk.language)


def _growth(talk: Talk, metric: str, grown: float, row: SharedTableRow) -> str:
    if math.isnan(grown):
        return "–"
    if not metric:
        return f"{grown:+,.6g}"
    unit = metrics()[metric].unit
    if unit == "ratio":
        return spell(grown, change_form(metric), "", talk.language)
    # Of a net increase the cell holds a number of things, of anything else a share.
    base, aim = row.value("baseline"), row.value("target")
    counted = not math.isnan(base + aim) and math.isclose(aim - base, grown, abs_tol=1e-9)
    return f"{grown:+,.0f}" if counted else spell(grown, FactForm.GROWTH, "", talk.language)


def _owner(talk: Talk, row: SharedTableRow) -> SlideCell:
    owner = row.text("owner")
    return SlideCell(owner) if owner else SlideCell(talk.word("open_owner"), SlideInk.OPEN)


def strategies(talk: Talk, _wanted: Sequence[str]) -> Part | None:
    """Return the initiatives below their strategies, each with its figure and its target."""
    rows = talk.cells.rows("strategy.list")
    if not any(not math.isnan(row.value("now")) for row in rows):
        return None
    talk.note_rows("strategy.list", rows, "initiative")
    groups: dict[str, list[SlideCell]] = {}
    for row in rows:
        groups.setdefault(row.text("code")[:_GROUP], []).append(_initiative(talk, row))
    titles = declared("initiatives")["groups"]
    names = [titles[key][talk.language] if key in titles else talk.word("own_group") for key in groups]
    head_cells = tuple(SlideCell(name, SlideInk.PAPER, bold=True, fill=SlideInk.ACTUAL) for name in names)
    most = max(len(cells) for cells in groups.values())
    lines = tuple(
        tuple(cells[at] if at < len(cells) else SlideCell() for cells in groups.values())
        for at in range(most)
    )
    return SlideTable("", (1.0,) * len(groups), head_cells, lines, more(talk, "strategy"), shrinks=True)


def _initiative(talk: Talk, row: SharedTableRow) -> SlideCell:
    now, target = row.value("now"), row.value("target")
    lines = [row.text("initiative")]
    measure = row.text("measure")
    unit = row.text("unit")
    aim = talk.word("open_target") if math.isnan(target) else _plain(target, unit, talk)
    if not math.isnan(now):
        at = talk.cells.of_row("strategy.list", row, "now")
        talk.notes[f"{row.text('code')} {measure} {now:.6g} ← {at}"] = None
        lines.append(f"{measure} {_plain(now, unit, talk)} → {aim}")
    elif not math.isnan(target):
        lines.append(f"{measure} – → {aim}")
    return SlideCell("\n".join(lines), bold=True)


def _plain(value: float, unit: str, talk: Talk) -> str:
    if math.isnan(value):
        return "–"
    if unit == "%":
        return spell(value, FactForm.RATE, "", talk.language)
    if unit in ("US$", "¥"):
        return spell(value, FactForm.MONEY, "USD" if unit == "US$" else "CNY", talk.language)
    whole = math.isclose(value, round(value), abs_tol=1e-9)
    return spell(value, FactForm.COUNT if whole or abs(value) >= 100 else FactForm.TIMES, "", talk.language)


def open_actions(talk: Talk) -> list[SharedTableRow]:
    """Return the actions that are still to be done."""
    return [
        row
        for row in talk.cells.rows("actions.list")
        if row.text("task") and talk.choice("actions.list", row, "state") not in ("done", "dropped")
    ]


def actions(talk: Talk, _wanted: Sequence[str]) -> Part | None:
    """Return the actions with owner and months, those that answer a problem first."""
    rows = open_actions(talk)
    if not rows:
        return None
    rows.sort(key=lambda row: (not row.text("why"), row.day("start") or date.max, row.number))
    talk.note_rows("actions.list", sorted(rows, key=lambda row: row.number), "task")
    lines = []
    for row in rows:
        goal = row.text("indicator")
        if not math.isnan(aim := row.value("target")):
            goal += f" → {_plain(aim, row.text('unit'), talk)}"
        bars = (row.text(month) for month in _MONTHS)
        fills = {AHEAD: SlideInk.PRIOR, FULL: SlideInk.ACTUAL}
        lines.append(
            (
                SlideCell(f"{row.text('code')} {row.text('task')}"),
                SlideCell(goal),
                _owner(talk, row),
                *(SlideCell(fill=fills.get(bar, SlideInk.PRIOR) if bar else None) for bar in bars),
            )
        )
    heads = (*head(talk, ("action", "goal", "owner")), *_quarters())
    widths = (5.4, 3.4, 1.2, *(0.32,) * 12)
    return SlideTable("", widths, heads, tuple(lines), more(talk, "actions"))


def _quarters() -> list[SlideCell]:
    """Return the headings of the months, a cell a quarter."""
    return [
        cell
        for quarter in range(1, 5)
        for cell in (SlideCell(f"Q{quarter}", SlideInk.QUIET, bold=True, span=3), SlideCell(), SlideCell())
    ]


def risk_matrix(talk: Talk, _wanted: Sequence[str]) -> Part | None:
    """Return which risks have which probability and impact."""
    rows = [row for row in talk.cells.rows("risks.list") if row.text("risk")]
    held: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        likely, severe = row.value("probability"), row.value("impact")
        if not math.isnan(likely + severe):
            held.setdefault((round(severe), round(likely)), []).append(row.text("code"))
    if not held:
        return None
    scale = range(1, SCALE + 1)
    lines = []
    for severe in reversed(scale):
        cells = [SlideCell(str(severe), SlideInk.QUIET)]
        for likely in scale:
            score = severe * likely
            fill = SlideInk.HIGH if score >= HIGH else SlideInk.MEDIUM if score >= MEDIUM else SlideInk.LOW
            cells.append(SlideCell(" ".join(held.get((severe, likely), ())), bold=True, fill=fill))
        lines.append(tuple(cells))
    heads = (SlideCell(), *(SlideCell(str(at), SlideInk.QUIET) for at in scale))
    return SlideTable(talk.word("matrix"), (0.5, *(1.0,) * SCALE), heads, tuple(lines), rule=False)


def risks(talk: Talk, _wanted: Sequence[str]) -> Part | None:
    """Return the risks, the highest first, with what is to be done."""
    rows = [row for row in talk.cells.rows("risks.list") if row.text("risk")]
    if not rows:
        return None
    rows.sort(key=lambda row: -_or_zero(row.value("score")))
    talk.note_rows("risks.list", sorted(rows, key=lambda row: row.number), "risk")
    triggered = verdict_word("triggered", talk.language)
    lines = []
    for row in rows:
        alarm = row.text("alarm")
        if not math.isnan(now := row.value("now")):
            at = talk.cells.of_row("risks.list", row, "now")
            talk.notes[
                f"{row.text('code')} {row.text('trigger')}: {now:.6g} ({row.text('period')}) ← {at}"
            ] = None
        lines.append(
            (
                SlideCell(f"{row.text('code')} {row.text('risk')}"),
                SlideCell(row.text("score"), bold=True, right=True),
                SlideCell(
                    alarm, SlideInk.BAD if alarm == triggered else SlideInk.QUIET, bold=alarm == triggered
                ),
                SlideCell(row.text("plan")),
            )
        )
    heads = head(talk, ("risk", "score", "state", "response"), ("score",))
    return SlideTable("", (4.0, 0.8, 1.5, 4.4), heads, tuple(lines), more(talk, "risks"))
