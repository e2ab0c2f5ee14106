"""Looks for everything known to keep OpsBook from working here, and says what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from opsbook import __version__
from opsbook.deploy.windows import checks_addin, checks_excel, checks_files, checks_python, office_settings
from opsbook.deploy.windows.checks import LOOKS, Area, CheckSubject, DoctorCheck, checks, filled
from opsbook.deploy.windows.machine import Machine, this_machine
from opsbook.domain.language import Language, Text

State = Literal["ok", "fault", "warning", "note", "not told"]
_ROOMS = (checks_python, checks_excel, checks_addin, checks_files)  # each files its checks when it is loaded
_MARKS = {
    "ok": Text("正常", "ok"),
    "fault": Text("故障", "FAULT"),
    "warning": Text("注意", "warning"),
    "note": Text("提示", "note"),
    "not told": Text("未知", "unknown"),
}
AREAS: dict[Area, Text] = {
    "python": Text("Python", "Python"),
    "excel": Text("Excel", "Excel"),
    "security": Text("安全设置", "Security"),
    "addin": Text("Excel 中的 OpsBook", "OpsBook in Excel"),
    "files": Text("文件", "Files"),
}


@dataclass(frozen=True)
class DoctorFinding:
    """What a check found; `found` and `cure` are its title and nothing where all is in order."""

    check: DoctorCheck
    state: State
    found: Text
    cure: Text | None = None

    def lines(self, language: Language) -> list[str]:
        """Return the finding for people."""
        first = f"  [{_MARKS[self.state][language]}] {self.found[language]}"
        if self.cure is None:
            return [first]
        return [first, f"         {'处理：' if language == 'zh' else 'Do: '}{self.cure[language]}"]

    def as_document(self) -> dict[str, Any]:
        """Return the finding for programs."""
        return {
            "id": self.check.id,
            "area": self.check.area,
            "state": self.state,
            "found": {"zh": self.found.zh, "en": self.found.en},
            "cure": {"zh": self.cure.zh, "en": self.cure.en} if self.cure else None,
        }


@dataclass(frozen=True)
class Diagnosis:
    """Every finding about a case."""

    case: CheckSubject
    findings: tuple[DoctorFinding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is at fault; warnings and notes may be there."""
        return not any(each.state == "fault" for each in self.findings)

    @property
    def after_install(self) -> tuple[DoctorFinding, ...]:
        """What to tell once all is in place: how macros are ruled here, and everything that says anything."""
        return tuple(each for each in self.findings if each.state != "ok" or each.check.area == "security")

    def lines(self, language: Language, *, brief: bool = False) -> list[str]:
        """Return everything for people, by area, with a sentence at the end; in brief, without what is in order."""
        out = [headline(self.case.machine)[language]]
        told = [each for each in self.findings if not (brief and each.state == "ok")]
        for area, title in AREAS.items():
            found = [each for each in told if each.check.area == area]
            if found:
                out += ["", title[language], *(line for each in found for line in each.lines(language))]
        if self.case.machine.system != "windows":
            out += ["", NOT_HERE[language]]
        return [*out, "", self.summary()[language]]

    def summary(self) -> Text:
        """Return how many of each there are."""
        faults, warnings = (
            sum(each.state == state for each in self.findings) for state in ("fault", "warning")
        )
        if not faults and not warnings:
            return Text("没有发现问题。", "Nothing is wrong.")
        return Text(
            f"{faults} 项故障，{warnings} 项注意。请按“处理”逐项解决后再运行一次 opsbook doctor。",
            f"{faults} faults, {warnings} warnings. Do what it says above, then run opsbook doctor again.",
        )

    def as_document(self) -> dict[str, Any]:
        """Return everything for programs."""
        machine = self.case.machine
        excel = office_settings.excel(machine)
        return {
            "opsbook": __version__,
            "system": machine.system,
            "python": str(machine.python),
            "excel": {"path": excel.path, "version": excel.version, "bits": excel.bits} if excel else None,
            "book": self.case.book,
            "sound": self.sound,
            "findings": [each.as_document() for each in self.findings],
        }


NOT_HERE = Text(
    "Excel 按钮、Python 函数和加载项只在 Windows 版 Excel 中可用，本机不检查这些；"
    "opsbook refresh 与 .xlsx 工作簿不受影响。",
    "Excel's buttons, Python functions and the add-in are for Excel on Windows and were not looked at here; "
    "opsbook refresh and .xlsx workbooks work all the same.",
)


def headline(machine: Machine) -> Text:
    """Return a line that says what runs here, for support."""
    import platform
    import sys

    parts = [f"OpsBook {__version__}", f"Python {sys.version.split()[0]} ({machine.bits})", platform.system()]
    if excel := office_settings.excel(machine):
        parts.append(f"Excel {excel.version}" + (f" ({excel.bits})" if excel.bits else ""))
    line = " · ".join(parts)
    return Text(f"{line}\n{machine.python}", f"{line}\n{machine.python}")


def diagnose(machine: Machine, book: Path | None = None) -> Diagnosis:
    """Look at everything that applies to the machine, and to one workbook if it is named."""
    case = CheckSubject(machine, book)
    return Diagnosis(case, tuple(_findings(case, checks())))


def obstacles(machine: Machine) -> list[DoctorFinding]:
    """Return the faults with which an installation would be in vain."""
    found = _findings(CheckSubject(machine), [each for each in checks() if each.stops])
    return [each for each in found if each.state != "ok"]


def report(language: Language, book: Path | None = None) -> list[str]:
    """Return what the doctor says of this computer, short enough for the window of the ribbon's button."""
    return diagnose(this_machine(), book).lines(language, brief=True)


def _findings(case: CheckSubject, wanted: Sequence[DoctorCheck]) -> list[DoctorFinding]:
    found: dict[str, DoctorFinding] = {}
    for check in wanted:
        faulty = {name for name, each in found.items() if each.state != "ok"}
        if all(case.has(need) for need in check.needs) and not check.unless & faulty:
            found[check.id] = _finding(case, check)
    return list(found.values())


def _finding(case: CheckSubject, check: DoctorCheck) -> DoctorFinding:
    try:
        facts = LOOKS[check.id](case)
    except Exception as error:  # noqa: BLE001 - one check that fails must not hide the others
        why = f"{type(error).__name__}: {error}"
        told = Text(f"未能检查“{check.title.zh}”：{why}", f'Could not look whether "{check.title.en}": {why}')
        return DoctorFinding(check, "not told", told)
    if facts is None:
        return DoctorFinding(check, "ok", check.title)
    return DoctorFinding(check, check.severity, filled(check.found, facts), filled(check.cure, facts))
