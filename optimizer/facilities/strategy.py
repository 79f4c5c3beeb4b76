"""Which way a goal is settled: an exact search, a program, or programs for one radius each."""

from dataclasses import replace

import numpy as np

from models.facilities.request import Goal
from models.run import Status, StopReason
from optimizer.algorithms.siting.raster import grouped
from optimizer.backends import Outcome
from optimizer.backends.table import backend_of
from optimizer.control import Described, RunControl
from optimizer.coverage import unpack
from optimizer.demand import FloatArray
from optimizer.facilities import exact, shared_room
from optimizer.facilities.exact import Settled, infeasible
from optimizer.facilities.formulation import Formulation
from optimizer.facilities.greedy import greedy
from optimizer.facilities.instance import BoolArray, Instance
from optimizer.facilities.solution import Solution
from optimizer.judging import closed
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet


def settle(instance: Instance, control: RunControl, start: BoolArray | None = None) -> Settled:
    """Return the best plan, its bound, and whether it is proven; ``start`` is where to begin.

    The searches of our own take no other backend; a request that names one is a program.
    """
    if instance.count is not None and instance.count < 0:
        return infeasible()
    if instance.cut_off:
        return infeasible()
    if not len(instance.counted):
        return _nothing_asked(instance)
    if control.limits.backend == "highs" and exact.suits(instance):
        settled = exact.settle(instance, control)
    elif control.limits.backend == "highs" and shared_room.suits(instance):
        settled = shared_room.settle(instance, control)
    elif instance.goal is Goal.P_CENTER:
        settled = _by_radius(instance, control)
    else:
        settled = _by_program(instance, control, start)
    if settled.solution is None or instance.request.has_capacities:
        return settled
    return replace(settled, solution=spared(settled.solution))


def _nothing_asked(instance: Instance) -> Settled:
    solution = Solution(instance, instance.settled)
    return Settled(Status.OPTIMAL, StopReason.PROOF, solution, solution.value, 0)


def _by_program(instance: Instance, control: RunControl, start: BoolArray | None) -> Settled:
    formulation = Formulation(instance, instance.reach)
    program = _program(formulation, control)
    covers = instance.goal is Goal.COVER

    def described(values: FloatArray) -> Described:
        solution = formulation.solution(values)
        return Described(
            solution.value, solution.opened_sites, solution.bare_plan(), bounded=not covers
        )

    control.describe = described
    solver = backend_of(control.limits)
    first = _begin(formulation, start) if solver.CAPABILITIES.start else None
    outcome = solver.solve(program, control, start=first)
    control.describe = None
    bound = outcome.bound
    if bound is not None and covers:
        bound = instance.total - bound
    return _read(formulation, outcome, bound)


def _program(formulation: Formulation, control: RunControl) -> LinearProgram:
    """Return the program, in whole numbers for a backend that takes no others.

    What is missed is missed whole, wherever sites are open or not.
    """
    program = formulation.program()
    if backend_of(control.limits).CAPABILITIES.continuous:
        return program
    return program if formulation.instance.request.has_capacities else program.whole()


def _begin(formulation: Formulation, start: BoolArray | None) -> FloatArray | None:
    """Return the columns of a plan to begin from, None where it breaks a rule."""
    instance = formulation.instance
    for opened in (start, greedy(instance)):
        values = None if opened is None else formulation.values_of(opened)
        if values is not None and formulation.program().violation(values, relative=True) <= 1e-9:
            return values
    return None


def _read(formulation: Formulation, outcome: Outcome, bound: float | None) -> Settled:
    told = (outcome.stop, None, bound, outcome.node_count, outcome.backend)
    if outcome.values is None:
        return Settled(outcome.status, *told)
    solution = formulation.solution(outcome.values)
    status = outcome.status
    if status is Status.OPTIMAL and (bound is None or not closed(solution.value, bound)):
        status = Status.FEASIBLE
    return Settled(status, outcome.stop, solution, bound, outcome.node_count, outcome.backend)


def _by_radius(instance: Instance, control: RunControl) -> Settled:
    """Find the least way within which some allowed sites serve everything, by bisection."""
    cap = instance.request.unreached
    ways = instance.matrix[:, ~instance.forbidden]
    radii = np.unique(ways[np.isfinite(ways)])
    if cap is not None:
        radii = np.append(radii[radii < cap], cap)
    best: Solution | None = None
    low, high, nodes, stop = 0, len(radii), 0, StopReason.PROOF
    backend = control.limits.backend
    while low < high:
        middle = high - 1 if best is None else (low + high) // 2
        if cap is not None and middle == len(radii) - 1:
            best, high = Solution(instance, greedy(instance)), middle
            continue
        outcome, found = _within(instance, float(radii[middle]), control)
        nodes += outcome.node_count or 0
        if found is not None:
            best = found
            high = min(middle, int(np.searchsorted(radii, best.value)))
            control.improved(best.value, float(radii[low]))
        elif outcome.status is Status.INFEASIBLE:
            low = middle + 1
        else:
            stop = outcome.stop
            break
    bound = float(radii[low]) if low < len(radii) else None
    if stop is StopReason.PROOF:
        if best is None:
            return infeasible()
        return Settled(Status.OPTIMAL, stop, best, best.value, nodes, backend)
    status = Status.UNKNOWN if best is None else Status.FEASIBLE
    return Settled(status, stop, best, bound, nodes, backend)


def _within(
    instance: Instance, radius: float, control: RunControl
) -> tuple[Outcome, Solution | None]:
    """Return the cheapest sites within ``radius`` of everything, and how they were found."""
    formulation = Formulation(instance, radius + 1e-9)
    outcome = backend_of(control.limits).solve(_program(formulation, control), quiet(control))
    found = None if outcome.values is None else formulation.solution(outcome.values)
    return outcome, found


def spared(solution: Solution) -> Solution:
    """Return a solution without the facilities that add nothing, the dearest first.

    Idle is one that is nobody's nearest, of a cover one without which as much is covered. A
    p-center keeps all: they shorten ways that are not the longest.
    """
    instance = solution.instance
    if instance.goal is Goal.P_CENTER:
        return solution
    if not instance.request.adds_ways:
        return Solution(instance, _needed(instance, solution.open))
    used = np.zeros(instance.sites, dtype=np.bool_)
    used[solution.service.site] = True
    return Solution(instance, solution.open & (used | ~instance.free))


def _needed(instance: Instance, opened: BoolArray) -> BoolArray:
    """Return the sites of a cover without those whose every point others reach, dearest first."""
    reached = grouped(instance.sets(instance.reach), instance.weight)
    reaches = unpack(reached.sets, instance.sites).toarray() > 0.5
    times = reaches[:, opened].sum(axis=1)
    kept = opened.copy()
    spare = np.flatnonzero(opened & instance.free)
    for site in spare[np.argsort(-instance.cost[spare], kind="stable")]:
        if (times[reaches[:, site]] > 1).all():
            kept[site] = False
            times = times - reaches[:, site]
    return kept
