"""Metrics: what they count, in a form that Prometheus's own parser reads."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from api.jobs.database import open_database
from api.jobs.statistics import Statistics
from api.jobs.store import JobStore
from tests.api.doors import long, tiny
from tests.api.jobs.databases import database_urls
from tests.api.jobs.servers import EXECUTION, Served

PROCESS = "site-fire-stations"

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    with database_urls(request.param, tmp_path) as url, Served(url) as made:
        yield made


def samples(served: Served) -> Samples:
    response = served.client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(response.text)
        for one in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float:
    return found[name, tuple(sorted(labels.items()))]


def test_jobs_are_counted_by_state_and_process(served: Served) -> None:
    before = samples(served)
    assert value(before, "muster_database_up") == 1
    assert value(before, "muster_jobs", process=PROCESS, state="running") == 0
    under_way, waiting = served.submit(long()), served.submit(tiny())
    served.until(under_way, "running")
    busy = samples(served)
    assert value(busy, "muster_jobs", process=PROCESS, state="running") == 1
    assert value(busy, "muster_jobs", process=PROCESS, state="accepted") == 1
    assert value(busy, "muster_attempts_running") == 1
    assert value(busy, "muster_queue_oldest_seconds") > 0
    served.client.delete(f"/v1/jobs/{under_way}")
    served.until(waiting)
    after = samples(served)
    for _ in range(2):  # what was counted once is not counted again
        assert value(after, "muster_job_seconds_count", process=PROCESS, state="successful") == 1
        after = samples(served)
    assert value(after, "muster_queue_oldest_seconds") == 0
    assert value(after, "muster_jobs_crashes", process=PROCESS) == 0


def test_calls_are_counted_by_their_route_and_nothing_a_caller_makes_up(served: Served) -> None:
    for name in ("a", "b"):
        assert served.client.get(f"/v1/jobs/{name}").status_code == 404
        served.client.get(f"/{name}/nowhere")
        served.client.request(name.upper(), "/healthz")
    found = samples(served)
    calls = "muster_http_requests_total"
    route = "/v1/jobs/{job_id}"
    assert value(found, calls, route=route, method="GET", status="404") == 2
    assert value(found, "muster_http_response_seconds_count", route=route, method="GET") == 2
    assert value(found, calls, route="other", method="GET", status="404") == 2
    labels = {text for _, pairs in found for _, text in pairs}
    assert not labels & {"A", "B", "/a/nowhere", "/v1/jobs/a"}
    assert {name for name, _ in found} >= {"muster_build_info", "muster_sync_slots"}


def test_calls_that_wait_for_a_solve_are_counted_while_they_wait(served: Served) -> None:
    asked = long() | {"limits": {"time_limit_s": 4}}
    waiting = threading.Thread(target=served.client.post, args=(EXECUTION,), kwargs={"json": asked})
    waiting.start()
    while value(samples(served), "muster_sync_solves") != 1:
        assert waiting.is_alive()
    waiting.join()
    assert value(samples(served), "muster_sync_solves") == 0


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with database_urls(request.param, tmp_path) as url:
        made = open_database(url)
        yield made
        made.dispose()


def test_crashes_are_counted_and_a_lease_that_ran_out_is_no_attempt(engine: Engine) -> None:
    jobs, statistics = JobStore(engine), Statistics(engine)
    jobs.submit(PROCESS, b"1")
    claim = jobs.claim("A", 60.0, [PROCESS])
    assert claim is not None
    assert statistics.counts().running == 1
    jobs.give_back(claim, crashed=True)
    assert statistics.counts().crashes == {PROCESS: 1}
    assert jobs.claim("B", -1.0, [PROCESS]) is not None
    assert statistics.counts().running == 0
    assert statistics.ended(0.0) == []
