"""What the fixed requests hold: ``python -m tests.survey`` prints it.

A rule *binds* where leaving it out changes whether there is a plan, or a level's value. An
objective *decides* where it leaves fewer plans than it found.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field

from models.fire_stations import FireStationRequest
from models.fire_stations.rules import CountRange, IdlePolicy, Rules
from models.run import Status
from tests import oracles
from tests.oracles.levels import close
from tests.strategies import FIXED_COUNT, request_number

NEUTRAL = Rules(idle_stations=IdlePolicy.MAY_OPEN)


@dataclass
class Survey:
    """Counts over the requests surveyed."""

    requests: int = 0
    infeasible: int = 0
    weighted_sums: int = 0
    levels: Counter[int] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    binding: Counter[str] = field(default_factory=Counter)
    objectives: Counter[str] = field(default_factory=Counter)
    deciding: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """Return the counts as a table."""
        head = f"{self.requests} requests, {self.infeasible} infeasible, "
        head += f"{self.weighted_sums} weighted sums, levels {dict(sorted(self.levels.items()))}"
        rows = [
            f"{name:24} in {self.rules[name]:4}, binding in {self.binding[name]:4}"
            for name in sorted(self.rules)
        ]
        rows += [
            f"{name:24} in {self.objectives[name]:4}, deciding in {self.deciding[name]:4}"
            for name in sorted(self.objectives)
        ]
        return [head, *rows]


def without_rules(request: FireStationRequest) -> dict[str, FireStationRequest]:
    """Return, for each rule of ``request``, the request with that rule left out."""
    neutral = {name: getattr(NEUTRAL, name) for name in Rules.model_fields}
    relaxed = {
        name: request.model_copy(update={"rules": request.rules.model_copy(update={name: free})})
        for name, free in neutral.items()
        if getattr(request.rules, name) != free
    }
    any_number = dict.fromkeys(request.new_stations, CountRange())
    return relaxed | {"new_stations": request.model_copy(update={"new_stations": any_number})}


def same(one: oracles.OracleAnswer, other: oracles.OracleAnswer) -> bool:
    """Return whether both answers have the same status and level values."""
    if one.status is not other.status:
        return False
    return all(
        close(a, b) for a, b in zip(one.objective_values, other.objective_values, strict=True)
    )


def _count_objectives(
    survey: Survey, request: FireStationRequest, answer: oracles.OracleAnswer
) -> None:
    kinds = [one.kind for one in request.objectives]
    survey.objectives.update(set(kinds))
    if len(answer.survivors) == len(kinds) + 1:
        left = zip(kinds, answer.survivors, answer.survivors[1:], strict=False)
        survey.deciding.update({kind for kind, found, kept in left if kept < found})


def add(survey: Survey, request: FireStationRequest) -> None:
    """Count one request."""
    answer = oracles.best(request)
    survey.requests += 1
    survey.infeasible += answer.status is Status.INFEASIBLE
    survey.weighted_sums += request.combination == "weighted_sum"
    survey.levels[len(request.objectives)] += 1
    _count_objectives(survey, request, answer)
    for name, relaxed in without_rules(request).items():
        survey.rules[name] += 1
        survey.binding[name] += not same(answer, oracles.best(relaxed))


def survey_of(count: int) -> Survey:
    """Return the counts over the first ``count`` fixed requests."""
    survey = Survey()
    for number in range(count):
        add(survey, request_number(number))
    return survey


if __name__ == "__main__":
    sys.stdout.write("\n".join(survey_of(FIXED_COUNT).lines()) + "\n")
