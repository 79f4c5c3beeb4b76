"""Synthetic cities of any size with the shape of Pingshan, the same for the same seed.

A few centres of lognormal mass, people thinning out around them, wooded hills between and
beyond, a main centre where land is dear, stations of two classes already in service. Nothing in
them is real; every request is marked illustrative.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.generators.apportion import apportion
from instances.generators.plane import FloatArray, Plane, distances_m
from instances.generators.terrain import forest_shares, grain
from models.answer import Assumption
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import DEFAULT_ORDER, Objective
from models.fire_stations.request import RiskClass
from models.fire_stations.rules import CountRange, Rules
from models.places import Area, DemandPoint, Site, Station
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario

_TRAVEL = ByCoordinates(
    scenarios=(
        LawScenario(
            id="peak",
            name=Label(en="Peak, 25 km/h", zh="高峰（25 km/h）"),
            law=ConstantSpeed(speed_m_s=25 / 3.6),
        ),
        LawScenario(
            id="free_flow",
            name=Label(en="Free flow, 44 km/h", zh="畅通（44 km/h）"),
            law=ConstantSpeed(speed_m_s=44 / 3.6),
        ),
    )
)

# The densest 15 % of the points are of high risk and the next 35 % of medium, as in Pingshan.
_HIGH_FROM, _MEDIUM_FROM = 0.85, 0.50


@dataclass(frozen=True)
class Shape:
    """What a synthetic city is like; the defaults are Pingshan's proportions.

    Its area grows with its sites, so that a bigger city is as hard per square metre.
    """

    area_per_site_m2: float = 1.0e6
    area_per_centre_m2: float = 15e6
    residents_per_m2: float = 0.0033
    three_small_per_resident: float = 0.029
    forest_share: float = 0.455
    existing_share: float = 0.06  # of the sites: stations in service
    city_class_share: float = 0.3  # of those: class `city`, the rest `small`
    lat: float = 30.0
    lon: float = 112.0


@dataclass(frozen=True)
class _Ground:
    """The points of a city: where, how wooded, who lives there."""

    side_m: float
    centres_m: FloatArray  # (centre, 2), the main one first
    points_m: FloatArray  # (point, 2)
    forest_share: FloatArray  # (point,)
    counts: dict[str, NDArray[np.int64]]  # (point,) each
    density: FloatArray  # (point,)


def _ground(points: int, sites: int, shape: Shape, rng: np.random.Generator) -> _Ground:
    side_m = float(np.sqrt(sites * shape.area_per_site_m2))
    centre_count = max(2, round(side_m**2 / shape.area_per_centre_m2))
    mass = np.sort(grain(centre_count, 0.6, rng))[::-1]
    centres_m = rng.uniform(0.1 * side_m, 0.9 * side_m, (centre_count, 2))
    points_m = rng.uniform(0, side_m, (points, 2))
    apart_m = distances_m(points_m, centres_m)
    reach_m = np.sqrt(mass) * side_m / np.sqrt(centre_count)
    forest = forest_shares(
        (apart_m / reach_m).min(axis=1), total=shape.forest_share * points, ramp=0.2
    )
    people = (mass * np.exp(-2 * apart_m / reach_m)).sum(axis=1) * (1 - forest)
    people *= grain(points, 0.35, rng)
    residents = max(points, round(side_m**2 * shape.residents_per_m2))
    counts = {
        "residents": apportion(residents, people),
        "three_small": apportion(round(residents * shape.three_small_per_resident), people),
    }
    return _Ground(side_m, centres_m, points_m, forest, counts, people)


def _demand_points(ground: _Ground, plane: Plane) -> tuple[DemandPoint, ...]:
    lat, lon = plane.to_degrees(ground.points_m)
    medium, high = np.quantile(ground.density, [_MEDIUM_FROM, _HIGH_FROM])
    risk = np.where(
        ground.density >= high, "high", np.where(ground.density >= medium, "medium", "low")
    ).tolist()
    district = distances_m(ground.points_m, ground.centres_m).argmin(axis=1).tolist()
    residents = ground.counts["residents"].tolist()
    premises = ground.counts["three_small"].tolist()
    forest, area_m2 = ground.forest_share.tolist(), round(ground.side_m**2 / len(lat), 1)
    return tuple(
        DemandPoint(
            id=f"point-{i + 1}",
            lat=at_lat,
            lon=at_lon,
            weights={"residents": residents[i], "three_small": premises[i]},
            risk_class=risk[i],
            area=f"district-{district[i] + 1}",
            area_m2=area_m2,
            forest_share=forest[i],
        )
        for i, (at_lat, at_lon) in enumerate(zip(lat.tolist(), lon.tolist(), strict=True))
    )


def _site_points_m(
    ground: _Ground, count: int, existing: int, rng: np.random.Generator
) -> FloatArray:
    """Stations in service where most people live, candidates anywhere that is not wooded."""
    share = ground.density / ground.density.sum()
    open_land = (1 - ground.forest_share) / (1 - ground.forest_share).sum()
    at = [
        rng.choice(len(share), size=existing, p=share),
        rng.choice(len(share), size=count - existing, p=open_land),
    ]
    nudge = rng.uniform(-100.0, 100.0, (count, 2))
    return ground.points_m[np.concatenate(at)] + nudge


def _existing(number: int, city_count: int) -> Station:
    if number < city_count:
        return Station(class_id="city", headcount_people=34, vehicles={"engine": 4, "ladder": 1})
    return Station(class_id="small", headcount_people=12, vehicles={"engine": 1})


def _sites(ground: _Ground, count: int, shape: Shape, rng: np.random.Generator) -> tuple[Site, ...]:
    existing = round(count * shape.existing_share)
    city_count = round(existing * shape.city_class_share)
    points_m = _site_points_m(ground, count, existing, rng)
    lat, lon = Plane(shape.lat, shape.lon).to_degrees(points_m)
    from_centre_m = distances_m(points_m, ground.centres_m)
    land_cost = (1e6 + 7e6 * np.exp(-from_centre_m[:, 0] / 4000.0)).round(-4)
    remote = from_centre_m.min(axis=1) > np.quantile(from_centre_m.min(axis=1), 0.9)
    return tuple(
        Site(
            id=f"station-{j + 1}" if j < existing else f"candidate-{j + 1 - existing}",
            lat=float(lat[j]),
            lon=float(lon[j]),
            station=_existing(j, city_count) if j < existing else None,
            land_cost=0.0 if j < existing else float(land_cost[j]),
            outskirts=bool(remote[j]),
            illustrative=True,
        )
        for j in range(count)
    )


def _assumption(seed: int) -> Assumption:
    return Assumption(
        path="demand_points",
        value=f"seed {seed}",
        source="a synthetic city: nothing in it is real / 虚构城市，不对应任何真实地点",
        illustrative=True,
    )


def city(
    points: int,
    sites: int,
    *,
    new_stations: Mapping[str, int],
    seed: int = 0,
    objectives: tuple[Objective, ...] = DEFAULT_ORDER,
    shape: Shape | None = None,
) -> FireStationRequest:
    """Return a synthetic city of ``points`` demand points and ``sites`` sites in all.

    A share of the sites are stations in service; ``new_stations`` says exactly how many are to
    be built of each class.

    Examples
    --------
    >>> small = city(20, 10, new_stations={"city": 1}, seed=7)
    >>> len(small.demand_points), len(small.sites), small == city(
    ...     20, 10, new_stations={"city": 1}, seed=7)
    (20, 10, True)
    """
    shape = shape or Shape()
    rng = np.random.default_rng(seed)
    ground = _ground(points, sites, shape, rng)
    names = [f"district-{number + 1}" for number in range(len(ground.centres_m))]
    return FireStationRequest(
        name=Label(
            en=f"Synthetic city, {points:,} points, {sites:,} sites, seed {seed}",
            zh=f"虚构城市：{points:,}个需求点，{sites:,}个站址，种子{seed}",
        ),
        demand_points=_demand_points(ground, Plane(shape.lat, shape.lon)),
        sites=_sites(ground, sites, shape, rng),
        new_stations={key: CountRange(min=n, max=n) for key, n in new_stations.items()},
        travel=_TRAVEL,
        rules=Rules(small_adjoins_larger="small" in new_stations),
        objectives=objectives,
        areas=tuple(Area(id=name, level="district") for name in names),
        risk_classes=tuple(RiskClass(id=name) for name in ("high", "medium", "low")),
        assumptions=(_assumption(seed),),
        illustrative=True,
    )
