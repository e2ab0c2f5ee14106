"""What is declared about the demonstration store: products, words, markets, plans, rates."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Product:
    """A product as its maker thinks of it.

    Attributes:
        number: 1, 2, ... in the order of the file; the model number comes from it.
        share: Weight in the store's impressions once the product is known.
        listed: Days from the first day of the data to the listing; negative when older.
        role: ``hit``, ``core``, ``tail``, ``new`` or ``zero`` (never clicked).
        ad: The kind of ad plan that promotes it, or empty.
    """

    number: int
    name: str
    group1: str
    group2: str
    trade: str
    price_cents: int
    share: float
    listed: int
    quality: float
    video: bool
    model_3d: bool
    showcase: bool
    ad: str
    role: str

    @property
    def product_id(self) -> str:
        """13 digits, or 14 for the older listings, as on the platform."""
        return str(
            10000500000000 + 31337 * self.number
            if self.listed < -600
            else 1601100000000 + 70843 * self.number
        )

    @property
    def model(self) -> str:
        """Model number, marked as demonstration."""
        return f"DEMO-{self.number:03d}"

    @property
    def title(self) -> str:
        """Product name, marked as demonstration."""
        return f"Demo {self.name}"

    @property
    def is_rts(self) -> bool:
        """Whether it is sold from stock."""
        return self.trade == "rts"


@dataclass(frozen=True)
class Word:
    """A buyer's search word; ``first_rank`` and ``last_rank`` are set for the team's core words."""

    word: str
    share: float
    index: int | None
    sellers: int | None
    first_rank: int | None
    last_rank: int | None
    product: int | None


@dataclass(frozen=True)
class Declared:
    """Everything declared.

    Attributes:
        products: In the order of ``products.csv``.
        words: In the order of ``keywords.csv``.
        settings: The rest, as ``store.toml`` has it.
    """

    products: tuple[Product, ...]
    words: tuple[Word, ...]
    settings: dict[str, Any]

    @property
    def shop(self) -> str:
        """The shop's name."""
        return str(self.settings["shop"])

    @property
    def mark(self) -> str:
        """The words that mark a sheet as demonstration."""
        return str(self.settings["mark"])

    def owner(self, number: int) -> str:
        """Return the sub-account in charge of product or order ``number``."""
        owners: list[str] = self.settings["owners"]
        return owners[number % len(owners)]

    def festival(self, year: int) -> date | None:
        """Return the first day of Spring Festival, or None for a year that is not declared."""
        found: date | None = self.settings["spring_festival"].get(str(year))
        return found


@cache
def declared() -> Declared:
    """Return the declared store."""
    folder = files("demo.generator")
    settings = tomllib.loads((folder / "store.toml").read_text(encoding="utf-8"))
    products = tuple(_product(number, row) for number, row in enumerate(_rows("products.csv"), 1))
    return Declared(products, tuple(_word(row) for row in _rows("keywords.csv")), settings)


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("demo.generator") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _product(number: int, row: dict[str, str]) -> Product:
    return Product(
        number=number,
        name=row["name"],
        group1=row["group1"],
        group2=row["group2"],
        trade=row["trade"],
        price_cents=round(float(row["price"]) * 100),
        share=float(row["share"]),
        listed=int(row["listed"]),
        quality=float(row["quality"]),
        video=row["video"] == "1",
        model_3d=row["model_3d"] == "1",
        showcase=row["showcase"] == "1",
        ad=row["ad"],
        role=row["role"],
    )


def _word(row: dict[str, str]) -> Word:
    def whole(name: str) -> int | None:
        return int(row[name]) if row[name] else None

    return Word(
        word=row["word"],
        share=float(row["share"]),
        index=whole("index"),
        sellers=whole("sellers"),
        first_rank=whole("first_rank"),
        last_rank=whole("last_rank"),
        product=whole("product"),
    )
