"""Many stores on a Dask cluster of this machine alone: its workers are real processes, and one is killed."""

import os
import signal
import subprocess
import sys
import time

import pytest

from opsbook.domain.errors import OpsbookError
from opsbook.fleet import task_runner
from opsbook.fleet.store_list import Store
from opsbook.fleet.store_task import StoreState

pytestmark = pytest.mark.skipif(
    not os.environ.get("OPSBOOK_CLUSTER"), reason="a Dask cluster takes time: set OPSBOOK_CLUSTER=1 (CI does)"
)


@pytest.fixture
def cluster(tmp_path):
    """Return the address of a scheduler and its two workers, on loopback only."""
    pytest.importorskip("distributed")
    address = tmp_path / "scheduler.json"
    local = ["--scheduler-file", str(address)]
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *local], **quiet
    )
    deadline = time.monotonic() + 60
    while not address.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    worker = ["worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--no-nanny", *local]
    workers = [subprocess.Popen([*dask, *worker], **quiet) for _ in range(2)]
    import json

    yield json.loads(address.read_text())["address"], workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def test_a_worker_that_is_killed_costs_no_store(tmp_path, cluster):
    address, workers = cluster
    assert address.startswith("tcp://127.0.0.1:")
    first = tmp_path / "0.xlsx"
    subprocess.run(
        [sys.executable, "-m", "opsbook", "new", first, "--lang", "en"], check=True, stdout=subprocess.DEVNULL
    )
    stores = []
    for number in range(8):
        book = tmp_path / f"{number}.xlsx"
        book.write_bytes(first.read_bytes())
        exports = tmp_path / f"exports{number}"
        exports.mkdir()
        text = f"统计日期,店铺访问人数,询盘个数\n2026-01,{1000 + number},60\n"
        (exports / "overview.csv").write_text(text, encoding="utf-8")
        stores.append(Store(str(number), book, exports))
    outcomes = []
    for outcome in task_runner.on_cluster(stores, address):
        outcomes.append(outcome)
        if len(outcomes) == 2:
            workers[0].send_signal(signal.SIGKILL)
    assert workers[0].wait(10) == -signal.SIGKILL
    states = {outcome.store.name: outcome.state for outcome in outcomes}
    assert states.keys() == {store.name for store in stores}
    # A store whose worker was killed after its save and before its answer is tried again, and nothing is new.
    assert set(states.values()) <= {StoreState.DONE, StoreState.UNCHANGED}
    visitors = {
        outcome.store.name: row["value"]
        for outcome in outcomes
        for row in outcome.headline
        if row["metric"] == "visitors"
    }
    assert visitors == {str(number): 1000.0 + number for number in range(8)}


def test_a_scheduler_that_is_not_there_is_a_sentence(tmp_path):
    pytest.importorskip("distributed")
    with pytest.raises(OpsbookError, match="no Dask scheduler at tcp://127.0.0.1:9"):
        list(task_runner.on_cluster([Store("a", tmp_path / "a.xlsx")], "tcp://127.0.0.1:9"))
