"""Pingshan's shelters as requests: published totals, illustrative places.

A typhoon is sat out indoors (45 sites for 9,740 people), an earthquake outdoors (27 sites for
400,000). Where the sites stand, how large each is, what is flooded and what openings cost is drawn
from a seed.
"""

import numpy as np
from numpy.typing import NDArray

from instances.generators.apportion import apportion
from instances.generators.pingshan.facts import (
    PLANE,
    communities,
    community_points_m,
    totals,
)
from instances.generators.pingshan.grid import Grid, grid
from instances.generators.pingshan.request import SEED, areas
from instances.generators.pingshan.shelter_assumptions import SHELTERS
from instances.generators.plane import FloatArray, distances_m
from models.geometry import Polygon
from models.shelters import ShelterRequest
from models.shelters.objectives import OpeningCost, Unmet, Walk
from models.shelters.places import Block, Setting, ShelterSite
from models.shelters.rules import AreaTarget, ShelterRules
from models.shelters.scenarios import Hazard, ShelterScenario
from models.text import Label

# Mangkhut (2018) moved over 200,000 people in Shenzhen: 1.14 to 1.5 % of residents.
_TYPHOON_SHARE = 0.0150
_EARTHQUAKE_SHARE = 0.25  # Guangdong: fixed shelters for 20-30 % of planned residents
_M2 = 1.5
_CANDIDATES = {Setting.INDOOR: 24, Setting.OUTDOOR: 18}
_CANDIDATE_PLACES = {Setting.INDOOR: (120, 600), Setting.OUTDOOR: (3_000, 20_000)}
_COST = {Setting.INDOOR: (0.3e6, 800.0), Setting.OUTDOOR: (1.0e6, 120.0)}  # CNY: fixed, a place
_SPREAD_M = {Setting.INDOOR: 350.0, Setting.OUTDOOR: 700.0}
_CORNERS = 16


def typhoon() -> ShelterRequest:
    """Return the typhoon: people in huts, on slopes and in low places go indoors.

    Three states: the storm alone, and with floods along two stretches of the valley.
    """
    rng = np.random.default_rng(SEED)
    cells, sites = grid(seed=SEED), _sites(rng)
    floods = tuple(
        Hazard(kind="flood", name=Label(en=f"Flood {n}", zh=f"内涝{n}"), shape=_ring(point, 700.0))
        for n, point in enumerate(_valley(rng, 4), start=1)
    )
    scenarios = tuple(
        ShelterScenario(
            id=name,
            name=label,
            weight=weight,
            leave_share=share,
            hazards=hazards,
            settings=(Setting.INDOOR,),
            m2_per_person=_M2,
        )
        for name, label, weight, share, hazards in (
            ("storm", Label(en="Storm", zh="台风"), 0.6, 0.0114, ()),
            ("flood_west", Label(en="Flood in the west", zh="西部内涝"), 0.2, 0.013, floods[:2]),
            (
                "flood_east",
                Label(en="Flood in the east", zh="东部内涝"),
                0.2,
                _TYPHOON_SHARE,
                floods,
            ),
        )
    )
    return ShelterRequest(
        name=Label(en="Pingshan, typhoon: 45 indoor shelters", zh="坪山区台风避难：室内场所45处"),
        blocks=blocks(cells),
        sites=sites,
        scenarios=scenarios,
        rules=ShelterRules(walk_limit_m=1000.0, budget=6e6),
        objectives=(Unmet(), OpeningCost(), Walk()),
        areas=areas(),
        assumptions=SHELTERS,
        illustrative=True,
    )


def indoor_shelters() -> tuple[ShelterSite, ...]:
    """Return the 45 indoor shelters that stand, as the requests have them."""
    every = _sites(np.random.default_rng(SEED))
    return tuple(one for one in every if one.existing and one.setting is Setting.INDOOR)


def earthquake() -> ShelterRequest:
    """Return the earthquake: a quarter of all residents goes outdoors, within 2.5 km."""
    rng = np.random.default_rng(SEED)
    cells, sites = grid(seed=SEED), _sites(rng)
    slides = tuple(Hazard(kind="landslide", shape=_ring(point, 500.0)) for point in _valley(rng, 3))
    scenario = ShelterScenario(
        id="earthquake",
        name=Label(en="Earthquake", zh="地震"),
        leave_share=_EARTHQUAKE_SHARE,
        hazards=slides,
        settings=(Setting.OUTDOOR,),
        m2_per_person=_M2,
    )
    return ShelterRequest(
        name=Label(
            en="Pingshan, earthquake: 27 outdoor shelters", zh="坪山区地震避难：室外场所27处"
        ),
        blocks=blocks(cells),
        sites=sites,
        scenarios=(scenario,),
        rules=ShelterRules(walk_limit_m=2500.0, budget=30e6),
        objectives=(Unmet(), OpeningCost(), Walk()),
        areas=areas(),
        assumptions=SHELTERS,
        illustrative=True,
    )


def area_target() -> ShelterRequest:
    """Return the earthquake with 1.5 m² of effective area per resident as a rule."""
    rules = ShelterRules(walk_limit_m=2500.0, area_targets=(AreaTarget(m2_per_resident=_M2),))
    return earthquake().model_copy(
        update={
            "name": Label(
                en="Pingshan: 1.5 m² of effective area per resident, at the least cost",
                zh="坪山区：人均有效避难面积1.5平方米，费用最低",
            ),
            "rules": rules,
            "objectives": (OpeningCost(), Unmet(), Walk()),
        }
    )


def blocks(cells: Grid) -> tuple[Block, ...]:
    """Return the cells as blocks of 500 m, each within one community."""
    keys = np.column_stack([cells.row // 2, cells.column // 2, cells.community])
    inhabited = cells.counts["residents"] > 0
    found, block = np.unique(keys[inhabited], axis=0, return_inverse=True)
    people = cells.counts["residents"][inhabited].astype(np.float64)
    total = np.bincount(block.ravel(), weights=people)
    centre_m = np.column_stack(
        [
            np.bincount(block.ravel(), weights=people * cells.centre_m[inhabited, axis]) / total
            for axis in range(2)
        ]
    )
    lat, lon = PLANE.to_degrees(centre_m)
    names = communities()
    return tuple(
        Block(
            id=f"block-{row:02d}-{column:02d}-{names[community].id}",
            lat=float(lat[i]),
            lon=float(lon[i]),
            weights={"residents": float(total[i])},
            area=f"{names[community].id}-community",
        )
        for i, (row, column, community) in enumerate(found.tolist())
    )


def _sites(rng: np.random.Generator) -> tuple[ShelterSite, ...]:
    existing = (
        (Setting.INDOOR, "indoor_shelters", "indoor_shelter_places"),
        (Setting.OUTDOOR, "outdoor_shelters", "outdoor_shelter_places"),
    )
    found: list[ShelterSite] = []
    for setting, count, places in existing:
        size = apportion(int(totals()[places]), rng.uniform(0.5, 1.5, int(totals()[count])))
        found += _placed(setting, size, rng, existing=True)
    for setting, count_new in _CANDIDATES.items():
        size = rng.integers(*_CANDIDATE_PLACES[setting], count_new)
        found += _placed(setting, size, rng, existing=False)
    return tuple(found)


def _placed(
    setting: Setting, places: NDArray[np.int64], rng: np.random.Generator, *, existing: bool
) -> list[ShelterSite]:
    """Return sites about the community points, more where more people live."""
    homes = _homes(len(places), rng)
    at_m = community_points_m()[homes] + rng.normal(0, _SPREAD_M[setting], (len(places), 2))
    nearest = distances_m(at_m, community_points_m()).argmin(axis=1)
    lat, lon = PLANE.to_degrees(at_m)
    names, word = communities(), "shelter" if existing else "candidate"
    gross = places * _M2 * 2.0
    if existing and setting is Setting.OUTDOOR:
        gross = places * totals()["outdoor_shelter_gross_area"] / places.sum()
    fixed, each = _COST[setting]
    return [
        ShelterSite(
            id=f"{setting}-{word}-{n + 1:02d}",
            name=Label(
                en=f"{names[nearest[n]].name.en} {setting} {word} {n + 1}",
                zh=f"{names[nearest[n]].name.zh}{_ZH[setting]}{_ZH[word]}{n + 1}",
            ),
            lat=float(lat[n]),
            lon=float(lon[n]),
            setting=setting,
            area=f"{names[nearest[n]].id}-community",
            places=int(places[n]),
            gross_area_m2=None if existing and setting is Setting.INDOOR else float(gross[n]),
            existing=existing,
            open_cost=0.0 if existing else float(round(fixed + each * places[n])),
            illustrative=True,
        )
        for n in range(len(places))
    ]


_ZH = {"indoor": "室内", "outdoor": "室外", "shelter": "避难场所", "candidate": "备选场所"}


def _homes(count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    residents = np.array([one.counts["residents"] for one in communities()], dtype=np.float64)
    per = apportion(count, residents)
    return rng.permutation(np.repeat(np.arange(len(per)), per))


def _valley(rng: np.random.Generator, count: int) -> FloatArray:
    """Return points between neighbouring community points, where low land and slopes are drawn."""
    points = community_points_m()
    first = np.linspace(0, len(points) - 1, count).astype(np.int64)
    order = points[np.argsort(points[:, 0])]
    return order[first] + rng.normal(0, 400.0, (count, 2))


def _ring(centre_m: FloatArray, radius_m: float) -> Polygon:
    angle = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    lat, lon = PLANE.to_degrees(
        centre_m + radius_m * np.column_stack([np.cos(angle), np.sin(angle)])
    )
    corners = [(float(x), float(y)) for x, y in zip(lon, lat, strict=True)]
    return Polygon(coordinates=((*corners, corners[0]),))
