"""Pingshan's relief stock over ten years: 13 depots in three tiers, six items, an invented book.

The one figure that is not made up is how many people the stock is for: 1 % of the residents. What
is held where, lots and dates, prices, budgets and outlets are drawn or invented.
"""

from datetime import date, timedelta

import numpy as np

from instances.generators.apportion import apportion
from instances.generators.pingshan.assumptions import illustrative, published
from instances.generators.pingshan.facts import CENTRE_LAT, CENTRE_LON, communities, subdistricts
from instances.generators.pingshan.request import SEED, areas
from models.rotation import RotationRequest
from models.rotation.request import (
    Outlet,
    OutletKind,
    RefillRule,
    RequiredStock,
    Supply,
    YearBudget,
)
from models.run import RunLimits
from models.stockpiles.items import Item, Pack
from models.stockpiles.lots import Lot
from models.stockpiles.nodes import Depot
from models.stockpiles.tiers import Tier
from models.text import Label

START = date(2027, 1, 1)
YEARS = 10
_SHARE = 0.01  # of the residents: the target of the plan
_STATUTORY = 0.6  # of each target
_PEOPLE_PER_TENT = 4.0
_PEOPLE_PER_FIRST_AID_KIT = 50.0

ITEMS = (
    Item(
        id="water",
        name=Label(en="Drinking water 550 ml", zh="饮用水550毫升"),
        unit=Label(en="bottle", zh="瓶"),
        packs=(Pack(id="box", name=Label(en="box", zh="箱"), holds=24),),
        volume_m3=0.0008,
        weight_kg=0.58,
        price=1.5,
        weight=1.0,
        shelf_life_days=730,
        least_remaining_days=30,
        illustrative=True,
    ),
    Item(
        id="rations",
        name=Label(en="Ready-to-eat rations", zh="应急即食食品"),
        unit=Label(en="ration", zh="份"),
        packs=(Pack(id="box", name=Label(en="box", zh="箱"), holds=12),),
        volume_m3=0.002,
        weight_kg=0.6,
        price=14.0,
        weight=6.0,
        shelf_life_days=1095,
        least_remaining_days=30,
        illustrative=True,
    ),
    Item(
        id="quilts",
        name=Label(en="Quilts", zh="棉被"),
        unit=Label(en="quilt", zh="床"),
        packs=(Pack(id="bag", name=Label(en="bag", zh="袋"), holds=5),),
        volume_m3=0.03,
        weight_kg=2.5,
        price=95.0,
        weight=12.0,
        shelf_life_days=3650,
        illustrative=True,
    ),
    Item(
        id="tents",
        name=Label(en="Tents 12 m²", zh="12平方米帐篷"),
        unit=Label(en="tent", zh="顶"),
        volume_m3=0.25,
        weight_kg=45.0,
        price=950.0,
        weight=60.0,
        shelf_life_days=3650,
        illustrative=True,
    ),
    Item(
        id="hygiene",
        name=Label(en="Hygiene kits", zh="卫生包"),
        unit=Label(en="kit", zh="套"),
        packs=(Pack(id="box", name=Label(en="box", zh="箱"), holds=10),),
        volume_m3=0.006,
        weight_kg=1.2,
        price=42.0,
        weight=8.0,
        shelf_life_days=1095,
        least_remaining_days=60,
        illustrative=True,
    ),
    Item(
        id="first_aid",
        name=Label(en="First-aid kits", zh="急救包"),
        unit=Label(en="kit", zh="个"),
        packs=(Pack(id="box", name=Label(en="box", zh="箱"), holds=4),),
        volume_m3=0.01,
        weight_kg=2.0,
        price=130.0,
        weight=50.0,
        shelf_life_days=1460,
        least_remaining_days=60,
        illustrative=True,
    ),
)
# Units a person helped, in each tier.
_PER_PERSON = {
    "district": {
        "water": 6.0,
        "rations": 2.0,
        "quilts": 0.9,
        "tents": 0.8 / _PEOPLE_PER_TENT,
        "hygiene": 0.5,
        "first_aid": 1.0 / _PEOPLE_PER_FIRST_AID_KIT,
    },
    "subdistrict": {
        "water": 3.0,
        "rations": 1.0,
        "quilts": 0.1,
        "tents": 0.2 / _PEOPLE_PER_TENT,
        "hygiene": 0.5,
        "first_aid": 1.0 / _PEOPLE_PER_FIRST_AID_KIT,
    },
    "community": {"water": 6.0, "rations": 2.0, "first_aid": 1.0 / _PEOPLE_PER_FIRST_AID_KIT},
}
_TIERS = (
    Tier(id="district", name=Label(en="District", zh="区级"), refills=("subdistrict",)),
    Tier(id="subdistrict", name=Label(en="Sub-district", zh="街道级"), refills=("community",)),
    Tier(
        id="community",
        name=Label(en="Community", zh="社区级"),
        may_hold=("water", "rations", "first_aid"),
    ),
)
_BUDGET = 800_000.0  # CNY a year


def rotation(*, pooled: bool = True) -> RotationRequest:
    """Return the plan over ten years: months in the first, quarters after it.

    ``pooled``: the cabinets of 23 communities are kept by sub-district, as one store each; without
    it, each community keeps, orders and writes off its own.
    """
    depots = _depots(pooled=pooled)
    required = tuple(_required(depots))
    return RotationRequest(
        name=Label(en="Pingshan: relief stock over ten years", zh="坪山区应急物资十年轮换"),
        start=START,
        years=YEARS,
        tiers=_TIERS,
        depots=depots,
        items=ITEMS,
        lots=tuple(_lots(required)),
        required=required,
        outlets=tuple(_outlets(depots, required)),
        supplies=tuple(_supplies(depots)),
        refills=(
            RefillRule(
                from_tier="district",
                to_tier="subdistrict",
                lead_days=7,
                least_remaining_days=180,
                within_area=True,
                months=(4, 10),
                cost_per_unit=0.05,
            ),
            RefillRule(
                from_tier="subdistrict",
                to_tier="community",
                lead_days=3,
                least_remaining_days=150,
                within_area=True,
                months=(4, 10),
                cost_per_unit=0.05,
            ),
        ),
        budgets=tuple(YearBudget(year=START.year + n, amount=_BUDGET) for n in range(YEARS)),
        areas=areas(),
        assumptions=_ASSUMPTIONS,
        illustrative=True,
        limits=RunLimits(time_limit_s=300.0),
    )


def _depots(*, pooled: bool) -> tuple[Depot, ...]:
    """Return one depot of the district, six of its sub-districts, and what communities keep."""
    places = communities()
    found = [
        Depot(
            id="district",
            name=Label(en="District depot", zh="区级储备库"),
            tier="district",
            area="pingshan-district",
            lat=CENTRE_LAT,
            lon=CENTRE_LON,
            volume_m3=900.0,
            illustrative=True,
        )
    ]
    for key, name in subdistricts().items():
        mine = [one for one in places if one.subdistrict == key]
        found.append(
            Depot(
                id=f"{key}-store",
                name=Label(en=f"{name.en} store", zh=f"{name.zh}储备点"),
                tier="subdistrict",
                area=f"{key}-subdistrict",
                lat=round(float(np.mean([one.lat for one in mine])), 5),
                lon=round(float(np.mean([one.lon for one in mine])), 5),
                illustrative=True,
            )
        )
    if not pooled:
        return (*found, *_cabinets())
    for key, name in subdistricts().items():
        mine = [one for one in places if one.subdistrict == key]
        found.append(
            Depot(
                id=f"{key}-cabinets",
                name=Label(
                    en=f"{name.en}, cabinets of {len(mine)} communities",
                    zh=f"{name.zh}{len(mine)}个社区储备柜",
                ),
                tier="community",
                area=f"{key}-subdistrict",
                lat=round(float(np.mean([one.lat for one in mine])) + 0.004, 5),
                lon=round(float(np.mean([one.lon for one in mine])) + 0.004, 5),
                illustrative=True,
            )
        )
    return tuple(found)


def _cabinets() -> tuple[Depot, ...]:
    """Return the cabinet of each community."""
    return tuple(
        Depot(
            id=f"{one.id}-cabinet",
            name=Label(en=f"{one.name.en} cabinet", zh=f"{one.name.zh}储备柜"),
            tier="community",
            area=f"{one.id}-community",
            lat=one.lat,
            lon=one.lon,
            illustrative=True,
        )
        for one in communities()
    )


def _required(depots: tuple[Depot, ...]) -> list[RequiredStock]:
    residents = np.array([one.counts["residents"] for one in communities()], dtype=np.float64)
    helped = apportion(int(np.ceil(_SHARE * residents.sum())), residents)
    by_area: dict[str, int] = {}
    for one, n in zip(communities(), helped, strict=True):
        key = f"{one.subdistrict}-subdistrict"
        by_area[key] = by_area.get(key, 0) + int(n)
        by_area[f"{one.id}-community"] = int(n)
    by_area["pingshan-district"] = int(helped.sum())
    found = []
    for depot in depots:
        people = by_area[depot.area or ""]
        for item, each in _PER_PERSON[depot.tier].items():
            target = float(np.ceil(people * each))
            found.append(
                RequiredStock(
                    depot_id=depot.id,
                    item_id=item,
                    target=target,
                    statutory=float(np.floor(_STATUTORY * target)),
                )
            )
    return found


def _lots(required: tuple[RequiredStock, ...]) -> list[Lot]:
    """Return a drawn book: two or three lots each, some short, a few of unknown size or date."""
    rng = np.random.default_rng(SEED)
    life = {one.id: int(one.shelf_life_days or 0) for one in ITEMS}
    found = []
    for one in required:
        have = one.target * float(rng.choice([0.7, 0.9, 1.0, 1.1], p=[0.15, 0.2, 0.45, 0.2]))
        count = int(rng.integers(2, 4))
        sizes = apportion(int(have), rng.uniform(0.5, 1.5, count))
        for n, size in enumerate(sizes.tolist()):
            left = int(life[one.item_id] * rng.uniform(0.05, 0.95))
            day = START + timedelta(days=left)
            found.append(_lot(rng, one, n, float(size), day))
    return found


def _lot(rng: np.random.Generator, one: RequiredStock, n: int, quantity: float, day: date) -> Lot:
    name = f"{one.depot_id}.{one.item_id}.{n + 1}"
    known = {"id": name, "depot_id": one.depot_id, "item_id": one.item_id}
    draw = float(rng.uniform())
    if draw < 0.03:
        few = float(int(quantity * 0.6))
        return Lot(**known, quantity_between=(few, quantity), expires_on=day)
    if draw < 0.06:
        earlier = day - timedelta(days=60)
        return Lot(**known, quantity=quantity, expires_between=(earlier, day))
    return Lot(**known, quantity=quantity, expires_on=day)


def _outlets(depots: tuple[Depot, ...], required: tuple[RequiredStock, ...]) -> list[Outlet]:
    """Return where stock goes: drills, a sale in May and November, donations in winter."""
    held = {(one.depot_id, one.item_id): one.target for one in required}
    found = []
    for (depot, item), target in held.items():
        tier = next(one.tier for one in depots if one.id == depot)
        if tier != "district" and item in {"water", "rations"}:
            found.append(
                Outlet(
                    id=f"drill.{depot}.{item}",
                    name=Label(en="Drills", zh="应急演练"),
                    kind=OutletKind.USE,
                    item_id=item,
                    depot_ids=(depot,),
                    per_year=float(2 * np.floor(0.08 * target)),
                    months=(5, 11),
                    required=True,
                    least_remaining_days=0,
                )
            )
    total = {item.id: sum(t for (_, name), t in held.items() if name == item.id) for item in ITEMS}
    for item, share, part, least in (
        ("water", 0.9, 0.6, 15),
        ("rations", 0.5, 0.5, 30),
        ("hygiene", 0.6, 0.4, 60),
        ("quilts", 0.12, 0.2, 180),
        ("tents", 0.08, 0.3, 365),
        ("first_aid", 0.35, 0.3, 120),
    ):
        found.append(
            Outlet(
                id=f"sale.{item}",
                name=Label(en="Sale at a discount", zh="临期折价处置"),
                kind=OutletKind.SALE,
                item_id=item,
                per_year=float(np.floor(share * total[item])),
                months=(5, 11),
                recovered_share=part,
                least_remaining_days=least,
            )
        )
    for item, share, least in (("quilts", 0.1, 365), ("rations", 0.2, 45), ("tents", 0.1, 365)):
        found.append(
            Outlet(
                id=f"donation.{item}",
                name=Label(en="Donation in winter", zh="冬令捐赠"),
                kind=OutletKind.DONATION,
                item_id=item,
                per_year=float(np.floor(share * total[item])),
                months=(12,),
                least_remaining_days=least,
            )
        )
    return found


def _supplies(depots: tuple[Depot, ...]) -> list[Supply]:
    """Return two orders a year, in March and September; communities buy water alone."""
    upper = tuple(one.id for one in depots if one.tier != "community")
    every = tuple(one.id for one in depots)
    return [
        Supply(
            id=item.id,
            item_id=item.id,
            depot_ids=every if item.id == "water" else upper,
            pack_id=item.packs[0].id if item.packs else None,
            lead_days=30 if item.id in {"water", "rations"} else 60,
            least_life_days=float(round(0.9 * (item.shelf_life_days or 0.0))),
            months=(3, 9),
        )
        for item in ITEMS
    ]


_ASSUMPTIONS = (
    published(
        "required.target",
        "1 % × 551,333",
        "county stores for 5,000-7,000 people; Beijing's rule of 1 %: two anchors that agree"
        " / 县级库安置0.5-0.7万人；北京1%口径：两者相符",
        "derived",
    ),
    illustrative(
        "items.shelf_life_days",
        "730-3,650",
        "shelf lives recalled, to be checked against the goods bought / 保质期凭记忆，以实物为准",
    ),
    illustrative(
        "lots",
        "150",
        "no stock book is published: lots, dates and gaps are drawn from a seed"
        " / 无公布台账：批次、效期与缺口按随机种子虚构",
    ),
    illustrative(
        "items.price",
        "1.5-950 CNY",
        "prices, budgets, outlets and lead times invented for this example"
        " / 价格、预算、出路与采购周期为本示例虚构",
    ),
)
