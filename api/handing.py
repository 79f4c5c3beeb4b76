"""What an answer hands to dispatch: the request that sends the vehicles."""

from collections.abc import Collection

from api.problems import AnyAnswer, AnyRequest, problem_of, unable
from models.dispatch import DispatchRequest
from models.dispatch.phase import PhaseRequest
from models.faults import Fault
from models.shelters import ShelterAnswer, ShelterRequest
from models.stockpiles.day import StockDayAnswer
from models.text import Text
from optimizer.datasets import Store
from optimizer.errors import InputError
from optimizer.shelters.pickups import pickup_cases, pickups

_KINDS = ("stockpile_day", "shelters")


def hand_over(
    request: AnyRequest,
    answer: AnyAnswer,
    *,
    case: str | None = None,
    site: str | None = None,
    store: Store | None = None,
) -> DispatchRequest | PhaseRequest:
    """Return the request to dispatch that an answer leads to.

    Of supplies on the day it is the loads; of shelters the rounds that bring people to a ``site``
    in a ``case`` of the plan. Either may be None where there is only one.

    Raises
    ------
    InputError
        The answer sends no vehicles, or several cases or sites are to choose from.
    """
    if isinstance(answer, StockDayAnswer):
        if answer.dispatch is None:
            raise InputError((Fault(path="dispatch", need=Text(code="need.stockpiles.loads")),))
        return answer.dispatch
    if not isinstance(answer, ShelterAnswer) or not isinstance(request, ShelterRequest):
        raise unable(problem_of(request), lambda one: one.kind in _KINDS)
    cases = {} if answer.plan is None else pickup_cases(answer.plan)
    named = _one_of("case", case, cases)
    made = None
    if answer.plan is not None:
        there = _one_of("site", site, cases[named])
        made = pickups(request, answer.plan, named, there, store=store)
    if made is None:
        raise InputError((Fault(path="fleet.travel", need=Text(code="need.shelters.pickups")),))
    return made


def _one_of(path: str, named: str | None, known: Collection[str]) -> str:
    """Return which of ``known`` is meant; None is the only one."""
    if not known:
        raise InputError((Fault(path="plan.shuttles", need=Text(code="need.shelters.pickups")),))
    if named is None and len(known) == 1:
        return next(iter(known))
    if named in known:
        return str(named)
    need = Text(code="table.need.one_of", values={"known": ", ".join(known)})
    raise InputError((Fault(path=path, value=named, need=need),))
