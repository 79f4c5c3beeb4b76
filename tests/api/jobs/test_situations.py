"""The kept situation over HTTP: events to orders, conflicts, restarts, replays, roles, areas."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from api.jobs.audit import Act, AuditLog
from api.jobs.callers import Caller, Role
from api.jobs.database import open_database
from api.jobs.keys import KeyStore
from api.jobs.situations import SituationStore
from api.jobs.tables import SITUATIONS
from api.situations import begun, stepped
from models.dispatch import DispatchRequest
from models.dispatch.situation import ClockAdvanced
from models.text import Label
from optimizer.datasets import Store
from tests.api.doors import long, tiny
from tests.api.jobs.databases import database_urls
from tests.api.jobs.servers import EXECUTION, Served
from tests.optimizer.dispatch.test_roads import FLOOD, flooded_town

PLACE = "/v1/situations"
BY = Caller("cli", "tester", Role.ADMIN)
AREAS = [{"id": "pingshan"}, {"id": "kengzi", "parent": "pingshan"}, {"id": "longtian"}]


def team(name: str, x_m: float, **more: Any) -> dict[str, Any]:
    return {"id": name, "x_m": x_m, "y_m": 0.0, "people": 6, "skills": {"pump": 6}} | more


def incident(name: str, x_m: float, **more: Any) -> dict[str, Any]:
    needs = [{"kind": "teams", "skill": "pump"}]
    return {"id": name, "x_m": x_m, "y_m": 0.0, "severity": 3, "needs": needs} | more


def town(**more: Any) -> dict[str, Any]:
    teams = [team("a", 0), team("b", 5000), team("c", 9000)]
    return {
        "kind": "dispatch_teams",
        "teams": teams,
        "incidents": [incident("x", 100)],
        "policy": {"tiers": [{"id": "surge", "opens_at": "I"}]},
    } | more


def reported(name: str, x_m: float, at_s: float, **more: Any) -> dict[str, Any]:
    told = {"kind": "incident_reported", "at_s": at_s, "by": "Li"}
    return told | {"incident": incident(name, x_m, **more)}


def confirmed(team_id: str, incident_id: str, at_s: float) -> dict[str, Any]:
    told = {"kind": "order_confirmed", "at_s": at_s, "by": "Li"}
    return told | {"team_id": team_id, "incident_id": incident_id}


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with (
        database_urls(request.param, tmp_path_factory.mktemp("kept")) as url,
        Served(url, MUSTER_DISPATCH_PROCESSES="1") as made,
    ):
        yield made


def begin(client: httpx.Client, **more: Any) -> str:
    """Keep a situation and return its address."""
    made = client.post(PLACE, json=town(**more))
    assert made.status_code == 201, made.text
    assert made.headers["location"].endswith(f"{PLACE}/{made.json()['id']}")
    return f"{PLACE}/{made.json()['id']}"


def tell(
    client: httpx.Client, place: str, event: dict[str, Any], match: int | None = None
) -> dict[str, Any]:
    headers = {} if match is None else {"if-match": f'"{match}"'}
    answer = client.post(f"{place}/events", json=event, headers=headers)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{content["event_count"]}"'
    return content


def sent(client: httpx.Client, place: str) -> dict[str, str]:
    """Return where the orders send each team, those that are in force in capitals."""
    told = client.get(f"{place}/orders").json()["orders"]
    return {
        one["team_id"]: one["incident_id"].upper()
        if one["status"] == "confirmed"
        else one["incident_id"]
        for one in told
    }


def test_an_event_brings_only_what_changes_and_orders_follow(served: Served) -> None:
    place = begin(served.client)
    assert sent(served.client, place) == {"a": "x"}
    change = tell(served.client, place, reported("y", 5100, 60))
    moved = [(one["team_id"], one["was"], one["now"]["incident_id"]) for one in change["changes"]]
    assert moved == [("b", None, "y")]
    assert tell(served.client, place, {"kind": "clock_advanced", "at_s": 61, "by": "Li"}) == {
        **change,
        "event_count": 2,
        "changes": [],
    }
    tell(served.client, place, confirmed("a", "x", 62), match=2)
    assert sent(served.client, place) == {"a": "X", "b": "y"}
    orders = served.client.get(f"{place}/orders").json()["orders"]
    assert [one["by"] for one in orders if one["team_id"] == "a"] == ["Li"]


def test_lines_for_radio_come_in_both_languages(served: Served) -> None:
    place = begin(served.client)
    said = {
        language: served.client.get(
            f"{place}/orders", headers={"accept": "text/plain", "accept-language": language}
        ).text
        for language in ("en", "zh")
    }
    line = served.client.get(f"{place}/orders").json()["orders"][0]["line"]
    assert said == {language: f"{line[language]}\n" for language in said}
    assert "a" in said["en"]
    assert said["en"] != said["zh"]


def test_an_override_pins_the_team_and_keeps_its_reason(served: Served) -> None:
    place = begin(served.client)
    override = {
        "kind": "order_overridden",
        "at_s": 5,
        "by": "Wang",
        "team_id": "c",
        "incident_id": "x",
        "reason": {"en": "knows the site", "zh": "熟悉现场"},
    }
    unread = served.client.post(f"{place}/events", json=override)
    assert unread.status_code == 428
    tell(served.client, place, override, match=0)
    assert sent(served.client, place) == {"c": "x"}
    policy = served.client.get(place).json()["situation"]["request"]["policy"]
    assert policy["pinned"][0]["by"] == "Wang"
    assert policy["pinned"][0]["reason"]["zh"] == "熟悉现场"


def test_of_two_dispatchers_the_slower_one_is_told(served: Served) -> None:
    place = begin(served.client)
    tell(served.client, place, confirmed("a", "x", 1), match=0)
    late = served.client.post(
        f"{place}/events", json=confirmed("a", "x", 2), headers={"if-match": '"0"'}
    )
    assert late.status_code == 412
    assert served.client.get(place).json()["event_count"] == 1


def test_what_is_told_again_with_its_key_counts_once(served: Served) -> None:
    place = begin(served.client)
    event = reported("y", 5100, 60)
    headers = {"idempotency-key": "k1"}
    first = served.client.post(f"{place}/events", json=event, headers=headers)
    tell(served.client, place, {"kind": "clock_advanced", "at_s": 90, "by": "Li"})
    again = served.client.post(f"{place}/events", json=event, headers=headers)
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["etag"] == first.headers["etag"] == '"1"'
    assert served.client.get(place).json()["event_count"] == 2
    other = served.client.post(f"{place}/events", json=confirmed("a", "x", 91), headers=headers)
    assert other.status_code == 422
    # A decision told again is not refused for the state that it made itself.
    decision = {"idempotency-key": "k2", "if-match": '"2"'}
    told = [
        served.client.post(f"{place}/events", json=confirmed("a", "x", 91), headers=decision)
        for _ in range(2)
    ]
    assert [one.status_code for one in told] == [200, 200]
    assert told[0].json() == told[1].json()


def test_facts_told_at_once_are_all_kept(served: Served) -> None:
    place = begin(served.client)
    with ThreadPoolExecutor(4) as pool:
        told = list(
            pool.map(
                lambda n: tell(served.client, place, reported(f"n{n}", 100.0 * n, 10)), range(4)
            )
        )
    assert sorted(one["event_count"] for one in told) == [1, 2, 3, 4]
    log = served.client.get(f"{place}/events").json()["events"]
    assert [one["number"] for one in log] == [1, 2, 3, 4]


def test_events_that_come_together_count_together_or_not_at_all(served: Served) -> None:
    place = begin(served.client)
    good, bad = reported("y", 5100, 5), reported("z", 9100, 4)
    refused = served.client.post(f"{place}/events", json={"events": [good, bad]})
    assert refused.status_code == 400
    assert [one["path"] for one in refused.json()["errors"]] == ["events[1].at_s"]
    assert served.client.get(place).json()["event_count"] == 0
    both = tell(served.client, place, {"events": [good, bad | {"at_s": 6}]})
    assert both["event_count"] == 2
    log = served.client.get(f"{place}/events").json()["events"]
    assert [one["change"] is None for one in log] == [True, False]


def test_bad_input_is_told_field_by_field(served: Served) -> None:
    place = begin(served.client)
    tell(served.client, place, {"kind": "clock_advanced", "at_s": 50, "by": "Li"})

    def faults(event: Any) -> dict[str, str]:
        answer = served.client.post(f"{place}/events", json=event, headers={"if-match": '"1"'})
        assert answer.status_code == 400, answer.text
        return {one["path"]: one["need"] for one in answer.json()["errors"]}

    backwards = faults({"kind": "clock_advanced", "at_s": 49, "by": "Li"})
    assert "backwards" in backwards["at_s"]
    assert "by" in faults({"kind": "clock_advanced", "at_s": 60})
    assert "incident_reported" in faults({"kind": "rumour", "at_s": 60, "by": "Li"})[""]
    assert "team_id" in faults(
        {"kind": "team_reported", "at_s": 60, "by": "Li", "team_id": "q", "status": "ready"}
    )
    assert "proposed" in faults(confirmed("b", "x", 60))["incident_id"]
    assert "events" in faults({"events": []})
    assert served.client.get(f"{place}/rank?incident=q").status_code == 400
    assert served.client.get(f"{PLACE}/odd").status_code == 404
    assert served.client.get(f"{place}?at=nan").status_code == 400
    slow = served.client.post(PLACE, json=town(deadline_ms=60_000))
    assert [one["path"] for one in slow.json()["errors"]] == ["deadline_ms"]


def test_a_situation_survives_a_crash_and_replays_to_the_same_state(served: Served) -> None:
    place = begin(served.client)
    tell(served.client, place, reported("y", 5100, 10))
    tell(served.client, place, confirmed("b", "y", 20), match=1)
    at_20 = served.client.get(place).json()["situation"]
    tell(served.client, place, reported("z", 8900, 30))
    before = served.client.get(place).json()
    served.kill()
    served.start()
    after = served.client.get(place).json()
    assert after["situation"] == before["situation"]
    assert served.client.get(f"{place}?at=30").json()["situation"] == before["situation"]
    assert served.client.get(f"{place}?at=29").json()["situation"] == at_20
    assert served.client.get(f"{place}?at=0").json()["event_count"] == 0
    tell(
        served.client, place, {"kind": "incident_closed", "at_s": 40, "by": "L", "incident_id": "y"}
    )
    assert served.client.get(f"{place}?at=29").json()["situation"] == at_20
    told = [one["who"] for one in served.client.get("/v1/audit").json()["entries"]]
    assert "open" in told


def test_ranking_and_what_if_keep_nothing(served: Served) -> None:
    place = begin(served.client, incidents=[incident("x", 100), incident("y", 40_000)])
    ranked = served.client.get(f"{place}/rank?incident=x").json()["candidates"]
    assert ranked[0]["team_id"] == "a"
    assert ranked[0]["chosen"]
    supposed = served.client.post(f"{place}/what-if", json={"teams": [team("d", 40_100)]}).json()
    assert [one["now"]["incident_id"] for one in supposed["changes"] if one["team_id"] == "d"] == [
        "y"
    ]
    assert supposed["response_if"] < supposed["response"]
    odd = served.client.post(f"{place}/what-if", json={"tiers": {"nope": "I"}})
    assert [one["path"] for one in odd.json()["errors"]] == ["tiers.nope"]
    assert served.client.get(place).json()["event_count"] == 0


def test_it_is_forgotten_by_whoever_knows_it_as_it_is(served: Served) -> None:
    place = begin(served.client)
    assert served.client.delete(place).status_code == 428
    assert served.client.delete(place, headers={"if-match": '"7"'}).status_code == 412
    assert served.client.delete(place, headers={"if-match": '"0"'}).status_code == 204
    assert served.client.get(place).status_code == 404
    assert served.client.get(f"{place}/events").status_code == 404


def test_what_was_read_is_not_sent_again(served: Served) -> None:
    place = begin(served.client)
    tag = served.client.get(place).headers["etag"]
    again = served.client.get(place, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
)
def keyed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, KeyStore]]:
    with database_urls(request.param, tmp_path_factory.mktemp("keyed")) as url:
        engine = open_database(url)
        keys = KeyStore(engine)
        with Served(url, MUSTER_DISPATCH_PROCESSES="1") as made:
            yield made, keys
        engine.dispose()


def test_events_are_told_by_the_name_of_the_key_and_written_down(
    keyed: tuple[Served, KeyStore],
) -> None:
    served, keys = keyed
    li = served.holding(keys.create("Li", Role.DISPATCHER, by=BY))
    viewer = served.holding(keys.create("Zhao", Role.VIEWER, by=BY))
    admin = served.holding(keys.create("Chen", Role.ADMIN, by=BY))
    place = begin(li)
    assert viewer.get(place).status_code == 200
    event = confirmed("a", "x", 5)
    assert viewer.post(f"{place}/events", json=event).status_code == 403
    del event["by"]
    tell(li, place, event, match=0)
    assert li.get(f"{place}/orders").json()["orders"][0]["by"] == "Li"
    tag = li.get(f"{place}/orders").headers["etag"]
    assert li.get(f"{place}/orders", headers={"if-none-match": tag}).status_code == 304
    for answer in (
        li.get(f"{place}/rank?incident=x"),
        li.post(f"{place}/what-if", json={"teams": [team("d", 0)]}),
        li.get(f"{place}/events"),
    ):
        assert answer.status_code == 200, answer.text
    other = li.post(f"{place}/events", json=reported("y", 0, 6) | {"by": "Wang"})
    assert [one["path"] for one in other.json()["errors"]] == ["by"]
    entries = admin.get("/v1/audit").json()["entries"]
    ours = [(one["name"], one["what"]) for one in entries if place.split("/")[-1] in str(one)]
    assert ("Li", "keep_situation") in ours
    assert ("Li", "change_situation") in ours
    told = {one["detail"].rpartition(" ")[2] for one in entries if one["what"] == "read_situation"}
    assert {"rank", "what-if", "orders", "events"} <= told
    assert li.get("/v1/audit").status_code == 403


def test_a_key_of_an_area_sees_and_changes_situations_there_alone(
    keyed: tuple[Served, KeyStore],
) -> None:
    served, keys = keyed
    kengzi = served.holding(keys.create("kengzi", Role.DISPATCHER, by=BY, areas=("kengzi",)))
    everywhere = served.holding(keys.create("all", Role.DISPATCHER, by=BY))
    far = begin(everywhere, areas=AREAS, incidents=[incident("x", 1, zone="longtian")])
    assert kengzi.get(far).status_code == 404
    assert kengzi.post(f"{far}/events", json=reported("y", 0, 6)).status_code == 404
    near = begin(kengzi, areas=AREAS, incidents=[incident("x", 1, zone="kengzi")])
    beyond = reported("y", 0, 6, zone="longtian")
    del beyond["by"]
    assert kengzi.post(f"{near}/events", json=beyond).status_code == 403
    assert kengzi.get(near).json()["event_count"] == 0
    tell(everywhere, near, beyond)
    assert kengzi.get(near).status_code == 404
    listed = [one["id"] for one in kengzi.get(PLACE).json()["situations"]]
    assert near.split("/")[-1] not in listed
    empty = kengzi.post(PLACE, json=town(areas=AREAS, incidents=[]))
    assert empty.status_code == 403


def test_a_road_that_is_shut_changes_orders_and_stays_shut(tmp_path: Path) -> None:
    store, request = flooded_town(tmp_path)
    quick = {"deadline_ms": 800}
    folder = {"MUSTER_STORE_FOLDER": str(store.root), "MUSTER_DISPATCH_PROCESSES": "1"}
    with Served(f"sqlite:///{tmp_path / 'jobs.sqlite3'}", **folder) as served:
        made = served.client.post(PLACE, json=request.model_dump(mode="json") | quick)
        assert made.status_code == 201, made.text
        place = f"{PLACE}/{made.json()['id']}"
        assert sent(served.client, place) == {"truck": "x"}
        closure = FLOOD.model_dump(mode="json")
        shut = {"kind": "road_shut", "at_s": 10, "by": "police", "closure": closure}
        change = tell(served.client, place, shut)
        assert {one["team_id"] for one in change["changes"]} == {"truck", "boat"}
        tell(served.client, place, {"kind": "clock_advanced", "at_s": 20, "by": "police"})
        assert sent(served.client, place) == {"boat": "x"}
        # Another closure, answered at once: what rests on old times is marked until it is exact.
        second = served.client.post(PLACE, json=request.model_dump(mode="json") | quick).json()
        place = f"{PLACE}/{second['id']}"
        change = tell(served.client, place, shut | {"soon": True})
        assert (change["changes"], change["stale_travel"]) == ([], ["truck"])
        deadline = time.monotonic() + 30
        while sent(served.client, place) != {"boat": "x"}:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        events = served.client.get(f"{place}/events").json()["events"]
        assert [one["event"]["by"] for one in events] == ["police", "muster"]
        # Nobody goes by road any more: nothing is marked, and the times are still made exact.
        again = shut | {"soon": True, "closure": closure | {"id": "again"}, "at_s": 30}
        assert tell(served.client, place, again)["stale_travel"] == []
        while served.client.get(place).json()["event_count"] < 4:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_dispatch_never_waits_behind_siting(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
    full = {"MUSTER_HTTP_SOLVES_AT_ONCE": "1", "MUSTER_DISPATCH_PROCESSES": "1"}
    place = "/v1/processes/dispatch-teams/execution"
    with Served(database, **full) as served, ThreadPoolExecutor(1) as pool:
        siting = pool.submit(
            served.client.post, EXECUTION, json=long() | {"limits": {"time_limit_s": 8}}
        )
        while "muster_sync_solves 1.0" not in served.client.get("/metrics").text:
            assert not siting.done()
        assert served.client.post(EXECUTION, json=tiny()).status_code == 429
        answer = served.client.post(place, json=town())
        assert (answer.status_code, siting.done()) == (200, False)
        assert siting.result().status_code == 200
        busy = served.submit(long())
        served.until(busy, "running")
        waiting = served.submit(long())
        urgent = served.client.post(place, json=town(), headers={"prefer": "respond-async"}).json()
        assert urgent["ahead"] == 0  # of its own kind
        assert served.until(urgent["jobID"])["status"] == "successful"
        states = [served.status(one)["status"] for one in (busy, waiting)]
        assert states == ["running", "accepted"]


def test_situations_of_which_nothing_was_told_for_long_are_forgotten(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'jobs.sqlite3'}")
    situations, store = SituationStore(engine), Store(tmp_path)
    first = begun(DispatchRequest.model_validate(town()), store)
    old, told = (situations.add(Label(en=name, zh=name), first, BY) for name in ("old", "told"))
    with engine.begin() as connection:
        connection.execute(update(SITUATIONS).values(created=0.0))
    event = ClockAdvanced(at_s=5.0, by="Li")
    after = stepped(first.state, [event], store)
    assert situations.append(told, [event], after, BY) is not None
    assert situations.forget(3600.0) == 1
    assert situations.get(old.id, None) is None
    assert [one.id for one in situations.listing(10, 0, None)] == [told.id]
    assert AuditLog(engine).entries()[-1].what is Act.FORGET_SITUATION
    engine.dispose()


def test_a_dispatcher_dispatches_and_sites_nothing(keyed: tuple[Served, KeyStore]) -> None:
    served, keys = keyed
    wang = served.holding(keys.create("Wang", Role.DISPATCHER, by=BY))
    answer = wang.post("/v1/processes/dispatch-teams/execution", json=town())
    assert answer.status_code == 200
    assert answer.json()["plan"]["orders"][0]["incident_id"] == "x"
    refused = wang.post("/v1/processes/site-fire-stations/execution", json={})
    assert refused.status_code == 403


def test_a_database_from_before_is_brought_up_to_date(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'old.sqlite3'}", "0003")
    engine.dispose()
    upgraded = open_database(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    with upgraded.connect() as connection:
        found = connection.exec_driver_sql("select count(*) from situations").scalar()
    upgraded.dispose()
    assert found == 0
