"""pip, the only part that uses the network."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from opsbook.deploy.bundle.bundle_parts import BundleError, text
from opsbook.domain.language import Text


def run(command: str, *options: str, requirements: str, work: Path) -> None:
    """Run a pip command over a declared file of requirements; each download must have the declared hash.

    Raises:
        BundleError: There is no pip, or it fails; its own last words are told.
    """
    if find_spec("pip") is None:
        raise BundleError(
            Text(
                "制作离线包需要 pip，而当前 Python 没有。请运行 python -m ensurepip 后再试。",
                "A bundle is made with pip, which this Python lacks. Run python -m ensurepip and try again.",
            ),
            "computer",
        )
    listed = work / requirements
    listed.write_text(text(requirements), encoding="utf-8")
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--require-hashes")
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-m", "pip", command, *quiet, *options, "-r", str(listed)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [
            done.stderr.strip()
        ]
        raise BundleError(
            Text(
                f"pip 未能下载离线包的组成部分，请检查网络后再试：{told[-1][:300]}",
                f"pip could not download a part of the bundle; check the network and try again: {told[-1][:300]}",
            ),
            "computer",
        )
