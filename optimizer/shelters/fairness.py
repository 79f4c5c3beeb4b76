"""The price of fairness: the same request without asking for it, and what that gains."""

from dataclasses import replace

import numpy as np

from models.run import Status
from models.shelters import ShelterRequest
from models.shelters.explanation import FairnessPrice, PricedAim
from models.shelters.objectives import LargestShare, Unmet
from optimizer.control import RunControl
from optimizer.quiet import quiet
from optimizer.shelters.formulation import Formulation
from optimizer.shelters.levels import Levels
from optimizer.shelters.solution import Solution


def is_asked(request: ShelterRequest) -> bool:
    """Return whether a request asks for fairness, by an aim or by a floor."""
    aims = any(isinstance(one, LargestShare) for one in request.objectives)
    return aims or bool(request.rules.served_floors)


def fairness_price(solution: Solution, control: RunControl) -> FairnessPrice | None:
    """Return what fairness costs; None where time did not allow a plan without it."""
    request = solution.instance.request
    others = tuple(one for one in request.objectives if not isinstance(one, LargestShare))
    free = request.model_copy(
        update={
            "objectives": others or (Unmet(),),
            "rules": request.rules.model_copy(update={"served_floors": ()}),
        }
    )
    instance = replace(solution.instance, request=free)
    start = replace(solution, instance=instance)
    climb = Levels(Formulation(instance), quiet(control), start=start).climb()
    if climb.solution is None or len(climb.reports) < len(Formulation(instance).levels):
        return None
    level = _level(request)
    fair, unfair = solution, climb.solution
    return FairnessPrice(
        aims=tuple(
            PricedAim(kind=one.kind, value=fair.objective(one), without=unfair.objective(one))
            for one in free.objectives
        ),
        least_served=_least_served(fair, level),
        least_served_without=_least_served(unfair, level),
        level=level,
        proven=climb.status is Status.OPTIMAL,
    )


def _level(request: ShelterRequest) -> str:
    """Return who is compared: by the aim, else by the first floor, else single blocks."""
    aims = [one.level for one in request.objectives if isinstance(one, LargestShare)]
    floors = [one.level for one in request.rules.served_floors if one.level is not None]
    return next(iter([*aims, *floors]), "block")


def _least_served(solution: Solution, level: str) -> float:
    return float(np.clip(1.0 - solution.objective(LargestShare(level=level)), 0.0, 1.0))
