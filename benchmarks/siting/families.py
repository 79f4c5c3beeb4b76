"""The families of instances: where each one's come from, and what it is to reach."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from benchmarks.siting import questions
from benchmarks.siting.measuring import Aim, Case, Solve
from instances.catalog import Entry, data_folder, entries
from optimizer.algorithms.siting.front import Trade

SEEDS = (1, 2, 3, 4, 5)
_EACH_LIMIT = "each limit has nodes of its own, which one solve does not share"
_WHY = {
    "set cover 1,000 x 1,000": "relaxation and odd cuts end at 56.8, above 58 is wanted",
    "median 10,000 p=10": "1,200 near sites a place are held, and 4,020 are wanted",
    "median 10,000 p=100": "the relaxation itself ends that far below the best sites known",
    "pmedcap": "the last core takes longer than that",
    "front cover-cost 1,000,000": _EACH_LIMIT,
    "front cover-equity 20,000": _EACH_LIMIT,
    "front mean-max 200": _EACH_LIMIT,
}  # a target missed


@dataclass(frozen=True)
class Family:
    """Instances that make one row: where they come from and what was aimed at.

    ``why`` says what stands in the way where the aim is missed.
    """

    name: str
    target: str
    cases: Callable[[], Iterator[Case]]
    aim: Aim = field(default_factory=Aim)
    places: int | None = None  # of each of its instances, where they are all of one size
    why: str = ""


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
                make = partial(questions.tsplib_median, path, count)
                yield Case(f"{instance} p={count}", make, float(row["objective"]), within)


def _fronts(name: str, trade: Trade, places: int, count: int) -> Iterator[Case]:
    for seed in SEEDS:
        make = partial(questions.drawn_front, trade, places, count, seed)
        against = partial(questions.one_solve_s, trade, places, count, seed)
        yield Case(f"{name} seed {seed}", make, against=against)


def _published(family: str, solve: Callable[[Entry], Solve]) -> Callable[[], Iterator[Case]]:
    return lambda: (Case(one.name, partial(solve, one), one.value) for one in entries(family))


def _seeded(name: str, solve: Callable[[int], Solve]) -> Callable[[], Iterator[Case]]:
    return lambda: (Case(f"{name} seed {seed}", partial(solve, seed)) for seed in SEEDS)


def _families() -> Iterator[Family]:
    yield Family("mclp", "81 proved", _published("mclp", questions.published_cover))
    for places, sites, count, radius, seconds, gap in (
        (1_000_000, 100, 10, 5.5, 2.0, 0.0),
        (10_000_000, 100, 10, 5.5, 8.0, 0.0),
        (50_000_000, 100, 10, 5.5, 25.0, 0.0),
        (1_000_000, 200, 20, 4.0, 60.0, 0.0),
        (200_000, 500, 30, 3.0, 120.0, 0.05),
    ):
        name = f"cover {sites} x {places:,}"
        square = partial(questions.square_cover, places, sites, count, radius)
        target = f"gap {100 * gap:g} % in {seconds:g} s" if gap else f"each proved in {seconds:g} s"
        aim = Aim(gap=gap, each_s=seconds, memory_mb=4_000.0)
        yield Family(name, target, _seeded(name, square), aim, places)
    yield Family(
        "pmed",
        "40 proved in 40 s",
        _published("pmed", questions.published_median),
        Aim(total_s=40.0),
    )
    yield Family(
        "pmed-center",
        "40 proved in 5 s",
        _published("pmed-center", questions.published_median),
        Aim(total_s=5.0),
    )
    for instance, counts, target, aim in (
        ("rl1304", range(1, 501), "each proved in max(5 s, 2 x published)", Aim()),
        ("fl1400", range(1, 201), "each proved in max(5 s, 2 x published)", Aim()),
        ("fl1400", range(201, 501), "gap 0.1 % in 600 s", Aim(gap=0.001, each_s=600.0)),
    ):
        name = f"{instance} p <= {counts.stop - 1}" if counts.start == 1 else f"{instance} p > 200"
        cases = partial(_tsplib_cases, instance, counts, raced=aim.each_s is None)
        yield Family(name, target, cases, aim)
    yield Family("scp", "45 proved", _published("scp", questions.published_set_cover))
    name = "set cover 1,000 x 1,000"
    lattice = partial(questions.plane_set_cover, 1_000, 800.0)
    yield Family(name, "each proved in 60 s", _seeded(name, lattice), Aim(each_s=60.0), 1_000)
    for name, target in (
        ("cap", "37 proved"),
        ("cflp", "71 proved"),
        ("sjc", "6 proved"),
        ("pmedcap", "20 proved"),
    ):
        yield Family(name, target, _published(name, questions.published_capacitated))
    square = partial(questions.square_capacitated, 5_000, 200)
    name = "capacitated 5,000 x 200"
    aim = Aim(gap=0.005, each_s=60.0)
    yield Family(name, "gap 0.5 % in 60 s", _seeded(name, square), aim)
    for kind, places, count, gap in (
        ("median", 1_000, 20, 0.0),
        *(("median", 2_000, count, 0.0) for count in (10, 20, 50, 100, 200, 500)),
        *(("median", 10_000, count, 0.001) for count in (10, 100, 1_000)),
        ("center", 10_000, 10, 0.0),
    ):
        name = f"{kind} {places:,} p={count}"
        plane = partial(questions.plane_median_or_center, kind, places, count)
        target = f"gap {100 * gap:g} % in 60 s" if gap else "each proved in 60 s"
        yield Family(name, target, _seeded(name, plane), Aim(gap=gap, each_s=60.0), places)
    fronts: tuple[tuple[Trade, int, int], ...] = (
        ("cover-cost", 1_000_000, 10),
        ("cover-cost", 10_000_000, 10),
        ("cover-equity", 20_000, 10),
        ("mean-max", 200, 10),
    )
    for trade, places, count in fronts:
        name = f"front {trade} {places:,}"
        cases = partial(_fronts, name, trade, places, count)
        yield Family(name, "20 points, each proved, in 5 x one solve", cases, places=places)


FAMILIES = {family.name: replace(family, why=_WHY.get(family.name, "")) for family in _families()}
