"""Times from servers that answer as OSRM and Valhalla do, well and badly."""

import numpy as np
import pytest

from api.clients import (
    Line,
    Router,
    RouterError,
    RouterName,
    RouterTimes,
    allowed_address,
    router_times,
)
from optimizer.demand import FloatArray
from optimizer.errors import InputError
from tests.api.clients.servers import Running, seconds

OSRM, VALHALLA = RouterName.OSRM, RouterName.VALHALLA
BOTH = pytest.mark.parametrize("name", list(RouterName))
SITES = np.array([[0.01, 0.01], [0.02, 0.05], [0.03, 0.02]])
DEMAND = np.array([[0.01 * k, 0.02 + 0.01 * k] for k in range(7)])


def router(server: Running, name: RouterName, at_once: int | None = None, **line: float) -> Router:
    """Return the router at ``server``."""
    address = allowed_address(server.url, (server.url,))
    way = Line(address, line.get("timeout_s", 10.0), int(line.get("limit_bytes", 1_000_000)))
    return Router.of(name, way, at_once=at_once)


def asked(one: Router, sites: FloatArray = SITES, demand: FloatArray = DEMAND) -> RouterTimes:
    """Return the router's times for these places."""
    return router_times(one, sites, demand, lambda done, total: None)


def expected(sites: FloatArray = SITES, demand: FloatArray = DEMAND) -> FloatArray:
    """Return the times (demand, site) of the server's plane."""
    return np.array([[seconds(tuple(j), tuple(i)) for j in sites] for i in demand])


@BOTH
def test_times_go_from_sites_to_demand(server: Running, name: RouterName) -> None:
    np.testing.assert_allclose(asked(router(server, name)).time_s, expected())


@BOTH
def test_questions_keep_to_the_limit_and_come_together_to_the_same_times(
    server: Running, name: RouterName
) -> None:
    server.behaviour.limit = 4
    found = asked(router(server, name, at_once=4))
    np.testing.assert_allclose(found.time_s, expected())
    sizes = server.behaviour.asked
    assert len(sizes) > 4
    assert sum(sources * targets for sources, targets in sizes) == SITES[:, :1].size * len(DEMAND)


def test_by_default_osrm_is_asked_for_a_hundred_places_and_valhalla_for_2500_pairs(
    server: Running,
) -> None:
    many = np.column_stack([np.linspace(0, 0.5, 120), np.linspace(0, 0.5, 120)])
    for name in RouterName:
        asked(router(server, name), many, many)
    osrm = [one for one, path in _asked(server) if path.startswith("/table/v1/driving/")]
    valhalla = [one for one, path in _asked(server) if path == "/sources_to_targets"]
    assert max(sources + targets for sources, targets in osrm) == 100
    assert max(sources * targets for sources, targets in valhalla) == 2500


def _asked(server: Running) -> list[tuple[tuple[int, int], str]]:
    return list(zip(server.behaviour.asked, server.behaviour.paths, strict=True))


@BOTH
def test_how_far_places_are_from_their_roads_is_known(server: Running, name: RouterName) -> None:
    found = asked(router(server, name))
    np.testing.assert_allclose(found.site_m, 55.6, atol=0.01)
    np.testing.assert_allclose(found.demand_m, 55.6, atol=0.01)
    assert np.isnan(found.within(50.0).time_s).all()
    assert np.isfinite(found.within(60.0).time_s).all()


@BOTH
def test_pairs_without_a_way_have_no_time(server: Running, name: RouterName) -> None:
    demand = DEMAND.copy()
    demand[2] = (1.5, 0.1)
    times = asked(router(server, name), demand=demand).time_s
    assert np.isnan(times[2]).all()
    assert np.isfinite(np.delete(times, 2, axis=0)).all()


@BOTH
def test_a_table_of_no_way_at_all_is_one_without_times(server: Running, name: RouterName) -> None:
    assert np.isnan(asked(router(server, name), demand=np.array([[1.5, 0.1]])).time_s).all()


@BOTH
def test_places_without_a_road_do_not_cost_the_others_their_times(
    server: Running, name: RouterName
) -> None:
    demand, sites = DEMAND.copy(), SITES.copy()
    demand[4], sites[1] = (0.1, -3.0), (0.2, -3.0)
    found = asked(router(server, name), sites, demand)
    assert np.isinf(found.demand_m).nonzero()[0].tolist() == [4]
    assert np.isinf(found.site_m).nonzero()[0].tolist() == [1]
    joined = np.ix_([0, 1, 2, 3, 5, 6], [0, 2])
    np.testing.assert_allclose(found.time_s[joined], expected()[joined])
    assert np.isfinite(found.time_s).sum() == 12


def test_regions_that_valhalla_will_not_take_together_are_asked_for_apart(server: Running) -> None:
    server.behaviour.regions_refused = True
    demand = DEMAND.copy()
    demand[[1, 5]] += (1.5, 0.0)
    times = asked(router(server, VALHALLA), demand=demand).time_s
    mainland = [0, 2, 3, 4, 6]
    assert np.isnan(times[[1, 5]]).all()
    np.testing.assert_allclose(times[mainland], expected()[mainland])


@BOTH
def test_progress_is_told_from_none_to_all(server: Running, name: RouterName) -> None:
    told: list[tuple[int, int]] = []
    router_times(router(server, name, at_once=4), SITES, DEMAND, lambda *one: told.append(one))
    assert told[0] == (0, 21)
    assert told[-1] == (21, 21)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@BOTH
def test_a_limit_below_the_one_assumed_is_the_caller_s_to_mend(
    server: Running, name: RouterName
) -> None:
    server.behaviour.limit = 3
    with pytest.raises(InputError) as caught:
        asked(router(server, name))
    assert [fault.path for fault in caught.value.faults] == ["--at-once"]
    assert "max locations" in str(caught.value) or "Too many" in str(caught.value)


REFUSALS = {
    OSRM: (400, '{"code": "InvalidOptions", "message": "no profile x"}'),
    VALHALLA: (400, '{"error_code": 125, "error": "No costing method found: x"}'),
}


@BOTH
def test_a_question_that_is_refused_says_what_the_router_says(
    server: Running, name: RouterName
) -> None:
    server.behaviour.fixed = (*REFUSALS[name], {})
    with pytest.raises(InputError) as caught:
        asked(router(server, name))
    assert [fault.path for fault in caught.value.faults] == ["--router"]
    assert "no profile x" in str(caught.value) or "No costing method" in str(caught.value)


def failure(one: Router) -> str:
    """Return the code of how a router fails."""
    with pytest.raises(RouterError) as caught:
        asked(one)
    assert "Traceback" not in str(caught.value)
    return caught.value.text.code


@BOTH
@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (500, "{}", "router.failed"),
        (503, "<html>busy</html>", "router.failed"),
        (429, "{}", "router.failed"),
        (200, "<html>hello</html>", "router.malformed"),
        (200, "[]", "router.malformed"),
        (200, "", "router.malformed"),
        (200, "{}", "router.malformed"),
        (404, "{}", "router.malformed"),
        (404, "<html>not here</html>", "router.failed"),
        (200, "[" * 100_000, "router.malformed"),
        (200, '{"code": "Ok"}', "router.malformed"),
        (200, '{"code": "Ok", "durations": NaN, "sources_to_targets": NaN}', "router.malformed"),
    ],
)
def test_what_is_no_table_is_the_router_s_failure(
    server: Running, name: RouterName, status: int, body: str, code: str
) -> None:
    server.behaviour.fixed = (status, body, {})
    assert failure(router(server, name)) == code


@BOTH
@pytest.mark.parametrize(
    "row",
    ["[1, 2]", "[1, 2, 3, 4]", '[1, 2, "3"]', "[1, 2, -3]", "[1, 2, true]", "[1, 2, 1e99]", "7"],
)
def test_a_table_of_another_shape_or_of_other_things_is_refused(
    server: Running, name: RouterName, row: str
) -> None:
    if name is VALHALLA and row.startswith("["):
        cells = ", ".join(f'{{"time": {one}}}' for one in row[1:-1].split(", "))
        row = f"[{cells}]"
    body = f'{{"code": "Ok", "durations": [{row}], "sources_to_targets": [{row}]}}'
    server.behaviour.fixed = (200, body, {})
    one = router(server, name)
    with pytest.raises(RouterError) as caught:
        asked(one, SITES[:1], DEMAND[:3])
    assert caught.value.text.code == "router.malformed"


@BOTH
def test_a_redirect_is_not_followed(server: Running, name: RouterName) -> None:
    server.behaviour.fixed = (302, "", {"Location": f"{server.url}/elsewhere"})
    assert failure(router(server, name)) == "router.redirect"
    assert len(server.behaviour.paths) == 1


@BOTH
def test_a_proxy_of_the_environment_is_not_heeded(
    server: Running, name: RouterName, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    np.testing.assert_allclose(asked(router(server, name)).time_s, expected())


@BOTH
def test_a_silent_router_is_not_waited_for(server: Running, name: RouterName) -> None:
    server.behaviour.silent = True
    assert failure(router(server, name, timeout_s=0.2)) == "router.slow"


@BOTH
def test_a_trickling_router_is_not_waited_for(server: Running, name: RouterName) -> None:
    server.behaviour.trickling = True
    assert failure(router(server, name, timeout_s=0.2)) == "router.slow"


@BOTH
def test_an_endless_answer_is_cut_off(server: Running, name: RouterName) -> None:
    assert failure(router(server, name, limit_bytes=100)) == "router.too_long"


@BOTH
def test_a_router_that_is_not_there_is_said_to_be_so(server: Running, name: RouterName) -> None:
    for url in ("http://127.0.0.1:9", f"http://{'x' * 70}.example"):
        nowhere = Running(url, server.behaviour)
        assert failure(router(nowhere, name)) == "router.unreachable"


@pytest.mark.parametrize(
    ("waypoints", "distance_m"),
    [
        ("[]", np.nan),
        ('[{"location": [0.0, 0.001]}]', 111.2),
        ('[{"distance": 12.5}]', 12.5),
        ('[{"location": "x"}]', np.nan),
    ],
)
def test_osrm_s_waypoints_may_say_less(server: Running, waypoints: str, distance_m: float) -> None:
    body = f'{{"code": "Ok", "durations": [[1.5]], "sources": {waypoints}}}'
    server.behaviour.fixed = (200, body, {})
    found = asked(router(server, OSRM), np.zeros((1, 2)), np.zeros((1, 2)))
    np.testing.assert_allclose(found.site_m, [distance_m], atol=0.05)
    assert found.time_s.tolist() == [[1.5]]


@pytest.mark.parametrize(
    ("correlated", "distance_m"),
    [('[[{"lat": 0.0, "lon": 0.0}]]', np.nan), ("[null]", np.inf), ("7", np.nan)],
)
def test_valhalla_s_correlated_places_may_say_less(
    server: Running, correlated: str, distance_m: float
) -> None:
    body = f'{{"sources_to_targets": [[{{"time": 2}}]], "sources": {correlated}}}'
    server.behaviour.fixed = (200, body, {})
    found = asked(router(server, VALHALLA), np.zeros((1, 2)), np.zeros((1, 2)))
    assert found.site_m.tolist() == pytest.approx([distance_m], nan_ok=True)
