"""The registry's functions as VBA: one thin function each, with what "Import Functions" would otherwise set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opsbook.functions import FUNCTIONS

if TYPE_CHECKING:
    from opsbook.functions import Argument, Function

OWN_GROUP = 20
"""Number of the first category of one's own in Excel's list; `package` names it."""

# Words that VBA keeps for itself; a function or argument of that name would not compile.
RESERVED = frozenset(
    """addressof and any array as attribute boolean byref byte byval call case cbool cbyte ccur cdate cdbl cdec cint
    clng clnglng clngptr close const csng cstr currency cvar cverr date debug decimal declare defbool defbyte defcur
    defdate defdbl defint deflng defobj defsng defstr defvar dim do double each else elseif empty end endif enum eqv
    erase event exit false fix for friend function get global gosub goto if imp implements in input int integer is
    lbound len lenb let like line lock long longlong longptr loop lset me mid midb mod new next not nothing null
    object on open option optional or paramarray preserve print private pset public put raiseevent redim rem resume
    return rset scale seek select set sgn shared single spc static step stop string sub tab then to true type typeof
    ubound unlock until variant wend while with withevents write xor circle abs""".split()  # noqa: SIM905
) - {"scale", "circle", "pset"}  # known to Visual Basic's forms alone
_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")
_ASCII = str.maketrans(
    {"…": "...", "–": "-", "—": "-", "×": "x", "÷": "/", "’": "'", "“": "'", "”": "'", "万": "wan"}
)


def source() -> str:
    """Return the text of the module with all wrappers.

    Raises:
        ValueError: VBA or Excel would not take a name or a text; the message says which.
    """
    parts = ["Option Explicit", "' Generated from the function registry; see OpsBookCalls."]
    parts += [_wrapper(function) for function in FUNCTIONS.values()]
    return "\n".join(parts) + "\n"


def _wrapper(function: Function) -> str:
    name = function.name
    _check(name, name)
    for argument in function.arguments:
        _check(name, argument.name)
    parameters = ", ".join(_parameter(each) for each in function.arguments)
    values = ", ".join(f"OpsCells({each.name})" for each in function.arguments)
    return "\n".join(
        [
            "",
            f"Public Function {name}({parameters}) As Variant",
            f'Attribute {name}.VB_Description = "{description(function)}"',
            f'Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n{OWN_GROUP}"',
            f'    {name} = OpsCall("{name}", Array({values}))',
            "End Function",
        ]
    )


def _parameter(argument: Argument) -> str:
    return f"{'Optional ' if argument.optional else ''}ByVal {argument.name} As Variant"


def description(function: Function) -> str:
    """Return what the function wizard shows: English, for the text of a macro depends on the code page."""
    text = function.comment("en").translate(_ASCII)
    if not text.isascii() or '"' in text:
        raise ValueError(f"{function.name}: not plain ASCII without quotes: {text!r}")
    return text[:255]


def _check(function: str, name: str) -> None:
    if name.lower() in RESERVED:
        raise ValueError(f"{function}: {name!r} is a word of VBA")
    if _CELL_LIKE.fullmatch(name):
        raise ValueError(f"{function}: {name!r} looks like a cell")
    if not name.isascii() or not name[0].isalpha():
        raise ValueError(f"{function}: {name!r} is no name in VBA")
