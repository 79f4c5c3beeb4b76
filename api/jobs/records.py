"""A job as it is told: its states are those of OGC API Processes, how it ended is a word apart."""

import re
from dataclasses import dataclass
from enum import StrEnum

from api.payloads import Payload
from models.base import Model
from models.quantities import Count
from models.run import Status, StopReason
from models.text import Text

_ID = re.compile(r"[0-9a-f]{32}")


def is_id(text: str) -> bool:
    """Return whether ``text`` may be the id of a job or a scenario."""
    return _ID.fullmatch(text) is not None


class State(StrEnum):
    """Where a job is (OGC 18-062r2, 7.13)."""

    ACCEPTED = "accepted"
    RUNNING = "running"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    DISMISSED = "dismissed"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self not in (State.ACCEPTED, State.RUNNING)


class Termination(StrEnum):
    """How the work of a successful job ended; that there is no plan is an answer too."""

    OPTIMAL = "optimal"
    GAP = "gap"
    TIME_LIMIT = "time_limit"
    STOPPED = "stopped"
    INFEASIBLE = "infeasible"


def termination(status: Status, stop: StopReason) -> Termination:
    """Return the word for a run that ended so."""
    if status is Status.INFEASIBLE:
        return Termination.INFEASIBLE
    if status is Status.OPTIMAL:
        return Termination.OPTIMAL
    if stop is StopReason.CANCELLED:
        return Termination.STOPPED
    return Termination.TIME_LIMIT if stop is StopReason.TIME else Termination.GAP


class Job(Model):
    """A job as its submitter may see it; times are seconds since 1970."""

    id: str
    process_id: str
    state: State
    termination: Termination | None = None
    created: float
    started: float | None = None
    finished: float | None = None
    updated: float
    attempt: Count = 0
    stop_asked: bool = False
    failure: Text | None = None
    inputs: str
    result: str | None = None
    submitter: str = "open"  # the id of a key
    ahead: Count = 0  # jobs that will be taken up before it


class Event(Model):
    """One thing that happened to a job; numbers run from 1 without gaps."""

    number: Count
    at: float
    attempt: Count
    kind: str
    content: str
    plan: str | None = None


@dataclass(frozen=True)
class Claim:
    """A job taken up: who holds it as which attempt. Whatever another attempt writes is refused."""

    job_id: str
    process_id: str
    attempt: int
    owner: str
    inputs: Payload
    plan: str | None  # the best of earlier attempts, as JSON
    stop_asked: bool
