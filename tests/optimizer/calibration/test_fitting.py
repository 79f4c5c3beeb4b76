"""Laws slowed by hour, speeds by class of road, and distances from coordinates."""

import numpy as np
import pytest

from models.travel import AccelerationLaw
from optimizer.calibration import Columns, calibrate, read_runs
from optimizer.calibration.fitting import BRISK_M_S2, slowed
from optimizer.errors import InputError
from optimizer.travel.laws import travel_time

_FAR_M = np.array([0.0, 50.0, 800.0, 9000.0])


def test_a_slowed_law_takes_the_factor_longer_at_every_distance() -> None:
    law = AccelerationLaw(cruise_speed_m_s=12.0, acceleration_m_s2=0.12, offset_s=20.0)
    slow = travel_time(slowed(law, 1.7), _FAR_M)
    assert slow == pytest.approx(1.7 * travel_time(law, _FAR_M))


@pytest.mark.parametrize("factor", [0.7, 0.5, 0.3])
def test_a_brisk_law_made_much_faster_is_off_by_less_than_two_seconds(factor: float) -> None:
    law = AccelerationLaw(cruise_speed_m_s=12.0, acceleration_m_s2=BRISK_M_S2, offset_s=60.0)
    fast = travel_time(slowed(law, factor), _FAR_M)
    assert np.abs(fast - factor * travel_time(law, _FAR_M)).max() < 2.0


def test_a_peak_several_times_slower_is_fitted_and_leaves_the_scatter_alone() -> None:
    rng = np.random.default_rng(3)
    far_m, hour = rng.uniform(200, 6000, 2000), rng.choice([8, 12], 2000)
    times = (60 + far_m / 10) * np.where(hour == 8, 3.5, 1.0)
    times *= np.exp(0.2 * rng.standard_normal(2000))
    rows = [f"{a:.1f},{b:.1f},{c}" for a, b, c in zip(far_m, times, hour, strict=True)]
    runs = read_runs(["distance_m,observed_s,hour", *rows], "runs.csv", Columns())
    found = calibrate(runs, source="runs.csv")
    factors = {one.band.id: one.time_factor for one in found.hour_factors}
    assert factors["peak"] / factors["off_peak"] == pytest.approx(3.5, rel=0.1)
    assert found.time_sigma == pytest.approx(0.2, rel=0.25)  # the hours are not counted twice


def test_speeds_by_class_are_found_from_the_metres_on_each() -> None:
    metres = np.random.default_rng(2).uniform(100.0, 3000.0, (400, 2))
    seconds = 30.0 + metres @ [1 / 15, 1 / 6]
    pairs = zip(metres, seconds, strict=True)
    rows = [f"{sum(row)},{time},{row[0]},{row[1]}" for row, time in pairs]
    head = "distance_m,observed_s,metres_primary,metres_residential"
    found = calibrate(read_runs([head, *rows], "runs.csv", Columns()), source="runs.csv")
    assert found.class_offset_s == pytest.approx(30.0, abs=0.5)
    assert found.class_speeds_m_s == pytest.approx({"primary": 15.0, "residential": 6.0}, rel=0.01)


def test_distances_come_from_coordinates_where_no_column_gives_them() -> None:
    head = "origin_lat,origin_lon,destination_lat,destination_lon,observed_s"
    runs = read_runs([head, "0,0,0,0.01,200"], "runs.csv", Columns())
    assert runs.distance_m[0] == pytest.approx(1111.95, abs=0.1)


def test_missing_columns_are_named() -> None:
    with pytest.raises(InputError) as caught:
        read_runs(["Distance,Real", "1,2"], "runs.csv", Columns())
    paths = {fault.path for fault in caught.value.faults}
    assert paths == {"runs.csv: observed_s", "runs.csv: distance_m"}
