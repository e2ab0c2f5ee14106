"""The same as ``opsbook_udfs``, with help and words in English."""

from opsbook.hosts.udfs.en import *  # noqa: F403
