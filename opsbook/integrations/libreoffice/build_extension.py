"""Builds the extension and the Basic functions for old LibreOffice. The same registry gives the same bytes."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from opsbook import __version__
from opsbook.domain.language import Text
from opsbook.functions import FUNCTIONS
from opsbook.support.zip_writer import zipped

if TYPE_CHECKING:
    from opsbook.functions import Function

SERVICE = "org.opsbook.Functions"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_REGISTRY = 'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
_MEDIA = {
    "opsbook.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",  # as text: no compiler is needed
    "opsbook.components": "application/vnd.sun.star.uno-components",
    "CalcAddIns.xcu": "application/vnd.sun.star.configuration-data",
}


def extension() -> bytes:
    """Return the .oxt: the functions for every document of LibreOffice Calc."""
    component = (
        files("opsbook.integrations.libreoffice").joinpath("calc_component.py").read_text(encoding="utf-8")
    )
    parts = {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(),
        "opsbook.idl": interface(),
        "CalcAddIns.xcu": _texts(),
        "opsbook.components": _components(),
        "opsbook_component.py": component,
        "pythonpath/opsbook_methods.py": _methods(),
    }
    return zipped((name, text.encode()) for name, text in parts.items())


def method(function: Function) -> str:
    """Return the function's name as a method: lower case without underscores, which UNO does not take."""
    return function.name.replace("_", "").lower()


def _parameters(function: Function) -> list[str]:
    """Return the arguments' names for UNO. They are numbered: LibreOffice may list them by the alphabet."""
    return [f"a{at:02}{each.name.replace('_', '')}" for at, each in enumerate(function.arguments)]


def interface() -> str:
    """Return the UNO interface, by which LibreOffice knows the functions' arguments and results."""
    lines = []
    for function in FUNCTIONS.values():
        result = "sequence< sequence<any> >" if function.is_array else "any"
        given = ", ".join(f"[in] any {name}" for name in _parameters(function))
        lines.append(f"  {result} {method(function)}({given});")
    return "\n".join(["module org { module opsbook {", "interface XFunctions {", *lines, "};", "}; };", ""])


def _methods() -> str:
    rows = [f'    "{method(each)}": ("{each.name}", {each.is_array}),' for each in FUNCTIONS.values()]
    return "\n".join(
        [
            '"""Methods of the interface: the function, and whether it gives rows."""',
            "",
            "METHODS = {",
            *rows,
            "}",
            "",
        ]
    )


def _property(name: str, text: Text) -> str:
    values = "".join(
        f'<value xml:lang="{lang}">{escape(said)}</value>'
        for lang, said in (("en-US", text.en), ("zh-CN", text.zh))
    )
    return f'<prop oor:name="{name}">{values}</prop>'


def _same(name: str, text: str) -> str:
    return f'<prop oor:name="{name}"><value xml:lang="en-US">{escape(text)}</value></prop>'


def _texts() -> str:
    """Return names, descriptions and argument texts; those that do not start Python."""
    nodes = []
    for function in FUNCTIONS.values():
        arguments = "".join(
            f'<node oor:name="{name}" oor:op="replace">{_same("DisplayName", each.name)}'
            f"{_property('Description', each.help)}</node>"
            for name, each in zip(_parameters(function), function.arguments, strict=True)
        )
        comment = type(function.help)(function.comment("zh"), function.comment("en"))
        nodes.append(
            f'<node oor:name="{method(function)}" oor:op="replace">{_same("DisplayName", function.name)}'
            f"{_property('Description', comment)}"
            '<prop oor:name="Category"><value>Add-In</value></prop>'
            f"{_same('CompatibilityName', function.name)}"
            f'<node oor:name="Parameters">{arguments}</node></node>'
        )
    return (
        f'{_XML}<oor:component-data {_REGISTRY} oor:name="CalcAddIns" oor:package="org.openoffice.Office">'
        f'<node oor:name="AddInInfo"><node oor:name="{SERVICE}" oor:op="replace"><node oor:name="AddInFunctions">\n'
        + "\n".join(nodes)
        + "\n</node></node></node></oor:component-data>\n"
    )


def _components() -> str:
    return (
        f'{_XML}<components xmlns="http://openoffice.org/2010/uno-components">'
        '<component loader="com.sun.star.loader.Python" uri="opsbook_component.py">'
        f'<implementation name="{SERVICE}"><service name="{SERVICE}"/></implementation></component></components>\n'
    )


def _manifest() -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in _MEDIA.items()
    )
    return f'{_XML}<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">{entries}</manifest:manifest>\n'


def _description() -> str:
    return (
        f'{_XML}<description xmlns="http://openoffice.org/extensions/description/2006" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><identifier value="org.opsbook.calc"/>'
        f'<version value="{__version__}"/><display-name><name lang="en">OpsBook functions</name>'
        '<name lang="zh">OpsBook 函数</name></display-name></description>\n'
    )


def basic() -> str:
    """Return the functions as Basic, by which LibreOffice before 24 finds plain names in an .xlsx.

    Each hands its arguments to the extension, which must be installed.
    """
    parts = [
        "Option Explicit",
        "' Generated from OpsBook's function registry.",
        "Global ops_service As Object",
        "",
    ]
    parts += [_basic_function(function) for function in FUNCTIONS.values()]
    return "\n".join([*parts, _BASIC_HELP])


def _basic_function(function: Function) -> str:
    names = _parameters(function)
    given = ", ".join(f"Optional {name} As Variant" for name in names)
    lines = [f"Function {function.name}({given}) As Variant", f"    Dim v({len(names) - 1}) As Variant"]
    lines += [f"    If Not IsMissing({name}) Then v({at}) = {name}" for at, name in enumerate(names)]
    called = ", ".join(f"v({at})" for at in range(len(names)))
    lines += [
        f"    {function.name} = ops_cells(ops_calc().{method(function)}({called}))",
        "End Function",
        "",
    ]
    return "\n".join(lines)


_BASIC_HELP = """\
Function ops_calc() As Object
    If IsNull(ops_service) Then ops_service = createUnoService("org.opsbook.Functions")
    ops_calc = ops_service
End Function

Function ops_cells(rows As Variant) As Variant
    Dim cells() As Variant
    Dim r As Long, c As Long
    If Not IsArray(rows) Then
        ops_cells = rows
        Exit Function
    End If
    If UBound(rows) = 0 And UBound(rows(0)) = 0 Then
        ops_cells = rows(0)(0)
        Exit Function
    End If
    ReDim cells(UBound(rows), UBound(rows(0)))
    For r = 0 To UBound(rows)
        For c = 0 To UBound(rows(0))
            cells(r, c) = rows(r)(c)
        Next c
    Next r
    ops_cells = cells
End Function
"""
