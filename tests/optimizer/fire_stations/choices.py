"""Every plan of a small request as chosen options, with the verdicts of the oracle."""

from functools import cache

from models.fire_stations import FireStationRequest
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.solution import Solution
from tests.oracles.facts import Facts, Plan
from tests.oracles.plans import enumerate_plans, to_plan
from tests.oracles.rules import feasible
from tests.oracles.values import objective_value
from tests.strategies import request_number


class Choices:
    """The choices of options of one request; ``lawful`` are those that keep every rule."""

    def __init__(self, request: FireStationRequest) -> None:
        self.facts = Facts(request)
        self.instance = Instance.from_request(request)
        self.lawful: list[BoolArray] = []
        self.unlawful: list[BoolArray] = []
        self._plans: dict[bytes, Plan] = {}
        self._values: dict[tuple[bytes, int], float] = {}
        for plan in enumerate_plans(self.facts):
            solution = Solution.of_plan(self.instance, to_plan(self.facts, plan))
            assert solution is not None
            kept = self.lawful if feasible(self.facts, plan) else self.unlawful
            kept.append(solution.chosen)
            self._plans[solution.chosen.tobytes()] = plan

    def value(self, chosen: BoolArray, level: int = 0) -> float:
        """Return what the oracle says a choice is worth."""
        key = (chosen.tobytes(), level)
        if key not in self._values:
            objective = self.facts.request.objectives[level]
            self._values[key] = objective_value(self.facts, self.plan(chosen), objective)
        return self._values[key]

    def plan(self, chosen: BoolArray) -> Plan:
        """Return a choice as the oracle's plan."""
        return self._plans[chosen.tobytes()]

    def keeps_rules(self, chosen: BoolArray) -> bool:
        """Return whether a choice is one of those the oracle calls feasible."""
        return chosen.tobytes() in {one.tobytes() for one in self.lawful}


@cache
def choices_number(number: int) -> Choices:
    """Return the choices of the fixed request ``number``, worked out once."""
    return Choices(request_number(number))
