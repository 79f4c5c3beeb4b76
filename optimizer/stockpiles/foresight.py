r"""What planning for scenarios is worth, and what knowing beforehand would be (Birge 1982).

Rules on expected covers join the scenarios, so they are kept on either side. The plan for mean need
keeps its first stage :math:`\bar z`, and its recourse is the best that keeps the rules:

.. math:: \text{VSS} = \min \{ E[q_s y_s] : (\bar z, y) \text{ keeps the rules} \} - E[U]

which may be of nothing at all: then no deliveries could. With foresight each scenario has a first
stage :math:`z_s` of its own, under all rules on what is held and spent, while expected covers are
still those of all scenarios, so that it can only be better than the plan:

.. math:: \text{EVPI} = E[U] - \min \{ E[q_s y_s] : (z_s, y_s)_s \text{ keeps the rules} \}

Birge, J. R. (1982). The value of the stochastic solution in stochastic linear programs with fixed
recourse. Mathematical Programming 24. https://doi.org/10.1007/BF01585113
"""

from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array, csr_array, eye_array, kron, vstack

from models.run import Status
from models.stockpiles.explanation import StochasticValue
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet
from optimizer.stockpiles.formulation import Expression, Formulation
from optimizer.stockpiles.levels import Levels, settled
from optimizer.stockpiles.situations import Situations
from optimizer.stockpiles.solution import Solution

_LEAST = 1e-6
_SCENARIOS_MOST = 400  # for what is solved scenario by scenario
_ROWS_MOST = 8_000  # of what is due, for what is solved as one program


def worth_of_scenarios(
    formulation: Formulation, solution: Solution, control: RunControl
) -> StochasticValue:
    """Return what planning for scenarios and foresight are worth, as far as time and size allow."""
    if formulation.separable:
        return StochasticValue(
            vss=_vss(formulation, solution, control), evpi=_evpi(formulation, solution, control)
        )
    if not formulation.fair or formulation.rows > _ROWS_MOST:
        return StochasticValue()
    return _of_fair(formulation, solution, control)


def _mean_plan(formulation: Formulation, control: RunControl) -> Solution | None:
    """Return the best plan for mean need."""
    instance = formulation.instance
    mean = Situations(instance, instance.request.scenarios).mean()
    return Levels(Formulation(instance, (mean,), np.ones(1)), quiet(control, 0.5)).climb().solution


def _vss(formulation: Formulation, solution: Solution, control: RunControl) -> float | None:
    """Return how much more goes unmet under the plan for mean need."""
    found = _mean_plan(formulation, control)
    if found is None:
        return None
    judged = settled(formulation, found.values, control)
    return float(solution.probability @ (judged.unmet - solution.unmet))


def _evpi(formulation: Formulation, solution: Solution, control: RunControl) -> float | None:
    """Return how much less would go unmet if every scenario were known beforehand.

    Each scenario that leaves need unmet gets the best plan for it alone, under the same rules on
    what may be held and spent.
    """
    open_ = np.flatnonzero(solution.unmet > _LEAST)
    if len(open_) > _SCENARIOS_MOST:
        return None
    saved = 0.0
    for s in open_:
        part = replace(
            formulation,
            situations=(formulation.situations[s],),
            probability=np.ones(1),
        )
        program = part.program(Expression({"recourse": part.weighted_cost})).relaxed()
        found = highs.solve(program, quiet(control))
        if found.bound is None:
            return None
        saved += float(solution.probability[s]) * max(0.0, float(solution.unmet[s]) - found.bound)
    return saved


def _of_fair(formulation: Formulation, solution: Solution, control: RunControl) -> StochasticValue:
    """Return both where rules on expected covers join the scenarios."""
    unmet = float(solution.probability @ solution.unmet)
    program = formulation.program(Expression({"recourse": formulation.weighted_cost})).relaxed()
    vss, breaks = None, False
    mean = _mean_plan(formulation, control)
    if mean is not None:
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[: len(mean.values)] = upper[: len(mean.values)] = mean.values
        judged = highs.solve(program.with_bounds(lower, upper), quiet(control))
        breaks = judged.status is Status.INFEASIBLE
        if judged.status is Status.OPTIMAL and judged.values is not None:
            vss = program.objective(judged.values) - unmet
    if control.stop is not None:
        return StochasticValue(vss=vss, mean_breaks_rules=breaks)
    best = highs.solve(foreseen(formulation, program), quiet(control))
    evpi = None if best.bound is None else max(0.0, unmet - best.bound)
    return StochasticValue(vss=vss, evpi=evpi, mean_breaks_rules=breaks)


def foreseen(formulation: Formulation, program: LinearProgram) -> LinearProgram:
    """Return the program in which every scenario has a first stage of its own.

    Its columns are the first stages one behind the other, then the others of ``program``; its rows
    those of ``program``, then those on the first stage alone once for every scenario.
    """
    width, count = formulation.first.width, len(formulation.situations)
    height = len(program.row_lower)
    owner = np.full(height, -1, dtype=np.int64)  # the scenario of a row of recourse
    heights = [len(one.recourse.least) for one in formulation.responses]
    owner[program.rows["recourse"]] = np.repeat(np.arange(count), heights)
    if "lacking" in program.rows:
        owner[program.rows["lacking"]] = formulation.at_deadline[2]
    entries = coo_array(program.matrix)
    row, column = entries.coords
    early = column < width
    alone = np.zeros(height, dtype=np.bool_)
    alone[row[early]] = True
    alone &= owner < 0
    place = np.where(early, owner[row] * width + column, (count - 1) * width + column)
    kept = ~alone[row]
    wide = len(program.cost) + (count - 1) * width
    joined = csr_array((entries.data[kept], (row[kept], place[kept])), shape=(height, wide))
    own = csr_array(program.matrix[np.flatnonzero(alone)][:, :width])
    copies = csr_array(kron(eye_array(count), own, format="csr"))
    copies = csr_array((copies.data, copies.indices, copies.indptr), shape=(copies.shape[0], wide))

    def columns(values: np.ndarray) -> np.ndarray:
        return np.concatenate([np.tile(values[:width], count), values[width:]])

    first = np.tile(np.flatnonzero(alone), count)
    return LinearProgram(
        cost=columns(program.cost),
        lower=columns(program.lower),
        upper=columns(program.upper),
        integer=columns(program.integer),
        matrix=csr_array(vstack([joined, copies], format="csr")),
        row_lower=np.concatenate(
            [np.where(alone, -np.inf, program.row_lower), program.row_lower[first]]
        ),
        row_upper=np.concatenate(
            [np.where(alone, np.inf, program.row_upper), program.row_upper[first]]
        ),
        columns={"all": slice(0, wide)},
        rows={"all": slice(0, height + len(first))},
        sense=program.sense,
        offset=program.offset,
    )
