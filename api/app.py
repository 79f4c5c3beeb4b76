"""The HTTP application."""

from fastapi import Depends, FastAPI

from api import __version__
from api.errors import install
from api.logs import Receive, Scope, Send, with_request_id
from api.metrics import Measured, Metrics
from api.routes import ROUTERS
from api.routes.bodies import Held
from api.routes.guard import guard
from api.routes.schemas import Schema, describe
from api.services import running
from api.settings import Settings


class Application(FastAPI):
    """The application; its description holds the schemas of all models."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, whatever happens inside, under the request's id."""
        try:
            await with_request_id(super().__call__, scope, receive, send)
        finally:
            self.state.held.release(scope)

    def openapi(self) -> Schema:
        """Return the OpenAPI description."""
        return describe(self)


def create_app(settings: Settings | None = None, *, loopback: bool = False) -> FastAPI:
    """Build the application; nothing happens at import.

    ``loopback``: it will be reached from this machine only, and may do without keys.
    """
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
    app.state.open_here = loopback and granted.keys == "off-on-loopback"
    app.state.held = Held(max(granted.bodies_limit_bytes, granted.body_limit_bytes))
    app.state.metrics = Metrics(granted.http_solves_at_once)
    app.add_middleware(Measured, metrics=app.state.metrics)
    install(app)
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(guard)])
    return app
