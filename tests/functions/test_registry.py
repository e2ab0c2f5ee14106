"""The registry: names that Excel and VBA accept, declarations that fit their bodies, light loading."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from opsbook.domain.language import LANGUAGES, Text
from opsbook.functions import FUNCTIONS, registry
from opsbook.functions.formula_text import looks_like_cell
from opsbook.functions.registry import Argument, RegistryError

SHIP_FIRST = [
    "YOY_GROWTH",
    "MOM_GROWTH",
    "QOQ_GROWTH",
    "PP_CHANGE",
    "PERIOD_GROWTH",
    "CAGR",
    "CONTRIB_GROWTH",
    "DRIVER_BRIDGE",
    "RATE_MIX",
    "CTR",
    "CPC",
    "CVR",
    "COST_PER_INQUIRY",
    "ROAS",
    "ROI",
    "ACOS_RATE",
    "BREAKEVEN_ROAS",
    "FUNNEL",
    "SHARE",
    "AOV",
    "REV_PER_BUYER",
    "REPEAT_RATE",
    "TOP_SHARE",
    "RANK_CHANGE",
    "ATTAIN",
    "REQUIRED_RUN_RATE",
    "SEASON_ALLOC",
    "BUDGET_VAR",
    "FX",
    "SMART_CHECK",
]

# Keywords of VBA that cannot name a parameter of the wrapper functions.
VBA_RESERVED = {
    "and",
    "as",
    "boolean",
    "byref",
    "byte",
    "byval",
    "call",
    "case",
    "class",
    "const",
    "currency",
    "date",
    "debug",
    "dim",
    "do",
    "double",
    "each",
    "else",
    "elseif",
    "empty",
    "end",
    "enum",
    "eqv",
    "erase",
    "error",
    "event",
    "exit",
    "false",
    "for",
    "friend",
    "function",
    "get",
    "gosub",
    "goto",
    "if",
    "imp",
    "implements",
    "in",
    "integer",
    "is",
    "let",
    "like",
    "long",
    "loop",
    "lset",
    "me",
    "mod",
    "new",
    "next",
    "not",
    "nothing",
    "null",
    "object",
    "on",
    "option",
    "optional",
    "or",
    "paramarray",
    "preserve",
    "print",
    "private",
    "property",
    "public",
    "raiseevent",
    "redim",
    "rem",
    "resume",
    "return",
    "rset",
    "select",
    "set",
    "single",
    "static",
    "step",
    "stop",
    "string",
    "sub",
    "then",
    "to",
    "true",
    "type",
    "until",
    "variant",
    "wend",
    "while",
    "with",
    "write",
    "xor",
}
ALL = list(FUNCTIONS.values())


def test_the_first_functions_and_more_are_there():
    assert set(SHIP_FIRST) <= FUNCTIONS.keys()
    assert len(FUNCTIONS) >= 60


@pytest.mark.parametrize("name", FUNCTIONS)
def test_name(name):
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", name)
    assert not looks_like_cell(name)


@pytest.mark.parametrize(
    ("name", "cell"),
    [("TOP10", True), ("CTR1", True), ("XFD1", True), ("XFE1", False), ("R", True), ("C", True), ("RC", True), ("R1C1", True),
     ("R2", True), ("CTR", False), ("A0", False), ("A1048577", False), ("YOY_GROWTH", False), ("ROI2025", True)],
)  # fmt: skip
def test_what_looks_like_a_cell(name, cell):
    assert looks_like_cell(name) is cell


def test_no_name_of_excel_is_taken():
    formulon = pytest.importorskip("formulon")
    built_in = set()
    for index in range(2000):
        try:
            built_in.add(formulon.Workbook.function_name_at(index).upper())
        except (formulon.FormulonError, IndexError, ValueError):
            break
    assert {"GROWTH", "TREND", "RRI", "XLOOKUP"} <= built_in
    assert not built_in & FUNCTIONS.keys()


@pytest.mark.parametrize("function", ALL, ids=lambda each: each.name)
def test_texts_are_there_in_both_languages(function):
    texts = [function.title, function.help, function.zero, function.negative, function.missing]
    texts += [argument.help for argument in function.arguments] + list(function.words.values())
    for text in texts:
        assert re.search(r"[\u4e00-\u9fff]|PERCENT|Σ", text.zh), text
        assert text.en
        assert not re.search(r"[\u4e00-\u9fff]", text.en.replace("12.3万", "")), text
    assert function.reference
    for language in LANGUAGES:
        assert 0 < len(function.comment(language)) <= 255
        assert all(len(argument.help[language]) <= 255 for argument in function.arguments)


@pytest.mark.parametrize("function", ALL, ids=lambda each: each.name)
def test_argument_names_suit_excel_and_vba(function):
    for argument in function.arguments:
        assert not looks_like_cell(argument.name)
        assert argument.name not in VBA_RESERVED


def test_a_long_comment_is_cut():
    function = FUNCTIONS["CTR"]
    long = registry.Function(**{**vars(function), "help": Text("长" * 300, "long " * 100)})
    assert len(long.comment("zh")) == 255
    assert long.comment("en").endswith("…")


def entry(**changes):
    return {
        "title": {"zh": "名", "en": "name"}, "help": {"zh": "名", "en": "name"}, "body": "change",
        "arguments": ["current", "base"], "result": "cells", "zero": "a", "negative": "a", "missing": "a",
        "reference": "x", "excel": "current-base",
    } | changes  # fmt: skip


OWN = {name: {"help": {"zh": "名", "en": "name"}} for name in ("current", "base", "other")}
RULES = {"a": {"zh": "规则", "en": "rule"}}


def build(given):
    return registry._function("F_X", "growth", given, OWN, RULES)


def test_a_right_declaration_is_built():
    assert build(entry()).signature() == "F_X(current, base)"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arguments": ["base", "current"]}, "takes"),
        ({"arguments": ["current"]}, "takes"),
        ({"body": "no_such"}, "has no no_such"),
        ({"colour": "red"}, "unknown keys"),
        ({"result": "square"}, "is none of"),
        ({"excel": ""}, "reason why"),
        ({"zero": "no_rule"}, "no rule"),
        ({"words": {"w": {"zh": "字", "en": "word"}}}, "words"),
        ({"arguments": [{"name": "current", "size": 1}, "base"]}, "unknown keys"),
        ({"arguments": [{"name": "current", "type": "colour"}, "base"]}, "type is none"),
        ({"arguments": [{"name": "current", "optional": True}, "base"]}, "optional"),
        ({"arguments": ["current", "third"]}, "has no help"),
    ],
)
def test_a_wrong_declaration_is_refused(changes, message):
    with pytest.raises(RegistryError, match=message):
        build(entry(**changes))


def test_lacking_key_is_refused():
    given = entry()
    del given["reference"]
    with pytest.raises(RegistryError, match="lacks"):
        build(given)


def test_an_argument_is_a_plain_record():
    argument = Argument("current", Text("本期", "current"))
    assert (argument.type, argument.shape, argument.optional) == ("number", "cells", False)


def test_loading_is_light():
    script = "import sys, opsbook.functions as f; f.FUNCTIONS; print([m for m in ('pandas', 'duckdb', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_body_alone_does_not_read_the_declarations():
    script = "import sys; from opsbook.functions.growth import change; print('opsbook.functions.registry' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


CHOICES = [
    (function.name, argument)
    for function in FUNCTIONS.values()
    for argument in function.arguments
    if argument.choices
]


@pytest.mark.parametrize(("name", "argument"), CHOICES, ids=[f"{name}-{each.name}" for name, each in CHOICES])
def test_the_help_names_every_value_that_can_be_typed(name, argument):
    for meant in set(argument.choices.values()):
        words = [word for word, result in argument.choices.items() if result == meant]
        for language in ("zh", "en"):
            typed = [word for word in words if language == "zh" or word.isascii()]
            assert any(word in argument.help[language] for word in typed), (name, meant, language)


@pytest.mark.parametrize(
    ("name", "argument", "words"),
    [
        ("YOY_GROWTH", "base", "去年同期"),
        ("MOM_GROWTH", "base", "上月"),
        ("QOQ_GROWTH", "base", "上季"),
        ("WOW_GROWTH", "base", "上周"),
        ("OPP_RATE", "conversions", "商机"),
        ("ORDER_RATE", "conversions", "订单"),
        ("ORDER_RATE", "visits", "商机"),
        ("INQUIRY_RATE", "conversions", "询盘"),
    ],
)
def test_an_argument_speaks_of_its_own_function(name, argument, words):
    helps = {each.name: each.help.zh for each in FUNCTIONS[name].arguments}
    assert words in helps[argument]


def test_the_sign_of_a_budget_variance_is_in_its_title():
    for name in ("BUDGET_VAR", "BUDGET_VAR_PCT"):
        assert "正为有利" in FUNCTIONS[name].title.zh
        assert FUNCTIONS[name].title.en.startswith("Favourable")
