"""From JSON documents to the rows that are in them: every envelope is opened, whatever it is called.

Objects are looked at from the outside in. Those whose fields are of a kind are rows; everything else is an envelope
and is opened, also where it is JSON inside a string. What envelopes say of their rows goes along: the period, how many
rows there are in all, that the call failed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from opsbook.intake.json_kinds import JsonMatch, matches, paths_of
from opsbook.intake.json_text import DEPTH, Documents, begins_like_json, documents

_STRINGS = 6  # levels of JSON inside JSON strings
_QUERIES = frozenset({"args", "arguments", "params", "query", "request", "input"})
_TOTALS = ("recordCount", "totalCount", "serverTotalCount", "maximumRecordCount", "totalRecords", "total")
_FINE = frozenset({"", "0", "200", "none", "null", "success", "ok"})
_WAITING = frozenset({"executing", "running", "pending", "processing"})
_FAILING = range(400, 600)
_TABLE = "tsvData"
REPORT = "reportAllData"
_REPEATING = frozenset(
    {"shopSellData"}
)  # lists of a report that say again, with less, what another list says


@dataclass(frozen=True)
class Facts:
    """What the envelopes around rows say.

    Attributes:
        date: ``statDate`` of the query.
        window: ``statisticsType`` of the query: day, week, month, 7d, 30d.
        start: First day of the rows' period.
        end: Last day.
        metric: ``dimensionType`` of the query: what the figures count.
        total: How many rows there are in all, or None.
        part: Whether the reply calls itself a part (True) or complete (False), or None.
        report: Which weekly report the rows are of, 0 for none.
    """

    date: str = ""
    window: str = ""
    start: str = ""
    end: str = ""
    metric: str = ""
    total: int | None = None
    part: bool | None = None
    report: int = 0


@dataclass(frozen=True)
class Batch:
    """Objects of one kind, as one list of a reply has them."""

    match: JsonMatch
    records: Sequence[Mapping[str, Any]]
    facts: Facts
    key: str


@dataclass
class Answers:
    """All that a file's documents say.

    Attributes:
        batches: Rows.
        failures: Replies without data: why, as the reply says it.
        ambiguous: Lists that two kinds explain equally well: their titles.
        unused: Names of lists and modules whose fields are of no kind.
        empty: How many lists have no entries.
        tables: Tables as texts with tabs, which the ad tools put into their replies.
        deep: Whether something was nested too deeply to be looked into.
        documents: What the parser found, with JSON inside strings.
    """

    documents: Documents
    batches: list[Batch] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    empty: int = 0
    tables: list[str] = field(default_factory=list)
    deep: bool = False


def answers(found: Documents) -> Answers:
    """Return the rows of documents."""
    made = Answers(found)
    walker = _Walker(made)
    for document in list(found.found):
        walker.walk(document, Facts(), "", 0, 0)
    others = {
        (batch.match.schema.kind, batch.facts.report) for batch in made.batches if batch.key not in _REPEATING
    }
    made.batches = [
        batch
        for batch in _once(made.batches)
        if batch.key not in _REPEATING or (batch.match.schema.kind, batch.facts.report) not in others
    ]
    return made


def _once(batches: Sequence[Batch]) -> Iterator[Batch]:
    """Yield lists without those that the reply holds again, as text and as structured content."""
    seen: set[tuple[str, Facts, bytes]] = set()
    for batch in batches:
        content = json.dumps(batch.records, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
        key = (batch.match.schema.kind, replace(batch.facts, report=0), hashlib.sha256(content).digest())
        if key not in seen:
            seen.add(key)
            yield batch


class _Walker:
    def __init__(self, made: Answers) -> None:
        self.made = made
        self.reports = 0

    def walk(self, node: Any, facts: Facts, key: str, depth: int, strings: int) -> None:
        """Take the rows in a node."""
        if depth > DEPTH:
            self.made.deep = True
        elif isinstance(node, str):
            self._text(node, facts, key, depth, strings)
        elif isinstance(node, list):
            self._list(node, facts, key, depth, strings)
        elif isinstance(node, dict):
            self._object(node, facts, key, depth, strings)

    def _text(self, text: str, facts: Facts, key: str, depth: int, strings: int) -> None:
        if key == _TABLE and "\t" in text.partition("\n")[0]:
            self.made.tables.append(text)
            return
        if strings >= _STRINGS or not (begins_like_json(text) or (key == "text" and "{" in text)):
            return
        inner = documents(text)
        for name in ("repeated", "numbers", "broken"):
            getattr(self.made.documents, name).extend(getattr(inner, name))
        for document in inner.found:
            self.walk(document, facts, key, depth + 1, strings + 1)

    def _list(self, node: list[Any], facts: Facts, key: str, depth: int, strings: int) -> None:
        records = [each for each in node if isinstance(each, dict)]
        if records and self._take(records, facts, key, depth, strings):
            return
        if not node:
            self.made.empty += 1
        before = len(self.made.batches) + len(self.made.failures)
        for each in node:
            self.walk(each, facts, key, depth + 1, strings)
        if records and key and len(self.made.batches) + len(self.made.failures) == before:
            self.made.unused.append(key)

    def _object(self, node: dict[str, Any], facts: Facts, key: str, depth: int, strings: int) -> None:
        if reason := _failure(node):
            self.made.failures.append(reason)
            return
        if self._take([node], facts, key, depth, strings):
            return
        inside = _facts(node, facts)
        for name, value in node.items():
            if name in _QUERIES:
                continue
            if name == REPORT and isinstance(value, dict):
                self._report(value, inside, depth, strings)
            else:
                self.walk(value, inside, name, depth + 1, strings)
        if not node:
            self.made.empty += 1

    def _report(self, modules: dict[str, Any], facts: Facts, depth: int, strings: int) -> None:
        self.reports += 1
        of_report = replace(facts, report=self.reports)
        for name, value in modules.items():
            before = len(self.made.batches)
            self.walk(value, of_report, name, depth + 1, strings)
            if value and len(self.made.batches) == before and name not in self.made.unused:
                self.made.unused.append(name)

    def _take(self, records: list[dict[str, Any]], facts: Facts, key: str, depth: int, strings: int) -> bool:
        """Take objects as rows where a kind explains them; what it does not use of them is looked into."""
        found = matches(paths_of(records), key)
        if not found:
            return False
        best = found[0]
        if len(found) > 1 and found[1].rank == best.rank:
            titles = [f"{match.schema.title.zh} / {match.schema.title.en}" for match in found[:2]]
            self.made.ambiguous.append("; ".join(titles))
            return True
        self.made.batches.append(Batch(best, records, facts, key))
        used = {re.split(r"[.\[]", path)[0] for path in best.fields}
        for record in records:
            last = record.get("endDate")
            inside = replace(facts, total=None, part=None, end=last if isinstance(last, str) else facts.end)
            for name, value in record.items():
                if name not in used and isinstance(value, list | dict) and _objects(value):
                    self.walk(value, inside, name, depth + 1, strings)
        return True


def _objects(value: Any) -> bool:
    return isinstance(value, dict) or any(isinstance(each, dict) for each in value)


def _failure(node: Mapping[str, Any]) -> str:
    """Return why an envelope has no data, or nothing: a failed call is no reply of zeros."""
    code = str(node.get("errorCode", "")).strip()
    inner = node.get("code")
    status = str(node.get("invokeStatus", "")).casefold()
    if status in _WAITING:
        return "executing"
    failed = (
        str(node.get("success", "")).casefold() == "false"
        or str(node.get("isError", "")).casefold() == "true"
    )
    if (
        isinstance(inner, int | str)
        and str(inner).isdigit()
        and int(inner) in _FAILING
        and not node.get("id")
    ):
        return f"code {inner}"
    if code.casefold() not in _FINE and len(code) <= 40 and not node.get("id"):
        return f"errorCode {code}"
    return "success: false" if failed else ""


def _facts(node: Mapping[str, Any], facts: Facts) -> Facts:
    """Return the facts with what an envelope and the query that it repeats add."""
    said: dict[str, Any] = {}
    for source in (*(each for name in _QUERIES if isinstance(each := node.get(name), dict)), node):
        for name, ours in (
            ("statDate", "date"), ("statisticsType", "window"), ("periodStart", "start"), ("periodEnd", "end"), ("beginDate", "start"), ("endDate", "end"), ("dimensionType", "metric"),
        ):  # fmt: skip
            if isinstance(value := source.get(name), str) and value.strip():
                said[ours] = value.strip()
    url = node.get("downloadUrl")
    if isinstance(url, str):
        try:
            asked = dict(parse_qsl(urlsplit(url).query))
        except ValueError:
            asked = {}
        for name, ours in (("statDate", "date"), ("statisticsType", "window"), ("dimensionType", "metric")):
            if asked.get(name):
                said.setdefault(ours, asked[name])
    counts = [int(value) for name in _TOTALS if (value := _count(node.get(name))) is not None]
    if counts:
        said["total"] = counts[0]
    truncated, complete = node.get("truncated"), node.get("complete")
    if truncated is True or complete is False or node.get("coverage") == "sample":
        said["part"] = True
    elif complete is True or truncated is False:
        said["part"] = False
    return replace(facts, **said)


def _count(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    return int(value) if isinstance(value, str) and value.isdigit() and len(value) < 10 else None
