"""What is said of a JSON file: replies without data, parts of a list, fields and values that are not used."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from opsbook.intake.issue_collector import IssueCollector, listed
from opsbook.intake.json_kinds import is_known, paths_of
from opsbook.intake.json_text import leaves
from opsbook.intake.redaction import discreet, without_contacts
from opsbook.schemas import Schema

if TYPE_CHECKING:
    from opsbook.intake.json_answers import Answers
    from opsbook.intake.json_cells import Trouble
    from opsbook.intake.json_periods import JsonPeriod

# What dimensionType may be, as the service spells it.
METRICS = {
    "shop_uv": "visitors",
    "total_imps_cnt": "impressions",
    "total_bus_cnt": "leads",
    "comp_imps_cnt": "search_impressions",
    "comp_clk_cnt": "search_clicks",
    "comp_fb_uv": "inquiry_buyers",
    "comp_fb_cnt": "inquiries",
    "comp_atm_uv": "tm_buyers",
    "semi_mgt_imps_cnt": "semi_managed_impressions",
}
_NO_ZONE = re.compile(r"\d{4}[-/]\d{1,2}[-/]0?1[ T]+(?P<hour>\d{1,2}):\d{2}(?::\d{2})?(?:\.\d+)?")
_IDENTIFIER = re.compile(r"@?[a-zA-Z_][A-Za-z0-9_]{0,40}(?:(?:\[\])?\.[a-zA-Z_][A-Za-z0-9_]{0,40}){0,5}")
_ENVELOPE = frozenset(
    {
        "success",
        "errorCode",
        "errorMsg",
        "data",
        "values",
        "result",
        "returnValue",
        "content",
        "isError",
        "code",
        "msg",
    }
)
_HOURS = 16  # between Beijing and Pacific time, at most


def named(path: str) -> str:
    """Return the name of a field as a message may show it: what is no plain identifier may be a person's name."""
    return path if _IDENTIFIER.fullmatch(path) else discreet(path)


def report_reading(found: Answers, tally: IssueCollector) -> None:
    """Report what the parser saw, and what the replies say of themselves."""
    made = found.documents
    for code, line, detail, times in made.remarks:
        tally.add(code, row=line, detail=detail, times=times)
    if made.broken:
        tally.add("json.broken", detail=listed(made.broken), times=len(made.broken))
    if made.repeated:
        names = listed(dict.fromkeys(map(named, made.repeated)))
        tally.add("json.repeated", detail=names, times=len(made.repeated))
    if made.numbers:
        tally.add("json.number", detail=listed(dict.fromkeys(made.numbers)), times=len(made.numbers))
    if found.deep:
        tally.add("json.deep_part")
    waiting = found.failures.count("executing")
    if waiting:
        tally.add("json.executing", times=waiting)
    others = Counter(reason for reason in found.failures if reason != "executing")
    if others:
        tally.add("json.failed", detail=listed(map(without_contacts, others)), times=others.total())
    for titles in dict.fromkeys(found.ambiguous):
        tally.add("table.ambiguous", detail=titles)
    if found.unused and found.batches:
        tally.add("json.unused", detail=listed(dict.fromkeys(map(named, found.unused))))
    if found.batches or found.failures or found.ambiguous or found.tables or made.broken or found.deep:
        return
    names = listed(dict.fromkeys(map(named, chain.from_iterable(map(leaves, made.found)))))
    if found.unused or (set(chain.from_iterable(map(leaves, made.found))) - _ENVELOPE and not found.empty):
        tally.add("json.unknown", detail=names)
    else:
        tally.add("json.empty")


def report_fields(found: Answers, trouble: Trouble, tally: IssueCollector) -> None:
    """Report once which fields no kind knows, and once each which values were left out."""
    unknown = dict.fromkeys(
        named(path)
        for batch in found.batches
        for path in paths_of(batch.records)
        if not is_known(batch.match.schema, path) and not _inside(path, batch.match.fields)
    )
    if unknown:
        tally.add("json.fields", detail=listed(unknown), times=len(unknown))
    for code, counts in (
        ("json.type", trouble.types),
        ("json.rate", trouble.rates),
        ("json.currency", trouble.currencies),
    ):
        for path, times in counts.items():
            tally.add(code, column=path, times=times)


def _inside(path: str, known: object) -> bool:
    """Whether a path is in a list or an object that is looked into by itself."""
    return "[]" in path and not any(str(each).startswith(path.partition("[]")[0]) for each in known)  # type: ignore[attr-defined]


def report_window(schema: Schema, said: JsonPeriod, tally: IssueCollector) -> None:
    """Report rows of a rolling window of a kind that keeps none."""
    tally.add("json.window", value=f"{schema.title.zh} / {schema.title.en}", detail=said.text)


def metric_of(asked: str, name: str) -> str | None:
    """Return what the figures of a reply count: by its query, else by the words of the service in the file's name."""
    if asked.casefold() in METRICS:
        return METRICS[asked.casefold()]
    found = {ours for theirs, ours in METRICS.items() if theirs in name.casefold().replace("-", "_")}
    return found.pop() if len(found) == 1 else None


def near_month_start(value: object) -> bool:
    """Whether a time without a zone is of another month on the other clock: Beijing is up to 16 hours ahead."""
    match = _NO_ZONE.fullmatch(value.strip()) if isinstance(value, str) else None
    return match is not None and int(match["hour"]) < _HOURS
