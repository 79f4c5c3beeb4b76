"""The location searches on published and seeded instances: ``python -m benchmarks.siting``.

Arguments name families (all by default). Each value is compared with the published one, and each
family's proofs, matches and seconds make a row of the machine's table, with what is short of the
target. Seconds are those of the one processor thread that searches, so that other work on the
machine does not count; those of the clock stand beside them. A gap is taken at its target's
seconds, a proof is waited for a while longer, unless ``--limit`` says otherwise. ``--out`` keeps a
short run apart from the committed results. What was measured is kept after each instance.
"""

import argparse
import csv
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.machine import machine
from benchmarks.report import RESULTS, merge, write_report
from instances.catalog import (
    CAPACITATED,
    Entry,
    data_folder,
    entries,
    load,
    load_capacitated,
)
from instances.generators.capacitated_square import capacitated_square
from instances.readers import tsplib
from models.fire_stations import FireStationRequest
from models.run import RunLimits, Status
from models.travel import ByMatrix
from optimizer.algorithms.capacitated.instance import Located, of_matrices
from optimizer.algorithms.capacitated.search import locate
from optimizer.algorithms.siting.center import p_center
from optimizer.algorithms.siting.covering import maximal_cover
from optimizer.algorithms.siting.front import Trade, front
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
_LIMIT_S = 60.0
_WAIT = 20.0  # seconds of the clock to a processor second, at most
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Case:
    """One instance; ``known`` is the published value, ``within_s`` a target of its own.

    ``against`` measures the seconds of what the target is told in, where it is told so.
    """

    name: str
    make: Callable[[], Solve]
    known: float | None = None
    within_s: float | None = None
    against: Callable[[], float] | None = None


@dataclass(frozen=True)
class Aim:
    """What a family's instances are to reach: proofs, or a gap, within processor seconds."""

    gap: float = 0.0
    each_s: float | None = None
    total_s: float | None = None
    memory_mb: float | None = None

    def limit_s(self, within_s: float | None) -> float:
        """Return when to stop: a gap at its seconds, a proof later, to see by how much it is."""
        if within_s is None or self.gap:
            return within_s or _LIMIT_S
        return max(10.0, 2.0 * within_s)

    def short(self, told: "list[Measured]") -> list[str]:
        """Return in words what is short of the aim, and by how much; nothing where all is met.

        Examples
        --------
        >>> one = Measured("a", "feasible", 9.0, 8.0, None, None, 0.1, 5.0, 4.0, 100, 3.0)
        >>> Aim(gap=0.01, each_s=3.0).short([one])
        ['1 of 1 with a gap above 1 %: at worst 10 %', '1 of 1 later: at worst 4 s against 3 s']
        """
        found = []
        wide = [one for one in told if one.gap is None or one.gap > self.gap]
        if wide:
            worst = max(one.gap if one.gap is not None else 1.0 for one in wide)
            what = f"with a gap above {100 * self.gap:g} %" if self.gap else "not proved"
            found.append(f"{len(wide)} of {len(told)} {what}: at worst {100 * worst:.2g} %")
        late = [one for one in told if one.within_s is not None and one.cpu_s > one.within_s]
        if late:
            worst_run = max(late, key=lambda one: one.cpu_s / (one.within_s or 1.0))
            found.append(
                f"{len(late)} of {len(told)} later: at worst {worst_run.cpu_s:g} s"
                f" against {worst_run.within_s:g} s"
            )
        total = sum(one.cpu_s for one in told)
        if self.total_s is not None and total > self.total_s:
            found.append(f"{total:.1f} s in all against {self.total_s:g} s")
        peak = max((one.peak_mb or 0 for one in told), default=0)
        if self.memory_mb is not None and peak > self.memory_mb:
            found.append(f"{peak} MB against {self.memory_mb:g} MB")
        return found


class _Processor:
    """A stop that is set once this process has used so many processor seconds more.

    It asks for them when as many of the clock may have passed: to ask is not free.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.process_time() + seconds
        self._ask = time.monotonic() + seconds

    def is_set(self) -> bool:
        now = time.monotonic()
        if now < self._ask:
            return False
        left = self._end - time.process_time()
        self._ask = now + max(left, 0.0)
        return left <= 0.0


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
    peak_mb: int | None = None
    within_s: float | None = None
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


def _plane_cover(places: int, radius: float, seed: int) -> Solve:
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 10_001, (places, 2)).astype(np.float64)
    distance = PlaneDistance(points, points, "nearest")
    cover = Cover(distance.part(slice(None), slice(None)) <= radius, np.ones(places))
    return lambda control: set_cover(cover, control)


def _tsplib(path: Path, count: int) -> Solve:
    points = tsplib.points(path)
    distance = PlaneDistance(points, points, "down")
    instance = LocationInstance(distance, np.ones(len(points)), count)
    return lambda control: p_median(instance, control)


def _tsplib_cases(instance: str, counts: range, *, raced: bool) -> Iterator[Case]:
    """Yield the p-medians of a TSPLIB instance that ``pmedian_best_known.csv`` has values of.

    Those ``raced`` have twice the seconds published of Duran-Mateluna et al. (2023), at least 5.
    """
    folder = data_folder()
    if folder is None:
        return
    listed = folder / "tsplib" / "pmedian_best_known.csv"
    path = folder / "tsplib" / f"{instance}.tsp"
    if not listed.is_file() or not path.is_file():
        return
    with listed.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            count = int(row["p"])
            if row["instance"] == instance and count in counts:
                within = max(5.0, 2.0 * float(row["paper_time_s"])) if raced else None
                make = partial(_tsplib, path, count)
                yield Case(f"{instance} p={count}", make, float(row["objective"]), within)


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


_FRONT_POINTS, _SOLVES = 20, 5.0  # a front of so many points in so many times one solve


def _front_instance(trade: Trade, places: int, count: int, seed: int) -> LocationInstance:
    """Return the instance of a family of covers or p-medians; costs are 50 to 150."""
    rng = np.random.default_rng(seed)
    if trade == "mean-max":
        points = rng.integers(0, 10_000, (places, 2)).astype(np.float64)
        weight = rng.integers(1, 101, places).astype(np.float64)
        return LocationInstance(PlaneDistance(points, points, "nearest"), weight, count)
    at = rng.uniform(0, _SIDE, (100, 2))
    distance = PlaneDistance(rng.uniform(0, _SIDE, (places, 2)), at)
    weight = rng.integers(1, 101, places).astype(np.float64)
    cost = rng.integers(50, 151, 100).astype(np.float64)
    return LocationInstance(distance, weight, count, 5.5, cost=cost)


def _front(trade: Trade, places: int, count: int, seed: int) -> Solve:
    instance = _front_instance(trade, places, count, seed)

    def solve(control: RunControl) -> Found:
        found = front(instance, trade, control, points=_FRONT_POINTS)
        points = float(len(found.points))
        bound = points if found.status is Status.OPTIMAL else None
        return Found(found.status, found.stop, points, bound, (), (), found.work)

    return solve


def _one_solve_s(trade: Trade, places: int, count: int, seed: int) -> float:
    """Return the seconds that the target grants: so many times those of the first objective."""
    instance = _front_instance(trade, places, count, seed)
    search = p_median if trade == "mean-max" else maximal_cover
    began = time.process_time()
    search(instance, RunControl(RunLimits(time_limit_s=600.0)))
    return round(_SOLVES * (time.process_time() - began), 2)


def _fronts(name: str, trade: Trade, places: int, count: int) -> Iterator[Case]:
    for seed in SEEDS:
        make = partial(_front, trade, places, count, seed)
        against = partial(_one_solve_s, trade, places, count, seed)
        yield Case(f"{name} seed {seed}", make, against=against)


@dataclass(frozen=True)
class Family:
    """Instances that make one row: where they come from and what was aimed at."""

    name: str
    target: str
    cases: Callable[[], Iterator[Case]]
    aim: Aim = Aim()
    places: int | None = None  # of each of its instances, where they are all of one size


def _published(family: str, solve: Callable[[Entry], Solve]) -> Callable[[], Iterator[Case]]:
    return lambda: (Case(one.name, partial(solve, one), one.value) for one in entries(family))


def _seeded(name: str, solve: Callable[[int], Solve]) -> Callable[[], Iterator[Case]]:
    return lambda: (Case(f"{name} seed {seed}", partial(solve, seed)) for seed in SEEDS)


def _families() -> Iterator[Family]:
    yield Family("mclp", "81 proved", _published("mclp", _published_cover))
    for places, sites, count, radius, seconds, gap in (
        (1_000_000, 100, 10, 5.5, 2.0, 0.0),
        (10_000_000, 100, 10, 5.5, 8.0, 0.0),
        (50_000_000, 100, 10, 5.5, 25.0, 0.0),
        (1_000_000, 200, 20, 4.0, 60.0, 0.0),
        (200_000, 500, 30, 3.0, 120.0, 0.05),
    ):
        name = f"cover {sites} x {places:,}"
        square = partial(_square_cover, places, sites, count, radius)
        target = f"gap {100 * gap:g} % in {seconds:g} s" if gap else f"each proved in {seconds:g} s"
        aim = Aim(gap=gap, each_s=seconds, memory_mb=4_000.0)
        yield Family(name, target, _seeded(name, square), aim, places)
    yield Family("pmed", "40 proved in 40 s", _published("pmed", _median), Aim(total_s=40.0))
    yield Family(
        "pmed-center", "40 proved in 5 s", _published("pmed-center", _median), Aim(total_s=5.0)
    )
    for instance, counts, target, aim in (
        ("rl1304", range(1, 501), "each proved in max(5 s, 2 x published)", Aim()),
        ("fl1400", range(1, 201), "each proved in max(5 s, 2 x published)", Aim()),
        ("fl1400", range(201, 501), "gap 0.1 % in 600 s", Aim(gap=0.001, each_s=600.0)),
    ):
        name = f"{instance} p <= {counts.stop - 1}" if counts.start == 1 else f"{instance} p > 200"
        cases = partial(_tsplib_cases, instance, counts, raced=aim.each_s is None)
        yield Family(name, target, cases, aim)
    yield Family("scp", "45 proved", _published("scp", _set_cover))
    name = "set cover 1,000 x 1,000"
    lattice = partial(_plane_cover, 1_000, 800.0)
    yield Family(name, "each proved in 60 s", _seeded(name, lattice), Aim(each_s=60.0), 1_000)
    for name, target in (
        ("cap", "37 proved"),
        ("cflp", "71 proved"),
        ("sjc", "6 proved"),
        ("pmedcap", "20 proved"),
    ):
        yield Family(name, target, _published(name, _capacitated))
    square = partial(_capacitated_square, 5_000, 200)
    name = "capacitated 5,000 x 200"
    aim = Aim(gap=0.005, each_s=60.0)
    yield Family(name, "gap 0.5 % in 60 s", _seeded(name, square), aim)
    for kind, places, count, gap in (
        ("median", 1_000, 20, 0.0),
        *(("median", 2_000, count, 0.0) for count in (10, 20, 50, 100, 200, 500)),
        ("median", 10_000, 100, 0.001),
        ("center", 10_000, 10, 0.0),
    ):
        name = f"{kind} {places:,} p={count}"
        plane = partial(_plane, kind, places, count)
        target = f"gap {100 * gap:g} % in 60 s" if gap else "each proved in 60 s"
        yield Family(name, target, _seeded(name, plane), Aim(gap=gap, each_s=60.0), places)
    for trade, places, count in (
        ("cover-cost", 1_000_000, 10),
        ("cover-equity", 20_000, 10),
        ("mean-max", 200, 10),
    ):
        name = f"front {trade} {places:,}"
        cases = partial(_fronts, name, trade, places, count)
        yield Family(name, "20 points, each proved, in 5 x one solve", cases, places=places)


FAMILIES = {family.name: family for family in _families()}


def measure(case: Case, aim: Aim, limit_s: float | None) -> Measured:
    """Solve one instance within the limit and judge its value."""
    told = None if case.against is None else case.against()
    within = case.within_s or told or aim.each_s
    limit = limit_s or aim.limit_s(within)
    solve = case.make()
    if _CLEAR.exists():
        _CLEAR.write_text("5", encoding="ascii")  # begin the peak anew
    wall, cpu = time.monotonic(), time.process_time()
    limits = RunLimits(time_limit_s=_WAIT * limit)
    found = solve(RunControl(limits, cancel=_Processor(limit)))
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
        _peak_mb(),
        within,
        tuple(
            (round(one.elapsed_s, 2), one.objective, one.bound)
            for one in found.incumbents[-_TRACED:]
        ),
    )


def _peak_mb() -> int | None:
    """Return the most memory this process held since the peak began anew, None if unknown."""
    if not _CLEAR.exists():
        return None
    told = re.search(r"VmHWM:\s*(\d+) kB", _STATUS.read_text(encoding="ascii"))
    return round(int(told[1]) * 1024 / 1e6) if told else None


def row(family: Family, told: list[Measured]) -> dict[str, object]:
    """Return a family's row: proofs and agreement, seconds, the worst gap, what is short."""
    whole = sum(1 for _ in family.cases())
    left = [f"{len(told)} of {whole} measured"] if len(told) < whole else []
    return {
        "family": family.name,
        "target": family.target,
        "short": "; ".join([*left, *family.aim.short(told)]),
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
        "peak_mb": max((one.peak_mb for one in told if one.peak_mb is not None), default=None),
        "load": round(os.getloadavg()[0], 1),
    }


def main() -> int:
    """Measure what the arguments name, write the report, and return the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.siting", description=__doc__)
    parser.add_argument("families", nargs="*", help="all by default")
    parser.add_argument("--limit", type=float, help="processor seconds of an instance")
    parser.add_argument("--first", type=int, help="only so many instances of each")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args()
    unknown = sorted(set(asked.families) - set(FAMILIES))
    if unknown:
        parser.error(f"no family {', '.join(unknown)}; there are: {', '.join(FAMILIES)}")
    wrong = False
    for name in asked.families or FAMILIES:
        family, told = FAMILIES[name], list[Measured]()
        for case in islice(family.cases(), asked.first):
            told.append(measure(case, family.aim, asked.limit))
            print(told[-1], flush=True)  # noqa: T201  a command's output
            _keep(row(family, told), told, asked.out)
        wrong |= any(one.agrees is False and one.status == Status.OPTIMAL for one in told)
        path = asked.out / f"{machine()['name']}.json"
        if path.is_file():
            write_report(json.loads(path.read_text(encoding="utf-8")), asked.out)
    return int(wrong)


def _keep(row: dict[str, object], told: list[Measured], folder: Path) -> None:
    """Put a family's row and its instances into the machine's results."""
    here = machine()
    path = folder / f"{here['name']}.json"
    whole = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    kept = {one["family"]: one for one in whole.get("siting", {}).get("rows", [])}
    kept[str(row["family"])] = row | {"runs": [asdict(one) for one in told]}
    listed = [kept[name] for name in FAMILIES if name in kept]
    merge(folder, here, "siting", {"rows": listed})


if __name__ == "__main__":
    sys.exit(main())
