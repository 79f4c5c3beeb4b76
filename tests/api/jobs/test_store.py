"""The record of truth: leases, fences, keys, events; the same on every database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, inspect

from api.jobs.callers import Caller, Role
from api.jobs.database import migrate
from api.jobs.records import Claim, State, Termination
from api.jobs.rows import MOST_CRASHES, KeyReusedError, QueueFullError
from api.jobs.store import JobStore
from api.jobs.tables import METADATA
from models.text import Text
from tests.api.jobs.databases import let_pass

KIND = "site-fire-stations"


@pytest.fixture
def store(engine: Engine) -> JobStore:
    return JobStore(engine)


def claimed(store: JobStore, owner: str = "A", lease_s: float = 60.0) -> Claim:
    claim = store.claim(owner, lease_s, [KIND])
    assert claim is not None
    return claim


def test_migrations_make_the_tables_that_the_store_uses(engine: Engine) -> None:
    migrate(engine)  # a second time: nothing to do
    found = inspect(engine)
    for table in METADATA.sorted_tables:
        columns = {column["name"] for column in found.get_columns(table.name)}
        assert columns == {column.name for column in table.columns}


def test_a_job_goes_from_hand_to_hand_and_ends_once(store: JobStore) -> None:
    job = store.submit(KIND, b'{"a": 1}')
    assert (job.state, job.ahead) == (State.ACCEPTED, 0)
    claim = claimed(store)
    assert claim.inputs.read() == b'{"a": 1}'
    assert store.claim("B", 60, [KIND]) is None
    assert store.finish(claim, b"answer", Termination.OPTIMAL)
    assert not store.finish(claim, b"another", Termination.OPTIMAL)
    assert not store.fail(claim, Text(code="job.crashed"))
    found = store.get(job.id)
    assert found is not None
    assert (found.state, found.termination) == (State.SUCCESSFUL, Termination.OPTIMAL)
    assert found.result is not None
    assert store.payload(found.result) == b"answer"


def test_the_oldest_job_comes_first_and_each_knows_how_many_are_ahead(store: JobStore) -> None:
    jobs = [store.submit(KIND, str(n).encode()) for n in range(4)]
    assert [store.get(job.id).ahead for job in jobs] == [0, 1, 2, 3]
    assert [claimed(store).job_id for _ in jobs] == [job.id for job in jobs]
    assert [job.id for job in store.listing()] == [job.id for job in jobs][::-1]
    assert [job.id for job in store.listing(limit=2, offset=1)] == [jobs[2].id, jobs[1].id]
    assert not store.listing(states=[State.FAILED])
    assert not store.listing(processes=["other"])
    assert store.claim("A", 60, ["other"]) is None


def test_who_lost_a_lease_can_write_nothing_more(store: JobStore, engine: Engine) -> None:
    job = store.submit(KIND, b"{}")
    late = claimed(store, "A")
    assert store.record(late, {"objective": 1}, {"stations": []})
    let_pass(engine, 61)
    taken = claimed(store, "B")
    assert taken.attempt == late.attempt + 1
    assert taken.plan == '{"stations": []}'
    assert store.beat(late, 60) is None
    assert not store.record(late, {"objective": 2}, None)
    assert not store.finish(late, b"late", None)
    assert not store.give_back(late, crashed=False)
    assert store.finish(taken, b"right", None)
    found = store.get(job.id)
    assert store.payload(found.result) == b"right"


def test_beats_keep_a_lease(store: JobStore, engine: Engine) -> None:
    store.submit(KIND, b"{}")
    claim = claimed(store, lease_s=60)
    for _ in range(4):
        let_pass(engine, 31)
        assert store.beat(claim, 60) is not None
        assert store.claim("B", 60, [KIND]) is None


def test_a_job_that_kills_its_workers_fails_in_the_end(store: JobStore, engine: Engine) -> None:
    job = store.submit(KIND, b"{}")
    for crash in range(MOST_CRASHES):
        claim = claimed(store)
        if crash == 0:
            let_pass(engine, 61)  # found dead by its lease
        else:
            assert store.give_back(claim, crashed=True)
    assert store.claim("B", 60, [KIND]) is None
    found = store.get(job.id)
    assert (found.state, found.failure.code) == (State.FAILED, "job.crashed")


def test_a_worker_that_leaves_costs_a_job_nothing(store: JobStore) -> None:
    store.submit(KIND, b"{}")
    for _ in range(2 * MOST_CRASHES):
        assert store.give_back(claimed(store), crashed=False)
    assert claimed(store).attempt == 2 * MOST_CRASHES + 1


def test_events_are_numbered_without_gaps_and_resumed_anywhere(store: JobStore) -> None:
    job = store.submit(KIND, b"{}")
    claim = claimed(store)
    for objective in range(5):
        store.record(claim, {"objective": objective}, {"n": objective})
    store.finish(claim, b"x", None)
    events = store.events(job.id)
    assert [event.number for event in events] == list(range(1, 9))
    assert [event.kind for event in events] == ["state"] * 2 + ["incumbent"] * 5 + ["state"]
    assert store.events(job.id, after=3) == events[3:]
    assert store.last_event(job.id, "incumbent") == events[6]


def test_stopping_and_dismissing(store: JobStore) -> None:
    kept, dropped = store.submit(KIND, b"1"), store.submit(KIND, b"2")
    first, second = claimed(store), claimed(store)
    assert store.ask_stop(kept.id)
    assert store.beat(first, 60).stop_asked
    assert store.dismiss(dropped.id)
    assert store.beat(second, 60) is None
    assert not store.finish(second, b"x", None)
    assert store.get(dropped.id).state is State.DISMISSED
    assert not store.dismiss(dropped.id)
    store.remove(dropped.id)
    assert store.get(dropped.id) is None
    store.remove(kept.id)  # it is under way: it stays
    assert store.get(kept.id) is not None


def test_a_key_makes_one_job_however_many_call(store: JobStore) -> None:
    barrier = threading.Barrier(16)

    def submit(_: int) -> str:
        barrier.wait()
        return store.submit(KIND, b"{}", key="once").id

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(submit, range(16)))) == 1
    assert store.counts()["accepted"] == 1
    with pytest.raises(KeyReusedError):
        store.submit(KIND, b"other", key="once")
    assert store.submit(
        KIND, b"other", key="once", by=Caller("another", "another", Role.PLANNER)
    ).id


def test_the_queue_has_an_end(engine: Engine) -> None:
    store = JobStore(engine, most_waiting=3)
    for number in range(3):
        store.submit(KIND, str(number).encode())
    with pytest.raises(QueueFullError):
        store.submit(KIND, b"one more")
    claimed(store)
    store.submit(KIND, b"one more")


def test_many_workers_take_each_job_once(store: JobStore) -> None:
    jobs = {store.submit(KIND, str(number).encode()).id for number in range(60)}

    def work(owner: str) -> list[str]:
        done = []
        while (claim := store.claim(owner, 60, [KIND])) is not None:
            assert store.finish(claim, claim.inputs, None)
            done.append(claim.job_id)
        return done

    with ThreadPoolExecutor(6) as pool:
        done = [job for found in pool.map(work, "ABCDEF") for job in found]
    assert sorted(done) == sorted(jobs)
    assert store.counts()["successful"] == 60
