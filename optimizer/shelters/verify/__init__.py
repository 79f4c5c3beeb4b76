"""Prove a plan against its request: from these two alone, with none of the engine's code."""

from models.answer import Check, Verification
from models.shelters import ShelterPlan, ShelterRequest
from optimizer.datasets import Store
from optimizer.shelters.verify.claims import claims, objective_values
from optimizer.shelters.verify.manners import manners
from optimizer.shelters.verify.people import people
from optimizer.shelters.verify.question import Question
from optimizer.shelters.verify.rules import rules
from optimizer.shelters.verify.shuttles import shuttles
from optimizer.shelters.verify.sites import sites


def verify(request: ShelterRequest, plan: ShelterPlan, store: Store | None = None) -> Verification:
    """Return every rule of the request and every claim of the plan, recomputed.

    Raises
    ------
    InputError
        The request itself cannot be read.
    """
    question = Question.read(request, store)
    checks: list[Check] = [*sites(question, plan)]
    if all(check.passed for check in checks):
        checks += people(question, plan)
        checks += rules(question, plan)
        if all(check.passed for check in checks if check.rule == "people.known"):
            checks += shuttles(question, plan)
            checks += manners(question, plan)
            checks += claims(question, plan)
    return Verification(checks=tuple(checks))


def counted_values(
    request: ShelterRequest, plan: ShelterPlan, store: Store | None = None
) -> tuple[float, ...] | None:
    """Return the objectives of any plan, whatever it breaks; None where it names the unknown."""
    question = Question.read(request, store)
    known = all(one.site_id in question.sites for one in plan.shelters)
    checks = people(question, plan) if known else ()
    if any(check.passed for check in checks if check.rule == "people.known"):
        return objective_values(question, plan)
    return None
