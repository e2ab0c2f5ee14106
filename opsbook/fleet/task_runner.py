"""Running the tasks: in processes of this machine, or on a Dask cluster, which does its own scheduling and retries."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING

import psutil

from opsbook.domain.errors import OpsbookError
from opsbook.domain.language import Text
from opsbook.fleet.store_task import StoreOutcome, StoreState, refresh_store

if TYPE_CHECKING:
    from opsbook.fleet.store_list import Store

_STORES_A_PROCESS = 25  # then a fresh one: what the libraries keep does not pile up
_SHARE = 0.8  # of this machine's memory that all stores together may take
_LEAST = 512 << 20  # bytes that each may take in any case
_LOOK = 0.1  # seconds between two looks at the memory
_TRIES = 2  # times that a cluster may try a store again when its worker is lost


def locally(stores: Sequence[Store], jobs: int | None = None) -> Iterator[StoreOutcome]:
    """Yield the outcome of every store as it is done; each in a process that may end without harm to the others.

    Args:
        stores: What to refresh.
        jobs: Stores side by side; None is one a processor, fewer where memory is scarce.
    """
    jobs = min(jobs or _room(), len(stores))
    limit = max(_LEAST, int(psutil.virtual_memory().total * _SHARE / jobs))
    waiting: queue.SimpleQueue[Store | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[StoreOutcome | BaseException] = queue.SimpleQueue()
    for store in stores:
        waiting.put(store)
    stop = threading.Event()
    lanes = [
        threading.Thread(
            target=_lane, args=(waiting, done, limit, stop, jobs), name="opsbook-fleet", daemon=True
        )
        for _ in range(jobs)
    ]
    for lane in lanes:
        waiting.put(None)
        lane.start()
    try:
        for _ in stores:
            answer = done.get()
            if isinstance(answer, BaseException):
                raise answer
            yield answer
    finally:
        stop.set()
        for lane in lanes:
            lane.join()


def _room() -> int:
    """Return how many stores fit side by side: a processor and a gigabyte each."""
    return max(1, min(os.cpu_count() or 1, psutil.virtual_memory().total * 8 // 10 >> 30))


def _lane(
    waiting: queue.SimpleQueue[Store | None],
    done: queue.SimpleQueue[StoreOutcome | BaseException],
    limit: int,
    stop: threading.Event,
    jobs: int,
) -> None:
    """Refresh stores one after another, in a process of this lane's own: one that breaks breaks no other's."""
    readers = None if jobs == 1 else 1
    pool: ProcessPoolExecutor | None = None
    try:
        while not stop.is_set() and (store := waiting.get()) is not None:
            start = time.monotonic()
            pool = pool or ProcessPoolExecutor(
                1,
                get_context("spawn"),
                initializer=_begin,
                initargs=(limit,),
                max_tasks_per_child=_STORES_A_PROCESS,
            )
            try:
                done.put(pool.submit(refresh_store, store, readers).result())
            except BrokenProcessPool:
                pool.shutdown()
                pool = None
                done.put(StoreOutcome(store, StoreState.FAILED, time.monotonic() - start, _ended(limit)))
    except BaseException as error:  # noqa: BLE001 - the caller's thread raises it
        done.put(error)
    finally:
        if pool:
            pool.shutdown()


def _ended(limit: int) -> Text:
    size = f"{limit / (1 << 30):.1f} GiB"
    return Text(
        f"该店的进程意外结束（内存超过 {size}，或被系统终止），归档和工作簿都是完整的：可用 --jobs 1 单独重试。",
        f"The store's process ended (it took more than {size} of memory, or the system ended it); archive and workbook "
        "are whole: try again with --jobs 1.",
    )


def _begin(limit: int) -> None:
    """Prepare a store's process: it ends itself when it takes too much memory, or when its parent is gone.

    Ctrl-C is the parent's: the stores under way are finished, no other is begun.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    me, parent = psutil.Process(), os.getppid()

    def watch() -> None:
        while True:
            time.sleep(_LOOK)
            if me.memory_info().rss > limit or (os.name != "nt" and os.getppid() != parent):
                os._exit(1)

    threading.Thread(target=watch, name="opsbook-memory", daemon=True).start()


def on_cluster(stores: Sequence[Store], address: str) -> Iterator[StoreOutcome]:
    """Yield the outcome of every store as it is done on a Dask cluster.

    The cluster's workers must have OpsBook installed and see the files under the same paths.

    Args:
        stores: What to refresh.
        address: Of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises:
        OpsbookError: Dask is not installed, or there is no scheduler at that address.
    """
    try:
        from distributed import Client, as_completed  # optional
    except ImportError as error:
        raise OpsbookError(
            Text(
                "使用 --scheduler 需要 Dask：pip install 'opsbook[fleet]'。",
                "--scheduler needs Dask: pip install 'opsbook[fleet]'.",
            )
        ) from error
    try:
        client = Client(address, timeout=10)
    except (OSError, TimeoutError, ValueError) as error:
        raise OpsbookError(
            Text(
                f"连接不上 Dask 调度器 {address}：请检查地址，并先运行 dask scheduler。",
                f"There is no Dask scheduler at {address}: check the address, and start it with dask scheduler.",
            )
        ) from error
    with client:
        futures = {
            client.submit(refresh_store, store, 1, pure=False, retries=_TRIES): store for store in stores
        }
        for future in as_completed(list(futures)):
            fault = future.exception()
            if fault is None:
                yield future.result()
            else:  # a worker that is lost again and again
                what = type(fault).__name__
                said = Text(f"集群上的任务失败（{what}）。", f"The cluster gave the task up ({what}).")
                yield StoreOutcome(futures[future], StoreState.FAILED, error=said)
