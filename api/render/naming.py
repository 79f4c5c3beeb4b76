"""What things of a request are called, by id."""

from collections.abc import Iterable
from typing import Protocol

from models.text import Label, Language


class Named(Protocol):
    """What has an id, and perhaps a name."""

    @property
    def id(self) -> str:
        """By what it is referred to."""

    @property
    def name(self) -> Label | None:
        """What people call it."""


def names_of(things: Iterable[Named], language: Language) -> dict[str, str]:
    """Return the names by id; what has none is called by its id."""
    return {one.id: one.id if one.name is None else one.name.text(language) for one in things}


def half(text: str, language: Language) -> str:
    """Return a language's half of a text given as ``English / Chinese``, else all of it."""
    halves = text.split(" / ")
    if len(halves) != 2 or _is_chinese(halves[0]) or not _is_chinese(halves[1]):
        return text
    return halves[0 if language == "en" else 1]


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)
