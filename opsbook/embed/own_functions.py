"""The functions put into a workbook of the user's own, as LAMBDA names: nothing else of it changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from opsbook.backends.ooxml import refusals, safe_save, xml_spans
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.refusals import refuse
from opsbook.backends.ooxml.workbook_part import DefinedName
from opsbook.book.calculation import MACROS, calculation
from opsbook.domain.language import Language
from opsbook.embed.conflicts import called, tables_named
from opsbook.functions import FUNCTIONS, lambda_names

_LAMBDA = "_xlfn.LAMBDA("
_SHOWN = 5


@dataclass(frozen=True)
class Added:
    """What was done.

    Attributes:
        new: Names that the workbook did not have.
        renewed: Names that it had, of another version or in another language.
        alive: Functions that formulas of the workbook call already.
        backup: The workbook as it was; None where nothing changed.
    """

    new: tuple[str, ...]
    renewed: tuple[str, ...]
    alive: tuple[str, ...]
    backup: Path | None


def add(path: Path, names: Collection[str] = (), language: Language = "zh") -> Added:
    """Put functions into a workbook; the file as it was is kept as a backup beside it.

    Args:
        path: An .xlsx or .xlsm.
        names: Functions to add; all that Excel can express by default.
        language: Of the comments, and of words in results.

    Raises:
        BookError: The workbook cannot be read or written, or has something of these names; it is as it was.
    """
    content = refusals.check_readable(path)
    refusals.check_writable(path)
    try:
        refusals.check_package(path.name, content, for_writing=True)
        session = Session(content)
    except xml_spans.DamagedError as error:
        raise xml_spans.DamagedError(error.detail, path.name) from error
    texts = {name: text for name, text in lambda_names(language).items() if not names or name in names}
    _check(path.name, session, texts)
    alive = called(session, {name.casefold() for name in texts})
    if alive and path.suffix.lower() == ".xlsm":
        raise refuse(
            f"工作簿 {path.name} 的公式里用到宏提供的函数 {_listed(alive)}，与 OpsBook 的函数同名，结果会改变："
            "请在 opsbook functions add 后面只写需要的其他函数。",
            f"Formulas of {path.name} call functions of its macros that have the names of OpsBook's, {_listed(alive)}: "
            "name only the other functions that you need after opsbook functions add.",
        )
    new, renewed = _define(session, texts, language)
    if not new and not renewed:
        return Added((), (), tuple(sorted(alive)), None)
    changed = session.finish()
    if alive:  # their values are errors until somebody calculates them
        session.book.calculate_on_load()
        changed = session.finish()
    safe_save.replace(
        path,
        session.parts.container.rebuilt(changed, session.parts.dropped),
        changed,
        safe_save.digest(content),
    )
    return Added(tuple(new), tuple(renewed), tuple(sorted(alive)), safe_save.backup_path(path.resolve()))


def _check(name: str, session: Session, texts: Mapping[str, str]) -> None:
    """Raise BookError where something else has one of the names."""
    present = {each.name: each.text for each in session.book.names if each.scope is None}
    if MACROS in present or calculation(present) == "python":
        raise refuse(
            f"工作簿 {name} 的宏已带有这些函数：不需要再加。",
            f"The macros of {name} bring these functions: nothing is to be added.",
        )
    wanted = {each.casefold() for each in texts}
    others = [
        own for own, text in present.items() if own.casefold() in wanted and not text.startswith(_LAMBDA)
    ]
    others += [table for table in tables_named(session) if table.casefold() in wanted]
    if others:
        raise refuse(
            f"工作簿 {name} 已有同名的名称或表格：{_listed(others)}；请在 Excel 的名称管理器中改名，或在命令后面只写需要的函数。",
            f"{name} has names or tables that are called like functions: {_listed(others)}; rename them in Excel's Name "
            "Manager, or name only the functions that you need.",
        )


def _define(session: Session, texts: Mapping[str, str], language: Language) -> tuple[list[str], list[str]]:
    """Set the names; return those that are new, and those that were other."""
    new, renewed = [], []
    for name, text in texts.items():
        comment = FUNCTIONS[name].comment(language)
        found = session.book.name(name)
        if found is None:
            session.book.names.append(DefinedName(name, text, None, comment=comment))
            new.append(name)
        elif (found.text, found.comment) != (text, comment):
            found.text, found.comment = text, comment
            renewed.append(name)
    return new, renewed


def _listed(names: Collection[str]) -> str:
    shown = ", ".join(sorted(names)[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown}…"
