"""The one registry of OpsBook's functions: declared texts bound to Python bodies.

The texts stand in ``declared/*.toml``; the file ``growth.toml`` declares the functions whose bodies are in
``opsbook.functions.growth``. A declaration that does not fit its body is a `RegistryError` at load.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any, Literal, get_args

from opsbook.domain.declarations import load
from opsbook.domain.language import Language, Text

SUBJECTS = (
    "growth",
    "series",
    "drivers",
    "ratios",
    "ads",
    "funnel",
    "intervals",
    "customers",
    "products",
    "ranking",
    "targets",
    "seasons",
    "budget",
    "risk",
    "texts",
)
"""The files of declarations, in the order of the function list."""

ArgumentType = Literal["number", "integer", "date", "text", "flag", "key"]
Shape = Literal["cells", "scalar", "range", "vector"]
Result = Literal["cells", "scalar", "same", "spill", "row"]

COMMENT_LIMIT = 255
"""What Excel stores as a name's comment or a function's description, in characters."""


class RegistryError(Exception):
    """A declaration is wrong, or does not fit its Python body."""


@dataclass(frozen=True)
class Argument:
    """One argument.

    Attributes:
        name: As in the Python body and in Excel's formula tip.
        type: ``number``; ``integer`` (fractions cut off); ``date`` (day number of Excel); ``text`` (one of
            ``choices``, else free); ``flag``; ``key`` (an id, compared as text without case).
        shape: ``cells``: works element by element, a cell or a range; ``scalar``: one cell; ``range``: any
            range, taken as a whole, missing cells left out; ``vector``: one row or one column.
        optional: May be left out; a blank cell counts as left out.
        default: What holds then.
        minimum, maximum, above: Numbers outside (``above``: not greater) are #NUM!.
        choices: The words understood, each with the word the body gets.
        blank_as: What a missing cell counts as; an empty text lets it be missing without making the result
            #N/A.
    """

    name: str
    help: Text
    type: ArgumentType = "number"
    shape: Shape = "cells"
    optional: bool = False
    default: float | str | bool | None = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    blank_as: float | str | None = None


@dataclass(frozen=True)
class Function:
    """One function.

    Attributes:
        name: As typed in a cell.
        category: Id of the subject.
        result: Shape of the result: ``cells``, as the arguments; ``scalar``; ``same``, one cell for each of the
            first vector; ``spill``, a table whose rows lie along the first vector; ``row``, always one row.
        zero, negative, missing: What these do; an error in an argument always becomes the result.
        excel: Body of the native LAMBDA over the cleaned arguments; empty where Excel cannot express it.
        no_excel: Why not, else empty.
        words: Texts in the result, by the key that the bodies use.
        body: The numpy body; takes the arguments in order, and ``words`` by keyword if there are any.
    """

    name: str
    category: str
    title: Text
    help: Text
    arguments: tuple[Argument, ...]
    result: Result
    zero: Text
    negative: Text
    missing: Text
    reference: str
    excel: str
    no_excel: str
    words: Mapping[str, Text]
    body: Callable[..., Any]

    @property
    def required(self) -> int:
        """How many arguments must be given."""
        return sum(not argument.optional for argument in self.arguments)

    @property
    def is_array(self) -> bool:
        """Whether the result may be more than one cell."""
        return self.result != "scalar"

    def signature(self) -> str:
        """Return such as ``ATTAIN(actual, target, [lower_better])``."""
        names = (f"[{each.name}]" if each.optional else each.name for each in self.arguments)
        return f"{self.name}({', '.join(names)})"

    def comment(self, language: Language) -> str:
        """Return title and help in at most 255 characters, for a defined name or a function description."""
        dot = "。" if language == "zh" else ". "
        text = f"{self.title[language]}{dot}{self.help[language]}"
        return text if len(text) <= COMMENT_LIMIT else text[: COMMENT_LIMIT - 1] + "…"


_FUNCTION_KEYS = {
    "title", "help", "body", "same_as", "arguments", "result", "zero", "negative", "missing",
    "reference", "excel", "no_excel", "words",
}  # fmt: skip
_ARGUMENT_KEYS = {
    "name", "help", "type", "shape", "optional", "default", "minimum", "maximum", "above", "choices",
    "blank_as",
}  # fmt: skip


@cache
def functions() -> Mapping[str, Function]:
    """Return every function by name, in the order of the function list.

    Raises:
        RegistryError: A declaration is wrong; the message names the function and what does not fit.
    """
    shared = load("opsbook.functions", "declared", "shared.toml")
    found: dict[str, Function] = {}
    for subject in SUBJECTS:
        declared = dict(load("opsbook.functions", "declared", f"{subject}.toml"))
        own = {**shared["arguments"], **declared.pop("arguments", {})}
        for name, given in declared.items():
            if name in found:
                raise RegistryError(f"{name} is declared twice")
            entry = dict(given)
            twin = entry.pop("same_as", None)
            if twin is not None:
                entry = {**{k: v for k, v in declared[twin].items() if k != "same_as"}, **entry}
            found[name] = _function(name, subject, entry, own, shared["rules"])
    return MappingProxyType(found)


def _function(
    name: str, subject: str, entry: dict[str, Any], own: dict[str, Any], rules: dict[str, Any]
) -> Function:
    unknown = entry.keys() - _FUNCTION_KEYS
    if unknown:
        raise RegistryError(f"{name}: unknown keys {sorted(unknown)}")
    lacking = _FUNCTION_KEYS - {"same_as", "excel", "no_excel", "words"} - entry.keys()
    if lacking:
        raise RegistryError(f"{name}: lacks {sorted(lacking)}")
    home, _, body_name = entry["body"].rpartition(".")
    module = import_module(f"opsbook.functions.{home or subject}")
    body = getattr(module, body_name, None)
    if body is None:
        raise RegistryError(f"{name}: {module.__name__} has no {body_name}")
    if entry["result"] not in get_args(Result):
        raise RegistryError(f"{name}: result {entry['result']!r} is none of {get_args(Result)}")
    if bool(entry.get("excel")) == bool(entry.get("no_excel")):
        raise RegistryError(f"{name}: give an Excel body, or the reason why there is none")
    arguments = tuple(_argument(name, given, own) for given in entry["arguments"])
    words = {key: Text(**text) for key, text in entry.get("words", {}).items()}
    _check_body(name, body, arguments, bool(words))
    try:
        zero, negative, missing = (Text(**rules[entry[key]]) for key in ("zero", "negative", "missing"))
    except KeyError as error:
        raise RegistryError(f"{name}: no rule {error.args[0]!r} in shared.toml") from None
    return Function(
        name=name,
        category=subject,
        title=Text(**entry["title"]),
        help=Text(**entry["help"]),
        arguments=arguments,
        result=entry["result"],
        zero=zero,
        negative=negative,
        missing=missing,
        reference=entry["reference"],
        excel=entry.get("excel", "").strip(),
        no_excel=entry.get("no_excel", ""),
        words=MappingProxyType(words),
        body=body,
    )


def _argument(function: str, given: str | dict[str, Any], own: dict[str, Any]) -> Argument:
    """Return the argument; a bare name, or a table whose keys go before those of the shared one."""
    entry: dict[str, Any] = {"name": given} if isinstance(given, str) else given
    entry = {**own.get(entry["name"], {}), **entry}
    unknown = entry.keys() - _ARGUMENT_KEYS
    if unknown:
        raise RegistryError(f"{function}: argument {entry['name']}: unknown keys {sorted(unknown)}")
    if "help" not in entry:
        raise RegistryError(f"{function}: argument {entry['name']} has no help")
    for key, known in (("type", get_args(ArgumentType)), ("shape", get_args(Shape))):
        if key in entry and entry[key] not in known:
            raise RegistryError(f"{function}: argument {entry['name']}: {key} is none of {known}")
    return Argument(
        **{**entry, "help": Text(**entry["help"]), "choices": MappingProxyType(entry.get("choices", {}))}
    )


def _check_body(
    name: str, body: Callable[..., Any], arguments: tuple[Argument, ...], has_words: bool
) -> None:
    """Raise RegistryError unless the body takes exactly the declared arguments, in their order."""
    parameters = list(inspect.signature(body).parameters.values())
    keywords = [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]
    positional = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    if positional != [each.name for each in arguments]:
        raise RegistryError(
            f"{name}: declared {[each.name for each in arguments]}, but {body.__name__} takes {positional}"
        )
    if keywords != (["words"] if has_words else []):
        raise RegistryError(f"{name}: words are declared: {has_words}; keywords of the body: {keywords}")
    optional = [each.optional for each in arguments]
    if optional != sorted(optional):
        raise RegistryError(f"{name}: an optional argument stands before one that is not")
