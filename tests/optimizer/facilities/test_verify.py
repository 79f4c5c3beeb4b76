"""The verifier: each rule broken in turn, and exactly that check fails; and conflicts."""

from collections.abc import Callable
from typing import Any

import pytest

from models.facilities import FacilityPlan, FacilityRequest
from models.facilities.places import SiteState
from models.facilities.plan import Allocation, OpenFacility
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.facilities.conflict import conflict
from optimizer.facilities.evaluate import evaluate
from optimizer.facilities.instance import Instance
from optimizer.facilities.replay import replay
from optimizer.facilities.verify import verify
from tests.optimizer.facilities.questions import answered, drawn

COVER = drawn(1, goal="cover", radius=30.0, number=3, budget=40.0)
ROOM = drawn(1, goal="p_median", number=4, capacity=14.0)


def plan_of(request: FacilityRequest) -> FacilityPlan:
    plan = answered(request).plan
    assert plan is not None
    return plan


@pytest.fixture(scope="module")
def good() -> FacilityPlan:
    return plan_of(COVER)


def failed(request: FacilityRequest, plan: FacilityPlan) -> set[str]:
    return {check.rule for check in verify(request, plan).failed}


def bare(plan: FacilityPlan, *sites: str) -> FacilityPlan:
    named = sites or tuple(one.site_id for one in plan.facilities)
    return FacilityPlan(facilities=tuple(OpenFacility(site_id=one) for one in named))


def test_a_good_plan_passes_with_and_without_its_figures(good: FacilityPlan) -> None:
    assert failed(COVER, good) == set()
    assert failed(COVER, bare(good)) == set()


@pytest.mark.parametrize(
    ("rule", "sites"),
    [
        ("facilities.known", ("s0", "s1", "s1")),
        ("facilities.known", ("s0", "s1", "elsewhere")),
        ("facilities.existing", ("s1",)),
        ("facilities.fixed", ("s0",)),
        ("facilities.forbidden", ("s0", "s1", "s2")),
        ("number", ("s0", "s1", "s3", "s4", "s5")),
    ],
)
def test_sites_that_break_a_rule(good: FacilityPlan, rule: str, sites: tuple[str, ...]) -> None:
    assert failed(COVER, bare(good, *sites)) == {rule}


def test_a_budget_a_share_and_a_point_left_out_are_seen(good: FacilityPlan) -> None:
    poor = COVER.model_copy(update={"budget": 1.0})
    assert failed(poor, bare(good)) == {"budget"}
    everything = drawn(1, goal="set_cover", radius=1.0)
    assert failed(everything, bare(good, "s0", "s1")) == {"share"}
    roads = drawn(1, goal="p_median", number=2)
    rows = tuple((None,) * 7 if i == 3 else (5.0,) * 7 for i in range(9))
    cut_off = FacilityRequest.model_validate(
        roads.model_dump(mode="json")
        | {"travel": {"kind": "matrix", "scenarios": [{"travel_time_s": rows}]}}
    )
    assert failed(cut_off, bare(good, "s0", "s1")) == {"reached"}


def _first(plan: FacilityPlan, **told: Any) -> tuple[Allocation, ...]:
    assert plan.allocations is not None
    return (plan.allocations[0].model_copy(update=told), *plan.allocations[1:])


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("objective", lambda p: {"objective_value": p.objective_value + 1.0}),
        ("figures", lambda p: {"figures": p.figures.model_copy(update={"mean_way": 1.0})}),
        ("figures", lambda p: {"figures": p.figures.model_copy(update={"within_radius": 1.0})}),
        (
            "facilities",
            lambda p: {
                "facilities": (
                    p.facilities[0].model_copy(update={"served": 99.0}),
                    *p.facilities[1:],
                )
            },
        ),
        ("unserved", lambda p: {"unserved": p.unserved[1:]}),
        (
            "unserved",
            lambda p: {"unserved": (p.unserved[0].model_copy(update={"reason": "full"}),)},
        ),
        ("allocations.way", lambda p: {"allocations": _first(p, way=1.0)}),
        ("allocations.nearest", lambda p: {"allocations": p.allocations[1:]}),
        ("allocations.nearest", lambda p: {"allocations": _first(p, served=0.5)}),
        ("allocations.known", lambda p: {"allocations": _first(p, site_id="s2")}),
    ],
)
def test_a_claim_that_is_not_so(
    good: FacilityPlan, rule: str, broken: Callable[[FacilityPlan], dict[str, Any]]
) -> None:
    assert good.unserved
    assert rule in failed(COVER, good.model_copy(update=broken(good)))


def test_room_is_counted() -> None:
    plan = plan_of(ROOM)
    assert failed(ROOM, plan) == set()
    bare_plan = FacilityPlan(
        facilities=tuple(OpenFacility(site_id=one.site_id) for one in plan.facilities),
        allocations=plan.allocations,
    )
    full = ROOM.model_copy(
        update={"sites": tuple(s.model_copy(update={"capacity": 5.0}) for s in ROOM.sites)}
    )
    assert failed(full, bare_plan) == {"capacity"}
    twice = bare_plan.model_copy(update={"allocations": (*plan.allocations, *plan.allocations)})  # type: ignore[misc]
    assert "allocations.once" in failed(ROOM, twice)
    whole = ROOM.model_copy(update={"single_source": True})
    points = [one.point_id for one in plan.allocations or ()]
    assert ("single_source" in failed(whole, bare_plan)) == (len(points) > len(set(points)))


def test_the_rules_in_conflict_and_what_alone_resolves_them() -> None:
    request = drawn(0, goal="set_cover", radius=40.0, number=2, free=True)
    found = answered(request)
    assert found.conflict is not None
    assert found.conflict.irreducible
    assert {"radius", "share"} <= {one.path for one in found.conflict.rules}
    for rule in found.conflict.rules:
        if rule.restores_at is None:
            continue
        eased = request.model_copy(update={rule.path: rule.restores_at * (1 - 1e-9)})
        eased = (
            eased
            if rule.path == "share"
            else request.model_copy(
                update={rule.path: type(getattr(request, rule.path))(rule.restores_at)}
            )
        )
        assert answered(eased).plan is not None, rule.path


def test_too_little_room_is_a_conflict_of_room_and_demand() -> None:
    instance = Instance.from_request(drawn(1, goal="p_median", number=1, capacity=2.0), None)
    found = conflict(instance, RunControl(instance.request.limits))
    assert {one.path for one in found.rules} == {"demand_points", "capacity"}


def test_all_faults_come_at_once() -> None:
    request = drawn(1, goal="cover")
    several = request.model_copy(
        update={
            "travel_scenario": "night",
            "unreached": 5.0,
            "share": 0.5,
            "sites": (request.sites[0], request.sites[0]),
        }
    )
    with pytest.raises(InputError) as raised:
        answered(several)
    paths = {fault.path for fault in raised.value.faults}
    assert {"radius", "number", "travel_scenario", "unreached", "sites[1].id"} <= paths


def test_a_plan_made_elsewhere_is_held_against_the_proof(good: FacilityPlan) -> None:
    proven = answered(COVER)
    judged = evaluate(COVER, bare(good), against=proven)
    assert judged.run.objective == proven.run.objective
    assert judged.run.status.value == "optimal"
    worse = evaluate(COVER, bare(good, "s0", "s1"), against=proven)
    assert worse.run.gap is not None
    assert worse.run.gap > 0
    assert evaluate(ROOM, bare(good, "s0", "s1")).verification is not None


@pytest.mark.parametrize("limit", ["number", "budget"])
def test_a_replay_finds_the_same_plan(limit: str) -> None:
    request = drawn(2, goal="p_median", **{limit: 9})
    answer = answered(request)
    assert answer.run.record is not None
    assert replay(request, answer.run.record).plan == answer.plan


def test_points_of_which_nothing_counts_ask_for_nothing() -> None:
    request = drawn(3, goal="set_cover", radius=1e-3)
    nobody = tuple(one.model_copy(update={"weights": {"w": 0.0}}) for one in request.demand_points)  # type: ignore[union-attr]
    answer = answered(request.model_copy(update={"demand_points": nobody}))
    assert answer.plan is not None
    assert [one.site_id for one in answer.plan.facilities] == ["s0", "s1"]
    assert SiteState.EXISTING in {one.state for one in answer.plan.facilities}
