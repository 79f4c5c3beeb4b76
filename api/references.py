"""Inputs that name what the service keeps, put in before a process reads them.

``scenario`` stands for the request of a version; a plan or an answer may be that of a job. What
is kept as a job's inputs is whole, and means the same when scenarios and jobs have gone on.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Engine

from api.carried import SMALL_BYTES
from api.jobs.areas import within
from api.jobs.audit import Act, AuditLog
from api.jobs.callers import Caller
from api.jobs.database import engine_of
from api.jobs.records import Job, is_id
from api.jobs.scenarios import ScenarioStore, Version
from api.jobs.store import JobStore
from api.payloads import Payload
from api.problems import Touched
from api.requests import Document, read_model
from api.requests.parts import under
from api.requests.paths import shortened
from api.settings import Settings
from models.faults import Fault
from models.scenarios import JobReference, ScenarioReference
from models.text import Text
from optimizer.errors import InputError

_PLANS = ("start", "plan")
_ANSWERS = ("against",)


class LargeError(Exception):
    """What is kept is too large to be read here."""


@dataclass(frozen=True)
class View:
    """What the service keeps, as far as a caller may see it; reading results is written down.

    In another process, which it may be sent to, it speaks to the database itself. In the service
    (``here``) it refuses to read what would hold up other calls.
    """

    settings: Settings
    caller: Caller
    jobs: JobStore
    scenarios: ScenarioStore
    audit: AuditLog
    here: bool = True

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes it."""
        return _elsewhere, (self.settings, self.caller)

    def may_see(self, found: Touched) -> bool:
        """Return whether all of these areas are the caller's."""
        return self.caller.areas is None or within(found, self.caller.areas)

    def load(self, payload: Payload) -> bytes:
        """Return what was kept.

        Raises
        ------
        LargeError
            It is too large to be read here.
        """
        content = payload.read()
        if self.here and len(content) > SMALL_BYTES:
            raise LargeError
        return content

    def job(self, job_id: str, place: str) -> Job:
        """Return a job.

        Raises
        ------
        InputError
            There is none that the caller may see; at ``place``.
        """
        jobs, areas = self.jobs, self.caller.areas
        job = jobs.get(job_id)
        if job is None or not (areas is None or jobs.seen(job_id, areas)):
            raise missing_job(place, "need.job", job_id)
        return job

    def packed_result(self, job_id: str, place: str) -> tuple[Job, Payload]:
        """Return a job with its answer as it is kept.

        Raises
        ------
        InputError
            There is no such job, or it has no result; at ``place``.
        """
        job, payload = self._result(job_id, place)
        self.audit.add(self.caller, Act.READ_RESULTS, job_id=job_id)
        return job, payload

    def answer(self, job_id: str, place: str) -> Any:
        """Return the answer of a job as JSON has it.

        Raises
        ------
        InputError, LargeError
            As `packed_result` and `load`.
        """
        content = self.load(self._result(job_id, place)[1])
        self.audit.add(self.caller, Act.READ_RESULTS, job_id=job_id)
        return json.loads(content)

    def _result(self, job_id: str, place: str) -> tuple[Job, Payload]:
        job = self.job(job_id, place)
        if job.result is None:
            raise missing_job(place, "need.job_answer", job_id)
        return job, self.jobs.packed(job.result)

    def version(self, reference: object) -> Version:
        """Return the version of a scenario that ``reference`` names.

        Raises
        ------
        InputError
            It names none that the caller may see; by the path in the reference.
        """
        if not isinstance(reference, dict):
            raise _fault("", "need.object", reference)
        asked = read_model(ScenarioReference, Document(reference))
        scenarios, areas = self.scenarios, self.caller.areas
        latest = scenarios.latest(asked.id) if is_id(asked.id) else None
        if latest is None or (asked.version is None and not latest.within(areas)):
            raise _fault("id", "need.scenario", asked.id)
        if asked.version is None:
            return latest
        found = scenarios.get(asked.id, asked.version, areas)
        if found is None:
            raise _fault("version", "need.scenario_version", asked.version)
        return found


def _elsewhere(settings: Settings, caller: Caller) -> View:
    engine = _opened(settings.database_url)
    stores = JobStore(engine), ScenarioStore(engine), AuditLog(engine)
    return View(settings, caller, *stores, here=False)


@cache
def _opened(url: str) -> Engine:
    return engine_of(url)


def resolved(inputs: object, view: View) -> tuple[object, tuple[Fault, ...]]:
    """Return ``inputs`` with what they refer to put in, themselves where they refer to nothing.

    With them come the faults of optional inputs that could not be put in, which are left out.

    Raises
    ------
    InputError
        What cannot be done without could not be put in.
    """
    if not isinstance(inputs, dict):
        return inputs, ()
    given, needed = dict(inputs), False
    faults: list[Fault] = []
    for name in [one for one in inputs if _refers(one, inputs[one])]:
        try:
            with under(f"inputs.{name}"):
                part = _found(name, given.pop(name), inputs, view)
            given["request" if name == "scenario" else name] = part
        except InputError as error:
            faults += error.faults
            needed = needed or name in ("scenario", "plan")
    if needed:
        raise InputError(tuple(faults))
    return (inputs if given == inputs else given), tuple(faults)


def missing_job(place: str, code: str, job_id: str) -> InputError:
    """Return the error of a job that does not serve."""
    return _fault(place, code, job_id)


def _refers(name: str, part: object) -> bool:
    named = isinstance(part, dict) and "job" in part
    return name == "scenario" or (named and name in _PLANS + _ANSWERS)


def _found(name: str, part: Any, inputs: dict[str, Any], view: View) -> Any:
    if name != "scenario":
        return _of_job(name, part, view)
    if "request" in inputs:
        raise _fault("", "fault.either", part, other="inputs.request")
    version = view.version(part)
    return json.loads(view.load(view.scenarios.content(version.request)))


def _of_job(name: str, part: dict[str, object], view: View) -> Any:
    """Return the answer of a job; for a plan, that of its answer or else the best so far."""
    asked = read_model(JobReference, Document(part)).job
    job = view.job(asked, "job")
    if name in _ANSWERS or job.result is not None:
        answer = view.answer(asked, "job")
        if name in _ANSWERS:
            return answer
        if answer.get("plan") is not None:
            return answer["plan"]
    best = view.jobs.last_event(job.id, "incumbent")
    if best is None or best.plan is None:
        raise missing_job("job", "need.job_plan", asked)
    return json.loads(best.plan)


def _fault(path: str, code: str, given: object, **values: str) -> InputError:
    need = Text(code=code, values=dict(values))
    return InputError((Fault(path=path, value=shortened(given), need=need),))
