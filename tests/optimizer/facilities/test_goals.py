"""Every goal against trying every choice, by searches and by programs."""

from itertools import product
from typing import Any

import pytest

from models.facilities import FacilityRequest
from models.facilities.places import SiteState
from models.run import Status
from tests.optimizer.facilities.questions import answered, best, drawn

ASKED: dict[str, dict[str, Any]] = {
    "cover by number": {"goal": "cover", "radius": 30.0, "number": 2},
    "cover by budget": {"goal": "cover", "radius": 30.0, "budget": 11.0},
    "cover by both": {"goal": "cover", "radius": 35.0, "number": 3, "budget": 12.0},
    "cover by a budget at one price": {
        "goal": "cover",
        "radius": 30.0,
        "budget": 3.0,
        "free": True,
    },
    "set cover": {"goal": "set_cover", "radius": 65.0},
    "fewest": {"goal": "set_cover", "radius": 60.0, "free": True},
    "set cover, a share": {"goal": "set_cover", "radius": 40.0, "share": 0.7},
    "set cover by number": {"goal": "set_cover", "radius": 60.0, "number": 3},
    "set cover by budget": {"goal": "set_cover", "radius": 60.0, "budget": 12.0},
    "p-median": {"goal": "p_median", "number": 3},
    "p-median by budget": {"goal": "p_median", "budget": 13.0},
    "p-median, capped": {"goal": "p_median", "number": 2, "unreached": 30.0},
    "p-median by budget, capped": {"goal": "p_median", "budget": 11.0, "unreached": 30.0},
    "p-center": {"goal": "p_center", "number": 3},
    "least cost": {"goal": "least_cost", "way_cost": 0.02},
    "least cost by budget": {"goal": "least_cost", "way_cost": 0.5, "budget": 13.0},
    "least cost by number, capped": {
        "goal": "least_cost",
        "way_cost": 0.05,
        "number": 3,
        "unreached": 40.0,
    },
    "p-center by budget": {"goal": "p_center", "budget": 13.0},
    "p-center by budget, capped": {"goal": "p_center", "budget": 11.0, "unreached": 50.0},
}


@pytest.mark.parametrize(("name", "seed"), [*product(ASKED, range(3))])
def test_no_choice_is_better(name: str, seed: int) -> None:
    request = drawn(seed, **ASKED[name])
    answer, known = answered(request), best(request)
    if known is None:
        assert answer.run.status is Status.INFEASIBLE
        assert answer.conflict is not None
        return
    assert answer.run.status is Status.OPTIMAL
    assert answer.run.objective == pytest.approx(known, abs=1e-6)
    assert answer.run.bound == pytest.approx(known, abs=1e-6)
    assert answer.verification is not None
    assert answer.verification.passed


@pytest.mark.parametrize("goal", ["cover", "set_cover", "p_median", "p_center"])
def test_room_for_all_is_no_room_at_all(goal: str) -> None:
    """Capacities that bind nobody leave the value that the searches prove."""
    told: dict[str, Any] = {"goal": goal}
    told |= {"number": 3} if goal != "set_cover" else {}
    told |= {"radius": 65.0} if goal in {"cover", "set_cover"} else {}
    free, roomy = (drawn(1, **told, capacity=room) for room in (None, 1e4))
    assert answered(roomy).run.objective == pytest.approx(answered(free).run.objective, abs=1e-6)


def test_full_facilities_cover_what_fits() -> None:
    request = drawn(2, goal="cover", radius=200.0, number=2, capacity=7.0)
    answer = answered(request)  # everything is in reach of everything, so room alone counts
    assert answer.run.objective == pytest.approx(21.0)
    assert answer.plan is not None
    assert {one.reason for one in answer.plan.unserved or ()} == {"not_open"}


def test_single_source_serves_no_more_than_parts_do() -> None:
    told: dict[str, Any] = {"goal": "p_median", "number": 4, "capacity": 16.0}
    parts, whole = (answered(drawn(0, **told, single_source=one)) for one in (False, True))
    assert parts.run.objective is not None
    assert whole.run.objective is not None
    assert whole.run.objective >= parts.run.objective - 1e-6
    assert whole.plan is not None
    points = [one.point_id for one in whole.plan.allocations or ()]
    assert len(points) == len(set(points))


@pytest.mark.parametrize("goal", ["cover", "p_median"])
def test_one_more_is_never_worse_and_is_what_the_explanation_says(goal: str) -> None:
    told: dict[str, Any] = {"goal": goal, "free": True}
    told |= {"radius": 25.0} if goal == "cover" else {}
    now, more = (answered(drawn(5, **told, number=number)) for number in (2, 3))
    assert now.explanation is not None
    assert now.explanation.one_more is not None
    assert now.explanation.one_more.objective == pytest.approx(more.run.objective)
    assert more.explanation is not None
    assert more.explanation.one_fewer is not None
    assert more.explanation.one_fewer.objective == pytest.approx(now.run.objective)


@pytest.mark.parametrize("backend", ["highs", "cp_sat"])
def test_another_backend_proves_the_same(backend: str) -> None:
    request = drawn(3, goal="cover", radius=30.0, number=2)
    limits = request.limits.model_copy(update={"backend": backend})
    answer = answered(request.model_copy(update={"limits": limits}))
    assert answer.run.objective == pytest.approx(best(request))


def test_a_facility_adds_what_its_loss_takes_away() -> None:
    request = drawn(6, goal="cover", radius=30.0, number=3, free=True)
    answer = answered(request)
    assert answer.explanation is not None
    assert answer.run.objective is not None
    for one in answer.explanation.contributions:
        state = {site.id: site.state for site in request.sites}[one.site_id]
        if state is SiteState.EXISTING:
            continue
        closed = _only(request, {f.site_id for f in answer.plan.facilities} - {one.site_id})  # type: ignore[union-attr]
        assert one.loses == pytest.approx(answer.run.objective - (best(closed) or 0.0))


def _only(request: FacilityRequest, opened: set[str]) -> FacilityRequest:
    """Return the request in which nothing but ``opened`` may be open."""
    sites = tuple(
        site
        if site.state is SiteState.EXISTING
        else site.model_copy(
            update={"state": SiteState.FIXED if site.id in opened else SiteState.FORBIDDEN}
        )
        for site in request.sites
    )
    return request.model_copy(update={"sites": sites, "number": len(sites)})
