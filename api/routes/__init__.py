"""What can be asked over HTTP."""

from api.routes import audit, executions, health, jobs, ogc, pages, verification

ROUTERS = (
    ogc.router,
    executions.router,
    jobs.router,
    verification.router,
    health.router,
    pages.router,
    audit.router,
)
