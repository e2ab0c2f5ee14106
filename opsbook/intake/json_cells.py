"""The objects of a reply as rows of cells: lists inside them opened, money and rates in the unit of their field."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from opsbook.intake.json_kinds import AMOUNT, CURRENCIES, KEY, is_money
from opsbook.schemas import Field, FieldType, Schema, schemas

_MOST_ROWS = 5_000  # of one object
_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_EPOCH = (10**11, 10**14)  # milliseconds since 1970 of 1973 and of 5138
_NUMERIC = (FieldType.NUMBER, FieldType.MONEY)
_WHOLE = 1.0  # a rate above it is a percent number, or more than all


@dataclass
class Trouble:
    """What is wrong with values, by field: how often.

    Attributes:
        types: An object or a list where a value should be.
        rates: A rate above 1, with the first such value.
        currencies: Amounts of an order in another currency than its total.
    """

    types: Counter[str] = field(default_factory=Counter)
    rates: Counter[str] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)


def rows_of(record: Mapping[str, Any], schema: Schema, key: str) -> list[dict[str, Any]]:
    """Return the rows of an object: one, or one for every entry of the lists that the kind takes rows from."""
    rows = _flat(record, "", _opened(schema.kind))
    meant = schema.json.keys.get(key)
    for row in rows:
        if meant:
            row[KEY] = meant
        if not row.get("fullName") and (row.get("firstName") or row.get("lastName")):
            row["fullName"] = f"{row.get('firstName') or ''}{row.get('lastName') or ''}"
    return rows


@cache
def _opened(kind: str) -> frozenset[str]:
    """Return the paths of the lists of which every entry is a row."""
    return frozenset(f"{part}[]" for path in schemas()[kind].by_json for part in _lists(path))


def _lists(path: str) -> list[str]:
    parts = path.split("[]")
    return ["[]".join(parts[: count + 1]) for count in range(len(parts) - 1)]


def _flat(node: Mapping[str, Any], prefix: str, opened: frozenset[str]) -> list[dict[str, Any]]:
    base: dict[str, Any] = {}
    branches: list[list[dict[str, Any]]] = []
    for name, value in node.items():
        path = f"{prefix}{name}"
        if path.startswith("@"):
            continue  # such names are given to rows here, never by a reply
        if isinstance(value, dict) and value and not is_money(value):
            branches.append(_flat(value, f"{path}.", opened))
        elif isinstance(value, list) and f"{path}[]" in opened:
            entries = [each for each in value if isinstance(each, dict)]
            branches.append([row for each in entries for row in _flat(each, f"{path}[].", opened)])
        elif isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
            base[path] = ", ".join(str(each) for each in value if each is not None)
        else:
            base[path] = value
    rows = [base]
    for branch in filter(None, branches):
        rows = [row | other for row in rows for other in branch][:_MOST_ROWS]
    return rows


def currency_of(row: dict[str, Any], schema: Schema, trouble: Trouble) -> str:
    """Return the currency of an order's amounts; amounts in another one than its total are taken out."""
    amounts = {path: value for path, value in row.items() if is_money(value) and path in schema.by_json}
    named = {path: _currency(value) for path, value in amounts.items()}
    own = str(row.get("currency") or "")
    total = next((path for path in named if schema.by_json[path].name == "total_amount"), "")
    usual = named.get(total) or own or next((code for code in named.values() if code), "")
    for path, code in named.items():
        if code and usual and code != usual:
            trouble.currencies[path] += 1
            row[path] = None
    return usual


def _currency(money: Mapping[str, Any]) -> str:
    return next((str(money[name]).strip().upper() for name in CURRENCIES if money.get(name)), "")


def cell(value: object, path: str, owner: Field, schema: Schema, trouble: Trouble) -> object:
    """Return a value as the cell of a table."""
    if is_money(value) and owner.type is FieldType.MONEY:
        value = value[AMOUNT]  # type: ignore[index]
    if value is None:
        return None
    if isinstance(value, dict | list):
        if value:
            trouble.types[path] += 1
        return None
    if path in schema.json.private:  # a key that says who, without saying it
        text = str(value).strip()
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16] if text else None
    if isinstance(value, bool):
        if owner.type in (FieldType.FLAG, FieldType.TEXT):
            return "Y" if value else "N"
        trouble.types[path] += 1
        return None
    if owner.type is FieldType.PERCENT:
        return _rate(value, path, owner, trouble)
    if owner.type in _NUMERIC:
        return _number(value)
    if owner.type is FieldType.DATETIME and isinstance(value, int) and _EPOCH[0] <= value < _EPOCH[1]:
        return f"{datetime.fromtimestamp(value / 1000, UTC):%Y-%m-%d %H:%M:%S}+00:00"
    if owner.type is FieldType.ID and isinstance(value, float):
        return value  # it may have lost digits: the cleaning sees it
    return str(value)


def _number(value: object) -> object:
    if isinstance(value, str):
        text = value.strip()
        if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
            number = float(text.replace(",", ""))
            return number if number - number == 0 else value
    return value


def _rate(value: object, path: str, owner: Field, trouble: Trouble) -> object:
    """Return a rate as a percent text: replies write fractions, briefs a text with its own % sign."""
    text = str(value).strip()
    if not _PLAIN.fullmatch(text):
        return text.removeprefix("+") if isinstance(value, str) else value
    if float(text) > _WHOLE and owner.name.endswith(("rate", "ctr", "share")):
        trouble.rates[path] += 1  # 93 may be 93 % or 9,300 %
        return None
    return f"{Decimal(text) * 100:f}%"
