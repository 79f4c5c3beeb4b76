"""Pingshan's five tiers of stock as a request: published totals, illustrative everything else.

One city reserve outside the district, one district and six sub-district depots (the plan's seven),
23 community stores, shops under agreement, and the households of the 23 communities in blocks.
"""

import numpy as np

from instances.generators.apportion import apportion
from instances.generators.hazards import INDOOR_PLACE, OUTDOOR_PLACE, Town, hazard_scenarios
from instances.generators.pingshan.facts import (
    PLANE,
    communities,
    community_points_m,
    subdistricts,
)
from instances.generators.pingshan.request import SEED, areas
from instances.generators.pingshan.stock_assumptions import STOCKPILES
from instances.generators.plane import FloatArray
from models.run import RunLimits
from models.stockpiles import StockRequest
from models.stockpiles.items import HOUSEHOLD, Item, Need, Pack
from models.stockpiles.nodes import Depot, DepotSize, HouseholdStock, StockBlock
from models.stockpiles.rules import Minimum, StockRules
from models.stockpiles.studies import Studies
from models.stockpiles.tiers import Tier
from models.text import Label

BLOCKS = 100
TARGET_SHARE, STRESS_SHARE = 0.01, 0.015  # of residents
_BUDGET = 3e6  # CNY
_CITY_M = np.array([-26_000.0, -9_000.0])
_BLOCK_SPREAD_M = 450.0
_PCS, _SET = Label(en="pcs", zh="件"), Label(en="set", zh="套")


def pingshan_stockpiles() -> StockRequest:
    """Return the example: 200 scenarios to plan for and 1,000 to judge by."""
    return stockpiles(200, 1000)


def stress_stockpiles() -> StockRequest:
    """Return the example with minimums for 1.5 % of residents, and every study asked for."""
    request = stockpiles(100, 500, share=STRESS_SHARE)
    return request.model_copy(
        update={
            "name": Label(en="Pingshan: stock under stress", zh="坪山区应急物资储备压力情形"),
            "studies": Studies(
                budgets=(1.5e6, 3e6, 4.5e6, 6e6, 9e6),
                tiers=True,
                balance=True,
                next_money=3e5,
                target_probability=0.95,
            ),
        }
    )


def stockpiles(
    scenarios: int,
    held_out: int,
    *,
    seed: int = SEED,
    with_sizes: bool = False,
    share: float = TARGET_SHARE,
) -> StockRequest:
    """Return Pingshan's stock with so many scenarios.

    ``with_sizes`` lets depots grow; minimums are for ``share`` of the residents.
    """
    rng = np.random.default_rng(seed)
    blocks, block_m = _blocks(rng)
    depots = _depots(with_sizes=with_sizes)
    town = Town(
        block_ids=tuple(one.id for one in blocks),
        block_m=block_m,
        residents=np.array([one.weights["residents"] for one in blocks]),
        block_area=tuple(one.area or "" for one in blocks),
        depot_ids=tuple(one.id for one in depots if one.tier != "city"),
        depot_m=np.array(
            [
                PLANE.to_metres(np.array([one.lat]), np.array([one.lon]))[0]
                for one in depots
                if one.tier != "city"
            ]
        ),
    )
    return StockRequest(
        name=Label(en="Pingshan: five tiers of relief stock", zh="坪山区五级应急物资储备"),
        tiers=_tiers(),
        items=items(),
        depots=depots,
        blocks=blocks,
        households=HouseholdStock(
            tier="society",
            kit={"water": 9.0, "food": 9.0, "hygiene": 1.0},
            free_share=0.08,
            share_max=0.5,
            cost_per_person=55.0,
            life_years=2.0,
            usable_share=0.8,
        ),
        scenarios=hazard_scenarios(town, scenarios, seed=seed + 1),
        held_out=hazard_scenarios(town, held_out, seed=seed + 2, prefix="h") if held_out else (),
        rules=StockRules(
            budget=_BUDGET,
            minimums=tuple(
                Minimum(tier=tier, item_id=item, per_resident=each * share)
                for tier, item, each in (
                    ("district", "quilt", 0.3),
                    ("district", "bed", 0.3),
                    ("subdistrict", "water", 0.5),
                )
            ),
        ),
        areas=areas(),
        residents=("residents",),
        assumptions=STOCKPILES,
        illustrative=True,
        limits=RunLimits(time_limit_s=300.0),
    )


def items() -> tuple[Item, ...]:
    """Return the six items: planning figures per person, prices and sizes invented."""
    return (
        Item(
            id="water",
            name=Label(en="Drinking water", zh="饮用水"),
            unit=Label(en="l", zh="升"),
            packs=(Pack(id="box", name=Label(en="box", zh="箱"), holds=12.0),),
            volume_m3=0.0013,
            weight_kg=1.05,
            price=1.2,
            weight=5.0 / 3.0,
            shelf_life_days=540.0,
            least_remaining_days=30.0,
            needs=(Need(quantity=3.0, per_day=True),),
            illustrative=True,
        ),
        Item(
            id="food",
            name=Label(en="Ready meals", zh="即食食品"),
            unit=Label(en="meal", zh="份"),
            packs=(Pack(id="box", name=Label(en="box", zh="箱"), holds=24.0),),
            volume_m3=0.0012,
            weight_kg=0.25,
            price=9.0,
            weight=4.0 / 3.0,
            shelf_life_days=720.0,
            least_remaining_days=30.0,
            needs=(Need(quantity=3.0, per_day=True),),
            illustrative=True,
        ),
        Item(
            id="quilt",
            name=Label(en="Quilt", zh="棉被"),
            unit=_PCS,
            packs=(Pack(id="bag", name=Label(en="bag", zh="袋"), holds=10.0),),
            volume_m3=0.02,
            weight_kg=2.0,
            price=80.0,
            weight=2.0,
            service_life_days=3285.0,
            needs=(Need(quantity=1.0),),
            illustrative=True,
        ),
        Item(
            id="bed",
            name=Label(en="Folding bed", zh="折叠床"),
            unit=_PCS,
            volume_m3=0.04,
            weight_kg=7.0,
            price=150.0,
            weight=1.0,
            service_life_days=3650.0,
            needs=(Need(driver=INDOOR_PLACE, quantity=1.0),),
            illustrative=True,
        ),
        Item(
            id="tent",
            name=Label(en="Tent, 12 m²", zh="12平方米帐篷"),
            unit=_PCS,
            volume_m3=0.15,
            weight_kg=45.0,
            price=1300.0,
            weight=12.0,
            service_life_days=3285.0,
            needs=(Need(driver=OUTDOOR_PLACE, quantity=0.25),),
            illustrative=True,
        ),
        Item(
            id="hygiene",
            name=Label(en="Hygiene kit", zh="卫生包"),
            unit=_SET,
            packs=(Pack(id="box", name=Label(en="box", zh="箱"), holds=20.0),),
            volume_m3=0.004,
            weight_kg=0.8,
            price=35.0,
            weight=2.5,
            shelf_life_days=1000.0,
            least_remaining_days=60.0,
            needs=(Need(driver=HOUSEHOLD, quantity=1.0),),
            illustrative=True,
        ),
    )


def _tiers() -> tuple[Tier, ...]:
    return (
        Tier(
            id="city",
            name=Label(en="City", zh="市级"),
            dispatch_s=2_700.0,
            hand_over_s=1_200.0,
            refills=("district", "subdistrict"),
        ),
        Tier(
            id="district",
            name=Label(en="District", zh="区级"),
            dispatch_s=1_800.0,
            hand_over_s=1_200.0,
            refills=("subdistrict", "community"),
        ),
        Tier(
            id="subdistrict",
            name=Label(en="Sub-district", zh="街道级"),
            dispatch_s=1_200.0,
            hand_over_s=900.0,
            reach_s=2_400.0,
            refills=("community",),
        ),
        Tier(
            id="community",
            name=Label(en="Community", zh="社区级"),
            may_hold=("water", "food", "quilt", "hygiene", "bed"),
            dispatch_s=600.0,
            hand_over_s=600.0,
            reach_s=900.0,
        ),
        Tier(
            id="society",
            name=Label(en="Society and households", zh="社会（家庭）"),
            may_hold=("water", "food", "hygiene"),
            serves="own_area",
            dispatch_s=900.0,
            hand_over_s=600.0,
            reach_s=1_200.0,
        ),
    )


def _blocks(rng: np.random.Generator) -> tuple[tuple[StockBlock, ...], FloatArray]:
    """Return the blocks of the 23 communities, the larger ones in more blocks."""
    residents = np.array([float(one.counts["residents"]) for one in communities()])
    counts = 1 + apportion(BLOCKS - len(residents), residents)
    found, positions = [], []
    for community, middle, count in zip(
        communities(), community_points_m(), counts.tolist(), strict=True
    ):
        points = middle + rng.normal(0.0, _BLOCK_SPREAD_M, (count, 2))
        lat, lon = PLANE.to_degrees(points)
        people = apportion(community.counts["residents"], 0.5 + rng.random(count))
        positions.append(points)
        for n in range(count):
            found.append(  # noqa: PERF401 - three lists side by side
                StockBlock(
                    id=f"{community.id}-{n + 1}",
                    name=Label(
                        en=f"{community.name.en} {n + 1}", zh=f"{community.name.zh}{n + 1}号街块"
                    ),
                    lat=float(lat[n]),
                    lon=float(lon[n]),
                    weights={"residents": float(people[n])},
                    area=f"{community.id}-community",
                )
            )
    return tuple(found), np.concatenate(positions)


def _depots(*, with_sizes: bool) -> tuple[Depot, ...]:
    city = PLANE.to_degrees(_CITY_M[None])
    first = {
        key: next(one for one in communities() if one.subdistrict == key) for key in subdistricts()
    }
    sizes = {
        tier: _sizes(tier) if with_sizes else ()
        for tier in ("city", "district", "subdistrict", "community")
    }
    top = (
        Depot(
            id="city",
            name=Label(en="City reserve", zh="市级储备库"),
            tier="city",
            lat=float(city[0][0]),
            lon=float(city[1][0]),
            volume_m3=1_500.0,
            handling_m3_per_h=200.0,
            yearly_cost=300_000.0,
            sizes=sizes["city"],
            illustrative=True,
        ),
        Depot(
            id="district",
            name=Label(en="District depot", zh="区级应急物资仓库"),
            tier="district",
            area="pingshan-district",
            lat=22.697,
            lon=114.345,
            volume_m3=800.0,
            handling_m3_per_h=90.0,
            yearly_cost=200_000.0,
            sizes=sizes["district"],
            illustrative=True,
        ),
    )
    middle = (
        Depot(
            id=f"{key}-depot",
            name=Label(en=f"{name.en} depot", zh=f"{name.zh}应急物资仓库"),
            tier="subdistrict",
            area=f"{key}-subdistrict",
            lat=first[key].lat + 0.002,
            lon=first[key].lon + 0.002,
            volume_m3=120.0,
            handling_m3_per_h=30.0,
            yearly_cost=40_000.0,
            sizes=sizes["subdistrict"],
            illustrative=True,
        )
        for key, name in subdistricts().items()
    )
    lowest = (
        Depot(
            id=f"{one.id}-store",
            name=Label(en=f"{one.name.en} store", zh=f"{one.name.zh}物资储备点"),
            tier="community",
            area=f"{one.id}-community",
            lat=one.lat,
            lon=one.lon,
            volume_m3=15.0,
            handling_m3_per_h=10.0,
            yearly_cost=3_000.0,
            sizes=sizes["community"],
            illustrative=True,
        )
        for one in communities()
    )
    shops = (
        Depot(
            id=f"{key}-shops",
            name=Label(en=f"{name.en} supermarkets", zh=f"{name.zh}商超协议储备"),
            tier="society",
            area=f"{key}-subdistrict",
            lat=first[key].lat - 0.003,
            lon=first[key].lon + 0.001,
            volume_m3=60.0,
            handling_m3_per_h=12.0,
            fee_share=0.15,
            room={"water": 6_000.0, "food": 4_000.0, "hygiene": 500.0},
            illustrative=True,
        )
        for key, name in subdistricts().items()
    )
    return (*top, *middle, *lowest, *shops)


def _sizes(tier: str) -> tuple[DepotSize, ...]:
    """Return what a depot of a tier may grow by: invented, and cheaper a cubic metre if larger."""
    base = {"city": 800.0, "district": 400.0, "subdistrict": 100.0, "community": 20.0}[tier]
    return tuple(
        DepotSize(
            id=name,
            volume_m3=base * factor,
            handling_m3_per_h=base * factor * 0.12,
            capital_cost=round(2_200.0 * base * factor**0.85),
            yearly_cost=round(90.0 * base * factor),
        )
        for name, factor in (("small", 1.0), ("medium", 2.0), ("large", 4.0))
    )
