"""Prove a rotation plan against its request: from these two alone, with none of the engine's code.

A ledger follows every lot through the periods and refuses what cannot be; a simulation is told
only how much leaves, and chooses itself which lots go: the oldest that will do.
"""

from models.answer import Verification
from models.rotation import RotationPlan, RotationRequest
from optimizer.datasets import Store
from optimizer.rotation.verify.claims import claims
from optimizer.rotation.verify.ledger import Ledger
from optimizer.rotation.verify.question import Question
from optimizer.rotation.verify.rules import known, orders, rules
from optimizer.rotation.verify.simulation import simulation


def verify(
    request: RotationRequest, plan: RotationPlan, store: Store | None = None
) -> Verification:
    """Return every rule of the request and every claim of the plan, recomputed."""
    del store
    question = Question(request)
    checks = [*known(question, plan)]
    if all(one.passed for one in checks):
        checks += orders(question, plan)
        ledger = Ledger(question, plan)
        checks += rules(question, plan, ledger)
        if all(one.passed for one in checks):
            checks.append(simulation(question, plan, ledger))
        checks += claims(question, plan, ledger)
    return Verification(checks=tuple(checks))
