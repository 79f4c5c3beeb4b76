"""Every check of a disaster-phase request that needs more than one of its fields."""

from collections.abc import Iterator, Sequence

from models.dispatch import AmountNeed
from models.dispatch.phase import PhaseRequest
from models.dispatch.walking import STEEPEST
from models.faults import Fault
from models.places import Place
from models.text import Text
from models.travel import ByMatrix
from optimizer.dispatch.checks import check as check_situation
from optimizer.dispatch.checks import each_once
from optimizer.dispatch.needs import Asked
from optimizer.dispatch.phase.ways import stretches


def check(request: PhaseRequest, wanted: Sequence[Asked]) -> tuple[Fault, ...]:
    """Return all faults of ``request`` at once."""
    situation = [
        one.model_copy(update={"path": f"situation.{one.path}"})
        for one in check_situation(request.situation, wanted)
    ]
    return (
        *situation,
        *_not_here(request),
        *_references(request),
        *_amounts(request, wanted),
        *_loads(request),
        *_depots(request),
        *_walks(request),
        *_circles(request),
    )


def fault(path: str, code: str, value: object = None, **values: object) -> Fault:
    """Return a fault whose need is the message ``code``."""
    shown = None if value is None else str(value)
    return Fault(path=path, value=shown, need=Text.model_validate({"code": code, "values": values}))


def _not_here(request: PhaseRequest) -> Iterator[Fault]:
    situation = request.situation
    for path, given in (
        ("orders", situation.orders),
        ("policy.pinned", situation.policy.pinned),
        ("policy.reserve", situation.policy.reserve),
    ):
        if given:
            yield fault(f"situation.{path}", "fault.phase.not_here")
    for k, mode in enumerate(situation.modes):
        if isinstance(mode.travel, ByMatrix):
            yield fault(f"situation.modes[{k}].travel", "fault.phase.matrix", mode.id)


def _references(request: PhaseRequest) -> Iterator[Fault]:
    incidents = {one.id for one in request.situation.incidents}
    teams = {one.id for one in request.situation.teams}
    yield from each_once("works", [one.incident_id for one in request.works], "incident_id")
    yield from each_once("crews", [one.team_id for one in request.crews], "team_id")
    yield from each_once("depots", [one.id for one in request.depots], "id")
    for w, work in enumerate(request.works):
        yield from _known(f"works[{w}].incident_id", work.incident_id, incidents)
        for a, earlier in enumerate(work.after):
            yield from _known(f"works[{w}].after[{a}]", earlier, incidents)
    for c, crew in enumerate(request.crews):
        yield from _known(f"crews[{c}].team_id", crew.team_id, teams)
        for f, first in enumerate(crew.first):
            yield from _known(f"crews[{c}].first[{f}]", first, incidents)


def _known(path: str, value: str, known: set[str]) -> Iterator[Fault]:
    if value not in known:
        yield fault(path, "fault.reference", value, known=", ".join(sorted(known)[:20]) or "–")


def _amounts(request: PhaseRequest, wanted: Sequence[Asked]) -> Iterator[Fault]:
    for i, one in enumerate(wanted):
        for k, need in enumerate(one.needs):
            if isinstance(need, AmountNeed):
                yield fault(f"situation.incidents[{i}].needs[{k}]", "fault.phase.amount", need.of)


def _loads(request: PhaseRequest) -> Iterator[Fault]:
    """Yield a fault where something is handed out that nobody carries or can fill up."""
    carried = {name for one in request.crews for name in one.carries}
    for w, work in enumerate(request.works):
        uses = {} if work.volume is None else work.volume.uses
        for path, names in (("loads", work.loads), ("volume.uses", uses)):
            for name in names:
                if name not in carried:
                    yield fault(f"works[{w}].{path}", "fault.phase.nobody_carries", name)


def _planar(request: PhaseRequest) -> bool:
    places = (*request.situation.incidents, *request.situation.teams)
    return all(one.lat is None and one.lon is None for one in places)


def _placed(place: Place, *, planar: bool) -> bool:
    return None not in ((place.x_m, place.y_m) if planar else (place.lat, place.lon))


def _depots(request: PhaseRequest) -> Iterator[Fault]:
    """Yield a fault for each depot without a place, or for teams or goods that there are not."""
    situation, planar = request.situation, _planar(request)
    goods = {name for one in request.crews for name in one.carries}
    known = {
        "modes": {one.id for one in situation.modes},
        "kinds": {one.kind for one in situation.teams},
        "vehicles": {name for one in situation.teams for name in one.vehicles},
    }
    for d, depot in enumerate(request.depots):
        if not _placed(depot, planar=planar):
            yield fault(f"depots[{d}]", "fault.coordinates")
        for field, names in known.items():
            for k, name in enumerate(getattr(depot, field)):
                yield from _known(f"depots[{d}].{field}[{k}]", name, names)
        for name in depot.per_hour:
            if name not in goods:
                yield fault(f"depots[{d}].per_hour", "fault.phase.nobody_carries", name)


def _walks(request: PhaseRequest) -> Iterator[Fault]:
    """Yield a fault for each way on foot that is said twice, or that nobody walks."""
    planar = _planar(request)
    for w, work in enumerate(request.works):
        if work.walk is None:
            continue
        if work.approach_s > 0.0:
            yield fault(f"works[{w}].approach_s", "fault.phase.walk_twice", work.approach_s)
        line = work.walk.line
        lost = [k for k, one in enumerate(line) if not _placed(one, planar=planar)]
        for k in lost:
            yield fault(f"works[{w}].walk.line[{k}]", "fault.coordinates")
        for k, (length, climb) in enumerate(() if lost else stretches(work.walk)):
            if length <= 0.0 or abs(climb) > STEEPEST * length:
                yield fault(f"works[{w}].walk.line[{k}]", "fault.phase.too_steep", climb)


def _circles(request: PhaseRequest) -> Iterator[Fault]:
    """Yield a fault for each work that waits, over others, for itself."""
    after = {one.incident_id: set(one.after) for one in request.works}
    for w, work in enumerate(request.works):
        seen: set[str] = set()
        open_ids = list(work.after)
        while open_ids:
            one = open_ids.pop()
            if one not in seen:
                seen.add(one)
                open_ids.extend(after.get(one, ()))
        if work.incident_id in seen:
            yield fault(f"works[{w}].after", "fault.phase.circle", work.incident_id)
