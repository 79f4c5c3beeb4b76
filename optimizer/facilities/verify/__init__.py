"""Prove a plan against its request: from these two alone, with none of the engine's code."""

from models.answer import Check, Verification
from models.facilities import FacilityPlan, FacilityRequest
from optimizer.datasets import Store
from optimizer.facilities.verify.claims import claims
from optimizer.facilities.verify.fronts import front_holds as front_holds
from optimizer.facilities.verify.question import Question
from optimizer.facilities.verify.rules import known, rules


def verify(
    request: FacilityRequest, plan: FacilityPlan, store: Store | None = None
) -> Verification:
    """Return every rule of the request and every claim of the plan, recomputed.

    Raises
    ------
    InputError
        The request itself cannot be read.
    """
    checks: list[Check] = [*known(request, plan)]
    if all(check.passed for check in checks):
        question = Question.read(request, plan, store)
        checks += rules(question, plan)
        checks += claims(question, plan)
    return Verification(checks=tuple(checks))
