"""A small town on roads, invented: the files of a planner's project, the same for the same seed.

Streets on an uneven grid, every fifth an arterial; a river with three bridges; an expressway with
two ramps; some streets one way. Nothing in it is real, and its project says so.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from instances.generators.apportion import apportion
from instances.generators.plane import FloatArray, Plane

_PLANE = Plane(lat=30.0, lon=112.0)  # about the south-west corner
_BLOCK_M = 400.0
_CLOSED_STREETS = 0.12  # the share of residential streets that were never built
_ONE_WAY = 0.15
_RESIDENTS = 86_000

Position = tuple[float, float]  # lon, lat


@dataclass(frozen=True)
class _Road:
    positions: tuple[Position, ...]
    road_class: str
    name: str
    oneway: str = "no"
    maxspeed: int | None = None


@dataclass(frozen=True)
class _Town:
    """Crossings (row, column, 2) in metres, and where the river runs: below this row."""

    crossings_m: FloatArray
    river_row: int
    bridges: tuple[int, ...]

    @property
    def size(self) -> int:
        return len(self.crossings_m)


def road_town(*, size: int = 16, seed: int = 1) -> Mapping[str, str]:
    """Return the files of the project by name, for ``size`` x ``size`` crossings.

    Examples
    --------
    >>> sorted(road_town(size=8))[:3]
    ['closures.geojson', 'demand.csv', 'outline.geojson']
    """
    rng = np.random.default_rng(seed)
    town = _town(size, rng)
    return {
        "project.toml": _SETTINGS,
        "roads.geojson": _layer(_roads(town, rng)),
        "closures.geojson": _features(_closures(town)),
        "water.geojson": _features([_river(town)]),
        "outline.geojson": _features([_outline(town)]),
        "demand.csv": _demand(town, rng),
        "sites.csv": _sites(town, rng),
        "stations.csv": _stations(town),
    }


_SETTINGS = """\
name = "Road town (invented) / 道路小镇（虚构）"
crs = "wgs84"
new_stations = 3
illustrative = true

[[scenarios]]
id = "free_flow"
weight = 0.5

[[scenarios]]
id = "peak"
weight = 0.4
time_factor = 1.3
class_time_factors = {primary = 1.2}

[[scenarios]]
id = "flood"
weight = 0.1
closures = ["middle-bridge", "slope"]
"""


def _town(size: int, rng: np.random.Generator) -> _Town:
    steps = _BLOCK_M * (np.arange(size) + 1.0)
    crossings_m = np.stack(np.meshgrid(steps, steps), axis=-1)
    crossings_m += rng.uniform(-60, 60, crossings_m.shape)
    middle = size // 2
    return _Town(crossings_m, middle, (2, middle, size - 3))


def _degrees(metres: FloatArray) -> Position:
    lat, lon = _PLANE.to_degrees(np.atleast_2d(metres))
    return float(lon[0]), float(lat[0])


def _roads(town: _Town, rng: np.random.Generator) -> list[_Road]:
    """Return the streets row by row, then column by column, then the expressway."""
    made = []
    for row in range(town.size):
        for column in range(town.size):
            here = town.crossings_m[row, column]
            if column + 1 < town.size:
                made += _street(town, here, town.crossings_m[row, column + 1], row, rng)
            if row + 1 == town.size:
                continue
            over_river = row + 1 == town.river_row
            if not over_river or column in town.bridges:
                rank = 0 if over_river else column
                made += _street(town, here, town.crossings_m[row + 1, column], rank, rng)
    return made + _expressway(town)


def _street(
    town: _Town, first_m: FloatArray, last_m: FloatArray, line: int, rng: np.random.Generator
) -> list[_Road]:
    """Return the street between two crossings of a line of the grid, where it was built."""
    built, turn = rng.random(2)
    ends = (_degrees(first_m), _degrees(last_m))
    if line % 5 == 0:
        return [_Road(ends, "primary", f"{line + 1} Avenue / {line + 1}号大道", maxspeed=60)]
    if line % 5 in {2, 3}:
        return [_Road(ends, "secondary", f"{line + 1} Road / {line + 1}号路", maxspeed=40)]
    edge = line == town.size - 1
    if built < _CLOSED_STREETS and not edge:
        return []
    oneway = "yes" if turn < _ONE_WAY else "no"
    return [_Road(ends, "residential", f"{line + 1} Street / {line + 1}号街", oneway)]


def _expressway(town: _Town) -> list[_Road]:
    """Return the expressway along the eastern edge, with ramps at both of its ends."""
    east_m = town.crossings_m[:, -1].copy()
    east_m[:, 0] = town.crossings_m[:, -1, 0].max() + 300.0
    low, high = 1, town.size - 2
    course = tuple(_degrees(one) for one in east_m[low : high + 1])
    ramps = [
        _Road((_degrees(east_m[row]), _degrees(town.crossings_m[row, -1])), "motorway_link", "Ramp")
        for row in (low, high)
    ]
    name = "Expressway / 高速公路"
    return [_Road(course, "motorway", name, maxspeed=80), *ramps]


def _layer(roads: Iterable[_Road]) -> str:
    return _features(
        {
            "geometry": {"type": "LineString", "coordinates": road.positions},
            "highway": road.road_class,
            "name": road.name,
            "oneway": road.oneway,
            "maxspeed": road.maxspeed,
        }
        for road in roads
    )


def _features(shapes: Iterable[Mapping[str, object]]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {key: value for key, value in one.items() if key != "geometry"},
            "geometry": one["geometry"],
        }
        for one in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _bank_m(town: _Town) -> float:
    """Return the northing of the river's middle."""
    south, north = town.crossings_m[town.river_row - 1], town.crossings_m[town.river_row]
    return float(south[:, 1].max() + north[:, 1].min()) / 2


def _closures(town: _Town) -> list[dict[str, object]]:
    at = town.crossings_m[town.river_row, town.bridges[1]]
    bridge_m = np.array([at[0], _bank_m(town)])
    slope = _degrees(town.crossings_m[-1, town.size // 2 : town.size // 2 + 2].mean(axis=0))
    ring = _box(bridge_m, 250.0)
    return [
        {
            "id": "middle-bridge",
            "kind": "flood",
            "name": "Middle bridge under water / 中桥积水",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        },
        {
            "id": "slope",
            "kind": "landslide",
            "name": "Landslide / 滑坡",
            "geometry": {"type": "Point", "coordinates": slope},
        },
    ]


def _box(middle_m: FloatArray, half_m: float) -> list[Position]:
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    return [_degrees(middle_m + half_m * np.array(sign)) for sign in signs]


def _river(town: _Town) -> dict[str, object]:
    far, bank = _BLOCK_M * (town.size + 1), _bank_m(town)
    corners = ((0.0, -40.0), (far, -40.0), (far, 40.0), (0.0, 40.0), (0.0, -40.0))
    ring = [_degrees(np.array([x, bank + y])) for x, y in corners]
    return {"name": "River / 河", "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _outline(town: _Town) -> dict[str, object]:
    far = _BLOCK_M * (town.size + 2)
    corners = ((0.0, 0.0), (far, 0.0), (far, far), (0.0, far), (0.0, 0.0))
    ring = [_degrees(np.array(one)) for one in corners]
    return {"name": "Road town / 道路小镇", "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _demand(town: _Town, rng: np.random.Generator) -> str:
    """Return five places a block, denser towards the middle."""
    far = _BLOCK_M * (town.size + 1)
    at_m = rng.uniform(0.5 * _BLOCK_M, far - 0.5 * _BLOCK_M, (5 * (town.size - 1) ** 2, 2))
    at_m = at_m[np.abs(at_m[:, 1] - _bank_m(town)) > 60.0]
    density = np.exp(-np.hypot(*(at_m - far / 2).T) / (0.3 * far))
    residents = apportion(_RESIDENTS, density * rng.lognormal(0.0, 0.5, len(at_m)))
    rows = [
        (f"p{i + 1}", *_degrees(one)[::-1], count)
        for i, (one, count) in enumerate(zip(at_m, residents.tolist(), strict=True))
    ]
    return _table(("编号 id", "纬度 lat", "经度 lon", "常住人口 residents"), rows)


def _sites(town: _Town, rng: np.random.Generator) -> str:
    spots = rng.choice(town.size**2, size=5 * town.size, replace=False)
    rows = []
    for number, spot in enumerate(np.sort(spots).tolist(), 1):
        at_m = town.crossings_m[divmod(spot, town.size)] + rng.uniform(-40, 40, 2)
        rows.append((f"c{number}", f"Lot {number} / 地块{number}", *_degrees(at_m)[::-1]))
    return _table(("编号 id", "名称 name", "纬度 lat", "经度 lon"), rows)


def _stations(town: _Town) -> str:
    low, high = town.size // 4, town.size - 1 - town.size // 4
    places = ((low, low, "city"), (high, low, "small"), (high, high, "small"))
    rows = [
        (
            f"e{number}",
            f"Station {number} / {number}号站",
            *_degrees(town.crossings_m[row, column] + 30.0)[::-1],
            kind,
            "in_service",
        )
        for number, (row, column, kind) in enumerate(places, 1)
    ]
    return _table(
        ("编号 id", "名称 name", "纬度 lat", "经度 lon", "类别 class", "状态 status"), rows
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return made.getvalue()
