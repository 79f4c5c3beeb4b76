"""Why a plan is as it is: reasons for what stays open, runners-up, changes."""

from enum import StrEnum
from typing import Literal

from models.base import Model
from models.quantities import Count, Identifier, Seconds
from models.text import Text


class Reason(StrEnum):
    """Why an incident stays unserved: the limit which, relaxed, lets it be served."""

    SKILL = "SKILL"
    CAPACITY = "CAPACITY"
    TIME_WINDOW = "TIME_WINDOW"
    REACHABLE = "REACHABLE"
    TIER_NOT_OPEN = "TIER_NOT_OPEN"
    NOT_RELEASED = "NOT_RELEASED"
    REST_RULE = "REST_RULE"
    LOCKING = "LOCKING"
    BUSY = "BUSY"
    VEHICLE_NOT_ALLOWED = "VEHICLE_NOT_ALLOWED"  # a forbidden pair
    RESERVE_HELD = "RESERVE_HELD"
    OUTCOMPETED = "OUTCOMPETED"
    TIME_RAN_OUT = "TIME_RAN_OUT"


class UnservedReason(Model):
    """Why an incident is not fully served.

    ``limits`` relaxed together for this incident alone let all its needs be met with everything
    else still served (``by`` names the incidents that would have to give way, ``short`` how many
    more teams are wanted; without LOCKING a team leaves the incident it is at). ``verified``:
    that was solved and came out so. ``ways`` are all single limits that would do.
    """

    incident_id: Identifier
    limits: tuple[Reason, ...]
    by: tuple[Identifier, ...] = ()
    short: Count = 0
    ways: tuple[Reason, ...] = ()
    verified: bool
    text: Text


class Shortage(Model):
    """A proof of shortage: needs that together want more teams than can fill any of them.

    ``asked`` teams are wanted by the needs of ``incident_ids``; only ``team_ids`` can fill them.
    """

    incident_ids: tuple[Identifier, ...]
    skills: tuple[Identifier, ...]
    asked: Count
    teams: Count
    team_ids: tuple[Identifier, ...] = ()
    text: Text


class RunnerUp(Model):
    """The best plan without an incident's lead (its first to arrive), what is served kept.

    ``team_id`` takes the place of the order's team; ``loss`` is what level 3 loses. None where
    no such plan exists: then ``severity_lost`` says what goes with the order, where that was asked
    for (it takes a search of its own). ``exact`` is False where either is not known for certain.
    """

    incident_id: Identifier
    instead_of: Identifier
    team_id: Identifier | None = None
    loss: float | None = None
    severity_lost: float | None = None
    exact: bool = True


class OrderChange(Model):
    """How an order differs from the one in force, and why."""

    team_id: Identifier
    change: Literal["new", "diverted", "recalled", "kept"]
    was: Identifier | None = None
    now: Identifier | None = None
    why: Text


class Candidate(Model):
    """A team that could take an incident now, and what that does to the rest.

    ``arrive_s`` on the clock; ``severity_change`` and ``response_change`` against the best plan.
    """

    team_id: Identifier
    need: Count
    arrive_s: Seconds
    severity_change: float
    reserve_change: int
    response_change: float
    chosen: bool = False


class DispatchExplanation(Model):
    """The reasons of a plan; what the time did not allow is named in ``left_out``."""

    unserved: tuple[UnservedReason, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    runners_up: tuple[RunnerUp, ...] = ()
    changes: tuple[OrderChange, ...] = ()
    duplicates: tuple[tuple[Identifier, Identifier], ...] = ()
    stale_teams: tuple[Identifier, ...] = ()
    left_out: tuple[Text, ...] = ()
