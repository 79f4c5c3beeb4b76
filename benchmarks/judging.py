"""Any peer's answer, judged by Muster's verifier: the rules kept, the objective counted afresh."""

from dataclasses import dataclass

from models.fire_stations import FireStationPlan, FireStationRequest
from models.fire_stations.plan import PlannedStation
from optimizer.datasets import Store
from optimizer.fire_stations.verify import verify
from optimizer.fire_stations.verify.objectives import objective_value
from optimizer.fire_stations.verify.question import Question
from optimizer.fire_stations.verify.reach import situation
from optimizer.fire_stations.verify.stations import read_stations


@dataclass(frozen=True)
class Judgement:
    """Whether every rule holds, and what the first objective is worth."""

    valid: bool
    value: float


def judge(request: FireStationRequest, sites: tuple[int, ...], store: Store) -> Judgement:
    """Return the verdict on a plan that opens ``sites``, all of the one class asked for."""
    (class_id,) = request.new_stations
    stations = tuple(
        PlannedStation(site_id=request.sites[site].id, class_id=class_id) for site in sites
    )
    question = Question.read(request, store)
    reading = read_stations(question, stations)
    value = objective_value(situation(question, reading.stations), request.objectives[0])
    plan = FireStationPlan(stations=stations, objective_values=(value,))
    return Judgement(verify(request, plan, store).passed, value)
