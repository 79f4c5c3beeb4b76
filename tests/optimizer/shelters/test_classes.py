"""Sites upgraded by class, and sites that open in stages: by hand, and against every choice."""

import itertools

import pytest

from models.run import RunLimits, Status
from models.shelters import ShelterAnswer, ShelterPlan, ShelterRequest
from models.shelters.objectives import OpeningCost, Unmet, Walk
from models.shelters.opening import Situation
from models.shelters.places import ShelterClass
from models.shelters.plan import OpenShelter
from models.shelters.rules import ShelterRules, Stage
from models.shelters.unfolding import unfolded
from models.travel import ByMatrix, MatrixScenario
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.shelters.opening import opening_order
from optimizer.shelters.solve import solve
from optimizer.shelters.verify import verify
from tests.optimizer.shelters.village import village

LARGE = ShelterClass(id="large", effective_area_m2=165.0, cost=5.0, run_cost=1.0)
SHORT = ShelterClass(id="short", effective_area_m2=60.0, cost=2.0, last_phase="hours")
LONG = ShelterClass(id="long", effective_area_m2=75.0, cost=3.0)


def classed(**changes: object) -> ShelterRequest:
    """Return the village, whose school can be enlarged and whose park opens as a class only."""
    base = village(objectives=(Unmet(), OpeningCost(), Walk()))
    more: dict[str, dict[str, object]] = {
        "school": {"classes": (LARGE,)},
        "park": {
            "classes": (SHORT.model_copy(update={"last_phase": None}), LONG),
            "effective_area_m2": None,
            "open_cost": 1.0,
        },
    }
    sites = tuple(site.model_copy(update=more.get(site.id, {})) for site in base.sites)
    return base.model_copy(update={"sites": sites, **changes})


def solved(request: ShelterRequest) -> ShelterAnswer:
    return solve(request, RunControl(RunLimits(time_limit_s=30.0)))


def opened(plan: ShelterPlan | None) -> list[str]:
    assert plan is not None
    return [one.site_id for one in plan.shelters]


def _unmet_by_hand(sizes: dict[str, float]) -> float:
    """Return the expected unmet of a choice: west reaches school and park, east the rest."""

    def left(west: float, east: float, park: float, barn: float) -> float:
        # Wheelchairs (10) do not go into the barn; there is always more room for them elsewhere.
        east = max(0.0, east - min(barn, 60.0))
        return max(0.0, west + east - park) + 5

    school, park = sizes.get("school", 0) / 1.5, sizes.get("park", 0) / 1.5
    hall, barn = sizes.get("hall", 0) / 1.5, sizes.get("barn", 0) / 1.5
    dry = left(max(0.0, 100 - school), max(0.0, 70 - hall), park, barn if hall < 70 else 0.0)
    flood = left(max(0.0, 100 - school), 70.0, park, barn)
    return 0.75 * dry + 0.25 * flood


CHOICES = {
    "school": {"school": (90.0, 0.0), "school/large": (165.0, 5.0)},
    "park": {None: (0.0, 0.0), "park/short": (60.0, 3.0), "park/long": (75.0, 4.0)},
    "hall": {None: (0.0, 0.0), "hall": (150.0, 8.0)},
    "barn": {None: (0.0, 0.0), "barn": (30.0, 1.0)},
}


@pytest.mark.parametrize("budget", [0.0, 3.0, 6.0, 9.5, 20.0])
def test_no_choice_of_classes_is_better(budget: float) -> None:
    best = min(
        (
            _unmet_by_hand({site: size for site, (size, _) in zip(CHOICES, choice, strict=True)}),
            cost,
        )
        for choice in itertools.product(*(options.values() for options in CHOICES.values()))
        if (cost := sum(each for _, each in choice)) <= budget
    )
    answer = solved(classed(rules=ShelterRules(walk_limit_m=600.0, budget=budget)))
    assert answer.run.status is Status.OPTIMAL
    found = [level.objective for level in answer.run.levels[:2]]
    assert found == pytest.approx(best, abs=1e-3)


def test_an_upgrade_is_told_as_one() -> None:
    answer = solved(classed(rules=ShelterRules(walk_limit_m=600.0, max_new_sites=0)))
    assert opened(answer.plan) == ["school/large"]
    assert answer.plan is not None
    assert answer.plan.figures is not None
    assert (answer.plan.figures.new_sites, answer.plan.figures.upgraded_sites) == (0, 1)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"open_sites": ("park",)}, "park/short"),
        ({"open_sites": ("park/long",)}, "park/long"),
        ({"open_sites": ("school/large",)}, "school/large"),
    ],
)
def test_rules_name_a_site_or_one_of_its_classes(names: dict[str, object], expected: str) -> None:
    rules = ShelterRules.model_validate({"walk_limit_m": 600.0, **names})
    request = classed(rules=rules, objectives=(OpeningCost(),))
    plan = solved(request).plan
    assert expected in opened(plan)
    assert plan is not None
    assert verify(request, plan).passed


def test_running_counts_for_the_years_asked() -> None:
    sites = unfolded(classed(running_years=3.0)).sites
    assert {site.id: site.open_cost for site in sites if site.made_of} == {
        "school/large": 8.0,
        "park/short": 3.0,
        "park/long": 4.0,
    }


def test_a_matrix_has_one_column_for_all_classes_of_a_site() -> None:
    base = classed()
    times = tuple(
        tuple(abs(block.x_m - site.x_m) / 1.2 for site in base.sites)  # type: ignore[operator]
        for block in base.blocks
    )
    travel = ByMatrix(scenarios=(MatrixScenario(id="walk", travel_time_s=times),))
    same = solved(classed(travel=travel))
    assert [level.objective for level in same.run.levels] == pytest.approx(
        [level.objective for level in solved(base).run.levels], abs=1e-3
    )


@pytest.mark.parametrize(
    ("sites", "rule"),
    [
        (("school", "school/large"), "sites.classes"),
        (("park/long",), "sites.existing"),
        (("school", "park"), "sites.known"),
    ],
)
def test_a_plan_with_an_impossible_class_fails(sites: tuple[str, ...], rule: str) -> None:
    plan = ShelterPlan(shelters=tuple(OpenShelter(site_id=one) for one in sites), assignments=())
    assert [one.rule for one in verify(classed(), plan).failed] == [rule]


def test_nothing_is_built_on_the_day() -> None:
    situation = Situation(scenario_id="dry", open_sites=("park/long",))
    order = opening_order(classed(), situation, RunControl(RunLimits()))
    assert {one.site_id for one in order.steps} <= {"school", "hall", "barn"}
    assert "park/long" in {one.site_id for one in order.assignments}


STAGES = (
    Stage(id="first", budget=4.0),
    Stage(id="second", budget=1.0),
    Stage(id="third", budget=8.0),
)


@pytest.fixture(scope="module")
def staged() -> tuple[ShelterRequest, ShelterAnswer]:
    request = classed(rules=ShelterRules(walk_limit_m=600.0, stages=STAGES))
    return request, solved(request)


def test_what_helps_most_opens_first(staged: tuple[ShelterRequest, ShelterAnswer]) -> None:
    answer = staged[1]
    assert answer.plan is not None
    assert answer.plan.stages is not None
    chosen = [one for one in opened(answer.plan) if one != "school"]
    costs = {name: cost for each in CHOICES.values() for name, (_, cost) in each.items()}
    first = answer.plan.stages[0]
    best = min(
        _unmet_by_hand({one.split("/")[0]: _size(one) for one in ("school", *kept)})
        for count in range(len(chosen) + 1)
        for kept in itertools.combinations(chosen, count)
        if sum(costs[one] for one in kept) <= 4.0
    )
    assert answer.explanation is not None
    assert answer.explanation.stages[0].unmet == pytest.approx(best, abs=1e-3)
    assert first.cost == sum(costs[one] for one in first.site_ids) <= 4.0
    left = [one.unmet for one in answer.explanation.stages]
    assert left == sorted(left, reverse=True)


def _size(name: str) -> float:
    return next(each[name][0] for each in CHOICES.values() if name in each)


@pytest.mark.parametrize(
    "change",
    [
        {"site_ids": (), "cost": 0.0},
        {"cost": 1.5},
        {"stage_id": "never"},
    ],
)
def test_a_stage_that_is_wrong_is_found(
    staged: tuple[ShelterRequest, ShelterAnswer], change: dict[str, object]
) -> None:
    request, answer = staged
    assert answer.plan is not None
    assert answer.plan.stages is not None
    changed = next(one for one in answer.plan.stages if one.site_ids)
    stages = tuple(
        one.model_copy(update=change) if one is changed else one for one in answer.plan.stages
    )
    plan = answer.plan.model_copy(update={"stages": stages})
    assert [one.rule for one in verify(request, plan).failed] == ["stages"]


def test_opening_before_the_money_is_there_is_found(
    staged: tuple[ShelterRequest, ShelterAnswer],
) -> None:
    request, answer = staged
    assert answer.plan is not None
    assert answer.plan.stages is not None
    sites = tuple(site for one in answer.plan.stages for site in one.site_ids)
    cost = sum(one.cost for one in answer.plan.stages)
    rest = tuple(
        one.model_copy(update={"site_ids": (), "cost": 0.0}) for one in answer.plan.stages[1:]
    )
    first = answer.plan.stages[0].model_copy(update={"site_ids": sites, "cost": cost})
    plan = answer.plan.model_copy(update={"stages": (first, *rest)})
    assert [one.rule for one in verify(request, plan).failed] == ["stages"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"classes": (ShelterClass(id="x"),)}, "sites[0].classes[0].places"),
        ({"classes": (LARGE, LARGE)}, "sites.classes[2].id"),
        ({"classes": (SHORT,)}, "sites[0].classes[0].last_phase"),
    ],
)
def test_a_class_that_cannot_be_is_refused(changes: dict[str, object], path: str) -> None:
    base = village()
    first = base.sites[0].model_copy(update=changes)
    with pytest.raises(InputError) as caught:
        solved(base.model_copy(update={"sites": (first, *base.sites[1:])}))
    assert path in [one.path for one in caught.value.faults]


@pytest.mark.parametrize(("within", "unmet"), [("setting", 2.0), ("class", 0.0)])
def test_fills_are_balanced_within_a_setting_or_a_class_of_it(within: str, unmet: float) -> None:
    # East fills the hall to 70 %; a school that is balanced with it takes 48 of its 60.
    hall = ShelterClass(id="large", effective_area_m2=150.0)
    rules = ShelterRules.model_validate(
        {"walk_limit_m": 600.0, "fill_balance": 0.1, "balance_within": within}
    )
    base = village(rules=rules, objectives=(Unmet(),))
    more = {"hall": {"classes": (hall,), "effective_area_m2": None}}
    sites = tuple(one.model_copy(update=more.get(one.id, {})) for one in base.sites)
    request = base.model_copy(
        update={
            "sites": tuple(one for one in sites if one.id != "barn"),
            "blocks": base.blocks[:2],
            "scenarios": base.scenarios[:1],
        }
    )
    answer = solved(request)
    assert answer.run.objective == pytest.approx(unmet, abs=1e-3)
    assert answer.plan is not None
    other = rules.model_copy(update={"balance_within": "setting"})
    strict = request.model_copy(update={"rules": other})
    failed = [one.rule for one in verify(strict, answer.plan).failed]
    assert ("fill_balance" in failed) == (within == "class")
