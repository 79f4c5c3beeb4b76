"""The figures of a solution, and who has no place and why."""

from collections.abc import Iterator

import numpy as np

from models.shelters.objectives import OpeningCost, Unmet, UnmetRisk, Walk
from models.shelters.plan import (
    ROOM,
    AreaReading,
    Fill,
    Reason,
    ScenarioFigures,
    ShelterFigures,
    ShelterPlan,
    WithoutPlace,
)
from optimizer.demand import FloatArray
from optimizer.shelters.instance import (
    BoolArray,
    Instance,
    accessible_to,
    equipped_for,
    walk_limit_m,
)
from optimizer.shelters.solution import Solution

P90 = 0.9


def complete_plan(solution: Solution) -> ShelterPlan:
    """Return the plan with all its figures."""
    request = solution.instance.request
    values = tuple(solution.objective(one) for one in request.objectives)
    return solution.bare_plan().model_copy(
        update={
            "without_place": tuple(without_place(solution)),
            "fills": tuple(_fills(solution)),
            "objective_values": values,
            "figures": figures(solution),
        }
    )


def figures(solution: Solution) -> ShelterFigures:
    """Return what the solution achieves and costs."""
    return ShelterFigures(
        expected_unmet=solution.objective(Unmet()),
        unmet_risk=solution.objective(UnmetRisk()),
        open_cost=solution.objective(OpeningCost()),
        new_sites=int((solution.open & ~solution.instance.standing).sum()),
        upgraded_sites=int(
            (solution.open & solution.instance.standing & ~solution.instance.existing).sum()
        ),
        expected_person_metres=solution.objective(Walk()),
        scenarios=tuple(_scenario(solution, s) for s in range(len(solution.unmet))),
        readings=tuple(_readings(solution)),
    )


def _scenario(solution: Solution, s: int) -> ScenarioFigures:
    instance = solution.instance
    mine = (instance.arcs.scenario == s) & (solution.people > 0)
    rides = instance.fetched[instance.arcs.unit]
    walk_m, people = instance.arcs.walk_m[mine & ~rides], solution.people[mine & ~rides]
    walkers, fetched = float(people.sum()), float(solution.people[mine & rides].sum())
    return ScenarioFigures(
        scenario_id=instance.request.scenarios[s].id,
        leaving=float(instance.leaving[s].sum()),
        sheltered=walkers + fetched,
        unmet=float(solution.unmet[s].sum()),
        fetched=fetched,
        mean_walk_m=float(walk_m @ people) / walkers if walkers > 0 else None,
        p90_walk_m=_quantile(walk_m, people, P90),
        worst_walk_m=float(walk_m.max()) if len(walk_m) else None,
    )


def _quantile(values: FloatArray, weights: FloatArray, share: float) -> float | None:
    """Return the least value that ``share`` of the weight does not exceed."""
    if not len(values):
        return None
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    first = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-9)))
    return float(values[order][first])


def without_place(solution: Solution) -> Iterator[WithoutPlace]:
    """Yield everyone without a place, with the reason."""
    instance = solution.instance
    request = instance.request
    for s, unit in zip(*np.nonzero(solution.unmet), strict=True):
        yield WithoutPlace(
            scenario_id=request.scenarios[s].id,
            block_id=request.blocks[instance.unit_block[unit]].id,
            group=instance.groups[instance.unit_group[unit]].id,
            people=float(solution.unmet[s, unit]),
            reason=_reason(solution, int(s), int(unit)),
        )


def _reason(solution: Solution, s: int, unit: int) -> Reason:
    instance = solution.instance
    request, group = instance.request, instance.groups[instance.unit_group[unit]]
    near = _within_reach(instance, s, unit)
    if not near.any():
        return "too_late" if group.fetched else "too_far"
    near &= accessible_to(request, group)
    if not near.any():
        return "not_accessible"
    near &= equipped_for(request, group)
    if not near.any():
        return "not_equipped"
    usable = near & (instance.capacity_m2[s] > 0)
    if not usable.any():
        return "in_hazard"
    each = max(request.scenarios[s].m2_per_person, group.m2_per_person)
    if (usable & solution.open & (_room_m2(solution, s) > ROOM * each)).any():
        return "waiting" if group.fetched else "kept_out"
    return "not_open" if (usable & ~solution.open).any() else "full"


def _within_reach(instance: Instance, s: int, unit: int) -> BoolArray:
    """Return the sites that people walk to within their limit, or are brought to in time."""
    group, block = instance.groups[instance.unit_group[unit]], instance.unit_block[unit]
    if not group.fetched:
        own = instance.request.scenarios[s].walk_limit_m
        limit_m = min(walk_limit_m(instance.request, group), np.inf if own is None else own)
        near: BoolArray = instance.walks_m(s)[block] <= limit_m
        return near
    if instance.rides is None:
        return np.zeros(len(instance.existing), dtype=np.bool_)
    served: BoolArray = instance.rides.in_time(s)[block].copy()
    return served


def _room_m2(solution: Solution, s: int) -> FloatArray:
    """Return the space that nobody takes in each site."""
    arcs, sites = solution.instance.arcs, len(solution.open)
    taken = np.where(arcs.scenario == s, solution.people * arcs.m2, 0.0)
    used = np.bincount(arcs.site, weights=taken, minlength=sites)
    room: FloatArray = solution.instance.capacity_m2[s] - used
    return room


def _fills(solution: Solution) -> Iterator[Fill]:
    instance = solution.instance
    request, sites = instance.request, len(solution.open)
    place = instance.arcs.scenario * sites + instance.arcs.site
    size = instance.capacity_m2.size
    people = np.bincount(place, weights=solution.people, minlength=size)
    used = np.bincount(place, weights=solution.people * instance.arcs.m2, minlength=size)
    for s, scenario in enumerate(request.scenarios):
        for j in np.flatnonzero(solution.open).tolist():
            inside = float(people[s * sites + j])
            yield Fill(
                scenario_id=scenario.id,
                site_id=request.sites[j].id,
                people=inside,
                used_m2=float(used[s * sites + j]),
                capacity_m2=float(instance.capacity_m2[s, j]),
                effective_m2_per_person=_per(instance.capacity_m2[s, j], inside),
                gross_m2_per_person=_per(instance.gross_m2[j], inside),
            )


def _per(area_m2: float, people: float) -> float | None:
    return float(area_m2) / people if people > 0 else None


def _readings(solution: Solution) -> Iterator[AreaReading]:
    """Yield the open area per resident: of all, of each area, of each walking catchment."""
    instance = solution.instance
    yield _reading(solution, "city", None, instance.blocks_in(None), instance.sites_in(None))
    for area in instance.request.areas:
        yield _reading(
            solution, "area", area.id, instance.blocks_in(area.id), instance.sites_in(area.id)
        )
    nearest = _nearest(solution)
    for j in np.flatnonzero(solution.open).tolist():
        own = np.arange(len(solution.open)) == j
        yield _reading(solution, "catchment", instance.request.sites[j].id, nearest == j, own)
    if (nearest < 0).any():
        nothing = np.zeros(len(solution.open), dtype=np.bool_)
        yield _reading(solution, "catchment", None, nearest < 0, nothing)


def _nearest(solution: Solution) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return each block's nearest open site, of equal ones the first; -1 beyond the limit."""
    walk_m = np.where(solution.open, solution.instance.walks_m(0), np.inf)
    nearest = walk_m.argmin(axis=1)
    within = walk_m.min(axis=1) <= solution.instance.request.rules.walk_limit_m
    return np.where(within, nearest, -1)


def _reading(
    solution: Solution, scope: str, name: str | None, blocks: BoolArray, sites: BoolArray
) -> AreaReading:
    instance, mine = solution.instance, sites & solution.open
    return AreaReading.model_validate(
        {
            "scope": scope,
            "id": name,
            "residents": float(instance.residents[blocks].sum()),
            "effective_m2": float(instance.effective_m2[mine].sum()),
            "gross_m2": float(instance.gross_m2[mine].sum()),
        }
    )
