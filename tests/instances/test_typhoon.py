"""The typhoon over Pingshan has the plan's counts, and says what is invented."""

from collections import Counter

from instances.generators.pingshan.typhoon import typhoon
from models.dispatch import TeamStatus
from optimizer.dispatch.solve import solve


def test_the_counts_are_the_plans() -> None:
    request = typhoon()
    kinds = Counter(one.kind for one in request.incidents)
    assert kinds == {"waterlogging": 40, "landslide": 95, "shelter_opening": 6}
    layers = Counter(one.kind for one in request.teams if not one.illustrative)
    assert layers == {
        "city": 2,
        "city_second": 2,
        "small": 10,
        "detachment": 6,
        "part_time": 20,
    }
    assert sum(one.illustrative for one in request.teams) == 10
    assert sum(one.vehicles.get("fire_engine", 0) for one in request.teams) == 10 + 5 + 10
    assert sum(one.status is TeamStatus.LOST for one in request.teams) == 5
    assert typhoon() == request


def test_it_is_solved_with_proof_and_reasons() -> None:
    answer = solve(typhoon().model_copy(update={"deadline_ms": 60_000}))
    assert answer.quality == "proven"
    assert answer.verification.passed
    served = set(answer.plan.served_incidents)
    told = {one.incident_id for one in answer.explanation.unserved}
    assert told == {one.id for one in typhoon().incidents} - served
    assert all(one.verified for one in answer.explanation.unserved)
