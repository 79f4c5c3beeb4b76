"""A text file as a run of words, each taken as the number that its place asks for.

Published instances break their lines where they like, so the readers go word by word; the line
is kept for the error message.
"""

import math
from pathlib import Path
from typing import NoReturn

from instances.readers import ReadError
from models.messages import message
from models.text import Label, Text


def what_is(name: str) -> Label:
    """Return what a number is, by its message ``read.what.*``."""
    code = f"read.what.{name}"
    return Label(en=message(code, "en"), zh=message(code, "zh"))


class Tokens:
    """The words of a file, from first to last.

    ``what`` names the number asked for, by its message ``read.what.*``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise ReadError(path, None, Text(code="read.missing")) from None
        except UnicodeDecodeError:
            raise ReadError(path, None, Text(code="read.not_text")) from None
        lines = text.splitlines()
        self._words = [
            (number, word) for number, line in enumerate(lines, 1) for word in line.split()
        ]
        self._last_line = max(1, len(lines))
        self._next = 0

    def whole(self, what: str, low: int, high: int | None = None) -> int:
        """Return the next word as a whole number from ``low`` to ``high``."""
        line, word = self._take(what)
        try:
            value = int(word)
        except ValueError:
            self._fail(line, "read.whole_number", what, found=word)
        self._check(value, line, what, low, high)
        return value

    def number(self, what: str, low: float | None = None) -> float:
        """Return the next word as a finite number, not below ``low``."""
        line, word = self._take(what)
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self._fail(line, "read.number", what, found=word)
        if low is not None:
            self._check(value, line, what, low, None)
        return value

    def word(self, wanted: str) -> int:
        """Pass over the next word, which must be ``wanted``; return its line."""
        line, found = self._words[self._next] if self._next < len(self._words) else (None, "")
        if found != wanted:
            values = {"need": wanted, "found": found}
            problem = Text(code="read.expected", values={**values})
            raise ReadError(self.path, line or self._last_line, problem)
        self._next += 1
        return line or self._last_line

    def next_is(self, word: str) -> bool:
        """Return whether ``word`` comes next."""
        return self._next < len(self._words) and self._words[self._next][1] == word

    def skip_line(self) -> None:
        """Pass over what is left of the line of the word taken last."""
        line = self._words[self._next - 1][0]
        while self._next < len(self._words) and self._words[self._next][0] == line:
            self._next += 1

    def finish(self) -> None:
        """Raise if anything is left."""
        if self._next < len(self._words):
            line, word = self._words[self._next]
            raise ReadError(self.path, line, Text(code="read.trailing", values={"found": word}))

    def _take(self, what: str) -> tuple[int, str]:
        if self._next >= len(self._words):
            self._fail(self._last_line, "read.ends", what)
        self._next += 1
        return self._words[self._next - 1]

    def _check(self, value: float, line: int, what: str, low: float, high: float | None) -> None:
        if high is None and value < low:
            self._fail(line, "read.least", what, low=f"{low:g}", found=f"{value:g}")
        if high is not None and not low <= value <= high:
            self._fail(
                line, "read.range", what, low=f"{low:g}", high=f"{high:g}", found=f"{value:g}"
            )

    def _fail(self, line: int, code: str, what: str, **values: str) -> NoReturn:
        raise ReadError(self.path, line, Text(code=code, values={"what": what_is(what), **values}))
