"""What a double click in the bundle's folder does: ``python -m opsbook.commands.double_click WHAT [FILES...]``.

Each ``.cmd`` of the folder calls it with one word. It asks what it needs, says what happens, and opens the result.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from opsbook.cli.console import open_file, say, user_language
from opsbook.commands.find_workbook import workbooks
from opsbook.domain.language import Language, Text

DONE, DATA_ISSUES, WRONG_CALL = 0, 1, 2
_EXPORTS = "exports"
_PATHS = re.compile(r"(?:[A-Za-z]:\\|\\\\)(?:(?!\s+\"?(?:[A-Za-z]:\\|\\\\)).)*")
_PROGRAMS = (".cmd", ".exe")
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def home() -> Path:
    """Return the folder for workbooks that nobody gave another place: in the user's documents, not in the bundle's.

    The bundle's folder is deleted when OpsBook is uninstalled.
    """
    documents = Path.home() / "Documents"
    return (documents if documents.is_dir() else Path.home()) / "OpsBook"


def new(_: Sequence[Path]) -> int:
    """Make a workbook and the folder for its exports; open it."""
    store = ask(
        Text("店铺名称（可以不填，直接按回车）：", "Name of the store (or just press Enter): ")
    ).strip()
    folder = home() / (_NOT_IN_NAMES.sub(" ", store).strip(" .") or Text("我的店铺", "My store")[_lang()])
    name = Text("年度复盘", "Annual review")[_lang()]
    book = _free(folder / f"{name}.xlsx")
    (folder / _EXPORTS).mkdir(parents=True, exist_ok=True)
    status, _out = opsbook("new", str(book), "--lang", _lang(), "--store", store)
    if status == DONE:
        tell(
            Text(
                f"工作簿已建好：{book}\n下一步：把平台的导出文件放进 {folder / _EXPORTS}，再把工作簿拖到“刷新”上。",
                f"The workbook is ready: {book}\nNext: put the platform's exports into {folder / _EXPORTS}, then drag the "
                "workbook onto the refresh file.",
            )
        )
        open_file(book)
    return status


def refresh(given: Sequence[Path]) -> int:
    """Refresh the workbooks that were dragged onto the file, or the one that is meant; open them."""
    return _each(given, "refresh", Text("正在刷新 {}", "Refreshing {}"), lambda book, _: book)


def deck(given: Sequence[Path]) -> int:
    """Make the deck of the workbooks under a name that is free; open it."""

    def made(_: Path, out: str) -> Path | None:
        lines = [line for line in out.splitlines() if line.strip().lower().endswith(".pptx")]
        return Path(lines[-1].strip()) if lines else None

    def target(book: Path) -> list[str]:
        stem = f"{book.stem}-{Text('汇报', 'deck')[_lang()]}"
        return [str(_free(book.with_name(f"{stem}.pptx")))]

    return _each(given, "deck", Text("正在生成汇报 PPT：{}", "Making the deck of {}"), made, target)


def _free(path: Path) -> Path:
    """Return the path, with a number behind its name where there is a file already."""
    numbered = (path.with_name(f"{path.stem} {number}{path.suffix}") for number in range(2, 1000))
    return next(each for each in (path, *numbered) if not each.exists())


def demo(_: Sequence[Path]) -> int:
    """Make the demonstration store and open its workbook."""
    tell(
        Text(
            "正在生成虚构店铺的演示，大约需要一分钟。",
            "Making the demonstration store: this takes about a minute.",
        )
    )
    folder = home() / Text("演示", "Demo")[_lang()]
    status, out = opsbook("demo", str(folder), "--lang", _lang())
    if status in (DONE, DATA_ISSUES):
        open_file(Path(out.strip().splitlines()[-1]))
    return status


def check(given: Sequence[Path]) -> int:
    """Say of the files that were dragged onto the file, or of those beside the workbook, what each is."""
    paths = list(given)
    if not paths:
        books = _meant(())
        paths = [folder for book in books if (folder := book.parent / _EXPORTS).is_dir()]
    if not paths:
        tell(
            Text(
                "没有可检查的文件：请把导出文件或文件夹拖到“检查导出文件”上。",
                "There is nothing to check: drag the exports, or their folder, onto the check file.",
            )
        )
        return WRONG_CALL
    status, out = opsbook("check", *map(str, paths))
    for line in out.splitlines():
        say(line)
    return status


def uninstall(_: Sequence[Path]) -> int:
    """Take OpsBook out of Excel; say what remains."""
    status, _out = opsbook("uninstall")
    if status == DONE:
        tell(
            Text(
                f"最后一步：删除本文件夹即可。您的工作簿和数据不在其中（默认在 {home()}），不会受影响。",
                f"Last step: delete this folder. Your workbooks and data are elsewhere (by default in {home()}) and stay.",
            )
        )
    return status


def _each(
    given: Sequence[Path],
    command: str,
    doing: Text,
    result: Callable[[Path, str], Path | None],
    more: Callable[[Path], list[str]] = lambda _: [],
) -> int:
    """Run a command for each workbook that is meant, and open what comes of it."""
    books = _meant(given)
    if not books:
        tell(
            Text(
                "还没有工作簿：请先双击“新建工作簿”，或把工作簿拖到本文件上。",
                "There is no workbook yet: make one first, or drag one onto this file.",
            )
        )
        return WRONG_CALL
    worst = DONE
    for book in books:
        tell(Text(doing.zh.format(book.name), doing.en.format(book.name)))
        status, out = opsbook(command, str(book), *more(book))
        worst = max(worst, status)
        opened = result(book, out) if status in (DONE, DATA_ISSUES) else None
        if opened is not None:
            open_file(opened)
    return worst


def _meant(given: Sequence[Path]) -> list[Path]:
    """Return the workbooks that were given; with none, the one in the usual place, asked for where there are more."""
    if given:
        return [book for path in given for book in (workbooks(path) if path.is_dir() else [path])]
    place = home()
    folders = [place, *(entry for entry in sorted(place.glob("*")) if entry.is_dir())]
    found = [book for folder in folders for book in workbooks(folder)]
    if len(found) < 2:
        return found
    for number, book in enumerate(found, 1):
        say(f"  {number}  {book.relative_to(place)}")
    answer = ask(Text("是哪一个？请输入前面的数字：", "Which one? Type its number: ")).strip()
    return [found[int(answer) - 1]] if answer.isdecimal() and 1 <= int(answer) <= len(found) else []


def opsbook(*arguments: str) -> tuple[int, str]:
    """Run a command of OpsBook; its messages go to this window. Return its exit status and its answer."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-X", "utf8", "-m", "opsbook", *arguments],
        check=False,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    return done.returncode, done.stdout


def dropped(arguments: Sequence[str], call: str) -> list[Path]:
    r"""Return the files that were dragged onto a ``.cmd``.

    Windows puts a path into quotes only where it has a space, so that cmd.exe breaks ``D:\a&b.xlsx`` and takes
    ``^`` out. The command line of cmd.exe itself still has the names.

    Args:
        arguments: As cmd.exe gave them.
        call: Its own command line.
    """
    whole = [Path(text.strip('" ')) for text in _PATHS.findall(call)]
    # In a window in which the file was called by name, cmd.exe's own command line does not have it.
    if any(path.suffix.lower() == ".cmd" for path in whole):
        held = [path for path in whole if path.suffix.lower() not in _PROGRAMS and path.exists()]
        if held:
            return held
    return [Path(each) for each in arguments]


def _call() -> str:
    """Return the command line of the cmd.exe that runs the ``.cmd``; empty where it cannot be seen."""
    import psutil  # seldom

    try:
        parent = psutil.Process().parent()
        return " ".join(parent.cmdline()) if parent else ""
    except psutil.Error:
        return ""


def ask(question: Text) -> str:
    """Ask in the window; without one there is no answer."""
    say(question[_lang()])
    try:
        return input("> ")
    except EOFError:
        return ""


def tell(text: Text) -> None:
    """Say what happens."""
    for line in text[_lang()].splitlines():
        say(line)


def _lang() -> Language:
    return user_language()


ACTIONS: Mapping[str, Callable[[Sequence[Path]], int]] = {
    "new": new,
    "refresh": refresh,
    "demo": demo,
    "check": check,
    "deck": deck,
    "uninstall": uninstall,
}


def main(what: str, *arguments: str) -> int:
    """Do what a double click on one of the files means; return the exit status."""
    status = ACTIONS[what](dropped(arguments, _call()) if arguments else [])
    tell(_END.get(status, _FAILED))
    return status


_END = {
    DONE: Text("完成。", "Done."),
    DATA_ISSUES: Text("完成，但有数据问题，见上。", "Done, but there are issues with the data: see above."),
}
_FAILED = Text("没有完成，原因见上。", "Not done: the reason is above.")

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
