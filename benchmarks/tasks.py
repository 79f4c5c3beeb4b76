"""The instances that peers are compared on."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.task import FloatArray, Task, store_of
from instances import catalog
from instances.generators.uniform_square import uniform_square
from models.fire_stations import FireStationRequest
from models.travel import ByMatrix

SQUARE_SEED = 1
SQUARE_SITES = 100


def write_square(folder: Path, points: int, *, sites: int = SQUARE_SITES) -> None:
    """Write the uniform square of so many points."""
    square = uniform_square(points, sites, seed=SQUARE_SEED)
    arrays = _arrays(square.columns["x_m"], square.columns["y_m"], square.columns["residents"])
    request = square.request(store_of(folder).add_arrays(dict(square.columns)))
    task = Task(folder.name, "cover", square.station_count, square.radius_m)
    task.write(folder, arrays | _site_arrays(request), request)


def write_published(folder: Path, name: str) -> None:
    """Write a published instance of maximal covering or the p-median."""
    request, best_known = catalog.load(name)
    assert isinstance(request.demand_points, tuple)
    assert not isinstance(request.standard, str)
    weight = np.array([one.weights["residents"] for one in request.demand_points])
    count = request.new_stations["station"].min
    if isinstance(request.travel, ByMatrix):
        times = request.travel.scenarios[0].travel_time_s
        task = Task(folder.name, "p-median", count, request.standard.within_s, best_known.value)
        task.write(folder, {"weight": weight, "distance_m": np.array(times, np.float64)}, request)
        return
    at = np.array([(one.x_m, one.y_m) for one in request.demand_points], dtype=np.float64)
    task = Task(folder.name, "cover", count, request.standard.within_s, best_known.value)
    task.write(folder, _arrays(at[:, 0], at[:, 1], weight) | _site_arrays(request), request)


def _arrays(x_m: FloatArray, y_m: FloatArray, weight: FloatArray) -> dict[str, FloatArray]:
    return {"x_m": x_m, "y_m": y_m, "weight": weight}


def _site_arrays(request: FireStationRequest) -> dict[str, FloatArray]:
    at = np.array([(site.x_m, site.y_m) for site in request.sites], dtype=np.float64)
    return {"site_x_m": at[:, 0], "site_y_m": at[:, 1]}


TASKS: dict[str, Callable[[Path], None]] = {
    "square-10000": lambda folder: write_square(folder, 10_000),
    "square-100000": lambda folder: write_square(folder, 100_000),
    "square-1000000": lambda folder: write_square(folder, 1_000_000),
    "pmed1": lambda folder: write_published(folder, "pmed1"),
    "pmed6": lambda folder: write_published(folder, "pmed6"),
    "SJC818-r800-p8": lambda folder: write_published(folder, "SJC818-r800-p8"),
}
