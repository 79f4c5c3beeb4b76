"""The comparison with a router: what both read, what is counted, and where there is none."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import routers
from benchmarks.agreement import agreement
from benchmarks.osm_files import write_pbf
from instances.generators.road_town import road_town
from instances.roads import Network, read_network


@pytest.fixture
def town(tmp_path: Path) -> Network:
    path = tmp_path / "roads.geojson"
    path.write_text(road_town(size=12)["roads.geojson"], encoding="utf-8")
    return read_network(path)


def _lengths_m(network: Network) -> dict[tuple[str, int, float], float]:
    """Return the length of road by class, directions and limit."""
    columns = network.columns
    classes = columns["class_names"][columns["edge_class"]].tolist()
    directions = (columns["edge_access"] & 3).tolist()
    limits = np.nan_to_num(columns["edge_maxspeed_m_s"]).round(2).tolist()
    found: dict[tuple[str, int, float], float] = {}
    for key, length_m in zip(
        zip(classes, directions, limits, strict=True), columns["edge_length_m"], strict=True
    ):
        found[key] = found.get(key, 0.0) + float(length_m)
    return found


def test_the_pbf_holds_the_same_roads(town: Network, tmp_path: Path) -> None:
    write_pbf(tmp_path / "town.osm.pbf", town)
    again = read_network(tmp_path / "town.osm.pbf")
    assert _lengths_m(again) == pytest.approx(_lengths_m(town), rel=1e-5)


def test_agreement_is_counted_by_distance_and_near_the_standard() -> None:
    ours = np.array([100.0, 200.0, 230.0, 250.0, 900.0, np.inf, 50.0])
    theirs = np.array([110.0, 220.0, 253.0, 275.0, 990.0, 10.0, np.inf])
    found = agreement(ours, theirs, np.array([100.0, 600.0, 600.0, 600.0, 9e3, 1.0, 1.0]))
    assert found.median_ratio == pytest.approx(1.1)
    assert (found.pair_count, found.only_ours, found.only_theirs) == (5, 1, 1)
    assert [(one.from_m, one.pair_count) for one in found.bands] == [(0, 1), (500, 3), (8000, 1)]
    assert found.near_count == 3
    assert found.same_verdict == pytest.approx(2 / 3)
    assert found.same_verdict_scaled == 1.0


def test_without_routers_nothing_is_compared_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    here = str(tmp_path)
    monkeypatch.setattr(sys, "argv", ["routers", "--valhalla", here, "--osrm", here])
    assert routers.main() == 0
    said = capsys.readouterr().out
    assert "valhalla is absent" in said
    assert "osrm is absent" in said


@pytest.mark.parametrize("kind", routers.PROGRAMS)
def test_at_equal_speeds_a_router_comes_to_nearly_the_same_times(
    town: Network, tmp_path: Path, kind: type[routers.Program]
) -> None:
    variable = kind.name.value.upper()
    named = os.environ.get(variable)
    program = kind.find(Path(named) if named else None, tmp_path)
    if program is None:
        pytest.skip(f"{kind.name} absent: set {variable} to its folder or the wheel of {kind.hint}")
    case = routers.Case(lambda folder: town, 10, 60)
    prepared = routers.Prepared.of(town, case, tmp_path / "town", equal=True)
    found = routers.compare(prepared, program, tmp_path / "run")
    assert found["only_ours"] == found["only_theirs"] == 0
    assert 0.98 < found["median_ratio"] < 1.08
    assert found["correlation"] > 0.995
