"""The location searches on published and seeded instances: ``python -m benchmarks.siting``.

Arguments name families (all by default); ``--limit`` is the wall-clock limit of one instance.
Each value is compared with the published one, and each family's proofs, matches and seconds make
a row of the machine's table. Processor seconds stand beside those of the clock, for a machine
that others use. ``--out`` keeps a short run apart from the committed results.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.machine import machine
from benchmarks.report import RESULTS, merge, write_report
from instances.catalog import CAPACITATED, Entry, entries, load, load_capacitated
from instances.generators.capacitated_square import capacitated_square
from models.fire_stations import FireStationRequest
from models.run import RunLimits, Status
from models.travel import ByMatrix
from optimizer.algorithms.capacitated.instance import Located, of_matrices
from optimizer.algorithms.capacitated.search import locate
from optimizer.algorithms.siting.center import p_center
from optimizer.algorithms.siting.covering import maximal_cover
from optimizer.algorithms.siting.instance import (
    Found,
    GivenDistance,
    LocationInstance,
    PlaneDistance,
)
from optimizer.algorithms.siting.median import p_median
from optimizer.algorithms.siting.set_cover import Cover, set_cover
from optimizer.control import RunControl

Solve = Callable[[RunControl], Found | Located]
SEEDS = (1, 2, 3, 4, 5)
_SIDE = 30.0
_AGREEMENT = 1e-6  # relative
_TRACED = 100  # improvements of a run that are kept, the last ones


@dataclass(frozen=True)
class Case:
    """One instance, ready to be solved; ``known`` is the published value."""

    name: str
    solve: Solve
    known: float | None = None


@dataclass(frozen=True)
class Measured:
    """How one instance went; ``agrees`` None where nothing is published."""

    name: str
    status: str
    objective: float | None
    bound: float | None
    known: float | None
    agrees: bool | None
    gap: float | None
    wall_s: float
    cpu_s: float
    trace: tuple[tuple[float, float, float | None], ...] = ()  # seconds, objective, bound


def _matrix(request: FireStationRequest) -> np.ndarray:
    assert isinstance(request.travel, ByMatrix)
    return np.array(request.travel.scenarios[0].travel_time_s, dtype=np.float64)


def _median(entry: Entry) -> Solve:
    matrix = _matrix(load(entry.name)[0])
    count = int(entry.parameters["p"])
    instance = LocationInstance(GivenDistance(matrix), np.ones(len(matrix)), count)
    search = p_center if entry.family == "pmed-center" else p_median
    return lambda control: search(instance, control)


def _capacitated(entry: Entry) -> Solve:
    problem, _ = load_capacitated(entry)
    single = CAPACITATED[entry.family].single_source
    instance = of_matrices(problem, single_source=single)
    return lambda control: locate(instance, control)


def _capacitated_square(customers: int, sites: int, seed: int) -> Solve:
    problem = capacitated_square(customers, sites, seed=seed)
    instance = of_matrices(problem, single_source=False)
    return lambda control: locate(instance, control)


def _set_cover(entry: Entry) -> Solve:
    request, _ = load(entry.name)
    cost = np.array([site.land_cost or 0.0 for site in request.sites], dtype=np.float64)
    cover = Cover(np.isfinite(_matrix(request)), cost)
    return lambda control: set_cover(cover, control)


def _published_cover(entry: Entry) -> Solve:
    request, _ = load(entry.name)
    assert isinstance(request.demand_points, tuple)
    points = np.array([(one.x_m, one.y_m) for one in request.demand_points], dtype=np.float64)
    weight = np.array([one.weights["residents"] for one in request.demand_points])
    count, radius = int(entry.parameters["p"]), float(entry.parameters["r"])
    instance = LocationInstance(PlaneDistance(points, points), weight, count, radius)
    return lambda control: maximal_cover(instance, control)


def _square_cover(places: int, sites: int, count: int, radius: float, seed: int) -> Solve:
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, _SIDE, (sites, 2))
    distance = PlaneDistance(rng.uniform(0, _SIDE, (places, 2)), at)
    weight = rng.integers(1, 101, places).astype(np.float64)
    instance = LocationInstance(distance, weight, count, radius)
    return lambda control: maximal_cover(instance, control)


def _plane(kind: str, places: int, count: int, seed: int) -> Solve:
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 10_000, (places, 2)).astype(np.float64)
    weight = rng.integers(1, 101, places).astype(np.float64)
    distance = PlaneDistance(points, points, "nearest")
    if kind == "center":
        unit = LocationInstance(distance, np.ones(places), count)
        return lambda control: p_center(unit, control)
    instance = LocationInstance(distance, weight, count)
    return lambda control: p_median(instance, control)


@dataclass(frozen=True)
class Family:
    """Instances that make one row: where they come from and what was aimed at."""

    name: str
    target: str
    cases: Callable[[], Iterator[Case]]
    places: int | None = None  # of each of its instances, where they are all of one size


def _published(family: str, solve: Callable[[Entry], Solve]) -> Callable[[], Iterator[Case]]:
    return lambda: (Case(one.name, solve(one), one.value) for one in entries(family))


def _seeded(name: str, solve: Callable[[int], Solve]) -> Callable[[], Iterator[Case]]:
    return lambda: (Case(f"{name} seed {seed}", solve(seed)) for seed in SEEDS)


def _families() -> Iterator[Family]:
    yield Family("mclp", "81 proved", _published("mclp", _published_cover))
    for places, sites, count, radius, target in (
        (1_000_000, 100, 10, 5.5, "each proved in 2 s"),
        (10_000_000, 100, 10, 5.5, "each proved in 8 s"),
        (1_000_000, 200, 20, 4.0, "each proved in 60 s"),
        (200_000, 500, 30, 3.0, "gap 5 % in 120 s"),
    ):
        name = f"cover {sites} x {places:,}"

        square = partial(_square_cover, places, sites, count, radius)
        yield Family(name, target, _seeded(name, square), places)
    yield Family("pmed", "40 proved in 40 s", _published("pmed", _median))
    yield Family("pmed-center", "40 proved in 5 s", _published("pmed-center", _median))
    yield Family("scp", "45 proved", _published("scp", _set_cover))
    for name, target in (
        ("cap", "37 proved"),
        ("cflp", "71 proved"),
        ("sjc", "6 proved"),
        ("pmedcap", "20 proved"),
    ):
        yield Family(name, target, _published(name, _capacitated))
    square = partial(_capacitated_square, 5_000, 200)
    name = "capacitated 5,000 x 200"
    yield Family(name, "gap 0.5 % in 60 s", _seeded(name, square))
    for kind, places, count, target in (
        ("median", 1_000, 20, "each proved in 60 s"),
        ("median", 2_000, 50, "each proved in 60 s"),
        ("median", 10_000, 100, "gap 0.1 % in 60 s"),
        ("center", 10_000, 10, "each proved in 60 s"),
    ):
        name = f"{kind} {places:,} p={count}"

        plane = partial(_plane, kind, places, count)
        yield Family(name, target, _seeded(name, plane), places)


FAMILIES = {family.name: family for family in _families()}


def measure(case: Case, limit_s: float) -> Measured:
    """Solve one instance within the limit and judge its value."""
    wall, cpu = time.monotonic(), time.process_time()
    found = case.solve(RunControl(RunLimits(time_limit_s=limit_s)))
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    agrees = None
    if case.known is not None and found.objective is not None:
        agrees = abs(found.objective - case.known) <= _AGREEMENT * max(1.0, abs(case.known))
    return Measured(
        case.name,
        found.status,
        found.objective,
        found.bound,
        case.known,
        agrees,
        found.gap,
        round(wall, 2),
        round(cpu, 2),
        tuple(
            (round(one.elapsed_s, 2), one.objective, one.bound)
            for one in found.incumbents[-_TRACED:]
        ),
    )


def row(family: Family, told: list[Measured], limit_s: float) -> dict[str, object]:
    """Return a family's row: how many were proved and agree, the seconds, the worst gap."""
    return {
        "family": family.name,
        "target": family.target,
        "places": family.places,
        "seeds": list(SEEDS[: len(told)]) if family.places is not None else [],
        "instances": len(told),
        "proved": sum(one.status == Status.OPTIMAL for one in told),
        "differ": sum(one.agrees is False for one in told),
        "worst_gap": max((one.gap or 0.0 for one in told), default=None),
        "cpu_s": round(sum(one.cpu_s for one in told), 2),
        "wall_s": round(sum(one.wall_s for one in told), 2),
        "worst_cpu_s": max((one.cpu_s for one in told), default=None),
        "worst_wall_s": max((one.wall_s for one in told), default=None),
        "limit_s": limit_s,
        "load": round(os.getloadavg()[0], 1),
    }


def main() -> int:
    """Measure what the arguments name, write the report, and return the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.siting", description=__doc__)
    parser.add_argument("families", nargs="*", help="all by default")
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--first", type=int, help="only so many instances of each")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args()
    wrong = False
    for name in asked.families or FAMILIES:
        told = []
        for number, case in enumerate(FAMILIES[name].cases()):
            if number == asked.first:
                break
            told.append(measure(case, asked.limit))
            print(told[-1], flush=True)  # noqa: T201  a command's output
        wrong |= any(one.agrees is False and one.status == Status.OPTIMAL for one in told)
        _keep(row(FAMILIES[name], told, asked.limit), told, asked.out)
    return int(wrong)


def _keep(row: dict[str, object], told: list[Measured], folder: Path) -> None:
    """Put a family's row and its instances into the machine's results."""
    here = machine()
    path = folder / f"{here['name']}.json"
    whole = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    kept = {one["family"]: one for one in whole.get("siting", {}).get("rows", [])}
    kept[str(row["family"])] = row | {"runs": [asdict(one) for one in told]}
    listed = [kept[name] for name in FAMILIES if name in kept]
    write_report(merge(folder, here, "siting", {"rows": listed}), folder)


if __name__ == "__main__":
    sys.exit(main())
