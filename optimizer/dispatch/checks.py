"""Every check of a dispatch request that needs more than one of its fields."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from models.dispatch import CurrentOrder, DispatchRequest, Pin, TeamNeed, TeamStatus
from models.faults import Fault
from models.text import Text
from models.travel import ByMatrix
from optimizer.dispatch.needs import Asked

if TYPE_CHECKING:
    from models.places import Place

_SHOWN = 20  # known ids that a fault lists at most


def check(request: DispatchRequest, asked: Sequence[Asked]) -> tuple[Fault, ...]:
    """Return all faults of ``request`` at once."""
    return (
        *_duplicates(request),
        *_references(request),
        *_skills(request, asked),
        *_positions(request),
        *_contradictions(request),
        *_need_places(request, asked),
        *_clock(request),
    )


def _fault(path: str, code: str, value: object = None, **values: object) -> Fault:
    shown = None if value is None else str(value)
    return Fault(path=path, value=shown, need=Text.model_validate({"code": code, "values": values}))


def _duplicates(request: DispatchRequest) -> Iterator[Fault]:
    policy = request.policy
    lists: dict[str, Iterable[str]] = {
        "teams": (one.id for one in request.teams),
        "incidents": (one.id for one in request.incidents),
        "owners": (one.id for one in request.owners),
        "modes": (one.id for one in request.modes),
        "policy.tiers": (one.id for one in policy.tiers),
    }
    for path, ids in lists.items():
        yield from each_once(path, ids, "id")
    yield from each_once("orders", (one.team_id for one in request.orders), "team_id")
    plans = (f"{one.incident_kind} {one.level or ''}" for one in request.response_plans)
    yield from each_once("response_plans", plans, "incident_kind")


def each_once(path: str, ids: Iterable[str], field: str) -> Iterator[Fault]:
    """Yield a fault for each id of a list that stands there before."""
    first: dict[str, int] = {}
    listed = list(ids)
    if len(set(listed)) == len(listed):
        return
    for index, one in enumerate(listed):
        at = first.setdefault(one, index)
        if at != index:
            yield _fault(
                f"{path}[{index}].{field}", "fault.duplicate", one, first=f"{path}[{at}].{field}"
            )


def _references(request: DispatchRequest) -> Iterator[Fault]:
    teams = {one.id for one in request.teams}
    incidents = {one.id for one in request.incidents}
    tiers = {one.id for one in request.policy.tiers}
    owners = {one.id for one in request.owners}
    modes = {one.id for one in request.modes}
    named = {(one.mode, one.owner, one.tier) for one in request.teams}
    right = all(
        mode in modes and owner in {None, *owners} and tier in {None, *tiers}
        for mode, owner, tier in named
    )
    for t, team in enumerate(() if right else request.teams):
        yield from _known(f"teams[{t}].mode", team.mode, modes)
        yield from _known(f"teams[{t}].owner", team.owner, owners)
        yield from _known(f"teams[{t}].tier", team.tier, tiers)
    for i, incident in enumerate(request.incidents):
        if incident.parent is not None:
            yield from _known(f"incidents[{i}].parent", incident.parent, incidents)
    for k, pin in enumerate(request.policy.pinned):
        yield from _known(f"policy.pinned[{k}].team_id", pin.team_id, teams)
        yield from _known(f"policy.pinned[{k}].incident_id", pin.incident_id, incidents)
    for k, pair in enumerate(request.policy.forbidden):
        yield from _known(f"policy.forbidden[{k}].team_id", pair.team_id, teams)
        yield from _known(f"policy.forbidden[{k}].incident_id", pair.incident_id, incidents)
    for k, order in enumerate(request.orders):
        yield from _known(f"orders[{k}].team_id", order.team_id, teams)
        yield from _known(f"orders[{k}].incident_id", order.incident_id, incidents)


def _known(path: str, value: str | None, known: set[str]) -> Iterator[Fault]:
    if value is not None and value not in known:
        some = sorted(known)
        more = ", …" if len(some) > _SHOWN else ""
        listed = ", ".join(some[:_SHOWN]) + more
        yield _fault(path, "fault.reference", value, known=listed or "–")


def _skills(request: DispatchRequest, asked: Sequence[Asked]) -> Iterator[Fault]:
    """Yield a fault where nobody says what is needed, or ``skill_names`` does not know a skill.

    An incident that wants a skill no team has is no fault: it stays unserved, with a reason.
    """
    named = set(request.skill_names)
    if named:
        for t, team in enumerate(request.teams):
            for skill in team.skills:
                yield from _known(f"teams[{t}].skills", skill, named)
    for i, one in enumerate(asked):
        if not one.needs:
            kind = request.incidents[i].kind
            yield _fault(f"incidents[{i}].needs", "fault.dispatch.no_needs", None, kind=kind)
        yield from _one_first(i, one)
        if named:
            yield from _needed_skills(f"incidents[{i}]", one, named)


def _one_first(i: int, one: Asked) -> Iterator[Fault]:
    firsts = [
        k for k, need in enumerate(one.needs) if isinstance(need, TeamNeed) and need.first_due
    ]
    if len(firsts) > 1:
        yield _fault(f"incidents[{i}].needs[{firsts[1]}].first_due", "fault.dispatch.one_first")


def _needed_skills(path: str, one: Asked, named: set[str]) -> Iterator[Fault]:
    for k, need in enumerate(one.needs):
        if isinstance(need, TeamNeed):
            yield from _known(f"{path}.needs[{k}].skill", need.skill, named)


def _positions(request: DispatchRequest) -> Iterator[Fault]:
    by_place = {one.id for one in request.modes if not isinstance(one.travel, ByMatrix)}
    if not by_place:
        return
    moving = {t: one for t, one in enumerate(request.teams) if one.mode in by_place}
    places = [*request.incidents, *moving.values()]
    lats, lons = [one.lat for one in places], [one.lon for one in places]
    planar = not places or lats.count(None) == lons.count(None) == len(places)
    if planar:
        lats, lons = [one.x_m for one in places], [one.y_m for one in places]
    if None not in lats and None not in lons:
        return
    yield from located("incidents", enumerate(request.incidents), planar=planar)
    yield from located("teams", moving.items(), planar=planar)


def located(path: str, places: Iterable[tuple[int, "Place"]], *, planar: bool) -> Iterator[Fault]:
    """Yield a fault for each place, with its index, without the coordinates that others have."""
    for index, one in places:
        if None in ((one.x_m, one.y_m) if planar else (one.lat, one.lon)):
            yield _fault(f"{path}[{index}]", "fault.coordinates")


def _contradictions(request: DispatchRequest) -> Iterator[Fault]:
    pinned: dict[str, int] = {}
    forbidden = {(one.team_id, one.incident_id) for one in request.policy.forbidden}
    lost = {one.id for one in request.teams if one.status is TeamStatus.LOST}
    for k, pin in enumerate(request.policy.pinned):
        path = f"policy.pinned[{k}]"
        at = pinned.setdefault(pin.team_id, k)
        if at != k:
            other = f"policy.pinned[{at}]"
            yield _fault(path, "fault.dispatch.pinned_twice", pin.team_id, other=other)
        if (pin.team_id, pin.incident_id) in forbidden:
            yield _fault(path, "fault.contradiction", pin.team_id, other="policy.forbidden")
        if pin.team_id in lost:
            yield _fault(path, "fault.dispatch.pin_lost", pin.team_id)
    parents = {one.id: one.parent for one in request.incidents}
    for i, incident in enumerate(request.incidents):
        if _in_cycle(incident.id, parents):
            yield _fault(f"incidents[{i}].parent", "fault.cycle", incident.parent)


def _need_places(request: DispatchRequest, asked: Sequence[Asked]) -> Iterator[Fault]:
    """Yield a fault where a pin or an order names a need that its incident has not."""
    counts = {i.id: len(own.needs) for i, own in zip(request.incidents, asked, strict=True)}
    named: list[tuple[str, Pin | CurrentOrder]] = [
        (f"policy.pinned[{k}]", one) for k, one in enumerate(request.policy.pinned)
    ]
    named += [(f"orders[{k}]", one) for k, one in enumerate(request.orders)]
    for path, one in named:
        count = counts.get(one.incident_id)
        if count is not None and one.need is not None and one.need >= count:
            yield _fault(f"{path}.need", "fault.dispatch.need_place", one.need, count=count)


def _in_cycle(start: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    at = parents.get(start)
    while at is not None and at not in seen:
        if at == start:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def _clock(request: DispatchRequest) -> Iterator[Fault]:
    for i, incident in enumerate(request.incidents):
        if incident.reported_s > request.now_s:
            yield _late(f"incidents[{i}].reported_s", incident.reported_s, request.now_s)
        first = math.inf if incident.first_within_s is None else incident.first_within_s
        full = math.inf if incident.full_within_s is None else incident.full_within_s
        if full < first < math.inf:
            path = f"incidents[{i}].full_within_s"
            yield _fault(path, "fault.at_least", full, least=first, other="first_within_s")
    for t, team in enumerate(request.teams):
        if team.position_s is not None and team.position_s > request.now_s:
            yield _late(f"teams[{t}].position_s", team.position_s, request.now_s)
        if team.status is TeamStatus.EN_ROUTE and team.free_in_s is None:
            yield _fault(f"teams[{t}].free_in_s", "fault.dispatch.time_left")


def _late(path: str, value: float, now: float) -> Fault:
    return _fault(path, "fault.dispatch.not_yet", value, now=now)
