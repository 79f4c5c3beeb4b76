"""The best plan without each order, the served incidents kept."""

import numpy as np

from models.dispatch import RunnerUp
from optimizer.algorithms.replacing import replacements
from optimizer.dispatch.solution import Solution

_SLOTS_MAX = 600  # beyond, exchanges between all slots take longer than a dispatcher waits


def too_many(solution: Solution) -> bool:
    """Return whether there are too many slots to tell runners-up at once."""
    return len(solution.group) > _SLOTS_MAX


def runners_up(solution: Solution) -> list[RunnerUp]:
    """Return the runner-up of each incident's lead: of its chosen orders the first to arrive.

    Only for slots; exact where the plan is the cheapest for the incidents it serves.
    """
    instance = solution.instance
    if not instance.slots_only or not len(solution.group):
        return []
    at = instance.groups.incident[solution.group]
    arrive = instance.delay_s[at, solution.team]
    order = np.lexsort((solution.team, arrive, at))
    leads = order[np.r_[True, np.diff(at[order]) != 0]]
    found = replacements(
        instance.reach,
        instance.cost,
        (solution.group, solution.team),
        instance.groups.incident,
        leads,
    )
    incidents, teams = instance.request.incidents, instance.request.teams
    known = np.isfinite(found.loss)
    return [
        RunnerUp(
            incident_id=incidents[at[slot]].id,
            instead_of=teams[solution.team[slot]].id,
            team_id=teams[found.instead[n]].id if known[n] else None,
            loss=max(0.0, float(found.loss[n])) if known[n] else None,
            exact=bool(found.exact and known[n]),
        )
        for n, slot in enumerate(leads.tolist())
    ]
