"""Comparisons over HTTP: the numbers and the text of ``muster compare``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.output import request_json
from tests.api.doors import Muster, tiny
from tests.api.jobs.servers import ASYNC, EXECUTION, Served
from tests.optimizer.shelters.test_fetching import fetching

COMPARISONS = "/v1/comparisons"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("comparisons")
    with Served(f"sqlite:///{folder / 'jobs.sqlite3'}") as made:
        yield made


@pytest.fixture(scope="module")
def jobs(served: Served) -> list[str]:
    named = [one | {"name": f"Site {one['id']}"} for one in tiny()["sites"]]
    one = served.submit(tiny() | {"new_stations": {"city": 1}, "sites": named})
    two = served.submit(tiny() | {"sites": named})
    for job in (one, two):
        assert served.until(job)["status"] == "successful"
    return [one, two]


def opened(served: Served, job: str) -> set[str]:
    answer = served.client.get(f"/v1/jobs/{job}/results").json()
    return {one["site_id"] for one in answer["plan"]["stations"]}


def test_plans_stand_side_by_side(served: Served, jobs: list[str]) -> None:
    compared = served.client.post(COMPARISONS, json={"jobs": jobs})
    assert compared.status_code == 200, compared.text
    first, second = compared.json()["jobs"]
    base, other = (opened(served, job) for job in jobs)
    assert (first["job"], first["chosen"], first["gained"]) == (jobs[0], 1, [])
    assert [one["id"] for one in second["gained"]] == sorted(other - base)
    assert [one["id"] for one in second["lost"]] == sorted(base - other)
    assert all(one["name"] == f"Site {one['id']}" for one in second["gained"])
    figures = {one["key"]: one for one in compared.json()["figures"]}
    assert figures["chosen"]["values"] == [1, 2]
    assert figures["capital"]["values"][1] > figures["capital"]["values"][0]
    assert figures["cover.residents"]["text"][0].endswith("%")


def test_it_says_what_the_command_line_says(
    served: Served, jobs: list[str], muster: Muster, tmp_path: Path
) -> None:
    files = []
    for job in jobs:
        files.append(tmp_path / f"{job}.json")
        files[-1].write_bytes(served.client.get(f"/v1/jobs/{job}/results").content)
    printed = muster("compare", *files, "--lang", "zh").stdout.decode("utf-8")
    headers = {"accept-language": "zh"}
    figures = served.client.post(COMPARISONS, json={"jobs": jobs}, headers=headers).json()
    for one in figures["figures"]:
        if one["kind"] not in ("text", "money"):
            assert one["title"] in printed
            assert all(text in printed for text in one["text"])


def test_jobs_that_cannot_be_compared_are_named(served: Served, jobs: list[str]) -> None:
    def said(body: Any) -> set[str]:
        response = served.client.post(COMPARISONS, content=json.dumps(body))
        assert response.status_code == 400, response.text
        return {one["path"] for one in response.json()["errors"]}

    dismissed = served.submit(tiny())
    served.client.delete(f"/v1/jobs/{dismissed}")
    assert said({}) == {"jobs"}
    assert said({"jobs": jobs[:1]}) == {"jobs"}
    assert said({"jobs": jobs, "more": 1}) == {"more"}
    assert said({"jobs": [jobs[0], jobs[0], "nothing", "0" * 32]}) == {
        "jobs[1]",
        "jobs[2]",
        "jobs[3]",
    }
    assert said({"jobs": [1, jobs[0]]}) == {"jobs[0]"}


def submitted(served: Served, request: dict[str, Any]) -> str:
    path = EXECUTION.replace("site-fire-stations", "site-shelters")
    response = served.client.post(path, json={"inputs": {"request": request}}, headers=ASYNC)
    assert response.status_code == 201, response.text
    return str(response.json()["jobID"])


def test_a_shelter_plan_hands_its_rounds_to_dispatch(served: Served, tmp_path: Path) -> None:
    asked = fetching(sick=(4, 3, 0))
    job = submitted(served, json.loads(request_json(asked)))
    assert served.until(job)["status"] == "successful"
    answer = served.client.get(f"/v1/jobs/{job}/results")
    shuttle = answer.json()["plan"]["shuttles"][0]
    wanted = {"case": shuttle["scenario_id"], "site": shuttle["site_id"]}
    over = served.client.post("/v1/hand-overs", json={"job": job, **wanted})
    assert over.status_code == 200, over.text
    files = [tmp_path / name for name in ("asked.json", "plan.json", "rounds.json")]
    files[0].write_text(request_json(asked), encoding="utf-8")
    files[1].write_bytes(answer.content)
    call = ["shelters", "hand-over", str(files[0]), str(files[1]), "--out", str(files[2])]
    choice = [*call, "--case", wanted["case"], "--site", wanted["site"]]
    done = CliRunner().invoke(app, choice)
    assert done.exit_code == 0, done.output
    assert json.loads(files[2].read_text("utf-8")) == over.json()
    assert over.json()["kind"] == "dispatch_phase"
    refused = served.client.post("/v1/hand-overs", json={"job": job, "case": "no such"})
    assert refused.status_code == 400
    assert CliRunner().invoke(app, [*call, "--case", "no such"]).exit_code == 2
