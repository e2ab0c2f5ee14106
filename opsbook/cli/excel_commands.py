"""The commands about Excel: doctor, install and uninstall on this computer, bundle for others."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opsbook import __version__
from opsbook.cli.command_group import Helped
from opsbook.cli.console import emit, progress_bar, say, user_language
from opsbook.cli.data_commands import JSON
from opsbook.domain.language import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from opsbook.deploy.windows.doctor import Diagnosis

DONE, FAULTS = 0, 1


@click.command(cls=Helped)
@click.argument("book", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--checklist", is_flag=True, help="Print what to look at in Excel itself: fifteen minutes.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all that was found, and the checklist to be filled in, into this file.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def doctor(book: Path | None, checklist: bool, report: Path | None, as_json: bool) -> None:
    """Look at Excel, Python, xlwings and the settings between them, and at BOOK; say what to do about each fault.

    Exit status: 0 nothing is at fault, 1 something is, 2 wrong call.
    """
    from opsbook.deploy.windows.doctor import diagnose
    from opsbook.deploy.windows.machine import this_machine

    if checklist:
        from opsbook.deploy.windows.checklist_answers import checklist as questions

        click.echo(questions(user_language()), nl=False)
        return
    diagnosis = diagnose(this_machine(), book)
    if report:
        _report(report, diagnosis)
    if as_json:
        emit(diagnosis.as_document())
    else:
        for line in diagnosis.lines(user_language()):
            say(line, error=False)
    sys.exit(DONE if diagnosis.sound else FAULTS)


def _report(path: Path, diagnosis: Diagnosis) -> None:
    from opsbook.deploy.windows import checklist_answers
    from opsbook.domain.errors import OpsbookError, check_folder
    from opsbook.support import atomic_files

    if path.exists():
        raise OpsbookError(
            Text(
                f"{path} 已存在，不会覆盖（里面可能有您的回答）：请换一个名字。",
                f"{path} exists and is not overwritten, for it may hold your answers: choose another name.",
            )
        )
    check_folder(path)
    atomic_files.create(path, checklist_answers.report(diagnosis, user_language()).encode())
    say(
        Text(f"已写入 {path}，请填好后发回。", f"Written: {path}. Fill it in and send it back.")[
            user_language()
        ]
    )


@click.command(cls=Helped)
@click.option(
    "--trust",
    multiple=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder in which macros run without asking; may be given several times.",
)
@click.option(
    "--server/--no-server",
    default=None,
    help="Run Python from logon on, so that Excel starts no program. [default: as it is]",
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the add-in. [default: yours]")
@JSON
def install(trust: tuple[Path, ...], server: bool | None, lang: Language | None, as_json: bool) -> None:
    """Set OpsBook up in Excel on Windows, for you alone: add-in, connection to this Python, configuration.

    Close Excel first. Run it again after every upgrade; `opsbook uninstall` undoes all of it.
    """
    from opsbook.deploy.windows import doctor, install
    from opsbook.deploy.windows.machine import this_machine

    machine, language = this_machine(), user_language()
    outcome = install.install(machine, lang or language, trusted=trust, server=server)
    diagnosis = doctor.diagnose(machine)
    found = {each.check.id for each in diagnosis.findings if each.state != "ok"}
    end = WITHOUT_EXCEL if "excel_missing" in found else INSTALLED if outcome.changed else UP_TO_DATE
    if as_json:
        emit(
            {
                "changed": outcome.changed,
                "done": [told[language] for told in outcome.lines],
                "missing": [each.as_document() for each in diagnosis.findings if each.state == "fault"],
            }
        )
    for told in (*outcome.lines, end):
        say(told[language])
    for finding in diagnosis.after_install:
        for line in finding.lines(language):
            say(line)


@click.command(cls=Helped)
@JSON
def uninstall(as_json: bool) -> None:
    """Undo what `opsbook install` did. Workbooks, exports and archives stay."""
    from opsbook.deploy.windows import install
    from opsbook.deploy.windows.machine import this_machine

    outcome = install.uninstall(this_machine())
    if as_json:
        emit({"changed": outcome.changed, "kept": [told[user_language()] for told in outcome.lines]})
    for told in (*outcome.lines, UNINSTALLED if outcome.changed else NOT_INSTALLED):
        say(told[user_language()])


@click.command(cls=Helped)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option(
    "--python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="python.org's python-3.13.x-embed-amd64.zip. [default: 3.13.2, as PyPI holds it]",
)
@click.option("--sha256", help="The hash that python.org publishes for it.")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it is there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def bundle(out: Path | None, python: Path | None, sha256: str | None, overwrite: bool, as_json: bool) -> None:
    """Make OUT, a zip for Windows PCs without Python, to be used by double click.

    It holds Python, the libraries, templates, a guide, and the files to start by double click.

    Uses the network (pip) while it is made; on the PC nothing is downloaded.
    """
    from opsbook.deploy import bundle as bundling

    with progress_bar() as report:
        target = out or Path(f"OpsBook-{__version__}-win64.zip")
        made = bundling.make(target, python, sha256, progress=report, overwrite=overwrite)
    if as_json:
        sizes = {"packed": made.packed, "unpacked": made.unpacked, "parts": dict(made.parts)}
        emit({"bundle": str(made.path), **sizes})
        return
    for part, size in (*made.parts.items(), ("=", made.unpacked), ("zip", made.packed)):
        say(f"{part:<20} {size / 1e6:8.1f} MB")
    say(str(made.path), error=False)


INSTALLED = Text(
    "安装完成，可以打开 Excel 了：功能区会出现 OpsBook 选项卡。",
    "Done. Open Excel: its ribbon has a tab OpsBook now.",
)
WITHOUT_EXCEL = Text(
    "文件已就位，但这台电脑上没有找到 Excel：按钮和函数要等装好 Excel 后再用。现在就可以双击其他文件新建和刷新工作簿，"
    "用 WPS 打开即可。",
    "The files are in place, but no Excel was found on this PC: the buttons and functions work once Excel is installed. "
    "Workbooks can be made and refreshed without it, and opened in WPS or LibreOffice.",
)
UP_TO_DATE = Text("已是最新，无需改动。", "Everything is in place already.")
UNINSTALLED = Text(
    "已卸载。工作簿、导出文件和归档都未动。", "Uninstalled. Workbooks, exports and archives are untouched."
)
NOT_INSTALLED = Text("没有安装记录，无需卸载。", "Nothing was installed.")
