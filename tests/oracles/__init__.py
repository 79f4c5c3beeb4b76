"""Answers by trying everything: slow, written straight from the semantics, sharing no code.

Only `models` and the standard library are used here, so that the engine, the verifier and this
enumeration are three separate readings of the same rules.
"""

from models.fire_stations import FireStationRequest
from tests.oracles import levels, plans, rules, values
from tests.oracles.facts import Facility as Facility
from tests.oracles.facts import Facts as Facts
from tests.oracles.facts import Plan as Plan
from tests.oracles.levels import OracleAnswer as OracleAnswer


def enumerate_plans(request: FireStationRequest) -> list[Plan]:
    """Return every combination of options that the counts of new stations leave."""
    return list(plans.enumerate_plans(Facts(request)))


def feasible(request: FireStationRequest, plan: Plan) -> bool:
    """Return whether ``plan`` keeps every rule."""
    return rules.feasible(Facts(request), plan)


def objective_value(request: FireStationRequest, plan: Plan, k: int) -> float:
    """Return the value of objective ``k`` for ``plan``."""
    return values.objective_value(Facts(request), plan, request.objectives[k])


def best(request: FireStationRequest) -> OracleAnswer:
    """Return the value of each level, and every plan that attains the last."""
    return levels.best(Facts(request))
