"""Waiting for news of jobs: one look at the database for all who wait."""

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import event

from api.jobs.database import open_database
from api.jobs.store import JobStore
from api.jobs.watch import Watch

MANY = 40


def test_one_look_serves_all_who_wait_for_a_job(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'jobs.sqlite3'}")
    store = JobStore(engine)
    job = store.submit("site-fire-stations", b"{}")
    looks = 0

    def count(*said: Any) -> None:
        nonlocal looks
        looks += "last_event" in said[2] and said[2].startswith("SELECT")

    async def wait() -> None:
        watch = Watch(store)
        looking = asyncio.create_task(watch.look())
        waiting = [asyncio.create_task(watch.changed(job.id, 1)) for _ in range(MANY)]
        await asyncio.wait_for(watch.changed("0" * 32, 1), 60)  # a job that is not there
        assert not any(one.done() for one in waiting)
        event.listen(engine, "before_cursor_execute", count)
        await asyncio.wait_for(watch.changed(job.id, 0), 60)  # one that has gone on already
        event.remove(engine, "before_cursor_execute", count)
        await asyncio.to_thread(store.dismiss, job.id)
        await asyncio.wait_for(asyncio.gather(*waiting), 60)
        looking.cancel()

    asyncio.run(wait())
    engine.dispose()
    assert 1 <= looks < MANY
