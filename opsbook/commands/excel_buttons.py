"""What the buttons of a workbook in Excel call: refresh, check, freeze, deck, doctor. Each ends with one message box."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from opsbook import __version__
from opsbook.domain.errors import OpsbookError, own_fault, system_fault, wordless
from opsbook.domain.language import Language, Text

SHOWN_ISSUES = 5
_LOG_BYTES = 500_000
_log = logging.getLogger("opsbook")

Work = Callable[[Any, Language], tuple[Iterable[str], bool]]
"""Gets Excel's Workbook and its language; returns lines for people, and whether they are a warning."""


def refresh(book: Any = None) -> None:
    """Take in what is new and write every block of the workbook that is open.

    Args:
        book: xlwings' Book; by default the one whose macro calls.
    """
    _run("refresh", _refresh, book)


def check(book: Any = None) -> None:
    """Tell which export each file and paste sheet is, and everything wrong with them; nothing is written."""
    _run("check", _check, book)


def freeze(book: Any = None) -> None:
    """Make the copy to hand on beside the workbook."""
    _run("freeze", _freeze, book)


def deck(book: Any = None) -> None:
    """Make the PowerPoint for management beside the workbook."""
    _run("deck", _deck, book)


def doctor(book: Any = None) -> None:
    """Tell what of Excel, Python and the files is in order, and what to do about the rest."""
    _run("doctor", _doctor, book)


def _run(what: str, work: Work, book: Any) -> None:
    """Do the work; whatever comes of it is one message, and a file with the details of a failure."""
    from opsbook.backends.excel_live import dialogs, excel_errors

    file = _log_file()
    trouble = True
    _log.info("%s: opsbook %s, Python %s", what, __version__, sys.version.split()[0])
    try:
        book = book or dialogs.calling_book()
        language = dialogs.language_of(book.api)
    except Exception as error:
        _note(what, error)
        raise  # nobody to tell but the macro, which shows the last line
    try:
        lines, trouble = work(book.api, language)
        text = "\n".join(lines)
    except OpsbookError as error:
        _note(what, error)
        details = Text(f"\n\n详情：{file}", f"\n\nDetails: {file}")[language] if error.__cause__ else ""
        text = error.message(language) + details
    except Exception as error:  # noqa: BLE001 - a fault of ours or Excel's: the details go to the file
        _note(what, error)
        if excel_errors.is_busy(error):
            text = excel_errors.busy().message(language)
        elif isinstance(error, OSError):
            text = system_fault(error)[language]
        else:
            text = own_fault(file)[language]
    _log.info("%s: done", what)
    dialogs.tell(book, text, trouble=trouble)


def _note(what: str, error: BaseException) -> None:
    _log.error("%s failed\n%s", what, "\n".join(wordless(error)))


def _folder() -> Path:
    """Return our folder for files of the user's computer, made when it is not there."""
    base = Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir())
    folder = base / "OpsBook"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir())
    return folder


def _log_file() -> Path:
    """Return the log, opened for this process."""
    file = _folder() / "opsbook.log"
    for old in list(_log.handlers):
        _log.removeHandler(old)
        old.close()
    handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    return file


def _refresh(api: Any, language: Language) -> tuple[list[str], bool]:
    from opsbook.backends.excel_live.app_state import MANUAL, quiet
    from opsbook.backends.excel_live.live_workbook import LiveWorkbook
    from opsbook.commands import refresh as journey
    from opsbook.commands import refresh_report

    path = _local_path(api)
    manual = api.Application.Calculation == MANUAL
    with quiet(api.Application) as progress:
        result = journey.refresh(path, progress=progress, host=partial(LiveWorkbook.open, api))
    _log.info("refresh: %d tables, %d issues", len(result.receipts), len(result.issues))
    lines = [*refresh_report.lines(result, SHOWN_ISSUES), ""]
    lines.append(
        Text("请按 Ctrl+S 保存工作簿。", "Press Ctrl+S to keep the workbook.")[language]
        + (
            Text("计算方式为手动，请按 F9 重算。", " Calculation is manual: press F9.")[language]
            if manual
            else ""
        )
    )
    return lines, result.stopped


def _check(api: Any, language: Language) -> tuple[list[str], bool]:
    from opsbook.commands.check import check as dry_run
    from opsbook.commands.refresh import exports_folder

    path = _local_path(api)
    exports = exports_folder(path, None)
    with tempfile.TemporaryDirectory(prefix="opsbook-") as folder:
        copy = _copy(api, Path(folder), path)
        outcome = dry_run([copy, *([exports] if exports else [])])
        lines = list(outcome.lines(language))
    stopped = any(issue.stops for issue in outcome.issues)
    whole = _written("check.txt", lines)
    head = Text(
        f"识别出 {len(outcome.tables)} 张表，{len(outcome.issues)} 条提示。全文：{whole}",
        f"{len(outcome.tables)} tables recognised, {len(outcome.issues)} remarks. In full: {whole}",
    )[language]
    return [head, "", *lines], stopped


def _freeze(api: Any, language: Language) -> tuple[list[str], bool]:
    from opsbook.share import freeze

    path = _local_path(api)
    target = _free(path, Text("-汇报版", "-report")[language], ".xlsx")
    with tempfile.TemporaryDirectory(prefix="opsbook-") as folder:
        return list(freeze.freeze(_copy(api, Path(folder), path), target, language)), False


def _deck(api: Any, language: Language) -> tuple[list[str], bool]:
    from opsbook.commands import make_deck
    from opsbook.commands.refresh import default_archive, exports_folder
    from opsbook.share.deck import make

    path = _local_path(api)
    target = _free(path, Text("-汇报", "-deck")[language], ".pptx")
    with tempfile.TemporaryDirectory(prefix="opsbook-") as folder:
        copy = _copy(api, Path(folder), path)
        source = make_deck.source(copy, default_archive(path), exports=exports_folder(path, None))
        made = make.write(source, target, make.master_of(None))
    lines = list(make_deck.lines(made, language))
    return [
        str(target),
        lines[0].rstrip(":："),
        lines[-1],
    ], False  # the titles are too long for a message box


def _free(path: Path, name: str, suffix: str) -> Path:
    """Return a file beside the workbook whose name nobody has yet."""
    names = (f"{path.stem}{name}{f' ({number})' if number > 1 else ''}{suffix}" for number in range(1, 1000))
    return next(file for each in names if not (file := path.with_name(each)).exists())


def _doctor(api: Any, language: Language) -> tuple[list[str], bool]:
    from opsbook.deploy.windows import machine
    from opsbook.deploy.windows.doctor import diagnose

    try:
        path = _local_path(api)
    except OpsbookError:
        path = None
    diagnosis = diagnose(machine.this_machine(), path)
    told = [each for each in diagnosis.findings if each.state in ("fault", "warning")]
    lines = [diagnosis.summary()[language]]
    for each in sorted(told, key=lambda each: each.state):  # faults first
        lines += ["", *(line.strip() for line in each.lines(language))]
    whole = _written("doctor.txt", diagnosis.lines(language))
    return [*lines, "", Text(f"全文：{whole}", f"In full: {whole}")[language]], not diagnosis.sound


def _written(name: str, lines: Iterable[str]) -> Path:
    """Return the file that holds what is too long for a message box."""
    file = _folder() / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return file


def _local_path(api: Any) -> Path:
    from opsbook.backends.excel_live import excel_errors, workbook_location

    return excel_errors.insist(lambda: workbook_location.local_path(api))


def _copy(api: Any, folder: Path, path: Path) -> Path:
    """Return a copy of the workbook as it stands in Excel, under its own name."""
    from opsbook.backends.excel_live import excel_errors

    copy = folder / path.name
    excel_errors.insist(lambda: api.SaveCopyAs(str(copy)))
    return copy
