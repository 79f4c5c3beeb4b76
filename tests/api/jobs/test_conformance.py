"""What OGC's own test suite asks of Processes 1.0 (core, JSON, job list), and of dismissing.

Each test says the requirement of OGC 18-062r2 that it stands for. The service is a real one in
the conformance profile, which offers the process ``echo``.
"""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.doors import tiny
from tests.api.jobs.servers import ASYNC, Served

ECHO = "/v1/processes/echo/execution"
EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
CONFORMANCE = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/"
REL = "http://www.opengis.net/def/rel/ogc/1.0/"
STATUSES = {"accepted", "running", "successful", "failed", "dismissed"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("conformance")
    with Served(f"sqlite:///{folder / 'jobs.sqlite3'}", MUSTER_PROFILE="conformance") as made:
        yield made


@pytest.fixture
def client(served: Served) -> httpx.Client:
    return served.client


def inputs(**given: object) -> dict[str, Any]:
    return {"inputs": {"message": "hello"} | given}


def submitted(client: httpx.Client, **given: object) -> str:
    created = client.post(ECHO, json=inputs(**given), headers=ASYNC)
    assert created.status_code == 201, created.text
    return str(created.json()["jobID"])


def is_link(link: Any) -> bool:
    return isinstance(link.get("href"), str) and isinstance(link.get("rel"), str)


def check_status(told: dict[str, Any]) -> None:
    """Check what the schema statusInfo asks."""
    assert told["type"] == "process"
    assert isinstance(told["jobID"], str)
    assert told["status"] in STATUSES
    assert isinstance(told.get("processID", ""), str)
    assert 0 <= told.get("progress", 0) <= 100
    assert all(is_link(link) for link in told["links"])


def check_exception(response: httpx.Response, status: int, kind: str) -> None:
    """Check what the schema exception asks."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    assert response.json()["type"] == f"{EXCEPTIONS}{kind}"


def test_the_landing_page_leads_to_all_else(client: httpx.Client) -> None:
    """/req/core/landingpage-op, landingpage-success."""
    response = client.get("/v1/", headers={"accept": "application/json"})
    assert response.status_code == 200
    links = response.json()["links"]
    assert all(is_link(link) for link in links)
    rels = {link["rel"] for link in links}
    assert rels & {"service-desc", "service-doc"}
    assert {f"{REL}conformance", f"{REL}processes", f"{REL}job-list"} <= rels
    for link in links:
        assert client.get(link["href"]).status_code == 200


def test_the_description_of_the_service_is_openapi_3(client: httpx.Client) -> None:
    """/req/core/api-definition-success, /req/oas30/oas-definition."""
    links = client.get("/v1/").json()["links"]
    place = next(link["href"] for link in links if link["rel"] == "service-desc")
    described = client.get(place).json()
    assert described["openapi"].startswith("3.")
    assert {"/v1/processes", "/v1/processes/{process_id}/execution"} <= described["paths"].keys()


def test_the_conformance_classes_are_declared(client: httpx.Client) -> None:
    """/req/core/conformance-success."""
    declared = client.get("/v1/conformance").json()["conformsTo"]
    names = ("core", "ogc-process-description", "json", "oas30", "job-list", "dismiss")
    assert {f"{CONFORMANCE}{name}" for name in names} <= set(declared)


def test_the_process_list_has_a_summary_of_each(client: httpx.Client) -> None:
    """/req/core/process-list-success, process-summary-links."""
    listed = client.get("/v1/processes").json()
    assert all(is_link(link) for link in listed["links"])
    assert {"echo", "site-fire-stations", "evaluate-plan"} <= {
        one["id"] for one in listed["processes"]
    }
    for one in listed["processes"]:
        assert isinstance(one["version"], str)
        assert set(one["jobControlOptions"]) <= {"sync-execute", "async-execute", "dismiss"}
        assert set(one["outputTransmission"]) <= {"value", "reference"}
        described = next(link for link in one["links"] if link["rel"] == "self")
        assert client.get(described["href"]).json()["id"] == one["id"]


def test_a_process_describes_its_inputs_and_outputs(client: httpx.Client) -> None:
    """/req/core/process-success, /req/ogc-process-description/input-def and its fellows."""
    described = client.get("/v1/processes/echo").json()
    assert described["inputs"]["message"]["schema"]["type"] == "string"
    assert described["inputs"]["pause"]["schema"]["type"] == "integer"
    for one in client.get("/v1/processes").json()["processes"]:
        described = client.get(f"/v1/processes/{one['id']}").json()
        for given in described["inputs"].values():
            assert isinstance(given["schema"], dict)
            assert 0 <= given["minOccurs"] <= given["maxOccurs"]
        assert all(isinstance(made["schema"], dict) for made in described["outputs"].values())
        assert any(link["rel"] == f"{REL}execute" for link in described["links"])


def test_an_unknown_process_is_said_so(client: httpx.Client) -> None:
    """/req/core/process-exception/no-such-process."""
    plain = {"accept": "application/json"}
    place = "/v1/processes/nothing-of-ours"
    check_exception(client.get(place, headers=plain), 404, "no-such-process")
    executed = client.post(f"{place}/execution", json=inputs(), headers=plain)
    check_exception(executed, 404, "no-such-process")


def test_who_prefers_nothing_gets_the_raw_value(client: httpx.Client) -> None:
    """/req/core/process-execute-sync-raw-value-one, process-execute-default-execution-mode."""
    asked = inputs() | {"outputs": {"message": {"transmissionMode": "value"}}, "response": "raw"}
    response = client.post(ECHO, json=asked)
    assert (response.status_code, response.text) == (200, "hello")


def test_a_document_names_its_outputs(client: httpx.Client) -> None:
    """/req/core/process-execute-sync-document."""
    response = client.post(ECHO, json=inputs() | {"response": "document"})
    assert response.headers["content-type"] == "application/json"
    assert (response.status_code, response.json()) == (200, {"message": "hello"})


@pytest.mark.parametrize(
    "given",
    [{}, {"message": 5}, {"message": "a", "pause": "b"}, {"message": "a", "other": 1}],
    ids=["missing", "wrong-type", "wrong-pause", "unknown"],
)
def test_inputs_that_are_not_described_are_refused(
    client: httpx.Client, given: dict[str, Any]
) -> None:
    """/req/core/process-execute-input-validation: 400, and JSON for who accepts that."""
    plain = {"accept": "application/json"}
    response = client.post(ECHO, json={"inputs": given}, headers=plain)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/json"
    assert response.json()["type"] == "InvalidParameterValue"
    assert all(one["path"].startswith("inputs.") for one in response.json()["errors"])


def test_a_qualified_value_is_that_value(client: httpx.Client) -> None:
    """/req/core/process-execute-input-inline-object: an object stands under ``value``."""
    place = "/v1/processes/site-fire-stations/execution"
    qualified = {"value": tiny(), "mediaType": "application/json"}
    response = client.post(place, json={"inputs": {"request": qualified}})
    assert (response.status_code, response.json()["run"]["status"]) == (200, "optimal")


def test_who_prefers_it_gets_a_job(client: httpx.Client) -> None:
    """/req/core/process-execute-success-async, /rec/core/process-execute-preference-applied."""
    created = client.post(ECHO, json=inputs(), headers=ASYNC)
    assert created.status_code == 201
    assert created.headers["preference-applied"] == "respond-async"
    check_status(created.json())
    followed = client.get(created.headers["location"])
    assert followed.status_code == 200
    check_status(followed.json())
    assert followed.json()["jobID"] == created.json()["jobID"]
    assert followed.json()["processID"] == "echo"


def test_a_job_ends_with_its_results(served: Served) -> None:
    """/req/core/job-results, job-results-async-document; the link to them is there."""
    job = submitted(served.client)
    told = served.until(job)
    check_status(told)
    place = next(link["href"] for link in told["links"] if link["rel"] == f"{REL}results")
    assert served.client.get(place).json() == {"message": "hello"}


def test_results_that_are_not_there_yet_are_said_so(served: Served) -> None:
    """/req/core/job-results-exception/results-not-ready."""
    job = submitted(served.client, pause=30)
    plain = {"accept": "application/json"}
    early = served.client.get(f"/v1/jobs/{job}/results", headers=plain)
    check_exception(early, 404, "result-not-ready")
    served.client.delete(f"/v1/jobs/{job}")


@pytest.mark.parametrize("part", ["", "/results"])
def test_an_unknown_job_is_said_so(client: httpx.Client, part: str) -> None:
    """/req/core/job-exception-no-such-job, job-results-exception/no-such-job."""
    response = client.get(f"/v1/jobs/nobody-s{part}", headers={"accept": "application/json"})
    check_exception(response, 404, "no-such-job")


def test_jobs_are_listed_and_the_list_can_be_narrowed(served: Served) -> None:
    """/req/job-list/job-list-op and -success, limit-response, and the filters."""
    jobs = [submitted(served.client) for _ in range(3)]
    for job in jobs:
        served.until(job)
    listed = served.client.get("/v1/jobs").json()
    assert all(is_link(link) for link in listed["links"])
    for told in listed["jobs"]:
        check_status(told)
    assert set(jobs) <= {told["jobID"] for told in listed["jobs"]}
    assert len(served.client.get("/v1/jobs?limit=1").json()["jobs"]) == 1
    odd = served.client.get("/v1/jobs?processID=evaluate-plan&status=successful").json()
    assert odd["jobs"] == []
    assert served.client.get("/v1/jobs?limit=0").status_code == 400


def test_a_running_job_can_be_dismissed(served: Served) -> None:
    """/req/dismiss/job-dismiss-op and -success."""
    job = submitted(served.client, pause=60)
    served.until(job, "running")
    asked = time.monotonic()
    dismissed = served.client.delete(f"/v1/jobs/{job}")
    assert (dismissed.status_code, dismissed.json()["status"]) == (200, "dismissed")
    check_status(dismissed.json())
    assert served.until(submitted(served.client))["status"] == "successful"
    assert time.monotonic() - asked < 20


def test_dismissing_an_unknown_job_is_said_so(client: httpx.Client) -> None:
    response = client.delete("/v1/jobs/nobody-s", headers={"accept": "application/json"})
    check_exception(response, 404, "no-such-job")


def test_the_client_of_owslib_runs_a_siting_job(served: Served) -> None:
    owslib = pytest.importorskip("owslib.ogcapi.processes")
    made = owslib.Processes(f"{served.client.base_url}/v1/")
    assert "site-fire-stations" in {one["id"] for one in made.processes()}
    assert made.process("site-fire-stations")["inputs"]["request"]["minOccurs"] == 1
    answer = made.execute("site-fire-stations", inputs={"request": tiny()})
    assert answer["run"]["status"] == "optimal"
    created = made.execute("site-fire-stations", inputs={"request": tiny()}, async_=True)
    assert served.until(created["jobID"])["termination"] == "optimal"


def test_the_generated_client_runs_a_siting_job(served: Served) -> None:
    ogc = pytest.importorskip("ogc_api_processes_client")
    api = pytest.importorskip("ogc_api_processes_client.api")
    base = ogc.Configuration(host=f"{served.client.base_url}/v1")
    with ogc.ApiClient(base) as spoken:
        assert ogc.CapabilitiesApi(spoken).get_landing_page().links
        listed = ogc.ProcessListApi(spoken).get_processes()
        assert "site-fire-stations" in {one.id for one in listed.processes}
        described = api.ProcessDescriptionApi(spoken).get_process_description("site-fire-stations")
        assert described.outputs
        job = submitted_by(spoken, base.host)
        served.until(job)
        told = ogc.StatusApi(spoken).get_status(job)
        assert told.status.value == "successful"
        assert job in {one.job_id for one in ogc.JobListApi(spoken).get_jobs().jobs}
        assert ogc.DismissApi(spoken).dismiss(job).status.value == "dismissed"


def submitted_by(spoken: Any, base: str) -> str:
    """Submit a job through the generated client.

    Its model of an execution loses the fields of an input that is an object, so the body goes
    to its lower half.
    """
    body = {"inputs": {"request": {"value": tiny()}}}
    headers = {"content-type": "application/json"} | ASYNC
    place = f"{base}/processes/site-fire-stations/execution"
    response = spoken.call_api("POST", place, header_params=headers, body=body)
    assert response.status == 201
    return str(response.getheader("location").rsplit("/", 1)[1])
