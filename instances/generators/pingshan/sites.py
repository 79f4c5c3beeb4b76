"""Where Pingshan's stations stand, and where new ones may be built.

The names and numbers of the stations are the plan's; every position is illustrative. The
candidates, what is near them and what their land costs are invented, from a seed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.generators.pingshan.facts import (
    CENTRE_LAT,
    CENTRE_LON,
    PLANE,
    ExistingStation,
    communities,
    community_points_m,
    outline_m,
    stations,
    totals,
)
from instances.generators.pingshan.grid import CELL_M, Grid
from instances.generators.plane import FloatArray, distances_m, inside, lattice
from models.places import Change, Nearby, Site, Station, StationStatus
from models.text import Label

HAZARDOUS, CROWD_EXIT = "hazardous_site", "crowd_exit"

_SPACING_M = 650.0
_BUILT_UP_AT_MOST_FOREST = 0.5
_CLEAR_OF_STATIONS_M = 300.0
_OUTSKIRTS_BEYOND_M = 1500.0
_CROWD_EXIT_COUNT = 160
_NEARBY_WITHIN_M = {HAZARDOUS: 1000.0, CROWD_EXIT: 300.0}
_NEARBY_NAMES = {
    HAZARDOUS: ("Hazardous site {:02d} (invented)", "危险源{:02d}(虚构)"),
    CROWD_EXIT: ("Crowd exit {:03d} (invented)", "人员密集场所出口{:03d}(虚构)"),
}

# Land costs so much far out, and so much more in the centre, falling by 1/e every 4 km.
_LAND_COST, _LAND_COST_CENTRE, _LAND_COST_FALL_M = 1e6, 7e6, 4000.0


@dataclass(frozen=True)
class Surroundings:
    """The nearest thing of one kind: how far it is from each candidate, and which it is."""

    kind: str
    distance_m: FloatArray  # (candidate,)
    number: NDArray[np.int64]  # (candidate,)


def _station_site(existing: ExistingStation, may: tuple[Change, ...]) -> Site:
    in_service = existing.status == StationStatus.IN_SERVICE
    return Site(
        id=existing.id,
        name=existing.name,
        lat=existing.lat,
        lon=existing.lon,
        station=Station(
            class_id=existing.class_id,
            status=StationStatus(existing.status),
            headcount_people=existing.headcount_people,
            vehicles=existing.vehicles,
            owner=existing.owner,
            may=may if in_service and existing.class_id == "small" else (),
        ),
        illustrative=True,
    )


def station_sites(*, small_may: tuple[Change, ...] = ()) -> tuple[Site, ...]:
    """Return the existing stations; ``small_may`` is allowed to the small ones in service."""
    return tuple(_station_site(existing, small_may) for existing in stations())


def _candidate_points_m(cells: Grid) -> FloatArray:
    """Lattice points on built-up land of the district, clear of stations in service."""
    outline = outline_m()
    points = lattice(outline.min(axis=0), outline.max(axis=0), spacing_m=_SPACING_M)
    points = points[inside(points, outline)]
    cell = distances_m(points, cells.centre_m).argmin(axis=1)
    built_up = cells.forest_share[cell] <= _BUILT_UP_AT_MOST_FOREST
    taken = [one for one in stations() if one.status == StationStatus.IN_SERVICE]
    taken_m = PLANE.to_metres(
        np.array([one.lat for one in taken]), np.array([one.lon for one in taken])
    )
    clear = distances_m(points, taken_m).min(axis=1) >= _CLEAR_OF_STATIONS_M
    kept: FloatArray = points[built_up & clear]
    return kept


def _scatter_m(cells: Grid, name: str, count: int, rng: np.random.Generator) -> FloatArray:
    """Invent positions: a cell by how much of ``name`` it has, and anywhere in that cell."""
    share = cells.counts[name] / cells.counts[name].sum()
    cell = rng.choice(len(share), size=count, p=share)
    return cells.centre_m[cell] + rng.uniform(-CELL_M / 2, CELL_M / 2, (count, 2))


def _surroundings(
    points_m: FloatArray, cells: Grid, rng: np.random.Generator
) -> tuple[Surroundings, ...]:
    hazards_m = _scatter_m(cells, "hazardous_chemical_users", int(totals()["hazardous_sites"]), rng)
    exits_m = _scatter_m(cells, "residents", _CROWD_EXIT_COUNT, rng)
    found = []
    for kind, places_m in ((HAZARDOUS, hazards_m), (CROWD_EXIT, exits_m)):
        apart_m = distances_m(points_m, places_m)
        found.append(Surroundings(kind, apart_m.min(axis=1), apart_m.argmin(axis=1) + 1))
    return tuple(found)


def _nearby(surroundings: tuple[Surroundings, ...], candidate: int) -> tuple[Nearby, ...]:
    return tuple(
        Nearby(
            kind=one.kind,
            distance_m=round(float(one.distance_m[candidate]), 1),
            name=Label(
                en=_NEARBY_NAMES[one.kind][0].format(one.number[candidate]),
                zh=_NEARBY_NAMES[one.kind][1].format(one.number[candidate]),
            ),
        )
        for one in surroundings
        if one.distance_m[candidate] <= _NEARBY_WITHIN_M[one.kind]
    )


def _land_costs(points_m: FloatArray, rng: np.random.Generator) -> FloatArray:
    centre_m = PLANE.to_metres(np.array([CENTRE_LAT]), np.array([CENTRE_LON]))
    fall = np.exp(-distances_m(points_m, centre_m)[:, 0] / _LAND_COST_FALL_M)
    chance = rng.uniform(0.9, 1.1, len(points_m))
    costs: FloatArray = ((_LAND_COST + _LAND_COST_CENTRE * fall) * chance).round(-4)
    return costs


def candidate_sites(cells: Grid, *, seed: int) -> tuple[Site, ...]:
    """Return the candidate sites, numbered from the south-west.

    Some stand too near to something: it is for the request's clearances to exclude them.
    """
    rng = np.random.default_rng(seed)
    points_m = _candidate_points_m(cells)
    surroundings = _surroundings(points_m, cells, rng)
    land_cost = _land_costs(points_m, rng)
    lat, lon = PLANE.to_degrees(points_m)
    community_distance_m = distances_m(points_m, community_points_m())
    community = [communities()[index] for index in community_distance_m.argmin(axis=1)]
    return tuple(
        Site(
            id=f"candidate-{j + 1:03d}",
            name=Label(
                en=f"Candidate {j + 1:03d}, {community[j].name.en}",
                zh=f"备选点{j + 1:03d}({community[j].name.zh.removesuffix('社区')})",
            ),
            lat=float(lat[j]),
            lon=float(lon[j]),
            allowed_classes=("city", "small"),
            land_cost=float(land_cost[j]),
            nearby=_nearby(surroundings, j),
            outskirts=bool(community_distance_m[j].min() > _OUTSKIRTS_BEYOND_M),
            illustrative=True,
        )
        for j in range(len(points_m))
    )
