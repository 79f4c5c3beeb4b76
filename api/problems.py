"""The kinds of question there are: one table of their models, their engines and their checks."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from api.render.areas import ancestors, parents
from models.answer import Verification
from models.dispatch import DispatchAnswer, DispatchPlan, DispatchRequest
from models.dispatch.phase import PhaseAnswer, PhasePlan, PhaseRequest
from models.dispatch.readiness import ReadinessAnswer, ReadinessPlan, ReadinessRequest
from models.faults import Fault
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.places import DemandPoint, DemandTable
from models.rotation import RotationAnswer, RotationPlan, RotationRequest
from models.run import RunRecord
from models.shelters import ShelterAnswer, ShelterPlan, ShelterRequest
from models.stockpiles import StockAnswer, StockPlan, StockRequest
from models.text import Text
from optimizer import Extras
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.demand import DemandArrays
from optimizer.dispatch.instance import Instance as DispatchInstance
from optimizer.dispatch.phase.instance import Instance as PhaseInstance
from optimizer.dispatch.phase.verify import verify as verify_phase
from optimizer.dispatch.readiness.instance import Instance as ReadinessInstance
from optimizer.dispatch.readiness.solve import solve as plan_readiness
from optimizer.dispatch.readiness.verify import verify as verify_readiness
from optimizer.dispatch.solve import solve as dispatch
from optimizer.dispatch.verify import verify as verify_dispatch
from optimizer.errors import InputError
from optimizer.fire_stations.evaluate import evaluate as evaluate_fire_stations
from optimizer.fire_stations.instance import Instance as FireStationInstance
from optimizer.fire_stations.replay import replay as replay_fire_stations
from optimizer.fire_stations.solve import solve as site_fire_stations
from optimizer.fire_stations.verify import verify as verify_fire_stations
from optimizer.rotation.instance import Instance as RotationInstance
from optimizer.rotation.solve import solve as plan_rotation
from optimizer.rotation.verify import verify as verify_rotation
from optimizer.shelters.evaluate import evaluate as evaluate_shelters
from optimizer.shelters.instance import Instance as ShelterInstance
from optimizer.shelters.replay import replay as replay_shelters
from optimizer.shelters.solve import solve as site_shelters
from optimizer.shelters.verify import verify as verify_shelters
from optimizer.stockpiles.instance import Instance as StockInstance
from optimizer.stockpiles.verify import verify as verify_stockpiles

AnyRequest = (
    FireStationRequest
    | ShelterRequest
    | StockRequest
    | RotationRequest
    | DispatchRequest
    | PhaseRequest
    | ReadinessRequest
)
AnyPlan = (
    FireStationPlan
    | ShelterPlan
    | StockPlan
    | RotationPlan
    | DispatchPlan
    | PhasePlan
    | ReadinessPlan
)
AnyAnswer = (
    FireStationAnswer
    | ShelterAnswer
    | StockAnswer
    | RotationAnswer
    | DispatchAnswer
    | PhaseAnswer
    | ReadinessAnswer
)

DEFAULT_KIND = "fire_stations"  # of requests that name none


@dataclass(frozen=True)
class Problem:
    """One kind of question.

    ``check`` raises for what takes more than one field to see; ``areas`` names the areas that
    demand lies in, ``""`` where it names none; ``size`` counts demand points (None: they lie in a
    dataset) and sites, or what stands for them. ``evaluate`` and ``replay`` are None where the
    engine cannot do that yet. ``deadline_s`` says when somebody waits for the answer: such a
    question is one for the processes that stand ready.
    """

    kind: str
    request: type[AnyRequest]
    plan: type[AnyPlan]
    answer: type[AnyAnswer]
    check: Callable[[Any, Store | None], object]
    solve: Callable[[Any, RunControl, Any, Store | None, Extras], AnyAnswer]
    verify: Callable[[Any, Any, Store | None], Verification]
    areas: Callable[[Any, Store | None], Collection[str]]
    size: Callable[[Any], tuple[int | None, int]]
    evaluate: Callable[[Any, Any, Any, Store | None], AnyAnswer] | None = None
    replay: Callable[[Any, RunRecord, Store | None], AnyAnswer] | None = None
    deadline_s: Callable[[Any], float] | None = None


def unable(problem: Problem, able: Callable[[Problem], object]) -> InputError:
    """Return the error of a request of a kind that something cannot be done with yet."""
    kinds = ", ".join(kind for kind, one in PROBLEMS.items() if able(one))
    need = Text(code="need.problem", values={"known": kinds})
    return InputError((Fault(path="kind", value=f'"{problem.kind}"', need=need),))


def about_fire_stations(request: AnyRequest) -> FireStationRequest:
    """Return a request for what can be done with fire stations alone.

    Raises
    ------
    InputError
        It is of another kind.
    """
    if isinstance(request, FireStationRequest):
        return request
    raise unable(problem_of(request), lambda one: one.kind == DEFAULT_KIND)


def problem_of(request: AnyRequest) -> Problem:
    """Return what kind of question ``request`` is."""
    return PROBLEMS[request.kind]


def _areas_of(points: tuple[DemandPoint, ...] | DemandTable, store: Store | None) -> set[str]:
    named = DemandArrays.from_request(points, store).area
    return {""} if named is None else {"" if one is None else str(one) for one in named}


def _zones_of(situation: DispatchRequest) -> set[str]:
    return {one.zone or "" for one in situation.incidents} or {""}


def _areas_watched(request: ReadinessRequest, store: Store | None) -> set[str]:
    """Return the zones that are areas of the request too, and ``""`` for any other."""
    del store
    known = {one.id for one in request.areas}
    return {one.id if one.id in known else "" for one in request.zones}


def _plan_phase(
    request: PhaseRequest,
    control: RunControl,
    start: PhasePlan | None,
    store: Store | None,
    extras: Extras,
) -> PhaseAnswer:
    # Numba takes a third of a second to load, at the start of every process that needs none.
    from optimizer.dispatch.phase.solve import solve  # noqa: PLC0415

    del extras
    return solve(request, control, start=start, store=store)


def _place_stockpiles(
    request: StockRequest,
    control: RunControl,
    start: StockPlan | None,
    store: Store | None,
    extras: Extras,
) -> StockAnswer:
    from optimizer.stockpiles.solve import solve  # noqa: PLC0415 - it brings Numba, too

    del extras
    return solve(request, control, start=start, store=store)


def _evaluate_stockpiles(
    request: StockRequest, plan: StockPlan, against: StockAnswer | None, store: Store | None
) -> StockAnswer:
    from optimizer.stockpiles.evaluate import evaluate  # noqa: PLC0415 - it brings Numba, too

    return evaluate(request, plan, against=against, store=store)


def _count(points: tuple[DemandPoint, ...] | DemandTable) -> int | None:
    return len(points) if isinstance(points, tuple) else None


PROBLEMS: Mapping[str, Problem] = {
    one.kind: one
    for one in (
        Problem(
            kind="fire_stations",
            request=FireStationRequest,
            plan=FireStationPlan,
            answer=FireStationAnswer,
            check=FireStationInstance.from_request,
            solve=lambda request, control, start, store, extras: site_fire_stations(
                request, control, start=start, store=store, extras=extras
            ),
            verify=verify_fire_stations,
            areas=lambda request, store: _areas_of(request.demand_points, store),
            size=lambda request: (_count(request.demand_points), len(request.sites)),
            evaluate=lambda request, plan, against, store: evaluate_fire_stations(
                request, plan, against=against, store=store
            ),
            replay=replay_fire_stations,
        ),
        Problem(
            kind="shelters",
            request=ShelterRequest,
            plan=ShelterPlan,
            answer=ShelterAnswer,
            check=ShelterInstance.from_request,
            solve=lambda request, control, start, store, _: site_shelters(
                request, control, start=start, store=store
            ),
            verify=verify_shelters,
            areas=lambda request, store: _areas_of(request.blocks, store),
            size=lambda request: (len(request.blocks), len(request.sites)),
            evaluate=lambda request, plan, against, store: evaluate_shelters(
                request, plan, against=against, store=store
            ),
            replay=replay_shelters,
        ),
        Problem(
            kind="stockpiles",
            request=StockRequest,
            plan=StockPlan,
            answer=StockAnswer,
            check=StockInstance.from_request,
            solve=_place_stockpiles,
            verify=verify_stockpiles,
            areas=lambda request, store: _areas_of(request.blocks, store),
            size=lambda request: (
                len(request.blocks),
                len(request.depots) + len(request.contracts),
            ),
            evaluate=_evaluate_stockpiles,
        ),
        Problem(
            kind="stock_rotation",
            request=RotationRequest,
            plan=RotationPlan,
            answer=RotationAnswer,
            check=RotationInstance.from_request,
            solve=lambda request, control, _, store, __: plan_rotation(
                request, control, store=store
            ),
            verify=verify_rotation,
            areas=lambda request, _: {one.area or "" for one in request.depots},
            size=lambda request: (len(request.required), len(request.depots)),
        ),
        Problem(
            kind="dispatch_teams",
            request=DispatchRequest,
            plan=DispatchPlan,
            answer=DispatchAnswer,
            check=DispatchInstance.from_request,
            solve=lambda request, control, _, store, __: dispatch(request, control, store=store),
            verify=verify_dispatch,
            areas=lambda request, _: _zones_of(request),
            size=lambda request: (len(request.incidents), len(request.teams)),
            deadline_s=lambda request: request.deadline_ms / 1000.0,
        ),
        Problem(
            kind="dispatch_phase",
            request=PhaseRequest,
            plan=PhasePlan,
            answer=PhaseAnswer,
            check=PhaseInstance.from_request,
            solve=_plan_phase,
            verify=verify_phase,
            areas=lambda request, _: _zones_of(request.situation),
            size=lambda request: (
                len(request.situation.incidents),
                len(request.situation.teams),
            ),
        ),
        Problem(
            kind="dispatch_readiness",
            request=ReadinessRequest,
            plan=ReadinessPlan,
            answer=ReadinessAnswer,
            check=ReadinessInstance.from_request,
            solve=lambda request, control, _, store, __: plan_readiness(
                request, control, store=store
            ),
            verify=verify_readiness,
            areas=_areas_watched,
            size=lambda request: (len(request.zones), len(request.situation.teams)),
        ),
    )
}

Touched = Mapping[str, tuple[str, ...]]
"""Every area of a demand point (``""`` for points without one) with all that it lies in."""


def touched(request: AnyRequest, store: Store | None) -> Touched:
    """Return the areas that the demand of ``request`` lies in."""
    return with_ancestors(request, problem_of(request).areas(request, store))


def with_ancestors(request: AnyRequest, own: Collection[str]) -> Touched:
    """Return areas with all that each lies in."""
    parent = parents(request.areas)
    return {name: ancestors(name, parent) if name else () for name in sorted(own)}
