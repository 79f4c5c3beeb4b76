"""The maximal-covering benchmark with few sites and very many demand points.

Cordeau, J.-F., Furini, F. and Ljubic, I. (2019). Benders decomposition for very large scale
partial set covering and maximal covering location problems. European Journal of Operational
Research 275(3), 882-896: places uniform on a square of side 30, weights 1 to 100.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.plain import METRES_AS_SECONDS, STATION, within
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import Cover
from models.fire_stations.rules import CountRange
from models.places import DemandTable, Site
from models.quantities import Sha256
from models.text import Label

SIDE_M = 30.0


@dataclass(frozen=True)
class UniformSquare:
    """The benchmark: demand as the columns of a table, and the request that names the table.

    The caller writes ``columns`` as an NPZ file, adds it to the dataset store, and asks
    `request` for the request with the file's SHA-256.
    """

    columns: dict[str, NDArray[np.float64]]  # (demand,) each
    sites: tuple[Site, ...]
    radius_m: float
    station_count: int

    def request(self, sha256: Sha256) -> FireStationRequest:
        """Return the request whose demand is the dataset of that name."""
        points = len(self.columns["residents"])
        return FireStationRequest(
            name=Label(
                en=f"Uniform square, {points:,} points, {len(self.sites)} sites",
                zh=f"均匀方形：{points:,}个需求点，{len(self.sites)}个站址",
            ),
            demand_points=DemandTable(sha256=sha256),
            sites=self.sites,
            new_stations={STATION.id: CountRange(min=self.station_count, max=self.station_count)},
            classes=(STATION,),
            standard=within(self.radius_m),
            travel=METRES_AS_SECONDS,
            objectives=(Cover(),),
        )


def uniform_square(
    points: int,
    sites: int,
    *,
    radius_m: float = 5.5,
    stations: int = 10,
    seed: int = 0,
) -> UniformSquare:
    """Return the benchmark of that size: a station covers what lies within ``radius_m``.

    Sites are driven from at 1 m/s without turnout or detour, so that seconds are metres.

    Examples
    --------
    >>> square = uniform_square(1000, 100, seed=1)
    >>> sorted(square.columns), square.request("0" * 64).new_stations["station"].max
    (['residents', 'x_m', 'y_m'], 10)
    """
    rng = np.random.default_rng(seed)
    site_m = rng.uniform(0, SIDE_M, (sites, 2))
    point_m = rng.uniform(0, SIDE_M, (points, 2))
    weight = rng.integers(1, 101, points).astype(np.float64)
    columns = {"x_m": point_m[:, 0].copy(), "y_m": point_m[:, 1].copy(), "residents": weight}
    width = len(str(sites))
    return UniformSquare(
        columns=columns,
        sites=tuple(
            Site(id=f"site-{j + 1:0{width}d}", x_m=float(x), y_m=float(y))
            for j, (x, y) in enumerate(site_m)
        ),
        radius_m=radius_m,
        station_count=stations,
    )
