"""What the status of an order says: was it a sale, is money awaited, did the order come to nothing, did money go back."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class OrderState(StrEnum):
    """The class of an order. Only paid orders are sales."""

    PAID = "paid"
    AWAITED = "awaited"
    CLOSED = "closed"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"  # a status that nobody has explained yet


_SEPARATORS = re.compile(r"[\s_\-./,:;|·]+")
_BRACKETS = re.compile(r"[(\[{【「][^)\]}】」]*[)\]}】」]\s*$")


def plain_status(text: str) -> str:
    """Return a status as statuses are compared: full-width forms folded, one space between words, lower case."""
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFKC", text)).strip(" *!。！").casefold()


def state_of(status: str) -> OrderState:
    """Return the class of a status, as the export writes it; ``UNKNOWN`` where its whole text is not understood."""
    if status in set(OrderState):  # as people explained it
        return OrderState(status)
    for text in (status, _BRACKETS.sub("", unicodedata.normalize("NFKC", status))):
        if found := _whole(plain_status(text)):
            return found
    return OrderState.UNKNOWN


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


@cache
def _declared() -> dict[str, list[str]]:
    return tomllib.loads(files(__package__).joinpath("order_status.toml").read_text(encoding="utf-8"))


@cache
def _known() -> Mapping[str, OrderState]:
    return {
        _joined(plain_status(status)): OrderState(name)
        for name, entries in _declared().items()
        if name != "around"
        for status in entries
    }


@cache
def _around() -> tuple[str, ...]:
    return tuple(sorted(map(plain_status, _declared()["around"]), key=len, reverse=True))
