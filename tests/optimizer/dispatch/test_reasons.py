"""Reasons are true: what they say would serve an incident does, and nothing less."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from instances.generators.incidents import Dispatching, dispatching
from models.dispatch import DispatchRequest, Reason, ResponseLevel
from models.run import RunLimits
from optimizer.algorithms.replacing import replacements
from optimizer.algorithms.slots import match
from optimizer.control import RunControl
from optimizer.dispatch.explain.reasons import Doubts
from optimizer.dispatch.instance import Instance
from optimizer.dispatch.limits import LIMITS, Rules, relaxed_reach
from optimizer.dispatch.questions import WhatIf, rank, what_if, without
from optimizer.dispatch.solve import replay, solve
from optimizer.dispatch.strategy import search
from optimizer.errors import InputError
from tests.strategies.dispatch import incident, team, town


def reason(request, name: str = "x"):
    found = {one.incident_id: one for one in solve(request).explanation.unserved}
    return found[name]


def test_each_limit_is_named() -> None:
    far = town([team("a", 5_000)], [incident("x", 0, full_within_s=60)])
    assert reason(far).limits == (Reason.TIME_WINDOW,)
    unskilled = town([team("a", 0, skills={})], [incident("x", 0)])
    assert reason(unskilled).limits == (Reason.SKILL,)
    tired = town([team("a", 0, status="resting")], [incident("x", 0)])
    assert reason(tired).limits == (Reason.REST_RULE,)
    busy = town([team("a", 0, status="on_scene")], [incident("x", 0)])
    assert reason(busy).limits == (Reason.BUSY,)
    ban = {"forbidden": [{"team_id": "a", "incident_id": "x"}]}
    assert reason(town([team("a", 0)], [incident("x", 0)], policy=ban)).limits == (
        Reason.VEHICLE_NOT_ALLOWED,
    )
    tier = {"tiers": [{"id": "aid", "opens_at": "I"}]}
    closed = town([team("a", 0, tier="aid")], [incident("x", 0)], policy=tier)
    assert reason(closed).limits == (Reason.TIER_NOT_OPEN,)
    owner = [{"id": "other", "needs_permission": True}]
    held = town([team("a", 0, owner="other")], [incident("x", 0)], owners=owner)
    assert reason(held).limits == (Reason.NOT_RELEASED,)


def test_an_island_is_out_of_reach() -> None:
    travel = {"kind": "matrix", "scenarios": [{"travel_time_s": [[None]]}]}
    request = town([team("a", 0)], [incident("x", 0)], modes=[{"id": "road", "travel": travel}])
    assert reason(request).limits == (Reason.REACHABLE,)


def test_two_limits_together_are_both_named() -> None:
    request = town([team("a", 5_000, skills={})], [incident("x", 0, full_within_s=60)])
    assert set(reason(request).limits) == {Reason.TIME_WINDOW, Reason.SKILL}


def test_who_competes_is_named_and_the_shortage_shown() -> None:
    request = town([team("a", 0)], [incident("x", 10), incident("y", 20, severity=5)])
    answer = solve(request)
    assert answer.explanation.unserved[0].limits == (Reason.OUTCOMPETED,)
    assert answer.explanation.unserved[0].by == ("y",)
    short = answer.explanation.shortages[0]
    assert (short.asked, short.teams, short.team_ids) == (2, 1, ("a",))


def test_whoever_gives_way_leaves_the_reserve_its_teams() -> None:
    # Without y, the team it shares with x goes there and its other one stays in reserve.
    request = town(
        [team("a", 0), team("b", 900, skills={"boat": 1}), team("c", 10, skills={"saw": 1})],
        [
            incident("x", 5, needs=[{"skill": "pump"}, {"skill": "saw"}]),
            incident("y", 6, severity=5, needs=[{"skill": "pump"}, {"skill": "boat"}]),
        ],
        policy={"reserve": [{"teams": 1, "hard": True}]},
    )
    found = reason(request)
    assert (found.limits, found.by) == ((Reason.OUTCOMPETED,), ("y",))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 5_000), st.booleans())
def test_as_many_more_teams_as_said_serve_it_and_no_fewer(seed: int, partial: bool) -> None:
    size = Dispatching(6, 3, load=1.4, within_s=None, skills=2, partial=partial)
    request = dispatching(size, seed).model_copy(update={"deadline_ms": 60_000})
    answer = solve(request)
    for one in answer.explanation.unserved:
        assert one.verified
        if one.limits != (Reason.CAPACITY,):
            continue
        for count, served in ((one.short, True), (one.short - 1, False)):
            more = [
                request.teams[0].model_copy(
                    update={"id": f"more{n}", "skills": {"skill_0": 9, "skill_1": 9}}
                )
                for n in range(count)
            ]
            richer = request.model_copy(update={"teams": (*request.teams, *more)})
            graver = tuple(
                i.model_copy(update={"severity": 10_000})
                if i.id == one.incident_id or i.id in answer.plan.served_incidents
                else i
                for i in request.incidents
            )
            plan = solve(richer.model_copy(update={"incidents": graver})).plan
            kept = {*answer.plan.served_incidents, one.incident_id}
            assert (kept <= set(plan.served_incidents)) is served


def hindered(seed: int, *, partial: bool) -> DispatchRequest:
    """Return a busy city in which every kind of limit stands in some team's way."""
    size = Dispatching(24, 8, load=1.3, within_s=1500.0, skills=3, partial=partial)
    request = dispatching(size, seed)
    rng = np.random.default_rng(seed)
    hindrances = [
        {},
        {},
        {"tier": "aid"},
        {"owner": "neighbour"},
        {"status": "resting"},
        {"status": "on_scene"},
        {"shift_ends_s": 300.0},
    ]
    chosen = [hindrances[k] for k in rng.integers(0, len(hindrances), len(request.teams))]
    forbidden = [
        {"team_id": f"t{t}", "incident_id": f"i{i}"}
        for t, i in {(int(rng.integers(1, 24)), int(rng.integers(8))) for _ in range(12)}
    ]
    document = request.model_dump(mode="json")
    document["teams"] = [a | b for a, b in zip(document["teams"], chosen, strict=True)]
    document["owners"] = [{"id": "neighbour", "needs_permission": True}]
    document["policy"]["tiers"] = [{"id": "aid", "opens_at": "I"}]
    document["policy"]["forbidden"] = forbidden
    document["policy"]["pinned"] = [{"team_id": "t0", "incident_id": "i0"}]
    return DispatchRequest.model_validate(document)


@pytest.mark.parametrize("partial", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_ways_are_those_that_solving_anew_finds_one_by_one(seed: int, partial: bool) -> None:
    instance = Instance.from_request(hindered(seed, partial=partial))
    solution = search(instance, RunControl(RunLimits())).solution
    rules, groups = Rules.of(instance), instance.groups
    reasons, _, left_out = Doubts(solution).reasons(RunControl(RunLimits()))
    assert reasons
    assert not left_out
    for one in reasons:
        at = [i.id for i in instance.request.incidents].index(one.incident_id)
        own = groups.incident == at
        wanted = np.where(own, groups.slots, solution.filled)
        served = set()
        for limit in LIMITS:
            reach = instance.reach.copy()
            reach[own] = relaxed_reach(rules, at, frozenset({limit}))
            if match(reach, wanted).complete:
                served.add(limit)
        assert set(one.ways) == served
        if len(one.limits) == 2 and not one.by:
            reach = instance.reach.copy()
            reach[own] = relaxed_reach(rules, at, frozenset(one.limits))
            assert match(reach, wanted).complete


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 5_000))
def test_those_that_would_give_way_are_all_it_takes(seed: int) -> None:
    size = Dispatching(8, 4, load=1.3, within_s=1800.0, skills=3)
    request = dispatching(size, seed).model_copy(update={"deadline_ms": 60_000})
    answer = solve(request)
    served = set(answer.plan.served_incidents)
    for one in answer.explanation.unserved:
        if one.limits != (Reason.OUTCOMPETED,):
            continue
        wanted = {*served - set(one.by), one.incident_id}
        left = tuple(i for i in request.incidents if i.id in wanted)
        plan = solve(request.model_copy(update={"incidents": left})).plan
        assert set(plan.served_incidents) == wanted


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_a_replacement_costs_what_solving_without_the_pair_costs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups, teams = int(rng.integers(1, 6)), 7
    reach = rng.random((groups, teams)) < 0.7
    cost = rng.integers(1, 60, (groups, teams)).astype(float)
    place = np.sort(rng.integers(0, 3, groups))

    def solved(allowed: np.ndarray) -> tuple[float, np.ndarray] | None:
        try:
            rows, columns = linear_sum_assignment(np.where(allowed, cost, np.inf))
        except ValueError:
            return None
        return float(cost[rows, columns].sum()), columns

    best = solved(reach)
    if best is None:
        return
    slots = (np.arange(groups), best[1])
    found = replacements(reach, cost, slots, place, np.arange(groups))
    for slot in range(groups):
        allowed = reach.copy()
        allowed[place == place[slot], best[1][slot]] = False
        other = solved(allowed)
        if other is None:
            assert np.isinf(found.loss[slot])
        else:
            assert found.loss[slot] == pytest.approx(other[0] - best[0], abs=1e-6)
            assert allowed[slot, found.instead[slot]]


def test_teams_are_ranked_by_what_their_going_costs() -> None:
    request = town([team("near", 100), team("far", 900)], [incident("x", 0), incident("y", 950)])
    first, second = rank(request, "x")
    assert (first.team_id, first.chosen, first.response_change) == ("near", True, 0.0)
    assert (second.team_id, second.chosen) == ("far", False)
    assert second.response_change == pytest.approx(90 + 85 - 10 - 5)
    with pytest.raises(InputError):
        rank(request, "nowhere")


def test_what_goes_with_an_order_is_told() -> None:
    scenes = [incident("x", 0, severity=3, full_within_s=20), incident("y", 900)]
    request = town([team("near", 100), team("far", 900)], scenes)
    told = {one.incident_id: one.team_id for one in solve(request).explanation.runners_up}
    assert told == {"x": None, "y": None}
    lost = without(request, "near", "x")
    assert (lost.severity_lost, lost.exact) == (3.0, True)


def test_what_if_a_tier_were_open_or_a_team_were_there() -> None:
    policy = {"tiers": [{"id": "aid", "opens_at": "I"}]}
    request = town([team("a", 0, tier="aid")], [incident("x", 0)], policy=policy)
    now, then = what_if(request, WhatIf(tiers={"aid": ResponseLevel.IV}))
    assert (now.plan.severity_served, then.plan.severity_served) == (0.0, 1.0)
    more = request.teams[0].model_copy(update={"id": "b", "tier": None})
    assert what_if(request, WhatIf(teams=[more]))[1].plan.severity_served == 1.0


def test_a_replay_gives_the_same_plan_to_the_byte() -> None:
    request = dispatching(Dispatching(40, 15, load=1.2), 3)
    answer = solve(request)
    again = replay(request, answer.run.record)
    assert again.plan.model_dump_json() == answer.plan.model_dump_json()
    other = request.model_copy(update={"now_s": 5.0})
    with pytest.raises(InputError):
        replay(other, answer.run.record)


def test_an_answer_comes_in_time_and_is_never_worse_than_what_is_in_force() -> None:
    request = dispatching(Dispatching(60, 25, load=1.2), 7)
    best = solve(request).plan
    orders = [{"team_id": o.team_id, "incident_id": o.incident_id} for o in best.orders]
    kept = type(request).model_validate({**request.model_dump(), "orders": orders})
    hurried = solve(kept.model_copy(update={"deadline_ms": 10}))
    assert hurried.verification.passed
    assert hurried.plan.severity_served >= best.severity_served
    assert hurried.plan.diversions == 0
