"""Synthetic cities, the uniform square, and what they are made of."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.generators.apportion import apportion
from instances.generators.city import city
from instances.generators.plane import Plane, distances_m, inside, lattice
from instances.generators.terrain import forest_shares
from instances.generators.uniform_square import uniform_square
from models.fire_stations import FireStationRequest
from models.travel import ByCoordinates


@settings(deadline=None, max_examples=50)
@given(
    st.integers(0, 10_000),
    st.lists(st.floats(0, 1e6), min_size=1).filter(lambda shares: sum(shares) > 1e-6),
)
def test_apportioned_numbers_add_up_and_stay_within_one_of_their_share(
    total: int, shares: list[float]
) -> None:
    exact = total * np.array(shares) / sum(shares)
    whole = apportion(total, np.array(shares))
    assert whole.sum() == total
    assert np.abs(whole - exact).max() < 1 + 1e-6


@pytest.mark.parametrize("shares", [[0.0, 0.0], [1.0, -0.5]])
def test_apportioning_by_no_or_negative_shares_is_refused(shares: list[float]) -> None:
    with pytest.raises(ValueError, match="shares"):
        apportion(3, np.array(shares))


def test_the_plane_measures_like_the_earth_and_turns_back() -> None:
    plane = Plane(22.7, 114.35)
    lat, lon = np.array([22.65, 22.78]), np.array([114.27, 114.44])
    points = plane.to_metres(lat, lon)
    half = np.radians(lat[1] - lat[0]) / 2, np.radians(lon[1] - lon[0]) / 2
    chord = np.sin(half[0]) ** 2 + np.cos(np.radians(lat)).prod() * np.sin(half[1]) ** 2
    haversine_m = 2 * 6_371_008.8 * np.arcsin(np.sqrt(chord))
    assert distances_m(points, points)[0, 1] == pytest.approx(haversine_m, rel=1e-3)
    np.testing.assert_allclose(plane.to_degrees(points), (lat, lon), atol=1e-6)


def test_a_notch_of_the_outline_is_outside() -> None:
    notched = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 1.0], [0.0, 4.0]])
    points = np.array([[2.0, 0.5], [2.0, 2.0], [0.5, 2.0], [3.5, 2.0], [-1.0, 0.0]])
    assert inside(points, notched).tolist() == [True, False, True, True, False]


def test_lattice_neighbours_are_one_spacing_apart() -> None:
    points = lattice(np.zeros(2), np.full(2, 2000.0), spacing_m=500.0)
    apart = distances_m(points, points) + 1e9 * np.eye(len(points))
    np.testing.assert_allclose(apart.min(axis=1), 500.0)


def test_forest_grows_with_remoteness_up_to_its_total() -> None:
    remoteness = np.linspace(0, 3, 1000)
    shares = forest_shares(remoteness, total=455.0, ramp=0.4)
    assert shares.sum() == pytest.approx(455.0, abs=0.5)
    assert (np.diff(shares) >= 0).all()


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 40), st.integers(1, 20), st.integers(0, 1000))
def test_a_city_of_any_size_is_a_request_that_reads_back(
    points: int, sites: int, seed: int
) -> None:
    request = city(points, sites, new_stations={"city": 1}, seed=seed)
    assert isinstance(request.demand_points, tuple)
    assert (len(request.demand_points), len(request.sites)) == (points, sites)
    assert sum(point.weights["residents"] for point in request.demand_points) >= points
    assert FireStationRequest.model_validate_json(request.model_dump_json()) == request


def test_a_city_follows_its_seed() -> None:
    first, again = (city(200, 40, new_stations={"city": 2}, seed=3) for _ in range(2))
    assert first == again
    assert city(200, 40, new_stations={"city": 2}, seed=4) != first


def test_a_city_has_the_shape_of_pingshan() -> None:
    request = city(5000, 200, new_stations={"city": 5, "small": 5}, seed=1)
    assert isinstance(request.demand_points, tuple)
    forest = np.array([point.forest_share for point in request.demand_points])
    residents = np.array([point.weights["residents"] for point in request.demand_points])
    classes = {site.station.class_id for site in request.sites if site.station}
    assert forest.mean() == pytest.approx(0.455, rel=0.01)
    assert residents[forest == 1].sum() == 0
    assert np.sort(residents)[-500:].sum() > 0.25 * residents.sum()
    assert classes == {"city", "small"}
    assert request.illustrative


def test_the_uniform_square_is_that_of_the_paper() -> None:
    square = uniform_square(20_000, 100, seed=5)
    columns = square.columns
    assert {len(column) for column in columns.values()} == {20_000}
    assert 0 <= columns["x_m"].min() < 0.1
    assert 29.9 < columns["y_m"].max() <= 30
    assert set(columns["residents"].tolist()) == set(range(1, 101))


def test_the_uniform_square_names_its_table_and_counts_metres_as_seconds() -> None:
    request = uniform_square(10, 4, radius_m=5.5, stations=2, seed=5).request("a" * 64)
    assert not isinstance(request.demand_points, tuple)
    assert not isinstance(request.standard, str)
    assert isinstance(request.travel, ByCoordinates)
    assert request.demand_points.sha256 == "a" * 64
    assert request.standard.within_s == 5.5
    assert request.travel.detour_factor == request.travel.scenarios[0].law.speed_m_s == 1.0  # type: ignore[union-attr]
    assert request.new_stations["station"].min == 2


def test_the_uniform_square_follows_its_seed() -> None:
    first, again, other = (uniform_square(50, 5, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.columns["x_m"], again.columns["x_m"])
    assert first.sites == again.sites
    assert first.sites != other.sites
