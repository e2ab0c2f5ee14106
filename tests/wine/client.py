"""On Windows: does a list of calls as the VBA of `OpsBookCalls` does them, and writes what came back.

Run with the class and two files: ``python client.py CLSID CALLS RESULTS``. Each line of CALLS is the JSON of
``[module, function, arguments]`` or ``[module, function, arguments, times]``; each line of RESULTS is what came back,
and after ``times`` the seconds of each call too.
"""

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

from automation import Server


def main(clsid, calls, results):
    server = Server(clsid)
    with Path(calls).open(encoding="utf-8") as stream, Path(results).open("w", encoding="utf-8") as out:
        for line in stream:
            module, function, arguments, *times = json.loads(line)
            told, seconds = server.call(module, function, arguments, *times)
            out.write(json.dumps([told, seconds] if times else told) + "\n")
    server.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
