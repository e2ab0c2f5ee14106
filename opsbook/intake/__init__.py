"""Intake: finds exports, recognises them by their headers, cleans every cell, says what is wrong with it."""

from opsbook.intake.clean_tables import CleanTable, Source, SourceReading
from opsbook.intake.limits import Limits
from opsbook.intake.reading import digests, read

__all__ = ["CleanTable", "Limits", "Source", "SourceReading", "digests", "read"]
