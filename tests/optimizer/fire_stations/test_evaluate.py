"""Proposals made elsewhere, held against the request and against the proven best."""

import pytest

from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.fire_stations.plan import PlannedStation
from models.run import Status
from optimizer import InputError, solve
from optimizer.fire_stations.evaluate import evaluate
from tests.optimizer.fire_stations.town import failed, plan_of, request_of
from tests.strategies import request_number

COVER = [{"kind": "cover"}, {"kind": "cost", "horizon_years": 0}]


def asked(**changes: object) -> FireStationRequest:
    return request_of(**{"objectives": COVER, **changes})


def sites(answer: FireStationAnswer) -> list[tuple[str, str, str]]:
    stations = answer.plan.stations
    return [(one.site_id, one.class_id, one.action.value) for one in stations if one.action]


def test_stations_in_service_are_kept_where_a_proposal_does_not_mention_them() -> None:
    answer = evaluate(asked(), plan_of("D:city"))
    assert sites(answer) == [("A", "city", "keep"), ("B", "small", "keep"), ("D", "city", "build")]
    assert answer.verification.passed
    assert answer.run.status is Status.FEASIBLE
    assert answer.plan.objective_values == (1000.0, 60.0)
    assert [level.bound for level in answer.run.levels] == [None, None]


def test_a_station_that_may_close_is_closed_where_a_proposal_does_not_mention_it() -> None:
    answer = evaluate(asked(sites__1__station__may=["close"]), plan_of("D:city"))
    assert [site_id for site_id, _, _ in sites(answer)] == ["A", "D"]


def test_a_proposal_is_held_against_the_bound_of_the_proven_best() -> None:
    request = asked(new_stations={"city": 1})
    best = solve(request)
    answer = evaluate(request, plan_of("C:city"), against=best)
    assert [level.objective for level in answer.run.levels] == [700.0, 62.0]
    assert [level.bound for level in answer.run.levels] == [1000.0, 60.0]
    assert answer.run.gap == pytest.approx(300 / 700)
    assert answer.run.status is Status.FEASIBLE


def test_a_proposal_that_attains_every_bound_is_optimal() -> None:
    request = asked(new_stations={"city": 1})
    answer = evaluate(request, plan_of("D:city"), against=solve(request))
    assert answer.run.status is Status.OPTIMAL


def test_a_broken_rule_is_a_failed_check_and_no_error() -> None:
    answer = evaluate(asked(), plan_of("C:city", "D:city"))
    assert failed(answer.verification) == {("new_stations", "new_stations.city")}
    assert answer.run.status is Status.UNKNOWN
    assert answer.plan.after is not None
    assert answer.run.objective == 1000.0


def test_a_station_that_is_no_option_of_the_request_has_figures_and_a_reason() -> None:
    answer = evaluate(asked(sites__3__allowed_classes=["small"]), plan_of("D:city"))
    assert {rule for rule, _ in failed(answer.verification)} == {"classes"}
    assert answer.plan.objective_values == (1000.0, 60.0)
    assert answer.plan.after.station_count == {"city": 2, "small": 1}


def test_a_station_at_no_site_of_the_request_fails_the_check_of_sites() -> None:
    answer = evaluate(asked(), plan_of("nowhere:city"))
    assert "sites" in {rule for rule, _ in failed(answer.verification)}
    assert answer.plan.objective_values is None
    assert answer.run.objective is None


def test_what_a_proposal_claims_of_a_station_is_checked() -> None:
    claimed = PlannedStation(site_id="D", class_id="city", on_duty_people=99)
    answer = evaluate(asked(), FireStationPlan(stations=(claimed,)))
    assert {rule for rule, _ in failed(answer.verification)} == {"station.on_duty_people"}


def test_the_best_of_another_request_is_no_yardstick() -> None:
    other = solve(asked(new_stations={"city": 1}))
    with pytest.raises(InputError, match="another"):
        evaluate(asked(), plan_of("D:city"), against=other)


@pytest.mark.parametrize("number", range(0, 60, 2))
def test_the_best_plan_proposed_bare_is_found_optimal(number: int) -> None:
    request = request_number(number)
    best = solve(request)
    if best.plan is None:
        assert best.run.status is Status.INFEASIBLE
        return
    names = {"site_id", "class_id", "action", "moved_from"}
    bare = FireStationPlan(
        stations=tuple(
            PlannedStation(**one.model_dump(include=names)) for one in best.plan.stations
        )
    )
    answer = evaluate(request, bare, against=best)
    assert answer.plan.objective_values == pytest.approx(best.plan.objective_values)
    assert answer.plan.after == best.plan.after
    assert answer.verification.passed
    spent = any(level.final != level.objective for level in best.run.levels)
    assert answer.run.status is (Status.FEASIBLE if spent else Status.OPTIMAL)
