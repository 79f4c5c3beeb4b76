"""Metrics for Prometheus."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from api.services import services_of

router = APIRouter(tags=["health"])


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(http: Request) -> Response:
    """Tell of jobs, calls and this process, in the text format of Prometheus."""
    text = await run_sync(services_of(http).metrics.text)
    return Response(text, headers={"content-type": CONTENT_TYPE_LATEST})
