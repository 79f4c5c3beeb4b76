"""Scenarios over HTTP: kept, followed, patched, executed; what is wrong is named by its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from api.jobs.callers import OPEN
from api.jobs.database import open_database
from api.jobs.scenarios import Draft, ScenarioStore
from api.jobs.store import JobStore
from api.payloads import Payload
from tests.api.doors import tiny
from tests.api.jobs.databases import database_urls
from tests.api.jobs.servers import ASYNC, EXECUTION, Served

SCENARIOS = "/v1/scenarios"


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with (
        database_urls(request.param, tmp_path_factory.mktemp("scenarios")) as url,
        Served(url, MUSTER_BODY_LIMIT_BYTES="100000") as made,
    ):
        yield made


def kept(served: Served, **more: Any) -> dict[str, Any]:
    response = served.client.post(SCENARIOS, json={"name": "base", "request": tiny()} | more)
    assert response.status_code == 201, response.text
    content: dict[str, Any] = response.json()
    return content


def faults(response: httpx.Response) -> dict[str, str]:
    assert response.status_code == 400, response.text
    return {one["path"]: one["need"] for one in response.json()["errors"]}


def what_if(served: Served, parent: dict[str, Any], *patch: Any) -> httpx.Response:
    body = {"name": "what if", "parent": {"id": parent["id"]}, "patch": patch}
    return served.client.post(SCENARIOS, json=body)


def test_a_scenario_is_kept_listed_and_read(served: Served) -> None:
    base = kept(served)
    assert (base["version"], base["request"], base["parent"]) == (1, tiny(), None)
    read = served.client.get(f"{SCENARIOS}/{base['id']}")
    assert (read.json(), read.headers["etag"]) == (base, '"1"')
    listed = served.client.get(SCENARIOS).json()["scenarios"]
    assert listed[0]["id"] == base["id"]
    assert "request" not in listed[0]


def test_a_new_version_follows_the_one_its_author_knows(served: Served) -> None:
    base = kept(served)
    place = f"{SCENARIOS}/{base['id']}"
    patch = {"patch": [{"op": "replace", "path": "/new_stations/city", "value": 1}]}
    assert served.client.put(place, json=patch).status_code == 428
    made = served.client.put(place, json=patch, headers={"if-match": '"1"'})
    assert (made.status_code, made.headers["etag"]) == (200, '"2"')
    assert made.json()["request"]["new_stations"] == {"city": 1}
    assert made.json()["name"] == "base"
    assert served.client.put(place, json=patch, headers={"if-match": '"1"'}).status_code == 412
    assert served.client.get(f"{place}?version=1").json()["request"] == tiny()
    assert served.client.get(f"{place}?version=3").status_code == 404
    history = served.client.get(f"{place}/versions").json()["versions"]
    assert [one["version"] for one in history] == [2, 1]


def test_a_what_if_keeps_its_request_when_its_parent_goes_on_or_goes(served: Served) -> None:
    base = kept(served)
    site = {"id": "s9", "x_m": 100.0, "y_m": 100.0}
    made = what_if(served, base, {"op": "add", "path": "/sites/-", "value": site})
    child = made.json()
    assert child["parent"] == {"id": base["id"], "version": 1}
    assert [one["id"] for one in child["request"]["sites"]] == ["s0", "s1", "s2", "s9"]
    place = f"{SCENARIOS}/{base['id']}"
    assert served.client.delete(place).status_code == 428
    assert served.client.delete(place, headers={"if-match": '"1"'}).status_code == 204
    assert served.client.get(place).status_code == 404
    assert served.client.get(f"{SCENARIOS}/{child['id']}").json() == child


def test_a_job_of_a_scenario_keeps_its_whole_request(served: Served) -> None:
    base = kept(served)
    named = {"inputs": {"scenario": {"id": base["id"]}}}
    headers = ASYNC | {"idempotency-key": base["id"]}
    job = served.client.post(EXECUTION, json=named, headers=headers).json()["jobID"]
    assert served.until(job)["status"] == "successful"
    assert served.client.get(f"/v1/jobs/{job}/inputs").json() == {"request": tiny()}
    fewer = {"request": tiny() | {"new_stations": {"city": 1}}}
    place = f"{SCENARIOS}/{base['id']}"
    assert served.client.put(place, json=fewer, headers={"if-match": '"1"'}).status_code == 200
    again = served.client.post(EXECUTION, json=named, headers=headers)
    assert again.json()["jobID"] == job
    at_once = {"inputs": {"scenario": {"id": base["id"], "version": 2}}}
    answer = served.client.post(EXECUTION, json=at_once).json()
    assert len(answer["plan"]["stations"]) == 1


def test_what_is_wrong_with_a_scenario_is_named_by_its_place(served: Served) -> None:
    def said(**body: Any) -> dict[str, str]:
        return faults(served.client.post(SCENARIOS, json=body))

    base = kept(served)
    parent = {"id": base["id"]}
    assert said(name="a").keys() == {"request"}
    assert said(request={}).keys() == {"name"}
    assert said(name="", request={}).keys() == {"name"}
    assert said(name="a\0", request={}).keys() == {"name"}
    assert said(name="a", patch=[]).keys() == {"parent"}
    assert said(name="a", parent=parent).keys() == {"patch"}
    both = said(name="a", request={}, patch=[], parent=parent)
    assert both.keys() == {"patch", "parent"}
    assert said(name="a", parent={"id": "0" * 32}, patch=[]).keys() == {"parent.id"}
    assert said(name="a", parent=parent | {"version": 9}, patch=[]).keys() == {"parent.version"}
    site = {"id": "s0", "x_m": "far", "y_m": 0.0}
    broken = tiny() | {"sites": [site, *tiny()["sites"][1:]], "news": 1}
    assert said(name="a", request=broken).keys() == {"request.sites[0].x_m", "request.news"}


@pytest.mark.parametrize(
    ("patch", "places"),
    [
        ([1, {"op": "frob", "path": ""}, {"op": "add", "path": "/a"}], [0, 1, 2]),
        ([{"op": "copy", "path": "/a", "from": 3}, {"op": [], "path": "/a"}], [0, 1]),
        ([{"op": "remove", "path": "/nowhere"}], ["0].path"]),
        ([{"op": "add", "path": "/sites/9", "value": {}}], ["0].path"]),
        ([{"op": "move", "path": "/a", "from": "/b"}], ["0].from"]),
        ([{"op": "test", "path": "/new_stations/city", "value": 7}], ["0].value"]),
    ],
)
def test_a_patch_that_cannot_be_applied_is_named_by_its_operation(
    served: Served, patch: list[Any], places: list[Any]
) -> None:
    found = faults(what_if(served, kept(served), *patch))
    assert list(found) == [
        f"patch[{one}]" if isinstance(one, int) else f"patch[{one}" for one in places
    ]


def test_a_patched_request_that_is_wrong_is_named_in_the_request(served: Served) -> None:
    base = kept(served)
    found = what_if(served, base, {"op": "remove", "path": "/sites/2/x_m"})
    assert list(faults(found)) == ["request.sites[2]"]
    whole = what_if(served, base, {"op": "replace", "path": "", "value": 3})
    assert list(faults(whole)) == ["patch"]


def test_a_patch_that_doubles_its_document_is_refused(served: Served) -> None:
    doubled = [{"op": "copy", "from": "", "path": f"/a{i}"} for i in range(60)]
    assert list(faults(what_if(served, kept(served), *doubled))) == ["patch"]


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"scenario": 3}, "inputs.scenario"),
        ({"scenario": {"id": "x"}}, "inputs.scenario.id"),
        ({"scenario": {"id": "x", "v": 1}}, "inputs.scenario.v"),
        ({"request": tiny(), "scenario": {"id": "x"}}, "inputs.scenario"),
        ({"request": tiny(), "start": {"job": "x"}}, "inputs.start.job"),
        ({"request": tiny(), "start": {"job": 7}}, "inputs.start.job"),
    ],
)
def test_a_reference_to_nothing_is_named_by_its_place(
    served: Served, inputs: dict[str, Any], path: str
) -> None:
    assert list(faults(served.client.post(EXECUTION, json={"inputs": inputs}))) == [path]


def test_a_job_starts_from_the_plan_of_an_earlier_one(served: Served) -> None:
    first = served.submit(tiny())
    served.until(first)
    plan = served.client.get(f"/v1/jobs/{first}/results").json()["plan"]
    body = {"inputs": {"request": tiny(), "start": {"job": first}}}
    second = served.client.post(EXECUTION, json=body, headers=ASYNC).json()["jobID"]
    assert served.client.get(f"/v1/jobs/{second}/inputs").json()["start"] == plan
    served.client.delete(f"/v1/jobs/{first}")
    assert served.until(second)["status"] == "successful"


def test_a_plan_of_a_job_is_judged_against_the_answer_of_a_job(served: Served) -> None:
    job = served.submit(tiny())
    served.until(job)
    named = {"job": job}
    body = {"inputs": {"request": tiny(), "plan": named, "against": named}}
    judged = served.client.post("/v1/processes/evaluate-plan/execution", json=body)
    assert judged.status_code == 200, judged.text


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with database_urls(request.param, tmp_path) as url:
        made = open_database(url)
        yield made
        made.dispose()


def test_forgetting_a_job_leaves_what_a_scenario_needs(engine: Engine) -> None:
    jobs, scenarios = JobStore(engine), ScenarioStore(engine)
    version = scenarios.add(Draft("a", Payload.of(b'{"request": 1}'), {}), OPEN)
    job = jobs.submit("site-fire-stations", b'{"request": 1}')
    jobs.dismiss(job.id)
    jobs.remove(job.id)
    assert scenarios.content(version.request).read() == b'{"request": 1}'
    assert scenarios.remove(version.id, 1, OPEN)
    assert scenarios.latest(version.id) is None


def test_of_two_that_follow_the_same_version_one_is_kept(engine: Engine) -> None:
    scenarios = ScenarioStore(engine)
    version = scenarios.add(Draft("a", Payload.of(b"1"), {}), OPEN)
    assert scenarios.follow(version.id, 1, Draft("b", Payload.of(b"2"), {}), OPEN) is not None
    assert scenarios.follow(version.id, 1, Draft("c", Payload.of(b"3"), {}), OPEN) is None
    assert [one.name for one in scenarios.versions(version.id, 10, 0)] == ["b", "a"]
