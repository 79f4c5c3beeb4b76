"""Muster's times over roads beside those of routers, from the same PBF.

``python -m benchmarks.routers --valhalla WHEEL --osrm WHEEL`` does it two ways. *As tagged*: each
program knows its own speeds, as it would in use. *Equal speeds*: every road is posted with the
speed Muster gives it, and all go by that; what is left is turns, signals and the choice of way.
Places are crossings, so that no access leg comes in.
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
from typing import Any, Self

import numpy as np

from api.clients import Router, router_times
from benchmarks.agreement import FloatArray, agreement
from benchmarks.machine import machine
from benchmarks.osm_files import write_pbf
from benchmarks.osrm import Osrm
from benchmarks.report import RESULTS, merge, write_report
from benchmarks.valhalla import Valhalla
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

Program = Valhalla | Osrm
PROGRAMS: tuple[type[Valhalla] | type[Osrm], ...] = (Valhalla, Osrm)
ABSENT = """\
{name} is absent: nothing is compared with it. To have it (Linux, x86-64), in any folder:
    pip download {hint} --no-deps --python-version 312 --only-binary=:all:
    python -m benchmarks.routers --{name} WHEEL
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


@dataclass(frozen=True)
class Prepared:
    """A network as PBF, places on it, and Muster's times over what it reads there."""

    pbf: Path
    equal: bool
    sources: FloatArray  # (source, 2) lat and lon
    targets: FloatArray  # (target, 2)
    ours_s: FloatArray  # (target, source)
    muster_s: float

    @classmethod
    def of(cls, network: Network, case: Case, folder: Path, *, equal: bool) -> Self:
        """Write the network and read it as Muster does."""
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
        return cls(pbf, equal, sources, targets, ours_s, time.perf_counter() - began)


def compare(prepared: Prepared, program: Program, folder: Path) -> dict[str, Any]:
    """Return how the times of ``program`` on the same PBF agree with Muster's."""
    with program.serving(prepared.pbf, folder, equal=prepared.equal) as line:
        began = time.perf_counter()
        router = Router.of(program.name, line)
        found = router_times(router, prepared.sources, prepared.targets, lambda done, total: None)
        router_s = time.perf_counter() - began
    places = prepared.targets, prepared.sources
    at = [Positions(one[:, 0], one[:, 1], planar=False) for one in places]
    agreed = agreement(prepared.ours_s, found.time_s, at[0].distances_m(at[1]))
    took = {"muster_s": round(prepared.muster_s, 2), "router_s": round(router_s, 2)}
    return asdict(agreed) | took


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
            "router": run["router"],
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
        "router": run["router"],
        "speeds": run["speeds"],
        "pairs": run["pair_count"],
        "correlation": rounded["correlation"],
        "ratio_median": rounded["median_ratio"],
        "only_muster": run["only_ours"],
        "only_router": run["only_theirs"],
        "pairs_180_300_s": run["near_count"],
        "same_at_240_s": rounded["same_verdict"],
        "same_when_scaled": rounded["same_verdict_scaled"],
        "muster_s": run["muster_s"],
        "router_s": run["router_s"],
    }


def _runs(names: list[str], found: list[Program], parent: Path) -> Iterator[dict[str, Any]]:
    """Yield every comparison; a network whose data is absent is left out, and that is said."""
    for name in names:
        folder = parent / name
        folder.mkdir()
        try:
            network = CASES[name].read(folder)
        except AbsentError as absent:
            print(f"{name}: left out, {absent}", flush=True)  # noqa: T201  a command's output
            continue
        for speeds in CASES[name].speeds:
            part = folder / speeds.replace(" ", "-")
            prepared = Prepared.of(network, CASES[name], part, equal=speeds == "equal")
            for program in found:
                run = compare(prepared, program, part / program.name.value)
                yield {"network": name, "router": program.label, "speeds": speeds, **run}


def main() -> int:
    """Compare as the command line asks, write the results, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.routers", description=__doc__)
    for one in PROGRAMS:
        named = os.environ.get(one.name.value.upper())
        usual = Path(named) if named else None
        parser.add_argument(f"--{one.name}", type=Path, default=usual, help="folder or wheel")
    parser.add_argument("--networks", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as parent:
        found: list[Program] = []
        for one in PROGRAMS:
            program = one.find(getattr(asked, one.name.value), Path(parent))
            if program is None:
                print(ABSENT.format(name=one.name, hint=one.hint), end="")  # noqa: T201
            else:
                found.append(program)
        runs = []
        for run in _runs(asked.networks if found else [], found, Path(parent)):
            runs.append(run)
            print(json.dumps(_whole(run)), flush=True)  # noqa: T201  a command's output
    if runs:
        bands = [band for run in runs for band in _bands(run)]
        told = {"seed": _SEED, "whole": [_whole(run) for run in runs], "bands": bands}
        write_report(merge(asked.out, machine(), "routers", told), asked.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
