"""Speeds by class fitted over a network: what was planted comes back, hours and outliers or not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from instances.generators.road_town import road_town
from instances.roads import read_network
from models.calibration import RoadCalibration
from models.roads import RoadNetwork
from optimizer.calibration import Columns, calibrate_on_roads, read_runs
from optimizer.datasets import Store
from optimizer.errors import InputError
from tests.optimizer.calibration.runs_in_town import PLANTED, START_S, Town

_MUCH_DRIVEN = ("primary", "secondary", "residential")
_HOURS: dict[int, dict[str, Any]] = {
    8: {"time_factor": 1.4, "class_time_factors": {"primary": 1.3}},
    12: {},
    23: {"time_factor": 0.85},
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town.at(tmp_path_factory.mktemp("town"))


def _fit(town: Town, lines: list[str], **travel: Any) -> RoadCalibration:
    runs = read_runs(lines, "runs.csv", Columns())
    return calibrate_on_roads(runs, (town.travel(**travel), town.store), source="runs.csv")


def _speeds(found: RoadCalibration) -> dict[str, float]:
    return {one.road_class: one.after_m_s for one in found.classes if one.fitted}


@pytest.mark.parametrize("outliers", [0.0, 0.1])
def test_planted_speeds_come_back_within_a_twentieth(town: Town, outliers: float) -> None:
    found = _fit(town, town.log(outliers=outliers))

    assert found.converged
    assert found.start_s == pytest.approx(START_S, abs=8)
    for name in _MUCH_DRIVEN:
        assert _speeds(found)[name] == pytest.approx(PLANTED[name], rel=0.05)
    if not outliers:
        assert found.time_sigma == pytest.approx(0.15, rel=0.1)


def test_a_profile_far_off_ends_at_the_same_speeds_as_one_that_is_near(town: Town) -> None:
    lines = town.log()
    near = _fit(town, lines)
    far = _fit(
        town, lines, profile={"speeds_m_s": dict.fromkeys(PLANTED, 8.0), "maxspeed": "ignore"}
    )
    assert far.converged
    assert far.rounds > 1
    for name in _MUCH_DRIVEN:
        assert _speeds(far)[name] == pytest.approx(_speeds(near)[name], rel=0.02)
    assert far.after.mean_absolute_error_s < 0.7 * far.before.mean_absolute_error_s
    assert far.after.right_verdicts > far.before.right_verdicts


def test_hours_come_back_by_class(town: Town) -> None:
    found = _fit(town, town.log(outliers=0.1, hours=_HOURS))
    planted = {"peak": 8, "off_peak": 12, "night": 23}
    assert {one.band.id for one in found.hour_factors} == set(planted)
    for one in found.hour_factors:
        factors = _HOURS[planted[one.band.id]]
        for name in ("primary", "secondary"):
            slower = one.time_factor * one.class_time_factors.get(name, 1.0)
            truly = factors.get("time_factor", 1.0)
            truly *= factors.get("class_time_factors", {}).get(name, 1.0)
            assert _speeds(found)[name] / slower == pytest.approx(PLANTED[name] / truly, rel=0.06)


def test_a_tenth_of_the_runs_held_out_take_longer_than_the_p90(town: Town) -> None:
    found = _fit(town, town.log(sigma=0.3))
    assert found.after.within_p90 == pytest.approx(0.9, abs=0.03)
    assert found.p90_factor == pytest.approx(float(np.exp(0.3 * 1.2816)), rel=0.06)
    assert len(found.before.bands) == len(found.after.bands) > 3


def test_a_class_with_too_few_metres_keeps_its_speed_and_is_named(town: Town) -> None:
    found = _fit(town, town.log(), profile={"speeds_m_s": {"motorway_link": 7.0}})
    kept = {one.road_class: one for one in found.classes if not one.fitted}
    assert kept["motorway_link"].after_m_s == pytest.approx(7.0)
    assert found.travel.profile.speeds_m_s["motorway_link"] == pytest.approx(7.0)


def test_times_of_the_source_are_kept_and_multiplied_by_one_factor(tmp_path: Path) -> None:
    """Single roads differ in what the source says of them; the log shows all 1.6 times slower."""
    (tmp_path / "roads.geojson").write_text(road_town()["roads.geojson"], encoding="utf-8")
    arrays = dict(read_network(tmp_path / "roads.geojson").columns)
    rng = np.random.default_rng(3)
    length_m = arrays["edge_length_m"]
    arrays["edge_time_s"] = length_m / rng.uniform(6, 14, len(length_m))
    arrays["edge_time_s"][rng.random(len(length_m)) < 0.1] = np.nan
    store = Store(tmp_path / "store")
    town = Town(store, RoadNetwork(sha256=store.add_arrays(arrays)))
    slower = dict.fromkeys(PLANTED, 1.6)
    closure = {"id": "pit", "geometry": {"type": "Point", "coordinates": [112.03, 30.03]}}
    flood = [{"id": "usual"}, {"id": "flood", "closures": ["pit"]}]

    found = _fit(
        town,
        town.log(hours={12: {"class_time_factors": slower}}),
        closures=[closure],
        scenarios=flood,
    )

    assert found.converged
    given = {one.road_class: one for one in found.classes if one.given_times and one.fitted}
    for name in _MUCH_DRIVEN:
        assert given[name].before_m_s / given[name].after_m_s == pytest.approx(1.6, rel=0.06)
    for scenario in found.travel.scenarios:
        assert scenario.class_time_factors["primary"] == pytest.approx(1.6, rel=0.06)
    # Beside them primary roads are driven at 14 m/s, which the factor slows to 8.75.
    raised = found.travel.profile.speeds_m_s["primary"]
    assert raised / found.travel.scenarios[0].class_time_factors["primary"] == pytest.approx(
        PLANTED["primary"] / 1.6, rel=0.15
    )
    assert found.after.mean_absolute_error_s < 0.6 * found.before.mean_absolute_error_s


def test_hours_take_the_place_of_open_scenarios_and_closures_stay(town: Town) -> None:
    closure = {"id": "pit", "geometry": {"type": "Point", "coordinates": [112.03, 30.03]}}
    scenarios = [
        {"id": "usual", "weight": 0.8},
        {"id": "flood", "weight": 0.2, "closures": ["pit"]},
    ]
    found = _fit(town, town.log(hours=_HOURS), closures=[closure], scenarios=scenarios)
    weights = {one.id: one.weight for one in found.travel.scenarios}
    assert set(weights) == {"peak", "off_peak", "night", "flood"}
    assert weights["flood"] == 0.2
    assert sum(weights.values()) == pytest.approx(1.0)
    assert found.travel.closures[0].id == "pit"


def test_runs_without_a_way_are_left_out_and_counted(town: Town) -> None:
    lines = town.log(400)
    lines += ["31.5,113.5,31.6,113.6,900,12"] * 7
    assert _fit(town, lines).unrouted_count == 7


def test_a_log_without_origins_is_refused(town: Town) -> None:
    runs = replace(read_runs(town.log(100), "runs.csv", Columns()), ends_deg=None)
    with pytest.raises(InputError) as caught:
        calibrate_on_roads(runs, (town.travel(), town.store), source="runs.csv")
    assert [one.need.code for one in caught.value.faults] == ["calibration.need_ends"]


def test_runs_that_lie_elsewhere_are_too_few(town: Town) -> None:
    lines = town.log(20) + ["31.5,113.5,31.6,113.6,900,12"] * 60
    with pytest.raises(InputError) as caught:
        _fit(town, lines)
    assert [one.need.code for one in caught.value.faults] == ["calibration.need_runs"]
