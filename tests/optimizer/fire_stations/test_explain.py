"""Reasons against enumeration, and by hand-sized figures of the town."""

from collections.abc import Iterator
from functools import cache

import pytest

from models.fire_stations import FireStationExplanation, FireStationRequest
from models.fire_stations.explanation import MarginalStation, SiteContribution
from models.fire_stations.objectives import MAXIMISED, Combination
from models.fire_stations.plan import Action
from models.fire_stations.rules import CountRange
from models.run import RunLimits, Status
from optimizer.control import RunControl
from optimizer.fire_stations.explain import explain
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.levels import Levels
from tests.optimizer.fire_stations.town import request_of
from tests.oracles import levels, plans, rules, values
from tests.oracles.facts import RELATIVE, Facility, Facts, Plan
from tests.strategies import request_number

SCANNED_COUNT = 40
OPENED = {Action.BUILD, Action.COMMISSION, Action.MOVE}


class Explained:
    """A request of one objective, its best plan as the oracle sees it, and its reasons."""

    def __init__(self, request: FireStationRequest, time_limit_s: float = 60.0) -> None:
        self.request = request
        formulation = Formulation(Instance.from_request(request))
        climbed = Levels(formulation, RunControl(RunLimits())).climb()
        self.solution, self.reports = climbed.solution, climbed.reports
        if self.solution is not None:
            control = RunControl(RunLimits(time_limit_s=time_limit_s))
            self.reasons = explain(formulation, self.solution, climbed.reports, control)
            self.facts = Facts(request)
            self.plan = plans.from_plan(self.facts, self.solution.to_plan())

    @property
    def sign(self) -> float:
        return 1.0 if self.request.objectives[0].kind in MAXIMISED else -1.0

    def value(self, plan: Plan) -> float:
        return values.objective_value(self.facts, plan, self.request.objectives[0])

    def at(self, site_id: str) -> Facility:
        return next(one for one in self.plan if self.facts.sites[one.site].id == site_id)

    def less(self, one: Facility) -> Plan:
        return tuple(other for other in self.plan if other is not one)


@cache
def explained() -> tuple[Explained, ...]:
    drawn = map(request_number, range(SCANNED_COUNT))
    alone = {"combination": Combination.LEXICOGRAPHIC}
    asked = [one.model_copy(update={**alone, "objectives": one.objectives[:1]}) for one in drawn]
    found = [Explained(request) for request in asked]
    return tuple(one for one in found if one.solution is not None)


def contributions() -> Iterator[tuple[Explained, SiteContribution, Facility]]:
    for case in explained():
        for one in case.reasons.contributions:
            yield case, one, case.at(one.site_id)


def close(value: float) -> object:
    return pytest.approx(value, rel=RELATIVE, abs=1e-5)


def test_every_opened_site_and_no_other_has_a_contribution() -> None:
    for case in explained():
        opened = {case.facts.sites[one.site].id for one in case.plan if one.action in OPENED}
        assert {one.site_id for one in case.reasons.contributions} == opened
        assert case.reasons.left_out == ()


def test_a_site_adds_what_the_plan_loses_without_it() -> None:
    for case, one, facility in contributions():
        lost = case.value(case.plan) - case.value(case.less(facility))
        assert one.adds == close(case.sign * lost)


def test_a_site_alone_adds_what_it_gains_over_today() -> None:
    for case, one, facility in contributions():
        today = plans.before(case.facts)
        stay = tuple(other for other in today if other.site != facility.moved_from)
        gained = case.value((*stay, facility)) - case.value(today)
        assert one.adds_alone == close(case.sign * gained)


def swaps(case: Explained, facility: Facility) -> Iterator[float]:
    """Yield how good the plan is, the higher the better, with each possible stand-in."""
    taken = {one.site for one in case.plan}
    listed = [plans.site_options(case.facts, j) for j in range(len(case.facts.sites))]
    for option in (one for options in listed for one in options if one is not None):
        same = option.class_id == facility.class_id and option.action in OPENED
        plan = tuple(sorted((*case.less(facility), option), key=lambda one: one.site))
        if same and option.site not in taken and rules.feasible(case.facts, plan):
            yield case.sign * case.value(plan)


def test_no_stand_in_for_a_site_loses_less_than_the_one_named() -> None:
    for case, one, facility in contributions():
        best = max(swaps(case, facility), default=None)
        if best is None:
            assert one.swap_site is None
        else:
            assert one.swap_loss == close(case.sign * case.value(case.plan) - best)


def best_of(request: FireStationRequest) -> levels.OracleAnswer:
    return levels.best(Facts(request))


def test_a_site_forbidden_leaves_the_best_plan_of_the_request_that_forbids_it() -> None:
    for case, one, _ in contributions():
        forbidden = (*case.request.rules.forbidden_sites, one.site_id)
        changed = case.request.rules.model_copy(update={"forbidden_sites": forbidden})
        best = best_of(case.request.model_copy(update={"rules": changed}))
        assert one.without is not None
        assert one.without.status is best.status
        if best.status is Status.OPTIMAL:
            assert one.without.objective == close(best.objective_values[0])
            assert one.without.loss >= -1e-5
            assert one.site_id not in one.without.opened_sites


def changed_count(request: FireStationRequest, one: MarginalStation) -> FireStationRequest:
    count = request.new_stations[one.class_id]
    assert count.max is not None
    exact = count.min == count.max
    most = count.max + one.change
    least = most if exact else min(count.min, most)
    counts = {**request.new_stations, one.class_id: CountRange(min=least, max=most)}
    return request.model_copy(update={"new_stations": counts})


def test_one_station_more_or_fewer_is_worth_what_the_changed_request_is_worth() -> None:
    tried = 0
    for case in explained():
        for one in case.reasons.marginal:
            if case.request.new_stations[one.class_id].max is None:
                continue
            best = best_of(changed_count(case.request, one))
            assert one.status is best.status
            if best.status is Status.OPTIMAL:
                assert one.objective == close(best.objective_values[0])
                assert one.gain == close(case.sign * (one.objective - case.reports[0].objective))
            tried += 1
    assert tried > SCANNED_COUNT


def test_an_investment_gains_what_it_adds_to_today() -> None:
    for case in explained():
        today = plans.before(case.facts)
        for rank in case.reasons.ranking:
            if rank.mode == "singly":
                site = next(j for j, one in enumerate(case.facts.sites) if one.id == rank.site_id)
                option = next(
                    one
                    for one in plans.site_options(case.facts, site)
                    if one and (one.class_id, one.action) == (rank.class_id, rank.action)
                )
                after = (*(one for one in today if one.site != site), option)
                assert rank.gain == close(case.sign * (case.value(after) - case.value(today)))


def test_investments_are_ordered_by_what_they_gain_for_their_cost() -> None:
    for case in explained():
        singly = [one for one in case.reasons.ranking if one.mode == "singly"]
        worth = [one.gain_per_cost or float("inf") for one in singly]
        assert worth == sorted(worth, reverse=True)
        assert [one.order for one in singly] == list(range(1, len(singly) + 1))


def town_reasons(**changes: object) -> FireStationExplanation:
    changes.setdefault("objectives", [{"kind": "cover"}])
    return Explained(request_of(**changes)).reasons


def groups(reasons: FireStationExplanation) -> list[tuple[str, float, tuple[str, ...]]]:
    return [(one.reason, one.weight, one.point_ids) for one in reasons.uncovered]


def test_demand_is_lost_to_others_where_a_site_that_may_open_would_reach_it() -> None:
    reasons = town_reasons(new_stations={"city": 1}, rules__open_sites=[{"site_id": "C"}])
    assert groups(reasons) == [("lost_to_others", 400.0, ("p4",))]


def test_demand_is_out_of_bounds_where_only_forbidden_sites_would_reach_it() -> None:
    reasons = town_reasons(new_stations={"city": 1}, rules__forbidden_sites=["D"])
    assert groups(reasons) == [("not_allowed", 400.0, ("p4",))]


def test_a_budget_too_small_for_any_station_makes_demand_unreachable_by_rule() -> None:
    reasons = town_reasons(new_stations={"city": {"max": 1}}, rules__capital_budget=59)
    assert groups(reasons) == [("not_allowed", 400.0, ("p4",))]


def test_demand_is_too_far_where_no_site_reaches_it() -> None:
    reasons = town_reasons(
        new_stations={"city": 1}, objectives=[{"kind": "cover", "within_s": 155}]
    )
    assert groups(reasons) == [("too_far", 600.0, ("p3", "p2", "p1"))]


def test_the_town_buys_the_cheap_station_that_reaches_most_first() -> None:
    ranking = town_reasons(new_stations={"city": {"max": 1}, "small": {"max": 1}}).ranking
    told = [(one.mode, one.site_id, one.class_id, one.gain, one.cost) for one in ranking]
    assert told == [
        ("singly", "D", "small", 400.0, 14.0),
        ("singly", "C", "small", 100.0, 16.0),
        ("singly", "D", "city", 400.0, 71.0),
        ("singly", "C", "city", 100.0, 73.0),
        ("greedy", "D", "small", 400.0, 14.0),
    ]


def bound_rules(reasons: FireStationExplanation) -> dict[str, tuple[float | None, float | None]]:
    return {one.path: (one.used, one.limit) for one in reasons.binding}


def test_a_budget_binds_where_it_leaves_no_room_for_the_cheapest_further_option() -> None:
    counts = {"city": {"max": 2}}
    tight = town_reasons(new_stations=counts, rules__capital_budget=100)
    assert bound_rules(tight) == {"rules.capital_budget": (60.0, 100.0)}
    assert bound_rules(town_reasons(new_stations=counts, rules__capital_budget=125)) == {}


def test_a_rule_without_a_number_binds_where_cover_would_be_better_without_it() -> None:
    counts = {"city": {"max": 2}}
    reasons = town_reasons(new_stations=counts, rules__forbidden_sites=["D", "C"])
    paths = ["rules.forbidden_sites[0]", "rules.forbidden_sites[1]"]
    assert list(bound_rules(reasons)) == paths


def test_what_the_time_does_not_allow_is_left_out_and_named() -> None:
    reasons = Explained(request_of(), time_limit_s=1e-9).reasons
    parts = ("contributions", "uncovered", "marginal", "binding", "ranking")
    assert [text.code for text in reasons.left_out] == [
        f"explanation.left_out.{part}" for part in parts
    ]
    assert reasons.contributions == ()
