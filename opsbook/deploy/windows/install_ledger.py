"""What the installer changed, so that all of it can be undone: written down before it is done, kept as JSON.

A file or registry value is undone only where it still is what we made it; whatever stood there before comes back.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opsbook.deploy.windows.windows_registry import Value
from opsbook.deploy.windows.windows_registry import value as read
from opsbook.domain.errors import OpsbookError
from opsbook.domain.language import Text
from opsbook.support import atomic_files

if TYPE_CHECKING:
    from opsbook.deploy.windows.machine import Machine

FORMAT = 1


@dataclass
class File:
    """A file we wrote: the digest of our content; the copy of what was there before, by its name in `before`."""

    path: str
    sha256: str
    before: str | None


@dataclass
class RegistryChange:
    """A registry value we wrote, what it was before, and the keys we had to create, outermost first."""

    key: str
    name: str
    value: str | int
    before: str | int | None
    created: list[str]


@dataclass
class Ledger:
    """The changes on one machine.

    Attributes:
        files: By path.
        settings: Registry values in the order of writing.
        folders: Those we created, outermost first.
        conf: Our lines of the configuration file.
        server: Whether Python is to run from logon on.
    """

    machine: Machine
    files: dict[str, File] = field(default_factory=dict)
    settings: list[RegistryChange] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    conf: dict[str, str] = field(default_factory=dict)
    server: bool = False

    def save(self) -> None:
        """Write the ledger, whole or not at all."""
        path = self.machine.places.ledger
        document = {
            "format": FORMAT,
            "files": [asdict(each) for each in self.files.values()],
            "settings": [asdict(each) for each in self.settings],
            "folders": self.folders,
            "conf": self.conf,
            "server": self.server,
        }
        _write(path, json.dumps(document, ensure_ascii=False, indent=1).encode())

    def folder(self, path: Path) -> None:
        """Create a folder, and those around it."""
        missing = [each for each in (path, *path.parents) if not each.exists()][::-1]
        self.folders += [str(each) for each in missing if str(each) not in self.folders]
        if self.machine.places.home.exists():
            self.save()
        path.mkdir(parents=True, exist_ok=True)

    def put(self, path: Path, content: bytes) -> bool:
        """Write a file, unless it is there already; tell whether anything changed.

        What stood there before is copied the first time; later, what somebody else changed since.
        """
        now = path.read_bytes() if path.exists() else None
        if now == content:
            return False
        self.folder(path.parent)
        known = self.files.get(str(path))
        if known is None:
            kept = None if now is None else self._kept(path)
            self.files[str(path)] = File(str(path), digest(content), kept)
        else:
            if now not in (None, self.before(known)) and digest(now) != known.sha256:
                self._kept(path)
            known.sha256 = digest(content)
        self.save()
        _write(path, content)
        return True

    def before(self, file: File | None) -> bytes | None:
        """Return what stood there before us, or None when nothing did."""
        if file is None or file.before is None:
            return None
        copy = self.machine.places.before / file.before
        return copy.read_bytes() if copy.exists() else None

    def _kept(self, path: Path) -> str:
        """Copy what stands at the path; return the name of the copy."""
        places = self.machine.places
        self.folder(places.before)
        number = 1
        while (copy := places.before / f"{number}-{path.name}").exists():
            number += 1
        shutil.copy2(path, copy)
        return copy.name

    def set(self, key: str, name: str, value: str | int) -> None:
        """Write a registry value; what was there before is noted the first time."""
        registry = self.machine.registry
        now = read(registry, key, name)
        known = next((each for each in self.settings if (each.key, each.name) == (key, name)), None)
        if now == value:
            return
        if known is None:
            parts = key.split("\\")
            around = ["\\".join(parts[:end]) for end in range(2, len(parts) + 1)]
            created = [each for each in around if not registry.exists(each)]
            self.settings.append(RegistryChange(key, name, value, _plain(now), created))
        else:
            known.value = value
        self.save()
        registry.put(key, name, value)

    def unset(self, setting: RegistryChange) -> bool:
        """Undo a registry value; tell whether it was still ours."""
        registry = self.machine.registry
        now = read(registry, setting.key, setting.name)
        ours = now == setting.value
        if ours and setting.before is not None:
            registry.put(setting.key, setting.name, setting.before)
        elif ours:
            registry.remove(setting.key, setting.name)
        for key in reversed(setting.created):
            registry.remove_key(key)
        self.settings.remove(setting)
        self.save()
        return ours or now is None or now == setting.before

    def due(self, file: File) -> bytes | None:
        """Return what is to stand there once we are gone: what was before, but never less than others put there."""
        path = Path(file.path)
        found = path.read_bytes() if path.exists() else None
        return self.before(file) if found is None or digest(found) == file.sha256 else found

    def take_back(self, file: File, due: bytes | None) -> bool:
        """Let a file be what is due, None for no file; tell whether that is what was there before us."""
        path, before = Path(file.path), self.before(file)
        if due is None:
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != due:
            _write(path, due)
        atomic_files.clear(path)  # what a cut power line left
        if file.before and due == before:
            (self.machine.places.before / file.before).unlink(missing_ok=True)
        del self.files[file.path]
        self.save()
        return due == before

    def close(self) -> list[Path]:
        """Remove the ledger and the folders we created that are empty; return files of ours that stay."""
        places = self.machine.places
        places.ledger.unlink(missing_ok=True)
        atomic_files.clear(places.ledger)
        for folder in (places.before, places.home, *map(Path, reversed(self.folders))):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        return sorted(places.before.iterdir()) if places.before.is_dir() else []


def load(machine: Machine) -> Ledger:
    """Return what is written down; an empty ledger when nothing is.

    Raises:
        OpsbookError: The file is damaged, or of a newer OpsBook.
    """
    path = machine.places.ledger
    if not path.exists():
        return Ledger(machine)
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] > FORMAT:
            raise OpsbookError(
                Text(
                    f"{path} 由更新版本的 OpsBook 写入，请先升级 opsbook 再操作。",
                    f"{path} was written by a newer OpsBook; upgrade opsbook first.",
                )
            )
        written = [File(**each) for each in document["files"]]
        return Ledger(
            machine,
            files={each.path: each for each in written},
            settings=[RegistryChange(**each) for each in document["settings"]],
            folders=list(document["folders"]),
            conf=dict(document["conf"]),
            server=bool(document["server"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise OpsbookError(
            Text(
                f"安装记录 {path} 已损坏（{error}）。请把它改名后重新运行 opsbook install；"
                "之后卸载只能撤销这次安装所做的改动。",
                f"The record of the installation, {path}, is damaged ({error}). Rename it and run opsbook install again; "
                "uninstall can then undo only what that run does.",
            )
        ) from error


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def _plain(value: Value | None) -> str | int | None:
    return value if isinstance(value, str | int) else None


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    made = atomic_files.beside(path, content)
    try:
        atomic_files.put(made, path)
    finally:
        made.unlink(missing_ok=True)
