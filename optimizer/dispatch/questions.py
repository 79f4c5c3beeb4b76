"""Questions beside the plan: who could take this now, and what if."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.dispatch import (
    Candidate,
    DispatchAnswer,
    DispatchRequest,
    ForbiddenPair,
    Pin,
    ResponseLevel,
    RunnerUp,
    Team,
)
from models.faults import Fault
from models.roads import Closure
from models.text import Text
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.dispatch.closing import all_shut
from optimizer.dispatch.instance import Instance
from optimizer.dispatch.situation import known
from optimizer.dispatch.solve import solve
from optimizer.dispatch.strategy import search
from optimizer.errors import InputError


def rank(
    request: DispatchRequest,
    incident_id: str,
    *,
    store: Store | None = None,
    most: int = 10,
) -> tuple[Candidate, ...]:
    """Return which teams could take an incident now, best first, with each one's effect.

    The nearest ``most`` are tried, as far as the deadline allows: each is pinned to the incident
    and the plan of everybody else found anew. Teams the plan itself sends come first.
    """
    control = RunControl(request.limits).slice(request.deadline_ms / 1000.0)
    instance = Instance.from_request(request, store)
    ids = [one.id for one in request.incidents]
    if incident_id not in ids:
        text = Text(code="fault.reference", values={"known": ", ".join(ids[:20])})
        raise InputError((Fault(path="incident_id", value=incident_id, need=text),))
    incident = ids.index(incident_id)
    base = search(instance, control.share(0.5)).solution
    own = np.flatnonzero(instance.groups.incident == incident)
    now = instance.crews.ready | np.isfinite(instance.crews.under_way_s)
    could = np.flatnonzero(instance.reach[own].any(axis=0) & now)
    delay = instance.delay_s[incident]
    chosen = base.going[could] == incident
    order = could[np.lexsort((could, delay[could], ~chosen))][:most]
    found = []
    for team in order.tolist():
        if control.stop is not None:
            break
        group = int(own[np.argmax(instance.reach[own, team])])
        mine = base.group[base.team == team]
        group = int(mine[0]) if len(mine) and mine[0] in own else group
        need = int(instance.groups.need[group])
        sent = base.going[team] == incident
        other = base
        if not sent:
            pin = Pin(team_id=request.teams[team].id, incident_id=incident_id, need=need)
            other = search(Instance.from_request(_pinned(request, pin), store), control).solution
        found.append(
            Candidate(
                team_id=request.teams[team].id,
                need=need,
                arrive_s=request.now_s + float(delay[team]),
                severity_change=other.severity - base.severity,
                reserve_change=base.shortfall - other.shortfall,
                response_change=other.response - base.response,
                chosen=bool(sent),
            )
        )
    return tuple(sorted(found, key=_worth))


def without(
    request: DispatchRequest, team_id: str, incident_id: str, *, store: Store | None = None
) -> RunnerUp:
    """Return what is lost if a team may not go to an incident, everything else free.

    ``exact`` where both searches ended with proof; ``loss`` only where no severity is lost.
    """
    ban = ForbiddenPair(team_id=team_id, incident_id=incident_id)
    policy = request.policy.model_copy(update={"forbidden": (*request.policy.forbidden, ban)})
    control = RunControl(request.limits).slice(request.deadline_ms / 1000.0)
    now = search(Instance.from_request(request, store), control.share(0.5))
    banned = request.model_copy(update={"policy": policy})
    then = search(Instance.from_request(banned, store), control)
    lost = now.solution.severity - then.solution.severity
    kept = lost <= 1e-9
    return RunnerUp(
        incident_id=incident_id,
        instead_of=team_id,
        loss=max(0.0, then.solution.response - now.solution.response) if kept else None,
        severity_lost=max(0.0, lost),
        exact=now.severity.proven and then.severity.proven,
    )


def _worth(one: Candidate) -> tuple[float, int, float, float]:
    severity = round(one.severity_change, 6)
    return (-severity, -one.reserve_change, round(one.response_change, 6), one.arrive_s)


def _pinned(request: DispatchRequest, pin: Pin) -> DispatchRequest:
    pins = tuple(one for one in request.policy.pinned if one.team_id != pin.team_id)
    policy = request.policy.model_copy(update={"pinned": (*pins, pin)})
    return request.model_copy(update={"policy": policy})


@dataclass(frozen=True)
class WhatIf:
    """What is supposed: more teams, closures, tiers open for lower levels."""

    teams: Sequence[Team] = ()
    closures: Sequence[Closure] = ()
    tiers: Mapping[str, ResponseLevel] | None = None

    def applied(self, request: DispatchRequest) -> DispatchRequest:
        """Return the request with it.

        Raises
        ------
        InputError
            A tier is not there; roads are shut where nobody goes by road.
        """
        modes = request.modes
        for number, closure in enumerate(self.closures):
            modes = all_shut(modes, closure, f"closures[{number}]")
        opened = dict(self.tiers or {})
        for tier in opened:
            known(f"tiers.{tier}", tier, (one.id for one in request.policy.tiers))
        tiers = tuple(
            one.model_copy(update={"opens_at": opened.get(one.id, one.opens_at)})
            for one in request.policy.tiers
        )
        policy = request.policy.model_copy(update={"tiers": tiers})
        teams = (*request.teams, *self.teams)
        return request.model_copy(update={"teams": teams, "modes": modes, "policy": policy})


def what_if(
    request: DispatchRequest, change: WhatIf, *, store: Store | None = None
) -> tuple[DispatchAnswer, DispatchAnswer]:
    """Return the answer as things are, and the answer if."""
    return solve(request, store=store), solve(change.applied(request), store=store)
