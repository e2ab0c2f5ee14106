"""Checks of Excel, of WPS beside it, and of what the company and the antivirus allow."""

from __future__ import annotations

from opsbook.deploy.windows import office_settings, trusted_locations
from opsbook.deploy.windows.checks import CheckSubject, Facts, look
from opsbook.deploy.windows.windows_registry import value
from opsbook.domain.language import Text

_SIGNED_ONLY, _NEVER = 3, 4
_LEVELS = {
    _SIGNED_ONLY: Text("只允许有数字签名的宏", "allows only signed macros"),
    _NEVER: Text("禁用了所有宏", "switches all macros off"),
}
_NO_VBA = Text("关闭了 Office 的 VBA", "switches VBA off in all of Office")
_CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
_WIN32_API = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
# Security programs common in China that ask or block when Excel starts another program, by their processes.
_ANTIVIRUS = {
    "360tray.exe": "360 安全卫士",
    "360sd.exe": "360 杀毒",
    "zhudongfangyu.exe": "360 主动防御",
    "hipsdaemon.exe": "火绒安全",
    "hipstray.exe": "火绒安全",
    "qqpctray.exe": "腾讯电脑管家",
    "kxetray.exe": "金山毒霸",
    "ravmond.exe": "瑞星",
}


@look
def excel_missing(case: CheckSubject) -> Facts | None:
    """Whether there is no Excel."""
    if office_settings.excel(case.machine):
        return None
    wps = Text("（装有 WPS，但它不支持 xlwings）", " (WPS is there, but does not work with xlwings)")
    return {"wps": wps if office_settings.has_wps(case.machine) else ""}


@look
def excel_store(case: CheckSubject) -> Facts | None:
    """Whether Excel came from the Microsoft Store."""
    excel = office_settings.excel(case.machine)
    return {"path": excel.path} if excel and excel.from_store else None


@look
def wps_opens(case: CheckSubject) -> Facts | None:
    """Whether a double click opens WPS."""
    ending = case.book.suffix.lower() if case.book else None
    endings = [ending] if ending else [".xlsx", ".xlsm"]
    return next(({"ending": each} for each in endings if office_settings.wps_opens(case.machine, each)), None)


@look
def excel_32bit(case: CheckSubject) -> Facts | None:
    """Whether Excel has 32 bits."""
    excel = office_settings.excel(case.machine)
    return {} if excel and excel.bits == 32 else None


@look
def excel_no_lambda(case: CheckSubject) -> Facts | None:
    """Whether Excel is an edition without LAMBDA."""
    excel = office_settings.excel(case.machine)
    return {"version": excel.products or excel.version} if excel and not excel.knows_lambda else None


@look
def macros_forbidden(case: CheckSubject) -> Facts | None:
    """Whether a policy keeps macros from running where the workbook lies."""
    machine = case.machine
    if office_settings.policy(machine, "Common", "vbaoff") == 1:
        return {"level": _NO_VBA, "place": "vbaoff"}
    level = office_settings.policy(machine, r"Excel\Security", "VBAWarnings")
    if level not in _LEVELS or _trusted(case):
        return None
    return {"level": _LEVELS[int(level)], "place": f"VBAWarnings={level}"}


@look
def macros_switched_off(case: CheckSubject) -> Facts | None:
    """Whether the user's setting keeps macros from running where the workbook lies."""
    machine = case.machine
    level = value(machine.registry, rf"{office_settings.settings(machine)}\Security", "VBAWarnings")
    ruled = office_settings.policy(machine, r"Excel\Security", "VBAWarnings") is not None
    if ruled or level not in _LEVELS or _trusted(case):
        return None
    return {"level": _LEVELS[int(level)]}


def _trusted(case: CheckSubject) -> bool:
    folder = case.book.resolve().parent if case.book else None
    return (
        folder is not None
        and trusted_folders_off(case) is None
        and trusted_locations.is_trusted(case.machine, folder)
    )


@look
def trusted_folders_off(case: CheckSubject) -> Facts | None:
    """Whether trusted locations count for nothing."""
    machine = case.machine
    name = "AllLocationsDisabled"
    own = value(machine.registry, rf"{office_settings.settings(machine)}\Security\Trusted Locations", name)
    laid_down = office_settings.policy(machine, r"Excel\Security\Trusted Locations", name)
    return {} if (own if laid_down is None else laid_down) == 1 else None


@look
def rule_child_processes(case: CheckSubject) -> Facts | None:
    """Whether Excel may start no program, and would have to."""
    machine = case.machine
    blocked = office_settings.rule_blocks(machine, _CHILD_PROCESSES)
    return {} if blocked and not machine.serving() else None


@look
def rule_win32_api(case: CheckSubject) -> Facts | None:
    """Whether macros may not call Windows, as xlwings' do."""
    return {} if office_settings.rule_blocks(case.machine, _WIN32_API) else None


@look
def antivirus(case: CheckSubject) -> Facts | None:
    """Whether a security program runs that often stands between Excel and Python."""
    machine = case.machine
    running = {each.casefold() for each in machine.programs()}
    found = sorted({title for name, title in _ANTIVIRUS.items() if name in running})
    facts = {"python": str(machine.python), "home": str(machine.places.home)}
    return {"programs": "、".join(found), **facts} if found else None
