"""Ladders with some of their sets: what is left out only ever promises more."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.fire_stations import FireStationRequest
from models.run import RunLimits, Status
from optimizer.backends import highs
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.formulation.parts import Part
from optimizer.fire_stations.formulation.sets import MissedSets
from optimizer.fire_stations.formulation.thinning import Active, activated, thinned
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.levels import Levels
from optimizer.fire_stations.options import BoolArray
from tests.strategies.by_hand import a_request

OBJECTIVES: list[dict[str, Any]] = [
    {"kind": "mean_time"},
    {"kind": "mean_time", "scenarios": "worst"},
    {"kind": "worst_time"},
    {"kind": "probabilistic_cover", "within_s": 300, "sigma": 0.35},
]
CASES = [pytest.param(one, seed, id=f"{one}-{seed}") for one in OBJECTIVES for seed in range(3)]


def p_median(objective: dict[str, Any], seed: int) -> Formulation:
    """Return three stations among ten sites for 25 points and two scenarios."""
    rng = np.random.default_rng(seed)
    times = [rng.integers(10, 900, (25, 10)).tolist() for _ in range(2)]
    weights = rng.integers(1, 90, 25).tolist()
    fields = a_request(times[0], weights, objectives=[objective])
    fields["travel"]["scenarios"] = [
        {"id": name, "travel_time_s": table} for name, table in zip("ab", times, strict=True)
    ]
    fields["new_stations"] = {"small": {"min": 3, "max": 3}}
    return Formulation(Instance.from_request(FireStationRequest.model_validate(fields)))


def optimum(formulation: Formulation, part: Part) -> tuple[float, BoolArray]:
    """Return the optimum of a program and what it chooses."""
    program = formulation.program(part)
    outcome = highs.solve(program, RunControl(RunLimits()))
    assert outcome.status is Status.OPTIMAL
    chosen = outcome.values[: len(formulation.instance.options)] > 0.5
    return program.objective(outcome.values), chosen


def activate(formulation: Formulation, active: Active, chosen: BoolArray) -> tuple[Active, bool]:
    open_posts = formulation.instance.posts.options @ chosen.astype(np.float64) > 0
    return activated(active, (formulation.part(0),), open_posts)


def first(formulation: Formulation) -> BoolArray:
    return np.arange(len(formulation.instance.options)) < 3


@pytest.mark.parametrize(("objective", "seed"), CASES)
def test_a_thinned_program_promises_no_less_and_grows_to_the_truth(
    objective: dict[str, Any], seed: int
) -> None:
    formulation = p_median(objective, seed)
    part = formulation.part(0)
    full, _ = optimum(formulation, part)
    sign = 1 if part.sense == "min" else -1
    active, missed = activate(formulation, {}, first(formulation))
    promised = []
    while missed:
        value, chosen = optimum(formulation, thinned(part, active))
        promised.append(sign * value)
        assert sign * value <= sign * full + 1e-6 * abs(full)
        active, missed = activate(formulation, active, chosen)
    assert promised[-1] == pytest.approx(sign * full, rel=1e-6)


def test_sets_left_out_make_the_first_program_smaller_and_its_promise_too_good() -> None:
    formulation = p_median({"kind": "mean_time"}, 0)
    part = formulation.part(0)
    active, _ = activate(formulation, {}, first(formulation))
    thin = thinned(part, active)
    assert len(formulation.program(thin).cost) < len(formulation.program(part).cost)
    assert optimum(formulation, thin)[0] < optimum(formulation, part)[0] - 1.0


@pytest.mark.parametrize(("objective", "seed"), CASES)
def test_the_plan_at_hand_is_worth_the_same_in_the_thinned_program(
    objective: dict[str, Any], seed: int
) -> None:
    formulation = p_median(objective, seed)
    part, chosen = formulation.part(0), first(formulation)
    active, _ = activate(formulation, {}, chosen)
    assert not activate(formulation, active, chosen)[1]
    worth = formulation.value(thinned(part, active), chosen)
    assert worth == pytest.approx(formulation.value(part, chosen))


@pytest.mark.parametrize(("objective", "seed"), CASES)
def test_levels_end_with_the_optimum_of_the_full_program(
    objective: dict[str, Any], seed: int
) -> None:
    formulation = p_median(objective, seed)
    (report,) = Levels(formulation, RunControl(RunLimits())).climb().reports
    assert report.status is Status.OPTIMAL
    assert report.objective == pytest.approx(optimum(formulation, formulation.part(0))[0], rel=1e-6)


def relaxed(formulation: Formulation, part: Part) -> float:
    session = LpSession(formulation.program(part), RunLimits())
    assert session.solve(RunControl(RunLimits())) is Status.OPTIMAL
    return session.objective


def without_nesting(part: Part) -> Part:
    blocks = tuple(
        MissedSets(one.name, one.members) if isinstance(one, MissedSets) else one
        for one in part.blocks
    )
    return replace(part, blocks=blocks)


@pytest.mark.parametrize(("objective", "seed"), CASES)
def test_nested_sets_are_as_tight_as_whole_ones_and_sparser(
    objective: dict[str, Any], seed: int
) -> None:
    formulation = p_median(objective, seed)
    part = formulation.part(0)
    whole = without_nesting(part)
    assert relaxed(formulation, part) == pytest.approx(relaxed(formulation, whole))
    assert formulation.program(part).matrix.nnz < formulation.program(whole).matrix.nnz
