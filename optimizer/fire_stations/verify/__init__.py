"""Whether a plan keeps the rules of its request, and whether its figures are true.

Asked of the two alone, whoever made the plan: every rule and every figure is counted afresh from
the request's own data, and nothing here has seen a formulation. A plan made by hand needs only
sites and classes; a figure it does not claim is not checked. Whether a level of an ordered list
of objectives is the best there is, no verifier can see; its value it can.

The walk: `question` reads the request, `stations` the plan's stations, `reach` counts arrivals;
`rules` and `cover_rules` judge, `objectives` and `figures` count, the other modules hold claims
against those counts.
"""

from collections.abc import Iterator

from models.answer import Check, Verification
from models.fire_stations.plan import FireStationPlan
from models.fire_stations.request import FireStationRequest
from optimizer.datasets import Store
from optimizer.fire_stations.verify.allocation import allocation_claims
from optimizer.fire_stations.verify.claims import (
    district_claims,
    figure_claims,
    objective_claims,
    station_claims,
)
from optimizer.fire_stations.verify.cover_rules import cover_rule_checks
from optimizer.fire_stations.verify.figures import figures as figures
from optimizer.fire_stations.verify.question import Question
from optimizer.fire_stations.verify.reach import situation
from optimizer.fire_stations.verify.rules import rule_checks
from optimizer.fire_stations.verify.staffing import staffing_claims
from optimizer.fire_stations.verify.staging import staging_claims
from optimizer.fire_stations.verify.stations import read_stations, stations_today


def verify(
    request: FireStationRequest, plan: FireStationPlan, store: Store | None = None
) -> Verification:
    """Return a check for every rule of ``request`` and every claim of ``plan``.

    A plan that names unknown sites or classes fails the checks of those; what it names besides
    is judged all the same.

    Raises
    ------
    InputError
        The request contradicts itself, so that no plan can be judged by it.
    """
    return Verification(checks=tuple(_checks(Question.read(request, store), plan)))


def _checks(question: Question, plan: FireStationPlan) -> Iterator[Check]:
    reading = read_stations(question, plan.stations)
    after = situation(question, reading.stations, question.request.objectives)
    before = situation(question, stations_today(question))
    yield from rule_checks(question, reading)
    yield from cover_rule_checks(after)
    yield from station_claims(reading, plan)
    yield from objective_claims(after, plan)
    yield from figure_claims(before, plan.before, "before")
    yield from figure_claims(after, plan.after, "after")
    yield from district_claims(after, plan)
    yield from allocation_claims(after, plan.allocation, "allocation")
    yield from allocation_claims(before, plan.allocation_before, "allocation_before")
    yield from staffing_claims(after, plan.staffing)
    yield from staging_claims(after, plan.staging)
