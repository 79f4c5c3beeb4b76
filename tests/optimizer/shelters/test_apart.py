"""Sites first, then case by case: a checked plan and a true bound, against the whole program."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.generators.shelters import Town, spread_town
from models.run import RunLimits, Status, StopReason
from models.shelters import ShelterAnswer, ShelterRequest
from optimizer.control import RunControl
from optimizer.shelters import apart, levels
from optimizer.shelters.instance import Instance
from optimizer.shelters.solve import solve

LIMITS = RunLimits(time_limit_s=60.0)


def solved(request: ShelterRequest) -> ShelterAnswer:
    return solve(request, RunControl(LIMITS))


def narrowed(request: ShelterRequest) -> ShelterRequest:
    """Return the request with one phase, so that the whole program is soon solved."""
    scenarios = tuple(
        one.model_copy(update={"phases": one.phases[:1]}) for one in request.scenarios
    )
    return request.model_copy(update={"scenarios": scenarios})


@settings(max_examples=3, deadline=None, derandomize=True)
@given(st.integers(0, 50))
def test_its_bound_holds_and_its_plan_keeps_every_rule(seed: int) -> None:
    request = narrowed(spread_town(Town(12, 6, 2), seed))
    whole = solved(request)
    assert whole.run.status is Status.OPTIMAL
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(apart, "_MANY", 0)
        patched.setattr(levels, "_WHOLE", 0)
        found = solved(request)
    assert found.run.stop in (StopReason.CONVERGED, StopReason.PROOF)
    assert found.verification is not None
    assert found.verification.passed
    best = whole.run.levels[0].objective
    assert best is not None
    level = found.run.levels[0]
    assert level.bound is not None
    assert level.objective is not None
    assert level.bound <= best + 1e-4
    assert level.objective >= best - 1e-4


def test_only_equal_groups_are_taken_together() -> None:
    instance = Instance.from_request(spread_town(Town(12, 6, 2), 1), None)
    unit, first = apart._merged(instance)
    names = [group.id for group in instance.groups]
    for block in range(12):
        mine = {
            names[instance.unit_group[n]]: int(unit[n])
            for n in range(len(unit))
            if instance.unit_block[n] == block
        }
        assert mine["residents"] == mine["children"]  # both walk 1,000 m at most
        reached = {
            name: set(instance.arcs.site[instance.arcs.unit == n].tolist())
            for n in range(len(unit))
            if instance.unit_block[n] == block
            for name in [names[instance.unit_group[n]]]
        }
        assert (mine["aged"] == mine["residents"]) is (reached["aged"] == reached["residents"])
        if reached["wheelchair"]:
            assert mine["wheelchair"] != mine["residents"]
    assert [int(unit[n]) for n in first] == list(range(len(first)))
