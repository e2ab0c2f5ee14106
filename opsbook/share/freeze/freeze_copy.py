"""`freeze`: makes the copy to hand on. The workbook itself is read, never written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from opsbook.backends.ooxml import cell_strings, list_objects, refusals, xml_spans
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.refusals import refuse
from opsbook.backends.ooxml.workbook_part import DefinedName
from opsbook.domain.language import Language, Text, as_language
from opsbook.functions import FUNCTIONS, lambda_names
from opsbook.share.freeze import copied_cells, copied_parts, copied_workbook, sheet_choice, sheet_surroundings
from opsbook.share.freeze.copied_cells import FormulaTally, Functions
from opsbook.share.freeze.formula_dependencies import Reach
from opsbook.share.freeze.sheet_choice import Choice
from opsbook.support import atomic_files

_RICH_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*\bvm=")
_CONSTANTS = (
    "ops.format",
    "ops.layout",
    "ops.archive",
    "ops.language",
    "ops.demo",
    "ops.functions",
    refusals.COPY_NAME,
)


@dataclass
class Copy:
    """A copy, and what became of what.

    Attributes:
        content: The .xlsx.
        choice: The tabs by what became of them.
        formulas: What became of the formulas.
        cut: How many rules, links and objects were left out, by kind and sheet.
        stale: The workbook waits for Excel to calculate it: values of the user's formulas may be old.
        opened: The workbook is open in Excel: the copy is of what was saved last.
        native: It has formulas with native names of functions (LAMBDA).
    """

    content: bytes
    choice: Choice
    formulas: FormulaTally
    cut: Counter[tuple[str, str]] = field(default_factory=Counter)
    stale: bool = False
    opened: bool = False
    native: bool = False


def default_path(source: Path, language: Language) -> Path:
    """Return where the copy of a workbook stands when nothing else is said: beside it."""
    return source.with_name(source.stem + Text("-汇报版", "-report")[language] + ".xlsx")


def freeze(
    source: Path,
    target: Path,
    *,
    functions: Functions = "values",
    without: Collection[str] = (),
    overwrite: bool = False,
) -> Copy:
    """Write a copy of a workbook for people who only read it: the boss, the accountant, a customer.

    Args:
        source: The workbook; it may be open in Excel, then the copy is of what was saved last.
        target: The .xlsx to write.
        functions: What becomes of OpsBook's formulas: ``values``, ``lambda`` (native names, Excel 365) or
            ``inline`` (written out; any spreadsheet program).
        without: Titles of sheets to leave out besides.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        BookError: With a sentence for people; nothing was written.
    """
    if target.suffix.lower() != ".xlsx":
        raise refuse(
            f"{target.name}：副本只能存为 .xlsx，请把文件名改为以 .xlsx 结尾。",
            f"{target.name}: the copy is an .xlsx; give a name that ends in it.",
        )
    if target.exists() and (target.samefile(source) or not overwrite):
        raise refuse(
            f"{target} 已存在，不会覆盖：请换一个名字，或加 --overwrite（原工作簿始终不会被覆盖）。",
            f"{target} exists and is not overwritten: choose another name, or say --overwrite (never over the workbook itself).",
        )
    content = refusals.check_readable(source)
    try:
        refusals.check_package(source.name, content, for_writing=False)
        session = Session(content)
        refusals.check_ours(source.name, session.book)
        copy = of(source.name, session, functions, without)
    except xml_spans.DamagedError as error:
        raise xml_spans.DamagedError(error.detail, source.name) from error
    copy.opened = source.with_name(f"~${source.name}").exists()
    _write(target, copy.content, overwrite=overwrite)
    return copy


def of(name: str, session: Session, functions: Functions = "values", without: Collection[str] = ()) -> Copy:
    """Return the copy of an opened workbook, which is used up by it; see `freeze`.

    Args:
        name: Of the workbook, for messages.
        session: The workbook, without changes.
        functions: As for `freeze`.
        without: As for `freeze`.

    Raises:
        BookError: Nothing is left for the copy, or it could not be made whole.
    """
    chosen = sheet_choice.choose(session, without)
    _check(name, session, chosen, without)
    language = as_language(session.constant("ops.language"))
    kept = [at for at, entry in enumerate(session.book.sheets) if entry in chosen.kept]
    native = lambda_names(language) if functions == "lambda" else {}
    possible = [
        at
        for at in copied_workbook.names_that_may_stay(session, kept)
        if session.book.names[at].name.upper() not in FUNCTIONS  # those that are still called are made anew
    ]
    reach = Reach(
        [each.title for each in chosen.gone],
        [table.name for each in chosen.gone for table in list_objects.tables_of(session.parts, each.part)],
        [session.book.names[at] for at in possible],
        native,
        [*FUNCTIONS, *_CONSTANTS],
    )
    stays = [at for at in possible if reach.keeps(session.book.names[at])]
    copy = Copy(b"", chosen, FormulaTally(), stale=copied_workbook.stale(session))
    unwanted = {each.part for each in chosen.gone}
    if not any(session.parts.related(each.part, "threadedComment") for each in chosen.kept):
        unwanted.update(session.parts.related(session.book.part, "person"))  # who commented, with their mails
    for entry in chosen.kept:
        if entry.worksheet:
            copied_cells.settle(session, entry.title, reach, copy.formulas, how=functions, language=language)
        sheet_surroundings.settle(session, entry, reach, unwanted, copy.cut)
    _put_back(session, chosen)
    said = b"".join(
        [session.parts.read(each.part) for each in chosen.kept]
        + [session.book.names[at].text.encode() for at in stays]
    )
    added = [
        DefinedName(key, text, None, comment=FUNCTIONS[key].comment(language))
        for key, text in native.items()
        if key.encode() + b"(" in said
    ]
    copy.native = bool(added)
    mark = DefinedName(refusals.COPY_NAME, "TRUE", None)
    copied_workbook.rewrite(session, kept, stays, [*added, mark], formulas=bool(copy.formulas.kept))
    copied_parts.keep_reached(session.parts, unwanted)
    copy.content = session.parts.container.rebuilt(session.parts.changed, session.parts.dropped)
    return copy


def _check(name: str, session: Session, chosen: Choice, without: Collection[str]) -> None:
    """Raise BookError when the copy would be empty or could not be made whole."""
    titles = {each.title.casefold() for each in session.book.sheets}
    if strange := [each for each in without if each.casefold() not in titles]:
        raise refuse(
            f"工作簿 {name} 里没有工作表“{strange[0]}”：请核对 --without 的表名。",
            f"The workbook {name} has no sheet {strange[0]!r}: check the name given to --without.",
        )
    if not chosen.kept:
        raise refuse(
            f"工作簿 {name} 没有可以留在副本里的工作表（报告表都已隐藏、删除或被排除）：请至少显示一张。",
            f"No sheet of {name} is left for the copy (the reports are hidden, deleted or excluded): show at least one.",
        )
    for each in chosen.gone:
        if each.worksheet and _RICH_CELL.search(session.parts.read(each.part)):
            raise refuse(
                f"工作表“{each.title}”不进副本，但其单元格里有图片或数据类型，无法与其他表的分开：请先清空该表。",
                f"The sheet {each.title!r} stays behind, but pictures or data types in its cells cannot be told from "
                "those of other sheets: clear that sheet first.",
            )


def _put_back(session: Session, chosen: Choice) -> None:
    """Put the sheets into their parts, one of them open, and empty every text that none of them uses."""
    root = xml_spans.parse(session.parts.read(session.book.part))
    was = next((int(node.attributes.get("activeTab", "0")) for node in root.find("workbookView")), 0)
    moved = session.book.sheets[min(was, len(session.book.sheets) - 1)] not in chosen.kept
    first = next(each for each in session.book.sheets if each in chosen.kept)
    used: set[int] = set()
    for entry in chosen.kept:
        if not entry.worksheet:
            continue
        sheet = session.sheet(entry.title)
        if moved:
            sheet.set_frame(copied_workbook.selected(sheet.frame, active=entry == first))
        data = sheet.data()
        used |= copied_cells.texts_used(data, sheet.speech)
        session.parts.write(entry.part, data)
    for part in session.parts.related(session.book.part, "sharedStrings"):
        texts = (
            session.strings.data()
            if session.strings and session.strings.changed
            else session.parts.read(part)
        )
        session.parts.write(part, cell_strings.only(texts, used))


def _write(target: Path, content: bytes, *, overwrite: bool) -> None:
    """Put the copy in its place, whole or not at all.

    Raises:
        BookError: The folder cannot be written, or the file is open elsewhere.
    """
    try:
        atomic_files.write(target, content, overwrite=overwrite)
    except OSError as error:
        raise refuse(
            f"副本 {target} 无法保存（{error.strerror or error}）：请检查文件夹是否存在、可写，文件是否正在 Excel 中打开。",
            f"The copy {target} cannot be saved ({error.strerror or error}): check that the folder exists and can be written, and that the file is not open in Excel.",
        ) from None
