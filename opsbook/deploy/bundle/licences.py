"""The licences of everything in a bundle, in one file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.deploy.bundle.bundle_parts import BundleError
from opsbook.deploy.bundle.embedded_python import SITE

if TYPE_CHECKING:
    from email.message import Message

_NAMES = re.compile(r"(?i)(licen[cs]e|copying|notice|copyright)")
_RULE = "=" * 100


def write(target: Path, python: Path) -> None:
    """Write name, version, kind of licence and full text of each part.

    Args:
        target: File to write.
        python: Folder of the Python with its libraries in place.

    Raises:
        BundleError: A part comes without the text of its licence.
    """
    sections = [
        "OpsBook: MIT licence. The parts below come with it, each under its own licence.",
        _section("Python", "PSF-2.0 and others", [(python / "LICENSE.txt").read_text(encoding="utf-8")]),
    ]
    for info in sorted((python / SITE).glob("*.dist-info"), key=lambda path: path.name.lower()):
        if info.name.startswith("opsbook-"):
            continue
        about = message_from_string((info / "METADATA").read_text(encoding="utf-8"))
        name = f"{about['Name']} {about['Version']}"
        texts = [_read(path) for path in _texts(info)]
        if not texts:
            raise BundleError(f"{name} comes without the text of its licence, and so may not be handed on")
        sections.append(_section(name, _kind(about), texts))
    target.write_text(f"\n\n{_RULE}\n".join(sections) + "\n", encoding="utf-8", newline="\r\n")


def _section(name: str, kind: str, texts: list[str]) -> str:
    return "\n\n".join([f"{name}\n{kind}", *(each.strip() for each in texts)])


def _texts(info: Path) -> Iterator[Path]:
    for path in sorted(info.rglob("*")):
        if path.is_file() and _NAMES.search(path.name):
            yield path


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")


def _kind(about: Message) -> str:
    """Return what the part says of its licence in a word or two."""
    declared = [about["License-Expression"], (about["License"] or "").splitlines()[:1]]
    words = [each if isinstance(each, str) else each[0] for each in declared if each]
    words += [
        each.split(" :: ")[-1] for each in about.get_all("Classifier", []) if each.startswith("License ::")
    ]
    return words[0] if words else "see below"
