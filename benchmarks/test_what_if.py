"""What it costs to ask on: one site changed in the solved city, and crews for its stations."""

from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from instances.examples import example
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.fire_stations.rules import SiteChoice
from models.fire_stations.staffing import Staffing
from models.run import RunLimits, Status
from optimizer import Extras, solve
from optimizer.control import RunControl
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.staffing import staffing

Change = Callable[[FireStationRequest, str, str], FireStationRequest]

_LIMITS = RunLimits(time_limit_s=120.0, threads=1)
_NEARBY_DEG = 0.002  # some 200 m


def _locked(request: FireStationRequest, used: str, unused: str) -> FireStationRequest:
    del used
    return _with_rules(request, open_sites=(SiteChoice(site_id=unused),))


def _forbidden(request: FireStationRequest, used: str, unused: str) -> FireStationRequest:
    del unused
    return _with_rules(request, forbidden_sites=(*request.rules.forbidden_sites, used))


def _added(request: FireStationRequest, used: str, unused: str) -> FireStationRequest:
    del unused
    near = next(site for site in request.sites if site.id == used)
    assert near.lat is not None
    new = near.model_copy(update={"id": "new-site", "lat": near.lat + _NEARBY_DEG})
    return request.model_copy(update={"sites": (*request.sites, new)})


def _moved(request: FireStationRequest, used: str, unused: str) -> FireStationRequest:
    del unused
    sites = tuple(
        site.model_copy(update={"lat": (site.lat or 0.0) + _NEARBY_DEG})
        if site.id == used
        else site
        for site in request.sites
    )
    return request.model_copy(update={"sites": sites})


def _with_rules(request: FireStationRequest, **rules: object) -> FireStationRequest:
    return request.model_copy(update={"rules": request.rules.model_copy(update=rules)})


def _answer(
    request: FireStationRequest, start: FireStationAnswer | None = None
) -> FireStationAnswer:
    plan = None if start is None else start.plan
    return solve(request, RunControl(_LIMITS), start=plan, extras=Extras(explain=False))


def _sites_alone(name: str) -> FireStationRequest:
    return example(name).model_copy(update={"staffing": None, "staging": None})


@pytest.fixture(scope="module")
def solved() -> FireStationAnswer:
    """The city's default order, proven."""
    return _answer(_sites_alone("pingshan-fire-stations"))


@pytest.mark.slow
@pytest.mark.parametrize("change", [_locked, _forbidden, _added, _moved])
def test_one_site_changed_is_proven_again(
    benchmark: BenchmarkFixture, solved: FireStationAnswer, change: Change
) -> None:
    request = _sites_alone("pingshan-fire-stations")
    assert solved.plan is not None
    opened = {one.site_id for one in solved.plan.stations}
    candidates = [site.id for site in request.sites if site.station is None]
    used = next(one for one in candidates if one in opened)
    unused = next(one for one in candidates if one not in opened)
    changed = change(request, used, unused)
    answer = benchmark.pedantic(_answer, (changed, solved), rounds=1)
    benchmark.extra_info |= {level.kind: level.wall_s for level in answer.run.levels}
    assert answer.run.status is Status.OPTIMAL
    if change is not _moved:
        cold = _answer(changed)
        values = [level.objective for level in cold.run.levels]
        assert [level.objective for level in answer.run.levels] == pytest.approx(values, rel=1e-6)


@pytest.fixture(scope="module")
def every_station() -> tuple[FireStationRequest, FireStationPlan]:
    """Every station the district can have: in service, idle, detachments, and ten new ones."""
    request = _sites_alone("pingshan-idle-first-then-build")
    answer = _answer(request)
    assert answer.plan is not None
    assert len(answer.plan.stations) == 32
    return request, answer.plan


@pytest.fixture(scope="module", params=["with-detachments", "stations-alone"])
def stations(
    request: pytest.FixtureRequest, every_station: tuple[FireStationRequest, FireStationPlan]
) -> Solution:
    """Return the 32 stations there can be, or the 27 that are no detachments."""
    asked, plan = every_station
    if request.param == "stations-alone":
        kept = tuple(one for one in plan.stations if one.class_id != "detachment")
        assert len(kept) == 27
        plan = plan.model_copy(update={"stations": kept})
    return Solution.of_plan(Instance.from_request(asked), plan)


# People and vehicles at hand as shares of what the classes ask for, and what may be added.
_SHARES = ((0.3, 0.85), (0.35, 1.0), (0.45, 1.0), (0.6, 0.8), (0.75, 0.75), (0.9, 0.6), (1.1, 1.1))
_MIXES = [
    pytest.param(people, vehicles, more, id=f"{people:.0%}-people-{vehicles:.0%}-vehicles-{more}")
    for people, vehicles in _SHARES
    for more in ("nothing", "some")
]


@pytest.mark.slow
@pytest.mark.parametrize(("people", "vehicles", "more"), _MIXES)
def test_scarce_crews_are_shared_out(
    benchmark: BenchmarkFixture, stations: Solution, people: float, vehicles: float, more: str
) -> None:
    solution = _staffed(stations, people, vehicles, some=more == "some")
    plan = benchmark.pedantic(staffing, (solution, RunControl(_LIMITS)), rounds=1)
    benchmark.extra_info |= {level.kind: level.wall_s for level in plan.levels}
    assert plan.status is Status.OPTIMAL


def _staffed(stations: Solution, people: float, vehicles: float, *, some: bool) -> Solution:
    """Return the stations with so much at hand, the shares rounded down."""
    request = stations.instance.request
    classes = {one.id: one for one in stations.instance.classes}
    of_class = [classes[one.class_id] for one in stations.to_plan(None).stations]
    duty = sum(one.on_duty_people for one in of_class)
    kinds = sorted({kind for one in of_class for kind in one.vehicles})
    norm = {kind: sum(one.vehicles.get(kind, 0) for one in of_class) for kind in kinds}
    asked = Staffing(
        people_at_hand=int(people * duty * request.shift_count),
        people_hired_max=97 if some else 0,
        hire_cost_yearly=180_000.0,
        vehicles_at_hand={kind: int(vehicles * count) for kind, count in norm.items()},
        vehicles_bought_max=dict.fromkeys(kinds, 3 if some else 0),
        vehicle_price={kind: 1_000_000.0 + 370_000.0 * k for k, kind in enumerate(kinds)},
    )
    changed = request.model_copy(update={"staffing": asked})
    return Solution(Instance.from_request(changed), stations.chosen)
