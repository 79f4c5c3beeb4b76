"""Muster's times over roads beside Valhalla's, from the same PBF: ``python -m benchmarks.routers``.

Two ways. *As tagged*: each program knows its own speeds, as it would in use. *Equal speeds*: every
road is posted with the speed Muster gives it, and both go by that; what is left is turns, signals
and the choice of way. Places are crossings, so that no access leg comes in.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from api.clients import Router, RouterName, router_times
from benchmarks import valhalla
from benchmarks.agreement import FloatArray, agreement
from benchmarks.machine import machine
from benchmarks.osm_files import write_pbf
from benchmarks.report import RESULTS, merge, write_report
from instances.catalog import data_folder
from instances.generators.road_town import road_town
from instances.roads import Network, Options, read_network
from models.places import DemandPoint, Site
from models.roads import ByRoads, RoadNetwork, RoadProfile
from optimizer.datasets import Store
from optimizer.demand import DemandArrays
from optimizer.travel import travel_times
from optimizer.travel.distance import Positions
from optimizer.travel.roads.network import Network as RoadArrays
from optimizer.travel.roads.speeds import edge_times

ABSENT = """\
Valhalla is absent: nothing is compared. To have it (Linux, x86-64), in any folder:
    pip download pyvalhalla==3.9.1 --no-deps --python-version 312 --only-binary=:all:
    python -m benchmarks.routers --valhalla pyvalhalla-3.9.1-*.whl
"""
_PROFILE = RoadProfile(mode="car", default_speed_m_s=25 / 3.6)
_SEED = 1


class AbsentError(Exception):
    """The data of a network is not on this machine."""


@dataclass(frozen=True)
class Case:
    """A network, and how many of its crossings are sources and targets.

    Where its roads have no classes, no program has speeds of its own for them.
    """

    read: Callable[[Path], Network]
    sources: int
    targets: int
    speeds: tuple[str, ...] = ("as tagged", "equal")


def _town(folder: Path) -> Network:
    path = folder / "roads.geojson"
    path.write_text(road_town(size=24, seed=_SEED)["roads.geojson"], encoding="utf-8")
    return read_network(path)


def _futian(folder: Path) -> Network:
    del folder
    return read_network(_published("futian/G.graphml"))


def _edmonton(folder: Path) -> Network:
    del folder
    return read_network(_published("edmonton/roads.zip"), options=Options(time_unit="days"))


def _published(name: str) -> Path:
    root = data_folder()
    if root is None or not (root / name).is_file():
        raise AbsentError(f"{name} is absent: set MUSTER_DATA to the folder of published data")
    return root / name


CASES = {
    "road-town": Case(_town, 60, 500),
    "futian": Case(_futian, 60, 500),
    "edmonton": Case(_edmonton, 60, 1000, ("equal",)),
}


def compare(
    network: Network, case: Case, program: valhalla.Valhalla, folder: Path, *, equal: bool
) -> dict[str, Any]:
    """Return how both programs' times agree on a network, read by both from one PBF."""
    folder.mkdir(parents=True, exist_ok=True)
    pbf = folder / "roads.osm.pbf"
    write_pbf(pbf, network, _speeds_m_s(network) if equal else None)
    store = Store(folder / "store")
    roads = read_network(pbf).columns
    profile = _PROFILE.model_copy(update={"maxspeed": "use"}) if equal else _PROFILE
    reference = RoadNetwork(sha256=store.add_arrays(roads))
    travel = ByRoads(network=reference, profile=profile, cutoff_s=1e6)
    sources, targets = _places(RoadArrays.of(roads), roads, profile, case)
    began = time.perf_counter()
    ours_s = _ours(travel, sources, targets, store)
    ours_took_s = time.perf_counter() - began
    with valhalla.serving(program, pbf, folder / "valhalla") as line:
        began = time.perf_counter()
        router = Router.of(RouterName.VALHALLA, line)
        theirs_s = router_times(router, sources, targets, lambda done, total: None).time_s
        theirs_took_s = time.perf_counter() - began
    at = [Positions(one[:, 0], one[:, 1], planar=False) for one in (targets, sources)]
    found = agreement(ours_s, theirs_s, at[0].distances_m(at[1]))
    return asdict(found) | {
        "muster_s": round(ours_took_s, 2),
        "valhalla_s": round(theirs_took_s, 2),
    }


def _speeds_m_s(network: Network) -> FloatArray:
    """Return the speed that Muster gives each edge, NaN where no car may go."""
    arrays = RoadArrays.of(network.columns)
    times = edge_times(arrays, _PROFILE)
    seconds = np.minimum(times.forward_s, times.backward_s)
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = np.where(seconds > 0, arrays.length_m / seconds, np.nan)
    return np.where(speed > 0, speed, np.nan)


def _places(
    arrays: RoadArrays, columns: Any, profile: RoadProfile, case: Case
) -> tuple[FloatArray, FloatArray]:
    """Return crossings of roads that cars may use, as lat and lon in degrees."""
    usable = edge_times(arrays, profile).usable
    used = np.unique([arrays.edge_from[usable], arrays.edge_to[usable]])
    rng = np.random.default_rng(_SEED)
    at = np.column_stack([columns["node_lat"], columns["node_lon"]])
    sources, targets = (
        at[rng.choice(used, min(count, len(used)), replace=False)]
        for count in (case.sources, case.targets)
    )
    return sources, targets


def _ours(travel: ByRoads, sources: FloatArray, targets: FloatArray, store: Store) -> FloatArray:
    demand = tuple(
        DemandPoint(id=str(k), lat=lat, lon=lon) for k, (lat, lon) in enumerate(targets.tolist())
    )
    sites = tuple(
        Site(id=str(k), lat=lat, lon=lon) for k, (lat, lon) in enumerate(sources.tolist())
    )
    times = travel_times(travel, DemandArrays.from_request(demand, None), sites, store)
    return times.block(0, slice(0, len(demand)))


def _bands(run: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for band in run["bands"]:
        yield {
            "network": run["network"],
            "speeds": run["speeds"],
            "from_m": band["from_m"],
            "pairs": band["pair_count"],
            "ratio_p10": round(band["low"], 3),
            "ratio_median": round(band["median"], 3),
            "ratio_p90": round(band["high"], 3),
        }


def _whole(run: dict[str, Any]) -> dict[str, Any]:
    shares = ("correlation", "median_ratio", "same_verdict", "same_verdict_scaled")
    rounded = {one: None if run[one] is None else round(run[one], 4) for one in shares}
    return {
        "network": run["network"],
        "speeds": run["speeds"],
        "pairs": run["pair_count"],
        "correlation": rounded["correlation"],
        "ratio_median": rounded["median_ratio"],
        "only_muster": run["only_ours"],
        "only_valhalla": run["only_theirs"],
        "pairs_180_300_s": run["near_count"],
        "same_at_240_s": rounded["same_verdict"],
        "same_when_scaled": rounded["same_verdict_scaled"],
        "muster_s": run["muster_s"],
        "valhalla_s": run["valhalla_s"],
    }


def main() -> int:
    """Compare as the command line asks, write the results, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.routers", description=__doc__)
    named = os.environ.get("VALHALLA")
    parser.add_argument(
        "--valhalla", type=Path, default=Path(named) if named else None, help="folder or wheel"
    )
    parser.add_argument("--networks", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args()
    runs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as parent:
        program = valhalla.find(asked.valhalla, Path(parent))
        if program is None:
            print(ABSENT, end="")  # noqa: T201  a command's output
            return 0
        for name in asked.networks:
            folder = Path(parent) / name
            folder.mkdir()
            try:
                network = CASES[name].read(folder)
            except AbsentError as absent:
                print(f"{name}: left out, {absent}", flush=True)  # noqa: T201  a command's output
                continue
            for speeds in CASES[name].speeds:
                part = folder / speeds.replace(" ", "-")
                found = compare(network, CASES[name], program, part, equal=speeds == "equal")
                runs.append({"network": name, "speeds": speeds, **found})
                print(json.dumps(_whole(runs[-1])), flush=True)  # noqa: T201  a command's output
        told = {"valhalla": program.version, "seed": _SEED, "whole": [_whole(one) for one in runs]}
    told["bands"] = [band for one in runs for band in _bands(one)]
    write_report(merge(asked.out, machine(), "routers", told), asked.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
