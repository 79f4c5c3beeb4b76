"""Asking the processes that stand ready for dispatch."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from anyio.to_thread import run_sync

from api.errors import DoorError, too_many
from api.lane import LaneFullError, LateError
from api.services import Services

T = TypeVar("T")

LONGEST_DEADLINE_S = 5.0  # of questions to processes that all dispatchers share
_MOST_WAITING = 100
_GRACE_S = 20.0  # beyond the deadline: a process that has just been replaced gets ready


async def ask_lane(services: Services, question: Callable[[], T], deadline_s: float) -> T:
    """Return what a question brings in a process of the dispatch lane.

    Raises
    ------
    DoorError
        429: as many dispatch calls wait as may. 504: it went on long after its deadline.
    """
    if services.askers.statistics().tasks_waiting >= _MOST_WAITING:
        raise too_many("http.busy", max(1, services.dispatch.size))
    ask = partial(services.dispatch.ask, question, deadline_s + _GRACE_S)
    try:
        return await run_sync(ask, limiter=services.askers)
    except LaneFullError:
        raise too_many("http.busy", max(1, services.dispatch.size)) from None
    except LateError:
        raise DoorError(HTTPStatus.GATEWAY_TIMEOUT, "http.out_of_time") from None
