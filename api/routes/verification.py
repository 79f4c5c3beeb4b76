"""A plan, however it was made, against its request."""

from functools import partial

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.jobs.audit import Act
from api.processes import PROCESSES
from api.reading import read_verified
from api.routes.asking import read_in
from api.routes.bodies import read_body
from api.routes.guard import check_within, view_of, write_down
from api.routes.replies import kept_response
from api.routes.schemas import answers, asks
from api.services import services_of

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
    services = services_of(http)
    body = await read_body(http, services.settings.body_limit_bytes)
    made = await read_in(services, body, partial(read_verified, body, view_of(http)))
    check_within(made.touched, http)
    await run_sync(write_down, Act.VERIFY, http, made.sent, made.said.sha256)
    return kept_response(made.said)
