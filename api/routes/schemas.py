"""The description of the service: schemas of the models, and an example that works."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import Field
from pydantic.json_schema import models_json_schema

from api.errors import MEDIA_TYPE, Problem
from api.output import request_json
from instances.examples import EXAMPLES
from models.answer import Verification
from models.base import Model
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest

Schema = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"


class Inputs(Model):
    """What a process is given: the request and, perhaps, a plan to start from."""

    request: FireStationRequest
    start: FireStationPlan | None = None


class Execution(Model):
    """The body of an execution, by the words of OGC API Processes."""

    inputs: Inputs


class Proposal(Model):
    """A plan, however it was made, and the request it is to answer."""

    request: FireStationRequest
    plan: FireStationPlan = Field(description="a bare plan; a whole answer serves too")


def request_example() -> Any:
    """Return the smallest request."""
    return json.loads(request_json(EXAMPLES["minimal"].build()))


def plan_example() -> Any:
    """Return a plan made by hand for it."""
    return {"stations": [{"site_id": "B", "class_id": "city"}]}


def asks(model: str, example: Any) -> Schema:
    """Return what an operation says of its body."""
    schema = {"$ref": _REFERENCE.format(model=model)}
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def answers(model: str) -> dict[int | str, Schema]:
    """Return what an operation says of its responses."""

    def said(description: str, name: str, media_type: str) -> Schema:
        content = {media_type: {"schema": {"$ref": _REFERENCE.format(model=name)}}}
        return {"description": description, "content": content}

    return {
        200: said("The answer", model, "application/json"),
        400: said("The input cannot be used; every fault is listed", "Problem", MEDIA_TYPE),
        413: said("The body is too large", "Problem", MEDIA_TYPE),
        500: said("Our fault, or the solver's", "Problem", MEDIA_TYPE),
        503: said("All solves that may run at once are under way", "Problem", MEDIA_TYPE),
    }


def describe(app: FastAPI) -> Schema:
    """Return the OpenAPI description of ``app`` with the schemas of all models."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(_schemas())
        app.openapi_schema = made
    return app.openapi_schema


def _schemas() -> Schema:
    read: tuple[type[Model], ...] = (Execution, Proposal)
    written: tuple[type[Model], ...] = (FireStationAnswer, Verification, Problem)
    _, made = models_json_schema(
        [(one, "validation") for one in read] + [(one, "serialization") for one in written],
        ref_template=_REFERENCE,
    )
    found: Schema = made["$defs"]
    name = next(name for name in found if name.startswith("Answer"))
    found["FireStationAnswer"] = {"$ref": _REFERENCE.format(model=name)}
    return found
