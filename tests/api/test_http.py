"""The HTTP door as a real service: the same answers, and problems that list every fault."""

import asyncio
import errno
import json
import re
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import Request
from typer.testing import CliRunner

from api.app import create_app
from api.cli.commands import app
from api.errors import DoorError
from api.output import request_json
from api.processes import PROCESSES
from api.routes.bodies import read_body
from api.settings import Settings
from instances.examples import EXAMPLES
from instances.generators.minimal import minimal_dispatch
from tests.api.doors import Muster, long, timeless, tiny
from tests.api.jobs.servers import Served

EXECUTION = "/v1/processes/site-fire-stations/execution"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = {
        "MUSTER_BODY_LIMIT_BYTES": "300000",
        "MUSTER_HTTP_SOLVES_AT_ONCE": "1",
        "MUSTER_SOLVERS": "1",
        "MUSTER_DISPATCH_PROCESSES": "2",
    }
    folder = tmp_path_factory.mktemp("http")
    with Served(f"sqlite:///{folder}/jobs.sqlite3", **settings) as served:
        yield served.client


def problem(response: httpx.Response) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in response.text
    content: dict[str, Any] = response.json()
    assert content["status"] == response.status_code
    return content


def test_it_answers(client: httpx.Client) -> None:
    assert client.get("/healthz").json()["status"] == "ok"


def test_http_and_the_command_line_give_the_same_answer(
    client: httpx.Client, muster: Muster, request_file: Path
) -> None:
    by_command = muster("solve", request_file, "--json")
    bare = client.post(EXECUTION, json=tiny())
    wrapped = client.post(EXECUTION, json={"inputs": {"request": tiny()}})
    assert timeless(bare.json()) == timeless(json.loads(by_command.stdout))
    assert timeless(bare.json()) == timeless(wrapped.json())


def test_a_front_comes_over_http_as_it_does_on_the_command_line(
    client: httpx.Client, tmp_path: Path
) -> None:
    request = json.loads(request_json(EXAMPLES["minimal-facilities"].build()))
    request |= {"goal": "cover", "radius": 300.0, "number": 2, "front": {"against": "cost"}}
    asked, out = tmp_path / "request.json", tmp_path / "answer.json"
    asked.write_text(json.dumps(request), encoding="utf-8")
    done = CliRunner().invoke(app, ["solve", str(asked), "--out", str(out)])
    assert done.exit_code == 0, done.output
    answer = client.post(EXECUTION.replace("fire-stations", "facilities"), json=request).json()
    assert answer["front"]["points"]
    assert answer["front"] == json.loads(out.read_text(encoding="utf-8"))["front"]


def test_the_examples_of_the_description_work(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    situation = client.post(
        "/v1/situations", json=json.loads(request_json(minimal_dispatch()))
    ).json()["id"]
    tried = 0
    for path, methods in described["paths"].items():
        body = methods.get("post", {}).get("requestBody", {"content": {}})
        examples = body["content"].get("application/json", {}).get("examples", {})
        for name, example in examples.items():
            place = path.format(process_id=name, situation_id=situation)
            assert client.post(place, json=example["value"]).status_code in (200, 201)
            tried += 1
    assert tried >= 9


def test_every_reference_of_the_description_leads_somewhere(client: httpx.Client) -> None:
    described = client.get("/openapi.json")
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', described.text))
    assert named <= described.json()["components"]["schemas"].keys()


def test_the_page_shows_the_examples_and_needs_no_network(client: httpx.Client) -> None:
    page = client.get("/docs").text
    assert 'data-path="/v1/processes/{process_id}/execution"' in page
    assert all(f">{name}</option>" in page for name in PROCESSES)
    assert re.findall(r'(?:src|href)="([^"#]+)"', page) == [
        *("data:,", "page/docs.css", "page/docs.js", "/openapi.json")
    ]
    for name in ("docs.css", "docs.js"):
        assert client.get(f"/page/{name}").status_code == 200


def test_a_plan_made_by_hand_is_verified(client: httpx.Client) -> None:
    plan = {"stations": [{"site_id": "s0", "class_id": "city"}]}
    verified = client.post("/v1/verify", json={"request": tiny(), "plan": plan})
    assert (verified.status_code, verified.json()["passed"]) == (200, False)


def test_bad_input_is_a_problem_that_lists_every_fault(client: httpx.Client) -> None:
    request = tiny() | {"bogus": 1, "new_stations": -1}
    answered = problem(client.post(EXECUTION, json={"inputs": {"request": request}, "mode": "x"}))
    assert answered["status"] == 400
    assert [(one["path"], one["value"]) for one in answered["errors"]] == [
        ("mode", '"x"'),
        ("inputs.request.new_stations", "-1"),
        ("inputs.request.bogus", "1"),
    ]


def test_faults_across_fields_are_named_from_the_body_on(client: httpx.Client) -> None:
    request = tiny() | {"new_stations": {"city": 9}}
    answered = problem(client.post(EXECUTION, json={"inputs": {"request": request}}))
    assert [one["path"] for one in answered["errors"]] == ["inputs.request.new_stations.city"]


def test_faults_are_told_in_the_language_of_the_caller(client: httpx.Client) -> None:
    answered = client.post("/v1/verify", content=b"{}", headers={"accept-language": "zh-CN"})
    assert problem(answered)["title"] == "输入无法使用"
    assert len(problem(answered)["errors"]) == 2


@pytest.mark.parametrize("raw", [b"", b"[" * 10_000, '{"a": "坪山区"}'.encode("gbk"), b"nul"])
def test_a_body_that_is_no_json_object_is_bad_input(client: httpx.Client, raw: bytes) -> None:
    assert problem(client.post(EXECUTION, content=raw))["status"] == 400


def test_a_body_beyond_the_limit_is_refused(client: httpx.Client) -> None:
    assert problem(client.post(EXECUTION, content=b" " * 300_001))["status"] == 413


def test_a_time_limit_beyond_the_grant_is_refused(client: httpx.Client) -> None:
    answered = problem(client.post(EXECUTION, json=tiny() | {"limits": {"time_limit_s": 601}}))
    assert answered["errors"][0]["path"] == "limits.time_limit_s"


def test_what_is_not_there_is_a_problem_too(client: httpx.Client) -> None:
    assert problem(client.get("/nowhere"))["status"] == 404


def test_hanging_up_ends_the_solve_and_frees_its_place(client: httpx.Client) -> None:
    hurried = httpx.Timeout(30, read=3)
    with pytest.raises(httpx.ReadTimeout):
        client.post(EXECUTION, json=long(), timeout=hurried)
    statuses = [client.post(EXECUTION, json=tiny()).status_code]
    deadline = time.monotonic() + 20
    while statuses[-1] == 429 and time.monotonic() < deadline:
        statuses.append(client.post(EXECUTION, json=tiny()).status_code)
    assert statuses[-1] == 200


def test_our_own_fault_is_a_problem_without_a_traceback() -> None:
    app = create_app()

    @app.get("/fault")
    def fault() -> None:
        raise KeyError("secret")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as inside:
            return await inside.get("/fault")

    answered = asyncio.run(ask())
    assert (answered.status_code, "secret" in answered.text) == (500, False)
    assert problem(answered)["title"] == "Muster itself failed"


def test_calls_hold_no_more_together_than_they_may() -> None:
    app = create_app(Settings(body_limit_bytes=10, bodies_limit_bytes=1000), loopback=True)

    def keyed() -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as here:
                return await here.post("/page/key", content=b'{"key": ""}')

        return asyncio.run(ask())

    other: dict[str, Any] = {}
    assert app.state.held.take(other, 995)
    refused = keyed()
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "2")
    app.state.held.release(other)
    assert keyed().status_code == 204
    assert app.state.held.take({}, 1000)  # whatever was held has been let go


def test_a_body_for_whose_file_there_is_no_room_is_refused_as_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b" " * 300_000, "more_body": False}

    monkeypatch.setattr("api.routes.bodies._append", full)
    http = Request({"type": "http", "app": create_app(), "headers": []}, receive)
    with pytest.raises(DoorError) as raised:
        asyncio.run(read_body(http, 400_000))
    assert raised.value.status == HTTPStatus.INSUFFICIENT_STORAGE
