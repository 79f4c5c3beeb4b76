"""Plans side by side over HTTP, by the code of ``muster compare``."""

from functools import partial

from fastapi import APIRouter, Request, Response

from api.errors import language_of
from api.output import to_json
from api.reading import ended_jobs
from api.routes.asking import ask_writer, read_in
from api.routes.bodies import read_body
from api.routes.guard import view_of
from api.routes.schemas import answers, asks
from api.services import services_of
from api.writing import compared

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])


@router.post("", responses=answers("Comparison"), openapi_extra=asks("NewComparison", {}))
async def side_by_side(http: Request) -> Response:
    """Hold the plans of jobs against that of the first: figures, what is chosen or not, cost.

    The body is ``{"jobs": ["ID", "ID", ...]}``, jobs about one kind of question; nothing is kept.
    """
    services = services_of(http)
    body = await read_body(http, services.settings.body_limit_bytes)
    jobs = await read_in(services, body, partial(ended_jobs, body, view_of(http)))
    made = partial(compared, jobs, language_of(http), services.settings)
    said = to_json(await ask_writer(services, made))
    return Response(said, media_type="application/json")
