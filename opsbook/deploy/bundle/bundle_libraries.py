"""The libraries of a bundle: Windows wheels put in place by pip, without what no program of ours reads."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from opsbook.deploy.bundle import pip_downloads
from opsbook.deploy.bundle.bundle_parts import parts
from opsbook.deploy.bundle.embedded_python import VERSION

_TARGET = (
    "--platform=win_amd64",
    "--implementation=cp",
    f"--python-version={VERSION}",
    "--only-binary=:all:",
)


def install(site: Path, prefix: Path) -> dict[str, int]:
    """Put every library in place.

    Args:
        site: Folder for the packages; it must not exist.
        prefix: Folder of python.exe, for the DLLs that wheels lay beside it.

    Returns:
        Bytes by library, largest first.

    Raises:
        BundleError: pip cannot download one of them.
    """
    site.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="opsbook-pip-") as work:
        options = ("--no-compile", "--no-user", "--target", str(site), *_TARGET)
        pip_downloads.run("install", *options, requirements="libraries.txt", work=Path(work))
    shutil.rmtree(site / "bin", ignore_errors=True)  # start scripts for the machine that makes the bundle
    for beside in site.glob("*.dll"):
        shutil.move(beside, prefix / beside.name)
    for path in [entry for entry in site.rglob("*") if entry.is_file()]:
        if _left_out(path.relative_to(site).as_posix()):
            path.unlink()
    for folder in sorted((entry for entry in site.rglob("*") if entry.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    sizes = {info.name.split("-")[0]: _true_record(info, site) for info in sorted(site.glob("*.dist-info"))}
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


def _left_out(path: str) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in _patterns())


def _patterns() -> Iterator[str]:
    for pattern in parts()["left_out"]["everywhere"]:
        yield pattern
        yield f"*/{pattern}"
    yield from parts()["left_out"]["files"]


def _true_record(info: Path, site: Path) -> int:
    """Leave in a library's record what is there; return the bytes of that."""
    record = info / "RECORD"
    with record.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.reader(stream) if row and (site / row[0]).is_file()]
    kept = io.StringIO()
    csv.writer(kept, lineterminator="\n").writerows(sorted(rows))
    record.write_text(kept.getvalue(), encoding="utf-8", newline="")
    return sum((site / row[0]).stat().st_size for row in rows)
