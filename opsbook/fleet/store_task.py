"""What is done for one store, wherever it is done: in a process of this machine or on a worker of a cluster."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from opsbook.domain.errors import OpsbookError, system_fault
from opsbook.domain.language import Text

if TYPE_CHECKING:
    from opsbook.fleet.store_list import Store


class StoreState(StrEnum):
    """How a store's refresh ended."""

    DONE = "done"
    UNCHANGED = "unchanged"  # nothing new: the workbook was left as it is
    ISSUES = "issues"  # done, but data issues stopped a figure
    FAILED = "failed"


@dataclass(frozen=True)
class StoreOutcome:
    """One store after its refresh.

    Attributes:
        store: Which.
        state: How it ended.
        seconds: How long it took.
        error: Why it failed, or its gravest issue; None when there is nothing to say.
        issues: How many issues stopped a figure.
        year: Under review; None without data.
        as_of: Last day of the data, ISO; empty without data.
        headline: Rows of `report.headline_rows`.
    """

    store: Store
    state: StoreState
    seconds: float = 0.0
    error: Text | None = None
    issues: int = 0
    year: int | None = None
    as_of: str = ""
    headline: tuple[dict[str, Any], ...] = ()


def refresh_store(store: Store, readers: int | None = None) -> StoreOutcome:
    """Refresh one store's workbook; whatever stops it is told, never raised.

    Args:
        store: Which.
        readers: Reading processes at most.
    """
    start = time.monotonic()
    try:
        return _refreshed(store, readers, start)
    except OpsbookError as error:
        said = error.text
    except OSError as error:
        said = system_fault(error)
    except MemoryError:
        said = Text("内存不足。", "There was not enough memory.")
    except Exception as error:  # noqa: BLE001 - one store must not stop the others
        what = type(error).__name__  # its words may quote a cell
        said = Text(
            f"OpsBook 内部出错（{what}）：请单独运行 opsbook refresh 查看详情。",
            f"OpsBook failed ({what}): run opsbook refresh for this store alone for the details.",
        )
    return StoreOutcome(store, StoreState.FAILED, time.monotonic() - start, said)


def _refreshed(store: Store, readers: int | None, start: float) -> StoreOutcome:
    from opsbook.commands import refresh_report  # a cluster's client needs none of it
    from opsbook.commands.refresh import refresh

    if not store.book.is_file():
        raise OpsbookError(
            Text(
                f"找不到工作簿 {store.book}：请检查路径，或用 opsbook new 新建。",
                f"There is no workbook {store.book}: check the path, or make it with opsbook new.",
            )
        )
    result = refresh(store.book, exports=store.exports, archive=store.archive, readers=readers)
    review = result.review or refresh_report.reviewed(store.book, store.archive)[0]
    stopping = [issue for issue in refresh_report.worst_first(result.issues) if issue.stops]
    worst = stopping[0] if stopping else None
    state = StoreState.DONE if result.changed else StoreState.UNCHANGED
    return StoreOutcome(
        store,
        StoreState.ISSUES if worst else state,
        time.monotonic() - start,
        Text(refresh_report.issue_line(worst, "zh"), refresh_report.issue_line(worst, "en"))
        if worst
        else None,
        len(stopping),
        review.year if review and review.as_of else None,
        review.until.isoformat() if review and review.until else "",
        tuple(refresh_report.headline_rows(review)) if review and review.as_of else (),
    )
