"""What is asked of the searches: a published instance or a drawn one, ready to solve."""

import time
from pathlib import Path

import numpy as np

from benchmarks import plane
from benchmarks.siting.measuring import Solve
from instances.catalog import CAPACITATED, Entry, load, load_capacitated
from instances.generators.capacitated_square import capacitated_square
from instances.readers import tsplib
from models.fire_stations import FireStationRequest
from models.run import RunLimits, Status
from models.travel import ByMatrix
from optimizer.algorithms import covers, medians
from optimizer.algorithms.capacitated.instance import of_matrices
from optimizer.algorithms.capacitated.search import locate, prepare
from optimizer.algorithms.siting.center import p_center
from optimizer.algorithms.siting.covering import maximal_cover
from optimizer.algorithms.siting.front import Front, Trade, front, point
from optimizer.algorithms.siting.instance import (
    Found,
    GivenDistance,
    LocationInstance,
    PlaneDistance,
)
from optimizer.algorithms.siting.median import p_median
from optimizer.algorithms.siting.reductions import Cover
from optimizer.algorithms.siting.set_cover import set_cover
from optimizer.control import RunControl

_SIDE = 30.0
_FRONT_POINTS, _SOLVES = 20, 5.0  # a front of so many points in so many times one solve
_ALONE = 5  # points that are searched alone, to tell what one solve takes


def _matrix(request: FireStationRequest) -> np.ndarray:
    assert isinstance(request.travel, ByMatrix)
    return np.array(request.travel.scenarios[0].travel_time_s, dtype=np.float64)


def _ready() -> None:
    """Compile once for each installation: that time is none of a run's."""
    control = RunControl(RunLimits())
    covers.prepare(control)
    medians.prepare(control)


def published_median(entry: Entry) -> Solve:
    _ready()
    matrix = _matrix(load(entry.name)[0])
    count = int(entry.parameters["p"])
    instance = LocationInstance(GivenDistance(matrix), np.ones(len(matrix)), count)
    search = p_center if entry.family == "pmed-center" else p_median
    return lambda control: search(instance, control)


def published_capacitated(entry: Entry) -> Solve:
    problem, _ = load_capacitated(entry)
    single = CAPACITATED[entry.family].single_source
    instance = of_matrices(problem, single_source=single)
    prepare(single_source=single)  # compiled once for each installation, so none of the run's
    return lambda control: locate(instance, control)


def square_capacitated(customers: int, sites: int, seed: int) -> Solve:
    problem = capacitated_square(customers, sites, seed=seed)
    instance = of_matrices(problem, single_source=False)
    prepare(single_source=False)
    return lambda control: locate(instance, control)


def published_set_cover(entry: Entry) -> Solve:
    _ready()
    request, _ = load(entry.name)
    cost = np.array([site.land_cost or 0.0 for site in request.sites], dtype=np.float64)
    cover = Cover(np.isfinite(_matrix(request)), cost)
    return lambda control: set_cover(cover, control)


def published_cover(entry: Entry) -> Solve:
    _ready()
    request, _ = load(entry.name)
    assert isinstance(request.demand_points, tuple)
    points = np.array([(one.x_m, one.y_m) for one in request.demand_points], dtype=np.float64)
    weight = np.array([one.weights["residents"] for one in request.demand_points])
    count, radius = int(entry.parameters["p"]), float(entry.parameters["r"])
    instance = LocationInstance(PlaneDistance(points, points), weight, count, radius)
    return lambda control: maximal_cover(instance, control)


def square_cover(places: int, sites: int, count: int, radius: float, seed: int) -> Solve:
    _ready()
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, _SIDE, (sites, 2))
    distance = PlaneDistance(rng.uniform(0, _SIDE, (places, 2)), at)
    weight = rng.integers(1, 101, places).astype(np.float64)
    instance = LocationInstance(distance, weight, count, radius)
    return lambda control: maximal_cover(instance, control)


def plane_set_cover(places: int, radius: float, seed: int) -> Solve:
    _ready()
    points, _ = plane.drawn(places, seed, side_m=plane.SIDE_M + 1)
    distance = PlaneDistance(points, points, "nearest")
    cover = Cover(distance.part(slice(None), slice(None)) <= radius, np.ones(places))
    return lambda control: set_cover(cover, control)


def tsplib_median(path: Path, count: int) -> Solve:
    _ready()
    points = tsplib.points(path)
    distance = PlaneDistance(points, points, "down")
    instance = LocationInstance(distance, np.ones(len(points)), count)
    return lambda control: p_median(instance, control)


def plane_median_or_center(kind: str, places: int, count: int, seed: int) -> Solve:
    _ready()
    points, weight = plane.drawn(places, seed)
    distance = PlaneDistance(points, points, "nearest")
    if kind == "center":
        unit = LocationInstance(distance, np.ones(places), count)
        return lambda control: p_center(unit, control)
    instance = LocationInstance(distance, weight, count)
    return lambda control: p_median(instance, control)


def _front_instance(trade: Trade, places: int, count: int, seed: int) -> LocationInstance:
    """Return the instance of a family of covers or p-medians; costs are 50 to 150."""
    if trade == "mean-max":
        points, weight = plane.drawn(places, seed)
        return LocationInstance(PlaneDistance(points, points, "nearest"), weight, count)
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, _SIDE, (100, 2))
    distance = PlaneDistance(rng.uniform(0, _SIDE, (places, 2)), at)
    weight = rng.integers(1, 101, places).astype(np.float64)
    cost = rng.integers(50, 151, 100).astype(np.float64)
    return LocationInstance(distance, weight, count, 5.5, cost=cost)


def drawn_front(trade: Trade, places: int, count: int, seed: int) -> Solve:
    instance = _front_instance(trade, places, count, seed)
    _ready()

    def solve(control: RunControl) -> Found:
        found = front(instance, trade, control, points=_FRONT_POINTS)
        points = float(len(found.points))
        bound = points if found.status is Status.OPTIMAL else None
        return Found(found.status, found.stop, points, bound, (), (), found.work)

    return solve


def one_solve_s(trade: Trade, places: int, count: int, seed: int) -> float:
    """Return the seconds that the target grants: so many times those of one solve.

    One solve is one point of the front from nothing, with the same proof: the median of some of
    its points, spread evenly from end to end, each searched alone.
    """
    instance = _front_instance(trade, places, count, seed)
    _ready()
    whole: Front = front(instance, trade, _unhurried(), points=_FRONT_POINTS)
    some = np.linspace(0, len(whole.points) - 1, _ALONE).round().astype(int)
    spent = []
    for one in some.tolist():
        began = time.process_time()
        alone = point(instance, trade, _unhurried(), limit=whole.points[one].second)
        spent.append(time.process_time() - began)
        assert alone is not None
        assert (alone.first, alone.status) == (whole.points[one].first, Status.OPTIMAL)
    return round(_SOLVES * float(np.median(spent)), 2)


def _unhurried() -> RunControl:
    return RunControl(RunLimits(time_limit_s=3600.0))
