"""Turns of several searches, on threads or one after the other: the outcome is the same."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Self


class Turns:
    """Takes turns of ``at_once`` searches together, the caller's own among them, or in order."""

    def __init__(self, at_once: int) -> None:
        self._pool = ThreadPoolExecutor(at_once - 1) if at_once > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def take(self, work: Callable[..., None], *args: object) -> Callable[[], None]:
        """Begin a turn, or put it off; return what waits for its end."""
        if self._pool is None:
            return partial(work, *args)
        return self._pool.submit(work, *args).result
