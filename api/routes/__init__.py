"""What can be asked over HTTP."""

from api.routes import audit, executions, health, jobs, ogc, page, pages, verification, workbooks

ROUTERS = (
    ogc.router,
    executions.router,
    jobs.router,
    verification.router,
    workbooks.router,
    page.router,
    health.router,
    pages.router,
    audit.router,
)
