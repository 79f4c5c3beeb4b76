"""Pingshan's small works as requests: hydrants, loudspeakers for residents, sensors for slopes.

How many premises, residents and slopes there are is published; where each stands, where hydrants,
loudspeakers and sensors are or may be, and what they cost is drawn from a seed.
"""

import numpy as np
from numpy.typing import NDArray

from instances.generators.apportion import apportion
from instances.generators.pingshan.assumptions import illustrative, published
from instances.generators.pingshan.facts import PLANE, communities, hazard_points
from instances.generators.pingshan.grid import CELL_M, Grid, grid
from instances.generators.pingshan.request import SEED, areas
from instances.generators.plane import FloatArray, distances_m, lattice
from models.answer import Assumption
from models.facilities import FacilityRequest
from models.facilities.places import FacilitySite, SiteState
from models.facilities.request import Goal
from models.places import DemandPoint
from models.text import Label

HYDRANT_RADIUS_M = 150.0
LOUDSPEAKER_RADIUS_M = 400.0
_SUBDISTRICT = "kengzi"
_CLUSTER = 8  # small premises that share a frontage
SENSOR_RADIUS_M = 500.0
_SPACING_M = {"hydrant": 110.0, "loudspeaker": 450.0, "slope-sensor": 350.0}
_EXISTING = {"hydrant": 0.12, "loudspeaker": 0.1, "slope-sensor": 0.05}  # of the places, drawn
_HYDRANTS, _BUDGET, _SLOPES = 60, 4.0e6, 356
_INVENTED = "invented for this example, from a seed / 本示例按随机种子虚构"

_HYDRANT_ASSUMPTIONS: tuple[Assumption, ...] = (
    published("demand_points.weights.three_small", "16,126 (2021)"),
    published(
        "radius",
        "150 m",
        "GB 50974-2014, 7.2: protection radius of a municipal hydrant; recalled"
        " / 市政消火栓保护半径，凭记忆",
        "memory_high",
    ),
    illustrative("demand_points.lat", "Kengzi / 坑梓街道", _INVENTED),
    illustrative("sites.lat", "110 m", _INVENTED),
    illustrative("sites.state", "12 %", _INVENTED),
)
_LOUDSPEAKER_ASSUMPTIONS: tuple[Assumption, ...] = (
    published(
        "demand_points.weights.residents",
        "551,333",
        "2020 national census / 2020年第七次全国人口普查",
        "found",
    ),
    illustrative(
        "radius",
        "400 m",
        "how far speech carries depends on the device and the ground; a round number"
        " / 有效声程取决于设备与地形；此处取整数",
    ),
    illustrative("sites.lat", "450 m", _INVENTED),
    illustrative("sites.cost", "30,000-90,000 CNY / 3万至9万元", _INVENTED),
    illustrative("sites.state", "10 %", _INVENTED),
    illustrative("budget", "4 million CNY / 400万元", _INVENTED),
)
_SENSOR_ASSUMPTIONS: tuple[Assumption, ...] = (
    published("demand_points.weights.slopes", "356 (2021), 17 of them watched / 其中17处已监测"),
    illustrative(
        "radius",
        "500 m",
        "how far a slope radar or a camera sees depends on the ground; a round number"
        " / 雷达或摄像的有效距离取决于地形；此处取整数",
    ),
    illustrative("demand_points.lat", "by geohazard points / 按地灾点分布", _INVENTED),
    illustrative("sites.lat", "350 m", _INVENTED),
    illustrative("sites.cost", "80,000-200,000 CNY / 8万至20万元", _INVENTED),
    illustrative("sites.state", "5 %", _INVENTED),
)


def hydrants() -> FacilityRequest:
    """Return where 60 more hydrants bring most small premises of Kengzi within 150 m of one."""
    rng = np.random.default_rng(SEED)
    cells = grid(seed=SEED)
    mine = _cells_of(cells, _SUBDISTRICT)
    points, spots = _premises(cells, mine, rng)
    return FacilityRequest(
        name=Label(en="Kengzi: hydrants for small premises", zh="坑梓街道：三小场所消火栓布局"),
        facility=Label(en="hydrant", zh="消火栓"),
        demand_points=points,
        sites=_sites("hydrant", Label(en="Hydrant", zh="消火栓"), spots, rng),
        goal=Goal.COVER,
        radius=HYDRANT_RADIUS_M,
        number=_HYDRANTS,
        weight="three_small",
        areas=areas(),
        assumptions=_HYDRANT_ASSUMPTIONS,
        illustrative=True,
    )


def loudspeakers() -> FacilityRequest:
    """Return which loudspeakers within a budget warn most residents of the district."""
    rng = np.random.default_rng(SEED)
    cells = grid(seed=SEED)
    lived_in = np.flatnonzero(cells.counts["residents"] > 0)
    lat, lon = PLANE.to_degrees(cells.centre_m)
    return FacilityRequest(
        name=Label(en="Pingshan: loudspeakers for warnings", zh="坪山区：预警大喇叭布局"),
        facility=Label(en="loudspeaker", zh="预警大喇叭"),
        demand_points=tuple(
            DemandPoint(
                id=f"cell-{cells.row[i]:02d}-{cells.column[i]:02d}",
                lat=float(lat[i]),
                lon=float(lon[i]),
                weights={"residents": float(cells.counts["residents"][i])},
                area=f"{communities()[cells.community[i]].id}-community",
            )
            for i in lived_in
        ),
        sites=_sites(
            "loudspeaker",
            Label(en="Loudspeaker", zh="大喇叭"),
            cells.centre_m[lived_in],
            rng,
            cost=(3, 9),
        ),
        goal=Goal.COVER,
        radius=LOUDSPEAKER_RADIUS_M,
        budget=_BUDGET,
        weight="residents",
        areas=areas(),
        assumptions=_LOUDSPEAKER_ASSUMPTIONS,
        illustrative=True,
    )


def slope_sensors() -> FacilityRequest:
    """Return the cheapest sensors that watch every dangerous slope of the district."""
    rng = np.random.default_rng(SEED)
    points, spots = _slopes(grid(seed=SEED), rng)
    return FacilityRequest(
        name=Label(en="Pingshan: sensors for dangerous slopes", zh="坪山区：危险边坡监测设备布局"),
        facility=Label(en="slope sensor", zh="边坡监测设备"),
        demand_points=points,
        sites=_sites(
            "slope-sensor",
            Label(en="Sensor", zh="监测点"),
            spots,
            rng,
            cost=(8, 20),
        ),
        goal=Goal.SET_COVER,
        radius=SENSOR_RADIUS_M,
        weight="slopes",
        areas=areas(),
        assumptions=_SENSOR_ASSUMPTIONS,
        illustrative=True,
    )


def _slopes(cells: Grid, rng: np.random.Generator) -> tuple[tuple[DemandPoint, ...], FloatArray]:
    """Return the slopes, each in a cell of a community that has as many as its geohazard points."""
    hazards = hazard_points()
    shares = np.array([float(hazards[one.id][1]) for one in communities()])
    points, spots = [], []
    for place, count in enumerate(apportion(_SLOPES, shares).tolist()):
        community = communities()[place]
        mine = rng.choice(np.flatnonzero(cells.community == place), count)
        at = cells.centre_m[mine] + rng.uniform(-CELL_M / 2, CELL_M / 2, (count, 2))
        lat, lon = PLANE.to_degrees(at)
        spots.append(at)
        points += [
            DemandPoint(
                id=f"slope-{community.id}-{n + 1}",
                lat=float(lat[n]),
                lon=float(lon[n]),
                weights={"slopes": 1.0},
                area=f"{community.id}-community",
            )
            for n in range(count)
        ]
    return tuple(points), np.concatenate(spots)


def _cells_of(cells: Grid, subdistrict: str) -> NDArray[np.intp]:
    inside = [one.subdistrict == subdistrict for one in communities()]
    return np.flatnonzero(np.array(inside)[cells.community] & (cells.counts["three_small"] > 0))


def _premises(
    cells: Grid, mine: NDArray[np.intp], rng: np.random.Generator
) -> tuple[tuple[DemandPoint, ...], FloatArray]:
    """Return clusters of small premises, each somewhere in its cell, and where they stand."""
    points, spots = [], []
    for i in mine.tolist():
        count = int(cells.counts["three_small"][i])
        clusters = -(-count // _CLUSTER)
        at = cells.centre_m[i] + rng.uniform(-CELL_M / 2, CELL_M / 2, (clusters, 2))
        lat, lon = PLANE.to_degrees(at)
        spots.append(at)
        points += [
            DemandPoint(
                id=f"premises-{cells.row[i]:02d}-{cells.column[i]:02d}-{n + 1}",
                lat=float(lat[n]),
                lon=float(lon[n]),
                weights={"three_small": float(part)},
                area=f"{communities()[cells.community[i]].id}-community",
            )
            for n, part in enumerate(apportion(count, np.ones(clusters)).tolist())
        ]
    return tuple(points), np.concatenate(spots)


def _sites(
    kind: str,
    name: Label,
    near_m: FloatArray,
    rng: np.random.Generator,
    cost: tuple[int, int] | None = None,
) -> tuple[FacilitySite, ...]:
    """Return places on a shaken lattice near what is to be reached; some have one already.

    ``cost`` is from which to which a place costs, in ten thousands.
    """
    spacing = _SPACING_M[kind]
    spots = lattice(near_m.min(axis=0), near_m.max(axis=0), spacing_m=spacing)
    spots = spots + rng.uniform(-spacing / 4, spacing / 4, spots.shape)
    spots = spots[distances_m(spots, near_m).min(axis=1) <= spacing]
    lat, lon = PLANE.to_degrees(spots)
    there = rng.random(len(spots)) < _EXISTING[kind]
    prices = np.zeros(len(spots)) if cost is None else rng.integers(*cost, len(spots)) * 1e4
    return tuple(
        FacilitySite(
            id=f"{kind}-{n + 1:03d}",
            name=Label(en=f"{name.en} {n + 1:03d}", zh=f"{name.zh}{n + 1:03d}"),
            lat=float(lat[n]),
            lon=float(lon[n]),
            state=SiteState.EXISTING if there[n] else SiteState.CANDIDATE,
            cost=float(prices[n]),
            illustrative=True,
        )
        for n in range(len(spots))
    )
