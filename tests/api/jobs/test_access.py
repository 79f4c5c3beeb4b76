"""Who may do what over HTTP: keys, roles by route, areas, and the log of it."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from api.app import create_app
from api.jobs.callers import Caller, Role
from api.jobs.database import open_database
from api.jobs.keys import KeyStore
from api.processes import PROCESSES
from api.routes.permissions import PERMISSIONS, executors
from instances.generators.pingshan.wildfire import forest_fires
from models.run import RunLimits
from tests.api.doors import tiny
from tests.api.jobs.databases import database_urls, let_pass
from tests.api.jobs.servers import ASYNC, EXECUTION, Served, wait_until

BY = Caller("cli", "tester", Role.ADMIN)


def in_areas(*areas: str | None) -> dict[str, Any]:
    """Return a request whose demand lies in some of the areas of two sub-districts."""
    request = tiny()
    for n, point in enumerate(request["demand_points"]):
        point["area"] = areas[n % len(areas)]
    request["areas"] = [
        {"id": "pingshan"},
        *({"id": name, "parent": "pingshan"} for name in ("kengzi", "longtian")),
        *({"id": f"{name}-1", "parent": name} for name in ("kengzi", "longtian")),
    ]
    return request


@dataclass
class Keyed:
    """A service with keys."""

    served: Served
    keys: KeyStore
    engine: Engine

    def holder(
        self, role: Role, areas: tuple[str, ...] | None = None, valid_s: float | None = None
    ) -> httpx.Client:
        """Return a client with a new key."""
        name = f"{role}-{time.monotonic_ns()}"
        shown = self.keys.create(name, role, by=BY, areas=areas, valid_s=valid_s)
        return self.served.holding(shown)

    def until_successful(self, client: httpx.Client, job: str) -> None:
        """Wait for a job as the holder of a key sees it."""
        wait_until(lambda: client.get(f"/v1/jobs/{job}").json()["status"] == "successful")


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
)
def keyed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Keyed]:
    with database_urls(request.param, tmp_path_factory.mktemp("keyed")) as url:
        engine = open_database(url)
        keys = KeyStore(engine)
        keys.create("first", Role.ADMIN, by=BY)
        # Elsewhere the machine may be busy, and then jobs that yield to it do not get on.
        with Served(url, MUSTER_JOB_SCHEDULING="normal") as served:
            yield Keyed(served, keys, engine)
        engine.dispose()


def routes(of: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Return every route of an application, those of routers in it included."""
    for route in of:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner.routes)
        else:
            yield from ((method, route.path) for method in (route.methods or {"*"}) - {"HEAD"})


def test_every_route_is_in_the_table_of_roles_and_nothing_else_is() -> None:
    assert set(routes(create_app().routes)) == set(PERMISSIONS)


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_may_what_the_table_says(keyed: Keyed, role: Role | None) -> None:
    client = keyed.served.client if role is None else keyed.holder(role)
    plans = executors("site-fire-stations")
    for (method, path), permission in PERMISSIONS.items():
        place = path.format(
            process_id="site-fire-stations",
            job_id="odd",
            name="page.js",
            kind="odd",
            sha256="odd",
            scenario_id="odd",
            situation_id="odd",
        )
        code = client.request(method, place).status_code
        if permission.public:
            assert code in (200, 400), path
        elif role is None:
            assert code == 401, path
        elif role not in permission.roles or ("process_id}/exec" in path and role not in plans):
            assert code == 403, path
        else:
            assert code in (200, 400, 404), path


def test_each_role_may_execute_what_the_table_says(keyed: Keyed) -> None:
    for role in Role:
        client = keyed.holder(role)
        for process in PROCESSES:
            code = client.post(f"/v1/processes/{process}/execution", content=b"{}").status_code
            assert code == (400 if role in executors(process) else 403), (role, process)


def test_the_description_says_where_a_key_is_needed(keyed: Keyed) -> None:
    described = keyed.served.client.get("/openapi.json").json()
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            needed = not PERMISSIONS[method.upper(), path].public
            assert ("security" in operation) == needed
            assert ({"401", "403"} <= operation["responses"].keys()) == needed


def test_what_the_table_grants() -> None:
    def who(method: str, path: str) -> str:
        return " ".join(sorted(PERMISSIONS[method, path].roles))

    assert who("POST", "/v1/processes/{process_id}/execution") == "admin dispatcher planner"
    assert executors("site-fire-stations") == {Role.ADMIN, Role.PLANNER}
    of_the_day = {one for one in PROCESSES if Role.DISPATCHER in executors(one)}
    assert of_the_day == {
        *("dispatch-teams", "evaluate-orders", "replay-dispatch-teams"),
        *("plan-disaster-phase", "plan-readiness", "pre-position", "open-shelters"),
        *("replay-dispatch-phase", "replay-dispatch-readiness", "replay-dispatch-positioning"),
        "send-supplies",
    }
    for process in PROCESSES:
        assert executors(process) - {Role.DISPATCHER} == {Role.ADMIN, Role.PLANNER}
    assert who("DELETE", "/v1/jobs/{job_id}") == "admin planner"
    assert who("POST", "/v1/jobs/{job_id}/stop") == "admin dispatcher planner"
    assert PERMISSIONS["POST", "/v1/jobs/{job_id}/stop"].own == {Role.DISPATCHER}
    assert who("GET", "/v1/audit") == "admin"
    assert "viewer" not in who("POST", "/v1/verify")
    public = {path for (_, path), one in PERMISSIONS.items() if one.public}
    page = {"/", "/page/{name}", "/page/key"}
    assert public == page | {"/docs", "/openapi.json", "/healthz", "/readyz"}


def test_a_dispatcher_stops_the_phase_it_has_started_and_keeps_the_best_plan(keyed: Keyed) -> None:
    own, other, admin = (
        keyed.holder(role) for role in (Role.DISPATCHER, Role.DISPATCHER, Role.ADMIN)
    )
    request = forest_fires().model_copy(update={"limits": RunLimits(time_limit_s=600)})
    asked = own.post(
        "/v1/processes/plan-disaster-phase/execution",
        content=request.model_dump_json(),
        headers=ASYNC,
    )
    place = f"/v1/jobs/{asked.json()['jobID']}"
    wait_until(lambda: "objective" in own.get(place).json())
    after = admin.get("/v1/audit?limit=1000").json()["entries"][-1]["number"]
    refused = other.post(f"{place}/stop")
    assert (refused.status_code, own.get(place).json()["stop_asked"]) == (403, False)
    assert "started" in refused.json()["title"]
    assert own.delete(place).status_code == 403
    assert own.post(f"{place}/stop").status_code == 200
    wait_until(lambda: own.get(place).json()["status"] == "successful")
    assert own.get(place).json()["termination"] == "stopped"
    answer = own.get(f"{place}/results").json()
    assert any(call["walk_s"] for one in answer["plan"]["rounds"] for call in one["calls"])
    assert answer["verification"]["passed"]
    entries = admin.get(f"/v1/audit?after={after}").json()["entries"]
    assert [one["what"] for one in entries][:3] == ["denied", "denied", "stop"]
    assert own.post("/v1/jobs/odd/stop").status_code == 404


def test_a_refusal_says_how_to_ask(keyed: Keyed) -> None:
    bare = keyed.served.client.get("/v1/jobs")
    assert (bare.status_code, bare.headers["www-authenticate"]) == (401, 'Bearer realm="muster"')
    for header in ("Bearer nonsense", "Bearer", "Basic eDp5", "bearer muster_0_0"):
        wrong = keyed.served.client.get("/v1/jobs", headers={"authorization": header})
        assert wrong.status_code == 401
        assert wrong.headers["www-authenticate"].endswith('error="invalid_token"')
    chinese = keyed.served.client.get("/v1/jobs", headers={"accept-language": "zh"})
    assert chinese.json()["title"].startswith("需要密钥")
    refused = keyed.holder(Role.VIEWER).post(EXECUTION, json=tiny())
    assert "insufficient_scope" in refused.headers["www-authenticate"]


def test_a_key_that_is_revoked_expired_or_renewed_ends_in_its_time(keyed: Keyed) -> None:
    short = keyed.holder(Role.VIEWER, valid_s=60)
    assert short.get("/v1/jobs").status_code == 200
    old = keyed.keys.create("old", Role.VIEWER, by=BY)
    new = keyed.keys.rotate("old", by=BY, grace_s=60)
    assert new is not None
    holders = [keyed.served.holding(key) for key in (old, new)]
    assert [one.get("/v1/jobs").status_code for one in holders] == [200, 200]
    let_pass(keyed.engine, 61)
    assert [one.get("/v1/jobs").status_code for one in (short, *holders)] == [401, 401, 200]
    keyed.keys.revoke("old", by=BY)
    assert holders[1].get("/v1/jobs").status_code == 401


def test_a_sub_district_submits_and_sees_only_its_own(keyed: Keyed) -> None:
    district = keyed.holder(Role.PLANNER)
    kengzi = keyed.holder(Role.PLANNER, ("kengzi",))
    reader = keyed.holder(Role.VIEWER, ("kengzi-1", "longtian"))

    def submit(client: httpx.Client, *areas: str | None) -> httpx.Response:
        return client.post(EXECUTION, json=in_areas(*areas), headers=ASYNC)

    own = submit(kengzi, "kengzi", "kengzi-1").json()["jobID"]
    both = submit(district, "kengzi-1", "longtian-1").json()["jobID"]
    for outside in (("longtian",), ("kengzi", "longtian"), ("kengzi", None), ("pingshan",)):
        assert submit(kengzi, *outside).status_code == 403
        assert kengzi.post(EXECUTION, json=in_areas(*outside)).status_code == 403
    assert submit(kengzi, None).json()["title"].count("kengzi") == 1

    def listed(client: httpx.Client) -> set[str]:
        return {one["jobID"] for one in client.get("/v1/jobs?limit=1000").json()["jobs"]}

    assert (listed(kengzi), listed(reader)) == ({own}, {both})
    assert {own, both} <= listed(district)
    for method, path in PERMISSIONS:
        if "{job_id}" in path and method != "DELETE":
            hidden = kengzi.request(method, path.format(job_id=both))
            missing = kengzi.request(method, path.format(job_id="odd"))
            assert hidden.status_code == missing.status_code == 404
            assert hidden.json() | {"instance": ""} == missing.json() | {"instance": ""}
    assert kengzi.delete(f"/v1/jobs/{both}").status_code == 404
    assert reader.get(f"/v1/jobs/{both}").status_code == 200
    assert kengzi.get(f"/v1/jobs/{own}").status_code == 200


def test_a_sub_district_keeps_and_sees_only_its_own_scenarios(keyed: Keyed) -> None:
    district, kengzi = keyed.holder(Role.PLANNER), keyed.holder(Role.PLANNER, ("kengzi",))
    place = "/v1/scenarios"

    def keep(client: httpx.Client, *areas: str | None) -> httpx.Response:
        return client.post(place, json={"name": "what if", "request": in_areas(*areas)})

    own, other = keep(kengzi, "kengzi-1").json()["id"], keep(district, "longtian").json()["id"]
    assert keep(kengzi, "longtian").status_code == 403
    listed = [one["id"] for one in kengzi.get(place).json()["scenarios"]]
    assert listed == [own]
    assert {own, other} <= {one["id"] for one in district.get(place).json()["scenarios"]}
    match = {"if-match": '"1"'}
    for hidden in (
        kengzi.get(f"{place}/{other}"),
        kengzi.get(f"{place}/{other}/versions"),
        kengzi.get(f"{place}/{other}?version=1"),
        kengzi.put(f"{place}/{other}", json={"patch": []}, headers=match),
        kengzi.delete(f"{place}/{other}", headers=match),
    ):
        assert hidden.status_code == 404
    # Its scenario may go on elsewhere by another's hand; what was its own stays to be seen.
    moved = {"request": in_areas("longtian")}
    assert kengzi.put(f"{place}/{own}", json=moved, headers=match).status_code == 403
    assert district.put(f"{place}/{own}", json=moved, headers=match).status_code == 200
    assert kengzi.get(f"{place}/{own}").status_code == 404


def test_references_lead_nowhere_that_the_caller_may_not_see(keyed: Keyed) -> None:
    district, kengzi = keyed.holder(Role.PLANNER), keyed.holder(Role.PLANNER, ("kengzi",))
    job = district.post(EXECUTION, json=in_areas("longtian"), headers=ASYNC).json()["jobID"]
    keyed.until_successful(district, job)
    body = {"name": "a", "request": in_areas("longtian")}
    scenario = district.post("/v1/scenarios", json=body).json()["id"]
    request = in_areas("kengzi")
    for named in (
        {"scenario": {"id": scenario}},
        {"scenario": {"id": scenario, "version": 1}},
        {"request": request, "start": {"job": job}},
    ):
        assert kengzi.post(EXECUTION, json={"inputs": named}).status_code == 400
    child = {"name": "b", "parent": {"id": scenario}, "patch": []}
    assert kengzi.post("/v1/scenarios", json=child).status_code == 400
    assert kengzi.post("/v1/comparisons", json={"jobs": [job, job]}).status_code == 400
    assert kengzi.get("/v1/datasets").status_code == 403
    started = {"inputs": {"request": request, "start": {"job": job}}}
    assert district.post(EXECUTION, json=started).status_code == 200


def test_what_is_kept_is_in_the_log(keyed: Keyed) -> None:
    planner, admin = keyed.holder(Role.PLANNER), keyed.holder(Role.ADMIN)
    after = admin.get("/v1/audit?limit=1000").json()["entries"][-1]["number"]
    made = planner.post("/v1/scenarios", json={"name": "a", "request": tiny()}).json()
    planner.get(f"/v1/scenarios/{made['id']}")
    planner.delete(f"/v1/scenarios/{made['id']}", headers={"if-match": '"1"'})
    entries = admin.get(f"/v1/audit?after={after}").json()["entries"]
    acts = ["keep_scenario", "read_scenario", "forget_scenario"]
    assert [one["what"] for one in entries] == acts
    assert entries[0]["inputs"] == entries[1]["inputs"] is not None


def test_idempotency_keys_are_each_submitter_s_own(keyed: Keyed) -> None:
    ours, theirs = keyed.holder(Role.PLANNER), keyed.holder(Role.PLANNER)

    def submit(client: httpx.Client) -> dict[str, Any]:
        headers = ASYNC | {"idempotency-key": "monday"}
        said: dict[str, Any] = client.post(EXECUTION, json=tiny(), headers=headers).json()
        return said

    first, again, other = submit(ours), submit(ours), submit(theirs)
    assert first["jobID"] == again["jobID"] != other["jobID"]
    assert first["submitter"] == again["submitter"] != other["submitter"]


def test_what_is_done_over_http_is_in_the_log_that_admins_read(keyed: Keyed) -> None:
    planner, admin = keyed.holder(Role.PLANNER), keyed.holder(Role.ADMIN)
    after = admin.get("/v1/audit?limit=1000").json()["entries"][-1]["number"]
    job = planner.post(EXECUTION, json=tiny(), headers=ASYNC).json()["jobID"]
    planner.get(f"/v1/jobs/{job}/results")
    keyed.until_successful(planner, job)
    planner.get(f"/v1/jobs/{job}/inputs")
    planner.get(f"/v1/jobs/{job}/results")
    plan = {"stations": [{"site_id": "s0", "class_id": "city"}]}
    assert planner.post("/v1/verify", json={"request": tiny(), "plan": plan}).status_code == 200
    assert planner.post(EXECUTION, json=tiny()).status_code == 200
    planner.get("/v1/audit")
    planner.delete(f"/v1/jobs/{job}")
    page = admin.get(f"/v1/audit?after={after}&limit=5").json()
    rest = admin.get(f"/v1/audit?after={page['next']}").json()
    entries = [one for one in page["entries"] + rest["entries"] if one["job_id"] in (job, None)]
    acts = [one["what"] for one in entries]
    assert acts == [
        *("submit", "finish", "read_inputs", "read_results", "verify", "solve", "denied", "forget")
    ]
    assert rest["next"] is None
    assert len({one["who"] for one in entries}) == 2
    finished, read = entries[1], entries[3]
    assert (read["inputs"], read["result"]) == (finished["inputs"], finished["result"])
    assert entries[5]["result"]
    assert admin.get("/v1/audit?since=2999-01-01T00:00:00Z").json()["entries"] == []
    assert admin.get("/v1/audit?since=yesterday").status_code == 400


def test_without_keys_only_this_machine_comes_in_until_there_is_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
    with Served(url) as served:
        assert "No keys yet" in "".join(served.log)
        assert served.client.get("/v1/jobs").status_code == 200
        for stranger in ({"host": "muster.example"}, {"origin": "http://example.org"}):
            assert served.client.get("/v1/jobs", headers=stranger).status_code == 401
        here = {"origin": "http://localhost:8000"}
        assert served.client.get("/v1/jobs", headers=here).status_code == 200
        engine = open_database(url)
        shown = KeyStore(engine).create("one", Role.VIEWER, by=BY)
        assert served.client.get("/v1/jobs").status_code == 401
        assert served.holding(shown).get("/v1/jobs").status_code == 200
        KeyStore(engine).revoke("one", by=BY)
        assert served.client.get("/v1/jobs").status_code == 401
        engine.dispose()


def test_the_page_keeps_a_key_where_scripts_cannot_read_it(keyed: Keyed) -> None:
    shown = keyed.holder(Role.VIEWER).headers["authorization"].removeprefix("Bearer ")
    with httpx.Client(base_url=keyed.served.client.base_url) as client:
        assert client.get("/v1/jobs").status_code == 401
        assert client.post("/page/key", json={"key": "muster_odd"}).status_code == 401
        kept = client.post("/page/key", json={"key": shown})
        assert kept.status_code == 204
        said = kept.headers["set-cookie"].lower()
        assert "httponly" in said
        assert "samesite=strict" in said
        assert client.get("/v1/jobs").status_code == 200
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert client.get("/v1/jobs", headers=elsewhere).status_code == 401
        client.post("/page/key", json={"key": ""})
        assert client.get("/v1/jobs").status_code == 401
