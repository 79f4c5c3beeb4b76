"""Libraries that come with an extra: imported when needed, and missed with a word."""

from importlib import import_module
from typing import Any


def library(name: str) -> Any:
    """Return the library ``name``, which the extra ``geography`` brings.

    Raises
    ------
    ImportError
        It is not installed; the message says which extra brings it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(
            f"{name} is not installed; pip install 'muster[geography]' brings it"
        ) from error
