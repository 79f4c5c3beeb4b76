"""Any peer's answer, judged by Muster's verifier: the rules kept, the objective counted afresh."""

from dataclasses import dataclass

from models.facilities import FacilityPlan, FacilityRequest
from models.facilities.plan import OpenFacility
from optimizer.datasets import Store
from optimizer.facilities.verify import verify
from optimizer.facilities.verify.question import Question


@dataclass(frozen=True)
class Judgement:
    """Whether every rule holds, and what the goal is worth."""

    valid: bool
    value: float


def judge(request: FacilityRequest, sites: tuple[int, ...], store: Store) -> Judgement:
    """Return the verdict on a plan that opens ``sites``."""
    facilities = tuple(OpenFacility(site_id=request.sites[site].id) for site in sites)
    plan = FacilityPlan(facilities=facilities)
    value = Question.read(request, plan, store).value(plan)
    return Judgement(verify(request, plan, store).passed, value)
