"""OpsBook's functions for a workbook of your own: ``PYTHONPATH`` = this folder, ``UDF MODULES`` = ``opsbook_udfs``.

Where OpsBook is installed in the Python that xlwings runs, no ``PYTHONPATH`` is needed: ``UDF MODULES`` =
``opsbook.integrations.xlwings_udfs.zh`` (Chinese help) or ``opsbook.hosts.udfs.en``.

The functions are those of ``opsbook.functions``; their names, arguments and help stand in its ``declared`` files.
With xlwings' own "Import Functions" an error arrives as its text (``#N/A``); in ``opsbook.xlsm`` and with the add-in
``opsbook.xlam`` it is a true Excel error.
"""

from opsbook.integrations.xlwings_udfs.zh import *  # noqa: F403
