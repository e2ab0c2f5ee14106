"""Takes a file or paste that was taken in by mistake out of the archive again.

A row remembers the receipt that brought it last. Such rows go; what they had replaced, or what another file brought
too, is had again by reading those other files once more: the next refresh does so, as far as they are there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from opsbook.archive.archive_file import Archive
from opsbook.archive.receipts import Receipt
from opsbook.commands.refresh import check_bound, default_archive, exports_folder, find_sources
from opsbook.commands.workbook_inputs import Inputs, read_inputs
from opsbook.domain.errors import ArchiveError, OpsbookError
from opsbook.domain.language import Language, Text
from opsbook.intake.clean_tables import Source
from opsbook.schemas import PeriodRule, schemas
from opsbook.support import atomic_files

_NAMED = 10  # so many files are named in a message


@dataclass(frozen=True)
class Forgotten:
    """What was taken back.

    Attributes:
        receipts: Of the tables that are forgotten.
        rows: How many rows left the archive.
        absent: Files whose rows may be lacking now, and which are not there to be read again.
        backup: The archive as it was.
    """

    receipts: tuple[Receipt, ...]
    rows: int
    absent: tuple[str, ...]
    backup: Path

    def as_document(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {**asdict(self), "receipts": [each.id for each in self.receipts]}

    def lines(self, language: Language) -> list[str]:
        """Return it for people."""
        names, tables = _listed([each.file for each in self.receipts]), len(self.receipts)
        told = [
            Text(
                f"已收回 {names[0]}（{tables} 张表）：归档减少 {self.rows:,} 行；收回前的归档存为 {self.backup.name}。",
                f"Taken back: {names[1]} ({tables} tables), {self.rows:,} rows; the archive as it was is kept as {self.backup.name}.",
            )
        ]
        if self.absent:
            gone = _listed(self.absent)
            told.append(
                Text(
                    f"收回的内容可能替换过其他文件的行，或与它们相同，而这些文件已不在导出文件夹里：{gone[0]}。把它们放回去再刷新，这些行就会补全。",
                    "What was taken back may have replaced rows of other files, or brought the same ones, and these files are not "
                    f"among the exports any more: {gone[1]}. Put them back and refresh to have those rows again.",
                )
            )
        return [each[language] for each in told]


def forget(
    book: Path, names: Sequence[str], *, exports: Path | None = None, archive: Path | None = None
) -> Forgotten:
    """Take back what files or pasted tables brought into the archive. A refresh is due afterwards.

    Args:
        book: A workbook of ours.
        names: Files as the sheet of receipts names them, a zip for all that is in it; or numbers of receipts.
        exports: As for a refresh.
        archive: As for a refresh.

    Raises:
        BookError: The workbook cannot be written by the refresh to come.
        ArchiveError: The archive cannot be used, or is not this workbook's.
        OpsbookError: There is no such receipt, or what it names is still there and would be taken in again.
    """
    from opsbook.backends.ooxml.file_workbook import Workbook

    archive = archive or default_archive(book)
    with Workbook.open(book, for_writing=True) as workbook:
        if not archive.exists():
            with Archive.open(archive, for_writing=False) as none:
                check_bound(workbook, none)
            raise ArchiveError(_nothing(names[0]))
        inputs = read_inputs(workbook, exports_folder(book, exports))
        sources, _ = find_sources(book, exports, inputs, archive)
        with Archive.open(archive, for_writing=True) as opened:
            check_bound(workbook, opened)
            atomic_files.clear(archive)
            every = opened.receipts()
            chosen = _chosen(every, names, book)
            there = _there(sources, inputs, pasted=any(each.file == book.name for each in every))
            _check_gone(chosen, there)
            others = [each for each in every if each not in chosen and _touched(each, chosen)]
            backup = opened.back_up()
            rows = opened.take_back(chosen, read_again={each.digest for each in others})
    absent = [
        f"{each.file} · {each.sheet}" if each.file == book.name else each.file
        for each in others
        if each.digest not in there
    ]
    return Forgotten(tuple(chosen), rows, tuple(dict.fromkeys(absent)), backup)


def _chosen(every: Sequence[Receipt], names: Sequence[str], book: Path) -> list[Receipt]:
    """Return the receipts that are meant; the same table read twice has two, and both are."""
    chosen: list[Receipt] = []
    for name in names:
        plain = name.replace("\\", "/").removeprefix("./").removeprefix("exports/")
        found = [
            each
            for each in every
            if (
                each.sheet == name
                if each.file == book.name
                else each.file == plain or each.file.startswith(f"{plain}!")
            )
        ]
        _check_one(name, found)
        numbered = [each for each in every if str(each.id) == name]
        if not found and numbered:
            found = [each for each in every if _table(each) == _table(numbered[0])]
        if not found:
            raise OpsbookError(_nothing(name))
        chosen += [each for each in found if each not in chosen]
    return chosen


def _check_one(name: str, found: Sequence[Receipt]) -> None:
    """Refuse a name under which the archive took in different contents: which of them was the mistake?"""
    contents: dict[tuple[str, str], dict[str, Receipt]] = {}
    for each in found:  # the newest first
        contents.setdefault((each.file, each.sheet), {}).setdefault(each.digest, each)
    several = [each for found in contents.values() if len(found) > 1 for each in found.values()]
    if several:
        zh = "、".join(f"{each.id}（{each.taken_at:%Y-%m-%d %H:%M}）" for each in several[:_NAMED])
        en = ", ".join(f"{each.id} ({each.taken_at:%Y-%m-%d %H:%M})" for each in several[:_NAMED])
        raise OpsbookError(
            Text(
                f"{name} 读入过不同的内容，编号（与时间）：{zh}。请写要收回的那个编号，不写文件名。未做任何改动。",
                f"{name} was taken in with different contents, numbers (and times): {en}. Give the number of the one to take back "
                "in place of the name. Nothing was changed.",
            )
        )


def _table(receipt: Receipt) -> tuple[str, ...]:
    return receipt.file, receipt.sheet, receipt.kind, receipt.digest


def _there(sources: Sequence[Source], inputs: Inputs, *, pasted: bool) -> dict[str, str]:
    """Return the names of what a refresh would read now, by digest; pasted tables only where there ever were any."""
    from opsbook.intake import digests, read

    dropped = [source for source in sources if not source.sheet]
    found = dict(zip(digests(dropped), (source.name for source in dropped), strict=True))
    if pasted:
        found |= {reading.digest: reading.source.sheet for reading in read(inputs.pasted, inputs.maps)}
    return found


def _check_gone(chosen: Collection[Receipt], there: dict[str, str]) -> None:
    still = [there[each.digest] for each in chosen if each.digest in there]
    if still:
        names = _listed(still)
        raise OpsbookError(
            Text(
                f"{names[0]} 还在导出文件夹（或粘贴表）里，收回后下次刷新又会收进来：请先移走文件、清空粘贴表，再收回。未做任何改动。",
                f"{names[1]}: still among the exports, or pasted, and the next refresh would take it in again. Move the file "
                "away or clear the paste sheet first. Nothing was changed.",
            )
        )


def _touched(other: Receipt, chosen: Collection[Receipt]) -> bool:
    """Return whether a table may lack rows: what is forgotten replaced them, or they were the same and not its own.

    A newer state of an order, of a period's file or of a table that the team keeps also drops rows that it does not
    have: no receipt counts these.
    """
    schema = schemas().get(other.kind)
    whole = schema is not None and bool(
        schema.unit or schema.kept or schema.identity or schema.period is PeriodRule.FILE
    )
    # An event is the same one whatever its day.
    dateless = schema is None or schema.period is PeriodRule.EVENT
    return any(
        other.kind == each.kind
        and (dateless or _overlap(other, each))
        and (whole or other.unchanged > 0 or (each.replaced > 0 and other.id < each.id))
        for each in chosen
    )


def _overlap(one: Receipt, other: Receipt) -> bool:
    return all(
        first.period.partition("~")[0] <= second.period.partition("~")[2]
        for first, second in ((one, other), (other, one))
    )


def _nothing(name: str) -> Text:
    return Text(
        f"归档里没有 {name} 的读入记录：请按「刷新记录」表写文件名，或写它第一列的编号。",
        f"The archive has no receipt of {name}: give a file name as on the sheet Receipts, or the number in its first column.",
    )


def _listed(names: Sequence[str]) -> tuple[str, str]:
    """Return names in a Chinese and in an English sentence."""
    every = list(dict.fromkeys(names))
    shown, more = every[:_NAMED], len(every) - _NAMED
    return (
        "、".join(shown) + (f" 等 {len(every)} 个" if more > 0 else ""),
        ", ".join(shown) + (f" and {more} more" if more > 0 else ""),
    )
