"""The UDFs in Chinese, under their name of version 0.1."""

from opsbook.integrations.xlwings_udfs.zh import *  # noqa: F403

__file__ = ""  # as in the module itself: xlwings would look for edits before each call
