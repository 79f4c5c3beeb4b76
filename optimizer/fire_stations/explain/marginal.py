"""The first objective with one station more or fewer of a class."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import numpy as np

from models.fire_stations.explanation import MarginalStation
from models.fire_stations.rules import CountRange
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.explain.question import Asked
from optimizer.fire_stations.first_level import FirstLevel
from optimizer.fire_stations.formulation import Formulation
from optimizer.judging import PROVEN_GAP
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet

Step = Literal[-1, 1]


def marginal(asked: Asked, control: RunControl) -> tuple[tuple[MarginalStation, ...], bool]:
    """Return the first level of each changed count, and whether time allowed them all."""
    found: list[MarginalStation] = []
    cases = list(_cases(asked))
    for class_id, change, counts in cases:
        if control.stop is not None:
            return tuple(found), False
        part = quiet(control, 1.0 / (len(cases) - len(found)))
        found.append(_marginal(asked, class_id, change, counts=counts, control=part))
    return tuple(found), True


def _cases(asked: Asked) -> Iterator[tuple[str, Step, CountRange]]:
    """Yield class, change and changed range; without a limit the plan's own count is it."""
    options, instance = asked.instance.options, asked.instance
    for class_id, count in instance.request.new_stations.items():
        ours = options.builds & (instance.class_ids[options.class_index] == class_id)
        most = int((asked.chosen & ours).sum()) if count.max is None else count.max
        steps: tuple[Step, ...] = (-1,) if count.max is None else (1, -1)
        for change in steps:
            least = count.min + change if count.min == count.max else min(count.min, most + change)
            if most + change >= 0:
                yield class_id, change, CountRange(min=max(0, least), max=most + change)


def _marginal(
    asked: Asked, class_id: str, change: Step, *, counts: CountRange, control: RunControl
) -> MarginalStation:
    """Return the first level with ``counts`` stations of a class."""
    level, program = _posed(asked, class_id, counts)
    start = _start(asked, program, class_id, change) if level is asked.level else None
    resolved = level.solve(program, control, start=start)
    objective = resolved.objective
    return MarginalStation(
        class_id=class_id,
        change=change,
        objective=objective,
        bound=resolved.bound,
        gain=None if objective is None else asked.gain(objective, asked.best),
        status=resolved.status,
    )


def _posed(asked: Asked, class_id: str, counts: CountRange) -> tuple[FirstLevel, LinearProgram]:
    """Return the first level with another range of a class.

    Where a class comes to be built at all, or no longer, other stations may be the small ones
    that must adjoin larger ones: then, and where there is no row to move, it is made anew.
    """
    request = asked.instance.request
    path = f"new_stations.{class_id}"
    redefined = request.rules.small_adjoins_larger and (
        (counts.max == 0) != (request.new_stations[class_id].max == 0)
    )
    if path in asked.program.rows and not redefined:
        return asked.level, _shifted(asked.program, path, counts)
    new_stations = {**request.new_stations, class_id: counts}
    changed = request.model_copy(update={"new_stations": new_stations})
    formulation = Formulation(replace(asked.instance, request=changed))
    part = formulation.part(0)
    return FirstLevel.of(formulation.instance, part), formulation.program(part)


def _shifted(program: LinearProgram, path: str, counts: CountRange) -> LinearProgram:
    """Return the program with the limits of a class's count moved."""
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    least = program.rows.get(f"{path}.min", program.rows[path])
    lower[least] = float(counts.min)
    upper[program.rows[path]] = np.inf if counts.max is None else float(counts.max)
    return replace(program, row_lower=lower, row_upper=upper)


def _start(asked: Asked, program: LinearProgram, class_id: str, change: Step) -> FloatArray | None:
    """Return the plan with the best single station of the class added or left out."""
    options, instance = asked.instance.options, asked.instance
    ours = options.builds & (instance.class_ids[options.class_index] == class_id)
    ours &= ~asked.chosen & ~instance.excluded if change == 1 else asked.chosen
    best: FloatArray | None = None
    for option in np.flatnonzero(ours):
        changed = asked.chosen.copy()
        changed[option] = change == 1
        values = asked.formulation.complete(program, asked.part, (), changed)
        better = best is None or asked.gain(program.objective(values), program.objective(best)) > 0
        if better and program.violation(values, relative=True) <= PROVEN_GAP:
            best = values
    return best
