"""What people say about headers we do not know: from ``opsbook.toml`` in the folder and a sheet of the workbook."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from opsbook.domain.issues import Issue
from opsbook.intake.file_period import given_period
from opsbook.intake.issue_collector import shown
from opsbook.params.meanings import Meaning, Vocabulary, example, meaning, vocabulary
from opsbook.schemas import Schema, normalise_header, of_sheets, schemas

_MOST = 20  # wrong rules that are reported one by one
_MEANT = 60  # characters of a name that may be a slip of another
_NO_TOML = "不是有效的 TOML 文件（UTF-8）/ not a valid TOML file in UTF-8"


@dataclass(frozen=True)
class Rule:
    """Headers of some files.

    Attributes:
        files: Pattern such as ``*.csv``, matched against the whole name and its last part; empty is every file.
        kind: Kind of export that a file with these headers is, or empty when the fields tell.
        headers: Pairs of a file's header (normalised) and our field, named by itself or by a known header
            (normalised). Empty with a kind says only which kind the files are.
    """

    files: str = ""
    kind: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def concerns(self, name: str) -> bool:
        """Whether the rule holds for the file."""
        name, pattern = name.casefold(), self.files.casefold()
        last = name.replace("!", "/").rpartition("/")[2]
        return not pattern or fnmatchcase(name, pattern) or fnmatchcase(last, pattern)


@dataclass(frozen=True)
class HeaderMap:
    """All rules in force. Of two rules for one header the later one counts."""

    rules: tuple[Rule, ...] = ()
    meanings: tuple[
        Meaning, ...
    ] = ()  # of words in the cells; they change what is computed, not what is read
    periods: tuple[tuple[str, str], ...] = ()  # pattern of file names, the period that these files are of

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the rules, in hex: it changes when a file must be read again because of them."""
        said = (self.rules, self.periods) if self.periods else self.rules
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @cached_property
    def known(self) -> frozenset[str]:
        """Every file header that some rule names, normalised."""
        return frozenset(header for rule in self.rules for header, _ in rule.headers)

    def merged(self, other: HeaderMap) -> HeaderMap:
        """Return both together; the rules of ``other`` count where they differ."""
        return HeaderMap(
            self.rules + other.rules, self.meanings + other.meanings, self.periods + other.periods
        )

    def period(self, name: str) -> str:
        """Return the period that people gave for the file ``name``, or an empty text."""
        found = [text for files, text in self.periods if Rule(files).concerns(name)]
        return found[-1] if found else ""

    def fields(self, schema: Schema, name: str) -> dict[str, str]:
        """Return normalised file header to field name, of one kind, for the file ``name``."""
        return {
            header: field
            for rule in self.rules
            if rule.kind in ("", schema.kind) and rule.concerns(name)
            for header, target in rule.headers
            if (field := _field(schema, target))
        }

    def kinds(self, name: str, headers: AbstractSet[str]) -> frozenset[str]:
        """Return the kinds that the rules name for a file with these normalised headers; empty when they do not."""
        return frozenset(
            rule.kind
            for rule in self.rules
            if rule.kind
            and rule.concerns(name)
            and (not rule.headers or any(header in headers for header, _ in rule.headers))
        )


def _text_of(value: object) -> str:
    """Return a value as text; Python refuses to write out a number of thousands of digits."""
    try:
        return str(value)
    except ValueError:
        return "…"


def _text(content: bytes) -> str:
    """Return the text of a file that Notepad may have saved in the system's code page."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def load_toml(path: Path) -> tuple[HeaderMap, list[Issue]]:
    """Read ``opsbook.toml``: tables ``[[map]]`` with ``headers`` and, if wanted, ``files`` and ``kind``.

    A table ``[files]`` says the period of files that do not say it: ``"products.json" = "2026-08"``.
    A table ``[words.status]`` (or ``currency``, ``country``) says what words of the exports mean: ``"线下处理" = "paid"``.

    Args:
        path: The file. One that is not there gives an empty map.

    Returns:
        The rules that are right, and an issue for everything that is not.
    """
    if not path.is_file():
        return HeaderMap(), []
    try:
        raw = tomllib.loads(_text(path.read_bytes()))
    except tomllib.TOMLDecodeError as error:
        return HeaderMap(), [Issue("column.map", path.name, detail=f"TOML: {error}")]
    except OSError as error:
        return HeaderMap(), [Issue("column.map", path.name, detail=error.strerror or type(error).__name__)]
    except (ValueError, RecursionError):  # no text, a number of thousands of digits, lists without end
        return HeaderMap(), [Issue("column.map", path.name, detail=_NO_TOML)]
    check = _Check(path.name)
    words = raw.get("words", {})
    for name, entry in words.items() if isinstance(words, dict) else [("", {})]:
        of = vocabulary(name)
        if of is None or not isinstance(entry, dict):
            check.issue(f"[words.{name}]", near=(name, list(Vocabulary)))
            continue
        for word, means in entry.items():
            check.meaning(of, word, _text_of(means), where=f"[words.{of}]")
    files = raw.get("files", {})
    for pattern, text in files.items() if isinstance(files, dict) else [("", files)]:
        check.period(pattern, _text_of(text) if isinstance(text, str | date) else "", where="[files]")
    entries = raw.get("map", [])
    for number, entry in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        where = f"[[map]] {number}"
        if not isinstance(entry, dict) or not isinstance(headers := entry.get("headers", {}), dict):
            check.issue(f'{where}: headers = {{ 表头 = "order_id" }}')
            continue
        for key in entry.keys() - {"files", "kind", "headers"}:
            check.issue(f"{where}: {key}", near=(key, ["files", "kind", "headers"]))
        meant = {header: _text_of(target) for header, target in headers.items()}
        check.rule(_text_of(entry.get("files", "")), _text_of(entry.get("kind", "")), meant, where=where)
    return HeaderMap(tuple(check.rules), tuple(check.meanings), tuple(check.periods)), check.issues


def from_rows(
    rows: Iterable[Sequence[object]], *, sheet: str = "列映射", first_row: int = 2
) -> tuple[HeaderMap, list[Issue]]:
    """Read the workbook's own sheet.

    Args:
        rows: Cells of each line: file pattern, file header, kind, our field; empty lines are passed over. With the
            kind ``order status``, ``currency`` or ``country`` a line says what a word means: the word stands in the
            place of the header, its meaning in that of the field.
        sheet: Name of the sheet, for the issues.
        first_row: Excel's number of the first line, for the issues.

    Returns:
        As `load_toml`.
    """
    check = _Check("", sheet)
    for number, row in enumerate(rows, start=first_row):
        cells = ["" if cell is None else str(cell).strip() for cell in row][:4]
        files, header, kind, field = cells + [""] * (4 - len(cells))
        if not (header or kind or field):
            continue
        check.row = number
        if bool(header) != bool(field):
            check.issue(f"{header or '?'} → {field or '?'}")
            continue
        if header and (of := vocabulary(kind)):
            check.meaning(of, header, field, where="")
        else:
            check.rule(files, kind, {header: field} if header else {}, where="")
    return HeaderMap(tuple(check.rules), tuple(check.meanings)), check.issues


@dataclass
class _Check:
    """Rules as they are checked, and what is wrong with them."""

    file: str
    sheet: str = ""
    row: int = 0

    def __post_init__(self) -> None:
        self.rules: list[Rule] = []
        self.issues: list[Issue] = []
        self.meanings: list[Meaning] = []
        self.periods: list[tuple[str, str]] = []

    def period(self, pattern: str, text: str, *, where: str) -> None:
        """Take the period of some files."""
        if pattern.strip() and given_period(text):
            self.periods.append((pattern.strip(), text))
        else:
            self.issue(f"{where} {pattern} = {text} (2026-08 / 2026-08-02~2026-08-08?)")

    def meaning(self, of: Vocabulary, word: str, means: str, *, where: str) -> None:
        """Take what a word means."""
        if found := meaning(of, word, means):
            self.meanings.append(found)
        else:
            self.issue(f"{where} {word} → {means} ({example(of)}?)".strip(), column=word)

    def issue(self, detail: str, column: str = "", near: tuple[str, Iterable[str]] | None = None) -> None:
        """Note what is wrong with a rule; beyond a number of them, only how many more there are."""
        if len(self.issues) > _MOST:
            last = self.issues[-1]
            self.issues[-1] = replace(last, times=last.times + 1)
            return
        detail = shown(detail) + (_near(*near) if near else "")
        self.issues.append(Issue("column.map", self.file, self.sheet, self.row, shown(column), detail=detail))

    def rule(self, files: str, kind: str, headers: Mapping[str, Any], *, where: str) -> None:
        prefix = f"{where}: " if where else ""
        chosen = _kind(kind)
        if kind and not chosen:
            titles = (name for schema in of_sheets() for name in (schema.kind, *_titles(schema)))
            self.issue(f"{prefix}{kind}", near=(kind, titles))
            return
        candidates = [schemas()[chosen]] if chosen else list(of_sheets())
        good = []
        for header, target in headers.items():
            wanted = normalise_header(target)
            if any(_field(schema, wanted) for schema in candidates):
                good.append((normalise_header(header), wanted))
            else:
                names = (
                    name
                    for schema in candidates
                    for field in schema.fields
                    for name in (field.name, *field.headers)
                )
                self.issue(f"{prefix}{header} → {target}", column=str(header), near=(str(target), names))
        if good or not headers:
            self.rules.append(Rule(files.strip(), chosen, tuple(good)))


def _titles(schema: Schema) -> tuple[str, ...]:
    return schema.title.zh, schema.title.en, schema.title.zh.partition("(")[0]


@cache
def _kind(text: str) -> str:
    wanted = normalise_header(text)
    for schema in of_sheets():
        if wanted and wanted in {normalise_header(name) for name in (schema.kind, *_titles(schema))}:
            return schema.kind
    return ""


def _field(schema: Schema, target: str) -> str:
    """Return the field that a normalised target names in ``schema``, or an empty text."""
    if target in schema.by_name:
        return target
    field = schema.by_header.get(target)
    return field.name if field else ""


def _near(text: str, names: Iterable[str]) -> str:
    if len(text) > _MEANT:
        return ""
    close = difflib.get_close_matches(text, list(dict.fromkeys(names)), n=3, cutoff=0.5)
    return f" ({' / '.join(close)}?)" if close else ""
