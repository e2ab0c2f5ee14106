"""Refreshes that are to be killed: everything is loaded once, and each is a fork that costs only its own work.

Reads a line of JSON for each refresh and prints its process id, then how it ended. ``at`` ends the process by
itself before the so-and-so-many-th of its own changes to the folder; ``call`` lets calls.c, where it is loaded, do
to the so-and-so-many-th call of the C library what ``fault`` says.
"""

import ctypes
import json
import os
import signal
import sys
import traceback
from datetime import datetime
from pathlib import Path

FAULTS = ["off", "kill", "power", "full", "once"]  # as in calls.c
CHANGES = {"os.rename", "os.remove", "os.link", "os.chmod", "os.mkdir", "os.utime"}


def changes(event, arguments, folder):
    """Whether an event of the interpreter is a change to a file of the folder."""
    if event == "open":
        path, _, flags = arguments
        return isinstance(path, str) and path.startswith(folder) and flags & (os.O_WRONLY | os.O_RDWR)
    return event in CHANGES and str(os.fspath(arguments[0])).startswith(folder)


def cut(folder, at):
    """End this process before its ``at``-th change."""
    done = 0

    def hook(event, arguments):
        nonlocal done
        if changes(event, arguments, folder):
            done += 1
            if done == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def refresh_and_leave(order):
    """Refresh in this process and end it: 0 written, 1 nothing new, 2 refused, 3 a fault of ours."""
    from opsbook.commands.refresh import refresh
    from opsbook.domain.errors import OpsbookError

    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    book = Path(order["book"])
    if order.get("at"):
        cut(str(book.parent), order["at"])
    if order.get("fault"):
        ctypes.CDLL(None).arm(FAULTS.index(order["fault"]), order["call"], os.fsencode(book.parent))
    try:
        result = refresh(book, now=datetime.fromisoformat(order["now"]))
    except OpsbookError as error:
        print(error.message("zh"), error.message("en"), sep="\n", file=sys.stderr, flush=True)
        os._exit(2)
    except BaseException:  # noqa: BLE001 - it must not go on as the parent
        traceback.print_exc()
        os._exit(3)
    if order.get("count"):
        Path(order["count"]).write_text(str(ctypes.CDLL(None).calls()))
    os._exit(0 if result.changed else 1)


def main():
    import duckdb  # noqa: F401
    import pandas as pd  # noqa: F401

    import opsbook.backends.ooxml.file_workbook
    import opsbook.book.compose
    import opsbook.intake.process_pool
    import opsbook.metrics.compute_review  # noqa: F401

    print("ready", flush=True)
    for line in sys.stdin:
        process = os.fork()
        if not process:
            refresh_and_leave(json.loads(line))
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
