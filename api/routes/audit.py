"""The audit log, for those who may read it."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime

from api.jobs.audit import Entry
from api.services import services_of
from models.base import Model

router = APIRouter(prefix="/v1", tags=["audit"])

_MOST_LISTED = 1000
_BEGINNING = datetime.fromtimestamp(0, UTC)


class AuditEntries(Model):
    """Entries of the log, the oldest first; more follow after number ``next``, where there is one.

    Times are seconds since 1970.
    """

    entries: tuple[Entry, ...]
    next: int | None = None


@router.get("/audit")
async def entries(
    http: Request,
    since: AwareDatetime = _BEGINNING,
    after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = 100,
) -> AuditEntries:
    """List who did what, from a moment (ISO 8601, with its zone) or after a number on."""
    query = partial(
        services_of(http).audit.entries,
        since=since.timestamp(),
        after=after,
        limit=limit + 1,
    )
    found = await run_sync(query)
    more = len(found) > limit
    return AuditEntries(
        entries=tuple(found[:limit]), next=found[limit - 1].number if more else None
    )
