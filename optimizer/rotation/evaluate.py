"""A plan made elsewhere: its figures, rule by rule, and how far from the best it is."""

import time

import numpy as np

from models.rotation import RotationAnswer, RotationPlan, RotationRequest
from models.rotation.plan import WriteOff
from optimizer.datasets import Store
from optimizer.judging import bounds_of, held_against, run_of
from optimizer.rotation.arrays import NEVER
from optimizer.rotation.assumptions import assumptions
from optimizer.rotation.formulation import Formulation
from optimizer.rotation.instance import Instance
from optimizer.rotation.plan import complete_plan
from optimizer.rotation.solution import Movements
from optimizer.rotation.verify import verify
from optimizer.rotation.verify.ledger import Ledger
from optimizer.rotation.verify.question import Question
from optimizer.rotation.verify.rules import known


def evaluate(
    request: RotationRequest,
    plan: RotationPlan,
    *,
    against: RotationAnswer | None = None,
    store: Store | None = None,
) -> RotationAnswer:
    """Return the figures of a plan, its checks, and its distance from a proven best.

    Orders, issues and moves are taken from ``plan``; what is left and what expires follows from
    them by the verifier's ledger. A rule that is broken is a failed check, and the status then
    ``unknown``; a plan that keeps every rule is ``feasible``, and ``optimal`` where it attains
    every bound of ``against``. A plan that names what is not there has no figures.

    Raises
    ------
    InputError
        The request contradicts itself, or ``against`` answers another.
    """
    began = time.monotonic()
    formulation = Formulation(Instance.from_request(request, store))
    bounds = bounds_of(request, against)
    bare = RotationPlan(orders=plan.orders, issues=plan.issues, moves=plan.moves)
    counted = _counted(formulation, bare)
    verification = verify(request, counted, store)
    kinds = [kind for kind, _ in formulation.levels]
    levels = held_against(kinds, counted.objective_values, bounds, kept=verification.passed)
    return RotationAnswer(
        plan=counted,
        run=run_of(levels, time.monotonic() - began),
        verification=verification,
        assumptions=assumptions(request),
        illustrative=request.illustrative,
    )


def _counted(formulation: Formulation, plan: RotationPlan) -> RotationPlan:
    """Return the plan with its figures; as it is where it names what nobody knows."""
    instance = formulation.instance
    question = Question(instance.request)
    if not all(one.passed for one in known(question, plan)):
        return plan
    ledger = Ledger(question, plan)
    pair = {key: n for n, key in enumerate(instance.pairs)}
    made = Movements(
        orders=[*plan.orders],
        issues=[*plan.issues],
        moves=[*plan.moves],
        on_hand=np.zeros((len(pair), len(instance.grid))),
    )
    for t, gone in enumerate(ledger.expired):
        for key, quantity in ledger.on_hand(t).items():
            if key in pair:
                made.on_hand[pair[key], t] = quantity
        for (depot, lot), quantity in sorted(gone.items()):
            value = quantity * question.items[ledger.goods[lot].item].price
            made.write_offs.append(
                WriteOff(period=t, depot_id=depot, lot_id=lot, quantity=quantity, value=value)
            )
    for (depot, lot), quantity in ledger.stock[-1].items():
        goods = ledger.goods[lot]
        expiry = NEVER if goods.expires is None else goods.expires.toordinal()
        if (depot, goods.item) in pair:
            made.left.append((pair[depot, goods.item], expiry, quantity))
    return complete_plan(formulation, made)
