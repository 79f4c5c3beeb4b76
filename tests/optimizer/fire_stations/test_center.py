"""The least worst time, against every plan there is."""

from dataclasses import replace
from threading import Event

import pytest

from models.fire_stations.objectives import Cost, WorstTime
from models.run import RunLimits, Status, StopReason
from optimizer.backends import Outcome, highs
from optimizer.control import Described, RunControl
from optimizer.fire_stations.center import Center, applies
from optimizer.fire_stations.formulation import Floor, Formulation
from optimizer.fire_stations.options import BoolArray
from tests.optimizer.fire_stations.choices import Choices, choices_number
from tests.strategies import request_number

NUMBERS = [7, 29, 95, 106, 139, 172, 227, 260, 370, 392, 403, 477]


class City:
    """A drawn request, its plans, and the search for its first level."""

    def __init__(self, choices: Choices, level: int = 0) -> None:
        self.choices = choices
        self.formulation = Formulation(self.choices.instance)
        assert applies(self.formulation, level)
        self.center = Center(self.formulation, level, (), highs)
        self.level = level

    def worth(self, chosen: BoolArray) -> float:
        return self.choices.value(chosen, self.level)

    @property
    def worst(self) -> BoolArray:
        return max(self.choices.lawful, key=self.worth)

    @property
    def best(self) -> float:
        return min(map(self.worth, self.choices.lawful))

    def assert_bounded(self, outcome: Outcome) -> None:
        """Assert that the plan is one there is, and that no plan is below the bound."""
        assert self.choices.keeps_rules(outcome.values > 0.5)
        assert outcome.bound <= self.best + 1e-6
        assert outcome.bound <= self.worth(outcome.values > 0.5) + 1e-6


@pytest.mark.parametrize("number", NUMBERS)
def test_no_plan_has_a_smaller_worst_time_than_bisection_finds(number: int) -> None:
    city = City(choices_number(number))
    outcome = city.center.search(city.worst, RunControl(RunLimits()))
    assert (outcome.status, outcome.stop) == (Status.OPTIMAL, StopReason.PROOF)
    city.assert_bounded(outcome)
    assert city.worth(outcome.values > 0.5) == pytest.approx(city.best)
    assert outcome.bound == pytest.approx(city.best)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_search_cancelled_at_once_keeps_its_start_under_a_valid_bound(number: int) -> None:
    city, cancel = City(choices_number(number)), Event()
    cancel.set()
    outcome = city.center.search(city.worst, RunControl(RunLimits(), cancel=cancel))
    city.assert_bounded(outcome)
    assert city.worth(outcome.values > 0.5) == pytest.approx(city.worth(city.worst))
    if outcome.status is Status.FEASIBLE:
        assert outcome.stop is StopReason.CANCELLED


@pytest.mark.parametrize("number", NUMBERS)
def test_a_search_cancelled_at_its_first_improvement_has_a_valid_bound(number: int) -> None:
    city, cancel = City(choices_number(number)), Event()
    control = RunControl(RunLimits(), cancel=cancel, on_incumbent=lambda _: cancel.set())
    control.describe = lambda values: Described(city.worth(values[: len(city.worst)] > 0.5))
    outcome = city.center.search(city.worst, control)
    city.assert_bounded(outcome)
    for told in control.incumbents:
        assert told.bound is None or told.bound <= city.best + 1e-6
        assert told.objective == pytest.approx(city.worth(outcome.values > 0.5))


def test_a_drawn_request_stops_before_its_proof_when_cancelled() -> None:
    cancel = Event()
    cancel.set()
    cities = [City(choices_number(number)) for number in NUMBERS[:6]]
    control = RunControl(RunLimits(), cancel=cancel)
    outcomes = [city.center.search(city.worst, control) for city in cities]
    assert Status.FEASIBLE in {outcome.status for outcome in outcomes}


@pytest.mark.parametrize("number", NUMBERS[:8])
def test_an_earlier_level_is_kept_while_the_worst_time_falls(number: int) -> None:
    objectives = (Cost(), WorstTime(scenarios="worst"))
    request = request_number(number).model_copy(update={"objectives": objectives})
    city = City(Choices(request), level=1)
    limit = min(city.choices.value(chosen) for chosen in city.choices.lawful) * 1.1 + 10
    left = [one for one in city.choices.lawful if city.choices.value(one) <= limit]
    floor = Floor(city.formulation.part(0), limit)
    center = replace(city.center, floors=(floor,))
    outcome = center.search(max(left, key=city.worth), RunControl(RunLimits()))
    assert city.choices.value(outcome.values > 0.5) <= limit + 1e-6
    assert city.worth(outcome.values > 0.5) == pytest.approx(min(map(city.worth, left)))
