"""On Windows: xlwings' own COM server with a class of our own, as Excel's VBA reaches it.

Run with the class and folders of further modules: ``python server.py CLSID [FOLDER...]``.
"""

import sys

sys.path += sys.argv[2:]

from xlwings import com_server

com_server.serve(sys.argv[1])
