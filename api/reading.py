"""What is asked, from bytes to work: beside other calls where it is small, else in a process.

Whatever is large leaves here packed, so that the service hands it on as it is.
"""

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import Any

from api.carried import Body
from api.jobs.store import body_hash
from api.offering import Process, check
from api.output import plain_json, to_json
from api.payloads import Payload
from api.problems import Touched, touched
from api.processes import kept_work, offered
from api.references import View, missing_job, resolved
from api.requests import Document, parse, problem_named, read_model, read_plan, read_request
from api.requests.parts import Reader, out_of, read_parts, under
from api.solving import Echo, Unread, Work
from api.writing import Ended
from models.comparisons import NewComparison
from models.hand_over import NewHandOver
from optimizer.errors import InputError

# What an execution may say beside its inputs: there is one output and one way to give it.
_IGNORED = ("outputs", "response")
_QUALIFIED = {"value", "mediaType", "encoding", "schema"}


@dataclass(frozen=True)
class Asked:
    """Work that was asked for, read and checked, with its inputs as they are kept.

    ``sent`` is the hash by which the same is known when it is sent again, ``place`` where the
    request stands in the body. ``document``: the answer is wanted with its name, where it has a
    plain form too.
    """

    work: Work | Unread
    time_limit_s: float
    deadline_s: float | None
    inputs: Payload
    sent: str
    touched: Touched
    place: str
    document: bool = False


@dataclass(frozen=True)
class Verified:
    """How a plan was checked, not at all where the caller may not see all of its areas."""

    said: Payload
    touched: Touched
    sent: str  # the hash of the body


def read_execution(
    body: Body, process_id: str, limit_s: float, view: View, *, areas: bool
) -> Asked:
    """Return what the body of an execution asks for.

    With ``areas`` those that its demand lies in are told, else none.

    Raises
    ------
    InputError
        With every fault.
    """
    process, settings = offered(view.settings)[process_id], view.settings
    document = parse(body.read())
    content = document.content
    given: object
    sent: object = None
    place, named = "", False
    if "inputs" in content:
        given, task, sent = _inputs(document, process, view, limit_s)
        place = "inputs.request" if process.whole is None else "inputs"
        named = content.get("response") == "document"
    else:
        given = {"request": content}
        with out_of("request"):
            task = process.read(Document({"request": content}, document.faults), settings)
            check(task, limit_s)
    plain = plain_json(given)
    inputs = Payload.of(plain)
    again = partial(kept_work, process_id, inputs, settings, None)
    return Asked(
        work=task if view.here else Unread(again),
        time_limit_s=task.limits.time_limit_s,
        deadline_s=task.deadline_s,
        inputs=inputs,
        sent=body_hash(process_id, plain if sent is None else plain_json(sent)),
        touched=areas_of(task) if areas else {},
        place=place,
        document=named,
    )


def areas_of(work: Work) -> Touched:
    """Return the areas that the demand of work lies in."""
    return {} if isinstance(work, Echo) else touched(work.request, work.store)


def read_verified(body: Body, view: View) -> Verified:
    """Return the verification of a plan against its request, as JSON.

    Raises
    ------
    InputError
        With every fault of both.
    """
    store, raw = view.settings.store, body.read()
    document = parse(raw)
    problem = problem_named(document.content.get("request"))
    readers: dict[str, Reader] = {
        "request": partial(read_request, store=store),
        "plan": partial(read_plan, problem=problem),
    }
    parts: Any = read_parts(document, readers)
    sent = hashlib.sha256(raw).hexdigest()
    with under("request"):
        found = {} if view.caller.areas is None else touched(parts["request"], store)
        if not view.may_see(found):
            return Verified(Payload.of(b""), found, sent)
        verification = problem.verify(parts["request"], parts["plan"], store)
    return Verified(Payload.of(to_json(verification).encode("utf-8")), found, sent)


def ended_job(view: View, job: str, place: str) -> Ended:
    """Return a job that has a result; ``place`` is where it is named.

    Raises
    ------
    InputError
        There is none.
    """
    one, result = view.packed_result(job, place)
    return Ended(job, one.process_id, view.jobs.packed(one.inputs), result)


def asked_over(body: Body, view: View) -> tuple[NewHandOver, Ended]:
    """Return what a body asks to be handed to dispatch, and the job whose answer holds it.

    Raises
    ------
    InputError
        With every fault.
    """
    asked = read_model(NewHandOver, parse(body.read()))
    return asked, ended_job(view, asked.job, "job")


def ended_jobs(body: Body, view: View) -> list[Ended]:
    """Return the jobs that a body names to be compared.

    Raises
    ------
    InputError
        With every one that cannot be.
    """
    found: dict[str, Ended] = {}
    errors: list[InputError] = []
    for index, job in enumerate(read_model(NewComparison, parse(body.read())).jobs):
        place = f"jobs[{index}]"
        if job in found:
            errors.append(missing_job(place, "need.other_job", job))
            continue
        try:
            found[job] = ended_job(view, job, place)
        except InputError as error:
            errors.append(error)
    if errors:
        raise InputError(tuple(fault for one in errors for fault in one.faults))
    return list(found.values())


def ready_to_read() -> None:
    """Be loaded, so that the first large body need not wait."""


def _inputs(
    document: Document, process: Process, view: View, limit_s: float
) -> tuple[object, Work, object]:
    """Return inputs with what they refer to put in, their work, and what came if other."""
    sent = _unqualified(document.content["inputs"])
    given, faults = resolved(sent, view)
    said = {name: part for name, part in document.content.items() if name not in _IGNORED}
    body = Document(said | {"inputs": given}, document.faults + faults)
    parts = read_parts(body, {"inputs": lambda part: process.read(part, view.settings)})
    task: Any = parts["inputs"]
    with under("inputs"):
        check(task, limit_s)
    return given, task, None if given is sent else sent


def _unqualified(inputs: object) -> object:
    """Return inputs by their values: the standard lets an object stand as ``{"value": ...}``."""
    if not isinstance(inputs, dict):
        return inputs
    return {
        name: one["value"]
        if isinstance(one, dict) and "value" in one and one.keys() <= _QUALIFIED
        else one
        for name, one in inputs.items()
    }
