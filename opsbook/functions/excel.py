"""The functions as native Excel formulas: LAMBDA names, and formulas written out for older Excel.

A declared body works on cleaned arguments. What cleaning means is written here once for formulas, as in
`opsbook.functions.coerce` for Python; a test compares the two cell by cell.
"""

from __future__ import annotations

from opsbook.domain.language import Language
from opsbook.functions import formula_text
from opsbook.functions.formula_text import Token, tokens
from opsbook.functions.registry import Argument, Function, RegistryError, functions

NAME_LIMIT = 8192
"""Characters that the text of a defined name may have."""

_CLEANED = "v_"  # before an argument's name: its cleaned value, which no cell reference can look like


def lambda_names(language: Language = "zh") -> dict[str, str]:
    """Return the text of the defined name of every function that Excel can express, as .xlsx files store it.

    Args:
        language: Of texts in results.

    Returns:
        Such as ``{"YOY_GROWTH": "_xlfn.LAMBDA(_xlpm.current,..."}``, without an equals sign, each at most
        8,192 characters. The comment of a name is ``FUNCTIONS[name].comment(language)``.
    """
    found = {}
    for name, function in functions().items():
        if function.excel:
            text = formula_text.stored(lambda_source(function, language))
            if len(text) > NAME_LIMIT:
                raise RegistryError(f"{name}: {len(text)} characters, a defined name takes {NAME_LIMIT}")
            found[name] = text
    return found


def lambda_source(function: Function, language: Language = "zh") -> str:
    """Return ``LAMBDA(...)`` as a person would type it."""
    parameters = [f"[{each.name}]" if each.optional else each.name for each in function.arguments]
    return f"LAMBDA({','.join([*parameters, _calculation(function, language, classic=False)])})"


def inline_formula(name: str, *arguments: str, language: Language = "zh") -> str | None:
    """Return the function written out over the given formula texts, for Excel without LAMBDA and LET.

    Args:
        name: Of the registry.
        arguments: References or constants, such as ``C5``; an empty text leaves an optional argument out.
        language: Of texts in results.

    Returns:
        A formula without an equals sign, as files store it; None where Excel 2016 cannot express it.
    """
    function = functions()[name]
    if not function.excel or any(each.shape == "vector" for each in function.arguments):
        return None
    texts = [*arguments, *[""] * (len(function.arguments) - len(arguments))]
    given = {}
    omitted: dict[str, list[Token]] = {}
    for argument, text in zip(function.arguments, texts, strict=True):
        if text:
            given[argument.name] = [Token("reference", text)]
        else:
            omitted[_CLEANED + argument.name] = tokens(literal(argument.default))
    pieces = tokens(_calculation(function, language, classic=True, omitted=frozenset(omitted)))
    written = formula_text.expand(pieces, given | omitted)
    return formula_text.stored_classic(written) if formula_text.is_classic(written) else None


def _calculation(
    function: Function, language: Language, *, classic: bool, omitted: frozenset[str] = frozenset()
) -> str:
    """Return the formula over the raw arguments: clean, pass errors on, then the declared body."""
    bindings: list[str] = []
    guards: list[str] = []  # each with {} where the rest goes
    vectors: list[str] = []
    for argument in function.arguments:
        cleaned = _CLEANED + argument.name
        if cleaned in omitted:
            continue
        if _is_direct(argument):
            guards.append(_judged(argument, "{}"))
            continue
        bindings += [cleaned, _cleaned(argument, omittable=argument.optional and not classic)]
        if argument.shape == "vector":
            guards.append(f"IF((ROWS({argument.name})>1)*(COLUMNS({argument.name})>1),#VALUE!,{{}})")
            if not argument.optional:
                vectors.append(cleaned)
        guards.append("IF({},{},{{}})".format(*_error_guard(argument, cleaned)))
    guards += [f"IF(ROWS({vectors[0]})<>ROWS({other}),#VALUE!,{{}})" for other in vectors[1:]]
    result = _body(function, language)
    if vectors and function.result in ("same", "spill"):
        first = next(each.name for each in function.arguments if each.shape == "vector")
        result = f"LET(by_column,{result},IF(COLUMNS({first})>1,TRANSPOSE(by_column),by_column))"
    for guard in reversed(guards):
        result = guard.replace("{}", result, 1)
    return f"LET({','.join([*bindings, result])})" if bindings else result


def _is_direct(argument: Argument) -> bool:
    """Return whether the body can use the cell itself once it is known to be a number."""
    return (
        argument.type == "number"
        and argument.shape in ("cells", "scalar")
        and not argument.optional
        and argument.blank_as is None
    )


def _error_guard(argument: Argument, cleaned: str) -> tuple[str, str]:
    """Return when the argument is an error, and that error."""
    if argument.shape in ("cells", "scalar"):
        return f"ISERROR({cleaned})", cleaned
    if argument.type in ("number", "integer", "date"):
        return f"ISERROR(SUM({cleaned}))", f"SUM({cleaned})"
    return (
        f"SUM(--ISERROR({cleaned}))>0",
        f"INDEX(TOCOL({cleaned}),XMATCH(TRUE,TOCOL(ISERROR({cleaned}))))",
    )


def _body(function: Function, language: Language) -> str:
    """Return the declared body with cleaned arguments and the words of the language."""
    names = {argument.name for argument in function.arguments}
    direct = {argument.name for argument in function.arguments if _is_direct(argument)}
    pieces = tokens(function.excel)
    clash = formula_text.bound_names(pieces) & names
    if clash:
        raise RegistryError(f"{function.name}: the Excel body binds {sorted(clash)} anew")
    written = []
    for at, (kind, text) in enumerate(pieces):
        if kind == "name" and text in names and not formula_text.called(pieces, at):
            written.append(text if text in direct else _CLEANED + text)
        elif kind == "string" and text[1:2] == "$" and text[2:-1] in function.words:
            written.append(literal(function.words[text[2:-1]][language]))
        else:
            written.append(text)
    return "".join(written)


def _cleaned(argument: Argument, *, omittable: bool) -> str:
    """Return the formula that is the argument as the body takes it, or its error."""
    x = argument.name
    number = {"integer": f"TRUNC({x})", "date": f"INT({x})", "flag": f"{x}<>0"}.get(argument.type, x)
    text = _judged(argument, number)
    if argument.shape == "vector":
        text = f"TOCOL({text})"
    if argument.shape == "range":
        text = f"IF({{1}},{text})"  # a lone cell too must be an array: SUM("") is an error, SUM({""}) is 0
    if omittable:
        default = literal(argument.default)
        if argument.shape in ("range", "vector") and argument.default is None:
            default = '{""}'  # SUM of the text would be an error
        text = f"IF(ISOMITTED({x}),{default},IF(AND(ISBLANK({x})),{default},{text}))"
    elif argument.optional:
        text = f"IF(AND(ISBLANK({x})),{literal(argument.default)},{text})"
    return text


def _judged(argument: Argument, number: str) -> str:
    """Return the formula that judges an argument as `opsbook.functions.coerce` does.

    Args:
        argument: The argument.
        number: What to return for a number within the limits.
    """
    x = argument.name
    missing = "#N/A" if argument.shape in ("cells", "scalar") else '""'
    if argument.blank_as is not None:
        missing = literal(argument.blank_as)
    dashes = f'SUBSTITUTE(SUBSTITUTE({x},"-","")," ","")=""'
    empty = f'SUBSTITUTE({x}," ","")=""'
    if argument.type == "key":
        text = f'IF(ISERROR({x}),{x},IF({dashes},{missing},LOWER({x}&"")))'
    elif argument.type == "text" and argument.choices:
        text = f"IF({empty},{missing},#VALUE!)"
        for result in reversed(dict.fromkeys(argument.choices.values())):
            words = [word for word, meant in argument.choices.items() if meant == result]
            same = "+".join(f"(TRIM({x})={literal(word)})" for word in words)
            text = f"IF({same},{literal(result)},{text})"
        text = f"IF(ISERROR({x}),{x},IF(ISTEXT({x}),{text},IF(ISBLANK({x}),{missing},#VALUE!)))"
    elif argument.type == "text":
        text = f'IF(ISERROR({x}),{x},IF({empty},{missing},{x}&""))'
    else:
        measured = {"integer": f"TRUNC({x})", "date": f"INT({x})"}.get(argument.type, x)
        limits = [
            f"({measured}{sign}{limit:g})"
            for sign, limit in (("<", argument.minimum), (">", argument.maximum), ("<=", argument.above))
            if limit is not None
        ]
        if limits:
            number = f"IF({'+'.join(limits)},#NUM!,{number})"
        text = f"IF(ISNUMBER({x}),{number},IF(ISERROR({x}),{x},IF({dashes},{missing},#VALUE!)))"
        if argument.type == "flag":
            text = f"IF(ISLOGICAL({x}),{x},{text})"
    if argument.shape == "scalar":
        text = f"IF(ROWS({x})*COLUMNS({x})>1,#VALUE!,{text})"
    return text


def literal(value: float | str | bool | None) -> str:
    """Return a constant as formula text; None is the empty text."""
    if value is None:
        return '""'
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    return f"{value:.15g}"
