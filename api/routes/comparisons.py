"""Plans side by side over HTTP, by the code of ``muster compare``."""

from functools import partial

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.errors import language_of
from api.output import to_json
from api.requests import parse, read_model
from api.routes.asking import ask_writer
from api.routes.bodies import read_body
from api.routes.references import View, missing_job
from api.routes.schemas import answers, asks
from api.services import services_of
from api.writing import Ended, compared
from models.comparisons import NewComparison
from optimizer.errors import InputError

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])


@router.post("", responses=answers("Comparison"), openapi_extra=asks("NewComparison", {}))
async def side_by_side(http: Request) -> Response:
    """Hold the plans of jobs against that of the first: figures, what is chosen or not, cost.

    The body is ``{"jobs": ["ID", "ID", ...]}``, jobs about one kind of question; nothing is kept.
    """
    services = services_of(http)
    raw = await read_body(http, services.settings.body_limit_bytes)
    jobs = await run_sync(_ended, raw, View.of(http))
    made = partial(compared, jobs, language_of(http), services.settings)
    said = to_json(await ask_writer(services, made))
    return Response(said, media_type="application/json")


def _ended(raw: bytes, view: View) -> list[Ended]:
    found: dict[str, Ended] = {}
    errors: list[InputError] = []
    for index, job in enumerate(read_model(NewComparison, parse(raw)).jobs):
        place = f"jobs[{index}]"
        if job in found:
            errors.append(missing_job(place, "need.other_job", job))
            continue
        try:
            one, result = view.result(job, place)
            inputs = view.services.jobs.payload(one.inputs)
            found[job] = Ended(job, one.process_id, inputs, result)
        except InputError as error:
            errors.append(error)
    if errors:
        raise InputError(tuple(fault for one in errors for fault in one.faults))
    return list(found.values())
