"""The sheet of cases: what carried the growth, a sentence people may rewrite, and room for the team's own words."""

from __future__ import annotations

from opsbook.book.model import Scalar
from opsbook.book.page import ReportPage, shorten
from opsbook.book.shared import table_state, write
from opsbook.book.sheet_head import sheet_head
from opsbook.book.words import word
from opsbook.params import Settings
from opsbook.plan.row_merge import Standing, Wanted, settle
from opsbook.plan.table_declarations import tables
from opsbook.review.growth_cases import GrowthCase, declared, find

LIST = "cases.list"


def cases(page: ReportPage, settings: Settings, *, demo: bool) -> None:
    """Write every case on its line; a line with words of people is never given to another case."""
    language = page.language
    table = tables()[LIST]
    heading = sheet_head(page, "cases", settings, page.review.year, demo=demo)
    found = {each.key: each for each in find(page.review)} if page.review.figures else {}
    if not found:
        heading.put(2, "title", word("cases_none", language), "pagenote")
    wanted = [Wanted(key, {"sentence": each.sentence[language]}) for key, each in found.items()]
    agreed = settle(table, page.standing.get(LIST, Standing()), wanted, keep_gone=False)
    live: dict[str, dict[str, Scalar]] = {}
    for number, line in enumerate(agreed.lines, start=1):
        case = found.get(line.key)
        state = table_state(line)
        live[line.key] = {
            "no": number,
            "state": state or None,
            **(_figures(page, case) if case else _gone(line.key)),
        }
    write(page.sheets, table, agreed, language, live)


def _figures(page: ReportPage, case: GrowthCase) -> dict[str, Scalar]:
    return {
        "kind": declared()[case.kind]["title"][page.language],
        "period": case.period[page.language],
        "name": shorten(case.name[page.language], 64),
        "now": case.now,
        "base": case.base,
        "points": case.points,
        "growth": case.growth,
    }


def _gone(key: str) -> dict[str, Scalar]:
    """Return what is known of a case that is no longer among them; nothing of a line that people began."""
    period, _, rest = key.partition("/")
    return {"period": period, "name": rest.partition("/")[2]} if rest else {}
