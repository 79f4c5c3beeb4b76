"""The opening order as an answer like any other: run, bound, and a check from the request alone."""

from importlib.metadata import version

from models.run import LevelReport, RunRecord, RunReport, Status, StopReason
from models.shelters.opening import OpeningAnswer, OpeningOrder, OpeningRequest
from models.shelters.unfolding import doors, unfolded
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.errors import InputError
from optimizer.judging import closed
from optimizer.record import request_sha256
from optimizer.shelters.assumptions import assumptions
from optimizer.shelters.checks import check
from optimizer.shelters.opening import faults, instance_now, ordered
from optimizer.shelters.verify.opening import verify_opening
from optimizer.travel.report import travel_report
from optimizer.verification import insist


def solve_opening(
    request: OpeningRequest, control: RunControl, *, store: Store | None = None
) -> OpeningAnswer:
    """Return the opening order, verified; its bound is who lacks a place with every site open.

    Raises
    ------
    InputError
        The request or the situation names what does not exist.
    """
    check_opening(request, store)
    instance = instance_now(request.shelters, request.situation, store)
    order = ordered(instance, request.situation, control)
    asked = instance.request
    places = (instance.demand, doors(asked)[0])
    travel = travel_report(asked.travel, instance.travel, places, store)
    status, stop = _judged(order, control)
    left = sum(one.people for one in order.without_place)
    level = LevelReport(
        kind="unmet",
        sense="min",
        status=status,
        stop=stop,
        objective=left,
        bound=None if order.unmet_if_all_open is None else min(left, order.unmet_if_all_open),
        final=left,
        wall_s=control.elapsed_s,
    )
    return OpeningAnswer(
        plan=order,
        run=RunReport(
            status=status,
            stop=stop,
            levels=(level,),
            wall_s=control.elapsed_s,
            backend="highs",
            record=RunRecord(
                request_sha256=request_sha256(request),
                versions={name: version(name) for name in ("numpy", "highspy")},
                seed=control.limits.seed,
                threads=control.limits.threads,
                backend="highs",
            ),
        ),
        verification=insist(verify_opening(request, order, store)),
        assumptions=assumptions(request.shelters),
        travel=travel,
        illustrative=request.illustrative or travel.illustrative,
    )


def check_opening(request: OpeningRequest, store: Store | None) -> None:
    """Raise for every fault of the siting request and of the situation, by their paths.

    Raises
    ------
    InputError
        With the faults.
    """
    del store
    siting = check(request.shelters)
    situation = () if siting else faults(unfolded(request.shelters), request.situation)
    found = [("shelters", one) for one in siting] + [("situation", one) for one in situation]
    if found:
        raise InputError(
            tuple(one.model_copy(update={"path": f"{at}.{one.path}"}) for at, one in found)
        )


def _judged(order: OpeningOrder, control: RunControl) -> tuple[Status, StopReason]:
    """Return whether no order houses more, and why the search ended."""
    if not order.complete:
        return Status.FEASIBLE, control.stop or StopReason.TIME
    left = sum(one.people for one in order.without_place)
    if order.unmet_if_all_open is not None and closed(left, min(left, order.unmet_if_all_open)):
        return Status.OPTIMAL, StopReason.PROOF
    return Status.FEASIBLE, StopReason.CONVERGED
