"""The typed formula of a declared metric, and the sentence that defines it, which is made from the formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from opsbook.domain.language import LANGUAGES, Language, Text
from opsbook.params.export_words import marks
from opsbook.schemas import FieldType, schemas


class FormulaForm(StrEnum):
    """What a formula does with its terms; the name is the key of the catalogue's row."""

    SUM = "sum"  # of a column over months; further columns stand in for months that the first lacks
    COUNT = "count"  # of rows, of those that a word puts into a class
    LAST = "last"  # value of a rolling column inside the month; there is none over several months
    DIFFERENCE = "difference"  # of two terms, in months that have both
    RUNNING = "running"  # sum of a term from January on
    RATIO = "ratio"  # of two sums over the months that have both terms


@dataclass(frozen=True)
class ArchiveColumn:
    """A column of the archive as a term.

    Attributes:
        kind: Of export, or `PAID_ORDERS`.
        field: Name in its schema; empty where rows are counted.
        only: Of rows that are counted, the text column and the class of `marks.toml` that its word must be of:
            ``("content_type", "content", "live")``. Empty for all rows.
        beside: Another column of the kind: only rows that have both are added. Empty for all rows.
    """

    kind: str
    field: str = ""
    only: tuple[str, ...] = ()
    beside: str = ""


Term: TypeAlias = ArchiveColumn | str
"""A column, or the id of another declared metric."""

PAID_ORDERS = "paid_orders"
ORDER_FIELDS: Mapping[str, Text] = MappingProxyType(
    {
        "amount": Text("已付款订单的实收金额", "amount received for paid orders"),
        "number": Text("已付款订单数", "number of paid orders"),
        "priced": Text("金额已知的已付款订单数", "number of paid orders whose amount is known"),
        "lines": Text("已付款订单的明细行数", "lines of paid orders"),
        "refund": Text("退回买家的金额", "amount paid back to buyers"),
    }
)
"""Totals of orders by month, which `opsbook.metrics.orders` makes of both tables of orders."""
_ORDER_KINDS = ("orders", "order_ledger")
_ORDER_TITLE = Text("订单", "the lists of orders")
_WORDS = MappingProxyType({"ta": "Trade Assurance", "tm": "TM", "usd": "(USD)", "cny": "(CNY)", "ad": "ad"})

_WORDS_OF_FORM = MappingProxyType(
    {
        FormulaForm.SUM: Text("{0}之和", "sum of {0}"),
        FormulaForm.COUNT: Text("{0}数", "number of {0}"),
        FormulaForm.LAST: Text(
            "月内最后一次的{0}（滚动值，不相加）", "last value in the month of {0} (rolling: never summed)"
        ),
        FormulaForm.DIFFERENCE: Text("{0} − {1}", "{0} - {1}"),
        FormulaForm.RUNNING: Text("年内{0}逐月累计", "running sum of {0} inside the year"),
        FormulaForm.RATIO: Text("{0} ÷ {1}", "{0} / {1}"),
    }
)
_PERSONS = Text(
    "；月内去重，跨月会重复计，合计为上限",
    "; persons are distinct inside a month, so that a sum of months is an upper bound",
)


@dataclass(frozen=True)
class MetricFormula:
    """How a metric is computed.

    Attributes:
        form: What is done.
        terms: What it is done with: two for a difference or a ratio, else one.
        otherwise: Columns that stand in, one after another, for months in which the terms give no value.
    """

    form: FormulaForm
    terms: tuple[Term, ...]
    otherwise: tuple[ArchiveColumn, ...] = ()

    @property
    def columns(self) -> tuple[ArchiveColumn, ...]:
        """The columns that it names itself."""
        return tuple(term for term in (*self.terms, *self.otherwise) if isinstance(term, ArchiveColumn))


def formula_of(row: Mapping[str, object]) -> MetricFormula | None:
    """Return the formula of a row of the catalogue, or None where own code computes it.

    Raises:
        ValueError: It has several forms, a wrong number of terms, or a term that no schema has.
    """
    forms = [form for form in FormulaForm if form in row]
    if not forms:
        return None
    if len(forms) > 1:
        raise ValueError(f"a metric has one form, not {' and '.join(forms)}")
    form = forms[0]
    given = row[form]
    names = [str(name) for name in given] if isinstance(given, list) else [str(given)]
    if form is FormulaForm.COUNT:
        return MetricFormula(form, (ArchiveColumn(names[0], "", _class(row.get("only"))),))
    terms, otherwise = tuple(term(name) for name in names), row.get("otherwise", [])
    if form is FormulaForm.SUM:
        terms, stand_ins = terms[:1], terms[1:]
    else:
        stand_ins = tuple(term(str(name)) for name in otherwise) if isinstance(otherwise, list) else ()
    wanted = 2 if form in (FormulaForm.DIFFERENCE, FormulaForm.RATIO) else 1
    columns = tuple(each for each in stand_ins if isinstance(each, ArchiveColumn))
    for each in (*terms, *columns):
        if isinstance(each, ArchiveColumn) and (why := _unfit(each, form)):
            raise ValueError(f"{each.kind}.{each.field} {why}")
    if row.get("same_rows"):
        terms = _beside_each_other(terms)
    if len(terms) != wanted or len(columns) != len(stand_ins):
        raise ValueError(f"{form} takes {wanted} terms; what stands in for them is a column")
    if form in (FormulaForm.SUM, FormulaForm.LAST) and not isinstance(terms[0], ArchiveColumn):
        raise ValueError(f"{form} takes a column, not the metric {terms[0]!r}")
    return MetricFormula(form, terms, columns)


def _unfit(column: ArchiveColumn, form: FormulaForm) -> str:
    """Return why a column cannot be a term; empty where it can."""
    if column.kind == PAID_ORDERS:
        return ""
    field = schemas()[column.kind].by_name[column.field]
    if field.type not in (FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT):
        return "is no number"
    if form is not FormulaForm.LAST and (field.rolling or field.type is FieldType.PERCENT):
        return "is a state or a rate, which is never added up"
    return ""


def _beside_each_other(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return the two columns of a ratio, each of the rows that have both."""
    match terms:
        case (ArchiveColumn() as one, ArchiveColumn() as other) if one.kind == other.kind:
            return replace(one, beside=other.field), replace(other, beside=one.field)
    raise ValueError("only two columns of one kind are in the same rows")


def term(name: str) -> Term:
    """Return ``kind.field`` as a column, and any other name as the id of a metric.

    Raises:
        ValueError: No schema has the kind or the field.
    """
    kind, dot, field = name.partition(".")
    if not dot:
        return name
    known = ORDER_FIELDS if kind == PAID_ORDERS else schemas()[kind].by_name if kind in schemas() else {}
    if field not in known:
        raise ValueError(f"no export has {name}")
    return ArchiveColumn(kind, field)


def _class(given: object) -> tuple[str, ...]:
    """Return the column, the group and the name out of ``{ content_type = "content.live" }``."""
    if not isinstance(given, dict) or not given:
        return ()
    ((field, word),) = given.items()
    return (str(field), *str(word).split(".", 1))


def needs(formula: MetricFormula, of: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the kinds of export of which any one gives the metric.

    Args:
        formula: Of the metric.
        of: The same of the metrics that it names.
    """
    kinds = [_kinds(each, of) for each in formula.terms]
    both = [kind for kind in kinds[0] if all(kind in other for other in kinds)]
    wanted = both or [kind for several in kinds for kind in several]
    return tuple(dict.fromkeys([*wanted, *(kind for each in formula.otherwise for kind in _kinds(each, of))]))


def _kinds(of: Term, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if isinstance(of, str):
        if of not in known:
            raise ValueError(f"{of} is not a declared metric above this row")
        return known[of]
    return _ORDER_KINDS if of.kind == PAID_ORDERS else (of.kind,)


def definition(formula: MetricFormula, titles: Mapping[str, Text], note: Text | None = None) -> Text:
    """Return the definition of a metric, made from its formula.

    Args:
        formula: What is computed.
        titles: Of every metric by its id.
        note: Why it is so, where the formula does not show it.
    """
    made = {language: _sentence(formula, titles, language) for language in LANGUAGES}
    if note is not None:
        made = {"zh": f"{made['zh']}（{note.zh}）", "en": f"{made['en']} ({note.en})"}
    return Text(made["zh"], made["en"])


def _sentence(formula: MetricFormula, titles: Mapping[str, Text], language: Language) -> str:
    words = _WORDS_OF_FORM[formula.form][language]
    told = words.format(*_names(formula.terms, titles, language))
    if formula.otherwise:
        stand_ins = [_names((each,), titles, language)[0] for each in formula.otherwise]
        told += (
            f"；缺月时取自{'、'.join(stand_ins)}"
            if language == "zh"
            else f"; else {', else '.join(stand_ins)}"
        )
    if formula.form is FormulaForm.SUM and is_persons(formula.terms[0]):
        told += _PERSONS[language]
    return told


def _names(terms: tuple[Term, ...], titles: Mapping[str, Text], language: Language) -> list[str]:
    """Return what terms are called: metrics by their titles, columns by header and export, the same export once."""
    found = []
    for place, of in enumerate(terms):
        if isinstance(of, str):
            title = titles[of][language]
            found.append(title if language == "zh" or title[1:2].isupper() else title[:1].lower() + title[1:])
        elif of.kind == PAID_ORDERS:
            found.append(ORDER_FIELDS[of.field][language])
        else:
            named = [each for each in terms if isinstance(each, ArchiveColumn) and each.kind == of.kind]
            first, last = of is named[0], place == len(terms) - 1 or len(named) == 1
            found.append(_column(of, language, told=first if language == "zh" else last))
    return found


def _column(of: ArchiveColumn, language: Language, *, told: bool) -> str:
    """Return what a column is called, with its export where that is told."""
    schema = schemas()[of.kind]
    title = schema.title[language]
    if not of.field:
        if language == "en":
            return f"{of.only[-1]} rows of {title}" if of.only else f"rows of {title}"
        words = (
            sorted((word for word in marks(*of.only[1:]) if not word.isascii()), key=len) if of.only else ()
        )
        return f"{title}中{words[0] if words else '全部'}的行"
    if language == "zh":
        header = schema.by_name[of.field].headers[0]
        return f"{title}的{header}" if told else header
    name = " ".join(_WORDS.get(word, word) for word in of.field.split("_"))
    return f"{name} of {title}" if told else name


def is_persons(of: Term) -> bool:
    """Return whether a column counts persons, who are distinct inside a period."""
    if not isinstance(of, ArchiveColumn) or of.kind == PAID_ORDERS or not of.field:
        return False
    return schemas()[of.kind].by_name[of.field].unit == "persons"
