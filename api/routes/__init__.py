"""What can be asked over HTTP."""

from api.routes import (
    comparisons,
    datasets,
    executions,
    health,
    jobs,
    metrics,
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
    metrics.router,
    pages.router,
)
