"""The levels of a request, each by looking at every plan that is left."""

from dataclasses import dataclass

from models.fire_stations.objectives import MAXIMISED, Combination
from models.run import Status
from tests.oracles.facts import RELATIVE, Facts, Plan
from tests.oracles.plans import enumerate_plans
from tests.oracles.rules import feasible
from tests.oracles.values import objective_value


@dataclass(frozen=True)
class OracleAnswer:
    """What enumeration found.

    ``objective_values`` has one value a level; ``plans`` are those that attain the last level;
    ``survivors`` counts the plans before the first level and after each.
    """

    status: Status
    objective_values: tuple[float, ...]
    plans: tuple[Plan, ...]
    survivors: tuple[int, ...]


def close(one: float, other: float) -> bool:
    """Return whether two values are the same but for rounding."""
    return abs(one - other) <= RELATIVE * max(1.0, abs(one), abs(other))


def allowed_loss(facts: Facts, k: int, value: float) -> float:
    """Return what later levels may spend of level ``k``."""
    loss = facts.request.objectives[k].loss
    return loss.absolute + loss.relative * abs(value)


def weighted_sum(facts: Facts, plan: Plan) -> float:
    """Return the sum of importance times value, minimised kinds counted negative."""
    return sum(
        one.importance * (1 if one.kind in MAXIMISED else -1) * objective_value(facts, plan, one)
        for one in facts.request.objectives
    )


def level_value(facts: Facts, plan: Plan, k: int) -> float:
    """Return what level ``k`` counts, in its own unit."""
    if facts.request.combination is Combination.WEIGHTED_SUM:
        return weighted_sum(facts, plan)
    return objective_value(facts, plan, facts.request.objectives[k])


def level_signs(facts: Facts) -> list[int]:
    """Return 1 for each level that is maximised, -1 for each that is minimised."""
    if facts.request.combination is Combination.WEIGHTED_SUM:
        return [1]
    return [1 if one.kind in MAXIMISED else -1 for one in facts.request.objectives]


def best(facts: Facts, *, room: float = RELATIVE) -> OracleAnswer:
    """Return the best value of each level among the plans the earlier ones leave.

    ``room`` is the rounding, relative, that a plan is forgiven by later levels.
    """
    plans = [plan for plan in enumerate_plans(facts) if feasible(facts, plan)]
    if not plans:
        return OracleAnswer(Status.INFEASIBLE, (), (), (0,))
    signs, attained, survivors = level_signs(facts), [], [len(plans)]
    optimal = plans
    for k, sign in enumerate(signs):
        values = [sign * level_value(facts, plan, k) for plan in plans]
        best_value = max(values)
        loss = 0.0 if len(signs) == 1 else allowed_loss(facts, k, best_value)
        given = room * max(1.0, abs(best_value))
        ranked = list(zip(plans, values, strict=True))
        optimal = [plan for plan, value in ranked if value >= best_value - given]
        plans = [plan for plan, value in ranked if value >= best_value - loss - given]
        attained.append(sign * best_value)
        survivors.append(len(plans))
    return OracleAnswer(Status.OPTIMAL, tuple(attained), tuple(optimal), tuple(survivors))
