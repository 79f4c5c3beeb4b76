"""The front of a request against trying every choice, and the check of its points."""

from typing import Any

import pytest

from models.facilities import FacilityFront, FacilityRequest
from models.facilities.places import FacilitySite, SiteState
from models.run import Status
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.facilities.replay import replay
from optimizer.facilities.solve import solve
from optimizer.facilities.verify import front_holds
from tests.interrupting import Interrupting
from tests.optimizer.facilities.questions import answered, choices, drawn, longest, value

ASKED: dict[str, dict[str, Any]] = {
    "cost": {"goal": "cover", "radius": 30.0, "number": 4, "against": "cost"},
    "cost within a budget": {"goal": "cover", "radius": 30.0, "budget": 14.0, "against": "cost"},
    "number": {"goal": "cover", "radius": 30.0, "number": 4, "free": True, "against": "cost"},
    "equity": {"goal": "cover", "radius": 30.0, "number": 3, "against": "longest_way"},
    "mean and longest": {"goal": "p_median", "number": 3, "against": "longest_way"},
}


def asked(seed: int, *, against: str, **told: Any) -> FacilityRequest:
    return drawn(seed, front={"against": against, "points": None}, **told)


def second(request: FacilityRequest, chosen: tuple[FacilitySite, ...]) -> float:
    assert request.front is not None
    if request.front.against == "longest_way":
        return longest(request, chosen)
    new = [site for site in chosen if site.state is not SiteState.EXISTING]
    return sum(site.cost for site in new) if request.counts_cost else float(len(new))


def by_enumeration(request: FacilityRequest) -> list[tuple[float, float]]:
    sign = -1.0 if request.goal.value == "cover" else 1.0
    pairs = []
    for chosen in choices(request):
        worth = value(request, chosen)
        if worth is not None:
            pairs.append((round(sign * worth, 6), second(request, chosen)))
    best: list[tuple[float, float]] = []
    for pair in sorted(pairs):
        if not best or pair[1] < best[-1][1] - 1e-9:
            best.append(pair)
    return [(sign * worth, other) for worth, other in best]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", ASKED)
def test_the_front_holds_every_plan_that_no_other_beats(name: str, seed: int) -> None:
    request = asked(seed, **ASKED[name])
    answer = answered(request)
    assert answer.front is not None
    assert answer.front.status is Status.OPTIMAL
    found = [(one.objective, one.against) for one in answer.front.points]
    assert found == [pytest.approx(pair, abs=1e-6) for pair in by_enumeration(request)]
    assert answer.run.objective == pytest.approx(found[0][0])
    assert answer.verification is not None
    assert "front" in {check.rule for check in answer.verification.checks}


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("name", ["cost", "equity", "mean and longest"])
def test_a_front_that_was_ended_early_is_replayed_to_the_same_points(
    name: str, share: float
) -> None:
    request = asked(1, **ASKED[name])
    answer = solve(request, RunControl(request.limits, cancel=Interrupting(2, share)))
    assert answer.run.record is not None
    again = replay(request, answer.run.record)
    assert again.front == answer.front
    assert again.plan == answer.plan


def test_points_that_break_a_rule_lie_or_are_dominated_are_found_out() -> None:
    request = asked(1, **ASKED["cost"])
    front = answered(request).front
    assert front is not None
    assert front_holds(request, front).passed
    first, *rest = front.points
    for wrong in (
        first.model_copy(update={"objective": first.objective + 1.0}),
        first.model_copy(update={"against": (first.against or 0.0) + 1.0}),
        first.model_copy(update={"site_ids": (*first.site_ids, "s2")}),  # forbidden
        first.model_copy(update={"site_ids": first.site_ids[:-1]}),
        first.model_copy(update={"new_facilities": first.new_facilities + 1}),
    ):
        assert not front_holds(request, _with(front, wrong, *rest)).passed
    assert not front_holds(request, _with(front, first, first, *rest)).passed
    assert not front_holds(request, _with(front, *rest, first)).passed


def _with(front: FacilityFront, *points: Any) -> FacilityFront:
    return front.model_copy(update={"points": points})


LONGEST = {"against": "longest_way"}


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("front.against", {"goal": "p_center", "number": 2, "against": "longest_way"}),
        ("front.against", {"goal": "p_median", "number": 2, "against": "cost"}),
        ("front", {"goal": "p_median", "number": 4, "capacity": 30.0, "against": "longest_way"}),
        (
            "unreached",
            {"goal": "p_median", "number": 2, "unreached": 9.0, "against": "longest_way"},
        ),
        ("budget", {"goal": "p_median", "budget": 9.0, "against": "longest_way"}),
    ],
)
def test_a_front_that_cannot_be_is_refused(path: str, told: dict[str, Any]) -> None:
    with pytest.raises(InputError) as raised:
        answered(asked(1, **told))
    assert path in {fault.path for fault in raised.value.faults}
