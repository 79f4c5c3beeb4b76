"""The description of the service: schemas of the models, and an example that works."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import Field
from pydantic.json_schema import models_json_schema

from api.errors import MEDIA_TYPE, Problem
from api.jobs.records import State, Termination
from api.offering import Process
from api.problems import EVALUATED, PROBLEMS, AnyPlan, AnyRequest
from api.processes import PROCESSES
from api.projects import CheckedRequest
from api.returns import NewReturn, ReturnedBook
from api.routes.permissions import PERMISSIONS, Permission
from models.answer import Verification
from models.base import Model
from models.comparisons import Comparison, NewComparison
from models.datasets import DatasetInfo
from models.dispatch import DispatchRequest
from models.dispatch.phase import PhaseRequest
from models.dispatch.situation import (
    EVENT_KINDS,
    AnswerChange,
    EventLog,
    KeptSituation,
    NewEvents,
    Orders,
    Ranking,
    Supposed,
    Supposition,
)
from models.hand_over import NewHandOver
from models.quantities import Count
from models.run import RunRecord
from models.scenarios import NewScenario, NextVersion, ScenarioVersion

Schema = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"


class Execution(Model):
    """The body of an execution, by the words of OGC API - Processes.

    ``inputs`` are the process's own; ``outputs`` and ``response`` are read and change nothing.
    """

    inputs: dict[str, Any]
    outputs: dict[str, Any] | None = None
    response: str | None = None


def _execution(process: Process) -> Schema:
    """Return the schema of the body that executes one process."""
    inputs = {
        "type": "object",
        "properties": {name: reference(one.model) for name, one in process.inputs.items()},
        "required": [name for name, one in process.inputs.items() if one.required],
        "additionalProperties": False,
    }
    said = Execution.model_json_schema()
    return said | {"title": process.title.en, "properties": said["properties"] | {"inputs": inputs}}


class Proposal(Model):
    """A plan, however it was made, and the request it is to answer."""

    request: AnyRequest
    plan: AnyPlan = Field(description="a bare plan; a whole answer serves too")


class JobStatus(Model):
    """Where a job is: the statusInfo of OGC API - Processes, and a little more."""

    jobID: str  # noqa: N815 - the standard's name
    id: str
    processID: str  # noqa: N815 - the standard's name
    type: str
    status: State
    termination: Termination | None = None
    message: str | None = None
    created: str
    started: str | None = None
    finished: str | None = None
    updated: str
    attempt: Count
    stop_asked: bool
    submitter: str
    ahead: Count | None = None
    level: Count | None = None
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    links: tuple[dict[str, str], ...]


def reference(model: str) -> Schema:
    """Return where the schema of a model is described."""
    return {"$ref": _REFERENCE.format(model=model)}


def asks(model: str, examples: dict[str, Any]) -> Schema:
    """Return what an operation says of its body; every example works."""
    shown = {name: {"value": example} for name, example in examples.items()}
    content = {"application/json": {"schema": reference(model), "examples": shown}}
    return {"requestBody": {"required": True, "content": content}}


def executes() -> dict[str, Any]:
    """Return what the execution of a process says of itself."""
    examples = {name: {"inputs": one.example()} for name, one in PROCESSES.items()}
    created = {
        "description": "A job",
        "content": {"application/json": {"schema": reference("JobStatus")}},
    }
    return {
        "responses": answers("Answer") | {201: created},
        "openapi_extra": asks("Execution", examples),
    }


_REFUSALS = {
    "401": "A key is needed, or the one shown is not valid",
    "403": "Not for the role of the key, or outside its areas",
}


def _guarded(path: str, methods: Schema) -> None:
    """Say of operations that take a key that they do, and how they refuse."""
    for method, operation in methods.items():
        if not PERMISSIONS.get((method.upper(), path), Permission()).public:
            operation["security"] = [{"key": []}]
            for code, description in _REFUSALS.items():
                operation["responses"][code] = _problem(description)


def _problem(description: str) -> Schema:
    """Return what a problem is, as problem details or as plain JSON for who accepts only that."""
    schema = reference("Problem")
    content = {media_type: {"schema": schema} for media_type in (MEDIA_TYPE, "application/json")}
    return {"description": description, "content": content}


def answers(model: str) -> dict[int | str, Schema]:
    """Return what an operation says of its responses."""
    content = {"application/json": {"schema": reference(model)}}
    return {200: {"description": "The answer", "content": content}}


_PROBLEMS = {
    "400": "The input cannot be used; every fault is listed",
    "404": "There is no such thing, or not yet",
    "405": "It cannot be asked so; Allow says how",
    "412": "It has changed since it was read",
    "413": "The body is too large",
    "422": "The idempotency key came before with another body",
    "428": "If-Match must say what was read",
    "429": "As much is under way as may be",
    "500": "Our fault, or the solver's",
    "503": "The database of jobs cannot be read",
    "504": "The solve went on long after its time limit",
    "507": "The disk is nearly full",
}


def describe(app: FastAPI) -> Schema:
    """Return the OpenAPI description of ``app`` with the schemas of all models."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(_schemas())
        made["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        for path, methods in made["paths"].items():
            _guarded(path, methods)
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)  # the framework's own answer, which is never given
        for methods in made["paths"].values():
            for operation in methods.values():
                _complete(operation)
        app.openapi_schema = made
    return app.openapi_schema


def _complete(operation: Schema) -> None:
    """Say what every operation may answer, and which processes there are."""
    operation["responses"] |= {code: _problem(said) for code, said in _PROBLEMS.items()}
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "process_id":
            parameter["schema"]["enum"] = list(PROCESSES)


def _schemas() -> Schema:
    """Return the schemas of all models by name, as they are read or else as they are written."""
    read: tuple[tuple[str, type[Model]], ...] = (
        ("Proposal", Proposal),
        *((one.request.__name__, one.request) for one in PROBLEMS.values()),
        *((one.plan.__name__, one.plan) for one in PROBLEMS.values()),
        ("RunRecord", RunRecord),
        ("NewScenario", NewScenario),
        ("NextVersion", NextVersion),
        ("NewComparison", NewComparison),
        ("NewHandOver", NewHandOver),
        ("NewReturn", NewReturn),
        ("NewEvents", NewEvents),
        ("Supposition", Supposition),
    )
    written: tuple[tuple[str, type[Model]], ...] = (
        *((one.answer.__name__, one.answer) for one in PROBLEMS.values()),
        ("Verification", Verification),
        ("Problem", Problem),
        ("JobStatus", JobStatus),
        ("CheckedRequest", CheckedRequest),
        ("ReturnedBook", ReturnedBook),
        ("DatasetInfo", DatasetInfo),
        ("ScenarioVersion", ScenarioVersion),
        ("Comparison", Comparison),
        *((one.__name__, one) for one in (KeptSituation, AnswerChange, EventLog, Orders)),
        *((one.__name__, one) for one in (Ranking, Supposed)),
    )
    where, made = models_json_schema(
        [(one, "validation") for _, one in read] + [(one, "serialization") for _, one in written],
        ref_template=_REFERENCE,
    )
    found: Schema = made["$defs"]
    for name, one in read:
        found.setdefault(name, where[one, "validation"])
    for name, one in written:
        found.setdefault(name, where[one, "serialization"])
    bodies = {f"Execution-{name}": _execution(one) for name, one in PROCESSES.items()}
    bare = [reference(one.request.__name__) for one in PROBLEMS.values()]
    alternatives = [reference(name) for name in bodies] + bare
    results = [reference(one.answer.__name__) for one in PROBLEMS.values()]
    told = [reference(name) for name in ("NewEvents", *(one.__name__ for one in EVENT_KINDS))]
    either = {"Execution": {"anyOf": alternatives}, "Answer": {"anyOf": results}}
    handed = (DispatchRequest, PhaseRequest)
    either["HandedOver"] = {"anyOf": [reference(one.__name__) for one in handed]}
    either["Telling"] = {"anyOf": told}
    return found | bodies | either | _evaluated()


def _evaluated() -> Schema:
    """Return the schemas of what can be evaluated, whatever its kind."""
    kinds = [PROBLEMS[kind] for kind in EVALUATED]
    return {
        "EvaluatedRequest": {"anyOf": [reference(one.request.__name__) for one in kinds]},
        "EvaluatedPlan": {"anyOf": [reference(one.plan.__name__) for one in kinds]},
        "EvaluatedAnswer": {"anyOf": [reference(one.answer.__name__) for one in kinds]},
    }
