"""News of jobs for all who wait for it: one look at the database serves every one of them."""

import asyncio
import logging

from anyio.to_thread import run_sync
from sqlalchemy.exc import SQLAlchemyError

from api.jobs.store import JobStore

_LOOK_S = 0.1  # between two looks, as long as somebody waits
_PATIENCE_S = 1.0  # after a failure of the database

_logger = logging.getLogger(__name__)


class Watch:
    """Wakes those who wait for a job when something has happened to it."""

    def __init__(self, store: JobStore) -> None:
        self._store = store
        self._waiting: dict[asyncio.Event, tuple[str, int]] = {}
        self._wanted = asyncio.Event()

    async def changed(self, job_id: str, known: int) -> None:
        """Return once the last event of a job is another than ``known``, or the job is gone."""
        news = asyncio.Event()
        self._waiting[news] = job_id, known
        self._wanted.set()
        try:
            await news.wait()
        finally:
            del self._waiting[news]

    async def look(self) -> None:
        """Look again and again, for as long as anybody waits; it never returns."""
        while True:
            if not self._waiting:
                self._wanted.clear()
                await self._wanted.wait()
            waiting = dict(self._waiting)
            try:
                last = await run_sync(self._store.last_events, {job for job, _ in waiting.values()})
            except SQLAlchemyError:
                _logger.warning("the database of jobs is away")
                await asyncio.sleep(_PATIENCE_S)
                continue
            except Exception:  # whatever it is, nobody shall wait for ever
                _logger.exception("looking for news of jobs failed")
                await asyncio.sleep(_PATIENCE_S)
                continue
            for news, (job_id, known) in waiting.items():
                if last.get(job_id) != known:
                    news.set()
            await asyncio.sleep(_LOOK_S)
