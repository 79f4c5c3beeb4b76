"""Where to wait for a warning: against enumeration, and each rule of the check broken in turn."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.generators.pingshan.fire_danger import fire_danger
from instances.generators.pingshan.pumps import pumps
from instances.generators.pingshan.wildfire import forest_fires
from models.dispatch import AmountNeed, DispatchRequest, Incident, Team, TeamNeed, TeamStatus
from models.dispatch.phase import PhasePlan
from models.dispatch.positioning import PositioningPlan, PositioningRequest, WarningScenario
from models.dispatch.readiness import MoveUp, Post
from models.run import RunLimits, Status
from optimizer.algorithms.slots import match
from optimizer.control import RunControl
from optimizer.dispatch.phase.solve import solve as plan_phase
from optimizer.dispatch.positioning.instance import Instance
from optimizer.dispatch.positioning.solve import solve
from optimizer.dispatch.positioning.verify import verify
from optimizer.errors import InputError


def town(seed: int, **more: object) -> PositioningRequest:
    """Three ready teams and a lost one, two posts, two scenarios on a square of 8 km."""
    rng = np.random.default_rng(seed)

    def place() -> dict[str, float]:
        x_m, y_m = (rng.random(2) * 8000).tolist()
        return {"x_m": x_m, "y_m": y_m}

    def incident(name: str) -> Incident:
        skill = ["pump", "boat"][int(rng.integers(2))]
        need = TeamNeed(skill=skill, teams=int(rng.integers(1, 3)), first_due=bool(rng.integers(2)))
        return Incident(
            id=name,
            severity=int(rng.integers(1, 5)),
            needs=(need,),
            first_within_s=400.0,
            full_within_s=700.0,
            **place(),
        )

    skills = [{"pump": 4}, {"boat": 4}, {"pump": 4, "boat": 4}]
    teams = [Team(id=f"t{k}", people=4, skills=skills[k], **place()) for k in range(3)]
    teams.append(Team(id="lost", status=TeamStatus.LOST, skills=skills[2], **place()))
    return PositioningRequest.model_validate(
        {
            "situation": DispatchRequest(teams=tuple(teams), incidents=()),
            "posts": (Post(id="p0", teams_max=1, **place()), Post(id="p1", **place())),
            "scenarios": tuple(
                WarningScenario(
                    id=f"s{k}",
                    probability=0.4,
                    incidents=tuple(incident(f"i{n}") for n in range(3)),
                )
                for k in range(2)
            ),
            **more,
        }
    )


def best_by_enumeration(request: PositioningRequest) -> float:
    """Try every way to wait, and every set of incidents to serve, by a matching each."""
    instance = Instance.from_request(request)
    best = 0.0
    for places in product(range(len(request.posts) + 1), repeat=len(instance.ready)):
        moves = sum(one > 0 for one in places)
        if moves > request.moves_max or places.count(1) > 1:
            continue
        worth = -request.least_gain * moves
        for case in instance.cases:
            reach = np.array(
                [[row[t, p] for t, p in enumerate(places)] for row in case.reach]
            ).reshape(len(case.groups), -1)
            worth += case.scenario.probability * max(
                float(case.severity @ np.array(served))
                for served in product((0, 1), repeat=len(case.wanted))
                if match(reach, case.groups.slots * np.array(served)[case.groups.incident]).complete
            )
        best = max(best, worth)
    return best


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.integers(0, 1000), st.integers(0, 3))
def test_no_way_to_wait_serves_more(seed: int, moves_max: int) -> None:
    request = town(seed, moves_max=moves_max, least_gain=0.01)
    answer = solve(request)
    assert answer.run.status is Status.OPTIMAL
    assert answer.run.objective == pytest.approx(best_by_enumeration(request), abs=1e-6)
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.plan is not None
    assert answer.plan.expected_after >= answer.plan.expected_before
    assert solve(request, start=answer.plan).run.objective == answer.run.objective


@pytest.fixture(scope="module")
def right() -> tuple[PositioningRequest, PositioningPlan]:
    for seed in range(50):
        request = town(seed)
        plan = solve(request).plan
        assert plan is not None
        if plan.moves and plan.outcomes[0].orders and plan.outcomes[0].unserved:
            return request, plan
    raise AssertionError


def broken(request: PositioningRequest, plan: PositioningPlan) -> set[str]:
    return {one.rule for one in verify(request, plan).checks if not one.passed}


def test_each_broken_rule_is_found(right: tuple[PositioningRequest, PositioningPlan]) -> None:
    request, plan = right
    assert broken(request, plan) == set()
    first, *rest = plan.outcomes
    lost = MoveUp(team_id="lost", post_id="p1", way_s=1.0)
    assert "moves" in broken(request, plan.model_copy(update={"moves": (*plan.moves, lost)}))
    assert broken(request.model_copy(update={"moves_max": 0}), plan) == {"moves_max"}
    late = plan.moves[0].model_copy(update={"way_s": plan.moves[0].way_s + 5.0})
    assert "figure.way" in broken(
        request, plan.model_copy(update={"moves": (late, *plan.moves[1:])})
    )
    fewer = first.model_copy(update={"orders": first.orders[1:]})
    assert "figure.outcomes_unserved" in broken(
        request, plan.model_copy(update={"outcomes": (fewer, *rest)})
    )
    # With nobody moved, what the moves brought in reach is out of it.
    stayed = plan.model_copy(update={"moves": ()})
    assert "outcomes_orders" in broken(request, stayed)
    assert broken(request, plan.model_copy(update={"expected_after": 99.0})) == {"figure.expected"}
    twice = first.model_copy(update={"orders": (*first.orders, first.orders[0])})
    assert "outcomes_orders" in broken(
        request, plan.model_copy(update={"outcomes": (twice, *rest)})
    )


def test_faults_are_told_by_their_places() -> None:
    request = town(1)
    likely = [one.model_copy(update={"probability": 0.7}) for one in request.scenarios]
    nobody = likely[0].model_copy(
        update={"incidents": (likely[0].incidents[0].model_copy(update={"needs": None}),)}
    )
    posts = (request.posts[0], request.posts[0])
    wrong = request.model_copy(update={"scenarios": (nobody, likely[1]), "posts": posts})
    with pytest.raises(InputError) as caught:
        solve(wrong)
    paths = {one.path for one in caught.value.faults}
    assert paths == {"posts[1].id", "scenarios", "scenarios[0].incidents[0].needs"}


def test_reasons_say_what_is_in_the_way() -> None:
    near = {"x_m": 0.0, "y_m": 0.0}
    needs = {
        "nobody": TeamNeed(skill="crane"),
        "far": TeamNeed(skill="pump"),
        "crowd": TeamNeed(skill="pump"),
        "other": TeamNeed(skill="pump"),
    }
    incidents = tuple(
        Incident(
            id=name,
            needs=(need,),
            severity=2 if name == "crowd" else 1,
            full_within_s=600.0,
            **(near | {"x_m": 900_000.0 if name == "far" else 0.0}),
        )
        for name, need in needs.items()
    )
    request = PositioningRequest(
        situation=DispatchRequest(
            teams=(Team(id="a", people=4, skills={"pump": 4}, **near),), incidents=()
        ),
        posts=(Post(id="p", **near),),
        scenarios=(WarningScenario(id="s", probability=1.0, incidents=incidents),),
    )
    explanation = solve(request).explanation
    assert explanation is not None
    reasons = {one.incident_id: one.reason for one in explanation.unserved}
    assert reasons == {"nobody": "SKILL", "far": "TIME_WINDOW", "other": "OUTCOMPETED"}


def planned(steps: int, what: str) -> PhasePlan:
    request = forest_fires() if what == "fires" else pumps()
    limits = RunLimits(time_limit_s=120.0, node_limit=steps)
    answer = plan_phase(request, RunControl(limits))
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.plan is not None
    return answer.plan


def test_on_a_forest_fire_day_nobody_works_on_the_slope_at_night() -> None:
    plan = planned(40, "fires")
    night, dawn = 12 * 3600.0, 20 * 3600.0
    work = [
        (one.team_id, call)
        for one in plan.rounds
        for call in one.calls
        if call.incident_id is not None
    ]
    assert plan.unserved == ()
    assert all(
        call.finish_s + call.back_s <= night or call.arrive_s - call.walk_s >= dawn
        for _, call in work
    )
    walks = {team: call.walk_s > 0.0 for team, call in work}
    assert [team for team, walked in walks.items() if not walked] == ["helicopter"]
    kind = {one.id: one.kind for one in forest_fires().depots}
    filled = {(team == "helicopter", kind[call.by_depot]) for team, call in work if call.by_depot}
    assert (False, "cistern") in filled  # and crews nowhere else
    assert {(False, "dip_point"), (False, "helicopter_point"), (True, "cistern")}.isdisjoint(filled)


def test_pumps_clear_what_is_gravest_first() -> None:
    plan = planned(40, "pumps")
    assert plan.unserved == ()
    grave = {one.id for one in pumps().situation.incidents if one.level == "III"}
    done: dict[bool, list[float]] = {True: [], False: []}
    for call in (call for one in plan.rounds for call in one.calls):
        done[call.incident_id in grave].append(call.finish_s)
    assert np.mean(done[True]) < np.mean(done[False])


def pumping(seed: int) -> PositioningRequest:
    """Give the town's teams pumps, and half of its incidents water to be pumped."""
    rng = np.random.default_rng(seed)
    request = town(seed)
    teams = tuple(
        one.model_copy(update={"amounts": {"pump_m3_h": 100.0 * int(rng.integers(1, 4))}})
        for one in request.situation.teams
    )
    wanted = [AmountNeed(of="pump_m3_h", amount=100.0 * int(rng.integers(1, 6))) for _ in range(3)]
    scenarios = tuple(
        case.model_copy(
            update={
                "incidents": tuple(
                    one.model_copy(update={"needs": (need,) if k else (*one.needs, need)})
                    for k, (one, need) in enumerate(zip(case.incidents, wanted, strict=True))
                )
            }
        )
        for case in request.scenarios
    )
    situation = request.situation.model_copy(update={"teams": teams})
    return request.model_copy(update={"situation": situation, "scenarios": scenarios})


def best_with_amounts(request: PositioningRequest) -> float:
    """Try every way to wait, and everything that the teams can do from there."""
    instance = Instance.from_request(request)
    best = 0.0
    for places in product(range(len(request.posts) + 1), repeat=len(instance.ready)):
        if places.count(1) > 1:
            continue
        worth = -request.least_gain * sum(one > 0 for one in places)
        for case in instance.cases:
            groups, most = case.groups, 0.0
            for choice in product(range(-1, len(groups)), repeat=len(places)):
                pairs = [(g, t) for t, g in enumerate(choice) if g >= 0]
                if not all(case.reach[g, t, places[t]] for g, t in pairs):
                    continue
                had, brought = np.zeros(len(groups)), np.zeros(len(groups))
                for g, t in pairs:
                    had[g] += 1
                    brought[g] += case.brings[g, t]
                met = (had >= groups.slots) & (brought >= groups.amount)
                own = np.bincount(groups.incident, weights=~met, minlength=len(case.wanted)) == 0
                most = max(most, float(case.severity @ own))
            worth += case.scenario.probability * most
        best = max(best, worth)
    return best


@pytest.mark.parametrize("seed", [1, 4, 6])
def test_amounts_are_brought_together_from_wherever_teams_wait(seed: int) -> None:
    request = pumping(seed)
    answer = solve(request)
    assert answer.run.status is Status.OPTIMAL
    assert answer.run.objective == pytest.approx(best_with_amounts(request), abs=1e-6)
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.plan is not None
    assert answer.travel is not None
    assert answer.travel.method == "straight_line"
    for case, outcome in zip(request.scenarios, answer.plan.outcomes, strict=True):
        bringing = [o for o in outcome.orders if o.need == len(case.incidents[0].needs) - 1]
        for one in bringing if outcome.unserved else ():
            fewer = tuple(o for o in outcome.orders if o is not one)
            less = outcome.model_copy(update={"orders": fewer})
            others = tuple(less if o is outcome else o for o in answer.plan.outcomes)
            plan = answer.plan.model_copy(update={"outcomes": others})
            assert not verify(request, plan).passed


def test_forest_crews_wait_nearer_the_more_danger_there_is() -> None:
    moved, served = [], []
    for level in (1, 3, 5):
        request = fire_danger(level)
        answer = solve(request)
        assert answer.run.status is Status.OPTIMAL
        assert answer.plan is not None
        moved.append(len(answer.plan.moves))
        served.append(answer.run.objective / sum(one.probability for one in request.scenarios))
    assert moved[0] == 0 < moved[1] <= moved[2]
    assert served[0] == 0.0 < served[1]
