"""Text that people read: bilingual names, and messages by code."""

from typing import Any, Literal

from pydantic import Field, model_validator

from models.base import Model

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class Label(Model):
    """A name in both languages; a plain string stands for both."""

    en: str
    zh: str

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, data: Any) -> Any:
        return {"en": data, "zh": data} if isinstance(data, str) else data

    def text(self, language: Language) -> str:
        """Return the name in ``language``."""
        return self.en if language == "en" else self.zh


class Text(Model):
    """A message by its code in the table of messages, with the values it speaks of.

    The engine says *what* it has to say by code; `models.messages.render` says it in a language.
    """

    code: str
    values: dict[str, str | bool | int | float | Label | None] = Field(default_factory=dict)
