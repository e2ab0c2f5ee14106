"""When a workbook is not to be touched, and the sentence that says why and what to do."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import package_parts as kinds
from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.package_parts import Parts
from opsbook.backends.ooxml.zip_container import Container
from opsbook.book.model import BOOK_FORMAT, FORMAT_NAME
from opsbook.domain.errors import BookError, Kind
from opsbook.domain.language import Text

if TYPE_CHECKING:
    from opsbook.backends.ooxml.workbook_part import BookPart

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
COPY_NAME = "ops.frozen"  # by which a copy without data says what it is
_OLE = bytes.fromhex(
    "d0cf11e0a1b11ae1"
)  # an encrypted .xlsx is wrapped in the old compound format, as is .xls
_STALE_AFTER = 2 * 24 * 3600  # seconds; hardly anybody keeps a workbook open longer


def refuse(zh: str, en: str, kind: Kind = "wrong_call") -> BookError:
    """Return the error with its sentence in both languages."""
    return BookError(Text(zh, en), kind)


def check_readable(path: Path) -> bytes:
    """Return the file's bytes.

    Raises:
        BookError: No file, no permission, or not a workbook that is a zip package.
    """
    name = path.name
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise refuse(  # a pipe or a device: reading it may never end
                f"{path} 不是普通文件：请给出工作簿文件的路径。",
                f"{path} is no regular file: give the path of the workbook.",
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise refuse(
            f"找不到工作簿 {path}：请核对路径，或用 opsbook new 新建。",
            f"There is no workbook {path}: check the path, or make one with opsbook new.",
        ) from None
    except IsADirectoryError:
        raise refuse(
            f"{path} 是文件夹，不是工作簿：请给出工作簿文件的路径。",
            f"{path} is a folder, not a workbook: give the path of the workbook.",
        ) from None
    except OSError:
        raise refuse(
            f"工作簿 {name} 无法读取，可能正在 Excel 中打开：请关闭后再试。",
            f"The workbook {name} cannot be read, it may be open in Excel: close it and try again.",
            "busy",
        ) from None
    if content.startswith(_OLE):
        raise refuse(
            f"工作簿 {name} 有密码保护或是旧版 .xls 格式：请在 Excel 中取消密码并另存为 .xlsx 或 .xlsm。",
            f"The workbook {name} has a password or is an old .xls: remove the password in Excel and save it as .xlsx or .xlsm.",
        )
    if not content.startswith(b"PK"):
        raise refuse(
            f"{name} 不是 Excel 工作簿：请给出 .xlsx 或 .xlsm 文件。",
            f"{name} is no Excel workbook: give an .xlsx or .xlsm file.",
        )
    return content


def check_writable(path: Path) -> None:
    """Raise BookError when another program has the file open, or it or its folder may not be written."""
    name = path.name
    owner = path.with_name(f"~${name}")
    if owner.exists():
        raise _open_in_excel(path, owner)
    lock = path.with_name(f".~lock.{name}#")
    if lock.exists():
        who = _libreoffice_user(lock)
        raise refuse(
            f"工作簿 {name} 正在 LibreOffice 中打开{_by(who, zh=True)}：请关闭后再刷新；若并未打开，请删除同一文件夹中的 {lock.name}。",
            f"The workbook {name} is open in LibreOffice{_by(who)}: close it and refresh again; if it is not open, delete {lock.name} in the same folder.",
            "busy",
        )
    if not path.stat().st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        raise refuse(
            f"工作簿 {name} 是只读文件：请在文件属性中取消只读后再刷新。",
            f"The workbook {name} is read-only: clear that in the file's properties and refresh again.",
            "computer",
        )
    if not os.access(path.parent, os.W_OK):
        raise refuse(
            f"工作簿 {name} 所在的文件夹不能写入：请把工作簿移到可写的文件夹后再刷新。",
            f"The folder of the workbook {name} cannot be written: move the workbook to one that can, and refresh again.",
            "computer",
        )


def _open_in_excel(path: Path, owner: Path) -> BookError:
    who = _excel_user(owner)
    try:
        age = time.time() - owner.stat().st_mtime
    except OSError:
        age = 0.0
    if age > _STALE_AFTER:
        since = time.strftime("%Y-%m-%d", time.localtime(time.time() - age))
        return refuse(
            f"工作簿 {path.name} 旁边有 {since} 留下的锁文件{_by(who, zh=True)}：若没有人打开它，请删除同一文件夹中的隐藏文件 {owner.name} 后再刷新。",
            f"Beside the workbook {path.name} is a lock file{_by(who)} from {since}: if nobody has it open, delete the hidden file {owner.name} in the same folder and refresh again.",
            "busy",
        )
    return refuse(
        f"工作簿 {path.name} 正在 Excel 中打开{_by(who, zh=True)}：请保存并关闭后再刷新；若 Excel 曾意外退出，请删除同一文件夹中的隐藏文件 {owner.name}。",
        f"The workbook {path.name} is open in Excel{_by(who)}: save and close it, then refresh again; if Excel crashed, delete the hidden file {owner.name} in the same folder.",
        "busy",
    )


def _by(who: str, *, zh: bool = False) -> str:
    if not who:
        return ""
    return f"（{who}）" if zh else f" ({who})"


def _excel_user(owner: Path) -> str:
    """Return the user's name in Excel's owner file: a length and ANSI text, then at 55 the same as UTF-16."""
    try:
        data = owner.read_bytes()
    except OSError:  # Excel on Windows keeps it to itself
        return ""
    name = ""
    if len(data) >= 57 and 0 < data[55] <= 54:
        name = data[57 : 57 + 2 * data[55]].decode("utf-16-le", "ignore")
    elif data and data[0] <= 54:
        name = data[1 : 1 + data[0]].decode("ascii", "ignore")
    name = name.strip("\0 ")
    return name if name.isprintable() else ""  # a file of another kind under that name


def _libreoffice_user(lock: Path) -> str:
    try:
        return lock.read_text("utf-8").split(",")[0].strip()
    except (OSError, UnicodeDecodeError):
        return ""


def check_package(name: str, content: bytes, *, for_writing: bool) -> None:
    """Raise BookError for a package of another kind: ``.xlsb``, a text document, signed, or Strict Open XML."""
    parts = Parts(Container(content))
    types = parts.content_types()
    kind = types.get(parts.workbook, "")
    if kind == kinds.BINARY_WORKBOOK:
        raise refuse(
            f"工作簿 {name} 是 .xlsb 格式：请在 Excel 中另存为 .xlsx 或 .xlsm。",
            f"The workbook {name} is an .xlsb: save it as .xlsx or .xlsm in Excel.",
        )
    if kind not in kinds.WORKBOOK_TYPES:
        raise refuse(
            f"{name} 不是 Excel 工作簿：请给出 .xlsx 或 .xlsm 文件。",
            f"{name} is no Excel workbook: give an .xlsx or .xlsm file.",
        )
    if for_writing and any("digital-signature" in found for found in types.values()):
        raise refuse(
            f"工作簿 {name} 有数字签名，任何改动都会使签名失效：请先在 Excel 中删除签名。",
            f"The workbook {name} is digitally signed and any change would break the signature: remove it in Excel first.",
        )
    if xml_spans.parse(parts.read(parts.workbook)).namespace == STRICT:
        raise refuse(
            f"工作簿 {name} 是“Strict Open XML”格式：请在 Excel 中另存为普通的 .xlsx 或 .xlsm。",
            f"The workbook {name} is in the Strict Open XML format: save it as a usual .xlsx or .xlsm in Excel.",
        )


def check_ours(name: str, book: BookPart) -> None:
    """Raise BookError for a workbook that OpsBook did not make, or a later OpsBook did."""
    found = book.name(FORMAT_NAME)
    text = found.text.strip().strip('"') if found else ""
    if book.name(COPY_NAME):
        raise refuse(
            f"{name} 是由 opsbook freeze 生成的副本，只供阅读：请对原工作簿操作。",
            f"{name} is a copy made by opsbook freeze, to be read only: use the workbook that it was made from.",
        )
    if not text.isdecimal():
        raise refuse(
            f"{name} 不是 OpsBook 的工作簿：请用 opsbook new 新建一个。",
            f"{name} is no workbook of OpsBook: make one with opsbook new.",
        )
    if int(text) > BOOK_FORMAT:
        raise refuse(
            f"工作簿 {name} 由更新版本的 OpsBook 生成（格式 {text}，本程序支持到 {BOOK_FORMAT}）：请升级 OpsBook。",
            f"The workbook {name} was made by a later OpsBook (format {text}, this one knows up to {BOOK_FORMAT}): update OpsBook.",
        )
