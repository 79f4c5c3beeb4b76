"""Pingshan as a grid of cells of 250 m: who and what is where.

Everything below the totals is illustrative: a cell belongs to the community whose point is
nearest, and the community's people and premises thin out with the distance from that point.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.generators.apportion import apportion
from instances.generators.pingshan.facts import (
    PLANE,
    WEIGHTS,
    communities,
    community_points_m,
    outline_m,
    totals,
)
from instances.generators.plane import FloatArray, distances_m, inside
from instances.generators.terrain import forest_shares, grain
from models.places import DemandPoint

CELL_M = 250.0
CELL_AREA_M2 = CELL_M**2

# Nobody lives where a cell is this wooded.
WILD_SHARE = 0.9

# How far what is counted spreads from a community's point: homes and shops cluster, industry
# that uses chemicals stands apart.
_SPREAD_M = {
    "residents": 900.0,
    "three_small": 750.0,
    "hazardous_chemical_users": 1600.0,
    "key_fire_units": 1000.0,
    "buildings": 1000.0,
}

# Calls, fires and losses follow premises more than beds: one user of hazardous chemicals or one
# key unit counts as so many small premises when cells are ranked by risk.
_PREMISES_EQUIVALENT = {
    "three_small": 1.0,
    "hazardous_chemical_users": 15.0,
    "key_fire_units": 10.0,
}

# Of the cells with any premises, the densest 15 % are of high, the next 35 % of medium risk.
_HIGH_FROM, _MEDIUM_FROM = 0.85, 0.50


@dataclass(frozen=True)
class Grid:
    """The cells of the district, in rows from the south-west."""

    centre_m: FloatArray  # (cell, 2)
    row: NDArray[np.int64]  # (cell,)
    column: NDArray[np.int64]  # (cell,)
    community: NDArray[np.int64]  # (cell,) the nearest community's position in the table
    forest_share: FloatArray  # (cell,)
    counts: dict[str, NDArray[np.int64]]  # (cell,) each
    risk_class: tuple[str, ...]


def _centres() -> tuple[FloatArray, NDArray[np.int64], NDArray[np.int64]]:
    outline = outline_m()
    low, high = outline.min(axis=0), outline.max(axis=0)
    columns, rows = (np.ceil((high - low) / CELL_M)).astype(np.int64)
    row, column = np.divmod(np.arange(rows * columns), columns)
    centres = low + CELL_M * (np.column_stack([column, row]) + 0.5)
    kept = inside(centres, outline)
    return centres[kept], row[kept], column[kept]


def _remoteness(distance_m: FloatArray) -> FloatArray:
    """Distance to the nearest community in units of the reach of its built-up part."""
    residents = np.array([community.counts["residents"] for community in communities()])
    reach_m = 400.0 + 1100.0 * np.sqrt(residents / residents.mean())
    nearest: FloatArray = (distance_m / reach_m).min(axis=1)
    return nearest


def _counts(
    distance_m: FloatArray,
    community: NDArray[np.int64],
    forest_share: FloatArray,
    rng: np.random.Generator,
) -> dict[str, NDArray[np.int64]]:
    built_up = np.where(forest_share < WILD_SHARE, 1 - forest_share, 0.0)
    texture = grain(len(community), 0.35, rng)
    counts = {name: np.zeros(len(community), dtype=np.int64) for name in WEIGHTS}
    for index, one in enumerate(communities()):
        cells = np.flatnonzero(community == index)
        for name, spread_m in _SPREAD_M.items():
            near = np.exp(-(distance_m[cells, index] / spread_m))
            shares = near * built_up[cells] * texture[cells]
            counts[name][cells] = apportion(one.counts[name], shares)
    return counts


def _risk_classes(counts: dict[str, NDArray[np.int64]]) -> tuple[str, ...]:
    premises = sum(
        (factor * counts[name] for name, factor in _PREMISES_EQUIVALENT.items()),
        start=np.zeros(len(counts["three_small"])),
    )
    medium, high = np.quantile(premises[premises > 0], [_MEDIUM_FROM, _HIGH_FROM])
    names = np.where(premises >= high, "high", np.where(premises >= medium, "medium", "low"))
    return tuple(names.tolist())


def grid(*, seed: int) -> Grid:
    """Return the grid; totals are exact in every community, whatever the seed."""
    centre_m, row, column = _centres()
    distance_m = distances_m(centre_m, community_points_m())
    community = distance_m.argmin(axis=1)
    forest_share = forest_shares(
        _remoteness(distance_m), total=totals()["forest_area"] * 1e6 / CELL_AREA_M2, ramp=0.4
    )
    counts = _counts(distance_m, community, forest_share, np.random.default_rng(seed))
    return Grid(centre_m, row, column, community, forest_share, counts, _risk_classes(counts))


def demand_points(cells: Grid) -> tuple[DemandPoint, ...]:
    """Return the cells as demand points; a count of nothing is left out, save of residents."""
    lat, lon = PLANE.to_degrees(cells.centre_m)
    names = communities()
    return tuple(
        DemandPoint(
            id=f"cell-{cells.row[i]:02d}-{cells.column[i]:02d}",
            lat=float(lat[i]),
            lon=float(lon[i]),
            weights={
                name: float(count[i])
                for name, count in cells.counts.items()
                if count[i] or name == "residents"
            },
            risk_class=cells.risk_class[i],
            area=f"{names[cells.community[i]].id}-community",
            area_m2=CELL_AREA_M2,
            forest_share=float(cells.forest_share[i]),
        )
        for i in range(len(cells.row))
    )
