"""The kept situation as a fold: each event makes a new situation of the old one."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from models.dispatch import (
    CurrentOrder,
    DispatchAnswer,
    DispatchRequest,
    ForbiddenPair,
    Order,
    Pin,
    TeamStatus,
)
from models.dispatch.situation import (
    AnswerChange,
    ClockAdvanced,
    Event,
    IncidentClosed,
    IncidentReported,
    OrderConfirmed,
    OrderOverridden,
    OrderStatus,
    PermissionGiven,
    ProposalChange,
    RoadShut,
    Situation,
    TeamJoined,
    TeamMoved,
    TeamReported,
    TierOpened,
)
from models.faults import Fault
from models.text import Text
from optimizer.datasets import Store
from optimizer.dispatch.closing import all_shut, doubtful
from optimizer.dispatch.solve import solve
from optimizer.errors import InputError


def step(
    situation: Situation, event: Event, store: Store | None = None
) -> tuple[Situation, AnswerChange]:
    """Return the situation after an event, and what that changes in the answer."""
    return advance(situation, (event,), store)


def advance(
    situation: Situation, events: Iterable[Event], store: Store | None = None
) -> tuple[Situation, AnswerChange]:
    """Return the situation after events that count together, and what they change in the answer.

    Raises
    ------
    InputError
        As `apply`, by their paths in ``events``; an order is confirmed that nobody proposed; the
        situation after them is none that can be answered.
    """
    after, soon, exact = situation, bool(situation.known_modes), False
    for number, event in enumerate(events):
        soon = soon or (isinstance(event, RoadShut) and event.soon)
        exact = exact or isinstance(event, ClockAdvanced)
        exact = exact or (isinstance(event, RoadShut) and not event.soon)
        try:
            if isinstance(event, OrderConfirmed):
                _proposed(situation, event)
            after = apply(after, event)
        except InputError as error:
            raise _under(f"events[{number}]", error) from None
    # Soon after a closure: by the times from before it, which are known.
    known_modes = situation.answered.modes if soon and not exact else ()
    after = after.model_copy(update={"known_modes": known_modes})
    asked = after.answered
    try:
        answer = solve(asked, store=store, bare=True)
    except InputError as error:
        raise _under("situation.request", error) from None
    assert answer.plan is not None
    proposed = answer.plan.orders
    pairs = [(one.team_id, one.incident_id) for one in proposed]
    stale = doubtful(asked, after.request.modes, pairs, store) if known_modes else ()
    change = AnswerChange(
        event_count=after.event_count,
        changes=tuple(changes(situation.proposed, proposed, answer)),
        unserved=_unserved(answer),
        duplicates=answer.explanation.duplicates if answer.explanation else (),
        stale_teams=answer.explanation.stale_teams if answer.explanation else (),
        stale_travel=stale,
        quality=answer.quality,
    )
    told = {one.team_id: one.why for one in change.changes if one.now is not None}
    teams = {one.team_id for one in proposed}
    reasons = {team: why for team, why in (situation.reasons | told).items() if team in teams}
    kept = {"proposed": proposed, "reasons": reasons, "stale_travel": stale}
    return after.model_copy(update=kept), change


def _under(place: str, error: InputError) -> InputError:
    paths = ({"path": f"{place}.{one.path}"} for one in error.faults)
    return InputError(
        tuple(one.model_copy(update=path) for one, path in zip(error.faults, paths, strict=True))
    )


def _proposed(situation: Situation, event: OrderConfirmed) -> None:
    pairs = [(one.team_id, one.incident_id) for one in situation.proposed]
    if (event.team_id, event.incident_id) not in pairs:
        there = ", ".join(where for team, where in pairs if team == event.team_id) or "–"
        code = "fault.dispatch.not_proposed"
        raise _error("incident_id", code, event.incident_id, proposed=there)


def orders_of(situation: Situation) -> tuple[OrderStatus, ...]:
    """Return the orders with their status, by arrival; those in force elsewhere come last."""
    force = {one.team_id: one for one in situation.request.orders}
    found = []
    for one in sorted(situation.proposed, key=lambda order: (order.arrive_s, order.team_id)):
        current = force.get(one.team_id)
        kept = current is not None and current.incident_id == one.incident_id
        found.append(
            OrderStatus(
                **one.model_dump(include={"team_id", "incident_id", "need", "leave_s", "arrive_s"}),
                status="confirmed" if kept else "proposed",
                by=current.confirmed_by if current is not None and kept else None,
                stale_travel=one.team_id in situation.stale_travel,
            )
        )
    there = {(one.team_id, one.incident_id) for one in found}
    for current in situation.request.orders:
        if (current.team_id, current.incident_id) not in there:
            named = current.model_dump(include={"team_id", "incident_id", "need"})
            found.append(OrderStatus(**named, status="diverted", by=current.confirmed_by))
    return tuple(found)


def fold(situation: Situation, events: Iterable[Event], until_s: float | None = None) -> Situation:
    """Return the situation after these events, those after ``until_s`` left out.

    Proposals are the answer's, not the events': the situation of a fold has those it began with.
    """
    for event in events:
        if until_s is not None and event.at_s > until_s:
            break
        situation = apply(situation, event)
    return situation


def apply(situation: Situation, event: Event) -> Situation:
    """Return the situation after one event; the answer is not touched.

    Raises
    ------
    InputError
        Time runs backwards, or the event names what there is not.
    """
    request = situation.request
    if event.at_s < request.now_s:
        raise _error("at_s", "fault.dispatch.backwards", event.at_s, now=request.now_s)
    later = _passed(request, event.at_s - request.now_s)
    after = situation.model_copy(
        update={"request": later, "event_count": situation.event_count + 1}
    )
    changed: dict[str, Any] = _APPLY[event.kind](after, event)
    proposed = changed.pop("proposed", after.proposed)
    return after.model_copy(
        update={"request": later.model_copy(update=changed), "proposed": proposed}
    )


def _passed(request: DispatchRequest, seconds: float) -> DispatchRequest:
    """Return the request that many seconds later: what was left of times is less."""
    if seconds <= 0.0:
        return request
    teams = tuple(
        one
        if one.free_in_s is None or one.free_in_s <= 0.0
        else one.model_copy(update={"free_in_s": max(0.0, one.free_in_s - seconds)})
        for one in request.teams
    )
    return request.model_copy(update={"now_s": request.now_s + seconds, "teams": teams})


def _reported(situation: Situation, event: IncidentReported) -> dict[str, Any]:
    return {"incidents": _put(situation.request.incidents, event.incident)}


def _closed(situation: Situation, event: IncidentClosed) -> dict[str, Any]:
    """Take the incident away, with every order, pin and pair that names it."""
    request, gone = situation.request, event.incident_id
    known("incident_id", gone, (one.id for one in request.incidents))
    left = tuple(
        one.model_copy(update={"parent": None}) if one.parent == gone else one
        for one in request.incidents
        if one.id != gone
    )
    policy = request.policy
    return {
        "incidents": left,
        "orders": tuple(one for one in request.orders if one.incident_id != gone),
        "policy": policy.model_copy(
            update={
                "pinned": tuple(one for one in policy.pinned if one.incident_id != gone),
                "forbidden": tuple(one for one in policy.forbidden if one.incident_id != gone),
            }
        ),
        "proposed": tuple(one for one in situation.proposed if one.incident_id != gone),
    }


def _joined(situation: Situation, event: TeamJoined) -> dict[str, Any]:
    return {"teams": _put(situation.request.teams, event.team)}


def _team_reported(situation: Situation, event: TeamReported) -> dict[str, Any]:
    """Set a team's status; one that is ready, resting or lost has no order in force any more."""
    if event.status is TeamStatus.EN_ROUTE and event.free_in_s is None:
        raise _error("free_in_s", "fault.dispatch.time_left")
    changed = {"status": event.status, "free_in_s": event.free_in_s}
    teams = _team_changed(situation, event.team_id, changed)
    if event.status in (TeamStatus.EN_ROUTE, TeamStatus.ON_SCENE):
        return {"teams": teams}
    orders = tuple(one for one in situation.request.orders if one.team_id != event.team_id)
    policy = situation.request.policy
    pinned = policy.pinned
    if event.status is TeamStatus.LOST:
        pinned = tuple(one for one in pinned if one.team_id != event.team_id)
    policy = policy.model_copy(update={"pinned": pinned})
    return {"teams": teams, "orders": orders, "policy": policy}


def _moved(situation: Situation, event: TeamMoved) -> dict[str, Any]:
    place = event.place
    changed = {
        **{name: getattr(place, name) for name in ("lat", "lon", "x_m", "y_m", "precision")},
        "position_s": event.at_s,
    }
    return {"teams": _team_changed(situation, event.team_id, changed)}


def _shut(situation: Situation, event: RoadShut) -> dict[str, Any]:
    return {"modes": all_shut(situation.request.modes, event.closure, "closure")}


def _opened(situation: Situation, event: TierOpened) -> dict[str, Any]:
    policy = situation.request.policy
    known("tier_id", event.tier_id, (one.id for one in policy.tiers))
    tiers = tuple(
        one.model_copy(update={"opens_at": event.opens_at}) if one.id == event.tier_id else one
        for one in policy.tiers
    )
    return {"policy": policy.model_copy(update={"tiers": tiers})}


def _permitted(situation: Situation, event: PermissionGiven) -> dict[str, Any]:
    owners = situation.request.owners
    known("owner_id", event.owner_id, (one.id for one in owners))
    return {
        "owners": tuple(
            one.model_copy(update={"granted": event.granted}) if one.id == event.owner_id else one
            for one in owners
        )
    }


def _confirmed(situation: Situation, event: OrderConfirmed) -> dict[str, Any]:
    """Put an order in force."""
    request = situation.request
    known("team_id", event.team_id, (one.id for one in request.teams))
    known("incident_id", event.incident_id, (one.id for one in request.incidents))
    order = CurrentOrder(
        team_id=event.team_id,
        incident_id=event.incident_id,
        need=event.need,
        confirmed_by=event.by,
    )
    return {"orders": _put(request.orders, order, key="team_id")}


def _overridden(situation: Situation, event: OrderOverridden) -> dict[str, Any]:
    """Pin the team where the dispatcher wants it, or forbid what was proposed."""
    request, policy = situation.request, situation.request.policy
    known("team_id", event.team_id, (one.id for one in request.teams))
    wanted = event.incident_id or event.was
    if wanted is None:
        raise _error("was", "fault.dispatch.override_what")
    known("incident_id" if event.incident_id else "was", wanted, (i.id for i in request.incidents))
    pair = (event.team_id, wanted)
    pinned = tuple(one for one in policy.pinned if one.team_id != event.team_id)
    forbidden = tuple(p for p in policy.forbidden if (p.team_id, p.incident_id) != pair)
    orders = request.orders
    if event.incident_id is not None:
        pin = Pin(
            team_id=event.team_id,
            incident_id=wanted,
            need=event.need,
            by=event.by,
            reason=event.reason,
        )
        pinned = (*pinned, pin)
    else:
        ban = ForbiddenPair(team_id=event.team_id, incident_id=wanted, reason=event.reason)
        forbidden = (*forbidden, ban)
        orders = tuple(o for o in orders if (o.team_id, o.incident_id) != pair)
    changed = policy.model_copy(update={"pinned": pinned, "forbidden": forbidden})
    return {"policy": changed, "orders": orders}


def _passing(situation: Situation, event: ClockAdvanced) -> dict[str, Any]:
    return {}


_APPLY: dict[str, Callable[[Situation, Any], dict[str, Any]]] = {
    "incident_reported": _reported,
    "incident_closed": _closed,
    "team_joined": _joined,
    "team_reported": _team_reported,
    "team_moved": _moved,
    "road_shut": _shut,
    "tier_opened": _opened,
    "permission_given": _permitted,
    "order_confirmed": _confirmed,
    "order_overridden": _overridden,
    "clock_advanced": _passing,
}


def _put(entries: tuple[Any, ...], new: Any, key: str = "id") -> tuple[Any, ...]:
    """Return the entries with a new one: in place of that of its key, or at the end."""
    name = getattr(new, key)
    if all(getattr(one, key) != name for one in entries):
        return (*entries, new)
    return tuple(new if getattr(one, key) == name else one for one in entries)


def _team_changed(situation: Situation, team_id: str, changed: dict[str, Any]) -> tuple[Any, ...]:
    teams = situation.request.teams
    known("team_id", team_id, (one.id for one in teams))
    return tuple(one.model_copy(update=changed) if one.id == team_id else one for one in teams)


def known(path: str, value: str, ids: Iterable[str]) -> None:
    """Raise where nothing is named ``value``.

    Raises
    ------
    InputError
        At ``path``, with what there is.
    """
    names = sorted(ids)
    if value not in names:
        raise _error(path, "fault.reference", value, known=", ".join(names[:20]) or "–")


def _error(path: str, code: str, value: object = None, **values: str | float) -> InputError:
    shown = None if value is None else str(value)
    return InputError((Fault(path=path, value=shown, need=Text(code=code, values=dict(values))),))


def changes(
    before: tuple[Order, ...], after: tuple[Order, ...], answer: DispatchAnswer
) -> Iterator[ProposalChange]:
    """Yield the teams that are proposed for another incident or need than before."""
    was = {one.team_id: one for one in before}
    now = {one.team_id: one for one in after}
    told = answer.explanation.changes if answer.explanation else ()
    why = {one.team_id: one.why for one in told}
    for team in sorted(was.keys() | now.keys()):
        old, new = was.get(team), now.get(team)
        if old and new and (old.incident_id, old.need) == (new.incident_id, new.need):
            continue
        reason = why.get(team, Text(code="dispatch.why.no_longer"))
        yield ProposalChange(team_id=team, was=old, now=new, why=reason)


def _unserved(answer: DispatchAnswer) -> tuple[str, ...]:
    assert answer.plan is not None
    return tuple(sorted({one.incident_id for one in answer.plan.unserved}))
