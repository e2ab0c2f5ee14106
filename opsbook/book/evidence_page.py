"""The evidence behind the problems: traffic, conversion by market with intervals, peers, other departments."""

from __future__ import annotations

import math

from opsbook.book import waterfall
from opsbook.book.cells import KNOWN_SUM, Candidate
from opsbook.book.chart_titles import title_of, write_titles
from opsbook.book.formats import number_of
from opsbook.book.model import Chart, Ref, Series, SeriesRole
from opsbook.book.page import ReportPage, compared
from opsbook.book.section_table import SectionTable, cells
from opsbook.book.sheet_head import sheet_head
from opsbook.book.words import verdict, word
from opsbook.book.work_page import indicators_table, no_data
from opsbook.domain.basis import Kind
from opsbook.domain.sample import Change, Share
from opsbook.metrics.catalogue import metrics
from opsbook.params import Settings
from opsbook.params.export_words import market_titles
from opsbook.review.indicators import label
from opsbook.review.problems import Problem, declared
from opsbook.sheets.evidence_sheet import (
    CHARTS,
    COLLABORATION,
    DATA,
    DEPARTMENT_ROWS,
    DRAWN,
    MARKET_ROWS,
    MARKETS,
    PEERS,
    TRAFFIC,
)
from opsbook.sheets.review_sheet import MONTHS

RATE, SPLIT = "market_order_rate", "market_rate_split"
_VERDICTS = {1.0: "above", -1.0: "below", 0.0: "few"}
_STEPS = 4  # of the second chart


def evidence(page: ReportPage, settings: Settings, *, demo: bool) -> None:
    """Write every block of the sheet."""
    sheet_head(page, "evidence", settings, page.review.year, demo=demo)
    indicators_table(page, TRAFFIC.name)
    _markets(page)
    _peers(page)
    _departments(page)


def _markets(page: ReportPage) -> None:
    """Write every market's rate with its interval and what it did to the rate of all, then all together."""
    table = SectionTable(page.sheets, MARKETS, page.language)
    named = {key[2].partition("=")[2] for key in page.review.figures if key[:2] == (RATE, page.this)}
    order = sorted(named, key=lambda name: (-_share(page, name).trials, name))
    for row, name in enumerate(order[:MARKET_ROWS], start=1):
        title = market_titles()[name][page.language] if name in market_titles() else name
        table.put(row, "market", title)
        _market(page, table, row, name)
    table.put(MARKETS.line("all"), "market", word("all_markets", page.language), "name")
    if order:
        _all_markets(page, table, len(order))
    _market_charts(page, table, order)


def _share(page: ReportPage, name: str) -> Share:
    """Return orders and inquiries of a market over the months that are compared with last year's, else over all."""
    rate, yoy = (page.review.get(f"{RATE}{suffix}", page.this, f"market={name}") for suffix in ("", ".yoy"))
    sample = yoy.sample.now if isinstance(yoy.sample, Change) else rate.sample
    return sample if isinstance(sample, Share) else Share(0, 0)


def _market(page: ReportPage, table: SectionTable, row: int, name: str) -> None:
    dimension = f"market={name}"
    share = _share(page, name)
    over = table.put(row, "orders", round(share.hits))
    under = table.put(row, "asked", round(share.trials))
    rate, yoy = (page.review.get(f"{RATE}{suffix}", page.this, dimension) for suffix in ("", ".yoy"))
    table.derive(row, "now", share.value, ("{0}/{1}", (over, under)))
    for key in ("low", "high"):
        table.put(row, key, page.review.get(f"{RATE}.{key}", page.this, dimension).value)
    table.put(row, "before", compared(rate, yoy)[1])
    table.put(row, "change", yoy.value)
    said = page.review.get(f"{RATE}.verdict", page.this, dimension)
    table.put(row, "said", verdict(_VERDICTS[said.value], page.language) if said.defined else None)
    for key in ("rate", "mix"):
        table.put(row, key, page.review.get(SPLIT, page.this, f"{dimension};part={key}").value)


def _all_markets(page: ReportPage, table: SectionTable, count: int) -> None:
    """Write the whole: the effects of the markets sum to the change of its rate."""
    row, refs = MARKETS.line("all"), []
    for key in ("orders", "asked"):
        each = table.ref(1, key, count, 1)
        total = math.fsum(page.sheets.numbers(each))
        refs.append(table.derive(row, key, total, ("SUM({0})", (each,))))
    over, under = (page.sheets.numbers(ref)[0] for ref in refs)
    rate = over / under if under else math.nan
    table.derive(row, "now", rate, ("{0}/{1}", (refs[0], refs[1])))
    table.put(row, "before", page.review.get(f"{SPLIT}.base", page.this).value)
    effects = []
    for key in ("rate", "mix"):
        value = page.review.get(SPLIT, page.this, f"part={key}").value
        effects.append(value)
        table.derive(row, key, value, (KNOWN_SUM, (table.ref(1, key, count, 1),)))
    table.derive(row, "change", math.fsum(effects), ("SUM({0})", (table.ref(row, "rate", 1, 2),)))


def _market_charts(page: ReportPage, table: SectionTable, order: list[str]) -> None:
    """Write what the charts draw: rates with whiskers, grey where the interval holds the mean; the change in steps."""
    language, whole = page.language, MARKETS.line("all")
    data = SectionTable(page.sheets, DATA, language)
    mean = table.number(whole, "now")
    for row, name in enumerate(order[:DRAWN], start=1):
        now, low, high = (table.number(row, key) for key in ("now", "low", "high"))
        said = page.review.get(f"{RATE}.verdict", page.this, f"market={name}").value
        title = str(table.value(row, "market")).replace(" ", "\n")
        data.fill(
            row,
            {
                "market": title,
                "proven" if said in (-1.0, 1.0) else "unproven": now,
                "plus": high - now,
                "minus": now - low,
                "top": high,
                "mean": mean,
            },
        )
    known = not math.isnan(mean)
    titles = {}
    base, own, mix = (table.number(whole, key) for key in ("before", "rate", "mix"))
    for row, (key, shown) in enumerate(
        (("chart_markets", known), ("chart_market_split", not math.isnan(base)))
    ):
        title = word(key, language, period=page.years[0])
        reason = page.review.get(SPLIT if row else RATE, page.this, "part=rate").basis
        titles[CHARTS[row]] = title if shown else no_data(page, title, reason)
    write_titles(page, titles)
    names = MARKETS.headings(("before", "rate", "mix", "now"), language)
    numbers = tuple(100 * each for each in (base, own, mix))
    waterfall.steps(data.grid, cells(DATA, 1, "steps"), names, numbers, digits=2)


def _peers(page: ReportPage) -> None:
    """Write own figure, the top peers' and the gap, this year and last, of every figure whose peers are known."""
    table = SectionTable(page.sheets, PEERS, page.language)
    for row, key in enumerate(PEERS.lines, start=1):
        _peer(page, table, row, key)


def _peer(page: ReportPage, table: SectionTable, row: int, key: str) -> None:
    gap, change = (
        page.review.get(f"peer_gap{suffix}", page.this, f"metric={key}") for suffix in ("", ".yoy")
    )
    table.format(row, number=number_of(metrics()[key]) if key in metrics() else "int")
    table.put(row, "indicator", _peer_title(page, key))
    own, top = gap.pair or (page.review.get(key, page.this).value, math.nan)
    now, before = compared(gap, change)
    moved = change.value
    if now != gap.value:  # a running month is in the gap, and not compared
        before = moved = math.nan
    first, second = table.put(row, "own", own), table.put(row, "top", top)
    table.derive(row, "gap", gap.value, ("YOY_GROWTH({0},{1})", (first, second)))
    table.put(row, "before", before)
    table.put(row, "change", moved)
    table.put(row, "note", page.note([gap]))


def _peer_title(page: ReportPage, key: str) -> str:
    if key in metrics():
        return label(metrics()[key], page.language)
    return str(declared()["names"][key][page.language])


def _departments(page: ReportPage) -> None:
    """Write median and 90th percentile of the days by department, and over all, this year and last."""
    table = SectionTable(page.sheets, COLLABORATION, page.language)
    names = sorted(
        {
            key[2].partition("department=")[2].partition(";")[0]
            for key in page.review.figures
            if key[:2] == ("collab_cycle_days", page.this) and "department=" in key[2]
        },
        key=lambda name: (-page.review.get("collab_cycle_days", page.this, _days(name, 50)).value, name),
    )
    for row, name in enumerate(names[:DEPARTMENT_ROWS], start=1):
        _department(page, table, row, name)
    _department(page, table, COLLABORATION.line("all"), None)


def _days(name: str | None, quantile: int) -> str:
    return f"department={name};quantile={quantile}" if name else f"quantile={quantile}"


def _department(page: ReportPage, table: SectionTable, row: int, name: str | None) -> None:
    middle, slow = (page.review.get("collab_cycle_days", page.this, _days(name, at)) for at in (50, 90))
    before = page.review.get("collab_cycle_days", page.last, _days(name, 50))
    table.put(row, "department", name or word("all_departments", page.language), "" if name else "name")
    for key, kind in (("items", Kind.ITEMS), ("open", Kind.OPEN)):
        table.put(row, key, next(iter(middle.basis.numbers(kind)), math.nan))
    now = table.put(row, "median", middle.value)
    table.put(row, "slowest", slow.value)
    then = table.put(row, "before", before.value)
    table.derive(row, "change", middle.value - before.value, ("{0}-{1}", (now, then)))
    told = next((each for each in (middle, slow) if not each.defined), middle)
    table.put(row, "note", page.note([told]))


def ways(page: ReportPage, problem: Problem) -> dict[str, Candidate]:
    """Return how the figures of a problem follow from cells, by ``now`` and ``reference``; others are left out."""
    rule, _, name = problem.id.rpartition("/")
    if problem.rule == "natural_slowdown":
        return _halves(page)
    if problem.rule in _INDICATORS:
        row = TRAFFIC.line(_INDICATORS[problem.rule])
        found = {"now": cells(TRAFFIC, row, "whole"), "reference": cells(TRAFFIC, row + 1, "whole")}
    else:
        listed, columns = _LISTED.get(rule, (None, {}))
        if listed is None:
            return {}
        titles = [str(line[0].value) for line in page.sheets.grids[listed.name].cells]
        title = problem.name[page.language] if rule != "peer_gap" else _peer_title(page, name)
        if title not in titles:
            return {}
        found = {key: cells(listed, titles.index(title), column) for key, column in columns.items()}
        found |= {"reference": cells(MARKETS, MARKETS.line("all"), "now")} if rule == "market" else {}
    return {key: ("{0}", (ref,)) for key, ref in found.items()}


def _halves(page: ReportPage) -> dict[str, Candidate]:
    """Return the growth of natural impressions of the second half and of the first from the monthly table."""
    this, last = (MONTHS.line(f"natural_impressions{line}") for line in ("", " last"))
    spans = {"now": ("m7", page.last_month() - 6), "reference": ("m1", 6)}
    return {
        key: (
            "YOY_GROWTH(SUM({0}),SUM({1}))",
            (cells(MONTHS, this, first, columns=count), cells(MONTHS, last, first, columns=count)),
        )
        for key, (first, count) in spans.items()
        if count > 0
    }


_INDICATORS = {"longtail": "longtail_capture", "low_quality": "low_quality_inquiry_share"}
_LISTED = {
    "market": (MARKETS, {"now": "now"}),
    "peer_gap": (PEERS, {"now": "own", "reference": "top"}),
    "collaboration": (COLLABORATION, {"now": "median"}),
}


def charts() -> tuple[Chart, ...]:
    """Return the rates of the markets with their intervals, and what changed the rate of all."""

    def run(key: str) -> Ref:
        return cells(DATA, 1, key, rows=DRAWN)

    def series(key: str, role: SeriesRole, spread: tuple[Ref, Ref] | None = None) -> Series:
        return Series(cells(DATA, 0, key), run("market"), run(key), role, spread)

    spread = (run("plus"), run("minus"))
    drawn = (
        series("proven", SeriesRole.ACTUAL, spread),
        series("unproven", SeriesRole.UNPROVEN, spread),
        # Unseen columns as high as the intervals: the axis would not reach the ends of the whiskers without them.
        series("top", SeriesRole.BASE),
        series("mean", SeriesRole.TARGET),
    )
    rates = Chart("evidence_markets", "evidence", "overlaid", title_of("evidence_markets"), drawn, "0%")
    steps = cells(DATA, 1, "steps", rows=_STEPS)
    split = waterfall.chart(
        "evidence_market_split", title_of("evidence_market_split"), cells(MARKETS, 0, "change"), steps, "0.0"
    )
    return rates, split
