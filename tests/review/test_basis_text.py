"""The words of a basis: one entry for each kind in both languages, and the same plain text in every version."""

import ast
import string
from datetime import date
from pathlib import Path

import pytest

import opsbook
from opsbook.domain.basis import PARTIAL, Basis, Kind, Lack
from opsbook.review.basis_text import basis_text, plain, texts

SOURCES = [
    path
    for path in Path(opsbook.__file__).parent.rglob("*.py")
    if path.relative_to(Path(opsbook.__file__).parent).as_posix() != "domain/basis.py"
]


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def texts_of(entry):
    yield {key: text for key, text in entry.items() if key != "partly"}
    if "partly" in entry:
        yield entry["partly"]


def test_every_kind_has_words_and_every_entry_a_kind():
    assert set(texts()) == set(Kind)


def test_every_entry_is_in_both_languages_and_names_the_same_values():
    wrong = [
        kind
        for kind, entry in texts().items()
        for words in texts_of(entry)
        if not set(words) <= {"zh", "en", "plain"}
        or not words.get("zh")
        or not words.get("en")
        or words.get("plain") == words["en"]
        or placeholders(words["zh"]) != placeholders(words["en"])
        or not placeholders(words["en"]) <= placeholders(words.get("plain", words["en"]))
    ]
    assert wrong == []


def test_the_partial_kinds_are_those_with_words_for_a_part():
    assert {kind for kind, entry in texts().items() if "partly" in entry} == set(PARTIAL)


def test_every_kind_is_made_somewhere():
    """A kind that no code makes would be a word without a use."""
    named = {
        node.attr
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Kind"
    }
    assert [kind.name for kind in Kind if kind.name not in named] == []


CASES = {
    "partial": (
        Basis.of(Kind.SUM_OF_MONTHS, 9, 12).plus(Kind.UPPER_BOUND),
        "sum of months: 9 of 12, upper bound",
        "sum of 9 of 12 months; upper bound",
        "已有 9 / 12 个月相加；跨月重复计，为上限",
    ),
    "whole": (Basis.of(Kind.SUM_OF_MONTHS), "sum of months", "sum of months", "各月相加"),
    "amounts": (
        Basis.of(Kind.SAME_MONTHS, 9).plus(Kind.AMOUNTS, 1200.4, -3.6),
        "same 9 months, 1200 against -4 USD",
        "same 9 months; 1200 against -4 USD",
        "按相同 9 个月；1200，基期 -4 美元",
    ),
    "rate": (Basis.of(Kind.FX_RATE, 7.0), "7.00 CNY/USD", "7.00 CNY/USD", "汇率 7.00"),
    "day": (
        Basis.of(Kind.BUYERS_OF, 1, 3).plus(Kind.TO_DAY, date(2026, 9, 30)),
        "1 of 3 buyers, to 2026-09-30",
        "1 of 3 buyers; to 2026-09-30",
        "1 / 3 个买家；截至 2026-09-30",
    ),
    "empty": (Basis(), "", "", ""),
    "undefined": (Basis.of(Kind.FROM_ZERO), "new", "from zero", "基数为 0"),
}


@pytest.mark.parametrize(("basis", "values", "en", "zh"), CASES.values(), ids=CASES)
def test_a_basis_reads_in_each_language(basis, values, en, zh):
    assert (plain(basis), basis_text(basis, "en"), basis_text(basis, "zh")) == (values, en, zh)


LACKS = {
    "rate": (Basis.of(Kind.NO_RATE), Lack.RATE),
    "base": (Basis.of(Kind.NO_BASE), Lack.BASE),
    "a month that is over": (Basis.of(Kind.MISSING_MONTH), Lack.MONTH),
    "a period that runs": (Basis.of(Kind.INCOMPLETE), None),
    "a value": (Basis.of(Kind.SUM_OF_MONTHS, 9, 12), None),
}


@pytest.mark.parametrize(("basis", "lack"), LACKS.values(), ids=LACKS)
def test_what_would_fill_an_empty_figure(basis, lack):
    assert basis.lack is lack


def test_a_basis_has_nothing_of_a_text():
    """Code that searched a basis as a sentence would fail at once."""
    basis = Basis.of(Kind.GIVEN)
    assert not [name for name in dir(str) if not name.startswith("__") and hasattr(basis, name)]
    with pytest.raises(TypeError):
        "given" in basis  # noqa: B015


def test_words_are_made_at_the_edge_only():
    """Rooms that work with figures cannot read their words, for they do not import what makes them."""
    root = Path(opsbook.__file__).parent
    inside = {"domain", "intake", "archive", "metrics", "plan", "review"}
    users = {
        path.relative_to(root).as_posix()
        for path in SOURCES
        if "basis_text" in path.read_text(encoding="utf-8") and path.relative_to(root).parts[0] in inside
    }
    assert users == {"review/basis_text.py"}
