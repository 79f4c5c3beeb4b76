"""Scenarios as they are asked to be kept: a request, or a patch on an earlier one."""

import json
from functools import partial
from typing import Any

from api.carried import Body
from api.jobs.scenarios import Draft, Version
from api.offering import check
from api.output import plain_json
from api.payloads import Payload
from api.reading import areas_of
from api.references import View
from api.requests import Document, parse, read_model, read_request
from api.requests.parts import read_parts, under
from api.requests.patches import patched
from api.solving import Task
from models.faults import Fault
from models.scenarios import NewScenario, NextVersion
from models.text import Text
from optimizer.errors import InputError


def new_draft(body: Body, view: View) -> Draft:
    """Return what a body asks to be kept as a new scenario, known to be usable.

    Raises
    ------
    InputError
        With every fault.
    """
    document = parse(body.read())
    asked = read_model(NewScenario, document)
    _check(asked, "patch", "parent")
    base = None
    if asked.parent is not None:
        with under("parent"):
            base = view.version(document.content["parent"])
    return _draft(asked, asked.name, base, view)


def next_draft(body: Body, latest: Version, view: View) -> Draft:
    """Return what a body asks to be kept after the latest version, known to be usable.

    Raises
    ------
    InputError
        With every fault.
    """
    asked = read_model(NextVersion, parse(body.read()))
    _check(asked, "patch")
    return _draft(asked, asked.name or latest.name, latest, view)


def _check(asked: NextVersion, *others: str) -> None:
    """Raise where there is not either a request, or else all of the others."""
    given = [name for name in others if getattr(asked, name) is not None]
    if asked.request is not None:
        either = Text(code="fault.either", values={"other": "request"})
        faults = [Fault(path=name, value="...", need=either) for name in given]
    else:
        missing = [name for name in others if name not in given] if given else ["request"]
        faults = [Fault(path=name, need=Text(code="need.present")) for name in missing]
    if faults:
        raise InputError(tuple(faults))


def _draft(asked: NextVersion, name: str, base: Version | None, view: View) -> Draft:
    settings = view.settings
    made, patch, parent = Document(asked.request or {}), None, None
    if asked.patch is not None and base is not None:
        content = json.loads(view.load(view.scenarios.content(base.request)))
        patch = Payload.of(json.dumps(asked.patch).encode("utf-8"))
        parent = base.id, base.version
        made = patched(content, asked.patch, settings.body_limit_bytes)
    reader = partial(read_request, store=settings.store)
    parts: Any = read_parts(Document({"request": made.content}, made.faults), {"request": reader})
    task = Task(parts["request"], settings.store)
    check(task, settings.job_time_limit_s)
    request = Payload.of(plain_json(made.content))
    return Draft(name, request, areas_of(task), patch, parent)
