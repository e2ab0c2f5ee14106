"""Refreshes that are to be killed: everything is loaded once, and each is a fork that costs only its own work.

Reads a line of JSON for each refresh and prints its process id, then how it ended. ``at`` ends the process by
itself before the so-and-so-many-th of its own changes to the folder, as a power cut would.
"""

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

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
    """Refresh in this process and end it: 0 written, 1 nothing new, 2 refused."""
    from opsbook.errors import OpsbookError
    from opsbook.refresh import refresh

    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    book = Path(order["book"])
    if order.get("at"):
        cut(str(book.parent), order["at"])
    try:
        result = refresh(book, now=datetime.fromisoformat(order["now"]))
    except OpsbookError as error:
        print(error.message("zh"), error.message("en"), sep="\n", file=sys.stderr, flush=True)
        os._exit(2)
    os._exit(0 if result.changed else 1)


def main():
    import duckdb  # noqa: F401
    import pandas as pd  # noqa: F401

    import opsbook.book.compose
    import opsbook.hosts.package.workbook
    import opsbook.intake.pool
    import opsbook.metrics.compute  # noqa: F401

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
