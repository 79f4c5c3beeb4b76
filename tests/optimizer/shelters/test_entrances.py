"""Where walks end, and what sites must have: by hand."""

import pytest

from models.places import Place
from models.run import Status
from models.shelters import ShelterAnswer, ShelterRequest
from models.shelters.objectives import Unmet, Walk
from models.shelters.places import PeopleGroup, ShelterClass
from models.shelters.rules import ShelterRules
from models.shelters.scenarios import Phase
from models.travel import ByMatrix, MatrixScenario
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.shelters.solve import solve
from optimizer.shelters.verify import verify
from tests.optimizer.shelters.village import village


def solved(request: ShelterRequest) -> ShelterAnswer:
    answer = solve(request, RunControl(request.limits))
    assert answer.run.status is Status.OPTIMAL
    assert answer.verification is not None
    assert answer.verification.passed
    return answer


def with_sites(more: dict[str, dict[str, object]], **changes: object) -> ShelterRequest:
    base = village(objectives=(Unmet(), Walk()), rules=ShelterRules(walk_limit_m=600.0))
    sites = tuple(site.model_copy(update=more.get(site.id, {})) for site in base.sites)
    return base.model_copy(update={"sites": sites, **changes})


def doors(*x_m: float) -> dict[str, object]:
    return {"entrance_points": tuple(Place(x_m=one, y_m=0.0) for one in x_m)}


def walks(answer: ShelterAnswer) -> dict[tuple[str, str], float]:
    assert answer.plan is not None
    return {
        (one.block_id, one.site_id): one.walk_m or 0.0
        for one in answer.plan.assignments
        if one.scenario_id == "dry"
    }


def test_a_walk_ends_at_the_nearest_entrance() -> None:
    found = walks(solved(with_sites({"park": doors(450.0, 900.0)})))
    assert found["west", "park"] == pytest.approx(450.0)
    # The far gate opens the park, 1,100 m long, to those in the east.
    lost = {"hall": {"effective_area_m2": 15.0}, "park": doors(450.0, 900.0)}
    assert walks(solved(with_sites(lost)))["east", "park"] == pytest.approx(100.0)


def test_a_site_whose_gates_are_out_of_reach_is_out_of_reach() -> None:
    found = walks(solved(with_sites({"park": doors(700.0)})))
    assert ("west", "park") not in found
    plan = solved(with_sites({})).plan
    assert plan is not None
    failed = {one.rule for one in verify(with_sites({"park": doors(700.0)}), plan).failed}
    assert "people.walk" in failed


def test_classes_share_the_entrances_of_their_site() -> None:
    made = ShelterClass(id="large", effective_area_m2=300.0)
    found = walks(solved(with_sites({"park": {**doors(450.0), "classes": (made,)}})))
    assert found["west", "park/large"] == pytest.approx(450.0)


def test_entrances_beside_a_matrix_or_on_another_map_are_refused() -> None:
    seconds = tuple(tuple(100.0 for _ in range(4)) for _ in range(3))
    matrix = ByMatrix(scenarios=(MatrixScenario(id="way", travel_time_s=seconds),))
    dry = village().scenarios[:1]
    asked = with_sites({"park": doors(450.0)}, travel=matrix, scenarios=dry)
    strange = with_sites({"park": {"entrance_points": (Place(lat=1.0, lon=2.0),)}})
    for request in (asked, strange):
        with pytest.raises(InputError) as raised:
            solve(request, RunControl(request.limits))
        assert "sites[2].entrance_points" in raised.value.faults[0].path


WATER: dict[str, object] = {"facilities": ("water",)}


def test_a_group_goes_only_where_it_finds_what_it_needs() -> None:
    groups = (PeopleGroup(id="wheelchair", needs_facilities=("water", "toilet")),)
    request = with_sites(
        {"barn": {"facilities": ("toilet", "water")}, "hall": WATER}, groups=groups
    )
    plan = solved(request).plan
    assert plan is not None
    sent = {one.site_id for one in plan.assignments if one.group == "wheelchair"}
    assert sent == {"barn"}
    freely = solved(with_sites({})).plan
    assert freely is not None
    assert "people.equipped" in {one.rule for one in verify(request, freely).failed}


def test_who_finds_no_site_with_what_they_need_is_told_so() -> None:
    groups = (PeopleGroup(id="wheelchair", needs_facilities=("water",)),)
    plan = solved(with_sites({"school": WATER}, groups=groups)).plan
    assert plan is not None
    reasons = {one.reason for one in plan.without_place or () if one.group == "wheelchair"}
    assert reasons == {"not_equipped"}


def test_a_phase_is_served_only_by_sites_with_what_it_needs() -> None:
    made = ShelterClass(id="kitchen", effective_area_m2=75.0, facilities=("kitchen",))
    phases = (
        Phase(id="days", m2_per_person=1.5),
        Phase(id="weeks", m2_per_person=1.5, needs_facilities=("kitchen",)),
    )
    dry = village().scenarios[0].model_copy(update={"phases": phases})
    plan = solved(with_sites({"park": {"classes": (made,)}}, scenarios=(dry,))).plan
    assert plan is not None
    later = {one.site_id for one in plan.assignments if one.scenario_id == "dry/weeks"}
    assert later == {"park/kitchen"}


def test_a_facility_that_no_site_has_is_a_fault() -> None:
    groups = (PeopleGroup(id="wheelchair", needs_facilities=("watr",)),)
    request = with_sites({"hall": WATER}, groups=groups)
    with pytest.raises(InputError) as raised:
        solve(request, RunControl(request.limits))
    assert raised.value.faults[0].path == "groups[0].needs_facilities[0]"


def test_who_is_kept_out_by_a_rule_is_told_so() -> None:
    # Even fills: the school is full, so the hall must hold nine tenths of its 100 places.
    request = with_sites({}, rules=ShelterRules(walk_limit_m=600.0, fill_balance=0.0))
    plan = solved(request).plan
    assert plan is not None
    assert "kept_out" in {one.reason for one in plan.without_place or ()}
