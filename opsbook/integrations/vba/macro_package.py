"""Puts macros, function help and a ribbon into a workbook's package; XlsxWriter and openpyxl cannot write all of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING

from opsbook.domain.language import Language
from opsbook.functions import FUNCTIONS
from opsbook.integrations.vba.ribbon import CATEGORY, Target, ribbon
from opsbook.support.zip_writer import zipped

if TYPE_CHECKING:
    from lxml.etree import _Element


MAIN_TYPES = {
    "book": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "addin": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
}
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_ARGUMENT_HELP = "{8193D73E-4604-4355-AFF4-8A2333D13BE4}"
_OFFICE_2007 = "http://schemas.microsoft.com/office/2007/relationships"
_OFFICE_2006 = "http://schemas.microsoft.com/office/2006/relationships"
_CALCULATOR = "191029"  # of Excel 2019 and 365; a file of an older one is calculated anew on opening


def with_macros(package: bytes, target: Target, language: Language) -> bytes:
    """Return the workbook with our VBA project, its functions' help and the ribbon. Equal input gives equal bytes.

    Args:
        package: An .xlsx as `opsbook.backends.xlsxwriter.new_workbook` makes it.
        target: ``book`` makes an .xlsm, ``addin`` an .xlam.
        language: Of help, messages and words in results.
    """
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    relations = {
        each.get("Id"): f"xl/{each.get('Target')}" for each in _parse(parts["xl/_rels/workbook.xml.rels"])
    }
    sheets = [
        relations[each.get(_ID)]
        for each in _parse(parts["xl/workbook.xml"]).iterfind(f"{_MAIN}sheets/{_MAIN}sheet")
    ]
    code_names = {part: f"Sheet{number}" for number, part in enumerate(sheets, start=1)}
    edits: dict[str, Callable[[_Element], None]] = {
        "[Content_Types].xml": lambda root: _content_types(root, target),
        "_rels/.rels": lambda root: _relate(
            root, f"{_OFFICE_2007}/ui/extensibility", "customUI/customUI14.xml"
        ),
        "xl/_rels/workbook.xml.rels": lambda root: _relate(
            root, f"{_OFFICE_2006}/vbaProject", "vbaProject.bin"
        ),
        "xl/workbook.xml": lambda root: _workbook(root, language),
    }
    for name, edit in edits.items():
        parts[name] = _edited(parts[name], edit)
    for part, code_name in code_names.items():
        parts[part] = _edited(parts[part], partial(_code_name, name=code_name))
    parts["xl/vbaProject.bin"] = _project(target, language, len(sheets))
    parts["customUI/customUI14.xml"] = ribbon(target, language).encode()
    return zipped(parts.items())


def _project(target: Target, language: Language, sheets: int) -> bytes:
    """Return the VBA project, which ``tests/vba_builder`` built; it has a module for every sheet."""
    name = f"{target}-{language}.bin"
    project = files("opsbook.integrations.vba").joinpath("projects", name).read_bytes()
    if (own := project.count(b"Document=Sheet")) != sheets:
        raise ValueError(f"{name} is for {own} sheets, not {sheets}: run python -m vba_builder in tests")
    return project


def _parse(data: bytes) -> _Element:
    from lxml import etree

    return etree.fromstring(data)


def _edited(data: bytes, edit: Callable[[_Element], None]) -> bytes:
    from lxml import etree

    root = _parse(data)
    edit(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _add(parent: _Element, tag: str, /, **attributes: str) -> _Element:
    from lxml import etree

    return etree.SubElement(parent, tag, attributes)


def _content_types(root: _Element, target: Target) -> None:
    for each in root.iterfind(f"{_TYPES}Override"):
        if each.get("PartName") == "/xl/workbook.xml":
            each.set("ContentType", MAIN_TYPES[target])
    entry = _add(
        root, f"{_TYPES}Default", Extension="bin", ContentType="application/vnd.ms-office.vbaProject"
    )
    root.insert(0, entry)


def _relate(root: _Element, kind: str, target: str) -> None:
    taken = {each.get("Id") for each in root}
    number = next(each for each in range(1, len(taken) + 2) if f"rId{each}" not in taken)
    _add(root, f"{_RELATIONS}Relationship", Id=f"rId{number}", Type=kind, Target=target)


def _code_name(root: _Element, name: str) -> None:
    """Bind a sheet to its document module."""
    found = root.find(f"{_MAIN}sheetPr")
    if found is None:
        found = _add(root, f"{_MAIN}sheetPr")
        root.insert(0, found)
    found.set("codeName", name)


def _workbook(root: _Element, language: Language) -> None:
    properties = root.find(f"{_MAIN}workbookPr")
    sheets = root.find(f"{_MAIN}sheets")
    calculation = root.find(f"{_MAIN}calcPr")
    if properties is None or sheets is None or calculation is None:  # XlsxWriter always writes them
        raise ValueError("workbook.xml lacks workbookPr, sheets or calcPr")
    properties.set("codeName", "ThisWorkbook")
    groups = _add(root, f"{_MAIN}functionGroups", builtInGroupCount="19")
    _add(groups, f"{_MAIN}functionGroup", name=CATEGORY)
    sheets.addnext(groups)
    # Every formula has its value beside it: opening the file calculates nothing and starts no Python.
    calculation.attrib.pop("fullCalcOnLoad", "")  # of an add-in, which is not made by `author`
    calculation.set("calcId", _CALCULATOR)
    _argument_help(root, language)


def _argument_help(root: _Element, language: Language) -> None:
    """Write what the function wizard says of each argument."""
    from lxml import etree

    extensions = root.find(f"{_MAIN}extLst")
    if extensions is None:
        extensions = _add(root, f"{_MAIN}extLst")  # the last child of a workbook
    extension = etree.SubElement(extensions, f"{_MAIN}ext", {"uri": _ARGUMENT_HELP}, nsmap={"x14": _X14})
    names = _add(extension, f"{{{_X14}}}definedNames")
    for function in FUNCTIONS.values():
        name = _add(names, f"{{{_X14}}}definedName", name=function.name)
        texts = _add(name, f"{{{_X14}}}argumentDescriptions", count=str(len(function.arguments)))
        for index, argument in enumerate(function.arguments):
            entry = _add(texts, f"{{{_X14}}}argumentDescription", index=str(index))
            entry.text = argument.help[language][:255]
