"""The example of a project on roads: the same for the same seed, and answered as it stands."""

import json
from pathlib import Path

import numpy as np

from instances.generators.road_town import road_town
from instances.projects import import_project
from instances.roads import read_network
from tests.api.doors import Muster


def _write(folder: Path, **asked: int) -> Path:
    folder.mkdir()
    for name, text in road_town(**asked).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_same_seed_is_the_same_town() -> None:
    assert road_town(seed=3) == road_town(seed=3)
    assert road_town(seed=3) != road_town(seed=4)


def test_every_row_of_it_can_be_used(tmp_path: Path) -> None:
    imported = import_project(_write(tmp_path / "town"))
    assert imported.faults == ()
    assert imported.request is not None
    assert imported.request["illustrative"] is True
    assert [one["id"] for one in imported.request["travel"]["closures"]] == [
        "middle-bridge",
        "slope",
    ]
    residents = [one["weights"]["residents"] for one in imported.request["demand_points"]]
    assert sum(residents) == 86_000


def test_a_bigger_town_has_more_roads(tmp_path: Path) -> None:
    small = read_network(_write(tmp_path / "small", size=8) / "roads.geojson")
    large = read_network(_write(tmp_path / "large", size=24) / "roads.geojson")
    lengths = [float(np.sum(one.columns["edge_length_m"])) for one in (small, large)]
    assert lengths[1] > 6 * lengths[0]


def test_one_command_answers_it(muster: Muster, tmp_path: Path) -> None:
    assert muster("template", "road-town", "--out", "town").returncode == 0

    ran = muster("run", "town", "--out", "results")

    assert ran.returncode == 0, ran.stderr.decode()
    assert "ILLUSTRATIVE" in ran.stdout.decode()
    answer = json.loads((tmp_path / "results" / "plan.json").read_text(encoding="utf-8"))
    assert answer["run"]["status"] == "optimal"
    assert answer["illustrative"]
    closed = {one["scenario_id"]: one["closed_length_m"] for one in answer["travel"]["scenarios"]}
    assert closed["flood"] > closed["free_flow"] == closed["peak"] == 0
    layers = json.loads((tmp_path / "results" / "map.geojson").read_text(encoding="utf-8"))
    drawn = {one["properties"]["layer"] for one in layers["features"]}
    assert {"backdrop", "closed_roads", "isochrones"} <= drawn
