"""Orders that somebody else made, as pairs of groups and teams: to be judged, or to start from."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.dispatch import DispatchPlan, Order
from models.faults import Fault
from models.text import Text
from optimizer.dispatch.crews import NOBODY
from optimizer.dispatch.greedy import as_ordered
from optimizer.dispatch.instance import Instance
from optimizer.dispatch.solution import Solution
from optimizer.errors import InputError

IntArray = NDArray[np.intp]


def as_given(instance: Instance, plan: DispatchPlan) -> Solution:
    """Return the orders of a plan as they are, whatever rules they break, beside what is fixed.

    Orders that name no need fill as many as they can.

    Raises
    ------
    InputError
        An order names nobody, a team twice, one that is settled elsewhere, or one that cannot
        get there at all.
    """
    faults = tuple(_faults(instance, plan))
    if faults:
        raise InputError(faults)
    return Solution(instance, *_pairs(instance, plan))


def start_from(instance: Instance, plan: DispatchPlan) -> Solution | None:
    """Return what can be kept of a plan's orders, None where nothing can or a reserve breaks."""
    known = _known(instance)
    usable = plan.model_copy(
        update={"orders": tuple(one for one in plan.orders if _places(known, one) is not None)}
    )
    group, team = _pairs(instance, usable)
    keep = instance.reach[group, team]
    solution = Solution.of(instance, group[keep], team[keep])
    chosen = np.zeros(len(instance.request.teams), dtype=np.bool_)
    chosen[solution.team] = True
    over = (solution.filled > instance.groups.slots) & ~instance.groups.is_amount
    if not len(solution.team) or over.any() or instance.reserve.breaks(chosen):
        return None
    return solution


Known = tuple[dict[str, int], dict[str, int]]  # teams and incidents by id


def _known(instance: Instance) -> Known:
    request = instance.request
    return (
        {one.id: t for t, one in enumerate(request.teams)},
        {one.id: i for i, one in enumerate(request.incidents)},
    )


def _places(known: Known, order: Order) -> tuple[int, int] | None:
    """Return team and incident of an order, None where one of them is not there."""
    team, incident = known[0].get(order.team_id), known[1].get(order.incident_id)
    return None if team is None or incident is None else (team, incident)


def _faults(instance: Instance, plan: DispatchPlan) -> Iterator[Fault]:
    known, seen = _known(instance), set[int]()
    settled = dict(zip(instance.fixed.team.tolist(), instance.fixed.incident.tolist(), strict=True))
    for k, order in enumerate(plan.orders):
        path = f"plan.orders[{k}]"
        for name, value, ids in (
            ("team_id", order.team_id, known[0]),
            ("incident_id", order.incident_id, known[1]),
        ):
            if value not in ids:
                listed = ", ".join(sorted(ids)[:20]) or "–"
                yield _fault(f"{path}.{name}", "fault.reference", value, known=listed)
        places = _places(known, order)
        if places is None:
            continue
        team, incident = places
        if team in seen:
            yield _fault(f"{path}.team_id", "fault.dispatch.ordered_twice", order.team_id)
        seen.add(team)
        if settled.get(team, incident) != incident:
            there = instance.request.incidents[settled[team]].id
            yield _fault(
                f"{path}.incident_id", "fault.dispatch.settled", order.incident_id, there=there
            )
        elif not np.isfinite(instance.delay_s[incident, team]):
            code = "fault.dispatch.pin_unreachable"
            yield _fault(f"{path}.team_id", code, order.team_id, incident=order.incident_id)


def _fault(path: str, code: str, value: str, **values: str) -> Fault:
    return Fault(path=path, value=value, need=Text(code=code, values={**values}))


def _pairs(instance: Instance, plan: DispatchPlan) -> tuple[IntArray, IntArray]:
    """Return the pairs (group, team) of all orders that are not settled anyway."""
    known, groups = _known(instance), instance.groups
    going = np.full(len(instance.request.teams), NOBODY, dtype=np.intp)
    orders: dict[int, Order] = {}
    for one in plan.orders:
        places = _places(known, one)
        if places is not None and places[0] not in instance.fixed.team:
            going[places[0]] = places[1]
            orders[places[0]] = one
    said = {t: (one.need, one.first_due) for t, one in orders.items() if one.need is not None}
    team_group = as_ordered(instance, going, said)
    found: list[tuple[int, int]] = []
    for team, one in orders.items():
        own = groups.incident == going[team]
        if team_group[team] == NOBODY:  # It breaks a rule there, and is shown to.
            named = own & (groups.need == one.need)
            team_group[team] = np.flatnonzero(named if named.any() else own)[0]
        found.append((int(team_group[team]), team))
        for extra in one.extra_needs:
            found += [(int(g), team) for g in np.flatnonzero(own & (groups.need == extra))[:1]]
    table = np.array(found, dtype=np.intp).reshape(-1, 2)
    return table[:, 0], table[:, 1]
