"""What each command does: refresh, check, forget, rollover, and the buttons of a workbook in Excel."""
