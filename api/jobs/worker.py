"""A worker takes jobs up, one per slot, and sees each through: beats, improvements, the end."""

import logging
import math
import os
import socket
import time
import uuid
from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from api.children import ProcessDiedError
from api.jobs.executor import Execution, Executor
from api.jobs.records import Claim, termination
from api.jobs.retention import Retention
from api.jobs.stopping import Steps, StopUnheardError
from api.jobs.store import JobStore
from api.logs import about_job
from api.processes import URGENT, kept_work, offered
from api.settings import Settings
from api.solving import News, Said, Unread
from models.run import Incumbent
from models.text import Text
from optimizer.errors import BackendError, InputError, VerificationError

_BEAT_S = 0.2
_POLL_S = 0.5  # how long a free slot waits between two looks at the queue, unless woken
_BEATS_PER_LEASE = 4
_LONGEST_BEAT_S = 0.5  # so that a wish to stop is heard soon
_PATIENCE_S = 0.5  # after a failure of the database
_PATIENT_LEASES = 5

T = TypeVar("T")

_logger = logging.getLogger(__name__)

_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (InputError, "job.bad_input"),
    (BackendError, "http.solver_failed"),
    (VerificationError, "http.broken_plan"),
    (Exception, "http.own_fault"),
)


class Worker:
    """Slots that carry out jobs, until it is closed.

    Beside the slots for all jobs there is one for those that somebody waits for: they never
    wait behind the others.
    """

    def __init__(
        self, store: JobStore, executor: Executor, settings: Settings, retention: Retention
    ) -> None:
        self._store, self._executor, self._settings = store, executor, settings
        self._name = f"{socket.gethostname()[:24]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._retention = retention
        self._closing, self._news = Event(), Event()
        slots = [tuple(offered(settings))] * settings.job_workers
        slots += [tuple(URGENT)] if slots else []
        self._slots = [
            Thread(target=self._serve, args=(f"{self._name}-{n}", processes))
            for n, processes in enumerate(slots)
        ]

    def start(self) -> None:
        """Begin to take jobs up."""
        self._retention.start()
        for slot in self._slots:
            slot.start()

    def wake(self) -> None:
        """Look at the queue now."""
        self._news.set()

    def close(self) -> None:
        """Give back what is under way, and end."""
        self._closing.set()
        self._news.set()
        for slot in self._slots:
            slot.join()
        self._retention.close()

    def _serve(self, owner: str, processes: tuple[str, ...]) -> None:
        while not self._closing.is_set():
            try:
                self._news.clear()
                lease_s = self._settings.job_lease_s
                claim = self._store.claim(owner, lease_s, processes)
                if claim is None:
                    self._news.wait(_POLL_S)
                else:
                    with about_job(claim.job_id):
                        _logger.info("taken up, attempt %d", claim.attempt)
                        self._carry_out(claim)
                        _logger.info("left")
            except Exception:  # whatever it is, the slot goes on; the job's lease runs out
                _logger.exception("a worker failed")
                self._closing.wait(_PATIENCE_S)

    def _carry_out(self, claim: Claim) -> None:
        try:
            memory_bytes = self._settings.job_memory_bytes
            read = partial(kept_work, claim.process_id, claim.inputs, self._settings, claim.plan)
            execution = self._executor.submit(Unread(read, memory_bytes))
            try:
                self._see_through(claim, execution)
            finally:
                execution.kill()
        except StopUnheardError:
            # The next attempt only checks and explains the best of this one.
            _logger.warning("job %s did not hear that it is to stop", claim.job_id)
            self._insist(partial(self._store.give_back, claim, crashed=False))
        except ProcessDiedError:
            _logger.warning("the process of job %s died", claim.job_id)
            self._store.give_back(claim, crashed=True)
        except SQLAlchemyError:
            raise
        except Exception as error:
            _logger.exception("job %s failed", claim.job_id)
            code = next(code for kind, code in _FAILURES if isinstance(error, kind))
            self._store.fail(claim, Text(code=code))

    def _see_through(self, claim: Claim, execution: Execution) -> None:
        """Follow one execution to its end, or to where the job is no longer ours."""
        lease_s, grace_s = self._settings.job_lease_s, self._settings.http_grace_s
        began = next_beat = time.monotonic()
        ending = math.inf
        steps = Steps(execution, self._settings, concluding=claim.stop_asked)
        while True:
            news = steps.wait(_BEAT_S)
            if news is not None and not self._heard(claim, news):
                return
            now = time.monotonic()
            allowed_s = (execution.time_limit_s or 0.0) + grace_s
            if self._ends_here(claim, overdue=now > min(began + allowed_s, ending)):
                return
            if now >= next_beat:
                job = self._insist(partial(self._store.beat, claim, lease_s))
                if job is None:  # dismissed, or taken over
                    steps.dismiss()
                    return
                if job.stop_asked:
                    steps.ask()
                    # Checking and explaining the best plan take their time, but no search does.
                    ending = min(ending, now + grace_s)
                next_beat = now + min(_LONGEST_BEAT_S, lease_s / _BEATS_PER_LEASE)

    def _heard(self, claim: Claim, news: News) -> bool:
        """Keep what came; return whether more is wanted."""
        if not isinstance(news, Incumbent):
            assert isinstance(news, Said)
            ended = None if news.ended is None else termination(*news.ended)
            self._insist(partial(self._store.finish, claim, news.payload, ended))
            return False
        said, plan = news.model_dump(mode="json"), news.plan
        return self._insist(partial(self._store.record, claim, said, plan))

    def _ends_here(self, claim: Claim, *, overdue: bool) -> bool:
        if self._closing.is_set():
            self._store.give_back(claim, crashed=False)
        elif overdue:
            self._store.fail(claim, Text(code="http.out_of_time"))
        return overdue or self._closing.is_set()

    def _insist(self, action: Callable[[], T]) -> T:
        """Do what the database may be away for; the fence holds whatever happens meanwhile."""
        until = time.monotonic() + _PATIENT_LEASES * self._settings.job_lease_s
        while True:
            try:
                return action()
            except SQLAlchemyError:
                if self._closing.is_set() or time.monotonic() > until:
                    raise
                _logger.warning("the database of jobs is away")
                time.sleep(_PATIENCE_S)
