"""A planted shift is found, and nothing else raises suspicion."""

import numpy as np
import pytest
import shapely

from instances.coordinates import from_wgs84, parse_crs
from instances.coordinates.suspicion import READINGS, Reading, needs_crs, suspect, swapped

WEST, SOUTH = 114.30, 22.66
# Roads a good kilometre apart, and the district they lie in.
ROADS = [
    *(shapely.LineString([(WEST + i / 90, SOUTH), (WEST + i / 90, SOUTH + 0.1)]) for i in range(9)),
    *(shapely.LineString([(WEST, SOUTH + i / 90), (WEST + 0.1, SOUTH + i / 90)]) for i in range(9)),
]
DISTRICT = shapely.box(WEST, SOUTH, WEST + 0.1, SOUTH + 0.1)


def by_the_roads(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    lon = WEST + rng.integers(0, 9, count) / 90 + rng.normal(0, 3e-4, count)
    return lon, rng.uniform(SOUTH, SOUTH + 0.09, count)


@pytest.mark.parametrize("truth", READINGS)
@pytest.mark.parametrize("declared", READINGS)
def test_the_true_reading_is_found_by_roads(truth: Reading, declared: Reading) -> None:
    lon, lat = from_wgs84(*by_the_roads(80), truth)
    found = suspect(lon, lat, ROADS, declared=declared)
    assert found.better == (None if truth == declared else truth)
    assert (found.warning is None) == (truth == declared)
    best = min(found.scores, key=lambda score: score.road_distance_m or 0.0)
    assert best.reading == truth


def test_the_true_reading_is_found_by_the_outline_of_the_district() -> None:
    rng = np.random.default_rng(2)
    east = rng.uniform(WEST, WEST + 0.1, 400), rng.uniform(SOUTH, SOUTH + 0.1, 400)
    found = suspect(*from_wgs84(*east, "gcj02"), [DISTRICT], declared="wgs84")
    assert found.better == "gcj02"
    assert found.scores[1].inside_share == 1.0
    assert found.scores[1].shift_m == pytest.approx(606, abs=30)
    assert suspect(*east, [DISTRICT], declared="wgs84").better is None


@pytest.mark.parametrize("seed", range(20))
def test_points_that_care_for_no_road_raise_no_suspicion(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(WEST + 0.02, WEST + 0.08, 200), rng.uniform(SOUTH, SOUTH + 0.1, 200)
    assert suspect(lon, lat, ROADS, declared="wgs84").better is None


def test_few_points_prove_nothing() -> None:
    lon, lat = from_wgs84(*by_the_roads(5), "gcj02")
    assert suspect(lon, lat, ROADS, declared="wgs84").better is None


def test_points_far_from_every_road_speak_for_no_reading() -> None:
    rng = np.random.default_rng(3)
    lon, lat = WEST + rng.normal(0, 3e-4, 200), rng.uniform(SOUTH, SOUTH + 0.09, 200)
    road = shapely.LineString([(WEST + 0.01, SOUTH), (WEST + 0.01, SOUTH + 0.1)])  # at 1 km
    assert suspect(lon, lat, [road], declared="gcj02").better is None


def test_nothing_is_suspected_outside_the_mainland() -> None:
    found = suspect(np.array([-113.5]), np.array([53.5]), ROADS, declared="wgs84")
    assert (found.better, found.scores) == (None, ())


def test_points_in_the_mainland_need_a_system_that_a_person_named() -> None:
    lon, lat = by_the_roads(3)
    fault = needs_crs(lon, lat, None, path="points.csv")
    assert fault is not None
    assert fault.need.values["count"] == 3
    assert needs_crs(lon, lat, parse_crs("wgs84"), path="points.csv") is None
    assert needs_crs(lon - 220, lat, None, path="points.csv") is None


@pytest.mark.parametrize("name", ["wgs84", "EPSG:4547"])
def test_north_first_is_noticed(name: str) -> None:
    crs = parse_crs(name)
    x, y = from_wgs84(*by_the_roads(10), crs)
    assert swapped(x, y, crs, path="points.csv") is None
    fault = swapped(y, x, crs, path="points.csv")
    assert fault is not None
    assert fault.need.code == "coordinates.need.east_first"
