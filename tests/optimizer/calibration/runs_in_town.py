"""Logs of runs in a generated town, at speeds that are planted and so known."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from instances.generators.road_town import road_town
from instances.roads import read_network
from models.places import DemandPoint, Site
from models.roads import ByRoads, RoadNetwork
from optimizer.datasets import Store
from optimizer.demand import DemandArrays
from optimizer.travel.roads import road_times

PLANTED = {
    "motorway": 22.0,
    "motorway_link": 9.0,
    "primary": 14.0,
    "secondary": 10.0,
    "residential": 5.5,
}
START_S = 45.0
_HEAD = "origin_lat,origin_lon,destination_lat,destination_lon,observed_s,hour"


@dataclass(frozen=True)
class Town:
    """The town's network in a store."""

    store: Store
    network: RoadNetwork

    @classmethod
    def at(cls, folder: Path) -> "Town":
        """Write the town below ``folder``."""
        (folder / "roads.geojson").write_text(road_town()["roads.geojson"], encoding="utf-8")
        store = Store(folder / "store")
        sha256 = store.add_arrays(dict(read_network(folder / "roads.geojson").columns))
        return cls(store, RoadNetwork(sha256=sha256))

    def travel(self, **fields: Any) -> ByRoads:
        """Return travel over its roads, as a request has it."""
        return ByRoads.model_validate({"network": self.network, **fields})

    def log(
        self,
        count: int = 3000,
        *,
        sigma: float = 0.15,
        outliers: float = 0.0,
        hours: Mapping[int, Mapping[str, Any]] | None = None,
        seed: int = 5,
    ) -> list[str]:
        """Return the lines of a log: runs from 12 stations at the planted speeds.

        ``hours`` gives the factors of a scenario for each hour that has runs; a share of
        ``outliers`` waits three to ten times as long.
        """
        rng = np.random.default_rng(seed)
        hours = hours or {12: {}}
        profile = {"speeds_m_s": PLANTED, "maxspeed": "ignore", "start_s": START_S}
        scenarios = [{"id": str(hour), **factors} for hour, factors in hours.items()]
        travel = self.travel(profile=profile, scenarios=scenarios)
        stations = [Site(id=f"s{j}", lat=lat, lon=lon) for j, (lat, lon) in _places(rng, 12)]
        ends = [DemandPoint(id=f"p{i}", lat=lat, lon=lon) for i, (lat, lon) in _places(rng, 800)]
        arrays = DemandArrays.from_request(tuple(ends), None)
        times = [one.toarray() for one in road_times(travel, arrays, tuple(stations), self.store)]
        lines = [_HEAD]
        for _ in range(count):
            k, i, j = rng.integers(len(hours)), rng.integers(len(ends)), rng.integers(12)
            time_s = times[k][i, j] * np.exp(sigma * rng.standard_normal())
            if rng.random() < outliers:
                time_s = min(time_s * rng.uniform(3, 10), 7000.0)
            at = (stations[j].lat, stations[j].lon, ends[i].lat, ends[i].lon)
            lines.append(",".join(f"{one:.6f}" for one in (*at, time_s)) + f",{list(hours)[k]}")
        return lines


def _places(rng: np.random.Generator, count: int) -> list[tuple[int, tuple[float, float]]]:
    lat, lon = rng.uniform(30.003, 30.059, count), rng.uniform(112.003, 112.068, count)
    return list(enumerate(zip(lat.tolist(), lon.tolist(), strict=True)))
