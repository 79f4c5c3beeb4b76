"""Why a plan is as it is: what each facility adds, what is not served, one more and one fewer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.facilities import FacilityExplanation
from models.facilities.explanation import Alternative, Contribution, UnservedByReason
from models.facilities.request import Goal
from models.run import Status
from models.text import Text
from optimizer.algorithms.siting.raster import Reached, grouped
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.coverage import unpack
from optimizer.demand import FloatArray
from optimizer.facilities.formulation import Formulation
from optimizer.facilities.instance import BoolArray, IndexArray, Instance
from optimizer.facilities.solution import Solution
from optimizer.facilities.strategy import settle
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet

_SHOWN = 50  # points named per reason
_COMPARED = 400_000_000  # entries looked at for replacements
_REASONS_S = 20.0  # for what each adds; as much again for other numbers


def explain(solution: Solution, control: RunControl) -> FacilityExplanation:
    """Return the reasons of a solution; what the time does not allow is named."""
    left_out = []
    if solution.instance.request.has_capacities:
        contributions = tuple(_with_room(solution, quiet(control.slice(_REASONS_S))))
    else:
        contributions = tuple(_Table(solution).contributions())
    if len(contributions) < solution.open.sum():
        left_out.append(Text(code="explanation.facilities.contributions"))
    others = _alternatives(solution, quiet(control.slice(_REASONS_S)))
    if any(one is not None and one.status is Status.UNKNOWN for one in others):
        left_out.append(Text(code="explanation.facilities.alternatives"))
    return FacilityExplanation(
        contributions=contributions,
        unserved=tuple(_by_reason(solution)),
        one_more=others[0],
        one_fewer=others[1],
        left_out=tuple(left_out),
    )


def _by_reason(solution: Solution) -> Iterator[UnservedByReason]:
    rows, told = solution.reasons
    instance, reasons = solution.instance, np.array(told)
    for reason in dict.fromkeys(told):
        mine = rows[reasons == reason]
        yield UnservedByReason(
            reason=reason,
            points=len(mine),
            weight=float(solution.missing[mine].sum()),
            point_ids=tuple(instance.demand.ids[instance.counted[mine[:_SHOWN]]].tolist()),
        )


@dataclass(frozen=True, eq=False)
class _Table:
    """What every row costs by each site alone: the goal is their sum, or the largest."""

    solution: Solution

    @cached_property
    def _reached(self) -> Reached:
        instance = self.solution.instance
        return grouped(instance.sets(instance.reach), instance.weight)

    @cached_property
    def cost(self) -> FloatArray:
        """(row, site) a weight not covered, or a way; ``inf`` where there is none."""
        instance = self.solution.instance
        if instance.request.covers:
            away = 1.0 - unpack(self._reached.sets, instance.sites).toarray()
            return np.asarray(away * self._reached.weight[:, None])
        ways = np.minimum(instance.matrix, self._cap)
        weight = 1.0 if instance.goal is Goal.P_CENTER else instance.weight[:, None]
        return np.asarray(ways * weight * instance.rate)

    @property
    def _cap(self) -> float:
        unreached = self.solution.instance.request.unreached
        return np.inf if unreached is None else unreached

    @cached_property
    def _alone(self) -> FloatArray:
        """What each row costs without any facility."""
        instance = self.solution.instance
        if instance.request.covers:
            return self._reached.weight
        weight = np.ones(len(self.cost)) if instance.goal is Goal.P_CENTER else instance.weight
        return np.asarray(self._cap * weight * instance.rate)

    def _with(self, sites: IndexArray) -> FloatArray:
        """Return what each row costs with some sites open."""
        return np.asarray(np.column_stack([self.cost[:, sites], self._alone]).min(axis=1))

    def contributions(self) -> Iterator[Contribution]:
        """Yield what each facility of the plan adds."""
        solution = self.solution
        chosen = np.flatnonzero(solution.open)
        value = self._total(self._with(chosen))
        for j in chosen.tolist():
            left = self._with(chosen[chosen != j])
            loses = float(self._total(left)[0] - value[0]) - float(self._built[j])
            found = self._replacement(j, left, float(value[0]))
            yield Contribution(
                site_id=solution.instance.request.sites[j].id,
                loses=loses if np.isfinite(loses) else None,
                replacement=found[0],
                replacement_loses=found[1],
            )

    @property
    def _built(self) -> FloatArray:
        """What the goal counts for building on each site."""
        instance = self.solution.instance
        pays = instance.goal is Goal.LEAST_COST
        return instance.cost if pays else np.zeros(instance.sites)

    def _total(self, cost: FloatArray) -> FloatArray:
        cost = cost if cost.ndim == 2 else cost[:, None]
        if self.solution.instance.goal is Goal.P_CENTER:
            return np.asarray(cost.max(axis=0, initial=0.0))
        return np.asarray(cost.sum(axis=0))

    def _replacement(
        self, j: int, left: FloatArray, value: float
    ) -> tuple[str | None, float | None]:
        """Return the site that makes up most for ``j`` within the budget, and what is lost then."""
        instance, solution = self.solution.instance, self.solution
        budget = instance.request.budget
        most = np.inf if budget is None else budget * (1 + 1e-9) - solution.cost + instance.cost[j]
        allowed: IndexArray = np.flatnonzero(
            instance.free & ~solution.open & (instance.cost <= most)
        )
        entries = len(left) * len(allowed) * int(solution.open.sum())
        if not len(allowed) or not instance.free[j] or entries > _COMPARED:
            return None, None
        total = self._total(np.minimum(left[:, None], self.cost[:, allowed]))
        total = total + self._built[allowed] - self._built[j]
        best = int(np.argmin(total))
        if not np.isfinite(total[best]):
            return None, None
        return instance.request.sites[allowed[best]].id, max(0.0, float(total[best]) - value)


def _with_room(solution: Solution, control: RunControl) -> Iterator[Contribution]:
    """Yield what each facility adds where they can be full: everybody is allocated anew."""
    instance = solution.instance
    if instance.goal is Goal.P_CENTER or instance.request.single_source:
        return
    asked = instance
    if instance.goal is Goal.SET_COVER:
        update: dict[str, object] = {"goal": Goal.COVER, "share": 1.0}
        asked = replace(instance, request=instance.request.model_copy(update=update))
    program = Formulation(asked, asked.reach).program().relaxed()
    whole = _allocated(program, solution.open, control)
    for j in np.flatnonzero(solution.open).tolist():
        if whole is None or control.stop is not None:
            return
        without = solution.open.copy()
        without[j] = False
        value = _allocated(program, without, control)
        loses = None if value is None else max(0.0, value - whole)
        yield Contribution(site_id=instance.request.sites[j].id, loses=loses)


def _allocated(program: LinearProgram, opened: BoolArray, control: RunControl) -> float | None:
    """Return what the goal is worth with some sites open, None where not all can be served.

    Rules about which sites are open are not held.
    """
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[: len(opened)] = upper[: len(opened)] = opened
    limits = slice(program.rows["capacity"].stop, len(program.row_lower))
    row_lower, row_upper = program.row_lower.copy(), program.row_upper.copy()
    row_lower[limits], row_upper[limits] = -np.inf, np.inf
    fixed = replace(program, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)
    outcome = highs.solve(fixed, control)
    return None if outcome.values is None else fixed.objective(outcome.values)


def _alternatives(
    solution: Solution, control: RunControl
) -> tuple[Alternative | None, Alternative | None]:
    """Return the best plans with one facility more and with one fewer, where number decides."""
    instance, built = solution.instance, int(solution.new.sum())
    request = instance.request
    sets = request.goal is Goal.SET_COVER
    more = not sets and built == request.number and (instance.free & ~solution.open).any()
    fewer = (sets or request.number is not None) and built > int(instance.fixed.sum())
    return (
        _other(instance, built + 1, control) if more else None,
        _other(instance, built - 1, control) if fewer else None,
    )


def _other(instance: Instance, number: int, control: RunControl) -> Alternative:
    update: dict[str, object] = {"number": number}
    if instance.goal is Goal.SET_COVER:
        update |= {"goal": Goal.COVER, "share": 1.0}
    asked = replace(instance, request=instance.request.model_copy(update=update))
    settled = settle(asked, quiet(control, 0.5))
    solution = settled.solution
    told = settled.bound if instance.goal is not Goal.SET_COVER else None
    worth = None
    if solution is not None and instance.goal is not Goal.SET_COVER:
        worth = solution.value
    return Alternative(
        number=number,
        status=settled.status,
        objective=worth,
        bound=told,
        served=None if solution is None else asked.total - float(solution.missing.sum()),
        site_ids=() if solution is None else solution.opened_sites,
    )
