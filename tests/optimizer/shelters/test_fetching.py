"""People listed by place, and those who cannot walk: fetched by vehicles, or named as waiting."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.run import RunLimits, Status
from models.shelters import ShelterAnswer, ShelterPlan, ShelterRequest
from models.shelters.fleet import Fleet, Vehicle
from models.shelters.objectives import OpeningCost, Unmet, Walk
from models.shelters.opening import Situation
from models.shelters.places import Block, Listed, ListedKind, PeopleGroup
from models.shelters.plan import Shuttle
from models.shelters.rules import ShelterRules
from models.shelters.scenarios import Phase, ShelterScenario
from models.travel import ByCoordinates, ConstantSpeed, LawScenario
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.shelters.opening import opening_order
from optimizer.shelters.solve import solve
from optimizer.shelters.verify import verify
from tests.optimizer.shelters.village import village

SLOW_DRIVE = ByCoordinates(
    detour_factor=1.0, scenarios=(LawScenario(id="van", law=ConstantSpeed(speed_m_s=1.0)),)
)
BEDRIDDEN = PeopleGroup(id="bedridden", fetched=True, seats=2.0, needs_accessible=True)


def fetching(
    counts: tuple[int, ...] = (1, 1), sick: tuple[int, ...] = (9, 9, 9), deadline_s: float = 3300.0
) -> ShelterRequest:
    """Return the village with bedridden people in each block, and two kinds of vehicle.

    To the school it is 0 m from west, 1,000 m from east and 9,000 m from far, at 1 m/s.
    """
    base = village()
    blocks = tuple(
        block.model_copy(update={"weights": {**block.weights, "bedridden": float(n)}})
        for block, n in zip(base.blocks, sick, strict=True)
    )
    vehicles = (
        Vehicle(id="van", count=counts[0], seats=2, ready_s=300.0, boarding_s=600.0),
        Vehicle(id="bus", count=counts[1], seats=6, ready_s=900.0, boarding_s=1200.0),
    )
    return base.model_copy(
        update={
            "blocks": blocks,
            "groups": (*base.groups, BEDRIDDEN),
            "fleet": Fleet(vehicles=vehicles, travel=SLOW_DRIVE, deadline_s=deadline_s),
            "rules": ShelterRules(walk_limit_m=600.0),
            "objectives": (Unmet(), OpeningCost(), Walk()),
        }
    )


def solved(request: ShelterRequest) -> ShelterAnswer:
    return solve(request, RunControl(RunLimits(time_limit_s=30.0)))


@pytest.fixture(scope="module")
def request_() -> ShelterRequest:
    return fetching()


@pytest.fixture(scope="module")
def answer(request_: ShelterRequest) -> ShelterAnswer:
    return solved(request_)


def test_who_cannot_be_fetched_in_time_waits_by_name(
    request_: ShelterRequest, answer: ShelterAnswer
) -> None:
    # West to school is 0 m: the van makes floor(3000 / 600) = 5 rounds of 2 seats, one person each,
    # the bus floor(2400 / 1200) = 2 of 6, three each. From 500 m on fewer: all go from the doors.
    assert answer.plan is not None
    assert answer.plan.figures is not None
    dry = answer.plan.figures.scenarios[0]
    assert dry.fetched == pytest.approx(11.0)
    reasons = {
        (one.block_id, one.reason)
        for one in answer.plan.without_place or ()
        if one.group == "bedridden" and one.scenario_id == "dry"
    }
    assert ("far", "too_late") in reasons
    assert {reason for block, reason in reasons if block != "far"} == {"waiting"}
    assert verify(request_, answer.plan).passed
    assert all(one.walk_m == 0.0 for one in answer.plan.assignments if one.group == "bedridden")


def _most_fetched(request: ShelterRequest, deadline_s: float, sick: tuple[int, ...]) -> int:
    """Return how many are fetched at most in the dry scenario, by trying every run.

    Space does not bind; a vehicle serves one pair, and pairs of one block differ by distance only.
    """
    assert request.fleet is not None
    at = {"school": 0, "hall": 1000, "park": 500}
    homes = {0: 0, 1: 1000, 2: 9000}
    runs = []
    for vehicle in request.fleet.vehicles:
        for _ in range(vehicle.count):
            best = []
            for home in homes.values():
                ride = min(abs(home - x) for x in at.values())
                time = deadline_s - vehicle.ready_s
                best.append(max(0, int(time // (2 * ride + vehicle.boarding_s))) * vehicle.seats)
            runs.append(best)
    most = 0
    for choice in itertools.product(range(3), repeat=len(runs)):
        seats = [0.0, 0.0, 0.0]
        for run, home in zip(runs, choice, strict=True):
            seats[home] += run[home]
        most = max(most, sum(min(n, s / 2.0) for n, s in zip(sick, seats, strict=True)))
    return most


@settings(max_examples=12, deadline=None)
@given(
    st.tuples(st.integers(0, 2), st.integers(0, 1)),
    st.tuples(*[st.integers(0, 12)] * 3),
    st.sampled_from([500.0, 1500.0, 2200.0, 3300.0, 21_000.0]),
)
def test_no_runs_of_the_vehicles_fetch_more(
    counts: tuple[int, int], sick: tuple[int, ...], deadline_s: float
) -> None:
    request = fetching(counts, sick, deadline_s)
    blocks = tuple(
        block.model_copy(update={"weights": {"bedridden": block.weights["bedridden"]}})
        for block in request.blocks
    )
    dry = request.scenarios[:1]
    request = request.model_copy(
        update={"blocks": blocks, "scenarios": dry, "groups": (BEDRIDDEN,)}
    )
    found = solved(request)
    assert found.plan is not None
    assert found.plan.figures is not None
    assert found.run.status is Status.OPTIMAL
    assert found.plan.figures.scenarios[0].fetched == pytest.approx(
        _most_fetched(request, deadline_s, sick), abs=1e-4
    )


def _changed(plan: ShelterPlan, **changes: object) -> ShelterPlan:
    first, *others = plan.shuttles
    return plan.model_copy(update={"shuttles": (first.model_copy(update=changes), *others)})


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"vehicle_id": "boat"}, "shuttles.known"),
        ({"rounds": 50}, "shuttles.rounds"),
        ({"vehicles": 9}, "shuttles.fleet"),
        ({"rounds": 1}, "shuttles.seats"),
    ],
)
def test_a_run_that_cannot_be_is_found(
    request_: ShelterRequest, answer: ShelterAnswer, changes: dict[str, object], rule: str
) -> None:
    assert answer.plan is not None
    broken = _changed(answer.plan, **changes)
    assert [one.rule for one in verify(request_, broken).failed] == [rule]


def test_people_fetched_by_nobody_are_found(
    request_: ShelterRequest, answer: ShelterAnswer
) -> None:
    assert answer.plan is not None
    plan = answer.plan.model_copy(update={"shuttles": ()})
    assert [one.rule for one in verify(request_, plan).failed] == ["shuttles.seats"]


def test_the_opening_order_fetches_by_whole_vehicles(request_: ShelterRequest) -> None:
    order = opening_order(
        request_, Situation(scenario_id="dry", open_sites=("school",)), RunControl(RunLimits())
    )
    fetched = sum(one.people for one in order.assignments if one.group == "bedridden")
    assert fetched == pytest.approx(11.0)


def listed(**changes: object) -> ShelterRequest:
    """Return the village with ten of east's residents on a slope, and six in huts besides."""
    base = village()
    slope = Block(
        id="slope",
        x_m=1000,
        y_m=50,
        weights={"residents": 10},
        listed=Listed(kind=ListedKind.SLOPE, scenarios=("dry",), within="east"),
    )
    huts = Block(
        id="huts",
        x_m=0,
        y_m=50,
        weights={"residents": 6},
        area="a",
        listed=Listed(kind=ListedKind.SITE_HUT),
    )
    half = tuple(one.model_copy(update={"leave_share": 0.5}) for one in base.scenarios)
    return base.model_copy(
        update={"blocks": (*base.blocks, slope, huts), "scenarios": half, **changes}
    )


def test_listed_people_leave_in_whole_and_are_counted_once() -> None:
    plan = solved(listed()).plan
    assert plan is not None
    assert plan.figures is not None
    leaving = {one.scenario_id: one.leaving for one in plan.figures.scenarios}
    # Dry: half of 100, of 60 - 10, of 10 and of 5, and 10 + 6 in whole; flood: nobody on the slope.
    assert leaving == pytest.approx({"dry": 50 + 25 + 5 + 2.5 + 16, "flood": 50 + 30 + 5 + 2.5 + 6})
    assert plan.figures.readings[0].residents == 100 + 60 + 10 + 5 + 6
    assert verify(listed(), plan).passed


def test_listed_people_stay_by_phase() -> None:
    phases = (
        Phase(id="hours", m2_per_person=1.0),
        Phase(id="weeks", m2_per_person=1.0, stay_share=0.5),
    )
    dry = ShelterScenario(id="dry", leave_share=0.0, phases=phases)
    plan = solved(listed(scenarios=(dry,))).plan
    assert plan is not None
    assert plan.figures is not None
    assert [one.leaving for one in plan.figures.scenarios] == [16.0, 8.0]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"within": "moon"}, "fault.reference"),
        ({"within": "huts"}, "fault.shelters.within"),
        ({"within": "far"}, "fault.shelters.listed"),
        ({"scenarios": ("x",)}, "fault.reference"),
    ],
)
def test_a_list_that_fits_nothing_is_refused(changes: dict[str, object], code: str) -> None:
    request = listed()
    slope = request.blocks[3]
    assert slope.listed is not None
    wrong = slope.model_copy(update={"listed": slope.listed.model_copy(update=changes)})
    with pytest.raises(InputError) as caught:
        solved(
            request.model_copy(update={"blocks": (*request.blocks[:3], wrong, request.blocks[4])})
        )
    assert code in [one.need.code for one in caught.value.faults]


def test_people_whom_nobody_can_fetch_are_a_fault() -> None:
    with pytest.raises(InputError) as caught:
        solved(fetching().model_copy(update={"fleet": None}))
    assert "fault.shelters.fleet" in [one.need.code for one in caught.value.faults]


def test_a_plan_made_by_hand_may_send_vehicles(request_: ShelterRequest) -> None:
    run = Shuttle(
        scenario_id="dry", vehicle_id="van", block_id="west", site_id="school", vehicles=1, rounds=5
    )
    plan = ShelterPlan.model_validate(
        {
            "shelters": [{"site_id": "school"}],
            "assignments": [
                {
                    "scenario_id": "dry",
                    "block_id": "west",
                    "group": "bedridden",
                    "site_id": "school",
                    "people": 5,
                }
            ],
            "shuttles": [run],
        }
    )
    assert verify(request_, plan).passed
