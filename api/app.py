"""The HTTP application."""

from fastapi import FastAPI

from api import __version__
from api.errors import install
from api.logs import Receive, Scope, Send, with_request_id
from api.routes import ROUTERS
from api.routes.schemas import Schema, describe
from api.services import running
from api.settings import Settings


class Application(FastAPI):
    """The application; its description holds the schemas of all models."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, whatever happens inside, under the request's id."""
        await with_request_id(super().__call__, scope, receive, send)

    def openapi(self) -> Schema:
        """Return the OpenAPI description."""
        return describe(self)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; nothing happens at import."""
    granted = settings or Settings()
    app = Application(
        lifespan=running,
        title="Muster",
        version=__version__,
        description="Puts emergency resources where help arrives in time.",
        docs_url=None,  # that page would load its scripts from the network
        redoc_url=None,
    )
    app.state.settings = granted
    install(app)
    for router in ROUTERS:
        app.include_router(router)
    return app
