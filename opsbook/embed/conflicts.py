"""What in a user's workbook stands in the way of our sheets, told by name and with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from opsbook.backends.ooxml import list_objects, xml_spans
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.refusals import COPY_NAME, refuse
from opsbook.book.model import FORMAT_NAME
from opsbook.domain.errors import BookError
from opsbook.functions import FUNCTIONS
from opsbook.share.freeze.formula_dependencies import pieces

_SHOWN = 10  # names in a message
_REVISIONS = "revisionHeaders+xml"
_MACROS = "macroEnabled"
_CALL = re.compile(rb"([A-Za-z_]{2,})\(")
_FORMULA = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?f(?:\s[^<>]*)?>([^<]*)<")


def check_own(name: str, session: Session) -> None:
    """Raise BookError for a workbook of a kind that our sheets cannot be added to.

    Args:
        name: Of the file.
        session: The user's workbook.
    """
    if session.book.name(COPY_NAME):
        raise refuse(
            f"{name} 是由 opsbook freeze 生成的副本，只供阅读：请改用您自己的工作簿。",
            f"{name} is a copy made by opsbook freeze, to be read only: name a workbook of your own.",
        )
    if session.book.name(FORMAT_NAME):
        raise refuse(
            f"{name} 里已有 OpsBook 的工作表：请直接用 opsbook refresh 刷新它。",
            f"{name} has the sheets of OpsBook already: refresh it with opsbook refresh.",
        )
    ending = ".xlsm" if _MACROS in session.parts.content_types()[session.book.part] else ".xlsx"
    if not name.lower().endswith(ending):
        raise refuse(
            f"{name} 的内容其实是 {ending} 文件，Excel 不会打开它：请把文件名改为以 {ending} 结尾。",
            f"{name} is in truth an {ending}, and Excel does not open it under this name: give it one that ends in {ending}.",
        )
    if session.date1904:
        raise refuse(
            f"工作簿 {name} 使用 1904 日期系统，OpsBook 的日期会相差 1462 天：请用 opsbook new 另建一个工作簿，不加 --with。"
            "（在 Excel 选项中取消“使用 1904 日期系统”也可以，但原有日期会随之改变。）",
            f"{name} counts its dates from 1904, and those of OpsBook would be off by 1462 days: make a workbook apart, with opsbook "
            "new without --with. (Or clear 'Use 1904 date system' in Excel's options, which moves the dates that are there.)",
        )
    if any(kind.endswith(_REVISIONS) for kind in session.parts.content_types().values()):
        raise refuse(
            f"工作簿 {name} 是带修订记录的“共享工作簿（旧版）”，不能添加工作表：请先在 Excel 中取消共享并保存。",
            f"{name} is a shared workbook (legacy) with tracked changes, which takes no new sheets from outside: "
            "stop sharing it in Excel and save it first.",
        )


def check(name: str, session: Session, added: Session) -> None:
    """Raise BookError where both workbooks call something alike.

    Args:
        name: Of the user's file.
        session: The user's workbook.
        added: Ours.
    """
    titles = {each.title.casefold() for each in added.book.sheets}
    if found := [title for title in _titles(session) if title.casefold() in titles]:
        raise refuse(
            f"工作簿 {name} 已有与 OpsBook 同名的工作表：{_listed(found, '、')}。请先在 Excel 中改名；"
            "或加 --lang en，改用英文表名。",
            f"{name} has sheets with the titles of ours: {_listed(found)}. Rename them in Excel first, or choose the other "
            "language of the workbook with --lang.",
        )
    texts = {each.name.casefold(): each.text for each in added.book.names if each.scope is None}
    alike = [
        each.name
        for each in session.book.names
        if each.scope is None and texts.get(each.name.casefold(), each.text) != each.text
    ]
    alike += [table for table in tables_named(session) if table.casefold() in texts]
    if alike:
        raise _alike(name, alike)
    if clashing := sorted(called(session, texts.keys())):
        raise refuse(
            f"工作簿 {name} 的公式里用到自己的函数 {_listed(clashing, '、')}，与 OpsBook 的函数同名，结果会改变：请加 --functions inline，"
            "不定义这些名称。",
            f"Formulas of {name} call functions of their own, {_listed(clashing)}, which ours are called too: say --functions inline, "
            "which defines no such names.",
        )


def _alike(name: str, names: list[str]) -> BookError:
    functions = all(each.upper() in FUNCTIONS for each in names)
    zh = "或加 --functions inline，不定义函数名称。" if functions else ""
    en = ", or say --functions inline, which defines no names of functions" if functions else ""
    return refuse(
        f"工作簿 {name} 已有 OpsBook 要用的名称或表格名：{_listed(names, '、')}。请先在 Excel 的名称管理器中改名或删除；{zh}".rstrip(
            "；"
        ),
        f"{name} has names, or tables with names, that ours need: {_listed(names)}. Rename or delete them in Excel's Name Manager "
        f"first{en}.",
    )


def _listed(names: list[str], comma: str = ", ") -> str:
    shown = comma.join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown}…"


def _titles(session: Session) -> list[str]:
    """Return the titles of all tabs, old macro sheets among them."""
    root = xml_spans.parse(session.parts.read(session.book.part))
    return [node.attributes.get("name", "") for node in root.find("sheet")]


def tables_named(session: Session) -> Iterator[str]:
    """Yield the names of tables: in Excel they are names like the defined ones."""
    for entry in session.book.sheets:
        for table in list_objects.tables_of(session.parts, entry.part):
            yield table.name


def called(session: Session, names: Collection[str]) -> set[str]:
    """Return the functions of OpsBook, by their casefolded names, that formulas call and no defined name gives."""
    wanted = {name for name in FUNCTIONS if name.casefold() in names and session.book.name(name) is None}
    found = {call for each in session.book.names for call in _calls(each.text, wanted)}
    for entry in session.book.sheets if wanted else ():
        data = session.parts.read(entry.part) if entry.worksheet else b""
        if wanted.isdisjoint(name.upper().decode() for name in _CALL.findall(data)):
            continue
        for match in _FORMULA.finditer(data):
            found |= _calls(xml_spans.unescape(match[1].decode()), wanted)
    return found


def _calls(formula: str, wanted: Collection[str]) -> set[str]:
    spelled = formula.upper()
    if not any(f"{name}(" in spelled for name in wanted):
        return set()
    return {
        name
        for piece in pieces(formula) or ()
        if piece.kind == "call" and (name := piece.text.upper()) in wanted
    }
