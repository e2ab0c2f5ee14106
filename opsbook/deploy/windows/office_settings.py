"""What the registry tells of Excel, of WPS, and of what is allowed to macros."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.deploy.windows.windows_registry import Value, value

if TYPE_CHECKING:
    from opsbook.deploy.windows.machine import Machine

_APP_PATHS = tuple(
    rf"{root}\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
    for root in (r"HKCU\SOFTWARE", r"HKLM\SOFTWARE", r"HKLM\SOFTWARE\WOW6432Node")
)
_CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_NEWEST = "16.0"  # Office 2016, 2019, 2021, 2024 and Microsoft 365 alike
_POLICIES = (r"HKCU\Software\Policies\Microsoft", r"HKCU\Software\Policies\Microsoft\Cloud")
# Where Microsoft Defender keeps its rules: set by an administrator, by Intune, or on the machine itself.
_RULES = (
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
    r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
)
_MANAGED_RULES = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
_BLOCKING = ("1", "6")  # block, and warn


@dataclass(frozen=True)
class Excel:
    """An installed Excel.

    Attributes:
        path: Of EXCEL.EXE.
        version: As ``16.0.17928.20114``, or the first two parts where no more is known.
        bits: 32 or 64, or None where Windows does not tell.
        products: Names of the Office products, such as ``O365ProPlusRetail``.
    """

    path: str
    version: str
    bits: int | None
    products: str

    @property
    def from_store(self) -> bool:
        """Whether it came from the Microsoft Store, and so runs in a box of its own."""
        return in_store(self.path)

    @property
    def knows_lambda(self) -> bool:
        """Whether it has LAMBDA: Microsoft 365 and Office 2024 do, editions named 2016 to 2021 do not."""
        return bool(self.products) and not any(year in self.products for year in ("2016", "2019", "2021"))


def excel(machine: Machine) -> Excel | None:
    """Return the Excel that is installed, or None."""
    paths = (_text(machine, key).strip('"') for key in _APP_PATHS)
    path = next((each for each in paths if each.lower().endswith("excel.exe")), "")
    if not path:
        return None
    platform = _text(machine, _CLICK_TO_RUN, "Platform").lower()
    bits = {"x86": 32, "x64": 64}.get(platform)
    if bits is None and "program files (x86)" in path.lower():
        bits = 32
    version = _text(machine, _CLICK_TO_RUN, "VersionToReport") or office_version(machine)
    return Excel(path, version, bits, _text(machine, _CLICK_TO_RUN, "ProductReleaseIds"))


def office_version(machine: Machine) -> str:
    """Return the number under which Excel keeps its settings, such as ``16.0``."""
    name = _text(machine, r"HKLM\SOFTWARE\Classes\Excel.Application\CurVer")
    number = name.rpartition(".")[2]
    return f"{number}.0" if name.startswith("Excel.Application.") and number.isdigit() else _NEWEST


def settings(machine: Machine) -> str:
    """Return the registry key of the user's Excel settings."""
    return rf"HKCU\Software\Microsoft\Office\{office_version(machine)}\Excel"


def policy(machine: Machine, path: str, name: str) -> Value | None:
    r"""Return what an administrator laid down, or None.

    Args:
        machine: Where to look.
        path: Below the version, such as ``Excel\Security``.
        name: Of the value.
    """
    version = office_version(machine)
    machine_wide = rf"HKLM\Software\Policies\Microsoft\Office\{version}\{path}"
    keys = [rf"{root}\Office\{version}\{path}" for root in _POLICIES] + [machine_wide]
    found = (value(machine.registry, key, name) for key in keys)
    return next((each for each in found if each is not None), None)


def trusted_folders(machine: Machine) -> dict[str, bool]:
    """Return the folders whose macros run unasked, and whether those inside are meant too."""
    key = rf"{settings(machine)}\Security\Trusted Locations"
    found: dict[str, bool] = {}
    for name in machine.registry.keys(key):
        place = machine.registry.values(rf"{key}\{name}")
        told = {each.casefold(): content for each, content in place.items()}
        if isinstance(path := told.get("path"), str):
            found[machine.expanded(path).rstrip("\\/")] = told.get("allowsubfolders") == 1
    return found


def wps_opens(machine: Machine, ending: str) -> bool:
    """Tell whether a double click on such a file opens WPS."""
    files = rf"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\{ending}\UserChoice"
    choice = _text(machine, files, "ProgId") or _text(machine, rf"HKLM\SOFTWARE\Classes\{ending}")
    return choice.upper().startswith(("ET.", "WPS.", "KET."))


def has_wps(machine: Machine) -> bool:
    """Tell whether WPS Office is installed."""
    return any(
        machine.registry.exists(rf"{root}\Kingsoft\Office")
        for root in (r"HKCU\Software", r"HKLM\SOFTWARE", r"HKLM\SOFTWARE\WOW6432Node")
    )


def rule_blocks(machine: Machine, rule: str) -> bool:
    """Tell whether a rule of Microsoft Defender (attack surface reduction) is on, as far as one may read."""
    found = [value(machine.registry, key, rule) for key in _RULES]
    for pair in _text(machine, _MANAGED_RULES, "ASRRules").split("|"):
        name, _, state = pair.partition("=")
        if name.strip().casefold() == rule:
            found.append(state.strip())
    return any(str(each) in _BLOCKING for each in found if each is not None)


def switched_off(machine: Machine, file: str) -> bool:
    """Tell whether Excel put a file on its list of those it does not open any more after a crash."""
    found = machine.registry.values(rf"{settings(machine)}\Resiliency\DisabledItems").values()
    name = file.casefold()
    texts = (each for each in found if isinstance(each, bytes))
    # A number or three stand before the path; their bytes may leave the text shifted by one.
    return any(
        name in each[shift:].decode("utf-16-le", "replace").casefold() for each in texts for shift in (0, 1)
    )


def in_store(path: str) -> bool:
    """Tell whether a program's file belongs to an app of the Microsoft Store."""
    parts = path.replace("/", "\\").casefold()
    return "\\windowsapps\\" in parts or "pythonsoftwarefoundation.python" in parts


def _text(machine: Machine, key: str, name: str = "") -> str:
    found = value(machine.registry, key, name)
    return found if isinstance(found, str) else ""
