"""Each rule of a request, by hand-sized numbers."""

import pytest

from optimizer.dispatch.solve import solve
from optimizer.errors import InputError
from tests.strategies.dispatch import incident, team, town


def sent(request) -> dict[str, str]:
    return {one.team_id: one.incident_id for one in solve(request).plan.orders}


def test_the_graver_incident_gets_the_only_team() -> None:
    request = town([team("a", 0)], [incident("x", 10), incident("y", 900, severity=3)])
    assert sent(request) == {"a": "y"}


def test_a_share_that_turns_out_counts_whole_people() -> None:
    need = [{"skill": "pump", "min_people": 29}]
    many = {"turnout_share": 0.29, "skills": {"pump": 50}}
    crowd = team("a", 0, people=100, **many)
    assert sent(town([crowd], [incident("x", 10, needs=need)])) == {"a": "x"}
    fewer = team("a", 0, people=99, **many)
    assert sent(town([fewer], [incident("x", 10, needs=need)])) == {}


def test_only_the_first_due_slot_has_the_first_deadline() -> None:
    needs = [{"skill": "pump", "teams": 2, "first_due": True}]
    scene = incident("x", 0, needs=needs, first_within_s=20, full_within_s=100)
    answer = solve(town([team("far", 900), team("near", 100)], [scene]))
    assert {one.team_id: one.first_due for one in answer.plan.orders} == {
        "far": False,
        "near": True,
    }
    assert solve(town([team("far", 900), team("near", 300)], [scene])).plan.orders == ()


def test_deadlines_count_from_the_report() -> None:
    scene = incident("x", 0, full_within_s=100, reported_s=50)
    assert sent(town([team("a", 600)], [scene], now_s=80)) == {"a": "x"}
    assert sent(town([team("a", 600)], [scene], now_s=95)) == {}


def test_a_tier_opens_with_the_level_of_the_parent() -> None:
    policy = {"tiers": [{"id": "aid", "opens_at": "II"}]}
    small, above = incident("x", 0, level="IV"), incident("p", 9_000, level="II")
    helper = [team("a", 10, tier="aid")]
    assert sent(town(helper, [small], policy=policy)) == {}
    child = small | {"parent": "p", "severity": 9}
    assert sent(town(helper, [child, above], policy=policy)) == {"a": "x"}


def test_mutual_aid_waits_for_permission_and_for_its_release() -> None:
    owner = {"id": "huizhou", "release_delay_s": 180, "needs_permission": True}
    request = town([team("a", 100, owner="huizhou")], [incident("x", 0)], owners=[owner])
    assert sent(request) == {}
    granted = town(
        [team("a", 100, owner="huizhou")],
        [incident("x", 0)],
        owners=[owner | {"granted": True}],
    )
    assert solve(granted).plan.orders[0].arrive_s == pytest.approx(190)


def test_a_team_under_way_is_diverted_only_where_it_pays() -> None:
    rolling = team("a", 500, status="en_route", free_in_s=40)
    orders = [{"team_id": "a", "incident_id": "x"}]
    scenes = [incident("x", 900), incident("y", 400)]
    calm = town([rolling, team("b", 800)], scenes, orders=orders)
    assert sent(calm)["a"] == "x"
    restless = {"stability": {"diversion_cost": 0}}
    free = town([rolling, team("b", 800)], scenes, orders=orders, policy=restless)
    assert sent(free) == {"a": "y", "b": "x"}


def test_a_team_nearly_there_goes_on() -> None:
    rolling = team("a", 500, status="en_route", free_in_s=40)
    request = town(
        [rolling],
        [incident("x", 900), incident("y", 400, severity=50)],
        orders=[{"team_id": "a", "incident_id": "x"}],
        policy={"stability": {"freeze_s": 60}},
    )
    answer = solve(request)
    assert [(one.incident_id, one.fixed) for one in answer.plan.orders] == [("x", "frozen")]


def test_a_pin_holds_whatever_it_costs() -> None:
    pins = {"pinned": [{"team_id": "a", "incident_id": "x", "by": "Li"}]}
    scenes = [incident("x", 9_000, full_within_s=1), incident("y", 0, severity=9)]
    assert sent(town([team("a", 0)], scenes, policy=pins)) == {"a": "x"}


def test_a_hard_reserve_is_kept_and_a_soft_one_gives_way() -> None:
    rule = {"zone": "north", "teams": 1}
    teams = [team("a", 0, zone="north")]
    soft = solve(town(teams, [incident("x", 10)], policy={"reserve": [rule]}))
    assert soft.plan.reserve_shortfall == 1
    hard = solve(town(teams, [incident("x", 10)], policy={"reserve": [rule | {"hard": True}]}))
    assert hard.plan.orders == ()
    assert hard.explanation.unserved[0].limits == ("RESERVE_HELD",)


def test_pumps_add_up_and_no_team_too_many_comes() -> None:
    needs = [{"kind": "amount", "of": "pump_m3_h", "amount": 500}]
    teams = [team(f"t{n}", 10 * n, amounts={"pump_m3_h": 300}) for n in range(4)]
    answer = solve(town(teams, [incident("x", 0, needs=needs)]))
    assert answer.quality == "proven"
    assert {one.team_id for one in answer.plan.orders} == {"t0", "t1"}


def test_a_team_of_two_roles_fills_both() -> None:
    needs = [{"skill": "pump"}, {"skill": "boat"}]
    both = team("a", 0, skills={"pump": 2, "boat": 2}, roles_max=2)
    plan = solve(town([both], [incident("x", 10, needs=needs)])).plan
    assert plan.served_incidents == ("x",)
    assert plan.orders[0].extra_needs == (1,)


def test_a_shift_that_ends_too_early_keeps_the_team_home() -> None:
    scene = incident("x", 100, on_scene_s=600)
    request = town([team("a", 0, shift_ends_s=500)], [scene])
    assert sent(request) == {}
    assert solve(request).explanation.unserved[0].limits == ("REST_RULE",)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"orders": [{"team_id": "nobody", "incident_id": "x"}]}, "orders[0].team_id"),
        ({"skill_names": {"boat": "boat"}}, "teams[0].skills"),
        (
            {
                "policy": {
                    "pinned": [{"team_id": "a", "incident_id": "x"}],
                    "forbidden": [{"team_id": "a", "incident_id": "x"}],
                }
            },
            "policy.pinned[0]",
        ),
        (
            {
                "policy": {
                    "pinned": [
                        {"team_id": "a", "incident_id": "x"},
                        {"team_id": "a", "incident_id": "y"},
                    ]
                }
            },
            "policy.pinned[1]",
        ),
        ({"incidents": [incident("x", 0, reported_s=9)]}, "incidents[0].reported_s"),
        ({"incidents": [incident("x", 0, needs=None)]}, "incidents[0].needs"),
        ({"teams": [team("a", 0, status="en_route")]}, "teams[0].free_in_s"),
        ({"teams": [team("a", 0), team("a", 5)]}, "teams[1].id"),
        (
            {"policy": {"pinned": [{"team_id": "a", "incident_id": "x", "need": 3}]}},
            "policy.pinned[0].need",
        ),
    ],
)
def test_bad_input_is_named_where_it_stands(change, path: str) -> None:
    base = {"teams": [team("a", 0)], "incidents": [incident("x", 0), incident("y", 5)]} | change
    with pytest.raises(InputError) as caught:
        solve(town(**base))
    assert path in [fault.path for fault in caught.value.faults]


def test_nothing_to_do_and_nobody_to_send_are_answers() -> None:
    quiet = solve(town([team("a", 0)], []))
    assert (quiet.quality, quiet.plan.orders) == ("proven", ())
    gone = solve(town([team("a", 0, status="lost")], [incident("x", 0)]))
    assert (gone.quality, gone.plan.orders) == ("proven", ())
    assert gone.explanation.unserved[0].short == 1


def test_an_incident_wholly_served_by_teams_on_scene_counts() -> None:
    working = team("a", 0, status="on_scene")
    request = town([working], [incident("x", 0)], orders=[{"team_id": "a", "incident_id": "x"}])
    plan = solve(request).plan
    assert plan.severity_served == 1.0
    assert plan.orders[0].fixed == "on_scene"
