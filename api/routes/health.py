"""Whether the service stands."""

from http import HTTPStatus

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError

from api import __version__
from api.errors import DoorError
from api.services import services_of
from models.base import Model

router = APIRouter(tags=["health"])


class Health(Model):
    """The service answers, and which version of it."""

    status: str = "ok"
    version: str


@router.get("/healthz")
async def health() -> Health:
    """Tell that the service answers."""
    return Health(version=__version__)


@router.get("/readyz", responses={503: {"description": "The database of jobs cannot be read"}})
async def ready(http: Request) -> Health:
    """Tell that the service can take up work."""
    try:
        await run_sync(services_of(http).jobs.ready)
    except SQLAlchemyError:
        raise DoorError(HTTPStatus.SERVICE_UNAVAILABLE, "http.not_ready_yet") from None
    return Health(version=__version__)
