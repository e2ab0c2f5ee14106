"""The journey: exports and paste sheets -> archive -> figures -> the workbook, on the same file again and again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook import __version__
from opsbook.archive.archive_file import Archive, BookState
from opsbook.archive.foreign_files import Sieve
from opsbook.archive.receipts import Receipt
from opsbook.commands.workbook_inputs import Inputs, read_inputs
from opsbook.domain.errors import ArchiveError, BookError
from opsbook.domain.issues import Issue
from opsbook.domain.language import Language, Text
from opsbook.intake.clean_tables import Source, SourceReading
from opsbook.params import Settings
from opsbook.review.unresolved_issues import unresolved_issues
from opsbook.schemas import digest, schemas
from opsbook.support import atomic_files

if TYPE_CHECKING:
    from opsbook.backends.protocol import Book
    from opsbook.book.calculation import Calculation
    from opsbook.book.model import BookPlan
    from opsbook.intake.header_map import HeaderMap
    from opsbook.metrics.review import Review

Progress = Callable[[int, int, str], None]
BOUND = "ops.archive"  # defined name under which a workbook remembers its archive
SERIAL = "ops.archive_serial"  # and its state at the last refresh
READING = Text("读取", "Reading")
MERGING = Text("归档", "Archiving")
COMPUTING = Text("计算", "Computing")
WRITING = Text("写入工作簿", "Writing the workbook")


@dataclass(frozen=True)
class RefreshResult:
    """What a refresh did.

    Attributes:
        book: The workbook.
        archive: The archive file.
        language: Of the workbook.
        changed: Whether the workbook was written; False when nothing was new.
        receipts: What was taken in by this refresh.
        issues: Everything wrong with the present sources, settings and blocks.
        review: The figures, or None when nothing was new and nothing was computed.
        empty: Nothing was new, and the archive holds no row yet.
        upgraded: What was done to bring the workbook to the layout of this version, in one line.
    """

    book: Path
    archive: Path
    language: Language
    changed: bool
    receipts: tuple[Receipt, ...]
    issues: tuple[Issue, ...]
    review: Review | None
    empty: bool = False
    upgraded: Text | None = None

    @property
    def stopped(self) -> bool:
        """Whether an issue stopped a figure."""
        return any(issue.stops for issue in self.issues)


def refresh(
    book: Path,
    *,
    exports: Path | None = None,
    archive: Path | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
    host: Callable[[Path], Book] | None = None,
    readers: int | None = None,
    functions: Calculation | None = None,
) -> RefreshResult:
    """Take in what is new, compute every figure, write every block.

    Args:
        book: A workbook of ours.
        exports: Folder or zip of export files; by default ``exports`` beside the workbook, if there is one.
        archive: Archive file; by default the workbook's stem with ``.duckdb``, beside it.
        now: Time of the receipts.
        progress: Called with done, total and what is being done.
        host: Opens the workbook for writing; by default as a file, which no other program may have open.
        readers: Reading processes at most; None is one a processor, four at most.
        functions: How the workbook is to calculate its functions from now on; by default as it does.

    Raises:
        BookError: The workbook cannot be read or written, and is as it was. What was read and computed may be in the
            archive already; the next refresh writes it.
        ArchiveError: The archive cannot be used, and is as it was; so is the workbook.
    """
    from opsbook.intake import Limits, digests, read

    report = progress or (lambda _done, _total, _what: None)
    archive = archive or default_archive(book)
    with (host or _as_file)(book) as workbook:
        inputs = read_inputs(workbook, exports_folder(book, exports))
        sources, issues = find_sources(book, exports, inputs, archive)
        rules = rules_digest(inputs.maps)
        language = inputs.language

        if not archive.exists():
            with Archive.open(archive, for_writing=False) as none:
                check_bound(workbook, none)
        # Open from the first look to the last word: of two refreshes at once the second is refused, not mixed in.
        with Archive.open(archive, for_writing=True) as opened:
            check_bound(workbook, opened)
            atomic_files.clear(archive)
            atomic_files.clear(book.resolve())
            known, state = opened.known(rules), opened.book_state(book.name)
            found = digests(sources) if known or state else [""] * len(sources)
            as_before = (
                state is not None and state.digest == workbook.digest and _calculates(workbook, functions)
            )
            if state is not None and as_before:  # its paste sheets are as they were
                told = [
                    (source.name, at) for source, at in zip(sources, found, strict=True) if not source.sheet
                ]
                # The mark names every file that was read, those that were held back as another store's among them.
                if state.inputs == _inputs_mark(told, inputs, rules, opened.serial):
                    report(0, len(told), READING[language])
                    empty = not any(map(opened.rows, schemas()))
                    return RefreshResult(book, archive, language, False, (), state.issues, None, empty)

            report(0, len(sources), READING[language])
            what = READING[language]
            readings = read(
                sources,
                inputs.maps,
                known=known,
                found=found,
                limits=Limits(workers=readers),
                progress=lambda done, total, name: report(done, total, f"{what} {name}"),
            )
            seen: list[SourceReading] = []
            before = opened.serial
            # Figures come before the rows are kept for good: whatever fails on the way, the archive is as it was.
            with opened.transaction():
                sieve = Sieve(opened.prints)
                new = _new(readings, known, seen, lambda: report(0, 1, MERGING[language]))
                receipts = opened.take_in(
                    let_go(sieve.through(new)),
                    rules=rules,
                    taken_at=now or datetime.now().astimezone().replace(tzinfo=None, microsecond=0),
                )
                issues += [issue for reading in seen for issue in _issues(reading, known)]
                issues += opened.replaced
                issues += [*sieve.issues, *inputs.issues, *older_copy(workbook, archive, before)]
                # After the sources were read, which are where they were in the file; before the tables are.
                upgraded = workbook.upgrade()
                issues += upgraded.issues if upgraded else ()
                report(0, 1, COMPUTING[language])
                review, computed = compute(opened, inputs.settings, language)
                issues += computed
                plan = _composed(review, inputs, opened.receipts(), issues)
            report(0, 1, WRITING[language])
            workbook.define(BOUND, f'"{opened.id}"')
            workbook.define(SERIAL, str(opened.serial))
            issues += _write(workbook, plan, functions, upgraded.failed if upgraded else ())
            files_read = [
                (reading.source.name, reading.digest) for reading in seen if not reading.source.sheet
            ]
            mark = _inputs_mark(files_read, inputs, rules, opened.serial, year=review.pinned)
            opened.keep_book_state(book.name, BookState(workbook.digest, mark, tuple(issues)))
    line = upgraded.line if upgraded else None
    return RefreshResult(book, archive, language, True, tuple(receipts), tuple(issues), review, upgraded=line)


def _as_file(book: Path) -> Book:
    from opsbook.backends.ooxml.file_workbook import Workbook  # only when there is work

    return Workbook.open(book, for_writing=True)


def _composed(review: Review, inputs: Inputs, receipts: list[Receipt], issues: list[Issue]) -> BookPlan:
    from opsbook.book.compose import compose
    from opsbook.plan.annual_plan import plan as make_plan

    return compose(
        review,
        inputs.settings,
        receipts=receipts,
        issues=issues,
        demo=inputs.demo,
        standing=inputs.standing,
        plan=make_plan(review, inputs.settings, inputs.standing, inputs.plan_year),
    )


def _calculates(workbook: Book, functions: Calculation | None) -> bool:
    """Return whether the workbook calculates its functions in the way asked for; False where it has to be switched.

    Raises:
        BookError: It has macros that bring functions of the same names.
    """
    from opsbook.book.calculation import MACROS, calculation

    names = workbook.names()
    if functions == "lambda" and (MACROS in names or calculation(names) == "python"):
        raise BookError(
            Text(
                f"{workbook.path.name}：宏已带有同名函数，不能再加 LAMBDA 名称；请用 --functions inline。",
                f"{workbook.path.name}: its macros bring functions of the same names, so LAMBDA names cannot be added; "
                "use --functions inline.",
            )
        )
    return functions is None or functions == calculation(names)


def _write(
    workbook: Book, plan: BookPlan, functions: Calculation | None, failed: Collection[str]
) -> list[Issue]:
    from opsbook.backends.apply import apply
    from opsbook.book.calculation import calculated, calculation

    names = workbook.names()
    found = apply(workbook, calculated(plan, functions or calculation(names), present=names), failed)
    workbook.save()
    return found


def compute(archive: Archive, settings: Settings, language: Language) -> tuple[Review, list[Issue]]:
    """Return every figure, and what is to be said of them as a whole.

    That is what could not be computed, that newer data exist, and which kinds of export the archive has nothing of.
    """
    from opsbook.metrics.catalogue import metrics
    from opsbook.metrics.compute_review import review  # loads pandas

    known = {kind for kind in schemas() if archive.rows(kind)}
    waiting: dict[str, list[str]] = {}
    for metric in metrics().values():
        if not known & set(metric.needs):
            waiting.setdefault(metric.needs[0], []).append(metric.title[language])
    notes = [
        Issue("figure.no_source", value=schemas()[kind].title[language], detail="、".join(titles))
        for kind, titles in waiting.items()
        if kind in schemas()
    ]
    found = review(archive, settings)
    if found.failed:
        kinds = ", ".join(sorted(set(found.failed.values())))
        notes.append(Issue("figure.not_computed", value=found.failed_titles, detail=kinds))
    for kind, spans in found.unused.items():
        shown = ", ".join(each.label for each in spans[:3]) + (" …" if len(spans) > 3 else "")
        notes.append(
            Issue("figure.unused_period", value=shown, detail=schemas()[kind].title, times=len(spans))
        )
    if found.as_of and found.as_of.year > found.year:
        notes.append(Issue("review.newer_data", value=found.as_of.isoformat(), detail=str(found.year)))
    return found, [*unresolved_issues(found.unresolved), *notes]


def older_copy(workbook: Book, archive: Path, serial: int) -> list[Issue]:
    """Return a warning where the archive lacks changes that the workbook was filled from: it is a restored copy.

    Args:
        workbook: It remembers the archive's serial of its last refresh.
        archive: The archive file.
        serial: Of the archive as it was found.
    """
    seen = workbook.names().get(SERIAL, "")
    if not seen.isdigit() or serial >= int(seen):
        return []
    return [Issue("archive.older", file=archive.name, value=str(serial), detail=seen)]


def check_bound(workbook: Book, opened: Archive) -> None:
    """Make sure that the archive is the one this workbook was filled from: the data live there, not in the workbook.

    Raises:
        ArchiveError: It is missing, or another store's.
    """
    bound = workbook.names().get(BOUND, "").strip('"')
    if not bound:
        return
    book, archive = workbook.path.name, opened.path
    if not archive.exists():
        raise ArchiveError(
            Text(
                f"找不到工作簿 {book} 的归档 {archive}，以往的数据都在归档里。若改过名或移动过，请把归档放回原处、改成同名，"
                "或用 --archive 指出；若要从头开始，请用 opsbook new 新建工作簿。",
                f"The archive {archive} of {book} is missing, and it holds all data taken in so far. If it was renamed "
                "or moved, put it back, give it the workbook's name, or name it with --archive; to start anew, make a "
                "workbook with opsbook new.",
            )
        )
    if opened.id != bound:
        raise ArchiveError(
            Text(
                f"归档 {archive.name} 不是工作簿 {book} 的归档，合并会混淆两家店铺的数据：未做任何改动。"
                "请用 --archive 指出正确的归档。",
                f"{archive.name} is not the archive of {book}; taking in would mix the data of two stores. "
                "Nothing was changed: name the right one with --archive.",
            )
        )


def default_archive(book: Path) -> Path:
    """Return where the archive of a workbook stands when nothing else is said."""
    return book.with_suffix(".duckdb")


def exports_folder(book: Path, given: Path | None) -> Path | None:
    """Return the folder of exports, or None where there is none.

    Raises:
        OpsbookError: What was named does not exist, or is neither a folder nor a zip.
    """
    from opsbook.domain.errors import OpsbookError

    if given is not None and not given.exists():
        raise OpsbookError(Text(f"找不到导出文件夹：{given}", f"There is no folder of exports at {given}"))
    if given is not None and not given.is_dir() and given.suffix.lower() != ".zip":
        raise OpsbookError(
            Text(
                f"{given} 不是文件夹：请给出存放导出文件的文件夹，或一个 .zip。",
                f"{given} is not a folder: name the folder that holds the exports, or a .zip of them.",
            )
        )
    folder = given or book.parent / "exports"
    return folder if folder.exists() else None


def find_sources(
    book: Path, exports: Path | None, inputs: Inputs, archive: Path
) -> tuple[list[Source], list[Issue]]:
    """Return everything to read: files of the folder in order of name, then the paste sheets."""
    from opsbook.intake.export_files import find

    folder = exports_folder(book, exports)
    found, issues = find([folder]) if folder else ([], [])
    own = {book.resolve(), archive.resolve()}
    files = [source for source in found if source.path.resolve() not in own]
    return [*files, *inputs.pasted], issues


def rules_digest(maps: HeaderMap) -> str:
    """Return a digest of the rules under which content is read; when it changes, everything is read again."""
    text = f"{__version__}\n{maps.digest}\n{digest()}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


Known = Mapping[tuple[str, str], tuple[Issue, ...]]


def _new(
    readings: Iterable[SourceReading], known: Known, seen: list[SourceReading], done: Callable[[], None]
) -> Iterator[SourceReading]:
    """Yield what the archive does not know; note every reading in ``seen``."""
    for reading in readings:
        seen.append(reading)
        if _key(reading) not in known:
            yield reading
    done()


def let_go(readings: Iterable[SourceReading]) -> Iterator[SourceReading]:
    """Yield the readings, and let their rows go once they are taken in."""
    for reading in readings:
        yield reading
        reading.tables = []


def _key(reading: SourceReading) -> tuple[str, str]:
    return reading.digest, reading.source.name


def _issues(reading: SourceReading, known: Known) -> tuple[Issue, ...]:
    return known.get(_key(reading)) or tuple(reading.issues)


def _inputs_mark(
    given: Iterable[tuple[str, str]], inputs: Inputs, rules: str, serial: int, *, year: int | None = None
) -> str:
    """Return a digest of everything besides the workbook itself that decides what stands in it.

    Args:
        given: Name and digest of every file.
        inputs: What the workbook says.
        rules: Digest of the rules of reading.
        serial: The archive's: another workbook may have brought rows, or a refresh that was ended between archive
            and workbook, and the file they came from may be gone.
        year: Under review, as the workbook remembers it from now on; None for what the settings say.
    """
    settings = replace(inputs.settings, year=year or inputs.settings.year)
    facts = (sorted(given), settings, inputs.issues, rules, serial, __version__)
    return hashlib.sha256(repr(facts).encode()).hexdigest()
