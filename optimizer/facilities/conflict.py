"""Why no plan exists: rules that cannot all hold, and what alone would resolve it."""

import numpy as np

from models.answer import Conflict, ConflictRule
from models.facilities.plan import REACH_TOLERANCE
from models.facilities.request import Goal
from models.run import Status
from models.text import Text
from optimizer import conflicts
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.facilities.formulation import Formulation
from optimizer.facilities.instance import Instance
from optimizer.quiet import quiet


def conflict(instance: Instance, control: RunControl) -> Conflict:
    """Return an irreducible conflict among the rules of a request that no plan keeps.

    A set cover that is in conflict over what it serves is so at its radius, which then stands
    among the rules, with the least that would do.

    Raises
    ------
    BackendError
        All rules hold together after all.
    """
    program, rules = Formulation(instance, instance.reach).ruled()
    found = conflicts.conflict(program, rules, control)
    paths = {one.path for one in found.rules}
    if instance.goal is Goal.SET_COVER and "share" in paths:
        return found.model_copy(update={"rules": (_radius(instance, control), *found.rules)})
    return found


def _radius(instance: Instance, control: RunControl) -> ConflictRule:
    """Return the radius as a rule, with the least at which all other rules can be kept."""
    radius = instance.request.radius
    assert radius is not None  # a set cover has one
    ways = instance.matrix[:, ~instance.forbidden]
    radii = np.unique(ways[np.isfinite(ways) & (ways > radius)])
    low, high, restores_at = 0, len(radii), None
    while low < high:
        middle = (low + high) // 2
        program, _ = Formulation(instance, float(radii[middle]) + REACH_TOLERANCE).ruled()
        outcome = highs.solve(program, quiet(control))
        if outcome.values is not None:
            restores_at, high = float(radii[middle]), middle
        elif outcome.status is Status.INFEASIBLE:
            low = middle + 1
        else:
            restores_at = None
            break
    text = Text(
        code=f"rule.facilities.radius.{instance.request.measure}", values={"radius": radius}
    )
    return ConflictRule(
        path="radius",
        rule=text,
        value=radius,
        smallest_change=None if restores_at is None else restores_at - radius,
        restores_at=restores_at,
    )
