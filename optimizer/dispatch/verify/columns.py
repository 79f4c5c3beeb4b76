"""A plan's orders and a request's needs as arrays: what the verifier reads of each once.

Hundreds of orders are held against the rules in the time a dispatcher does not notice; the rules
themselves stand in `optimizer.dispatch.verify.rules`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.dispatch import Incident, Need, Order, ResponsePlan, Team, TeamNeed

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Wants:
    """All needs of all incidents, one after the other, and the incidents' deadlines."""

    needs: list[Need]  # (want,)
    incident: IntArray  # (want,)
    begin: list[int]  # (incident + 1,), where the wants of each begin
    teams: IntArray  # (want,), 0 where an amount is wanted
    within_s: FloatArray  # (want,), from the report, the incident's own where it has none
    first_within_s: FloatArray  # (incident,), inf without
    reported_s: FloatArray  # (incident,)

    @classmethod
    def of(
        cls,
        incidents: Sequence[Incident],
        needs: Sequence[Sequence[Need]],
        plans: Sequence[ResponsePlan | None],
    ) -> "Wants":
        """Return the needs (incident,) with the response plans (incident,) that they rest on."""
        pairs = list(zip(incidents, plans, strict=True))
        full = [_said(i.full_within_s, None if p is None else p.full_within_s) for i, p in pairs]
        first = [_said(i.first_within_s, None if p is None else p.first_within_s) for i, p in pairs]
        counts = [len(own) for own in needs]
        flat = [need for own in needs for need in own]
        incident = np.repeat(np.arange(len(incidents)), counts)
        own = np.array([math.nan if one.within_s is None else one.within_s for one in flat])
        return cls(
            needs=flat,
            incident=incident,
            begin=[0, *np.cumsum(counts, dtype=np.intp).tolist()],
            teams=np.array(
                [one.teams if isinstance(one, TeamNeed) else 0 for one in flat], dtype=np.intp
            ),
            within_s=np.where(np.isnan(own), np.array(full)[incident], own),
            first_within_s=np.array(first),
            reported_s=np.array([one.reported_s for one in incidents]),
        )


def _said(own: float | None, other: float | None) -> float:
    """Return the first of two that is said, inf where none is."""
    either = other if own is None else own
    return math.inf if either is None else either


@dataclass(frozen=True)
class Columns:
    """The orders of a plan, in its order; places are those in the request's lists."""

    orders: tuple[Order, ...]
    teams: list[Team]  # (order,)
    team: IntArray  # (order,)
    incident: IntArray  # (order,)
    plain: BoolArray  # (order,), fills one need that there is, and no other
    want: IntArray  # (order,), which of the needs, where plain; else 0
    first_due: BoolArray  # (order,)
    turnout_s: FloatArray  # (order,), of the team

    @classmethod
    def of(
        cls,
        orders: tuple[Order, ...],
        places: tuple[dict[str, int], dict[str, int]],
        teams: Sequence[Team],
        wants: Wants,
    ) -> "Columns":
        """Return orders of teams and incidents that there are, whose ``places`` are by id."""
        team_at, incident_at = places
        team = [team_at[one.team_id] for one in orders]
        incident = [incident_at[one.incident_id] for one in orders]
        own = [teams[t] for t in team]
        begin = np.array(wants.begin, dtype=np.intp)
        at = np.array(incident, dtype=np.intp)
        need = np.array([-1 if one.need is None else one.need for one in orders], dtype=np.intp)
        more = np.array([bool(one.extra_needs) for one in orders], dtype=np.bool_)
        want = begin[at] + need
        plain = (need >= 0) & (want < begin[at + 1]) & ~more
        return cls(
            orders=orders,
            teams=own,
            team=np.array(team, dtype=np.intp),
            incident=at,
            plain=plain,
            want=np.where(plain, want, 0),
            first_due=np.array([one.first_due for one in orders], dtype=np.bool_),
            turnout_s=np.array([one.turnout_s for one in own], dtype=np.float64),
        )
