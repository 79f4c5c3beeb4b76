"""A plan, however it was made, against its request."""

from functools import partial
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.jobs.audit import Act
from api.output import to_json
from api.processes import PROCESSES
from api.requests import parse, problem_named, read_plan, read_request
from api.requests.parts import Reader, read_parts, under
from api.routes.bodies import read_body
from api.routes.guard import check_areas, write_down
from api.routes.schemas import answers, asks
from api.settings import Settings
from api.solving import Task
from models.answer import Verification

router = APIRouter(prefix="/v1", tags=["verification"])


@router.post(
    "/verify",
    responses=answers("Verification"),
    openapi_extra=asks("Proposal", {"by-hand": PROCESSES["evaluate-plan"].example()}),
)
async def check(http: Request) -> Response:
    """Check every rule of the request and every figure of the plan.

    The body is ``{"request": ..., "plan": ...}``; the plan may be bare or a whole answer.
    """
    settings: Settings = http.app.state.settings
    raw = await read_body(http, settings.body_limit_bytes)
    said = to_json(await run_sync(_verified, raw, settings, http))
    await run_sync(write_down, Act.VERIFY, http, raw, said)
    return Response(said, media_type="application/json")


def _verified(raw: bytes, settings: Settings, http: Request) -> Verification:
    document = parse(raw)
    problem = problem_named(document.content.get("request"))
    readers: dict[str, Reader] = {
        "request": partial(read_request, store=settings.store),
        "plan": partial(read_plan, problem=problem),
    }
    parts: Any = read_parts(document, readers)
    with under("request"):
        check_areas(Task(parts["request"], settings.store), http)
        return problem.verify(parts["request"], parts["plan"], settings.store)
