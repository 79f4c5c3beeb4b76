"""Which search when: the first plan, the exact decomposition, the whole program where needed."""

from dataclasses import dataclass, field

import numpy as np

from models.dispatch import Quality
from models.run import LevelReport, Status, StopReason
from optimizer.algorithms.serving import Served
from optimizer.algorithms.slots import Slots
from optimizer.control import RunControl
from optimizer.dispatch.formulation import Formulation
from optimizer.dispatch.greedy import greedy, in_force
from optimizer.dispatch.instance import Instance
from optimizer.dispatch.slot_search import search as search_slots
from optimizer.dispatch.slot_search import slots_of, units_of
from optimizer.dispatch.solution import Solution, best
from optimizer.dispatch.whole_search import Level
from optimizer.dispatch.whole_search import search as search_whole
from optimizer.errors import BackendError

_CLOSED = 1e-6  # relative: a bound this near is reached


@dataclass
class Found:
    """The best plan, and what is known of severity, reserve and response."""

    solution: Solution
    first: Solution
    severity: Level = field(default_factory=Level)
    reserve: Level = field(default_factory=Level)
    response: Level = field(default_factory=Level)
    served: Served | None = None
    slots: Slots | None = None
    whole: bool = False  # whether the whole program was searched

    @property
    def quality(self) -> Quality:
        """How good the plan is known to be."""
        if self.severity.proven:
            return "proven"
        return "improving" if self.solution.key < self.first.key else "greedy"

    @property
    def status(self) -> Status:
        """OPTIMAL where every level is proven."""
        levels = (self.severity, self.reserve, self.response)
        return Status.OPTIMAL if all(one.proven for one in levels) else Status.FEASIBLE

    @property
    def stop(self) -> StopReason:
        """Why the search ended."""
        levels = (self.severity, self.reserve, self.response)
        stops = [one.stop for one in levels if not one.proven]
        return stops[0] if stops else StopReason.PROOF

    @property
    def reports(self) -> tuple[LevelReport, ...]:
        """One report a level."""
        solution = self.solution
        return (
            _report("severity", "max", self.severity, solution.severity),
            _report("reserve", "min", self.reserve, float(solution.shortfall)),
            _report("response", "min", self.response, solution.response),
        )


def search(
    instance: Instance,
    control: RunControl,
    rounds_max: int | None = None,
    start: Solution | None = None,
) -> Found:
    """Return the best plan the time allows: never worse than greedy, in force, or ``start``."""
    first = best(greedy(instance), in_force(instance), start)
    found = Found(solution=first, first=first)
    if control.stop is not None or rounds_max == 0:
        return found
    if not instance.slots_only or _by_slots(found, control, rounds_max):
        _by_whole(found, control)
    return found


def _by_slots(found: Found, control: RunControl, rounds_max: int | None) -> bool:
    """Search over slots; return whether a reserve that binds leaves the rest to decide."""
    instance = found.first.instance
    slots = slots_of(instance)
    try:
        solution, served = search_slots(instance, slots, found.first, control, rounds_max)
    except BackendError:  # The first plan stands, without proof.
        return False
    found.slots, found.served = slots, served
    settled = solution.severity - float(slots.weight @ units_of(instance, solution))
    found.severity = Level(
        served.bound + settled, proven=served.proven, stop=served.stop, nodes=served.nodes
    )
    chosen = np.zeros(len(instance.request.teams), dtype=np.bool_)
    chosen[solution.team] = True
    if instance.reserve.breaks(chosen):
        return True
    found.solution = best(solution, found.first)
    if not served.proven:
        return False
    least = _least_shortfall(instance)
    found.reserve = Level(float(least), proven=found.solution.shortfall <= least)
    found.reserve.stop = StopReason.PROOF if found.reserve.proven else StopReason.TIME
    _bound_response(found, slots, served)
    return not found.reserve.proven


def _bound_response(found: Found, slots: Slots, served: Served) -> None:
    """Tell what the search over units proves of level 3.

    Where every unit that can be served is, there is no other choice, and the assignment is the
    cheapest; otherwise the ties of the program over units bound it.
    """
    solution = found.solution
    pairs = float(solution.instance.cost[solution.group, solution.team].sum())
    settled = solution.response - pairs
    if np.array_equal(units_of(solution.instance, solution), slots.most):
        found.response = Level(solution.response, proven=found.reserve.proven)
    elif served.cost_bound is not None:
        bound = min(served.cost_bound + settled, solution.response)
        close = solution.response - bound <= _CLOSED * max(1.0, abs(solution.response))
        found.response = Level(bound, proven=close and found.reserve.proven)
    found.response.stop = StopReason.PROOF if found.response.proven else StopReason.CONVERGED


def _least_shortfall(instance: Instance) -> int:
    """Return the shortfall of sending nobody but the fixed: there is no smaller one."""
    sent = np.zeros(len(instance.request.teams), dtype=np.bool_)
    sent[instance.fixed.team] = True
    return instance.reserve.shortfall(sent)


def _by_whole(found: Found, control: RunControl) -> None:
    found.whole = True
    formulation = Formulation.of(found.first.instance)
    solution, levels = search_whole(formulation, found.solution, control)
    if solution.key <= found.solution.key:
        found.solution = solution
    severity, reserve, response = levels
    _settle(severity, -solution.severity, formulation.severity_cost(), formulation, solution)
    _settle(reserve, solution.shortfall, formulation.reserve_cost(), formulation, solution)
    _settle(response, solution.response, formulation.response_cost(), formulation, solution)
    if severity.bound is not None:
        severity.bound = -severity.bound
    if not found.severity.proven:  # What slots alone have proven of severity holds here too.
        found.severity = severity
    found.reserve, found.response = reserve, response


def _settle(
    level: Level, value: float, cost: np.ndarray, formulation: Formulation, solution: Solution
) -> None:
    """Add to a level's bound what the program leaves out: fixed orders and their like."""
    if level.bound is not None:
        level.bound += value - float(cost @ formulation.start(solution))


def _report(kind: str, sense: str, level: Level, value: float) -> LevelReport:
    return LevelReport.model_validate(
        {
            "kind": kind,
            "sense": sense,
            "status": Status.OPTIMAL if level.proven else Status.FEASIBLE,
            "stop": StopReason.PROOF if level.proven else level.stop,
            "objective": value,
            "bound": value if level.proven else level.bound,
            "final": value,
            "node_count": level.nodes,
        }
    )
