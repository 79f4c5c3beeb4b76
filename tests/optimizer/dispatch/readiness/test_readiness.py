from collections.abc import Callable
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.dispatch import DispatchRequest, Team, TeamStatus
from models.dispatch.readiness import MoveUp, Post, ReadinessPlan, ReadinessRequest, Zone
from models.run import Status
from optimizer.algorithms.cover_left import expected_cover
from optimizer.dispatch.readiness.instance import Instance
from optimizer.dispatch.readiness.solve import solve
from optimizer.dispatch.readiness.verify import verify
from optimizer.errors import InputError

CASES = settings(max_examples=12, deadline=None, derandomize=True)


def town(seed: int, **more: object) -> ReadinessRequest:
    """Four ready teams and a busy one, three posts, eight zones on a square of 8 km."""
    rng = np.random.default_rng(seed)

    def place() -> dict[str, float]:
        x_m, y_m = (rng.random(2) * 8000).tolist()
        return {"x_m": x_m, "y_m": y_m}

    teams = [Team(id=f"t{k}", **place()) for k in range(4)]
    teams.append(Team(id="busy", status=TeamStatus.ON_SCENE, **place()))
    given_ = {"moves_max": 2, "least_gain": 0.01, **more}
    return ReadinessRequest.model_validate(
        {
            "situation": DispatchRequest(teams=tuple(teams), incidents=()),
            "zones": tuple(
                Zone(id=f"z{k}", demand=float(rng.integers(1, 9)), **place()) for k in range(8)
            ),
            "posts": tuple(Post(id=f"p{k}", teams_max=1, **place()) for k in range(3)),
            **given_,
        }
    )


def best_by_enumeration(request: ReadinessRequest) -> float:
    instance = Instance.from_request(request)
    teams, posts = instance.way_s.shape
    best = 0.0
    for count in range(request.moves_max + 1):
        for moving in combinations(range(teams), count):
            for to in product(range(posts), repeat=count):
                if len(set(to)) < count:
                    continue
                reach = instance.here.copy()
                for team, post in zip(moving, to, strict=True):
                    reach[team] = instance.there[team, post]
                cover = expected_cover(reach, instance.demand, request.busy_share)
                best = max(best, cover - request.least_gain * count)
    return best


@CASES
@given(st.integers(0, 10_000))
def test_no_moves_leave_more_cover(seed: int) -> None:
    answer = solve(town(seed))
    assert answer.travel is not None
    assert answer.run.status is Status.OPTIMAL
    assert answer.run.objective == pytest.approx(best_by_enumeration(town(seed)), abs=1e-6)
    assert answer.plan is not None
    assert answer.plan.cover_after >= answer.plan.cover_before


def test_nobody_moves_when_too_many_are_busy() -> None:
    answer = solve(town(1, move_up_below=0.1))
    assert answer.plan is not None
    assert answer.plan.gated
    assert answer.plan.moves == ()


def test_a_bare_zone_draws_an_idle_team() -> None:
    base = {"y_m": 0.0}
    request = ReadinessRequest(
        situation=DispatchRequest(
            teams=tuple(Team(id=f"t{k}", x_m=0.0, **base) for k in range(3)), incidents=()
        ),
        zones=(Zone(id="near", x_m=0.0, **base), Zone(id="far", x_m=9000.0, **base)),
        posts=(Post(id="there", x_m=9000.0, **base),),
        moves_max=1,
    )
    plan = solve(request).plan
    assert plan is not None
    assert [one.post_id for one in plan.moves] == ["there"]
    assert plan.bare_zones == ()


def test_all_faults_come_at_once() -> None:
    request = town(1)
    zones = (Zone(id="a", demand=0.0, x_m=0.0, y_m=0.0), Zone(id="a", demand=0.0))
    with pytest.raises(InputError) as caught:
        solve(request.model_copy(update={"zones": zones}))
    assert {one.path for one in caught.value.faults} == {"zones", "zones[1]", "zones[1].id"}


SPOILT: dict[str, Callable[[ReadinessPlan], dict[str, object]]] = {
    "moves": lambda _: {"moves": (MoveUp(team_id="busy", post_id="p0", way_s=1.0),)},
    "figure.cover": lambda plan: {"cover_after": plan.cover_after / 2},
    "figure.way": lambda plan: {
        "moves": tuple(one.model_copy(update={"way_s": one.way_s + 9}) for one in plan.moves)
    },
    "figure.worth": lambda plan: {
        "worth": tuple(one.model_copy(update={"loss": 0.99}) for one in plan.worth)
    },
    "figure.bare": lambda plan: {"bare_zones": (*plan.bare_zones, "z0", "z1")},
    "moves_max": lambda plan: {"moves": plan.moves * 5},
}


def moving() -> tuple[ReadinessRequest, ReadinessPlan]:
    for seed in range(50):
        plan = solve(town(seed)).plan
        if plan is not None and plan.moves:
            return town(seed), plan
    raise AssertionError


@pytest.mark.parametrize("rule", SPOILT)
def test_a_broken_rule_fails_its_check(rule: str) -> None:
    request, plan = moving()
    assert verify(request, plan).passed
    spoilt = plan.model_copy(update=SPOILT[rule](plan))
    assert rule in {check.rule for check in verify(request, spoilt).failed}


def test_moves_against_the_gate_and_into_a_full_post_fail_their_checks() -> None:
    request, plan = moving()
    one = plan.moves[0]
    both = plan.model_copy(update={"moves": (one, one.model_copy(update={"team_id": "t9"}))})
    shut = request.model_copy(update={"move_up_below": 0.0})
    assert "gate" in {check.rule for check in verify(shut, plan).failed}
    assert "room" in {check.rule for check in verify(request, both).failed}
