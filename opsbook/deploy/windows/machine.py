"""What is known of the computer, in one place: tests put another one here."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from opsbook.deploy.windows import running_programs
from opsbook.deploy.windows.windows_registry import MemoryRegistry, Registry, WindowsRegistry
from opsbook.integrations import shared_names

System = Literal["windows", "linux", "macos"]


@dataclass(frozen=True)
class Machine:
    """A computer and the user who asks.

    Attributes:
        env: Environment variables by their name in capitals.
        python: The python.exe that runs us; `base` is the one a virtual environment was made from.
        code_page: Codec of the ANSI code page, in which VBA reads files and starts programs.
        programs: Lists the file names of what runs.
        version: Gives the version of an installed package, or None.
        fault: Tries to import a module; gives what went wrong, or None.
        dll: Gives the DLL that the xlwings package brought, for an Excel of 32 or 64 bits, or None.
        start_server: Starts, by its command line, the Python that serves Excel.
        serving: Tells whether a Python of ours serves Excel.
        end_server: Ends that Python.
    """

    system: System
    env: Mapping[str, str]
    registry: Registry
    python: Path
    base: Path
    bits: int
    code_page: str
    programs: Callable[[], Sequence[str]]
    version: Callable[[str], str | None]
    fault: Callable[[str], str | None]
    dll: Callable[[int], Path | None]
    start_server: Callable[[Sequence[str]], None]
    serving: Callable[[], bool]
    end_server: Callable[[], None]

    @property
    def places(self) -> Places:
        """Where things stand."""
        return Places(self.env)

    def runs(self, name: str) -> bool:
        """Tell whether a program of that file name runs."""
        return name.casefold() in (each.casefold() for each in self.programs())

    def expanded(self, text: str) -> str:
        """Return a text with its ``%NAME%`` replaced, as Windows does it."""
        for name, value in self.env.items():
            at = text.upper().find(f"%{name}%")
            if at >= 0:
                text = text[:at] + value + text[at + len(name) + 2 :]
        return text


@dataclass(frozen=True)
class Places:
    """Where things stand for this user."""

    env: Mapping[str, str]

    @property
    def home(self) -> Path:
        """Our folder."""
        return Path(self.env["LOCALAPPDATA"], shared_names.FOLDER)

    @property
    def ledger(self) -> Path:
        """What the installer changed."""
        return self.home / "installed.json"

    @property
    def before(self) -> Path:
        """Folder of copies of what stood where the installer put something."""
        return self.home / "before"

    @property
    def addin(self) -> Path:
        """The add-in, where Excel opens it at every start."""
        return Path(self.env["APPDATA"], "Microsoft", "Excel", "XLSTART", "opsbook.xlam")

    @property
    def conf(self) -> Path:
        """What the workbooks' VBA reads."""
        return Path(self.env["USERPROFILE"], f".{shared_names.PROJECT}", f"{shared_names.PROJECT}.conf")

    def dll(self, bits: int) -> Path:
        """Our copy of xlwings' DLL."""
        return self.home / shared_names.DLLS[bits]


def this_machine() -> Machine:
    """Return the computer we run on."""
    windows = sys.platform == "win32"
    system: System = "windows" if windows else "macos" if sys.platform == "darwin" else "linux"
    return Machine(
        system=system,
        env={name.upper(): value for name, value in os.environ.items()},
        registry=WindowsRegistry() if windows else MemoryRegistry(),
        python=_python(),
        base=Path(getattr(sys, "_base_executable", "") or sys.executable),
        bits=struct.calcsize("P") * 8,
        code_page="mbcs" if windows else "utf-8",
        programs=running_programs.running,
        version=_version,
        fault=_import_fault,
        dll=_shipped_dll,
        start_server=running_programs.start_server,
        serving=running_programs.serving,
        end_server=running_programs.end_server,
    )


def _python() -> Path:
    """Return our python.exe also where its twin without a console runs us."""
    mine = Path(sys.executable)
    twin = mine.with_name("python.exe")
    return twin if mine.name.lower() == "pythonw.exe" and twin.exists() else mine


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _import_fault(module: str) -> str | None:
    from importlib import import_module

    try:
        import_module(module)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        return f"{type(error).__name__}: {error}"
    return None


def _shipped_dll(bits: int) -> Path | None:
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        package = distribution("xlwings")
    except PackageNotFoundError:
        return None
    name = f"xlwings{bits}-{package.version}.dll"
    listed = [Path(str(package.locate_file(each))) for each in package.files or () if each.name == name]
    usual = [Path(sys.prefix, name), Path(sys.base_prefix, name)]  # conda lists no files
    return next((each.resolve() for each in [*listed, *usual] if each.is_file()), None)
