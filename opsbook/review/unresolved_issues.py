"""The sentences about words that are not understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from opsbook.domain.issues import Issue
from opsbook.domain.language import Text

if TYPE_CHECKING:
    from opsbook.metrics.unresolved import Unresolved

_BLANK = Text("（空白）", "(blank)")


def unresolved_issues(found: Iterable[Unresolved]) -> Iterator[Issue]:
    """Yield one issue for each kind of words that are not understood."""
    for each in found:
        yield Issue(f"words.{each.question}", value=_words(each), detail=_money(each.money), times=each.rows)


def _words(each: Unresolved) -> Text:
    more = Text(f" 等另外 {each.more} 种", f" and {each.more} more") if each.more else Text("", "")
    zh = "、".join(f"「{_shown(word) or _BLANK.zh}」（{count}）" for word, count in each.words)
    en = ", ".join(f"'{_shown(word) or _BLANK.en}' ({count})" for word, count in each.words)
    return Text(zh + more.zh, en + more.en)


def _shown(word: str) -> str:
    """Return a word, shortened: a long text in such a column may be a remark."""
    return word if len(word) <= 40 else f"{word[:40]}…"


def _money(money: tuple[tuple[str, float], ...]) -> Text:
    if not money:
        return Text("", "")
    listed = " + ".join(f"{code} {amount:,.2f}" for code, amount in money[:4])
    return Text(f"（{listed}）", f" ({listed})")
