"""The UDFs in English, under their name of version 0.1."""

from opsbook.integrations.xlwings_udfs.en import *  # noqa: F403

__file__ = ""  # as in the module itself: xlwings would look for edits before each call
