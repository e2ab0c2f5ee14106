"""What may go wrong in a call. Trouble in the user's data is an `Issue`, not an exception."""

from __future__ import annotations

from opsbook.language import Language, Text


class OpsbookError(Exception):
    """Something stopped the command; the message is all that a person needs to read.

    Attributes:
        text: The sentence in both languages; a plain str stands for both. ``str(error)`` is the English one.
    """

    def __init__(self, text: Text | str) -> None:
        self.text = text if isinstance(text, Text) else Text(text, text)
        super().__init__(self.text.en)

    def message(self, language: Language) -> str:
        """Return the sentence in ``language``."""
        return self.text[language]


class BookError(OpsbookError):
    """The workbook cannot be read or written: open elsewhere, read-only, not ours, too new."""


class ArchiveError(OpsbookError):
    """The archive file cannot be used: locked, damaged, or of a newer layout."""
