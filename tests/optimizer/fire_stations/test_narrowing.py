"""What a level settles for good: no plan that keeps it is lost, and little is left to decide."""

import numpy as np
import pytest

from models.run import RunLimits, StopReason
from optimizer.control import RunControl
from optimizer.fire_stations.center import applies
from optimizer.fire_stations.formulation import Floor, Formulation
from optimizer.fire_stations.levels import Levels
from optimizer.fire_stations.narrowing import narrowed
from optimizer.fire_stations.options import BoolArray
from tests.optimizer.fire_stations.choices import Choices, choices_number

NUMBERS = [13, 21, 24, 33, 37, 60, 66, 72, 84, 85, 110, 118, 125]
SHARES = [0.0, 0.1, 0.4]  # of what there is between the best plan and the worst, to be kept


def open_posts(choices: Choices, chosen: BoolArray) -> BoolArray:
    return np.asarray(choices.instance.posts.options @ chosen.astype(float) > 0)


def kept_by(choices: Choices, share: float) -> tuple[Floor, list[BoolArray]]:
    """Return a floor under the first level, and the plans that keep it, the best first."""
    part = Formulation(choices.instance).part(0)
    sign = -1.0 if part.sense == "max" else 1.0
    ranked = sorted(choices.lawful, key=lambda one: sign * choices.value(one))
    best, worst = choices.value(ranked[0]), choices.value(ranked[-1])
    limit = best + share * (worst - best) + sign * 1e-6 * max(1.0, abs(best))
    kept = [one for one in ranked if sign * choices.value(one) <= sign * limit]
    return Floor(part, limit), kept


def narrow(choices: Choices, floor: Floor, chosen: BoolArray, **limits: float) -> Formulation:
    formulation = Formulation(choices.instance)
    control = RunControl(RunLimits.model_validate(limits))
    return narrowed(formulation, (floor,), chosen, control) or formulation


def undecided(formulation: Formulation) -> int:
    instance = formulation.instance
    return int((~instance.excluded & ~instance.forced).sum())


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("share", SHARES)
def test_no_plan_that_keeps_a_level_is_lost(number: int, share: float) -> None:
    choices = choices_number(number)
    floor, kept = kept_by(choices, share)
    for start in (kept[0], kept[-1]):
        after = narrow(choices, floor, start).instance
        for chosen in kept:
            assert not (chosen & after.excluded).any()
            assert not (after.forced & ~chosen).any()
            assert not (after.forced_posts & ~open_posts(choices, chosen)).any()


@pytest.mark.parametrize("number", NUMBERS)
def test_every_level_counts_the_plans_that_are_left_as_before(number: int) -> None:
    choices = choices_number(number)
    before = Formulation(choices.instance)
    floor, kept = kept_by(choices, 0.1)
    after = narrow(choices, floor, kept[0])
    for level in range(before.levels):
        if applies(before, level):  # a worst time is counted from the least there can be
            continue
        program = after.program(after.part(level))
        for chosen in kept:
            values = after.complete(program, after.part(level), (), chosen)
            assert program.violation(values) <= 1e-6
            assert program.objective(values) == pytest.approx(
                before.value(before.part(level), chosen)
            )


def test_a_level_without_losses_settles_most_options() -> None:
    before = after = 0
    for number in NUMBERS:
        choices = choices_number(number)
        floor, kept = kept_by(choices, 0.0)
        before += undecided(Formulation(choices.instance))
        after += undecided(narrow(choices, floor, kept[0]))
    assert after < 0.6 * before


def test_no_time_settles_nothing_and_says_so() -> None:
    choices = choices_number(NUMBERS[0])
    floor, kept = kept_by(choices, 0.0)
    control = RunControl(RunLimits(time_limit_s=1e-9))
    assert narrowed(Formulation(choices.instance), (floor,), kept[0], control) is None
    assert control.stop is StopReason.TIME


def test_a_climb_goes_on_with_what_its_levels_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.fire_stations.levels._FEW", 0)
    before = after = 0
    for number in NUMBERS:
        formulation = Formulation(choices_number(number).instance)
        levels = Levels(formulation, RunControl(RunLimits()))
        levels.climb()
        before += undecided(formulation)
        after += undecided(levels.formulation)
    assert after < 0.9 * before
