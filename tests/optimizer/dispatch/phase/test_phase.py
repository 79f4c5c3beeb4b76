import math
from collections.abc import Callable
from typing import Any

import pytest

from instances.generators.relief_run import relief_run
from models.dispatch import DispatchRequest, Incident, Pin, Policy, Team, TeamNeed
from models.dispatch.phase import (
    Break,
    Call,
    Crew,
    Depot,
    PhaseAnswer,
    PhasePlan,
    PhaseRequest,
    Volume,
    Work,
)
from models.run import RunLimits, Status
from optimizer.control import RunControl
from optimizer.dispatch.phase.solve import solve
from optimizer.dispatch.phase.verify import verify
from optimizer.errors import InputError

LIMITS = RunLimits(time_limit_s=60, node_limit=60)


def solved(request: PhaseRequest) -> PhaseAnswer:
    return solve(request, RunControl(LIMITS))


def plan_of(request: PhaseRequest) -> PhasePlan:
    plan = solved(request).plan
    assert plan is not None
    return plan


def incident(name: str, x_m: float, *, skill: str = "pump", **more: Any) -> Incident:
    needs = more.pop("needs", (TeamNeed(skill=skill),))
    return Incident(id=name, x_m=x_m, y_m=0.0, severity=1, needs=needs, **more)


def team(name: str, x_m: float, **more: Any) -> Team:
    skills = more.pop("skills", {"pump": 4})
    return Team(id=name, x_m=x_m, y_m=0.0, skills=skills, people=4, turnout_s=0.0, **more)


def request(incidents: list[Incident], teams: list[Team], **more: Any) -> PhaseRequest:
    return PhaseRequest(
        situation=DispatchRequest(incidents=tuple(incidents), teams=tuple(teams)), **more
    )


def way_s(metres: float) -> float:
    return metres * 1.35 / (30 / 3.6)


SMALL = relief_run(6, 4, 2, 6, seed=3)


@pytest.fixture(scope="module")
def right() -> PhasePlan:
    return plan_of(SMALL)


def test_the_relief_run_has_a_verified_plan_and_a_bound_below_it() -> None:
    answer = solved(SMALL)
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.run.levels[0].bound is not None
    assert 0.0 < answer.run.levels[0].bound <= answer.plan.objective
    assert answer.illustrative


def test_teams_that_neither_meet_nor_carry_have_a_bound_near_their_plan() -> None:
    calls = [incident(f"i{n}", 700.0 * n * n, on_scene_s=600.0 + 60 * n) for n in range(8)]
    asked = request(calls, [team("west", 0.0), team("middle", 9_000.0), team("east", 40_000.0)])
    answer = solve(asked, RunControl(RunLimits(time_limit_s=60, node_limit=4_000)))
    assert answer.plan is not None
    level = answer.run.levels[0]
    assert level.bound is not None
    assert 0.99 * answer.plan.objective < level.bound <= answer.plan.objective


def test_a_partial_incident_gets_as_many_different_teams_as_it_wants() -> None:
    both = incident("slide", 0.0, needs=(TeamNeed(skill="pump", teams=2),), on_scene_s=60.0)
    near, far = team("near", 100.0), team("far", 50_000.0)
    plan = plan_of(request([both], [near, far]))
    assert {(one.team_id, len(one.calls)) for one in plan.rounds} == {("near", 1), ("far", 1)}
    alone = solved(request([both], [near]))
    assert alone.plan is not None
    assert [len(one.calls) for one in alone.plan.rounds] == [1]
    assert alone.plan.unserved == ("slide",)
    assert alone.explanation is not None
    assert alone.explanation.unserved[0].reason == "SKILL"
    once = alone.plan.rounds[0]
    again = once.calls[0].model_copy(update={"start_s": 1e4, "arrive_s": 1e4, "finish_s": 10_060.0})
    twice = once.model_copy(update={"calls": (*once.calls, again)})
    plan = alone.plan.model_copy(update={"rounds": (twice,), "unserved": ()})
    checks = verify(request([both], [near]), plan).checks
    assert "slots" in {one.rule for one in checks if not one.passed}


def test_a_team_of_two_roles_may_fill_two_needs_of_a_partial_incident() -> None:
    needs = (TeamNeed(skill="pump"), TeamNeed(skill="dig"))
    slide, skills = incident("slide", 0.0, needs=needs), {"pump": 4, "dig": 4}
    for roles, done in ((1, 1), (2, 2)):
        plan = plan_of(request([slide], [team("a", 100.0, skills=skills, roles_max=roles)]))
        assert len(plan.rounds[0].calls) == done


def test_the_same_request_seed_and_steps_give_the_same_plan() -> None:
    assert plan_of(SMALL) == plan_of(SMALL)


def test_an_answer_reads_back_from_its_json() -> None:
    answer = solved(SMALL)
    assert PhaseAnswer.model_validate_json(answer.model_dump_json()).plan == answer.plan


def test_the_severest_of_two_far_places_is_first() -> None:
    near = incident("near", 1000.0).model_copy(update={"severity": 1})
    far = incident("far", -2000.0).model_copy(update={"severity": 9})
    plan = plan_of(request([near, far], [team("only", 0.0)]))
    assert [call.incident_id for call in plan.rounds[0].calls] == ["far", "near"]


def test_a_pump_takes_the_time_its_volume_needs() -> None:
    pumped = request(
        [incident("flooded", 0.0, on_scene_s=60.0)],
        [team("pumps", 0.0, amounts={"pump_m3_h": 200.0}), team("none", 0.0)],
        works=(Work(incident_id="flooded", volume=Volume(of="pump_m3_h", amount=400.0)),),
    )
    (only,) = plan_of(pumped).rounds
    assert only.team_id == "pumps"
    assert only.calls[0].finish_s == pytest.approx(60.0 + 7200.0)


def test_all_teams_of_an_incident_begin_together_after_the_last_one_came() -> None:
    both = incident("slide", 0.0, needs=(TeamNeed(skill="pump", teams=2),), partial=False)
    plan = plan_of(request([both], [team("near", 0.0), team("far", 5000.0)]))
    starts = [one.calls[0].start_s for one in plan.rounds]
    assert starts == pytest.approx([way_s(5000.0)] * 2)


def test_what_waits_for_another_begins_when_that_is_done() -> None:
    asked = request(
        [incident("first", 3000.0, on_scene_s=100.0), incident("second", 0.0)],
        [team("one", 0.0), team("other", 0.0)],
        works=(Work(incident_id="second", after=("first",)),),
    )
    calls = {call.incident_id: call for one in plan_of(asked).rounds for call in one.calls}
    assert (
        calls["second"].start_s >= calls["first"].finish_s == pytest.approx(way_s(3000.0) + 100.0)
    )


def test_a_team_fills_up_at_a_depot_on_the_way_when_it_has_too_little() -> None:
    asked = request(
        [incident("a", 1000.0), incident("b", 2000.0)],
        [team("carrier", 0.0)],
        works=tuple(Work(incident_id=one, loads={"water": 6.0}) for one in "ab"),
        crews=(Crew(team_id="carrier", carries={"water": 10.0}, reload_s=50.0),),
        depots=(Depot(id="store", x_m=1500.0, y_m=0.0),),
    )
    calls = plan_of(asked).rounds[0].calls
    assert [call.by_depot for call in calls] == [None, "store"]
    assert calls[1].arrive_s == pytest.approx(way_s(2000.0) + 50.0)


def test_a_break_is_taken_in_its_window() -> None:
    asked = request(
        [incident(name, 0.0, on_scene_s=1000.0) for name in "abc"],
        [team("tired", 0.0)],
        crews=(
            Crew(team_id="tired", breaks=(Break(from_s=900.0, until_s=1500.0, length_s=600.0),)),
        ),
    )
    rests = [call for call in plan_of(asked).rounds[0].calls if call.incident_id is None]
    assert len(rests) == 1
    assert 900.0 <= rests[0].start_s <= 1500.0


def test_a_crew_goes_to_its_first_incidents_first() -> None:
    asked = request(
        [incident("near", 100.0), incident("far", 9000.0)],
        [team("sent", 0.0)],
        crews=(Crew(team_id="sent", first=("far",)),),
    )
    assert [call.incident_id for call in plan_of(asked).rounds[0].calls] == ["far", "near"]


def test_first_incidents_that_cannot_be_in_time_leave_no_plan_and_say_so() -> None:
    asked = request(
        [incident("far", 9000.0, full_within_s=10.0)],
        [team("sent", 0.0)],
        crews=(Crew(team_id="sent", first=("far",)),),
        hard_deadlines=True,
    )
    answer = solved(asked)
    assert answer.run.status is Status.INFEASIBLE
    assert answer.conflict is not None
    assert answer.conflict.rules[0].path == "crews[0].first"


@pytest.mark.parametrize(
    ("reason", "wanted", "more"),
    [
        ("SKILL", incident("i", 0.0, skill="boat"), {}),
        ("TIME_WINDOW", incident("i", 9000.0, full_within_s=10.0), {"hard_deadlines": True}),
    ],
)
def test_what_stays_undone_has_its_reason(
    reason: str, wanted: Incident, more: dict[str, Any]
) -> None:
    answer = solved(request([wanted, incident("other", 0.0)], [team("one", 0.0)], **more))
    assert answer.plan is not None
    assert answer.plan.unserved == ("i",)
    assert answer.explanation is not None
    assert [one.reason for one in answer.explanation.unserved] == [reason]


def test_a_late_start_costs_as_the_request_says() -> None:
    late = request([incident("i", 5000.0, full_within_s=100.0)], [team("t", 0.0)], late_factor=3.0)
    plan = plan_of(late)
    assert plan.lateness == pytest.approx(3.0 * (way_s(5000.0) - 100.0))
    assert plan.objective == pytest.approx(way_s(5000.0) + plan.lateness)


def test_all_faults_come_at_once() -> None:
    bad = request(
        [incident("a", 0.0)],
        [team("t", 0.0)],
        works=(
            Work(incident_id="a", loads={"water": 1.0}, after=("a",)),
            Work(incident_id="nowhere"),
        ),
        crews=(Crew(team_id="nobody"),),
        depots=(Depot(id="d"),),
    )
    pinned = Policy(pinned=(Pin(team_id="t", incident_id="a"),))
    bad = bad.model_copy(update={"situation": bad.situation.model_copy(update={"policy": pinned})})
    with pytest.raises(InputError) as caught:
        solve(bad)
    assert {fault.path for fault in caught.value.faults} == {
        "situation.policy.pinned",
        "works[0].after",
        "works[0].loads",
        "works[1].incident_id",
        "crews[0].team_id",
        "depots[0]",
    }


def changed(
    plan: PhasePlan, change: Callable[[Call], Call], pick: Callable[[Call], bool]
) -> PhasePlan:
    """Return the plan with the first call that ``pick`` takes changed."""
    done = False
    rounds = []
    for one in plan.rounds:
        calls = []
        for call in one.calls:
            if not done and pick(call):
                calls.append(change(call))
                done = True
            else:
                calls.append(call)
        rounds.append(one.model_copy(update={"calls": tuple(calls)}))
    assert done
    return plan.model_copy(update={"rounds": tuple(rounds)})


def moved(call: Call, seconds: float) -> Call:
    return call.model_copy(
        update={"start_s": call.start_s + seconds, "finish_s": call.finish_s + seconds}
    )


def kind(name: str) -> Callable[[Call], bool]:
    return lambda call: (call.incident_id or "break").startswith(name)


BREAKS: dict[str, Callable[[PhasePlan], PhasePlan]] = {
    "skill": lambda plan: changed(
        plan, lambda c: c.model_copy(update={"incident_id": "landslide-0"}), kind("relief")
    ),
    "work": lambda plan: changed(
        plan, lambda c: c.model_copy(update={"finish_s": c.finish_s - 5.0}), kind("pump")
    ),
    "travel": lambda plan: changed(
        plan, lambda c: c.model_copy(update={"arrive_s": c.arrive_s - 100.0}), kind("relief")
    ),
    "together": lambda plan: changed(plan, lambda c: moved(c, 60.0), kind("landslide")),
    "breaks": lambda plan: changed(plan, lambda c: moved(c, 90_000.0), kind("break")),
    "listed": lambda plan: plan.model_copy(update={"rounds": (*plan.rounds, plan.rounds[0])}),
    "slots": lambda plan: changed(
        plan, lambda c: c.model_copy(update={"first_due": True}), kind("pump")
    ),
    "figure.objective": lambda plan: plan.model_copy(update={"objective": plan.objective + 9.0}),
    "figure.completion": lambda plan: plan.model_copy(
        update={"completion": plan.completion * 1.01}
    ),
    "figure.unserved": lambda plan: plan.model_copy(update={"unserved": ("pump-0",)}),
}


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_fails_its_check(rule: str, right: PhasePlan) -> None:
    assert verify(SMALL, right).passed
    failed = {check.rule for check in verify(SMALL, BREAKS[rule](right)).failed}
    assert rule in failed


def test_a_plan_that_ends_after_the_shift_fails_its_check(right: PhasePlan) -> None:
    busy = right.rounds[0].team_id
    teams = tuple(
        one.model_copy(update={"shift_ends_s": 100.0}) if one.id == busy else one
        for one in SMALL.situation.teams
    )
    short = SMALL.model_copy(
        update={"situation": SMALL.situation.model_copy(update={"teams": teams})}
    )
    assert {check.rule for check in verify(short, right).failed} == {"shift"}


def test_what_was_sent_before_it_was_free_fails_its_check(right: PhasePlan) -> None:
    first = right.rounds[0].model_copy(update={"leave_s": 0.0})
    hasty = right.model_copy(update={"rounds": (first, *right.rounds[1:])})
    assert {check.rule for check in verify(SMALL, hasty).failed} == {"travel"}
    assert math.isfinite(right.objective)
