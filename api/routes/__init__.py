"""What can be asked over HTTP."""

from api.routes import health, pages, processes, verification

ROUTERS = (processes.router, verification.router, health.router, pages.router)
