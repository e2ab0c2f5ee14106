"""Windows on Linux: a bundle of `opsbook bundle`, unpacked where a Chinese user would, run by Wine."""

import os
import shutil
import subprocess
import zipfile
from contextlib import contextmanager, suppress
from threading import Thread

from wine.forwarder import dll

PLACE = "运营 工具"
LOCALE, CODE_PAGE = "zh_CN.UTF-8", "gbk"  # what Wine makes its code pages of, and what it makes of it
# What Wine 8 lacks and Windows has, so that the bundle itself stays as it is.
SITE = """
import _winapi, sys
del _winapi.CopyFile2           # not there: the process would be aborted
sys.modules["_wmi"] = None      # aborts too; platform then asks elsewhere
"""
BOOT = 120  # seconds
LAST_WORDS = 5  # seconds for a program's output after its end


def missing():
    """Return in one line why there is no Windows here, or None."""
    for program, package in (("wine", "wine wine64"), ("Xvfb", "xvfb"), ("localedef", "locales")):
        if shutil.which(program) is None:
            return f"no {program}: apt-get install {package}"
    if not os.environ.get("OPSBOOK_BUNDLE"):
        return "OPSBOOK_BUNDLE names no zip made by `opsbook bundle`"
    return None


def _read(stream, into):
    with suppress(OSError, ValueError):  # closed meanwhile
        while text := stream.read(1 << 16):
            into.append(text)


def windows_path(path):
    """Return how Windows' programs name a file of this machine."""
    return "Z:" + str(path).replace("/", "\\")


def _locale(folder):
    return ["localedef", "-i", "zh_CN", "-f", "UTF-8", str(folder / LOCALE)]


class Windows:
    """A fresh Chinese Windows: code page 936.

    Attributes:
        home: Folder of the unpacked bundle.
        python: Its python.exe.
        folder: A folder for the user's files, its name Chinese with a space.
    """

    def __init__(self, root, bundle):
        self.root = root
        self.folder = root / PLACE
        self.folder.mkdir()
        with zipfile.ZipFile(bundle) as archive:
            archive.extractall(self.folder)
        self.home = self.folder / "OpsBook"
        self.python = self.home / "python" / "python.exe"
        (self.home / "python/Lib/site-packages/sitecustomize.py").write_text(SITE, encoding="ascii")
        (root / "locale").mkdir()
        subprocess.run(
            _locale(root / "locale"), check=False, capture_output=True
        )  # it warns, and ends with 1
        # COM needs a display; one of its own choice, for two runs must not meet.
        self._display = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", "800x600x16"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        number = self._display.stdout.readline().decode().strip()
        self.environment = {
            **{
                key: value
                for key, value in os.environ.items()
                if not key.startswith(("PYTHON", "OPSBOOK", "LC_", "LANG"))
            },
            "DISPLAY": f":{number}",
            "WINEARCH": "win64",
            "WINEPREFIX": str(root / "prefix"),
            "WINEDEBUG": "-all",
            "LOCPATH": str(root / "locale"),
            "LC_ALL": LOCALE,
            "WINEDLLOVERRIDES": "winedbg.exe=;mshtml=;mscoree=",  # nobody answers a debugger or an installer
        }
        self._wine("wineboot", "-i", timeout=BOOT)
        self._wine("winecfg", "-v", "win10", timeout=BOOT)
        system = root / "prefix/drive_c/windows/system32"
        name = "bcryptprimitives.dll"
        (system / name).write_bytes(dll(name, "ProcessPrng", "advapi32.SystemFunction036"))

    def _wine(self, *arguments, timeout):
        self.run("wine", *arguments, timeout=timeout)

    def run(self, *command, timeout=120, cwd=None, answers=None, **environment):
        """Run a command to its end.

        Args:
            command: The program and its arguments.
            timeout: Seconds.
            cwd: Where it runs; by default the user's folder.
            answers: What is typed into its window, which is closed then.
            environment: Variables.

        Returns:
            The finished process; its texts are bytes, stderr and stdout apart.
        """
        # Programs under Wine want real pipes on all sides. Wine's own services, which the first program starts, inherit
        # them and keep them open: the end is that of the program, not of its output.
        popen = subprocess.Popen(
            command, cwd=cwd or self.folder, env={**self.environment, **environment},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
        )  # fmt: skip
        if answers is not None:
            popen.stdin.write(answers)
            popen.stdin.close()
        texts = [[], []]
        readers = [
            Thread(target=_read, args=(stream, text), daemon=True)
            for stream, text in zip((popen.stdout, popen.stderr), texts, strict=True)
        ]
        for reader in readers:
            reader.start()
        try:
            popen.wait(timeout)
        finally:
            popen.stdin.close()
            popen.kill()
        for reader, stream in zip(readers, (popen.stdout, popen.stderr), strict=True):
            reader.join(LAST_WORDS)
            stream.close()
        return subprocess.CompletedProcess(command, popen.wait(), *map(b"".join, texts))

    def python_run(self, *arguments, **options):
        """Run the bundle's Python."""
        return self.run("wine", str(self.python), *arguments, **options)

    def opsbook(self, *arguments, **options):
        """Run the command line of the bundle by its opsbook.cmd, as a user would."""
        return self.cmd("opsbook.cmd", *arguments, **options)

    def cmd(self, script, *arguments, **options):
        """Run a batch file of the bundle by cmd.exe.

        Wine escapes quotes in a way that cmd.exe does not read: where an argument needs them, another file calls it.
        """
        path = windows_path(self.home / script)
        if any(" " in str(each) for each in arguments):
            quoted = " ".join(f'"{each}"' if " " in str(each) else str(each) for each in arguments)
            calling = self.root / "calling.cmd"
            calling.write_text(f'@call "{path}" {quoted}\r\n', encoding=CODE_PAGE, newline="")
            return self.run("wine", "cmd", "/c", windows_path(calling), **options)
        return self.run("wine", "cmd", "/c", path, *arguments, **options)

    @contextmanager
    def serving(self, *command):
        """Keep a program running as long as the context lasts."""
        popen = subprocess.Popen(
            ["wine", str(self.python), *command], cwd=self.folder, env=self.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0,
        )  # fmt: skip
        # A pipe that nobody empties stops who writes to it.
        Thread(target=_read, args=(popen.stdout, []), daemon=True).start()
        try:
            yield popen
        finally:
            popen.stdin.close()
            popen.kill()
            popen.wait()
            popen.stdout.close()

    def close(self):
        """End every process of this Windows, and no other."""
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(["wineserver", "-k"], env=self.environment, timeout=60, check=False)
        self._display.terminate()
        self._display.wait()
        self._display.stdout.close()
