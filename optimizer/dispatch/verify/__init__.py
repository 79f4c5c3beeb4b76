"""The plan against its request: every rule and every figure, recomputed from the two alone."""

from models.answer import Verification
from models.dispatch import DispatchPlan, DispatchRequest
from optimizer.datasets import Store
from optimizer.dispatch.verify.figures import figures
from optimizer.dispatch.verify.question import Question
from optimizer.dispatch.verify.rules import rules


def verify(
    request: DispatchRequest, plan: DispatchPlan, store: Store | None = None
) -> Verification:
    """Return all checks of ``plan``; a plan that someone wrote by hand is as welcome."""
    question = Question(request, plan, store)
    return Verification(checks=(*rules(question), *figures(question)))
