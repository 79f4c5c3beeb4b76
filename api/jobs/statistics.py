"""How the jobs are doing, counted in the database: every worker's are in it."""

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from api.jobs.database import reading
from api.jobs.records import State
from api.jobs.rows import clock
from api.jobs.tables import JOBS


@dataclass(frozen=True)
class Counts:
    """The jobs that are kept, at one moment."""

    jobs: dict[tuple[str, str], int]  # by process and state
    crashes: dict[str, int]  # by process: times a process or its worker died
    running: int  # attempts under a lease that holds
    oldest_wait_s: float


@dataclass(frozen=True)
class Ended:
    """A job that was worked on to its end; ``finished`` in seconds since 1970."""

    id: str
    process_id: str
    state: str
    finished: float
    seconds: float


class Statistics:
    """Counts over one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def now(self) -> float:
        """Return the database's time."""
        with reading(self._engine) as connection:
            return clock(connection)

    def counts(self) -> Counts:
        """Return how many jobs are where."""
        kinds = (JOBS.c.process_id, JOBS.c.state)
        by_kind = select(*kinds, func.count(), func.sum(JOBS.c.crashes)).group_by(*kinds)
        waiting = select(func.min(JOBS.c.created)).where(JOBS.c.state == State.ACCEPTED)
        with reading(self._engine) as connection:
            now = clock(connection)
            rows = connection.execute(by_kind).all()
            oldest = connection.execute(waiting).scalar_one()
            held = (JOBS.c.state == State.RUNNING, JOBS.c.lease_until >= now)
            leases = select(func.count()).select_from(JOBS).where(*held)
            running = int(connection.execute(leases).scalar_one())
        crashes: dict[str, int] = {}
        for process, _, _, died in rows:
            crashes[process] = crashes.get(process, 0) + int(died)
        jobs = {(process, state): int(number) for process, state, number, _ in rows}
        return Counts(jobs, crashes, running, 0.0 if oldest is None else max(0.0, now - oldest))

    def ended(self, after: float) -> list[Ended]:
        """Return the jobs that were successful or failed after a moment."""
        query = select(JOBS).where(
            JOBS.c.finished > after,
            JOBS.c.started.is_not(None),
            JOBS.c.state.in_((State.SUCCESSFUL, State.FAILED)),
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return [
            Ended(row.id, row.process_id, row.state, row.finished, row.finished - row.started)
            for row in rows
        ]
