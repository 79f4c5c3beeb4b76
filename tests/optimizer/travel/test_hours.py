"""Hours by name, and classes of road that a network has not."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from models.roads import RoadScenario
from models.traffic import RANKS, TRAFFIC_PRESETS
from optimizer.errors import InputError
from optimizer.travel import travel_times
from optimizer.travel.report import travel_report
from optimizer.travel.roads.speeds import SPEEDS_M_S
from tests.optimizer.travel.networks import by_roads, kept, network, points, sites


def _times(folder: Path, *scenarios: dict[str, Any], **travel: Any) -> list[float]:
    """Return the time along a primary road, 100 s long in no particular hour, in each scenario."""
    arrays = network([(0, 0), (1, 0)], [(0, 1)], classes="primary", edge_time_s=np.array([100.0]))
    store, reference = kept(arrays, folder)
    asked = by_roads(reference, scenarios=scenarios, **travel)
    found = travel_times(asked, points((1, 0)), sites((0, 0)), store)
    return [float(found.block(k, slice(None))[0, 0]) for k in range(len(scenarios))]


def test_an_hour_by_name_slows_each_class_by_its_factor(tmp_path: Path) -> None:
    named = [{"id": name, "preset": name} for name in ("peak", "free_flow", "night")]
    expected = [100 * TRAFFIC_PRESETS[one].factors["arterial"] for one in TRAFFIC_PRESETS]
    assert _times(tmp_path, *named) == pytest.approx(expected)


def test_factors_of_its_own_stand_before_those_of_the_hour(tmp_path: Path) -> None:
    own = {"id": "own", "preset": "peak", "class_time_factors": {"primary": 2.0}}
    slower = {"id": "slower", "preset": "peak", "time_factor": 3.0}
    assert _times(tmp_path, own, slower) == pytest.approx([200.0, 390.0])


def test_times_kept_for_one_hour_are_not_those_of_another(tmp_path: Path) -> None:
    assert _times(tmp_path, {"preset": "peak"}) != _times(tmp_path, {"preset": "night"})


def test_peak_and_free_flow_differ_on_arterials_as_the_traffic_of_shenzhen_did() -> None:
    peak, free = (TRAFFIC_PRESETS[one].factors for one in ("peak", "free_flow"))
    assert peak["arterial"] / free["arterial"] == pytest.approx(44 / 29, rel=0.02)
    assert set(SPEEDS_M_S) == {name for names in RANKS.values() for name in names}


def test_an_unknown_hour_is_refused() -> None:
    with pytest.raises(ValidationError, match="peak"):
        RoadScenario.model_validate({"preset": "rush"})


def test_an_invented_hour_makes_the_travel_illustrative(tmp_path: Path) -> None:
    arrays = network([(0, 0), (1, 0)], [(0, 1)])
    store, reference = kept(arrays, tmp_path)
    places = points((1, 0)), sites((0, 0))
    for scenario, illustrative in (({"preset": "night"}, True), ({}, False)):
        travel = by_roads(reference, scenarios=[scenario])
        times = travel_times(travel, *places, store)
        assert travel_report(travel, times, places, store).illustrative is illustrative


def test_classes_the_network_has_not_are_all_named_with_those_it_has(tmp_path: Path) -> None:
    closure = {
        "id": "pit",
        "geometry": {"type": "Point", "coordinates": [0.0, 0.0]},
        "road_classes": ["primary", "primry"],
    }
    profile = {"speeds_m_s": {"primary": 9.0, "motorway": 20.0, "motrway": 20.0}}
    scenario = {"class_time_factors": {"secundary": 2.0}}

    with pytest.raises(InputError) as caught:
        _times(tmp_path, scenario, closures=[closure], profile=profile)

    assert [(one.path, one.value) for one in caught.value.faults] == [
        ("travel.closures[0].road_classes[1]", '"primry"'),
        ("travel.scenarios[0].class_time_factors", '"secundary"'),
        ("travel.profile.speeds_m_s", '"motrway"'),
    ]
    assert {one.need.values["known"] for one in caught.value.faults} == {"primary"}
