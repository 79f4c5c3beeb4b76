"""What can be asked over HTTP."""

from api.routes import (
    audit,
    comparisons,
    datasets,
    executions,
    hand_overs,
    health,
    jobs,
    metrics,
    ogc,
    page,
    pages,
    scenarios,
    situations,
    verification,
    workbooks,
)

ROUTERS = (
    ogc.router,
    executions.router,
    jobs.router,
    verification.router,
    workbooks.router,
    page.router,
    datasets.router,
    scenarios.router,
    situations.router,
    comparisons.router,
    hand_overs.router,
    health.router,
    metrics.router,
    pages.router,
    audit.router,
)
