"""The UDFs with help and words in Chinese; the module that the workbook's VBA names in its calls."""

from opsbook.integrations.xlwings_udfs import bind

_FUNCTIONS = bind("zh")
__all__ = sorted(_FUNCTIONS)  # noqa: PLE0605  # the registry knows the names
globals().update(_FUNCTIONS)
# Before each call xlwings looks whether the module's file was edited. Nobody edits this one: no file, no look.
__file__ = ""
