"""Risks: probability and impact, live triggers, rule changes with their lead, back-up suppliers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.language import Language
from opsbook.domain.sample import Exact
from opsbook.domain.verdict import Verdict
from opsbook.functions.risk import risk_score
from opsbook.metrics.figures import Figure
from opsbook.plan.row_merge import Content, Settled, Standing, Wanted, settle
from opsbook.plan.shared_tables import NAN, Filled, declared, plain, text, unit_of
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from opsbook.metrics.judge import Judge
    from opsbook.metrics.review import Review

LIST, RULES, SUPPLIERS = "risks.list", "risks.rules", "risks.suppliers"
LEAD_DAYS = 30  # a rule change is to be assessed this long before it takes effect
CATEGORIES = 2  # core categories that need a back-up supplier
SCALE = 5
MEDIUM, HIGH = 6, 12  # scores from which a risk is medium, high
_SUPPLIER_GAPS = "supplier_gaps"
_UNKNOWN = Figure("", "", "", NAN, "", Basis.of(Kind.NO_SOURCE))


def risks(
    review: Review, standing: Mapping[str, Standing], year: int, language: Language
) -> dict[str, Filled]:
    """Return the three tables of the sheet by block."""
    suppliers = _suppliers(standing)
    rules = _rules(standing, review.as_of)
    gaps = max(CATEGORIES - sum(live["state"] == "met" for _, live in suppliers.lines()), 0)
    wanted = [
        Wanted(
            key,
            {
                "kind": text(entry["kind"], language),
                "risk": text(entry["risk"], language),
                "probability": float(entry["probability"]),
                "impact": float(entry["impact"]),
                "trigger": text(entry["trigger"], language),
                "plan": text(entry["plan"], language),
                "review": _next_review(review.as_of, year),
            },
        )
        for key, entry in declared("risks").items()
    ]
    agreed = settle(tables()[LIST], standing.get(LIST, Standing()), wanted)
    live = {
        line.key: _live(line, number, review, gaps if year else None)
        for number, line in enumerate(agreed.used, start=1)
    }
    return {LIST: Filled(agreed, live), RULES: rules, SUPPLIERS: suppliers}


def _next_review(as_of: date | None, year: int) -> date | None:
    """Return the first day of the quarter after the data, not before the plan's year."""
    if not (as_of and year):
        return None
    first = date(as_of.year + as_of.month // 12, as_of.month // 3 * 3 % 12 + 1, 1)
    return max(first, date(year, 1, 1))


def _live(line: Settled, number: int, review: Review, gaps: int | None) -> dict[str, Content]:
    entry = declared("risks").get(line.key, {})
    score = score_of(line)
    newest = _now(entry, review, gaps)
    now = newest.value
    season = _season(entry, newest, review)
    return {
        "code": f"R{number}",
        "score": plain(score),
        "level": level(score),
        "unit": _unit(entry) or None,
        "period": newest.period or None,
        "now": plain(now),
        "alarm": _alarm(entry, newest, review.judge, season),
    }


def score_of(line: Settled) -> float:
    """Return probability x impact; NaN unless both are numbers from 1 to 5."""
    likely, severe = line.number("probability"), line.number("impact")
    if likely is None or severe is None or not (1 <= likely <= SCALE and 1 <= severe <= SCALE):
        return NAN
    return float(str(risk_score(likely, severe, SCALE)))


def level(score: float) -> str:
    """Return the key of the word for a score."""
    if math.isnan(score):
        return "open"
    return "high" if score >= HIGH else "medium" if score >= MEDIUM else "low"


def _now(entry: Mapping[str, Any], review: Review, gaps: int | None) -> Figure:
    """Return the newest figure that the trigger watches: of the newest whole month, quarter or year."""
    metric = str(entry.get("metric", ""))
    if metric == _SUPPLIER_GAPS:
        number = NAN if gaps is None else float(gaps)
        return replace(_UNKNOWN, value=number, sample=Exact(number))
    if of := entry.get("of"):
        metric = f"{metric}.{of}"
    where = str(entry.get("dimension", ""))
    found = [
        figure
        for (name, _, dimension), figure in review.figures.items()
        if name == metric and dimension == where and figure.defined and "/" not in figure.period
    ]
    # Months before quarters before years: "2026-09" is newer news than "2026".
    return max(
        found,
        key=lambda each: (len(each.period) == 7 and "Q" not in each.period, each.period),
        default=_UNKNOWN,
    )


def _unit(entry: Mapping[str, Any]) -> str:
    metric = str(entry.get("metric", ""))
    return "%" if entry.get("of") or metric == "peer_gap" else unit_of(metric)


def _season(entry: Mapping[str, Any], newest: Figure, review: Review) -> Figure | None:
    """Return the same growth a year before where the trigger watches a growth on the period before, else None."""
    if entry.get("of") != "pop":
        return None
    year, _, rest = newest.period.partition("-")
    label = f"{int(year) - 1}-{rest}" if year.isdigit() else ""
    return review.get(newest.metric, label, newest.dimension)


def _alarm(entry: Mapping[str, Any], newest: Figure, judge: Judge, season: Figure | None) -> str | None:
    """Return the key of the word for a trigger, which goes off only where it is proven to be beyond its limit."""
    if "metric" not in entry:
        return None
    if not newest.defined:
        return "unknown"
    worse, limit = (Verdict.DOWN, entry["below"]) if "below" in entry else (Verdict.UP, entry["above"])
    said = judge.figure(newest, limit, season=season)
    if said is Verdict.UNJUDGED:
        return "unjudged"
    beyond = newest.value < limit if worse is Verdict.DOWN else newest.value > limit
    return "triggered" if said is worse else "few" if said is Verdict.TOO_FEW and beyond else "calm"


def _rules(standing: Mapping[str, Standing], as_of: date | None) -> Filled:
    agreed = settle(tables()[RULES], standing.get(RULES, Standing()), [])
    live: dict[str, dict[str, Content]] = {}
    for line in agreed.used:
        effective, assessed = line.day("effective"), line.day("assessed")
        lead = (effective - assessed).days if effective and assessed else None
        if lead is not None:
            state = "met" if lead >= LEAD_DAYS else "late"
        elif effective and as_of:
            state = "late" if as_of > effective - timedelta(days=LEAD_DAYS) else "under_way"
        else:
            state = "open"
        live[line.key] = {"lead": None if lead is None else float(lead), "state": state}
    return Filled(agreed, live)


def _suppliers(standing: Mapping[str, Standing]) -> Filled:
    agreed = settle(tables()[SUPPLIERS], standing.get(SUPPLIERS, Standing()), [])
    live: dict[str, dict[str, Content]] = {}
    for number, line in enumerate(agreed.used, start=1):
        ready = bool(line.text("backup") and line.day("certified") and line.day("trial"))
        begun = bool(line.text("backup"))
        live[line.key] = {"code": str(number), "state": "met" if ready else "under_way" if begun else "open"}
    return Filled(agreed, live)


def matrix(filled: Filled) -> list[list[str | None]]:
    """Return the codes of the risks in a square: rows impact 5 to 1, columns probability 1 to 5."""
    square: list[list[list[str]]] = [[[] for _ in range(SCALE)] for _ in range(SCALE)]
    for line, live in filled.lines():
        if not math.isnan(score_of(line)):
            likely, severe = (round(line.number(each) or 0) for each in ("probability", "impact"))
            square[SCALE - severe][likely - 1].append(str(live["code"]))
    return [[" ".join(cell) or None for cell in row] for row in square]


def figures(filled: Filled, year: int) -> Iterator[Figure]:
    """Yield the score of each risk."""
    for line, live in filled.lines():
        score = score_of(line)
        basis = Basis.of(Kind.NO_RATING if math.isnan(score) else Kind.PROBABILITY_X_IMPACT)
        yield Figure("risk_score", str(year), f"risk={live['code']}", score, "score", basis)
