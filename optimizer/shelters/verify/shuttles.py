"""Who is fetched: no vehicle twice, no round too many, no seat too few."""

from collections import defaultdict
from collections.abc import Iterator

from models.answer import Check
from models.shelters import ShelterPlan
from models.shelters.plan import Shuttle
from optimizer.shelters.verify.question import Question
from optimizer.verification import at_most, finding, named


def shuttles(question: Question, plan: ShelterPlan) -> Iterator[Check]:
    """Yield the checks of a plan's vehicles, where it has any or somebody must be fetched."""
    fetched = any(question.groups[one.group].fetched for one in plan.assignments)
    if not plan.shuttles and not fetched:
        return
    unknown = [_name(one) for one in plan.shuttles if not _known(question, one)]
    yield _found("known", unknown)
    if unknown:
        return
    yield _found("rounds", [_name(one) for one in plan.shuttles if not _in_time(question, one)])
    yield _found("fleet", _too_many(question, plan))
    yield _found("seats", _too_full(question, plan))


def _found(rule: str, broken: list[str]) -> Check:
    return finding(
        f"shuttles.{rule}",
        passed=not broken,
        path="fleet",
        code=f"check.shelters.shuttles.{rule}",
        found=named(broken),
    )


def _known(question: Question, one: Shuttle) -> bool:
    return (
        one.scenario_id in question.scenarios
        and one.site_id in question.sites
        and one.block_id in question.block_index
        and one.vehicle_id in _vehicles(question)
    )


def _vehicles(question: Question) -> set[str]:
    fleet = question.request.fleet
    return set() if fleet is None else {one.id for one in fleet.vehicles}


def _in_time(question: Question, one: Shuttle) -> bool:
    assert question.request.fleet is not None
    (vehicle,) = (v for v in question.request.fleet.vehicles if v.id == one.vehicle_id)
    return one.rounds <= question.rounds(one.scenario_id, vehicle, one.block_id, one.site_id)


def _too_many(question: Question, plan: ShelterPlan) -> list[str]:
    sent: dict[tuple[str, str], int] = defaultdict(int)
    for one in plan.shuttles:
        sent[one.scenario_id, one.vehicle_id] += one.vehicles
    fleet = question.request.fleet
    have = {} if fleet is None else {one.id: one.count for one in fleet.vehicles}
    return sorted("/".join(key) for key, count in sent.items() if count > have[key[1]])


def _too_full(question: Question, plan: ShelterPlan) -> list[str]:
    fleet = question.request.fleet
    seats = {} if fleet is None else {one.id: one.seats for one in fleet.vehicles}
    brings: dict[tuple[str, str, str], float] = defaultdict(float)
    takes: dict[tuple[str, str, str], float] = defaultdict(float)
    for shuttle in plan.shuttles:
        key = shuttle.scenario_id, shuttle.block_id, shuttle.site_id
        brings[key] += shuttle.vehicles * shuttle.rounds * seats[shuttle.vehicle_id]
    for one in plan.assignments:
        group = question.groups[one.group]
        if group.fetched:
            takes[one.scenario_id, one.block_id, one.site_id] += one.people * group.seats
    return sorted("/".join(key) for key, taken in takes.items() if not at_most(taken, brings[key]))


def _name(one: Shuttle) -> str:
    return f"{one.scenario_id}/{one.vehicle_id}/{one.block_id}/{one.site_id}"
