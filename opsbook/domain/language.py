"""The two languages of the workbook. Chinese is the default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


def told(words: str | Text, language: Language) -> str:
    """Return words in a language, where they are not the same in both."""
    return words[language] if isinstance(words, Text) else words


def as_language(text: object) -> Language:
    """Return the language named by ``text``; Chinese when it names none."""
    return "en" if text == "en" else "zh"
