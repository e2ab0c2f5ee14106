"""The buttons, under the name that workbooks of version 0.1 call them by."""

from opsbook.commands.excel_buttons import check, doctor, freeze, refresh

__all__ = ["check", "doctor", "freeze", "refresh"]
