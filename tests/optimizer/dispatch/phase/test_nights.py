"""Nights in which nobody goes on foot: what waits, what is left out, what is found out."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from models.dispatch import Incident, TeamNeed
from models.dispatch.phase import (
    Crew,
    PhasePlan,
    PhaseRequest,
    Work,
)
from models.dispatch.walking import Pace, Walk
from optimizer.dispatch.phase.verify.walking import touches, walk_s
from optimizer.dispatch.phase.ways import hike_s
from tests.optimizer.dispatch.phase.hills import (
    DARK,
    HOUR,
    UP_S,
    asked,
    calls,
    crew,
    failed,
    fire,
    solved,
    with_call,
)


@pytest.mark.parametrize("works", [None, (Work(incident_id="a", approach_s=900.0),)])
def test_what_would_end_on_the_slope_at_night_begins_in_the_morning(works: Any) -> None:
    more = {} if works is None else {"works": works}
    up = UP_S if works is None else 900.0
    request = asked(
        [fire("a", 100.0)], [crew("c")], no_foot_at_night=DARK, now_s=8.8 * HOUR, **more
    )
    (call,) = calls(request)
    assert call.road_end_s == pytest.approx(8.8 * HOUR + 10.0)
    assert call.arrive_s == call.start_s == pytest.approx(18 * HOUR + up)
    assert call.waits_for_day
    by_day = request.model_copy(update={"no_foot_at_night": None})
    assert calls(by_day)[0].start_s == pytest.approx(8.8 * HOUR + 10.0 + up)


def test_work_by_the_roadside_goes_on_at_night() -> None:
    roadside = asked([fire("a", 100.0)], [crew("c")], works=(), no_foot_at_night=DARK, now_s=1e5)
    assert calls(roadside)[0].start_s == pytest.approx(1e5 + 10.0)


def test_crews_that_must_meet_wait_for_a_morning_that_suits_them_all() -> None:
    both = fire("a", 0.0, needs=(TeamNeed(skill="line", teams=2),), partial=False)
    slow = Pace(speed_m_s=0.3)
    plan = solved(
        asked(
            [both],
            [crew("near"), crew("slow")],
            crews=(Crew(team_id="slow", pace=slow),),
            no_foot_at_night=DARK,
            now_s=9 * HOUR,
        )
    ).plan
    assert plan is not None
    up = hike_s(1000.0, 200.0, slow, off_path=True)
    assert [one.calls[0].start_s for one in plan.rounds] == pytest.approx([18 * HOUR + up] * 2)
    assert all(one.calls[0].waits_for_day for one in plan.rounds)


def best_by_enumeration(request: PhaseRequest) -> float:
    """Return the least severity x time over all orders of all shares of the fires."""
    fires, teams = request.situation.incidents, request.situation.teams
    best = np.inf
    for whose in itertools.product(range(len(teams)), repeat=len(fires)):
        cost = 0.0
        for t in range(len(teams)):
            mine = [one for one, team in zip(fires, whose, strict=True) if team == t]
            cost += min(_along(request, t, order) for order in itertools.permutations(mine))
        best = min(best, cost)
    return best


def _along(request: PhaseRequest, team: int, order: tuple[Incident, ...]) -> float:
    """Return what a team's fires cost in an order; minute by minute until the slope is free."""
    now, cost = request.situation.now_s, 0.0
    own = request.crews[team].pace or request.pace
    free, place, work = now, request.situation.teams[team].x_m or 0.0, None
    for one in order:
        free += 0.0 if work is None else walk_s(work, own, down=True)
        free += abs((one.x_m or 0.0) - place) / 10.0
        work = next(w for w in request.works if w.incident_id == one.id)
        up, down = (walk_s(work, own, down=down) for down in (False, True))
        end = free + up + one.on_scene_s
        assert request.no_foot_at_night is not None
        if touches(request.no_foot_at_night, free, end + down, 0.0):
            day = (free - 18 * HOUR) // 86_400.0 + 1.0
            free = 18 * HOUR + day * 86_400.0
        free += up + one.on_scene_s
        cost += (one.severity or 1) * (free - now)
        place = one.x_m or 0.0
    return cost


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_walks_between_nights_is_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    fires = [
        fire(
            f"f{k}",
            float(rng.uniform(0, 9000)),
            on_scene_s=float(rng.uniform(1, 7)) * HOUR,
            severity=int(rng.integers(1, 9)),
        )
        for k in range(4)
    ]
    walks = [
        Walk(length_m=float(m), climb_m=float(m * rng.uniform(-0.3, 0.5)))
        for m in rng.uniform(100, 2500, 4)
    ]
    request = asked(
        fires,
        [crew("a"), crew("b", x_m=8000.0)],
        works=tuple(
            Work(incident_id=one.id, walk=walk) for one, walk in zip(fires, walks, strict=True)
        ),
        crews=(Crew(team_id="a", pace=Pace(laden_share=0.7)), Crew(team_id="b")),
        no_foot_at_night=DARK,
        now_s=float(rng.uniform(0, 9)) * HOUR,
        unserved_s=5e5,
    )
    answer = solved(request)
    assert answer.plan is not None
    assert answer.plan.unserved == ()
    assert answer.plan.completion == pytest.approx(best_by_enumeration(request))


@pytest.mark.parametrize(
    ("reason", "fires", "more"),
    [
        ("NIGHT", [fire("a", 0.0, on_scene_s=16 * HOUR)], {}),
        ("NIGHT", [fire("a", 0.0, full_within_s=9.9 * HOUR)], {"hard_deadlines": True}),
        ("TIME_WINDOW", [fire("a", 0.0, full_within_s=60.0)], {"hard_deadlines": True}),
        ("SKILL", [fire("a", 0.0, needs=(TeamNeed(skill="boat"),))], {}),
    ],
)
def test_what_the_night_alone_prevents_says_so(
    reason: str, fires: list[Incident], more: dict[str, Any]
) -> None:
    request = asked(fires, [crew("c")], no_foot_at_night=DARK, now_s=9 * HOUR, **more)
    answer = solved(request)
    assert answer.explanation is not None
    assert [one.reason for one in answer.explanation.unserved] == [reason]
    if reason == "NIGHT":
        plan = solved(request.model_copy(update={"no_foot_at_night": None})).plan
        assert plan is not None
        assert plan.unserved == ()


NIGHTLY = asked(
    [fire("a", 100.0), fire("b", 200.0, on_scene_s=5 * HOUR)],
    [crew("c")],
    no_foot_at_night=DARK,
    now_s=5 * HOUR,
)


@pytest.fixture(scope="module")
def nightly() -> PhasePlan:
    plan = solved(NIGHTLY).plan
    assert plan is not None
    assert [call.waits_for_day for call in plan.rounds[0].calls] == [False, True]
    return plan


SHIFT = -4 * HOUR  # into the night, when it could be there
BROKEN: dict[str, Callable[[PhasePlan], PhasePlan]] = {
    "night": lambda plan: with_call(
        plan,
        1,
        arrive_s=plan.rounds[0].calls[1].arrive_s + SHIFT,
        start_s=plan.rounds[0].calls[1].start_s + SHIFT,
        finish_s=plan.rounds[0].calls[1].finish_s + SHIFT,
    ),
    "walk": lambda plan: with_call(plan, 0, walk_s=plan.rounds[0].calls[0].walk_s - 60.0),
    "travel": lambda plan: with_call(plan, 1, road_end_s=plan.rounds[0].calls[0].finish_s),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_plan_that_breaks_a_rule_on_foot_fails_its_check(rule: str, nightly: PhasePlan) -> None:
    assert failed(NIGHTLY, nightly) == set()
    assert rule in failed(NIGHTLY, BROKEN[rule](nightly))
    back = with_call(nightly, 0, back_s=0.0)
    assert failed(NIGHTLY, back) == {"walk"}


def test_who_waits_on_the_slope_overnight_breaks_the_night(nightly: PhasePlan) -> None:
    early = with_call(nightly, 1, arrive_s=nightly.rounds[0].calls[1].arrive_s - 9 * HOUR)
    assert failed(NIGHTLY, early) == {"night"}


@pytest.mark.parametrize(
    ("begin", "end", "dark"),
    [
        (9 * HOUR, 10 * HOUR, False),
        (9 * HOUR, 10 * HOUR + 5, True),
        (18 * HOUR, 34 * HOUR, False),
        (17.9 * HOUR, 19 * HOUR, True),
        (20 * HOUR, 50 * HOUR, True),
        (11 * HOUR, 12 * HOUR, True),
        (-3 * HOUR, -2 * HOUR, False),
        (-8 * HOUR, -5 * HOUR, True),
    ],
)
def test_nights_come_every_day(begin: float, end: float, *, dark: bool) -> None:
    assert touches(DARK, begin, end, 1e-3) == dark
