"""Ways as lines: as long as their times say, from door to door."""

from pathlib import Path

import numpy as np
import pytest

from optimizer.travel.roads.paths import quickest_paths
from tests.optimizer.travel.test_routes import _all_trips, _town

WALKING_M_S = 1.4


def test_a_way_on_foot_is_as_long_as_its_time_says(tmp_path: Path) -> None:
    roads = _town(tmp_path, profile={"mode": "foot"})
    shape = (len(roads.demand), len(roads.sites))
    point, site = (one.ravel() for one in np.indices(shape))
    _, times_s = _all_trips(roads)
    point, site, times_s = point[::7], site[::7], times_s[::7]
    found = quickest_paths(roads, 0, site, point)
    assert np.isfinite(times_s).any()
    plane = roads.network.plane
    for trip, line in enumerate(found):
        assert (line is None) == np.isinf(times_s[trip])
        if line is None:
            continue
        metres = plane.metres(line[:, 1], line[:, 0])
        ends = roads.sites.place_m[site[trip]], roads.demand.place_m[point[trip]]
        assert metres[0] == pytest.approx(ends[0], abs=0.01)
        assert metres[-1] == pytest.approx(ends[1], abs=0.01)
        length_m = np.hypot(*np.diff(metres, axis=0).T).sum()
        assert length_m == pytest.approx(WALKING_M_S * times_s[trip], rel=0.01, abs=1.0)


def test_there_is_no_way_beyond_the_cutoff(tmp_path: Path) -> None:
    roads = _town(tmp_path, profile={"mode": "foot"}, cutoff_s=1.0)
    assert quickest_paths(roads, 0, np.array([0, 1]), np.array([5, 6])) == [None, None]
