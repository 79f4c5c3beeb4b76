"""The day itself: what goes from where to where, given what is there and what has happened.

The recourse alone: nothing is decided beforehand, and one situation is known. Its value is proven
by the duals of its program or the cut of its flow.
"""

from collections import defaultdict
from dataclasses import replace

import numpy as np

from models.dispatch.incidents import AmountNeed, Incident
from models.dispatch.request import DispatchRequest, TravelMode
from models.faults import Fault
from models.run import LevelReport, RunReport, Status, StopReason
from models.stockpiles import StockPlan, StockRequest
from models.stockpiles.day import LOAD, StockDayAnswer, StockDayRequest
from models.stockpiles.plan import Deliveries, Trip
from models.stockpiles.scenarios import StockScenario
from models.text import Label, Text
from models.travel import ByMatrix
from optimizer.algorithms.two_stage import Responder
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.errors import InputError
from optimizer.judging import closed
from optimizer.listing import repeated, unknown_references
from optimizer.record import run_record
from optimizer.stockpiles.assumptions import assumptions
from optimizer.stockpiles.balance import holding
from optimizer.stockpiles.checks import check
from optimizer.stockpiles.explain import explain_day
from optimizer.stockpiles.figures import complete_plan
from optimizer.stockpiles.fleet import Fleet, brought, simplest
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.levels import solution_of
from optimizer.stockpiles.outcomes import outcome
from optimizer.stockpiles.recourse import Response, grouped
from optimizer.stockpiles.replies import Replies
from optimizer.stockpiles.situations import Situations
from optimizer.stockpiles.solution import Solution, first_of_plan
from optimizer.stockpiles.verify import verify_day
from optimizer.travel.report import travel_report
from optimizer.travel.states import with_first
from optimizer.verification import insist

_SEVERITY_MOST = 10_000
_TIERS = Label(en="tiers", zh="层级")
_LEAST_KG = 1e-6


def solve_day(
    request: StockDayRequest, control: RunControl, *, store: Store | None = None
) -> StockDayAnswer:
    """Return the deliveries that leave least unmet today, verified, and what vehicles are for.

    Raises
    ------
    InputError
        The request names what does not exist, or contradicts itself.
    """
    check_day(request, store)
    asked = request.asked
    instance = Instance.from_request(simplest(asked) if request.vehicles else asked, store)
    if request.vehicles:
        solution, bound, trips = _by_vehicle(request, instance, control)
        plan = complete_plan(solution).model_copy(update={"trips": trips})
    else:
        solution, bound = _best(instance, request.plan, control)
        plan = complete_plan(solution)
    driven = np.array(request.carried_sources) if request.vehicles else None
    value = solution.value(0)
    proven = closed(value, bound)
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    stop = StopReason.PROOF if proven else StopReason.CONVERGED
    level = LevelReport(
        kind="unmet",
        sense="min",
        status=status,
        stop=stop,
        objective=value,
        bound=min(bound, value),
        final=value,
        wall_s=control.elapsed_s,
    )
    sites = tuple(one.as_site() for one in asked.sources)
    travel = travel_report(asked.travel, instance.travel, (instance.demand, sites), store)
    record = run_record(request, control.limits, (level,), steady=False)
    return StockDayAnswer(
        plan=plan,
        run=RunReport(
            status=status,
            stop=stop,
            levels=(level,),
            wall_s=control.elapsed_s,
            backend=control.limits.backend,
            record=record,
        ),
        verification=insist(verify_day(request, plan, store)),
        explanation=explain_day(solution, driven),
        assumptions=assumptions(asked),
        travel=travel,
        illustrative=request.illustrative or travel.illustrative,
        dispatch=_dispatch(request, instance, plan.deliveries[0]),
    )


def check_day(request: StockDayRequest, store: Store | None) -> None:
    """Raise for every fault of the stockpile request, the day and the vehicles, by their paths.

    Raises
    ------
    InputError
        With the faults.
    """
    del store
    found = []
    for one in check(request.asked):
        today = one.path.startswith("scenarios[0]")
        path = f"today{one.path[12:]}" if today else f"stockpiles.{one.path}"
        found.append(one.model_copy(update={"path": path}))
    found += repeated("vehicles", [one.id for one in request.vehicles])
    found += [
        Fault(path=f"vehicles[{n}].amounts", need=Text(code="fault.stockpiles.load"))
        for n, one in enumerate(request.vehicles)
        if one.amounts.get(LOAD, 0.0) <= 0.0
    ]
    tiers = [one.id for one in request.stockpiles.tiers]
    carried = [(f"carried_tiers[{n}]", one) for n, one in enumerate(request.carried_tiers or ())]
    found += unknown_references("tiers", carried, tiers, _TIERS)
    if found:
        raise InputError(tuple(found))


def deliveries_today(
    request: StockRequest,
    plan: StockPlan | None,
    today: StockScenario,
    control: RunControl,
    store: Store | None = None,
) -> Deliveries:
    """Return the deliveries that leave least unmet today.

    ``plan`` says what is held, agreed and given; None: the lots of the request, as far as they are
    sure, and the kits that people have.
    """
    asked = StockDayRequest(stockpiles=request, today=today, limits=request.limits).asked
    solution, _ = _best(Instance.from_request(asked, store), plan, control)
    return complete_plan(solution).deliveries[0]


def _best(
    instance: Instance, plan: StockPlan | None, control: RunControl
) -> tuple[Solution, float]:
    """Return the best recourse to what is there, and the bound that proves it."""
    formulation = Formulation.of(instance)
    first = first_of_plan(formulation.first, holding(instance) if plan is None else plan)
    # One small program: it is let end, whatever the clock says.
    endless = RunControl(control.limits.model_copy(update={"time_limit_s": 604_800.0}))
    reply = Replies(formulation.responses, endless, keep=False).columns(first, endless)
    assert reply is not None
    worth, slope, columns = reply
    solution = replace(solution_of(formulation, first, columns), slope=slope[0])
    return solution, float(worth[0])


def _by_vehicle(
    request: StockDayRequest, instance: Instance, control: RunControl
) -> tuple[Solution, float, tuple[Trip, ...]]:
    """Return what the vehicles' trips bring, the bound on any trips, and the trips."""
    situations = Situations(instance, instance.request.scenarios)
    formulation = Formulation(instance, situations.every, situations.probability)
    first = formulation.first
    held = first_of_plan(first, holding(instance) if request.plan is None else request.plan)
    (situation,) = situations.every
    # Ways differ by block, so that no blocks are alike to a vehicle.
    alone = grouped(situation, np.arange(len(instance.request.blocks)))
    response = Response(instance, first, situation, alone)
    fleet = Fleet(request, instance, situations)
    endless = RunControl(control.limits.model_copy(update={"time_limit_s": 604_800.0}))
    limited = fleet.limited(response)
    reply = Responder(lambda _: limited, endless.limits, keep=False).reply(0, held, endless)
    assert reply is not None
    wanted = outcome(response, held, reply.columns)
    trips = fleet.trips(wanted, first.handled_m3(held))
    found = brought(instance, wanted, fleet.carried, trips)
    return Solution(first, held, (found,), formulation.probability, reply.slope), reply.worth, trips


def _dispatch(
    request: StockDayRequest, instance: Instance, sent: Deliveries
) -> DispatchRequest | None:
    """Return the loads as incidents at their depots; None without vehicles, loads or positions."""
    asked = instance.request
    if not request.vehicles or isinstance(asked.travel, ByMatrix):
        return None
    travel_s = Situations(instance, asked.scenarios).travel_s(request.today)
    loads: dict[tuple[int, int, int], float] = defaultdict(float)
    worth: dict[tuple[int, int, int], float] = defaultdict(float)
    unit_worth = instance.worth  # the first exchanges are of items with themselves
    for band, source, block, item, need, quantity in zip(
        sent.band, sent.source, sent.block, sent.item, sent.need, sent.quantity, strict=True
    ):
        key = source, block, band
        loads[key] += quantity * asked.items[item].weight_kg
        worth[key] += quantity * unit_worth[need]
    incidents = []
    for (n, j, b), kilograms in sorted(loads.items()):
        if kilograms <= _LEAST_KG:
            continue
        source, block = asked.sources[n], asked.blocks[j]
        way_s, hand_over_s = float(travel_s[n, j]), float(instance.hand_over_s[n])
        incidents.append(
            Incident(
                id=f"{source.id}>{block.id}>{asked.bands[b].id}",
                name=_from_to(source.name or _plain(source.id), block.name or _plain(block.id)),
                kind="supplies",
                lat=source.lat,
                lon=source.lon,
                x_m=source.x_m,
                y_m=source.y_m,
                zone=source.area,
                severity=int(np.clip(round(worth[n, j, b]), 1, _SEVERITY_MOST)),
                needs=(AmountNeed(of=LOAD, amount=kilograms),),
                full_within_s=max(0.0, asked.bands[b].end_s - way_s - hand_over_s),
                on_scene_s=2.0 * way_s + hand_over_s,
                illustrative=request.illustrative,
            )
        )
    if not incidents:
        return None
    travel = with_first(asked.travel, request.today.travel_scenario)
    modes = sorted({one.mode for one in request.vehicles})
    return DispatchRequest(
        name=request.name,
        teams=request.vehicles,
        incidents=tuple(incidents),
        modes=tuple(TravelMode(id=one, travel=travel) for one in modes),
        areas=asked.areas,
        backdrop=asked.backdrop,
        source_crs=asked.source_crs,
        illustrative=request.illustrative,
    )


def _from_to(source: Label, block: Label) -> Label:
    return Label(en=f"{source.en} → {block.en}", zh=f"{source.zh} → {block.zh}")


def _plain(name: str) -> Label:
    return Label(en=name, zh=name)
