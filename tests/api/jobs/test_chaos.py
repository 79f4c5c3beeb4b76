"""Chaos: children, workers, the service and the database die at random over a stream of jobs.

At the end every job has ended once, with the one answer that was accepted, and nobody is left
over. A short run is part of every test run; ``make chaos`` makes the long one.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from api.jobs.database import open_database
from api.jobs.records import State
from api.jobs.rows import MOST_CRASHES
from api.jobs.store import JobStore
from api.jobs.tables import JOBS
from tests.api.doors import environment, tiny
from tests.api.jobs.databases import database_urls, server
from tests.api.jobs.servers import Served, children, is_solver
from tests.api.warm import Started

SECONDS = float(os.environ.get("MUSTER_CHAOS_S", "20"))
LEASE_S = float(os.environ.get("MUSTER_CHAOS_LEASE_S", "2"))


class Chaos:
    """A service and a worker beside it, and the ways in which they may die."""

    def __init__(self, url: str, restart: Callable[[], None] | None) -> None:
        self.settings = {"MUSTER_JOB_LEASE_S": str(LEASE_S), "MUSTER_JOB_WORKERS": "1"}
        self.served = Served(url, **self.settings)
        self.url, self.restart = url, restart
        self.worker = self._worker()
        self.kills: Counter[str] = Counter()
        self.solvers: set[int] = set()
        self.orphaned: list[tuple[str, int, float]] = []  # jobs that lost their worker, and when

    def _worker(self) -> Started:
        surroundings = environment(MUSTER_DATABASE_URL=self.url, **self.settings)
        with Path(os.devnull).open("w") as nothing:
            return Started(["worker"], surroundings, (nothing.fileno(), nothing.fileno()))

    def strike(self, rng: random.Random, engine: Engine) -> None:
        """Kill something."""
        ways = ["child", "child", "child", "worker", "service"]
        way = rng.choice([*ways, "database"] if self.restart is not None else ways)
        assert self.served.process is not None
        parents = [self.served.process.pid, self.worker.pid]
        solvers = [pid for parent in parents for pid in children(parent) if is_solver(pid)]
        self.solvers |= set(solvers)
        if way == "child":
            if not solvers:
                return
            os.kill(rng.choice(solvers), signal.SIGKILL)
        elif way == "worker":
            self.worker.kill()
            self.worker.wait(timeout=20)
            self._note_orphans(engine, self.worker.pid)
            self.worker = self._worker()
        elif way == "service":
            self.served.kill()
            self._note_orphans(engine, parents[0])
            self.served.start()
        else:
            assert self.restart is not None
            self.restart()
        self.kills[way] += 1

    def _note_orphans(self, engine: Engine, pid: int) -> None:
        now = time.time()
        query = select(JOBS.c.id, JOBS.c.attempt).where(JOBS.c.state == State.RUNNING)
        with engine.connect() as connection:
            rows = connection.execute(query.where(JOBS.c.owner.like(f"%-{pid}-%"))).all()
        self.orphaned += [(row.id, row.attempt, now) for row in rows]

    def recoveries(self, store: JobStore) -> list[float]:
        """Return how long each job waited for another worker, by the clock, in seconds."""
        return [
            next(one.at for one in store.events(job_id) if one.attempt > attempt) - lost
            for job_id, attempt, lost in self.orphaned
            if any(one.attempt > attempt for one in store.events(job_id))
        ]

    def close(self) -> None:
        """End what still stands."""
        self.worker.terminate()
        self.worker.wait(timeout=20)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_job_is_lost_or_accepted_twice_whoever_dies(kind: str, tmp_path: Path) -> None:
    rng = random.Random(7)  # noqa: S311 - not a secret
    with database_urls(kind, tmp_path) as url:
        restart = server().restart if kind == "postgresql" else None
        engine = open_database(url)
        store = JobStore(engine)
        chaos = Chaos(url, restart)
        jobs: list[str] = []
        try:
            with chaos.served:
                until = time.monotonic() + SECONDS
                while time.monotonic() < until:
                    if store.counts()["accepted"] < 4:
                        request = tiny() | {"limits": {"seed": len(jobs), "time_limit_s": 20}}
                        jobs.append(chaos.served.submit(request))
                    time.sleep(rng.uniform(0.0, 0.8))
                    chaos.strike(rng, engine)
                deadline = time.monotonic() + 180
                while sum(store.counts()[one] for one in ("accepted", "running")):
                    assert time.monotonic() < deadline, store.counts()
                    time.sleep(0.1)
        finally:
            chaos.close()
        # For the record of a long run: nobody is measured against a clock here.
        waits = sorted(chaos.recoveries(store))
        print(  # noqa: T201
            f"\n{kind}: {len(jobs)} jobs, kills {dict(chaos.kills)}, {len(waits)} jobs taken over, "
            f"waits in leases: median {_share(waits, 0.5):.2f}, p95 {_share(waits, 0.95):.2f}, "
            f"most {_share(waits, 1.0):.2f}"
        )
        states = Counter(found.state.value for one in jobs if (found := store.get(one)))
        print(dict(states))  # noqa: T201
        assert sum(chaos.kills.values()) >= SECONDS / 3
        for job in jobs:
            assert_ended_once(store, job)
        engine.dispose()
        assert not [pid for pid in chaos.solvers if is_solver(pid)]


def _share(waits: list[float], share: float) -> float:
    return waits[min(len(waits) - 1, int(share * len(waits)))] / LEASE_S if waits else 0.0


def assert_ended_once(store: JobStore, job_id: str) -> None:
    job = store.get(job_id)
    assert job is not None
    events = store.events(job_id)
    ends = [one for one in events if one.kind == "state" and "successful" in one.content]
    assert [one.number for one in events] == list(range(1, len(events) + 1))
    if job.state is State.FAILED:  # struck too often: said so, and not lost
        assert job.failure is not None
        assert (job.failure.code, job.failure.values["number"]) == ("job.crashed", MOST_CRASHES)
        assert not ends
    else:
        assert job.state is State.SUCCESSFUL
        assert len(ends) == 1
        assert ends[0].attempt == job.attempt
        assert job.result is not None
        assert b'"status": "optimal"' in store.payload(job.result)
