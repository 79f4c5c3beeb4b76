"""Inputs that name what the service keeps, put in before a process reads them.

``scenario`` stands for the request of a version; a plan or an answer may be that of a job. What
is kept as a job's inputs is whole, and means the same when scenarios and jobs have gone on.
"""

import json
import re
from typing import Any

from api.jobs.records import Job
from api.jobs.scenarios import Version
from api.requests import Document, read_model
from api.requests.parts import under
from api.requests.paths import shortened
from api.services import Services
from models.faults import Fault
from models.scenarios import JobReference, ScenarioReference
from models.text import Text
from optimizer.errors import InputError

_ID = re.compile(r"[0-9a-f]{32}")
_PLANS = ("start", "plan")
_ANSWERS = ("against",)


def resolved(inputs: object, services: Services) -> tuple[object, tuple[Fault, ...]]:
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
                part = _found(name, given.pop(name), inputs, services)
            given["request" if name == "scenario" else name] = part
        except InputError as error:
            faults += error.faults
            needed = needed or name in ("scenario", "plan")
    if needed:
        raise InputError(tuple(faults))
    return (inputs if given == inputs else given), tuple(faults)


def _refers(name: str, part: object) -> bool:
    named = isinstance(part, dict) and "job" in part
    return name == "scenario" or (named and name in _PLANS + _ANSWERS)


def _found(name: str, part: Any, inputs: dict[str, Any], services: Services) -> Any:
    if name != "scenario":
        return _of_job(name, part, services)
    if "request" in inputs:
        raise _fault("", "fault.either", part, other="inputs.request")
    version = version_of(part, services)
    return json.loads(services.scenarios.content(version.request))


def version_of(reference: object, services: Services) -> Version:
    """Return the version that ``reference`` names.

    Raises
    ------
    InputError
        It names none; by the path in the reference.
    """
    if not isinstance(reference, dict):
        raise _fault("", "need.object", reference)
    asked = read_model(ScenarioReference, Document(reference))
    latest = services.scenarios.latest(asked.id) if is_id(asked.id) else None
    if latest is None:
        raise _fault("id", "need.scenario", asked.id)
    if asked.version is None or asked.version == latest.version:
        return latest
    found = services.scenarios.get(asked.id, asked.version)
    if found is None:
        raise _fault("version", "need.scenario_version", asked.version)
    return found


def is_id(text: str) -> bool:
    """Return whether ``text`` may be the id of something that is kept."""
    return _ID.fullmatch(text) is not None


def result_of_job(job_id: str, place: str, services: Services) -> bytes:
    """Return the answer of a job.

    Raises
    ------
    InputError
        There is no such job, or it has no result; at ``place``.
    """
    job = _job(job_id, place, services)
    if job.result is None:
        raise missing_job(place, "need.job_answer", job_id)
    return services.jobs.payload(job.result)


def missing_job(place: str, code: str, job_id: str) -> InputError:
    """Return the error of a job that does not serve."""
    return _fault(place, code, job_id)


def _job(job_id: str, place: str, services: Services) -> Job:
    job = services.jobs.get(job_id) if is_id(job_id) else None
    if job is None:
        raise missing_job(place, "need.job", job_id)
    return job


def _of_job(name: str, part: dict[str, object], services: Services) -> Any:
    """Return the answer of a job; for a plan, that of its answer or else the best so far."""
    asked = read_model(JobReference, Document(part)).job
    job = _job(asked, "job", services)
    if name in _ANSWERS or job.result is not None:
        answer = json.loads(result_of_job(asked, "job", services))
        if name in _ANSWERS:
            return answer
        if answer.get("plan") is not None:
            return answer["plan"]
    best = services.jobs.last_event(job.id, "incumbent")
    if best is None or best.plan is None:
        raise missing_job("job", "need.job_plan", asked)
    return json.loads(best.plan)


def _fault(path: str, code: str, given: object, **values: str) -> InputError:
    need = Text(code=code, values=dict(values))
    return InputError((Fault(path=path, value=shortened(given), need=need),))
