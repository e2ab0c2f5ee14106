"""The evidence behind the problems: traffic, conversion by market with intervals, peers, other departments."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book import layout_evidence as places
from opsbook.book import waterfall
from opsbook.book.cells import KNOWN_SUM
from opsbook.book.formats import number_of
from opsbook.book.model import Chart, Ref, Role, Series
from opsbook.book.page import JANUARY, MONTHS, compared, month_row
from opsbook.book.words import verdict, word
from opsbook.book.work_page import YEAR, head, indicators_table, no_data
from opsbook.domain.basis import Kind
from opsbook.domain.sample import Change, Share
from opsbook.metrics.catalogue import metrics
from opsbook.params.export_words import market_titles
from opsbook.review.indicators import label
from opsbook.review.problems import declared

if TYPE_CHECKING:
    from opsbook.book.cells import Candidate, Grid
    from opsbook.book.page import Page
    from opsbook.params import Settings
    from opsbook.review.problems import Problem

MARKETS, DATA, TITLES = "evidence.markets", "evidence.markets_chart_data", "evidence.markets_chart_titles"
RATE, SPLIT = "market_order_rate", "market_rate_split"
_ASKED, _ORDERS, _NOW, _LOW, _HIGH, _SAID, _BEFORE, _CHANGE, _OWN, _MIX = range(2, 12)
_TOTAL = 1 + places.MARKETS
_STEPS = 4
_PROVEN, _UNPROVEN, _PLUS, _MINUS, _TOP, _MEAN = range(1, 7)  # columns of the chart's data; the steps follow
_STEPS_AT = 7
_VERDICTS = {1.0: "above", -1.0: "below", 0.0: "few"}
_LOOKS = {
    _ASKED: "value.int", _ORDERS: "value.int", _NOW: "strong.pct2", _LOW: "prior.pct2", _HIGH: "prior.pct2",
    _SAID: "verdict", _BEFORE: "prior.pct2", _CHANGE: "growth.pp.higher", _OWN: "growth.pp.higher",
    _MIX: "growth.pp.higher",
}  # fmt: skip


def evidence(page: Page, settings: Settings, *, demo: bool) -> None:
    """Write every block of the sheet."""
    head(page, "evidence", settings, demo=demo, width=places.WIDTH)
    indicators_table(page, "evidence.traffic", places.TRAFFIC)
    _markets(page)
    _peers(page)
    _departments(page)


def _heads(grid: Grid, page: Page, keys: tuple[str, ...]) -> None:
    for column, key in enumerate(keys):
        look = "head" if column < _ASKED else "headnote" if key in ("judgement", "note") else "headnum"
        grid.put(0, column, word(key, page.language) if key else None, look)


def _markets(page: Page) -> None:
    """Write every market's rate with its interval and what it did to the rate of all, then all together."""
    grid = page.sheets.grid(MARKETS, 1 + _TOTAL, places.WIDTH, style="text")
    heads = (
        "market", "", "inquiries", "orders", "rate", "low", "high", "judgement", "last_rate_market", "rate_change",
        "rate_own", "rate_mix",
    )  # fmt: skip
    _heads(grid, page, heads)
    named = {key[2].partition("=")[2] for key in page.review.figures if key[:2] == (RATE, page.this)}
    order = sorted(named, key=lambda name: (-_share(page, name).trials, name))
    for row in range(1, _TOTAL + 1):
        for column, look in _LOOKS.items():
            grid.put(row, column, None, look)
    for row, name in enumerate(order[: places.MARKETS], start=1):
        grid.put(row, 0, market_titles()[name][page.language] if name in market_titles() else name, "text")
        _market(page, grid, row, name)
    grid.put(_TOTAL, 0, word("all_markets", page.language), "name")
    if order:
        _all_markets(page, grid, len(order))
    _market_charts(page, grid, order)


def _share(page: Page, name: str) -> Share:
    """Return orders and inquiries of a market over the months that are compared with last year's, else over all."""
    rate, yoy = (page.review.get(f"{RATE}{suffix}", page.this, f"market={name}") for suffix in ("", ".yoy"))
    sample = yoy.sample.now if isinstance(yoy.sample, Change) else rate.sample
    return sample if isinstance(sample, Share) else Share(0, 0)


def _market(page: Page, grid: Grid, row: int, name: str) -> None:
    dimension = f"market={name}"
    share = _share(page, name)
    over, under = (
        grid.put(row, column, round(number), "value.int")
        for column, number in ((_ORDERS, share.hits), (_ASKED, share.trials))
    )
    rate, yoy = (page.review.get(f"{RATE}{suffix}", page.this, dimension) for suffix in ("", ".yoy"))
    grid.derive(row, _NOW, share.value, _LOOKS[_NOW], page.sheets, ("{0}/{1}", (over, under)))
    for column, suffix in ((_LOW, ".low"), (_HIGH, ".high")):
        grid.put(row, column, page.review.get(f"{RATE}{suffix}", page.this, dimension).value, _LOOKS[column])
    grid.put(row, _BEFORE, compared(rate, yoy)[1], _LOOKS[_BEFORE])
    grid.put(row, _CHANGE, yoy.value, _LOOKS[_CHANGE])
    said = page.review.get(f"{RATE}.verdict", page.this, dimension)
    grid.put(row, _SAID, verdict(_VERDICTS[said.value], page.language) if said.defined else None, "verdict")
    for column, part in ((_OWN, "rate"), (_MIX, "mix")):
        value = page.review.get(SPLIT, page.this, f"{dimension};part={part}").value
        grid.put(row, column, value, _LOOKS[column])


def _all_markets(page: Page, grid: Grid, count: int) -> None:
    """Write the whole: the effects of the markets sum to the change of its rate."""
    refs = []
    for column in (_ORDERS, _ASKED):
        cells = grid.ref(1, column, count, 1)
        total = math.fsum(page.sheets.numbers(cells))
        refs.append(grid.derive(_TOTAL, column, total, _LOOKS[column], page.sheets, ("SUM({0})", (cells,))))
    over, under = (page.sheets.numbers(ref)[0] for ref in refs)
    rate = over / under if under else math.nan
    grid.derive(_TOTAL, _NOW, rate, _LOOKS[_NOW], page.sheets, ("{0}/{1}", (refs[0], refs[1])))
    grid.put(_TOTAL, _BEFORE, page.review.get(f"{SPLIT}.base", page.this).value, _LOOKS[_BEFORE])
    effects = []
    for column, part in ((_OWN, "rate"), (_MIX, "mix")):
        value = page.review.get(SPLIT, page.this, f"part={part}").value
        effects.append(value)
        run = (KNOWN_SUM, (grid.ref(1, column, count, 1),))
        grid.derive(_TOTAL, column, value, _LOOKS[column], page.sheets, run)
    both = ("SUM({0})", (grid.ref(_TOTAL, _OWN, 1, 2),))
    grid.derive(_TOTAL, _CHANGE, math.fsum(effects), _LOOKS[_CHANGE], page.sheets, both)


def _market_charts(page: Page, table: Grid, order: list[str]) -> None:
    """Write what the charts draw: rates with whiskers, grey where the interval holds the mean; the change in steps."""
    language = page.language
    grid = page.sheets.grid(DATA, 1 + places.DRAWN, _STEPS_AT + waterfall.COLUMNS, style="under")
    for column, key in (
        (_PROVEN, "market_proven"),
        (_UNPROVEN, "market_unproven"),
        (_TOP, "high"),
        (_MEAN, "all_markets"),
    ):
        grid.put(0, column, word(key, language), "under")
    mean = page.sheets.numbers(table.ref(_TOTAL, _NOW))[0]
    for row in range(1, min(len(order), places.DRAWN) + 1):
        now, low, high = (page.sheets.numbers(table.ref(row, column))[0] for column in (_NOW, _LOW, _HIGH))
        said = page.review.get(f"{RATE}.verdict", page.this, f"market={order[row - 1]}").value
        column = _PROVEN if said in (-1.0, 1.0) else _UNPROVEN
        grid.put(row, 0, str(table.cells[row][0].value).replace(" ", "\n"), "under")
        grid.put(row, 3 - column, math.nan, "under")
        grid.put(row, column, now, "under")
        grid.put(row, _PLUS, high - now, "under")
        grid.put(row, _MINUS, now - low, "under")
        grid.put(row, _TOP, high, "under")
        grid.put(row, _MEAN, mean, "under")
    known = not math.isnan(mean)
    titles = page.sheets.grid(TITLES, 2, 1)
    base, own, mix = (page.sheets.numbers(table.ref(_TOTAL, column))[0] for column in (_BEFORE, _OWN, _MIX))
    for row, (key, shown) in enumerate(
        (("chart_markets", known), ("chart_market_split", not math.isnan(base)))
    ):
        title = word(key, language, period=page.years[0])
        reason = page.review.get(SPLIT if row else RATE, page.this, "part=rate").basis
        titles.put(row, 0, title if shown else no_data(page, title, reason), "under")
    names = [word(key, language) for key in ("last_rate_market", "rate_own", "rate_mix", "rate")]
    numbers = tuple(100 * each for each in (base, own, mix))
    waterfall.steps(grid, 1, names, numbers, left=_STEPS_AT, digits=2)


def _peers(page: Page) -> None:
    """Write own figure, the top peers' and the gap, this year and last, of every figure whose peers are known."""
    grid = page.sheets.grid("evidence.peers", 1 + places.PEERS, places.WIDTH, style="text")
    _heads(
        grid,
        page,
        ("indicator", "", "own", "peer_top", "peer_gap", "last_gap", "gap_change", "", "note", "", "", ""),
    )
    for row, key in enumerate((*declared()["peer_gap"]["metrics"], *places.MORE_PEERS), start=1):
        _peer(page, grid, row, key)


def _peer(page: Page, grid: Grid, row: int, key: str) -> None:
    gap, change = (
        page.review.get(f"peer_gap{suffix}", page.this, f"metric={key}") for suffix in ("", ".yoy")
    )
    title = (
        label(metrics()[key], page.language) if key in metrics() else declared()["names"][key][page.language]
    )
    grid.put(row, 0, title, "name")
    number = number_of(metrics()[key]) if key in metrics() else "int"
    own, top = gap.pair or (page.review.get(key, page.this).value, math.nan)
    now, before = compared(gap, change)
    moved = change.value
    if now != gap.value:  # a running month is in the gap, and not compared
        before = moved = math.nan
    first = grid.put(row, 2, own, f"strong.{number}")
    second = grid.put(row, 3, top, f"prior.{number}")
    grid.derive(
        row, 4, gap.value, "growth.growth.higher", page.sheets, ("YOY_GROWTH({0},{1})", (first, second))
    )
    grid.put(row, 5, before, "prior.growth")
    grid.put(row, 6, moved, "growth.pp.higher")
    grid.put(row, 8, page.note([gap]), "quietnote")


def _peer_title(page: Page, key: str) -> str:
    if key in metrics():
        return label(metrics()[key], page.language)
    return str(declared()["names"][key][page.language])


def _departments(page: Page) -> None:
    """Write median and 90th percentile of the days by department, and over all, this year and last."""
    grid = page.sheets.grid("evidence.collaboration", 2 + places.DEPARTMENTS, places.WIDTH, style="text")
    heads = (
        "department",
        "",
        "items",
        "open_items",
        "median",
        "slowest",
        "last_median",
        "change_days",
        "note",
        "",
        "",
        "",
    )
    _heads(grid, page, heads)
    names = sorted(
        {
            key[2].partition("department=")[2].partition(";")[0]
            for key in page.review.figures
            if key[:2] == ("collab_cycle_days", page.this) and "department=" in key[2]
        },
        key=lambda name: (-page.review.get("collab_cycle_days", page.this, _days(name, 50)).value, name),
    )
    lines = [*names[: places.DEPARTMENTS], *("",) * (places.DEPARTMENTS - len(names)), None]
    for row, name in enumerate(lines, start=1):
        looks = ("value.int", "value.int", "strong.mean", "value.mean", "prior.mean", "growth.signed1.lower")
        for column, look in enumerate(looks, start=2):
            grid.put(row, column, None, look)
        grid.put(row, 8, None, "quietnote")
        if name != "":
            _department(page, grid, row, name)


def _days(name: str | None, quantile: int) -> str:
    return f"department={name};quantile={quantile}" if name else f"quantile={quantile}"


def _department(page: Page, grid: Grid, row: int, name: str | None) -> None:
    middle, slow = (page.review.get("collab_cycle_days", page.this, _days(name, at)) for at in (50, 90))
    before = page.review.get("collab_cycle_days", page.last, _days(name, 50))
    counts = [next(iter(middle.basis.numbers(kind)), math.nan) for kind in (Kind.ITEMS, Kind.OPEN)]
    grid.put(row, 0, name or word("all_departments", page.language), "text" if name else "name")
    for column, count in enumerate(counts, start=2):
        grid.put(row, column, count, "value.int")
    now = grid.put(row, 4, middle.value, "strong.mean")
    grid.put(row, 5, slow.value, "value.mean")
    then = grid.put(row, 6, before.value, "prior.mean")
    way = ("{0}-{1}", (now, then))
    grid.derive(row, 7, middle.value - before.value, "growth.signed1.lower", page.sheets, way)
    told = next((each for each in (middle, slow) if not each.defined), middle)
    grid.put(row, 8, page.note([told]), "quietnote")


def ways(page: Page, problem: Problem) -> dict[str, Candidate]:
    """Return how the figures of a problem follow from cells, by ``now`` and ``reference``; others are left out."""
    rule, _, name = problem.id.rpartition("/")
    if problem.rule == "natural_slowdown":
        return _halves(page)
    if problem.rule in _INDICATORS:
        row = 1 + 2 * places.TRAFFIC.index(_INDICATORS[problem.rule])
        found = {
            "now": Ref("evidence.traffic", row, YEAR),
            "reference": Ref("evidence.traffic", row + 1, YEAR),
        }
    else:
        block, columns = _LISTED.get(rule, ("", ()))
        titles = [str(line[0].value) for line in page.sheets.grids[block].cells] if block else []
        title = problem.name[page.language] if rule != "peer_gap" else _peer_title(page, name)
        if title not in titles:
            return {}
        found = {key: Ref(block, titles.index(title), column) for key, column in columns}
        found |= {"reference": Ref(MARKETS, _TOTAL, _NOW)} if rule == "market" else {}
    return {key: ("{0}", (ref,)) for key, ref in found.items()}


def _halves(page: Page) -> dict[str, Candidate]:
    """Return the growth of natural impressions of the second half and of the first from the monthly table."""
    row = month_row("natural_impressions")
    spans = {"now": (JANUARY + 6, page.last_month() - 6), "reference": (JANUARY, 6)}
    return {
        key: (
            "YOY_GROWTH(SUM({0}),SUM({1}))",
            (Ref(MONTHS, row, at, 1, count), Ref(MONTHS, row + 1, at, 1, count)),
        )
        for key, (at, count) in spans.items()
        if count > 0
    }


_INDICATORS = {"longtail": "longtail_capture", "low_quality": "low_quality_inquiry_share"}
_LISTED = {
    "market": (MARKETS, (("now", _NOW),)),
    "peer_gap": ("evidence.peers", (("now", 2), ("reference", 3))),
    "collaboration": ("evidence.collaboration", (("now", 4),)),
}


def charts() -> tuple[Chart, ...]:
    """Return the rates of the markets with their intervals, and what changed the rate of all."""
    names = Ref(DATA, 1, 0, places.DRAWN, 1)

    def cells(column: int) -> Ref:
        return Ref(DATA, 1, column, places.DRAWN, 1)

    spread = (cells(_PLUS), cells(_MINUS))
    series = (
        Series(Ref(DATA, 0, _PROVEN), names, cells(_PROVEN), Role.ACTUAL, spread),
        Series(Ref(DATA, 0, _UNPROVEN), names, cells(_UNPROVEN), Role.UNPROVEN, spread),
        # Unseen columns as high as the intervals: the axis would not reach the ends of the whiskers without them.
        Series(Ref(DATA, 0, _TOP), names, cells(_TOP), Role.BASE),
        Series(Ref(DATA, 0, _MEAN), names, cells(_MEAN), Role.TARGET),
    )
    rates = Chart("evidence_markets", "evidence", "overlaid", Ref(TITLES, 0, 0), series, "0%")
    steps = Ref(DATA, 1, _STEPS_AT, _STEPS)
    split = waterfall.chart(
        "evidence_market_split", Ref(TITLES, 1, 0), Ref(MARKETS, 0, _CHANGE), steps, "0.0"
    )
    return rates, split
