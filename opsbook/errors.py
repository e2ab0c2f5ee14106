"""What may go wrong in a call. Trouble in the user's data is an `Issue`, not an exception."""


class OpsbookError(Exception):
    """Something stopped the command; the message is all that a person needs to read."""


class BookError(OpsbookError):
    """The workbook cannot be read or written: open elsewhere, read-only, not ours, too new."""


class ArchiveError(OpsbookError):
    """The archive file cannot be used: locked, damaged, or of a newer layout."""
