"""What Excel refuses, told apart, and the sentences that say what to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from opsbook.domain.errors import BookError, com_numbers
from opsbook.domain.language import Text

Answer = TypeVar("Answer")

# Excel is busy: a cell is being edited, a dialog is open, another macro runs.
_BUSY = (
    -2147418111,  # RPC_E_CALL_REJECTED, 0x80010001
    -2147417846,  # RPC_E_SERVERCALL_RETRYLATER, 0x8001010A
    -2146777998,  # VBA_E_IGNORE, 0x800AC472
)
_GONE = (
    -2147023174,  # RPC_S_SERVER_UNAVAILABLE, 0x800706BA
    -2147417848,  # RPC_E_DISCONNECTED, 0x80010108
)
_PATIENCE = 10.0  # seconds that Excel is asked again
_PAUSE = 0.2


def is_busy(error: BaseException) -> bool:
    """Whether Excel would take the same call a little later."""
    return any(code in _BUSY for code in com_numbers(error)) or type(error).__name__ == "ExcelBusyError"


def is_gone(error: BaseException) -> bool:
    """Whether Excel was closed."""
    return any(code in _GONE for code in com_numbers(error))


def is_refusal(error: BaseException) -> bool:
    """Whether it comes from Excel, not from us."""
    return bool(com_numbers(error)) or is_busy(error)


def insist(call: Callable[[], Answer], *, patience: float = _PATIENCE) -> Answer:
    """Return what a call to Excel gives, asked again while Excel is busy.

    Raises:
        BookError: It stays busy; the sentence says what to do.
    """
    end = time.monotonic() + patience
    while True:
        try:
            return call()
        except Exception as error:
            if not is_busy(error):
                raise
            if time.monotonic() >= end:
                raise busy() from error
        time.sleep(_PAUSE)


def busy() -> BookError:
    """Return the error for an Excel that takes no call."""
    return BookError(
        Text(
            "Excel 正忙：请按 Enter 或 Esc 结束单元格编辑，关闭打开的对话框，然后再点“刷新”。工作簿未改动。",
            "Excel is busy: end editing the cell with Enter or Esc, close any open dialog, then press Refresh again. "
            "The workbook was not changed.",
        )
    )


def gone() -> BookError:
    """Return the error for an Excel that is no longer there."""
    return BookError(
        Text(
            "Excel 已关闭或没有响应，刷新中止。请重新打开工作簿；若内容不完整，请打开同一文件夹中的备份文件。",
            "Excel was closed or does not answer, the refresh stopped. Open the workbook again; if something is "
            "missing, open the backup in the same folder.",
        )
    )


def check_writable(book: Any) -> None:
    """Make sure that an open workbook may be changed and kept.

    Args:
        book: Excel's Workbook.

    Raises:
        BookError: It is read-only or marked as final.
    """
    name = str(book.Name)
    if book.ReadOnly:
        raise BookError(
            Text(
                f"工作簿 {name} 是以只读方式打开的，刷新的结果无法保存：请关闭后取消只读（或让占用它的人先关闭）再打开，然后刷新。",
                f"The workbook {name} is open read-only, what a refresh writes could not be kept: close it, clear the "
                "read-only mark (or have whoever else has it open close it), open it again and refresh.",
            )
        )
    if book.Final:
        raise BookError(
            Text(
                f"工作簿 {name} 已标记为最终状态：请点“仍然编辑”后再刷新。",
                f"The workbook {name} is marked as final: press 'Edit Anyway', then refresh.",
            )
        )


def check_unprotected(sheet: Any) -> None:
    """Make sure that macros may write a sheet: it is not protected, or only against people (UserInterfaceOnly).

    Args:
        sheet: Excel's Worksheet.

    Raises:
        BookError: It is protected.
    """
    if sheet.ProtectContents and not sheet.ProtectionMode:
        raise BookError(
            Text(
                f"工作表“{sheet.Name}”受保护，未写入任何内容：请在“审阅”中撤消工作表保护，刷新后再重新保护。",
                f"The sheet '{sheet.Name}' is protected, nothing was written: on the tab Review choose Unprotect Sheet, "
                "refresh, then protect it again.",
            )
        )
