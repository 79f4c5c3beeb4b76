"""Nominal areas by cuts: each removes the plan at hand and none that keeps the rule."""

import numpy as np
import pytest

from models.run import RunLimits, Status
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.districts import DistrictCuts
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.formulation.expression import Expression
from optimizer.fire_stations.formulation.parts import Part
from optimizer.fire_stations.improve import repair
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.levels import Levels
from optimizer.fire_stations.options import BoolArray
from optimizer.linear import LinearProgram
from tests.optimizer.fire_stations.choices import choices_number
from tests.oracles import best
from tests.oracles.rules import broken_rules
from tests.strategies import request_number

NUMBERS = [12, 17, 25, 38, 51, 55, 64, 77, 82, 90]


def activity(cuts: DistrictCuts, chosen: BoolArray) -> FloatArray:
    """Return the left sides of all cuts found so far: at most 0 where they are kept."""
    rows = cuts.rows()
    assert rows is not None
    taken = chosen.astype(np.float64)
    open_posts = (cuts.instance.posts.options @ taken > 0).astype(np.float64)
    return np.asarray(rows["option"] @ taken + rows["post"] @ open_posts)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_cut_removes_the_plan_it_was_made_for_and_no_lawful_one(number: int) -> None:
    choices = choices_number(number)
    for chosen in choices.unlawful[:60]:
        cuts = DistrictCuts(choices.instance)
        if cuts.separate(chosen):
            assert (activity(cuts, chosen) > 0).all()
            assert all((activity(cuts, one) <= 1e-9).all() for one in choices.lawful)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_district_is_too_large_exactly_where_the_oracle_says_so(number: int) -> None:
    choices = choices_number(number)
    cuts = DistrictCuts(choices.instance)
    for chosen in choices.lawful + choices.unlawful[:60]:
        plan = choices.plan(chosen)
        assert cuts.broken(chosen) == ("nominal_area" in broken_rules(choices.facts, plan))


def test_drawn_requests_have_lawful_plans_beside_those_that_cuts_remove() -> None:
    found = [choices_number(number) for number in NUMBERS]
    assert sum(len(choices.lawful) for choices in found) > 20
    cuts = [DistrictCuts(choices.instance) for choices in found]
    broken = [
        any(map(one.broken, choices.unlawful)) and bool(choices.lawful)
        for one, choices in zip(cuts, found, strict=True)
    ]
    assert sum(broken) >= 3


@pytest.mark.parametrize("number", NUMBERS)
def test_an_enforced_request_keeps_nominal_areas_at_the_least_loss(number: int) -> None:
    request = request_number(number)
    expected = best(request)
    climb = Levels(Formulation(Instance.from_request(request)), RunControl(RunLimits())).climb()
    assert climb.status is expected.status
    if climb.status is Status.INFEASIBLE:
        return
    assert not DistrictCuts(climb.solution.instance).broken(climb.solution.chosen)
    found = [report.objective for report in climb.reports]
    assert found == pytest.approx(expected.objective_values, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_excess_of_an_insertion_is_none_exactly_where_no_district_is_too_large(
    number: int,
) -> None:
    choices = choices_number(number)
    cuts = DistrictCuts(choices.instance)
    excess = cuts.excess
    assert excess is not None
    for chosen in choices.lawful[:30] + choices.unlawful[:30]:
        for option in np.flatnonzero(chosen)[:3]:
            without = chosen.copy()
            without[option] = False
            if without.any():
                worth = excess.insertions(without, np.array([option]))[0]
                assert (worth > 0) == cuts.broken(chosen)
                assert excess.as_floor().insertions(without, np.array([option]))[0] == -worth


def test_repair_finds_plans_that_keep_nominal_areas() -> None:
    repaired = 0
    for number in NUMBERS:
        choices = choices_number(number)
        formulation = Formulation(choices.instance)
        rules = formulation.program(Part("min", (), Expression()))
        for chosen in choices.unlawful:
            cuts = DistrictCuts(choices.instance)
            keeps = rules.violation(rules_of(formulation, rules, chosen)) <= 1e-6
            if not keeps or not cuts.broken(chosen):
                continue
            mended = repair(formulation, cuts, chosen, control=RunControl(RunLimits()))
            assert rules.violation(rules_of(formulation, rules, mended)) <= 1e-6
            if not cuts.broken(mended):
                assert any((mended == one).all() for one in choices.lawful)
                repaired += 1
    assert repaired >= 20


def rules_of(formulation: Formulation, rules: LinearProgram, chosen: BoolArray) -> FloatArray:
    return formulation.complete(rules, Part("min", (), Expression()), (), chosen)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_plan_that_breaks_a_nominal_area_is_told_as_an_improvement(number: int) -> None:
    control = RunControl(RunLimits())
    climb = Levels(Formulation(Instance.from_request(request_number(number))), control).climb()
    for told in control.incumbents:
        level = climb.reports[told.level]
        if level.status is Status.OPTIMAL:
            sign = 1.0 if level.sense == "max" else -1.0
            room = 1e-6 * max(1, abs(level.objective))
            assert sign * (told.objective - level.objective) <= room
            assert told.bound is None or sign * (told.bound - level.objective) >= -room


def test_a_request_that_only_asks_for_a_report_gets_no_cuts() -> None:
    choices = choices_number(NUMBERS[0])
    rules = choices.instance.request.rules.model_copy(update={"nominal_area": "report"})
    request = request_number(NUMBERS[0]).model_copy(update={"rules": rules})
    cuts = DistrictCuts(Instance.from_request(request))
    assert not any(cuts.separate(chosen) or cuts.broken(chosen) for chosen in choices.unlawful)
    assert cuts.rows() is None
