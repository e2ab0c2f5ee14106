"""What the strategies are chosen by, table by table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from opsbook.domain.language import Language, Text
from opsbook.functions.growth import change
from opsbook.functions.ratios import ratio
from opsbook.metrics.planning_inputs import Prospects
from opsbook.params import Settings
from opsbook.params.export_words import market_titles
from opsbook.plan.data_rows import Listed, listed
from opsbook.plan.offers import offers
from opsbook.plan.row_merge import Content, Standing, Wanted, settle
from opsbook.plan.shared_tables import NAN, Filled, declared, joint, plain
from opsbook.plan.table_declarations import tables
from opsbook.plan.tracks import tracks
from opsbook.plan.trial_verdicts import trials, words

if TYPE_CHECKING:
    from opsbook.metrics.review import Review

LIVE, VIDEOS = 2, 3  # livestreams and videos a month


def choices(
    review: Review, standing: Mapping[str, Standing], year: int, settings: Settings
) -> dict[str, Filled]:
    """Return the tables by block."""
    found = review.prospects or Prospects()
    language = settings.language
    return {
        **listed("words", standing, words(found, settings, language)),
        **listed("tests", standing, trials(found, settings)),
        "strategy.tracks": tracks(found, standing, settings, language),
        "strategy.offers": offers(found, standing, settings, language),
        **listed("competitors", standing, _competitors(found, language)),
        **listed("markets", standing, _markets(found, review, language)),
        "strategy.calendar": _calendar(review, standing, year, language),
    }


_FIELDS = {
    "main_image": Text("主图", "image"),
    "detail_page": Text("详情页", "page"),
    "campaign": Text("活动", "campaign"),
}


def _competitors(found: Prospects, language: Language) -> list[Listed]:
    changed = Text("换了", "new ")[language]
    lines: list[Listed] = []
    for each in found.competitors:
        moved = [f"{changed}{_FIELDS[name][language]}" for name in each.changed]
        price = float(change(each.price, each.before))
        lines.append(
            (
                each.name,
                {
                    "name": each.name,
                    "month": joint([f"{each.month:%Y-%m}", *moved], language),
                    "hot": plain(each.hot),
                    "price": plain(each.price),
                    "before": plain(each.before),
                    "change": plain(price),
                    "interactions": plain(each.interactions),
                    "campaigns": each.campaign or None,
                    "state": "moved" if moved or (not math.isnan(price) and price != 0) else "calm",
                },
            )
        )
    return lines


_VERDICTS: Mapping[float, str] = {-1.0: "below", 0.0: "few", 1.0: "above"}


def _markets(found: Prospects, review: Review, language: Language) -> list[Listed]:
    year = str(review.year)
    lines: list[Listed] = []
    for each in found.markets:
        where = f"market={each.id}"
        verdict = review.get("market_order_rate.verdict", year, where)
        lines.append(
            (
                each.id,
                {
                    "market": market_titles().get(each.id, Text(each.id, each.id))[language],
                    "product": each.product or None,
                    "buyers": float(each.buyers) if each.buyers else None,
                    "orders": float(each.orders),
                    "amount": each.amount,
                    "frequency": plain(float(ratio(each.orders, each.buyers))),
                    "aov": plain(float(ratio(each.amount, each.orders))),
                    "rate": plain(review.get("market_order_rate", year, where).value),
                    "verdict": _VERDICTS[verdict.value] if verdict.defined else "unknown",
                },
            )
        )
    return lines


def _calendar(review: Review, standing: Mapping[str, Standing], year: int, language: Language) -> Filled:
    block = "strategy.calendar"
    entry = declared("calendar")
    wanted = [
        Wanted(
            f"month-{number}",
            {
                "themes": entry["themes"][language][number - 1],
                "videos": "、".join(entry["videos"][language]),
                "planned": float(LIVE),
                "short": float(VIDEOS),
            },
        )
        for number in range(1, 13)
    ]
    agreed = settle(tables()[block], standing.get(block, Standing()), wanted)
    live: dict[str, dict[str, Content]] = {}
    for line in agreed.used:
        number = line.key.removeprefix("month-")
        if not number.isdigit() or not year:
            live[line.key] = {"month": _month(number, language)} if number.isdigit() else {}
            continue
        period = f"{year}-{int(number):02d}"
        sessions, published, rate = (
            review.get(metric, period).value
            for metric in ("live_sessions", "short_videos", "interaction_rate")
        )
        planned = math.fsum(line.number(name) or 0.0 for name in ("planned", "short"))
        done = (
            NAN
            if math.isnan(sessions)
            else float(ratio(sessions + (0 if math.isnan(published) else published), planned))
        )
        live[line.key] = {
            "month": _month(number, language),
            "sessions": plain(sessions),
            "published": plain(published),
            "rate": plain(rate),
            "done": plain(done),
            "state": "ahead" if math.isnan(done) else "met" if done >= 1 else "under_way",
        }
    return Filled(agreed, live)


def _month(number: str, language: Language) -> str:
    return f"{number}月" if language == "zh" else f"M{number}"
