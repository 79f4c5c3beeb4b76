"""What asking a router may raise, beside the `InputError` of a question it refuses.

* RouterError: the router cannot be reached, is too slow, fails, or answers something else than
  a table. Not the caller's fault.  -> exit 3
* FetchError: a published file cannot be taken, or is not the one it should be.  -> exit 3
* NotJoinedError, NotConnectedError: never leave this package; the question is asked again in
  smaller parts.
"""

from models.messages import render
from models.text import Text

_SHOWN_MAX = 200


class RouterError(Exception):
    """A router failed; ``text`` says how."""

    def __init__(self, code: str, **values: str | float) -> None:
        self.text = Text(code=code, values=dict(values))
        super().__init__(render(self.text, "en"))


class FetchError(Exception):
    """A file could not be taken from its home; ``text`` says why."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(render(text, "en"))


class NotJoinedError(Exception):
    """The router finds no road near some place of the question, and refuses all of it."""


class NotConnectedError(Exception):
    """The router refuses all of a question because some places lie on roads of their own."""


def shown(text: object) -> str:
    r"""Return what a router says, on one line and not too long, without control characters.

    Examples
    --------
    >>> shown("Too\x1b[31m big\n")
    'Too [31m big'
    """
    plain = "".join(sign if sign.isprintable() else " " for sign in str(text))
    words = " ".join(plain.split())
    return words if len(words) <= _SHOWN_MAX else words[: _SHOWN_MAX - 1] + "…"
