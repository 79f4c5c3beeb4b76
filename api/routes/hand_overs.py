"""What an answer hands to dispatch, over HTTP: by the code of ``muster shelters hand-over``."""

from functools import partial

from fastapi import APIRouter, Request, Response

from api.reading import asked_over
from api.routes.asking import ask_writer, read_in
from api.routes.bodies import read_body
from api.routes.guard import view_of
from api.routes.schemas import answers, asks
from api.services import services_of
from api.writing import handed_over

router = APIRouter(prefix="/v1/hand-overs", tags=["hand-overs"])


@router.post("", responses=answers("HandedOver"), openapi_extra=asks("NewHandOver", {}))
async def hand_over(http: Request) -> Response:
    """Return the request to dispatch that the answer of a job leads to; nothing is kept.

    The body is ``{"job": "ID", "case": "flood", "site": "school"}``: of shelters the rounds that
    bring people to a site in a case. Of supplies on the day the job alone is named.
    """
    services = services_of(http)
    body = await read_body(http, services.settings.body_limit_bytes)
    asked, ended = await read_in(services, body, partial(asked_over, body, view_of(http)))
    made = partial(handed_over, ended, asked, services.settings)
    return Response(await ask_writer(services, made), media_type="application/json")
