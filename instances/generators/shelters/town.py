"""A town on a plane with shelters and hazards, drawn from a seed; everything is invented."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.shelters import ShelterRequest
from models.shelters.objectives import Combination, OpeningCost, Unmet, Walk
from models.shelters.places import Block, PeopleGroup, Setting, ShelterSite
from models.shelters.rules import ShelterRules
from models.shelters.scenarios import Hazard, Phase, PlanarPolygon, ShelterScenario
from models.text import Label

FloatArray = NDArray[np.float64]

_CORNERS = 12


@dataclass(frozen=True)
class Town:
    """How large a town is, and how tight its money and its space are.

    ``space_ratio`` is all effective area over 0.6 x 1.5 m² per resident, ``budget_share`` the
    budget over the cost of opening everything.
    """

    blocks: int
    sites: int
    scenarios: int
    walk_limit_m: float = 1000.0
    space_ratio: float = 2.0
    budget_share: float = 0.45
    existing_share: float = 0.0


def shelter_town(town: Town, seed: int) -> ShelterRequest:
    """Return a request: blocks of 1,200 to 5,200 people, earthquakes, floods, typhoons, fires.

    Hazards are polygons that take a share of the town; earthquakes also fell three in ten indoor
    sites, and in a typhoon only indoor sites serve.
    """
    rng = np.random.default_rng(seed)
    side_m = 350.0 * float(np.sqrt(town.blocks))
    block_m = rng.uniform(0, side_m, (town.blocks, 2))
    site_m = rng.uniform(0, side_m, (town.sites, 2))
    people = rng.integers(1200, 5200, town.blocks)
    indoor = rng.random(town.sites) < 0.45
    area = np.where(
        indoor, rng.uniform(800, 6000, town.sites), rng.uniform(3000, 40000, town.sites)
    )
    area *= town.space_ratio * 1.5 * 0.6 * people.sum() / area.sum()
    cost = np.round(np.where(indoor, 60, 18) * area / 1000 + 30)
    existing = rng.random(town.sites) < town.existing_share
    budget = town.budget_share * float(cost[~existing].sum())
    scenarios = tuple(_scenario(rng, s, block_m, indoor, side_m) for s in range(town.scenarios))
    return ShelterRequest(
        name=Label(
            en=f"Invented town, {town.blocks} blocks, {town.sites} sites",
            zh=f"虚构城镇：{town.blocks} 个街块，{town.sites} 处场所",
        ),
        blocks=tuple(
            Block(
                id=f"b{i}",
                x_m=float(block_m[i, 0]),
                y_m=float(block_m[i, 1]),
                weights={"residents": float(people[i])},
            )
            for i in range(town.blocks)
        ),
        sites=tuple(
            ShelterSite(
                id=f"s{j}",
                x_m=float(site_m[j, 0]),
                y_m=float(site_m[j, 1]),
                setting=Setting.INDOOR if indoor[j] else Setting.OUTDOOR,
                effective_area_m2=float(np.round(area[j])),
                gross_area_m2=float(np.round(area[j] * 1.6)),
                existing=bool(existing[j]),
                open_cost=float(cost[j]),
                illustrative=True,
            )
            for j in range(town.sites)
        ),
        scenarios=scenarios,
        rules=ShelterRules(walk_limit_m=town.walk_limit_m, budget=budget),
        objectives=(
            Unmet(weight=1.0),
            OpeningCost(weight=0.04),
            Walk(weight=0.004 / 1000),
        ),
        combination=Combination.WEIGHTED_SUM,
        illustrative=True,
    )


GROUPS = (
    PeopleGroup(id="aged", walking_speed_m_s=0.8, walk_limit_m=879.0),
    PeopleGroup(id="children", walking_speed_m_s=1.0),
    PeopleGroup(
        id="wheelchair",
        walking_speed_m_s=0.7,
        walk_limit_m=600.0,
        m2_per_person=3.0,
        needs_accessible=True,
    ),
)
_PARTS = {"residents": 0.74, "aged": 0.12, "children": 0.12, "wheelchair": 0.02}
PHASES = (
    Phase(id="hours", m2_per_person=1.0, weight=1.0),
    Phase(id="days", m2_per_person=2.0, stay_share=0.5, weight=2.0),
    Phase(id="weeks", m2_per_person=3.0, stay_share=0.2, weight=3.0),
)


def spread_town(town: Town, seed: int) -> ShelterRequest:
    """Return the same town with groups, phases, closest assignment and balanced fills.

    Over-70s walk 879 m at most (a Japanese survey), two sites in three are accessible; nobody
    passes an open site with room by more than half the way, and shelters in use differ by half of
    their space at most.
    """
    plain = shelter_town(town, seed)
    rng = np.random.default_rng(seed + 1)
    accessible = rng.random(town.sites) < 2 / 3
    return plain.model_copy(
        update={
            "blocks": tuple(
                block.model_copy(
                    update={
                        "weights": {
                            name: part * block.weights["residents"] for name, part in _PARTS.items()
                        }
                    }
                )
                for block in plain.blocks
            ),
            "sites": tuple(
                site.model_copy(update={"accessible": bool(accessible[j])})
                for j, site in enumerate(plain.sites)
            ),
            "groups": GROUPS,
            "scenarios": tuple(
                one.model_copy(update={"phases": PHASES}) for one in plain.scenarios
            ),
            "rules": plain.rules.model_copy(update={"nearest_first": 0.5, "fill_balance": 0.5}),
        }
    )


def _scenario(
    rng: np.random.Generator, s: int, block_m: FloatArray, indoor: NDArray[np.bool_], side_m: float
) -> ShelterScenario:
    kind = ("earthquake", "flood", "typhoon", "fire")[s % 4]
    reach = {"earthquake": 0.25, "flood": 0.8, "typhoon": 0.0, "fire": 0.3}[kind]
    peak = {"earthquake": 0.25, "flood": 0.12, "typhoon": 0.06, "fire": 0.05}[kind]
    usual = {"earthquake": 0.05, "flood": 0.01, "typhoon": 0.02, "fire": 0.0}[kind]
    centre, radius = rng.uniform(0, side_m, 2), float(rng.uniform(0.15, 0.5)) * side_m
    near = np.exp(-((np.linalg.norm(block_m - centre, axis=1) / radius) ** 2))
    share = np.clip(usual + peak * near * rng.uniform(0.6, 1.4, len(block_m)), 0, 1)
    fallen = np.flatnonzero(indoor & (rng.random(len(indoor)) < 0.3))
    settings = (Setting.INDOOR,) if kind == "typhoon" else (Setting.INDOOR, Setting.OUTDOOR)
    return ShelterScenario(
        id=f"{kind}-{s}",
        leave_share_by_block={f"b{i}": float(one) for i, one in enumerate(np.round(share, 4))},
        hazards=() if reach == 0 else (_round_hazard(kind, centre, radius * reach),),
        surviving_share={f"s{j}": 0.0 for j in fallen} if kind == "earthquake" else {},
        settings=settings,
    )


def _round_hazard(kind: str, centre: FloatArray, radius_m: float) -> Hazard:
    angle = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    corners = centre + radius_m * np.column_stack([np.cos(angle), np.sin(angle)])
    return Hazard(
        kind=kind,
        shape=PlanarPolygon(corners_m=tuple((float(x), float(y)) for x, y in corners)),
    )
