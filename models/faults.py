"""What is wrong with an input: where, what was given, what is needed."""

from models.base import Model
from models.text import Text


class Fault(Model):
    """One fault of an input.

    ``path`` is a JSON path without the leading ``$`` (``sites[3].lat``), ``value`` the value
    given, shortened, as JSON text (None where there is none), ``need`` what is wanted there.
    """

    path: str
    value: str | None = None
    need: Text
