"""Who asks: a role, and the areas it is limited to."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a key is for; what each may do is one table, `api.routes.permissions`."""

    VIEWER = "viewer"
    PLANNER = "planner"
    DISPATCHER = "dispatcher"
    STOREKEEPER = "storekeeper"
    ADMIN = "admin"


@dataclass(frozen=True)
class Caller:
    """Who asks, by the id and name of a key; ``areas`` None: not limited to any."""

    id: str
    name: str
    role: Role
    areas: frozenset[str] | None = None


RETENTION = Caller("retention", "retention", Role.ADMIN)
"""The rule that forgets old jobs."""

OPEN = Caller("open", "open", Role.ADMIN)
"""Whoever calls where no keys are needed."""


def worker(owner: str) -> Caller:
    """Return a worker as the one who does something."""
    return Caller("worker", owner, Role.ADMIN)
