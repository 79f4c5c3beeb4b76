"""What opens when: each stage opens, of the plan's sites, those that house most as early as can be.

The stages are decided one after the other, each within the money there is by then, and each keeps
what earlier ones opened. Until a site is upgraded it serves as it is.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from models.shelters.explanation import StageWorth
from models.shelters.objectives import Combination, Unmet
from models.shelters.plan import StagePlan
from models.shelters.rules import ShelterRules
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet
from optimizer.shelters.formulation import Formulation
from optimizer.shelters.instance import BoolArray, Instance
from optimizer.shelters.solution import Solution

_SHARE = 0.5  # of the seconds left, for a stage
_MONEY = 1e-9  # relative: rounding of a budget


@dataclass(frozen=True)
class Staging:
    """What opens in each stage, and who has no place then."""

    stages: tuple[StagePlan, ...] | None = None
    worth: tuple[StageWorth, ...] = ()


def staged(solution: Solution, control: RunControl) -> Staging:
    """Return the stages of a plan; nothing where the request has none."""
    stages = solution.instance.request.rules.stages
    if not stages:
        return Staging()
    search = _Search(solution, control)
    return Staging(*search.found())


class _Search:
    """Decides stage after stage."""

    def __init__(self, solution: Solution, control: RunControl) -> None:
        request = solution.instance.request
        # Rules are for the whole plan; on the way there, walk, access and space alone count.
        free = request.model_copy(
            update={
                "rules": ShelterRules(walk_limit_m=request.rules.walk_limit_m),
                "objectives": (Unmet(),),
                "combination": Combination.LEXICOGRAPHIC,
            }
        )
        self._instance: Instance = replace(solution.instance, request=free)
        self._formulation = Formulation(self._instance)
        self._stages, self._chosen = request.rules.stages, solution.open
        self._control = control

    def found(self) -> tuple[tuple[StagePlan, ...], tuple[StageWorth, ...]]:
        """Return the stages and what each leaves."""
        instance, money = self._instance, 0.0
        opened, cost = instance.existing.copy(), instance.open_cost
        plans, worth = [], []
        for n, stage in enumerate(self._stages):
            money += stage.budget
            last = n == len(self._stages) - 1
            now, unmet = self._stage(opened, self._chosen if last else None, money)
            new = np.flatnonzero(now & ~opened)
            opened = now
            sites = tuple(instance.request.sites[j].id for j in new.tolist())
            plans.append(StagePlan(stage_id=stage.id, site_ids=sites, cost=float(cost[new].sum())))
            if unmet is not None:
                worth.append(StageWorth(stage_id=stage.id, unmet=unmet))
        return tuple(plans), tuple(worth)

    def _stage(
        self, opened: BoolArray, fixed: BoolArray | None, money: float
    ) -> tuple[BoolArray, float | None]:
        """Return what is open after a stage and how many have no place, None where unknown."""
        program = self._program(opened, fixed, money)
        known = Solution(self._instance, opened, *self._nobody()) if fixed is None else None
        start = None if known is None else self._formulation.values_of(known)
        watch = quiet(self._control, _SHARE)
        values = highs.solve(program, watch, start=start).values
        if values is None:
            return (opened if fixed is None else fixed), None
        found = self._formulation.solution(values)
        return found.open, found.objective(Unmet())

    def _nobody(self) -> tuple[FloatArray, FloatArray]:
        return np.zeros(len(self._instance.arcs)), np.zeros(len(self._instance.shuttles))

    def _program(self, opened: BoolArray, fixed: BoolArray | None, money: float) -> LinearProgram:
        instance = self._instance
        program = self._formulation.program(self._formulation.levels[0])
        lower, upper = program.lower.copy(), program.upper.copy()
        sites = program.columns["open"]
        if fixed is not None:
            lower[sites] = upper[sites] = fixed.astype(np.float64)
            return program.with_bounds(lower, upper)
        upper[sites] = (self._chosen | instance.existing).astype(np.float64)
        lower[sites] = (opened & self._chosen).astype(np.float64)
        row = np.zeros((1, len(program.cost)))
        row[0, sites] = instance.open_cost
        limit = money + _MONEY * max(1.0, money)
        return program.with_bounds(lower, upper).with_rows("money", csr_array(row), -np.inf, limit)
