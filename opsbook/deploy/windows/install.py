"""Sets OpsBook up in Excel for the current user, and takes it away again. Nothing needs an administrator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.deploy.windows import install_ledger, trusted_locations, xlwings_conf
from opsbook.deploy.windows.install_ledger import Ledger
from opsbook.domain.errors import OpsbookError
from opsbook.domain.language import LANGUAGES, Language, Text
from opsbook.integrations import shared_names

if TYPE_CHECKING:
    from opsbook.deploy.windows.machine import Machine

RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
SERVER_MODULE = "opsbook.deploy.windows.calculation_server"
_SERVER_KEYS = {"DEBUG UDFS": "True", "USE UDF SERVER": "True"}


@dataclass(frozen=True)
class InstallOutcome:
    """What was done, as lines for people, and whether anything was."""

    changed: bool
    lines: tuple[Text, ...]


def install(
    machine: Machine,
    language: Language,
    *,
    trusted: Sequence[Path] = (),
    server: bool | None = None,
) -> InstallOutcome:
    """Put the DLLs, the add-in and the configuration in place; doing it twice equals doing it once.

    Args:
        machine: Where.
        language: Of the add-in's ribbon, messages and words.
        trusted: Folders in which macros run without asking.
        server: Whether Python runs from logon on, so that Excel need not start it; None leaves it as it was.

    Raises:
        OpsbookError: Excel is open, a fault of the doctor's stands in the way, or a folder is not to be trusted.
    """
    from opsbook.integrations.vba.build_templates import addin

    _must_be_windows(machine, "install")
    _must_be_closed(machine)
    _no_faults_before(machine)
    folders = [trusted_locations.trustable(machine, each) for each in trusted]
    places = machine.places
    with _in_use_told():
        book = install_ledger.load(machine)
        book.folder(places.home)
        lines = []
        for bits in shared_names.DLLS:
            content = _shipped(machine, bits)
            if book.put(places.dll(bits), content):
                lines.append(
                    _wrote(places.dll(bits), "连接 Excel 与 Python 的组件", "connects Excel to Python")
                )
        if book.put(places.addin, addin(language)):
            lines.append(_wrote(places.addin, "Excel 加载项，随 Excel 启动", "the add-in, opened with Excel"))
        book.server = book.server if server is None else server
        if _configure(machine, book):
            lines.append(_wrote(places.conf, "告诉 Excel 用哪个 Python", "tells Excel which Python to use"))
        lines += trusted_locations.add(machine, book, folders)
        lines += _serve(machine, book)
        book.save()
    return InstallOutcome(bool(lines), tuple(lines))


def uninstall(machine: Machine) -> InstallOutcome:
    """Undo what `install` did: files and settings that are still ours go, what they replaced comes back.

    Raises:
        OpsbookError: Excel is open, or the record of the installation is damaged.
    """
    _must_be_windows(machine, "uninstall")
    places = machine.places
    if not places.ledger.exists():
        return InstallOutcome(changed=False, lines=())
    _must_be_closed(machine)
    lines = []
    with _in_use_told():
        book = install_ledger.load(machine)
        machine.end_server()
        for setting in book.settings[::-1]:
            if not book.unset(setting):
                what = f"{setting.key}\\{setting.name}"
                lines.append(
                    Text(f"保留：注册表 {what} 在安装后被改过，未动。", f"Left: {what} was changed since.")
                )
        for file in reversed(list(book.files.values())):
            path = Path(file.path)
            due = _without_ours(machine, book) if path == places.conf else book.due(file)
            if not book.take_back(file, due):
                lines.append(
                    Text(f"保留：{path} 中有您自己的内容。", f"Left: {path} holds content of your own.")
                )
        lines += [
            Text(
                f"保留：{copy} 是安装期间被改动的文件的副本，不需要时可删除。",
                f"Left: {copy} is a copy of a file that was changed meanwhile; delete it if you do not need it.",
            )
            for copy in book.close()
        ]
    return InstallOutcome(changed=True, lines=tuple(lines))


def configuration(machine: Machine, *, server: bool) -> dict[str, str]:
    """Return our lines of ``opsbook.conf``."""
    ours = {"INTERPRETER_WIN": shortened(machine, machine.python), "ADD_WORKBOOK_TO_PYTHONPATH": "False"}
    return ours | (_SERVER_KEYS if server else {})


def shortened(machine: Machine, path: Path) -> str:
    """Return a path with a variable for its beginning: VBA expands it, and no user's name stands in the file."""
    text = str(path)
    for name in ("LOCALAPPDATA", "APPDATA", "USERPROFILE"):
        start = machine.env.get(name, "").rstrip("\\/")
        if start and text.casefold().startswith(start.casefold()) and text[len(start)] in "\\/":
            return f"%{name}%{text[len(start) :]}"
    return text


def _configure(machine: Machine, book: Ledger) -> bool:
    base = _without_ours(machine, book) or b""
    book.conf = configuration(machine, server=book.server)
    return book.put(machine.places.conf, xlwings_conf.merged(base, book.conf, machine.code_page))


def _without_ours(machine: Machine, book: Ledger) -> bytes | None:
    """Return the configuration as it would be had we never written it; None for none at all."""
    path = machine.places.conf
    before = book.before(book.files.get(str(path)))
    if not path.exists():
        return before
    kept = xlwings_conf.restored(path.read_bytes(), book.conf, before or b"", machine.code_page)
    return kept if kept.strip() or before is not None else None


def _serve(machine: Machine, book: Ledger) -> Iterator[Text]:
    """Start Python with every logon, and now; or no more."""
    quiet = machine.python.with_name("pythonw.exe")
    command = [str(quiet if quiet.exists() else machine.python), "-m", SERVER_MODULE]
    line = f'"{command[0]}" -m {SERVER_MODULE}'
    known = next((each for each in book.settings if (each.key, each.name) == (RUN, "OpsBook")), None)
    if book.server:
        book.set(RUN, "OpsBook", line)
        machine.end_server()  # it may be an older OpsBook
        machine.start_server(command)
        yield Text(
            "Python 已在后台运行，以后随登录启动；Excel 不再自己启动程序。",
            "Python runs in the background, from now on with every logon; Excel starts no program itself.",
        )
    elif known:
        machine.end_server()
        book.unset(known)
        yield Text("Python 不再随登录启动。", "Python no longer starts with every logon.")


def _shipped(machine: Machine, bits: int) -> bytes:
    path = machine.dll(bits)
    if path is None:  # the doctor's check came first
        raise FileNotFoundError(shared_names.DLLS[bits])
    return path.read_bytes()


def _must_be_windows(machine: Machine, command: str) -> None:
    if machine.system != "windows":
        raise OpsbookError(
            Text(
                f"opsbook {command} 只用于 Windows：其他系统上没有可安装的 Excel 组件，"
                "用 opsbook refresh 刷新工作簿即可。",
                f"opsbook {command} is for Windows: elsewhere there is nothing to set up in Excel; "
                "opsbook refresh does the same work.",
            ),
            "computer",
        )


@contextmanager
def _in_use_told() -> Iterator[None]:
    """Say what to do about a file that another program holds."""
    try:
        yield
    except PermissionError as error:
        raise OpsbookError(
            Text(
                f"{error.filename} 被其他程序占用或不允许写入。请关闭 Excel（包括任务管理器中的 Microsoft Excel），"
                "检查杀毒软件，再运行一次；已完成的步骤不会重复。",
                f"{error.filename} is held by another program, or may not be written. Close Excel (in the Task Manager "
                "too), look at the antivirus, and run this again; what is done already is not done twice.",
            ),
            "busy",
        ) from error


def _must_be_closed(machine: Machine) -> None:
    if machine.runs("EXCEL.EXE"):
        raise OpsbookError(
            Text(
                "Excel 正在运行，占用着要写入的文件。请先关闭所有 Excel 窗口；若仍提示，请在任务管理器中结束 "
                "Microsoft Excel，再运行一次。未做任何改动。",
                "Excel is running and holds the files. Close all its windows; if this message stays, end Microsoft Excel "
                "in the Task Manager. Then run this again. Nothing was changed.",
            ),
            "busy",
        )


def _no_faults_before(machine: Machine) -> None:
    from opsbook.deploy.windows import doctor

    found = doctor.obstacles(machine)
    if found:
        raise OpsbookError(
            Text(
                *(
                    "\n".join(line for each in found for line in each.lines(language))
                    for language in LANGUAGES
                )
            ),
            "computer",
        )


def _wrote(path: Path, zh: str, en: str) -> Text:
    return Text(f"已写入 {path}（{zh}）", f"Wrote {path} ({en})")
