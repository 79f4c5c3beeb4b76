"""Whether the service stands."""

from fastapi import APIRouter

from api import __version__
from models.base import Model

router = APIRouter(tags=["health"])


class Health(Model):
    """The service answers, and which version of it."""

    status: str = "ok"
    version: str


@router.get("/healthz")
def health() -> Health:
    """Tell that the service answers."""
    return Health(version=__version__)
