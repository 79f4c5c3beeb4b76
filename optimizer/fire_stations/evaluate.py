"""A proposal made elsewhere: the same figures, rule by rule, and how far from the best it is."""

import time
from collections import Counter

from models.answer import Verification
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.fire_stations.objectives import MAXIMISED, Combination
from models.fire_stations.plan import PlannedStation
from models.places import Change, Station, StationStatus
from models.run import LevelReport, Status, StopReason
from optimizer.datasets import Store
from optimizer.fire_stations.assumptions import assumptions
from optimizer.fire_stations.grounds import grounds
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.values import level_value
from optimizer.fire_stations.verify import figures, verify
from optimizer.fire_stations.verify.objectives import objective_value
from optimizer.fire_stations.verify.question import Question
from optimizer.fire_stations.verify.reach import situation
from optimizer.fire_stations.verify.stations import read_stations
from optimizer.judging import bounds_of, judged, run_of


def evaluate(
    request: FireStationRequest,
    plan: FireStationPlan,
    *,
    against: FireStationAnswer | None = None,
    store: Store | None = None,
) -> FireStationAnswer:
    """Return the figures of a proposal, its checks, and its distance from a proven best.

    Only the proposal's stations are taken from ``plan``; those in service that may not close
    are kept where it does not mention them. What it claims of a station is checked. A rule it
    breaks is a failed check of the answer, and its status is then ``unknown``; a proposal
    that keeps every rule is ``feasible``, and ``optimal`` where it attains every bound of
    ``against``. From the second level on a bound holds for plans that keep what the best kept
    of the levels before.

    Raises
    ------
    InputError
        The request contradicts itself, or ``against`` answers another.
    """
    began = time.monotonic()
    instance = Instance.from_request(request, store)
    bounds = bounds_of(request, against)
    counted = _counted(instance, with_kept(request, plan), store)
    verification = verify(request, counted, store)
    levels = _levels(instance, counted, bounds, verification)
    travel = grounds(instance, counted, store)
    return FireStationAnswer(
        plan=counted,
        run=run_of(levels, time.monotonic() - began),
        verification=verification,
        assumptions=assumptions(request, instance.classes, instance.standard),
        travel=travel,
        illustrative=request.illustrative or travel.illustrative,
    )


def with_kept(request: FireStationRequest, plan: FireStationPlan) -> FireStationPlan:
    """Return the plan with every station in service that must stay and is not mentioned."""
    mentioned = {one.site_id for one in plan.stations}
    mentioned |= {one.moved_from for one in plan.stations if one.moved_from is not None}
    kept = tuple(
        PlannedStation(site_id=site.id, class_id=site.station.class_id)
        for site in request.sites
        if site.station is not None and _stays(site.station) and site.id not in mentioned
    )
    return FireStationPlan(stations=(*plan.stations, *kept))


def _stays(station: Station) -> bool:
    return station.status is StationStatus.IN_SERVICE and Change.CLOSE not in station.may


def _counted(instance: Instance, proposal: FireStationPlan, store: Store | None) -> FireStationPlan:
    """Return the proposal with its figures; those of stations it claims itself are left."""
    solution = Solution.of_plan(instance, proposal)
    once = all(count == 1 for count in Counter(one.site_id for one in proposal.stations).values())
    if solution is None or not once:
        return _counted_by_verifier(instance.request, proposal, store)
    counted = solution.to_plan(store)
    made = {one.site_id: one for one in counted.stations}
    stations = tuple(
        made[one.site_id].model_copy(update=one.model_dump(exclude_none=True))
        for one in proposal.stations
    )
    ordered = sorted(stations, key=lambda one: list(made).index(one.site_id))
    return counted.model_copy(update={"stations": tuple(ordered)})


def _counted_by_verifier(
    request: FireStationRequest, proposal: FireStationPlan, store: Store | None
) -> FireStationPlan:
    """Return a proposal that is no choice of the request's options, with figures where any are.

    The verifier counts whatever stands at a site of the request and is of a class it knows.
    """
    question = Question.read(request, store)
    reading = read_stations(question, proposal.stations)
    if len(reading.stations) != len(proposal.stations):
        return proposal
    now = situation(question, reading.stations, request.objectives)
    values = tuple(objective_value(now, one) for one in request.objectives)
    update = {"objective_values": values, "after": figures(request, proposal.stations, store)}
    return proposal.model_copy(update=update)


def _levels(
    instance: Instance,
    plan: FireStationPlan,
    bounds: tuple[float | None, ...],
    verification: Verification,
) -> tuple[LevelReport, ...]:
    """Return one report a level: the proposal's value against the proven bound."""
    request = instance.request
    weighted = request.combination is Combination.WEIGHTED_SUM
    kinds = ("weighted_sum",) if weighted else tuple(one.kind for one in request.objectives)
    found: list[LevelReport] = []
    for level, kind in enumerate(kinds):
        values = plan.objective_values
        value = None if values is None else level_value(instance, values, level)
        bound = bounds[level] if level < len(bounds) else None
        report = LevelReport(
            kind=kind,
            sense="max" if weighted or kind in MAXIMISED else "min",
            status=Status.UNKNOWN,
            stop=StopReason.PROOF,
            objective=value,
            bound=bound,
            final=value,
        )
        found.append(judged(report, kept=verification.passed))
    return tuple(found)
