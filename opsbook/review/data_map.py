"""The data map: which kind of export is there for which month, and how to get what is missing before it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Text
from opsbook.periods import Grain, Period, month
from opsbook.schemas import PeriodRule, schemas

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.archive.archive_file import Archive

_PERIOD = ("_grain", "_start", "_end")
_SOON = 30  # days before the platform drops a month in which it is urgent


class DataState(StrEnum):
    """What there is of a kind in a month."""

    THERE = "there"
    SOME_DAYS = "some days"
    ESTIMATED = "estimated"
    SAMPLE = "sample only"
    MISSING = "missing"


_WORDS = {
    DataState.THERE: Text("已有", "there"),
    DataState.SOME_DAYS: Text("只有部分日期", "some days only"),
    DataState.ESTIMATED: Text("用自有表格估计", "estimated from your own tables"),
    DataState.SAMPLE: Text("只有样本", "a sample only"),
    DataState.MISSING: Text("缺", "missing"),
}


@dataclass(frozen=True)
class Entry:
    """One kind in one month.

    Attributes:
        kind: Of export.
        when: The month.
        state: What there is.
        until: The last day on which the platform still has the month; None where that is not known.
    """

    kind: str
    when: Period
    state: DataState
    until: date | None

    def is_gone(self, today: date) -> bool:
        """Whether the platform has dropped the month."""
        return self.until is not None and self.until < today

    def is_urgent(self, today: date) -> bool:
        """Whether the month is lacking and the platform drops it soon."""
        lacking = self.state is not DataState.THERE
        return lacking and self.until is not None and 0 <= (self.until - today).days <= _SOON


@dataclass(frozen=True)
class DataMap:
    """Kinds by month, in the order of what they fill."""

    entries: tuple[Entry, ...]
    today: date

    def lines(self) -> Iterator[Text]:
        """Yield one line a kind: what there is, what lacks, and how to get it."""
        for kind in dict.fromkeys(entry.kind for entry in self.entries):
            own = [entry for entry in self.entries if entry.kind == kind]
            title = schemas()[kind].title
            parts = [
                Text(f"{_WORDS[state].zh} {_months(found)}", f"{_WORDS[state].en}: {_months(found)}")
                for state in DataState
                if (found := [entry.when for entry in own if entry.state is state])
            ]
            text = Text(
                f"{title.zh}：{'；'.join(part.zh for part in parts)}",
                f"{title.en}: {'; '.join(part.en for part in parts)}",
            )
            yield text if all(entry.state is DataState.THERE for entry in own) else self._with_way(text, own)

    def _with_way(self, text: Text, own: Sequence[Entry]) -> Text:
        lacking = [entry for entry in own if entry.state is not DataState.THERE]
        left = [entry for entry in lacking if not entry.is_gone(self.today)]
        gone = [entry.when for entry in lacking if entry.is_gone(self.today)]
        zh, en = text.zh, text.en
        if left:
            how = _sources()[own[0].kind]["how"]
            zh, en = f"{zh} → {how['zh']}", f"{en} → {how['en']}"
        if urgent := [entry for entry in left if entry.is_urgent(self.today)]:
            zh += f"（{_months([entry.when for entry in urgent])} 平台只保留到约 {urgent[0].until}，请尽快）"
            en += f" (the platform keeps {_months([entry.when for entry in urgent])} until about {urgent[0].until} only)"
        if gone:
            zh += f"；{_months(gone)} 平台已不再提供，只能用自己保存的文件或表格"
            en += f"; {_months(gone)}: no longer on the platform, only your own files and tables have it"
        return Text(zh, en)

    def as_document(self) -> list[dict[str, Any]]:
        """Return it for JSON."""
        return [
            {
                "kind": entry.kind,
                "month": entry.when.label,
                "state": str(entry.state),
                "until": entry.until.isoformat() if entry.until else None,
                "urgent": entry.is_urgent(self.today),
            }
            for entry in self.entries
        ]


def data_map(archive: Archive, *, year: int | None, today: date) -> DataMap:
    """Return which kinds are there in the whole months of a year.

    Args:
        archive: The store's.
        year: Under review; None is the year of the newest data.
        today: Months that are not over are left out, and what the platform still keeps depends on it.
    """
    last = archive.last_day()
    number = year or (last or today).year
    months = [found for at in range(1, 13) if (found := month(number, at)).end < today]
    entries: list[Entry] = []
    for kind, source in _sources().items():
        covered = _covered(archive, kind)
        instead = _union(_covered(archive, other) for other in source.get("instead", ()))
        part = _covered(archive, source["part"]) if "part" in source else {}
        event = schemas()[kind].period is PeriodRule.EVENT
        for when in months:
            days = covered.get(when, 0)
            if days >= when.days or (event and days):
                state = DataState.THERE
            elif instead.get(when):
                state = DataState.ESTIMATED
            elif days:
                state = DataState.SOME_DAYS
            else:
                state = DataState.SAMPLE if part.get(when) else DataState.MISSING
            until = when.end + timedelta(days=source["keeps"]) if source["keeps"] else None
            entries.append(Entry(kind, when, state, until))
    return DataMap(tuple(entries), today)


def _covered(archive: Archive, kind: str) -> dict[Period, int]:
    """Return how many days of each month rows of a kind cover; weeks and ranges count the days that they hold."""
    rows: pd.DataFrame = archive.table(kind, _PERIOD, ordered=False).drop_duplicates()
    found: dict[Period, set[date]] = {}
    for grain, start, end in rows.itertuples(index=False):
        if grain in (Grain.QUARTER, Grain.YEAR):
            continue  # it says nothing of its months
        day = start.date()
        while day <= end.date():
            found.setdefault(month(day.year, day.month), set()).add(day)
            day += timedelta(days=1)
    return {when: len(days) for when, days in found.items()}


def _union(parts: Iterable[dict[Period, int]]) -> dict[Period, int]:
    joined: dict[Period, int] = {}
    for part in parts:
        for when, days in part.items():
            joined[when] = max(days, joined.get(when, 0))
    return joined


def _months(months: Sequence[Period]) -> str:
    """Return months in a few words: ``2026-01~2026-03, 2026-05``."""
    runs: list[list[Period]] = []
    for when in sorted(months):
        if runs and when.previous == runs[-1][-1]:
            runs[-1].append(when)
        else:
            runs.append([when])
    return ", ".join(run[0].label if len(run) == 1 else f"{run[0].label}~{run[-1].label}" for run in runs)


@cache
def _sources() -> dict[str, dict[str, Any]]:
    return load("opsbook.review", "data_sources.toml")
