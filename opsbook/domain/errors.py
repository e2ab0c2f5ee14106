"""What may go wrong in a call. Trouble in the user's data is an `Issue`, not an exception."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from opsbook.domain.language import Language, Text

Kind = Literal["wrong_call", "busy", "computer", "internal"]
"""Why a command ended: it was called wrongly; try again, another program has the file; this computer lacks something
(room, a right, a program); a fault of OpsBook."""
STATUS: Mapping[Kind, int] = MappingProxyType({"wrong_call": 2, "busy": 3, "computer": 4, "internal": 5})
"""The exit status of each."""


class OpsbookError(Exception):
    """Something stopped the command; the message is all that a person needs to read.

    Attributes:
        text: The sentence in both languages; a plain str stands for both. ``str(error)`` is the English one.
        kind: Why, for programs.
    """

    def __init__(self, text: Text | str, kind: Kind = "wrong_call") -> None:
        self.text = text if isinstance(text, Text) else Text(text, text)
        self.kind = kind
        super().__init__(self.text.en)

    def message(self, language: Language) -> str:
        """Return the sentence in ``language``."""
        return self.text[language]


class BookError(OpsbookError):
    """The workbook cannot be read or written: open elsewhere, read-only, not ours, too new."""


class ArchiveError(OpsbookError):
    """The archive file cannot be used: locked, damaged, or of a newer layout."""


def check_folder(path: Path) -> None:
    """Raise OpsbookError where the folder that a new file is to stand in is not there."""
    if not path.parent.exists():
        raise OpsbookError(
            Text(
                f"文件夹 {path.parent} 不存在：请先建好它，或换一个位置。",
                f"There is no folder {path.parent}: make it first, or choose another place.",
            )
        )


def system_fault(error: OSError) -> Text:
    """Return what people are told of a file that the system does not give or take."""
    what = f"{error.filename or ''}: {error.strerror or error}"
    return Text(
        f"无法读写文件（{what}）：请检查权限、磁盘空间，以及文件是否被其他程序占用。",
        f"A file cannot be read or written ({what}): check permissions, disk space, and whether another program holds it.",
    )


def own_fault(log: Path) -> Text:
    """Return what people are told of a fault of ours whose details are in a file."""
    return Text(
        f"OpsBook 内部出错，工作簿未改动。详情已写入 {log}，请把该文件发给提供 OpsBook 的人（其中没有您的数据）。",
        f"OpsBook failed; the workbook was not changed. Details are in {log}: send that file to support "
        "(it holds nothing of your data).",
    )


def wordless(error: BaseException | None) -> list[str]:
    """Return where something failed and of what kind, for a log: no words of it, they may quote a cell, and a cell a buyer."""
    import traceback  # seldom

    lines = []
    while error is not None:
        numbers = "".join(f" 0x{number & 0xFFFFFFFF:08X}" for number in com_numbers(error))
        lines += [type(error).__name__ + numbers, *traceback.format_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return lines


def com_numbers(error: BaseException) -> tuple[int, ...]:
    """Return the numbers of an error of Windows or Excel: its own and the one inside; empty for any other error."""
    own = getattr(error, "hresult", None)
    if not isinstance(own, int):
        return ()
    inside: tuple[object, ...] = getattr(error, "excepinfo", None) or ()
    number = inside[5] if len(inside) > 5 else None
    return (own, number) if isinstance(number, int) and number else (own,)


def as_document(text: Text, kind: Kind, language: Language) -> dict[str, dict[str, str]]:
    """Return a failure for programs: what happened, and apart from it what to do.

    Args:
        text: A sentence whose second part, after the first colon, says what to do.
        kind: Why.
        language: Of the sentence.
    """
    message, mark, todo = text[language].partition("：" if language == "zh" else ": ")
    return {"error": {"code": kind, "message": message if mark else text[language], "todo": todo}}
