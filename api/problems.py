"""The kinds of question there are: one table of their models, their engines and their checks."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from api.render.areas import ancestors, parents
from models.answer import Verification
from models.dispatch import DispatchAnswer, DispatchPlan, DispatchRequest
from models.dispatch.phase import PhaseAnswer, PhasePlan, PhaseRequest
from models.dispatch.positioning import PositioningAnswer, PositioningPlan, PositioningRequest
from models.dispatch.readiness import ReadinessAnswer, ReadinessPlan, ReadinessRequest
from models.facilities import FacilityAnswer, FacilityPlan, FacilityRequest
from models.faults import Fault
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.places import DemandPoint, DemandTable
from models.rotation import RotationAnswer, RotationPlan, RotationRequest
from models.run import RunRecord
from models.shelters import ShelterAnswer, ShelterPlan, ShelterRequest
from models.shelters.opening import OpeningAnswer, OpeningOrder, OpeningRequest
from models.stockpiles import StockAnswer, StockPlan, StockRequest
from models.stockpiles.day import StockDayAnswer, StockDayRequest
from models.text import Text
from optimizer import Extras
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.demand import DemandArrays
from optimizer.dispatch.evaluate import evaluate as evaluate_dispatch
from optimizer.dispatch.instance import Instance as DispatchInstance
from optimizer.dispatch.phase.instance import Instance as PhaseInstance
from optimizer.dispatch.phase.verify import verify as verify_phase
from optimizer.dispatch.positioning.instance import Instance as PositioningInstance
from optimizer.dispatch.positioning.solve import replay as replay_positioning
from optimizer.dispatch.positioning.solve import solve as plan_positions
from optimizer.dispatch.positioning.verify import verify as verify_positions
from optimizer.dispatch.readiness.instance import Instance as ReadinessInstance
from optimizer.dispatch.readiness.solve import replay as replay_readiness
from optimizer.dispatch.readiness.solve import solve as plan_readiness
from optimizer.dispatch.readiness.verify import verify as verify_readiness
from optimizer.dispatch.solve import replay as replay_dispatch
from optimizer.dispatch.solve import solve as dispatch
from optimizer.dispatch.verify import verify as verify_dispatch
from optimizer.errors import InputError
from optimizer.facilities.evaluate import evaluate as evaluate_facilities
from optimizer.facilities.instance import Instance as FacilityInstance
from optimizer.facilities.replay import replay as replay_facilities
from optimizer.facilities.solve import solve as site_facilities
from optimizer.facilities.verify import verify as verify_facilities
from optimizer.fire_stations.evaluate import evaluate as evaluate_fire_stations
from optimizer.fire_stations.instance import Instance as FireStationInstance
from optimizer.fire_stations.replay import replay as replay_fire_stations
from optimizer.fire_stations.solve import solve as site_fire_stations
from optimizer.fire_stations.verify import verify as verify_fire_stations
from optimizer.rotation.evaluate import evaluate as evaluate_rotation
from optimizer.rotation.instance import Instance as RotationInstance
from optimizer.rotation.replay import replay as replay_rotation
from optimizer.rotation.solve import solve as plan_rotation
from optimizer.rotation.verify import verify as verify_rotation
from optimizer.shelters.day import check_opening
from optimizer.shelters.day import solve_opening as open_shelters
from optimizer.shelters.evaluate import evaluate as evaluate_shelters
from optimizer.shelters.instance import Instance as ShelterInstance
from optimizer.shelters.replay import replay as replay_shelters
from optimizer.shelters.solve import solve as site_shelters
from optimizer.shelters.verify import verify as verify_shelters
from optimizer.shelters.verify.opening import verify_opening
from optimizer.stockpiles.instance import Instance as StockInstance
from optimizer.stockpiles.verify import verify as verify_stockpiles
from optimizer.stockpiles.verify import verify_day as verify_stock_day

AnyRequest = (
    FireStationRequest
    | ShelterRequest
    | FacilityRequest
    | DispatchRequest
    | PhaseRequest
    | ReadinessRequest
    | PositioningRequest
    | OpeningRequest
    | StockRequest
    | StockDayRequest
    | RotationRequest
)
AnyPlan = (
    FireStationPlan
    | ShelterPlan
    | FacilityPlan
    | DispatchPlan
    | PhasePlan
    | ReadinessPlan
    | PositioningPlan
    | OpeningOrder
    | StockPlan
    | RotationPlan
)
AnyAnswer = (
    FireStationAnswer
    | ShelterAnswer
    | FacilityAnswer
    | DispatchAnswer
    | PhaseAnswer
    | ReadinessAnswer
    | PositioningAnswer
    | OpeningAnswer
    | StockAnswer
    | StockDayAnswer
    | RotationAnswer
)

DEFAULT_KIND = "fire_stations"  # of requests that name none


@dataclass(frozen=True)
class Problem:
    """One kind of question.

    ``check`` raises for what takes more than one field to see; ``areas`` names the areas that
    demand lies in, ``""`` where it names none; ``size`` counts demand points (None: they lie in a
    dataset) and sites, or what stands for them. ``evaluate`` and ``replay`` are None where the
    engine cannot do that yet; ``starts``: whether a search begins from a plan that is given.
    ``deadline_s`` says when somebody waits for the answer: such a
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
    starts: bool = True


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
    if isinstance(points, tuple):  # no need of the arrays that the check has made and let go
        return {one.area or "" for one in points}
    named = DemandArrays.from_request(points, store).area
    return {""} if named is None else {"" if one is None else str(one) for one in named}


def _zones_of(situation: DispatchRequest) -> set[str]:
    return {one.zone or "" for one in situation.incidents} or {""}


def _areas_watched(request: ReadinessRequest, store: Store | None) -> set[str]:
    """Return the zones that are areas of the request too, and ``""`` for any other."""
    del store
    known = {one.id for one in request.areas}
    return {one.id if one.id in known else "" for one in request.zones}


def _areas_warned(request: PositioningRequest, store: Store | None) -> set[str]:
    del store
    return {one.zone or "" for case in request.scenarios for one in case.incidents}


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


def _replay_phase(request: PhaseRequest, record: RunRecord, store: Store | None) -> PhaseAnswer:
    from optimizer.dispatch.phase.solve import replay  # noqa: PLC0415  as above

    return replay(request, record, store)


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


def _replay_stockpiles(
    request: StockRequest, record: RunRecord, store: Store | None
) -> StockAnswer:
    from optimizer.stockpiles.replay import replay  # noqa: PLC0415  as above

    return replay(request, record, store)


def _send_supplies(request: StockDayRequest, control: RunControl, store: Store | None) -> AnyAnswer:
    from optimizer.stockpiles.today import solve_day  # noqa: PLC0415  as above

    return solve_day(request, control, store=store)


def _check_day(request: StockDayRequest, store: Store | None) -> None:
    from optimizer.stockpiles.today import check_day  # noqa: PLC0415  as above

    check_day(request, store)


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
            kind="facilities",
            request=FacilityRequest,
            plan=FacilityPlan,
            answer=FacilityAnswer,
            check=FacilityInstance.from_request,
            solve=lambda request, control, start, store, extras: site_facilities(
                request, control, start=start, store=store, reasons=extras.explain
            ),
            verify=verify_facilities,
            areas=lambda request, store: _areas_of(request.demand_points, store),
            size=lambda request: (_count(request.demand_points), len(request.sites)),
            evaluate=lambda request, plan, against, store: evaluate_facilities(
                request, plan, against=against, store=store
            ),
            replay=replay_facilities,
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
            replay=_replay_stockpiles,
        ),
        Problem(
            kind="stockpile_day",
            request=StockDayRequest,
            plan=StockPlan,
            answer=StockDayAnswer,
            check=_check_day,
            solve=lambda request, control, _, store, __: _send_supplies(request, control, store),
            verify=verify_stock_day,
            starts=False,
            areas=lambda request, store: _areas_of(request.stockpiles.blocks, store),
            size=lambda request: (
                len(request.stockpiles.blocks),
                len(request.stockpiles.sources),
            ),
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
            evaluate=lambda request, plan, against, store: evaluate_rotation(
                request, plan, against=against, store=store
            ),
            replay=replay_rotation,
            starts=False,
            areas=lambda request, _: {one.area or "" for one in request.depots},
            size=lambda request: (len(request.required), len(request.depots)),
        ),
        Problem(
            kind="dispatch_teams",
            request=DispatchRequest,
            plan=DispatchPlan,
            answer=DispatchAnswer,
            check=DispatchInstance.from_request,
            solve=lambda request, control, start, store, _: dispatch(
                request, control, start=start, store=store
            ),
            verify=verify_dispatch,
            areas=lambda request, _: _zones_of(request),
            size=lambda request: (len(request.incidents), len(request.teams)),
            evaluate=lambda request, plan, against, store: evaluate_dispatch(
                request, plan, against=against, store=store
            ),
            replay=replay_dispatch,
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
            replay=_replay_phase,
        ),
        Problem(
            kind="dispatch_readiness",
            request=ReadinessRequest,
            plan=ReadinessPlan,
            answer=ReadinessAnswer,
            check=ReadinessInstance.from_request,
            solve=lambda request, control, start, store, _: plan_readiness(
                request, control, start=start, store=store
            ),
            verify=verify_readiness,
            areas=_areas_watched,
            size=lambda request: (len(request.zones), len(request.situation.teams)),
            replay=replay_readiness,
        ),
        Problem(
            kind="dispatch_positioning",
            request=PositioningRequest,
            plan=PositioningPlan,
            answer=PositioningAnswer,
            check=PositioningInstance.from_request,
            solve=lambda request, control, start, store, _: plan_positions(
                request, control, start=start, store=store
            ),
            verify=verify_positions,
            areas=_areas_warned,
            size=lambda request: (
                sum(len(one.incidents) for one in request.scenarios),
                len(request.situation.teams),
            ),
            replay=replay_positioning,
        ),
        Problem(
            kind="shelter_opening",
            request=OpeningRequest,
            plan=OpeningOrder,
            answer=OpeningAnswer,
            check=check_opening,
            solve=lambda request, control, _, store, __: open_shelters(
                request, control, store=store
            ),
            verify=verify_opening,
            areas=lambda request, store: _areas_of(request.shelters.blocks, store),
            starts=False,
            size=lambda request: (len(request.shelters.blocks), len(request.shelters.sites)),
        ),
    )
}

EVALUATED = tuple(kind for kind, one in PROBLEMS.items() if one.evaluate is not None)
"""The kinds of question whose plans can be judged."""

Touched = Mapping[str, tuple[str, ...]]
"""Every area of a demand point (``""`` for points without one) with all that it lies in."""


def touched(request: AnyRequest, store: Store | None) -> Touched:
    """Return the areas that the demand of ``request`` lies in."""
    return with_ancestors(request, problem_of(request).areas(request, store))


def with_ancestors(request: AnyRequest, own: Collection[str]) -> Touched:
    """Return areas with all that each lies in."""
    parent = parents(request.areas)
    return {name: ancestors(name, parent) if name else () for name in sorted(own)}
