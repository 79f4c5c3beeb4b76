"""Programs that answer the same question; each module has a `label`, a `version` and `solve`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version as installed
from pathlib import Path

from benchmarks.task import Task


@dataclass(frozen=True)
class Found:
    """What a peer found: the places of its open sites, and what it says about them.

    ``solve_s`` is the solver's own part of the time, None where it cannot be told apart.
    """

    sites: tuple[int, ...]
    proven: bool
    solve_s: float | None


class RefusedError(Exception):
    """The task is not one that this peer can be given as it is; the message says why."""


Solve = Callable[[Task, Path, Callable[[], float]], Found | None]
"""Task, its folder, and a function that gives the seconds left; None where nothing was found.

It raises `RefusedError` where the peer cannot take the task.
"""


def versions(*packages: str) -> str:
    """Return the packages with their versions, as in ``spopt 0.7.0, PuLP 3.3.2``."""
    return ", ".join(f"{package} {installed(package)}" for package in packages)
