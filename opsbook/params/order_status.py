"""What the status of an order says: was it a sale, is money awaited, did the order come to nothing, did money go back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache

from opsbook.domain.declarations import load
from opsbook.schemas.spelling import simplified, visible


class OrderState(StrEnum):
    """The class of an order. Only paid orders are sales."""

    PAID = "paid"
    AWAITED = "awaited"
    CLOSED = "closed"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"  # a status that nobody has explained yet


_SEPARATORS = re.compile(r"[\s_\-./,:;|·、–—]+")
_BRACKETS = re.compile(r"[(\[{【「]([^)\]}】」]*)[)\]}】」]\s*$")
_BETWEEN = re.compile(r"\s*[,;|/·、]\s*|\s+[-–—]\s+|(?<=[\u4e00-\u9fff])\s*[-–—]\s*(?=[\u4e00-\u9fff])")


def plain_status(text: str) -> str:
    """Return a status as statuses are compared: one form of its characters, one space between words, lower case."""
    return (
        _SEPARATORS.sub(" ", simplified(unicodedata.normalize("NFKC", visible(text))))
        .strip(" *!。！")
        .casefold()
    )


def state_of(status: str) -> OrderState:
    """Return the class of a status, as the export writes it; ``UNKNOWN`` where its whole text is not understood.

    A status of several parts, such as ``已付款/待发货``, has a class where all parts are understood and agree.
    """
    if status in set(OrderState):  # as people explained it
        return OrderState(status)
    if found := _whole(plain_status(status)):
        return found
    text = unicodedata.normalize("NFKC", status)
    if in_brackets := _BRACKETS.search(text):
        outside, inside = state_of(text[: in_brackets.start()]), plain_status(in_brackets[1])
        if not any(
            word in inside for word in _doubtful()
        ):  # a remark: the days that are left, the kind of the order
            return outside
        return _together([outside, _whole(inside) or OrderState.UNKNOWN])
    parts = [part for part in _BETWEEN.split(text) if part]
    return _together([_whole(plain_status(part)) or OrderState.UNKNOWN for part in parts])


def _together(states: Sequence[OrderState]) -> OrderState:
    """Return the class that the parts of one status make: they agree, or one says how the other one went on."""
    found = set(states)
    if len(found) == 1:
        return found.pop()
    return _GOES_ON.get(frozenset(found), OrderState.UNKNOWN)


_GOES_ON = {
    frozenset({OrderState.CLOSED, OrderState.AWAITED}): OrderState.CLOSED,  # closed, as it was not paid
    frozenset({OrderState.PAID, OrderState.PARTLY_REFUNDED}): OrderState.PARTLY_REFUNDED,
    frozenset({OrderState.PAID, OrderState.DISPUTED}): OrderState.DISPUTED,
}


def _whole(word: str) -> OrderState | None:
    """Return the state of a text, with and without the words around it that change nothing."""
    known, seen, waiting = _known(), set(), [word]
    while waiting:
        text = waiting.pop()
        if not text or text in seen:
            continue
        seen.add(text)
        if found := known.get(_joined(text)):
            return found
        for extra in _around():
            if text.startswith(extra):
                waiting.append(text.removeprefix(extra).strip())
            if text.endswith(extra):
                waiting.append(text.removesuffix(extra).strip())
    return None


def _joined(text: str) -> str:
    return text.replace(" ", "")


def _declared() -> dict[str, list[str]]:
    return load("opsbook.params", "order_status.toml")


@cache
def _known() -> Mapping[str, OrderState]:
    return {
        _joined(plain_status(status)): OrderState(name)
        for name, entries in _declared().items()
        if name not in ("around", "doubtful")
        for status in entries
    }


@cache
def _around() -> tuple[str, ...]:
    return tuple(sorted(map(plain_status, _declared()["around"]), key=len, reverse=True))


@cache
def _doubtful() -> tuple[str, ...]:
    return tuple(map(plain_status, _declared()["doubtful"]))
