"""GCJ-02 and BD-09 against measured shifts, and forth and back again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances.coordinates import distance_m, from_wgs84, to_wgs84
from instances.coordinates.mainland import in_mainland

SHENZHEN = (114.0579, 22.5431)
PLACES_INSIDE = {
    "Luohu": (114.123, 22.541),
    "Futian Port": (114.068, 22.523),
    "Shekou": (113.915, 22.48),
    "Yantian": (114.27, 22.575),
    "Dapeng": (114.48, 22.53),
    "Gongbei": (113.55, 22.22),
    "Dandong": (124.39, 40.12),
    "Heihe": (127.5, 50.24),
    "Khorgos": (80.4, 44.2),
    "Yadong": (88.9, 27.5),
    "Sanya": (109.5, 18.25),
    "Pingtan": (119.79, 25.5),
    "Changbai": (128.2, 41.42),
}
PLACES_OUTSIDE = {
    "Yuen Long": (114.03, 22.445),
    "Sheung Shui": (114.128, 22.502),
    "Hong Kong": (114.17, 22.30),
    "Macao": (113.545, 22.195),
    "Taipei": (121.5, 25.04),
    "Seoul": (127.0, 37.57),
    "Hanoi": (105.85, 21.03),
    "Kathmandu": (85.3, 27.7),
    "Edmonton": (-113.5, 53.5),
}


@pytest.mark.parametrize(
    ("crs", "place", "shift_m"),
    [
        ("gcj02", SHENZHEN, 606),
        ("bd09", SHENZHEN, 1243),
        ("gcj02", (116.391, 39.907), 556),
        ("gcj02", (121.474, 31.230), 482),
        ("gcj02", (104.066, 30.660), 361),
    ],
)
def test_the_shift_is_as_long_as_measured(
    crs: str, place: tuple[float, float], shift_m: float
) -> None:
    assert distance_m(*place, *from_wgs84(*place, crs)) == pytest.approx(shift_m, abs=3)


def test_shenzhen_is_shifted_to_the_south_east() -> None:
    lon, lat = from_wgs84(*SHENZHEN, "gcj02")
    assert float(lon) - SHENZHEN[0] == pytest.approx(0.0050, abs=2e-4)
    assert float(lat) - SHENZHEN[1] == pytest.approx(-0.0027, abs=1e-4)


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
@given(lon=st.floats(73.5, 134.9), lat=st.floats(18.0, 53.5))
def test_forth_and_back_is_the_same_place_in_the_mainland(crs: str, lon: float, lat: float) -> None:
    if in_mainland(lon, lat):
        back = to_wgs84(*from_wgs84(lon, lat, crs), crs)
        assert distance_m(lon, lat, *back) <= 0.01


@pytest.mark.parametrize("name", PLACES_INSIDE)
def test_a_border_town_of_the_mainland_is_shifted(name: str) -> None:
    assert in_mainland(*PLACES_INSIDE[name])


@pytest.mark.parametrize("name", PLACES_OUTSIDE)
def test_nothing_is_shifted_elsewhere(name: str) -> None:
    place = PLACES_OUTSIDE[name]
    for crs in ("gcj02", "bd09"):
        assert tuple(map(float, from_wgs84(*place, crs))) == place
        if name not in {"Yuen Long", "Macao"}:  # so near, either side could be meant
            assert tuple(map(float, to_wgs84(*place, crs))) == place


def test_many_positions_are_converted_at_once() -> None:
    lon, lat = np.meshgrid(np.linspace(100, 120, 60), np.linspace(23, 40, 60))
    back = to_wgs84(*from_wgs84(lon, lat, "bd09"), "bd09")
    assert np.max(distance_m(lon, lat, *back)) <= 0.01
    assert back[0].shape == (60, 60)
