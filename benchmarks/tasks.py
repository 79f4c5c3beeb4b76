"""The instances that peers are compared on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import plane
from benchmarks.task import FloatArray, Kind, Task
from instances import catalog
from instances.generators.uniform_square import uniform_square
from models.fire_stations import FireStationRequest
from models.travel import ByMatrix

SEED = 1  # of every drawn instance
SQUARE_SITES = 100


def write_square(folder: Path, points: int, *, sites: int = SQUARE_SITES) -> None:
    """Write the uniform square of so many points."""
    square = uniform_square(points, sites, seed=SEED)
    arrays = {
        "x_m": square.columns["x_m"],
        "y_m": square.columns["y_m"],
        "weight": square.columns["residents"],
        "site_x_m": np.array([site.x_m for site in square.sites], dtype=np.float64),
        "site_y_m": np.array([site.y_m for site in square.sites], dtype=np.float64),
    }
    Task(folder.name, "cover", square.station_count, square.radius_m).write(folder, arrays)


def write_plane(
    folder: Path,
    kind: Kind,
    places: int,
    *,
    count: int | None = None,
    radius_m: float | None = None,
) -> None:
    """Write so many places of the plane, each a demand point and a site."""
    # A set cover's points are drawn with the upper edge, as those of its family are.
    side_m = plane.SIDE_M + (kind == "set-cover")
    points, weight = plane.drawn(places, SEED, side_m=side_m)
    arrays = {"weight": weight, "distance_m": plane.rounded(points)}
    Task(folder.name, kind, count, radius_m).write(folder, arrays)


def write_tiny(folder: Path, kind: Kind) -> None:
    """Write a task of a kind that takes no time and can be solved by enumeration."""
    if kind == "cover":
        write_plane(folder, kind, 12, count=3, radius_m=2_000.0)
    elif kind == "set-cover":
        write_plane(folder, kind, 12, radius_m=3_000.0)
    else:
        write_plane(folder, kind, 12, count=3)


def write_published(folder: Path, name: str) -> None:
    """Write a published instance of maximal covering or the p-median."""
    request, best_known = catalog.load(name)
    assert isinstance(request.demand_points, tuple)
    assert not isinstance(request.standard, str)
    weight = np.array([one.weights["residents"] for one in request.demand_points])
    count = request.new_stations["station"].min
    if isinstance(request.travel, ByMatrix):
        times = request.travel.scenarios[0].travel_time_s
        arrays = {"weight": weight, "distance_m": np.array(times, np.float64)}
        Task(folder.name, "p-median", count, None, best_known.value).write(folder, arrays)
        return
    task = Task(folder.name, "cover", count, request.standard.within_s, best_known.value)
    task.write(folder, {"weight": weight, **_coordinates(request)})


def _coordinates(request: FireStationRequest) -> dict[str, FloatArray]:
    assert isinstance(request.demand_points, tuple)
    at = np.array([(one.x_m, one.y_m) for one in request.demand_points], dtype=np.float64)
    site = np.array([(one.x_m, one.y_m) for one in request.sites], dtype=np.float64)
    return {"x_m": at[:, 0], "y_m": at[:, 1], "site_x_m": site[:, 0], "site_y_m": site[:, 1]}


PEERS = (
    "muster",
    "spopt_cbc",
    "spopt_highs",
    "plain_pulp",
    "plain_highs",
    "mathopt_highs",
    "cp_sat",
)
_RATED = PEERS[:3]  # Muster, and the library that it is to be so many times faster than


@dataclass(frozen=True)
class Listed:
    """A task, the peers that are worth running at its size, and the wall-clock limit of a run.

    Where a library cannot finish, one size above its reach is enough to show it; the same solver
    on the same program by another way in is left out at the larger sizes.
    """

    write: Callable[[Path], None]
    peers: tuple[str, ...] = PEERS
    limit_s: float = 60.0


def _square(points: int, *peers: str) -> Listed:
    return Listed(lambda folder: write_square(folder, points), peers)


def _median(places: int, count: int, *peers: str, limit_s: float = 60.0) -> Listed:
    return Listed(
        lambda folder: write_plane(folder, "p-median", places, count=count), peers, limit_s
    )


def _center(places: int, count: int, *peers: str) -> Listed:
    return Listed(lambda folder: write_plane(folder, "p-center", places, count=count), peers)


def _set_cover(places: int, radius_m: float, *peers: str, limit_s: float) -> Listed:
    return Listed(
        lambda folder: write_plane(folder, "set-cover", places, radius_m=radius_m), peers, limit_s
    )


def _published(name: str, *peers: str) -> Listed:
    return Listed(lambda folder: write_published(folder, name), peers)


TASKS: dict[str, Listed] = {
    "square-10000": _square(10_000, *PEERS),
    "square-100000": _square(100_000, *_RATED, "plain_highs"),
    "square-1000000": _square(1_000_000, "muster"),
    "SJC818-r800-p8": _published("SJC818-r800-p8", *PEERS),
    "pmed1": _published("pmed1", *PEERS),
    "pmed6": _published("pmed6", *_RATED),
    "pmed21": _published("pmed21", *_RATED),
    "median-200": _median(200, 10, *PEERS[:-1]),
    "median-500": _median(500, 20, *_RATED, "plain_highs", limit_s=120.0),
    "median-1000": _median(1_000, 20, "muster", "spopt_highs"),
    "center-100": _center(100, 10, *PEERS),
    "center-200": _center(200, 10, *_RATED),
    "set-cover-1000": _set_cover(1_000, 800.0, *_RATED, "plain_highs", "cp_sat", limit_s=45.0),
}
