"""Asking the processes that stand ready: for dispatch, for reading, for reports and workbooks."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from threading import Event
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from api.carried import SMALL_BYTES, Body
from api.children import ProcessDiedError
from api.errors import DoorError, too_many
from api.lane import Lane, LaneFullError, LateError
from api.references import LargeError
from api.services import Services
from api.solving import TooMuchError
from optimizer.datasets import LargeDatasetError, loading_at_most

T = TypeVar("T")

LONGEST_DEADLINE_S = 5.0  # of questions to processes that all dispatchers share
_MOST_WAITING = 100
_URGENT_BYTES = 4_000_000  # far more than 500 teams and 500 incidents take
_GRACE_S = 20.0  # beyond the deadline: a process that has just been replaced gets ready


async def ask_lane(services: Services, question: Callable[[], T], deadline_s: float) -> T:
    """Return what a question brings in a process of the dispatch lane.

    Raises
    ------
    DoorError
        429: as many dispatch calls wait as may. 504: it went on long after its deadline.
    """
    lane, waiting = services.dispatch, services.askers
    try:
        return await _asked(lane, waiting, question, deadline_s + _GRACE_S)
    except LaneFullError:
        raise too_many("http.busy", max(1, lane.size)) from None
    except LateError:
        raise DoorError(HTTPStatus.GATEWAY_TIMEOUT, "http.out_of_time") from None


async def ask_solver(
    services: Services, question: Callable[[], T], time_limit_s: float, gone: Event
) -> T:
    """Return what a question brings in a process of calls that wait, one of which has a place.

    Raises
    ------
    DoorError
        504: it went on long after its time.
    GoneError
        ``gone`` was set: the caller has hung up.
    """
    lane, seconds = services.solving, time_limit_s + services.settings.http_grace_s
    try:
        return await _asked(lane, services.solvers, question, seconds, gone)
    except LaneFullError:
        raise too_many("http.busy", services.settings.http_solves_at_once) from None
    except LateError:
        raise DoorError(HTTPStatus.GATEWAY_TIMEOUT, "http.out_of_time") from None


async def ask_writer(
    services: Services, question: Callable[[], T], *, of_caller: bool = False
) -> T:
    """Return what a question brings in a process that reads and writes files.

    Raises
    ------
    DoorError
        429: as many wait as may. 504: it took longer than granted. It took more than granted of
        something else: 413 where the file is the caller's, else 500.
    """
    lane, waiting = services.writing, services.writers
    where_it_dies = HTTPStatus.INTERNAL_SERVER_ERROR
    if of_caller:
        where_it_dies = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return await _in_time(lane, waiting, question, services, where_it_dies)


async def read_in(
    services: Services, body: Body, question: Callable[[], T], *, urgent: bool = False
) -> T:
    """Return what reading a body brings: here where all of it is small, else in a process.

    All of it: the body, what it refers to, and the datasets that it names, as they lie in memory.

    What is ``urgent`` waits behind nothing but dispatch calls, and may not keep those waiting.

    Raises
    ------
    DoorError
        429: as many wait as may. 504: it took longer than granted. 413: it took more memory than
        granted.
    """
    if not body.large:
        try:
            return await run_sync(_small, question)
        except (LargeError, LargeDatasetError):  # it names what is not
            pass
    if urgent and body.size <= _URGENT_BYTES:
        return await ask_lane(services, question, LONGEST_DEADLINE_S)
    lane, waiting = services.reading, services.readers
    return await _in_time(lane, waiting, question, services, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _small(question: Callable[[], T]) -> T:
    with loading_at_most(SMALL_BYTES):
        return question()


async def _in_time(
    lane: Lane,
    waiting: CapacityLimiter,
    question: Callable[[], T],
    services: Services,
    where_it_dies: HTTPStatus,
) -> T:
    seconds = services.settings.http_grace_s
    try:
        return await _asked(lane, waiting, question, seconds + _GRACE_S)
    except LaneFullError:
        raise too_many("http.writers_busy", max(1, lane.size)) from None
    except LateError:
        raise DoorError(
            HTTPStatus.GATEWAY_TIMEOUT, "http.written_too_long", {"seconds": seconds}
        ) from None
    except (ProcessDiedError, TooMuchError):
        raise DoorError(where_it_dies, "http.writer_died") from None


async def _asked(
    lane: Lane,
    waiting: CapacityLimiter,
    question: Callable[[], T],
    seconds: float,
    gone: Event | None = None,
) -> T:
    if waiting.statistics().tasks_waiting >= _MOST_WAITING:
        raise LaneFullError
    return await run_sync(partial(lane.ask, question, seconds, gone), limiter=waiting)
