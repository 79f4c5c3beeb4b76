"""The plan of rounds against its request: every rule and every figure, from the two alone."""

from models.answer import Verification
from models.dispatch.phase import PhasePlan, PhaseRequest
from optimizer.datasets import Store
from optimizer.dispatch.phase.verify.figures import figures
from optimizer.dispatch.phase.verify.question import PhaseQuestion
from optimizer.dispatch.phase.verify.rules import rules


def verify(request: PhaseRequest, plan: PhasePlan, store: Store | None = None) -> Verification:
    """Return all checks of ``plan``; a plan that someone wrote by hand is as welcome."""
    question = PhaseQuestion(request, plan, store)
    return Verification(checks=(*rules(question), *figures(question)))
