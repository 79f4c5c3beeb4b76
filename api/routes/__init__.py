"""What can be asked over HTTP."""

from api.routes import (
    comparisons,
    datasets,
    executions,
    health,
    jobs,
    ogc,
    pages,
    scenarios,
    verification,
)

ROUTERS = (
    ogc.router,
    executions.router,
    jobs.router,
    verification.router,
    datasets.router,
    scenarios.router,
    comparisons.router,
    health.router,
    pages.router,
)
