"""STORES.toml: the stores of a fleet, each checked before any is touched.

::

    [[store]]
    name = "Hamburg"                     # optional: the workbook's name without its ending
    book = "hamburg/review.xlsx"
    exports = "hamburg/exports"          # optional: ``exports`` beside the workbook
    archive = "hamburg/review.duckdb"    # optional: the workbook's name with ``.duckdb``

Paths are relative to the file.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opsbook.domain.errors import OpsbookError
from opsbook.domain.language import Text

KEYS = ("name", "book", "exports", "archive")
_LENGTH = 60  # characters of a key or a value that a message shows
_NO_TOML = "UTF-8 / TOML"
_SHOWN = 20  # faults that are told at once


@dataclass(frozen=True)
class Store:
    """One store: its name, its workbook, and where its exports and its archive are; None is the usual place."""

    name: str
    book: Path
    exports: Path | None = None
    archive: Path | None = None

    @property
    def archive_file(self) -> Path:
        """The archive, the usual one too."""
        return self.archive or self.book.with_suffix(".duckdb")


def load(path: Path) -> list[Store]:
    """Return the stores in the order of the file.

    Raises:
        OpsbookError: The file cannot be read, or entries are wrong; each is named with its key.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise OpsbookError(
            Text(f"{path.name} 无法读取（{reason}）。", f"{path.name} cannot be read ({reason}).")
        ) from error
    except (
        ValueError,
        RecursionError,
    ) as error:  # also a number of thousands of digits, and lists without end
        what = str(error) if isinstance(error, tomllib.TOMLDecodeError) else _NO_TOML
        raise OpsbookError(
            Text(
                f"{path.name} 不是有效的 TOML 文件（UTF-8）：{what}。Windows 路径请用单引号，例如 book = 'C:\\店铺\\复盘.xlsx'。",
                f"{path.name} is no valid TOML file in UTF-8: {what}. Put Windows paths in single quotes, "
                "such as book = 'C:\\stores\\review.xlsx'.",
            )
        ) from error
    faults = [_unknown(key, ("store",), "") for key in raw if key != "store"]
    entries = raw.get("store", [])
    if not isinstance(entries, list) or not entries:
        faults.append(
            Text(
                '没有门店：每家店写一段 [[store]]，其下写 book = "…"。',
                'there are no stores: write one [[store]] for each, and book = "…" below it.',
            )
        )
        entries = []
    stores = []
    for number, entry in enumerate(entries, start=1):
        where = f"[[store]] {number}"
        found = list(_faults(entry, where))
        faults += found
        if not found:
            stores.append(_store(entry, path.absolute().parent))
    faults += _repeated(stores) if not faults else []
    if faults:
        rest = len(faults) - _SHOWN
        more = Text(f"\n  另有 {rest} 处", f"\n  and {rest} more") if rest > 0 else Text("", "")
        lines = [
            "\n".join(f"  {fault[language]}" for fault in faults[:_SHOWN]) + more[language]
            for language in ("zh", "en")
        ]
        raise OpsbookError(
            Text(
                f"{path.name} 有误，未刷新任何门店：\n{lines[0]}",
                f"{path.name} is wrong; no store was refreshed:\n{lines[1]}",
            )
        )
    return stores


def _faults(entry: Any, where: str) -> Iterable[Text]:
    if not isinstance(entry, dict):
        yield Text(f"{where}：应写作一段 [[store]]。", f"{where}: write it as a [[store]] of its own.")
        return
    for key in entry:
        if key not in KEYS:
            yield _unknown(key, KEYS, f"{where}: ")
    if "book" not in entry:
        yield Text(
            f"{where}：缺少 book（工作簿的路径）。", f"{where}: book is missing, the path of the workbook."
        )
    for key in KEYS:
        value = entry.get(key, "x")
        if not isinstance(value, str) or not value.strip() or "\0" in value:
            yield Text(
                f"{where}：{key} 应为非空文本，而不是 {_short(value)}。",
                f"{where}: {key} must be a text, not {_short(value)}.",
            )


def _short(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write out a number of thousands of digits
        return "…"
    return text if len(text) <= _LENGTH else text[: _LENGTH - 1] + "…"


def _unknown(key: str, known: tuple[str, ...], where: str) -> Text:
    near = difflib.get_close_matches(key, known, n=1) if len(key) <= _LENGTH else []
    key = key if len(key) <= _LENGTH else key[: _LENGTH - 1] + "…"
    zh, en = (f"，是否为 {near[0]}？", f"; do you mean {near[0]}?") if near else ("。", ".")
    return Text(
        f"{where}不认识的键 {key}（可用：{'、'.join(known)}）{zh}",
        f"{where}unknown key {key} (known: {', '.join(known)}){en}",
    )


def _store(entry: dict[str, str], folder: Path) -> Store:
    book, exports, archive = (
        folder / Path(entry[key].strip()).expanduser() if key in entry else None
        for key in ("book", "exports", "archive")
    )
    assert book is not None  # noqa: S101 - `_faults` saw it
    return Store(entry.get("name", book.stem).strip(), book, exports, archive)


def _repeated(stores: list[Store]) -> Iterable[Text]:
    """Two refreshes of one workbook or one archive would stand in each other's way; two names tell nobody apart."""
    first: dict[tuple[str, object], int] = {}
    for number, store in enumerate(stores, start=1):
        facts = {"name": store.name, "book": store.book.resolve(), "archive": store.archive_file.resolve()}
        for key, value in facts.items():
            before = first.setdefault((key, value), number)
            if before != number:
                yield Text(
                    f"[[store]] {number}：{key} 与 [[store]] {before} 相同（{value}）。"
                    + ("请各写一个 name。" if key == "name" else ""),
                    f"[[store]] {number}: {key} is that of [[store]] {before} ({value})."
                    + (" Give each a name." if key == "name" else ""),
                )
