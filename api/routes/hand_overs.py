"""What an answer hands to dispatch, over HTTP: by the code of ``muster shelters hand-over``."""

from functools import partial

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.requests import parse, read_model
from api.routes.asking import ask_writer
from api.routes.bodies import read_body
from api.routes.references import View
from api.routes.schemas import answers, asks
from api.services import services_of
from api.writing import Ended, handed_over
from models.hand_over import NewHandOver

router = APIRouter(prefix="/v1/hand-overs", tags=["hand-overs"])


@router.post("", responses=answers("HandedOver"), openapi_extra=asks("NewHandOver", {}))
async def hand_over(http: Request) -> Response:
    """Return the request to dispatch that the answer of a job leads to; nothing is kept.

    The body is ``{"job": "ID", "case": "flood", "site": "school"}``: of shelters the rounds that
    bring people to a site in a case. Of supplies on the day the job alone is named.
    """
    services = services_of(http)
    raw = await read_body(http, services.settings.body_limit_bytes)
    asked, ended = await run_sync(_asked, raw, View.of(http))
    made = partial(handed_over, ended, asked, services.settings)
    return Response(await ask_writer(services, made), media_type="application/json")


def _asked(raw: bytes, view: View) -> tuple[NewHandOver, Ended]:
    asked = read_model(NewHandOver, parse(raw))
    job, result = view.result(asked.job, "job")
    inputs = view.services.jobs.payload(job.inputs)
    return asked, Ended(asked.job, job.process_id, inputs, result)
