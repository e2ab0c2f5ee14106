"""OpsBook's functions and buttons inside other programs: VBA, xlwings, LibreOffice."""
