"""What is told of kept situations, from bytes to requests, events and suppositions."""

import hashlib
from typing import Any

from api.carried import Body
from api.jobs.callers import OPEN, Caller
from api.problems import PROBLEMS
from api.requests import Document, parse, read_model, read_request
from api.requests.parts import out_of
from api.requests.paths import shortened
from api.situations import Stepped, begun
from models.dispatch import DispatchRequest
from models.dispatch.situation import Event, NewEvents, Supposition
from models.faults import Fault
from models.text import Label, Text
from optimizer.datasets import Store
from optimizer.errors import InputError


def begun_by(body: Body, store: Store, deadline_ms: int) -> tuple[Label, Stepped]:
    """Return the name of the request in a body, and the situation that begins with it.

    Raises
    ------
    InputError
        With every fault, a longer deadline among them.
    """
    problem = PROBLEMS["dispatch_teams"]
    request = read_request(parse(body.read()), store=store, problem=problem)
    assert isinstance(request, DispatchRequest)
    if request.deadline_ms > deadline_ms:
        need = Text(code="need.at_most", values={"limit": deadline_ms})
        raise InputError((Fault(path="deadline_ms", value=str(request.deadline_ms), need=need),))
    return request.name, begun(request, store)


def events_in(body: Body, caller: Caller) -> tuple[str, tuple[Event, ...], str]:
    """Return the path that stands for a body, its events as told by who calls, and its hash.

    Raises
    ------
    InputError
        With every fault.
    """
    raw = body.read()
    document = parse(raw)
    content, place = document.content, ""
    if "events" not in content:
        content, place = {"events": [content]}, "events[0]"
    given = content["events"]
    faults: list[Fault] = []
    if isinstance(given, list):
        named = [_named(one, n, caller, faults) for n, one in enumerate(given)]
        content = {**content, "events": named}
    with out_of(place):
        if faults:
            raise InputError(tuple(faults))
        read = read_model(NewEvents, Document(content, document.faults))
    return place, read.events, hashlib.sha256(raw).hexdigest()


def supposition_in(body: Body) -> tuple[Supposition, str]:
    """Return the supposition in a body, and the body's hash.

    Raises
    ------
    InputError
        With every fault.
    """
    raw = body.read()
    return read_model(Supposition, parse(raw)), hashlib.sha256(raw).hexdigest()


def _named(event: Any, number: int, caller: Caller, faults: list[Fault]) -> Any:
    """Return an event as told by the holder of the key; without keys whoever ``by`` says."""
    if caller == OPEN or not isinstance(event, dict):
        return event
    by = event.get("by", caller.name)
    if by != caller.name:
        need = Text(code="need.own_name", values={"name": caller.name})
        faults.append(Fault(path=f"events[{number}].by", value=shortened(by), need=need))
    return event | {"by": caller.name}
