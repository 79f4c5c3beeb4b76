"""The strategy: check, climb the levels, keep the order of expiry, prove against the request."""

from dataclasses import replace

from models.answer import Verification
from models.rotation import RotationAnswer, RotationRequest
from models.run import Status, StopReason
from optimizer.conflicts import conflict
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.quiet import quiet
from optimizer.record import searched
from optimizer.rotation.assumptions import assumptions
from optimizer.rotation.explain import explain
from optimizer.rotation.formulation import Formulation
from optimizer.rotation.instance import Instance
from optimizer.rotation.levels import climb, in_order
from optimizer.rotation.plan import complete_plan
from optimizer.rotation.solution import movements
from optimizer.rotation.verify import verify
from optimizer.verification import insist

_LEVELS_SHARE = 0.6  # of the time limit; the rest is for the order of issue and the reasons


def solve(
    request: RotationRequest,
    control: RunControl,
    *,
    store: Store | None = None,
) -> RotationAnswer:
    """Plan what to issue, move, buy and write off, and prove the plan against the request."""
    instance = Instance.from_request(request, store)
    formulation = Formulation(instance)
    found = climb(formulation, control.share(_LEVELS_SHARE))
    plan = None
    if found.values is not None:
        # Whatever the clock says: a plan out of order is none. It takes a second.
        values = in_order(formulation, found.values, quiet(control))
        plan = complete_plan(formulation, movements(formulation, values))
    verification = None if plan is None else verify(request, plan, store)
    if verification is not None and _only_out_of_order(formulation, verification):
        # Room or the largest write-off is kept only by issuing younger lots before older ones:
        # that is no plan, and no proof that there is none.
        plan = verification = None
        found = replace(found, status=Status.UNKNOWN, stop=StopReason.CONVERGED)
    reasons = None
    if found.status is Status.INFEASIBLE:
        program = formulation.program({}, whole=request.whole)
        reasons = conflict(program, formulation.rules, control)
    return RotationAnswer(
        plan=plan,
        run=searched(request, control, found.status, found.stop, found.reports, steady=True),
        verification=None if verification is None else insist(verification),
        explanation=None if plan is None else explain(formulation, plan, found, control),
        conflict=reasons,
        assumptions=assumptions(request),
        illustrative=request.illustrative,
    )


def _only_out_of_order(formulation: Formulation, verification: Verification) -> bool:
    """Return whether a plan breaks nothing but what joins lots: their order and a yearly limit."""
    failed = {one.rule for one in verification.failed}
    joined = formulation.room_rules or formulation.cap_rule
    return bool(joined and failed) and failed <= {"order_of_expiry", "simulation", "write_off"}
