"""Roads through the command line: a network, closures as scenarios, a verified plan, a report."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from instances.catalog import data_folder
from tests.api.doors import Muster

# Places in the box that the published graph of Futian covers.
_LAT, _LON = (22.519, 22.549), (113.999, 114.038)
_FLOODED = [[114.012, 22.53], [114.02, 22.53], [114.02, 22.54], [114.012, 22.54], [114.012, 22.53]]


@pytest.fixture
def futian() -> Path:
    """The published road graph of a part of Futian."""
    folder = data_folder()
    path = None if folder is None else folder / "futian" / "G.graphml"
    if path is None or not path.is_file():
        pytest.skip("no road graph of Futian; set MUSTER_DATA to the folder of published data")
    return path


def _places(count: int, seed: int) -> list[tuple[float, float]]:
    rng = np.random.default_rng(seed)
    return list(
        zip(rng.uniform(*_LAT, count).tolist(), rng.uniform(*_LON, count).tolist(), strict=True)
    )


def _request(sha256: str) -> dict[str, Any]:
    """Return 300 points and 40 sites over the network, as usual and with a block flooded."""
    closure = {
        "id": "block",
        "kind": "flood",
        "geometry": {"type": "Polygon", "coordinates": [_FLOODED]},
    }
    return {
        "demand_points": [
            {"id": f"p{i}", "lat": lat, "lon": lon, "weights": {"residents": 10 + i}}
            for i, (lat, lon) in enumerate(_places(300, seed=1))
        ],
        "sites": [
            {"id": f"s{j}", "lat": lat, "lon": lon}
            | ({"station": {"class_id": "small"}} if j < 2 else {})
            for j, (lat, lon) in enumerate(_places(40, seed=2))
        ],
        "new_stations": {"city": 2},
        "travel": {
            "kind": "roads",
            "network": {"sha256": sha256},
            "closures": [closure],
            "scenarios": [{"id": "usual"}, {"id": "flood", "closures": ["block"]}],
        },
        "limits": {"time_limit_s": 60},
    }


def test_a_real_network_gives_a_verified_plan_and_says_what_the_flood_closed(
    muster: Muster, futian: Path, tmp_path: Path
) -> None:
    added = muster("network", "add", futian)
    assert added.returncode == 0, added.stderr.decode()
    request = tmp_path / "request.json"
    request.write_text(json.dumps(_request(added.stdout.decode().split()[0])), encoding="utf-8")

    solved = muster("solve", request, "--out", "plan.json")

    assert solved.returncode == 0, solved.stderr.decode()
    answer = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert answer["run"]["status"] == "optimal"
    assert answer["verification"]["passed"]
    usual, flood = answer["travel"]["scenarios"]
    assert answer["travel"]["method"] == "roads"
    assert usual["closed_length_m"] == 0 < flood["closed_length_m"]
    assert flood["closed_roads"] is not None
    figures = {
        one["scenario_id"]: one["cover"][0]["covered"]
        for one in answer["plan"]["after"]["groups"]
        if one["scope"] == "total"
    }
    assert figures["flood"] <= figures["usual"]
    report = muster("report", request, "plan.json", "--out", "report.html", "--lang", "zh")
    assert report.returncode == 0, report.stderr.decode()


def test_an_unknown_network_is_a_fault_of_its_field(muster: Muster, tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    request.write_text(json.dumps(_request("0" * 64)), encoding="utf-8")

    solved = muster("solve", request, "--out", "plan.json")

    assert solved.returncode == 2
    assert "Traceback" not in solved.stderr.decode()
    assert not (tmp_path / "plan.json").exists()
