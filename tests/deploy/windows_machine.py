"""A Windows computer made of a folder, a registry in memory and a list of programs."""

from dataclasses import replace

from opsbook.deploy.windows.machine import Machine
from opsbook.deploy.windows.windows_registry import MemoryRegistry

EXCEL = r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"
APP_PATH = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
SETTINGS = r"HKCU\Software\Microsoft\Office\16.0\Excel"


def machine(tmp_path, **changes):
    """Return a sound computer of one Chinese user, as Windows and Office leave it."""
    home = tmp_path / "Users" / "王芳"
    xlstart = home / "AppData" / "Roaming" / "Microsoft" / "Excel"
    python = home / "AppData" / "Local" / "Programs" / "Python" / "python.exe"
    for folder in (xlstart, python.parent, home / "Downloads", tmp_path / "D" / "店铺"):
        folder.mkdir(parents=True)
    python.write_bytes(b"MZ")
    for bits in (32, 64):
        (python.parent / f"xlwings{bits}-0.37.8.dll").write_bytes(b"MZ dll %d" % bits)
    registry = MemoryRegistry(
        {
            APP_PATH: {"": EXCEL},
            CLICK_TO_RUN: {
                "Platform": "x64",
                "VersionToReport": "16.0.17928.20114",
                "ProductReleaseIds": "O365ProPlusRetail",
            },
            r"HKLM\SOFTWARE\Classes\Excel.Application\CurVer": {"": "Excel.Application.16"},
            rf"{SETTINGS}\Security\Trusted Locations\Location1": {
                "Path": r"%APPDATA%\Microsoft\Excel\XLSTART"
            },
            r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.xlsx\UserChoice": {
                "ProgId": "Excel.Sheet.12"
            },
        }
    )
    running = []
    return replace(
        Machine(
            system="windows",
            env={
                "USERPROFILE": str(home),
                "LOCALAPPDATA": str(home / "AppData" / "Local"),
                "APPDATA": str(home / "AppData" / "Roaming"),
                "TEMP": str(home / "AppData" / "Local" / "Temp"),
                "ONEDRIVE": str(home / "OneDrive"),
            },
            registry=registry,
            python=python,
            base=python,
            bits=64,
            code_page="cp936",
            programs=lambda: ["explorer.exe", *running],
            version={"xlwings": "0.37.8", "opsbook": "0.1.0"}.get,
            fault=lambda _: None,
            dll=lambda bits: python.parent / f"xlwings{bits}-0.37.8.dll",
            start_server=lambda command: running.append(f"pythonw.exe {' '.join(command)}"),
            serving=lambda: len(running) > 0,
            end_server=running.clear,
        ),
        **changes,
    )


def state(computer, tmp_path):
    """Return every file by its content, every folder, and the whole registry."""
    files = {
        str(path.relative_to(tmp_path)): path.read_bytes() if path.is_file() else None
        for path in tmp_path.rglob("*")
    }
    return files, {key: dict(values) for key, values in computer.registry._values.items()}
