"""The Pingshan scenario against the published totals."""

from collections import Counter

import numpy as np
import pytest

from instances.generators.pingshan import Extras, five_and_five, idle_first, idle_first_then_build
from instances.generators.pingshan.facts import PLANE, community_points_m, outline_m, totals
from instances.generators.plane import distances_m
from models.fire_stations import FireStationRequest
from models.fire_stations.rules import IdlePolicy
from models.places import DemandPoint, Site
from models.presets import STATION_CLASSES

# Held here a second time on purpose: the tests are against the plan, not against our file.
PUBLISHED = {
    "residents": 551_333,
    "three_small": 16_126,
    "hazardous_chemical_users": 694,
    "key_fire_units": 425,
    "buildings": 41_186,
}


@pytest.fixture(scope="module")
def request_() -> FireStationRequest:
    return five_and_five()


@pytest.fixture(scope="module")
def cells(request_: FireStationRequest) -> tuple[DemandPoint, ...]:
    assert isinstance(request_.demand_points, tuple)
    return request_.demand_points


def stations(request: FireStationRequest, **wanted: str) -> list[Site]:
    return [
        site
        for site in request.sites
        if site.station
        and all(getattr(site.station, key) == value for key, value in wanted.items())
    ]


def candidates(request: FireStationRequest) -> list[Site]:
    return [site for site in request.sites if site.station is None]


def excluded(request: FireStationRequest, site: Site) -> bool:
    least = {rule.kind: rule.distance_m for rule in request.rules.clearances}
    return any(near.distance_m < least[near.kind] for near in site.nearby)


@pytest.mark.parametrize(("weight", "total"), PUBLISHED.items())
def test_cells_add_up_to_the_published_total(
    cells: tuple[DemandPoint, ...], weight: str, total: int
) -> None:
    counts = [cell.weights.get(weight, 0.0) for cell in cells]
    assert sum(counts) == total
    assert all(count == int(count) for count in counts)


def test_totals_are_exact_whatever_the_seed() -> None:
    other = five_and_five(seed=99)
    assert isinstance(other.demand_points, tuple)
    for weight, total in PUBLISHED.items():
        assert sum(cell.weights.get(weight, 0.0) for cell in other.demand_points) == total


def test_the_same_seed_gives_the_same_request_and_another_seed_does_not(
    request_: FireStationRequest,
) -> None:
    assert five_and_five() == request_
    assert five_and_five(seed=99) != request_


def test_the_grid_fills_the_outline_with_250_m_cells(cells: tuple[DemandPoint, ...]) -> None:
    x, y = outline_m().T
    area_m2 = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    assert area_m2 == pytest.approx(164.5e6, rel=0.005)
    assert len(cells) * 250**2 == pytest.approx(area_m2, rel=0.01)
    assert 2550 <= len(cells) <= 2700
    assert {cell.area_m2 for cell in cells} == {62_500.0}
    assert len({cell.id for cell in cells}) == len({(c.lat, c.lon) for c in cells}) == len(cells)


def test_forest_adds_up_to_45_5_percent_of_the_district(cells: tuple[DemandPoint, ...]) -> None:
    forest_m2 = sum((cell.area_m2 or 0.0) * cell.forest_share for cell in cells)
    assert forest_m2 == pytest.approx(76.5e6, rel=0.01)


def test_nobody_lives_in_the_forest(cells: tuple[DemandPoint, ...]) -> None:
    wild = [cell for cell in cells if cell.forest_share >= 0.9]
    assert len(wild) > 500
    assert sum(cell.weights["residents"] for cell in wild) == 0


def test_areas_are_23_communities_in_6_subdistricts_of_a_district(
    request_: FireStationRequest, cells: tuple[DemandPoint, ...]
) -> None:
    level = {area.id: area.level for area in request_.areas}
    parents = {area.parent for area in request_.areas if area.level == "community"}
    assert Counter(level.values()) == {"community": 23, "subdistrict": 6, "district": 1}
    assert {level[parent] for parent in parents if parent} == {"subdistrict"}
    assert len(parents) == 6
    assert {cell.area for cell in cells} == {key for key in level if level[key] == "community"}


def test_each_community_keeps_its_residents(cells: tuple[DemandPoint, ...]) -> None:
    found = Counter[str]()
    for cell in cells:
        found[str(cell.area)] += int(cell.weights["residents"])
    assert found["liulian-community"] == 44_500
    assert found["maluan-community"] == 1_500
    assert found["laokeng-community"] == 22_333


def test_every_risk_class_is_found(
    request_: FireStationRequest, cells: tuple[DemandPoint, ...]
) -> None:
    count = Counter(cell.risk_class for cell in cells)
    assert set(count) == {risk.id for risk in request_.risk_classes}
    assert count["high"] < count["medium"] < count["low"]


@pytest.mark.parametrize(
    ("prefix", "number", "people", "vehicles"),
    [("national", 2, 67, 10), ("government", 2, 48, 5), ("small", 10, 126, 10)],
)
def test_stations_in_service_have_the_people_and_vehicles_of_the_plan(
    request_: FireStationRequest, prefix: str, number: int, people: int, vehicles: int
) -> None:
    serving = [
        site.station
        for site in stations(request_, status="in_service")
        if site.station and site.id.startswith(prefix)
    ]
    assert len(serving) == number
    assert sum(one.headcount_people or 0 for one in serving) == people
    assert sum(sum((one.vehicles or {}).values()) for one in serving) == vehicles


def test_14_stations_serve_3_small_and_5_detachments_are_idle(
    request_: FireStationRequest,
) -> None:
    assert len(stations(request_, status="in_service")) == 14
    assert len(stations(request_, status="built_idle", class_id="small")) == 1
    assert len(stations(request_, status="not_transferred", class_id="small")) == 2
    assert len(stations(request_, status="built_idle", class_id="detachment")) == 5
    assert len(stations(request_)) == 22


def test_the_second_national_station_belongs_to_the_daya_bay_brigade(
    request_: FireStationRequest,
) -> None:
    owner = {site.id: site.station.owner for site in stations(request_) if site.station}
    assert owner["national-dayabay-2"] == "Daya Bay special-service brigade / 大亚湾特勤大队"


def test_over_200_candidates_pass_the_clearances_and_some_do_not(
    request_: FireStationRequest,
) -> None:
    barred = [site for site in candidates(request_) if excluded(request_, site)]
    reasons = {near.kind for site in barred for near in site.nearby if near.distance_m < 300}
    assert len(candidates(request_)) - len(barred) >= 200
    assert len(barred) >= 10
    assert reasons == {"hazardous_site", "crowd_exit"}


def test_candidates_are_invented_and_say_so_in_both_languages(
    request_: FireStationRequest,
) -> None:
    assert request_.illustrative
    assert all(site.illustrative for site in request_.sites)
    names = [site.name for site in candidates(request_)]
    assert all(name and name.en.startswith("Candidate ") for name in names)
    assert all(name and name.zh.startswith("备选点") for name in names)
    assert {site.allowed_classes for site in candidates(request_)} == {("city", "small")}


def test_land_is_dearest_in_the_centre(request_: FireStationRequest) -> None:
    ordered = sorted(
        candidates(request_),
        key=lambda site: abs((site.lat or 0) - 22.697) + abs((site.lon or 0) - 114.334),
    )
    near, far = ordered[:20], ordered[-20:]
    assert min(site.land_cost for site in near) > max(site.land_cost for site in far)


def test_outskirts_lie_beyond_1500_m_of_every_community_point(
    request_: FireStationRequest,
) -> None:
    lat, lon = np.array([(site.lat, site.lon) for site in candidates(request_)], dtype=float).T
    points_m = PLANE.to_metres(lat, lon)
    beyond = distances_m(points_m, community_points_m()).min(axis=1) > 1500
    assert [site.outskirts for site in candidates(request_)] == beyond.tolist()
    assert 5 < beyond.sum() < 50


def test_the_rules_are_those_of_the_example(request_: FireStationRequest) -> None:
    wanted = {key: (r.min, r.max) for key, r in request_.new_stations.items()}
    assert wanted == {"city": (5, 5), "small": (5, 5)}
    assert request_.rules.idle_stations is IdlePolicy.CLOSED
    assert request_.rules.small_adjoins_larger
    assert [s.weight for s in request_.travel.scenarios] == [0.5, 0.5]


def test_staging_pays_for_any_choice_of_sites(request_: FireStationRequest) -> None:
    assert request_.staging is not None
    dearest = sorted((site.land_cost for site in candidates(request_)), reverse=True)[:10]
    build = 5 * STATION_CLASSES["city"].capital_cost + 5 * STATION_CLASSES["small"].capital_cost
    granted = sum(year.capital_budget for year in request_.staging.years)
    assert [year.year for year in request_.staging.years] == [2021, 2022, 2023, 2024, 2025]
    assert build + sum(dearest) <= granted <= 1.3 * (build + sum(dearest))


def test_staffing_and_staging_can_be_left_out() -> None:
    bare = five_and_five(extras=Extras(staffing=False, staging=False))
    assert bare.staffing is None
    assert bare.staging is None
    assert not any(one.path.startswith("sta") for one in bare.assumptions)


def test_idle_first_builds_nothing_and_may_open_what_is_idle() -> None:
    request = idle_first()
    assert {r.max for r in request.new_stations.values()} == {0}
    assert request.rules.idle_stations is IdlePolicy.MAY_OPEN
    assert [objective.kind for objective in request.objectives] == ["cover", "cost"]


def test_idle_first_then_build_opens_all_that_is_idle() -> None:
    request = idle_first_then_build()
    assert {r.min for r in request.new_stations.values()} == {5}
    assert request.rules.idle_stations is IdlePolicy.OPEN


def test_every_assumption_names_its_source_and_the_invented_are_marked(
    request_: FireStationRequest,
) -> None:
    assert all(one.source and one.confidence for one in request_.assumptions)
    invented = {one.path for one in request_.assumptions if one.illustrative}
    assert {"sites.lat", "sites.land_cost", "sites.nearby", "demand_points.weights"} <= invented


def test_our_totals_are_those_of_the_plan() -> None:
    assert {key: totals()[key] for key in PUBLISHED} == PUBLISHED
