"""Jobs over HTTP, as a real service carries them out."""

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from api.processes import PROCESSES
from tests.api.doors import long, timeless, tiny
from tests.api.jobs.servers import ASYNC, EXECUTION, Served, children, is_solver, wait_until


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    with Served(f"sqlite:///{folder / 'jobs.sqlite3'}", MUSTER_JOB_WORKERS="2") as made:
        yield made


def infeasible() -> dict[str, Any]:
    return tiny() | {"rules": {"capital_budget": 1}, "new_stations": {"city": 1}}


def events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Return server-sent events as they come."""
    event: dict[str, Any] = {}
    for line in lines:
        if not line and event:
            yield event
            event = {}
        name, _, value = line.partition(":")
        if name in ("id", "event", "data"):
            event[name] = value.strip()


def test_a_job_gives_the_answer_that_a_waiting_call_gives(served: Served) -> None:
    created = served.client.post(EXECUTION, json={"inputs": {"request": tiny()}}, headers=ASYNC)
    assert created.status_code == 201
    assert created.headers["preference-applied"] == "respond-async"
    job = created.json()["jobID"]
    assert created.headers["location"].endswith(f"/v1/jobs/{job}")
    ended = served.until(job)
    assert (ended["status"], ended["termination"]) == ("successful", "optimal")
    assert ended["created"] <= ended["started"] <= ended["finished"]
    by_job = served.client.get(f"/v1/jobs/{job}/results").json()
    at_once = served.client.post(EXECUTION, json=tiny()).json()
    assert timeless(by_job) == timeless(at_once)
    checked = served.client.get(f"/v1/jobs/{job}/verification").json()
    assert checked == by_job["verification"]
    reasons = served.client.get(f"/v1/jobs/{job}/explanation").json()
    assert reasons == by_job["explanation"]
    assert served.client.get(f"/v1/jobs/{job}/inputs").json() == {"request": tiny()}


def test_who_waits_gets_the_result_or_a_job(served: Served) -> None:
    quick = served.client.post(EXECUTION, json=tiny(), headers={"prefer": "wait=30"})
    assert (quick.status_code, quick.json()["run"]["status"]) == (200, "optimal")
    slow = served.client.post(EXECUTION, json=long(), headers={"prefer": "wait=1"})
    assert slow.status_code == 201
    served.client.delete(f"/v1/jobs/{slow.json()['jobID']}")
    odd = served.client.post(EXECUTION, json=tiny(), headers={"prefer": "respond-sync, handling=x"})
    assert odd.status_code == 200


def test_that_no_plan_exists_is_a_successful_job_with_a_conflict(served: Served) -> None:
    job = served.submit(infeasible())
    ended = served.until(job)
    assert (ended["status"], ended["termination"]) == ("successful", "infeasible")
    conflict = served.client.get(f"/v1/jobs/{job}/explanation").json()
    assert conflict["rules"]


def test_progress_is_streamed_and_resumed_without_gap_or_repeat(served: Served) -> None:
    job = served.submit(long())
    first: list[dict[str, Any]] = []
    with served.client.stream("GET", f"/v1/jobs/{job}/events") as stream:
        for event in events(stream.iter_lines()):
            first.append(event)
            if event["event"] == "incumbent":
                break
    told = json.loads(first[-1]["data"])
    assert {"objective", "bound", "gap", "elapsed_s"} <= told.keys()
    best = served.status(job)
    assert best["objective"] >= told["objective"]
    served.client.post(f"/v1/jobs/{job}/stop")
    with served.client.stream(
        "GET", f"/v1/jobs/{job}/events", headers={"last-event-id": first[-1]["id"]}
    ) as stream:
        rest = list(events(stream.iter_lines()))
    numbers = [int(event["id"]) for event in first + rest]
    assert numbers == list(range(1, len(numbers) + 1))
    assert json.loads(rest[-1]["data"]) == {"status": "successful"}


def test_a_stopped_job_keeps_its_best_plan(served: Served) -> None:
    job = served.submit(long())
    served.until(job, "running")
    wait_until(lambda: "objective" in served.status(job))
    asked = time.monotonic()
    assert served.client.post(f"/v1/jobs/{job}/stop").json()["stop_asked"]
    ended = served.until(job)
    assert time.monotonic() - asked < 20
    assert (ended["status"], ended["termination"]) == ("successful", "stopped")
    answer = served.client.get(f"/v1/jobs/{job}/results").json()
    assert answer["plan"]["stations"]
    assert answer["verification"]["passed"]


def test_a_dismissed_job_ends_and_is_forgotten_the_second_time(served: Served) -> None:
    job = served.submit(long())
    served.until(job, "running")
    assert served.client.delete(f"/v1/jobs/{job}").json()["status"] == "dismissed"
    missing = served.client.get(f"/v1/jobs/{job}/results")
    assert missing.status_code == 404
    assert missing.json()["type"].endswith("/result-not-ready")
    assert served.client.delete(f"/v1/jobs/{job}").status_code == 200
    gone = served.client.get(f"/v1/jobs/{job}")
    assert gone.status_code == 404
    assert gone.json()["type"].endswith("/no-such-job")
    assert served.process is not None
    deadline = time.monotonic() + 10
    while (working := children(served.process.pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in working if is_solver(pid)]


def test_a_key_makes_one_job_however_many_submit(served: Served) -> None:
    def submit(_: int) -> str:
        return served.submit(tiny(), **{"idempotency-key": "once"})

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(submit, range(8)))) == 1
    other = served.client.post(
        EXECUTION, json=infeasible(), headers=ASYNC | {"idempotency-key": "once"}
    )
    assert other.status_code == 422


def test_bad_input_makes_no_job(served: Served) -> None:
    before = len(served.client.get("/v1/jobs?limit=1000").json()["jobs"])
    for request in (tiny() | {"bogus": 1}, tiny() | {"new_stations": {"city": 9}}):
        refused = served.client.post(
            EXECUTION, json={"inputs": {"request": request}}, headers=ASYNC
        )
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["path"].startswith("inputs.request.")
    assert len(served.client.get("/v1/jobs?limit=1000").json()["jobs"]) == before


def test_jobs_are_listed_by_state_and_process_page_by_page(served: Served) -> None:
    jobs = [served.submit(tiny()) for _ in range(3)]
    for job in jobs:
        served.until(job)
    listed = served.client.get("/v1/jobs?status=successful&limit=2").json()
    assert [one["jobID"] for one in listed["jobs"]] == jobs[:0:-1]
    following = next(link["href"] for link in listed["links"] if link["rel"] == "next")
    assert served.client.get(following).json()["jobs"][0]["jobID"] == jobs[0]
    assert not served.client.get("/v1/jobs?processID=evaluate-plan&status=failed").json()["jobs"]
    assert served.client.get("/v1/jobs?status=odd").status_code == 400


def test_a_proposal_is_judged_as_a_job_and_at_once(served: Served) -> None:
    stations = [{"site_id": name, "class_id": "city"} for name in ("s0", "s1")]
    inputs = {"request": tiny(), "plan": {"stations": stations}}
    place = "/v1/processes/evaluate-plan/execution"
    at_once = served.client.post(place, json={"inputs": inputs}).json()
    job = served.client.post(place, json={"inputs": inputs}, headers=ASYNC).json()["jobID"]
    served.until(job)
    by_job = served.client.get(f"/v1/jobs/{job}/results").json()
    assert timeless(at_once) == timeless(by_job)
    assert at_once["verification"]["passed"]
    missing = served.client.post(place, json={"inputs": {"request": tiny()}})
    assert [one["path"] for one in missing.json()["errors"]] == ["inputs.plan"]


def test_the_standard_s_pages_are_there(served: Served) -> None:
    landing = served.client.get("/v1/").json()
    for link in landing["links"]:
        assert served.client.get(link["href"]).status_code == 200
    listed = served.client.get("/v1/processes").json()["processes"]
    assert [one["id"] for one in listed] == list(PROCESSES)
    for one in listed:
        described = served.client.get(f"/v1/processes/{one['id']}").json()
        assert described["inputs"]["request"]["minOccurs"] == 1
        assert described["limits"]["time_limit_s"]["async"] == 86_400
    for place in ("/v1/processes/odd", "/v1/jobs/odd"):
        assert served.client.get(place).json()["type"].startswith("http://www.opengis.net/def/exc")
    assert "job-list" in str(served.client.get("/v1/conformance").json())
    assert served.client.get("/readyz").status_code == 200


def test_errors_are_plain_json_for_who_accepts_only_that(served: Served) -> None:
    plain = served.client.post(EXECUTION, json={}, headers={"accept": "application/json"})
    assert plain.headers["content-type"] == "application/json"
    assert plain.status_code == 400
    assert plain.json()["errors"]


def test_a_child_that_is_killed_is_replaced_and_goes_on_from_the_best(served: Served) -> None:
    assert served.process is not None
    job = served.submit(long())
    wait_until(lambda: "objective" in served.status(job))
    best = served.status(job)["objective"]
    for pid in children(served.process.pid):
        if is_solver(pid):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while served.status(job)["attempt"] < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    served.client.post(f"/v1/jobs/{job}/stop")
    assert served.until(job)["status"] == "successful"
    answer = served.client.get(f"/v1/jobs/{job}/results").json()
    assert answer["run"]["levels"][0]["objective"] >= best


def test_jobs_outlive_the_service_that_took_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("restarted")
    database = f"sqlite:///{folder / 'jobs.sqlite3'}"
    served = Served(database, MUSTER_JOB_LEASE_S="2")
    with served:
        running = served.submit(long() | {"limits": {"time_limit_s": 8}})
        waiting = [served.submit(tiny()) for _ in range(3)]
        served.until(running, "running")
        assert served.process is not None
        deadline = time.monotonic() + 30
        while not (orphans := [pid for pid in children(served.process.pid) if is_solver(pid)]):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        served.kill()
        killed = time.monotonic()
        served.start()
        while served.status(running)["attempt"] < 2:
            assert time.monotonic() - killed < 20
            time.sleep(0.05)
        for job in (running, *waiting):
            assert served.until(job)["status"] == "successful"
        assert not [pid for pid in orphans if is_solver(pid)]


def test_a_full_queue_is_said_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("full")
    settings = {"MUSTER_JOB_WORKERS": "0", "MUSTER_JOBS_WAITING_MAX": "2"}
    with Served(f"sqlite:///{folder / 'jobs.sqlite3'}", **settings) as served:
        for _ in range(2):
            served.submit(tiny())
        refused = served.client.post(EXECUTION, json=tiny(), headers=ASYNC)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        late = served.client.post(
            EXECUTION,
            json=tiny() | {"limits": {"time_limit_s": 90_000}},
            headers=ASYNC,
        )
        assert late.json()["errors"][0]["path"] == "limits.time_limit_s"


def test_the_stream_of_a_job_that_is_not_there_is_a_problem(served: Served) -> None:
    response = served.client.get("/v1/jobs/odd/events")
    assert response.status_code == 404
