"""The same as ``opsbook_udfs``, with help and words in English."""

from opsbook.integrations.xlwings_udfs.en import *  # noqa: F403
