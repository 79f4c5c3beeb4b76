"""Inputs that name what the service keeps, put in before a process reads them.

``scenario`` stands for the request of a version; a plan or an answer may be that of a job. What
is kept as a job's inputs is whole, and means the same when scenarios and jobs have gone on.
"""

import json
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from api.jobs.audit import Act
from api.jobs.callers import Caller
from api.jobs.records import Job, is_id
from api.jobs.scenarios import Version
from api.requests import Document, read_model
from api.requests.parts import under
from api.requests.paths import shortened
from api.routes.guard import caller_of
from api.services import Services, services_of
from models.faults import Fault
from models.scenarios import JobReference, ScenarioReference
from models.text import Text
from optimizer.errors import InputError

_PLANS = ("start", "plan")
_ANSWERS = ("against",)


@dataclass(frozen=True)
class View:
    """What the service keeps, as far as a caller may see it; reading results is written down."""

    services: Services
    caller: Caller

    @classmethod
    def of(cls, http: Request) -> "View":
        """Return the view of whoever calls."""
        return cls(services_of(http), caller_of(http))

    def job(self, job_id: str, place: str) -> Job:
        """Return a job.

        Raises
        ------
        InputError
            There is none that the caller may see; at ``place``.
        """
        jobs, areas = self.services.jobs, self.caller.areas
        job = jobs.get(job_id)
        if job is None or not (areas is None or jobs.seen(job_id, areas)):
            raise missing_job(place, "need.job", job_id)
        return job

    def result(self, job_id: str, place: str) -> tuple[Job, bytes]:
        """Return a job with its answer.

        Raises
        ------
        InputError
            There is no such job, or it has no result; at ``place``.
        """
        job = self.job(job_id, place)
        if job.result is None:
            raise missing_job(place, "need.job_answer", job_id)
        self.services.audit.add(self.caller, Act.READ_RESULTS, job_id=job_id)
        return job, self.services.jobs.payload(job.result)

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
        scenarios, areas = self.services.scenarios, self.caller.areas
        latest = scenarios.latest(asked.id) if is_id(asked.id) else None
        if latest is None or (asked.version is None and not latest.within(areas)):
            raise _fault("id", "need.scenario", asked.id)
        if asked.version is None:
            return latest
        found = scenarios.get(asked.id, asked.version, areas)
        if found is None:
            raise _fault("version", "need.scenario_version", asked.version)
        return found


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
    return json.loads(view.services.scenarios.content(version.request))


def _of_job(name: str, part: dict[str, object], view: View) -> Any:
    """Return the answer of a job; for a plan, that of its answer or else the best so far."""
    asked = read_model(JobReference, Document(part)).job
    job = view.job(asked, "job")
    if name in _ANSWERS or job.result is not None:
        answer = json.loads(view.result(asked, "job")[1])
        if name in _ANSWERS:
            return answer
        if answer.get("plan") is not None:
            return answer["plan"]
    best = view.services.jobs.last_event(job.id, "incumbent")
    if best is None or best.plan is None:
        raise missing_job("job", "need.job_plan", asked)
    return json.loads(best.plan)


def _fault(path: str, code: str, given: object, **values: str) -> InputError:
    need = Text(code=code, values=dict(values))
    return InputError((Fault(path=path, value=shortened(given), need=need),))
