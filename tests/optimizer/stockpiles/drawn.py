"""Small stockpile requests drawn from a seed, with every rule there is now and then."""

import numpy as np

from models.places import Area
from models.stockpiles import StockRequest
from models.stockpiles.items import Item, Need
from models.stockpiles.lots import Lot
from models.stockpiles.nodes import (
    Contract,
    Depot,
    DepotSize,
    DepotVehicles,
    HouseholdStock,
    StockBlock,
)
from models.stockpiles.objectives import (
    Combination,
    LargestShare,
    StockObjective,
    Unmet,
    UnmetRisk,
    YearlyCost,
)
from models.stockpiles.rules import (
    ChanceTarget,
    GiniLimit,
    LeastCover,
    Minimum,
    StockRules,
)
from models.stockpiles.scenarios import Band, StockScenario
from models.stockpiles.tiers import Tier

_AREAS = (
    Area(id="all", level="district"),
    Area(id="a", level="community", parent="all"),
    Area(id="b", level="community", parent="all"),
)
BANDS = (
    Band(id="1h", end_s=3600.0, supply_days=0.5, weight=3.0),
    Band(id="3h", end_s=10_800.0, supply_days=1.0, weight=2.0),
    Band(id="12h", end_s=43_200.0, supply_days=2.0, weight=1.0),
)
LEVEL = ("block", "community")


def drawn(seed: int, *, plain: bool = False) -> StockRequest:
    """Return the request of a seed; ``plain``: one band, no substitutes, no rules on service."""
    rng = np.random.default_rng(seed)
    bands = BANDS[1:2] if plain or rng.random() < 0.5 else BANDS[: 2 + rng.integers(2)]
    objectives, combination = _objectives(rng, plain=plain)
    return StockRequest(
        tiers=_tiers(rng),
        items=_items(rng, plain=plain),
        depots=_depots(rng),
        blocks=tuple(
            StockBlock(
                id=f"j{n}",
                x_m=float(rng.uniform(0, 8000)),
                y_m=float(rng.uniform(0, 8000)),
                weights={"residents": float(rng.integers(50, 500)), "old": 10.0},
                area=("a", "b")[n % 2],
            )
            for n in range(rng.integers(2, 5))
        ),
        households=_households(rng),
        contracts=(
            Contract(
                id="firm",
                tier="top",
                area="all",
                x_m=9000.0,
                y_m=9000.0,
                item_id="water",
                most=float(rng.integers(50, 600)),
                lead_time_s=float(rng.choice([600.0, 4000.0])),
                fee=0.1,
            ),
        )
        if rng.random() < 0.4
        else (),
        lots=(
            Lot(id="l0", item_id="water", depot_id="n0", quantity=60.0, expires_on="2030-01-01"),
            Lot(id="l1", item_id="bed", depot_id="n1", quantity_between=(5.0, 20.0)),
        )
        if rng.random() < 0.5
        else (),
        scenarios=tuple(_scenario(rng, s, plain=plain) for s in range(rng.integers(1, 5))),
        bands=bands,
        rules=_rules(rng, plain=plain),
        objectives=objectives,
        combination=combination,
        areas=_AREAS,
        residents=("residents",),
    )


def with_kits(request: StockRequest, seed: int) -> StockRequest:
    """Return a drawn request with kits of its items, one of which stands in for another item."""
    rng = np.random.default_rng([seed, 1])
    contents = {"water": float(rng.integers(1, 4)), "bed": float(rng.choice([0.5, 1.0]))}
    if rng.random() < 0.4:
        contents["pump"] = 0.1
    family = Item(
        id="family",
        volume_m3=float(rng.choice([0.02, 0.06])),
        weight_kg=6.0,
        price=float(rng.choice([4.0, 9.0, 25.0])),
        shelf_life_days=365.0,
        contents=contents,
        returns_after_s=7200.0 if rng.random() < 0.2 else None,
    )
    small = family.model_copy(
        update={"id": "small", "price": 2.0, "volume_m3": 0.01, "contents": {"water": 1.5}}
    )
    items = [family, small] if rng.random() < 0.5 else [family]
    stands_in = {"small": 0.7} if len(items) > 1 and rng.random() < 0.5 else {}
    told = tuple(
        one.model_copy(update={"substitutes": {**one.substitutes, **stands_in}})
        if one.id == "bed"
        else one
        for one in request.items
    )
    tiers = tuple(
        one if one.may_hold is None else one.model_copy(update={"may_hold": ("water", "family")})
        for one in request.tiers
    )
    return request.model_copy(update={"items": (*told, *items), "tiers": tiers})


def with_vehicles(request: StockRequest, seed: int) -> StockRequest:
    """Return a drawn request whose depots have few vehicles."""
    rng = np.random.default_rng([seed, 2])
    depots = []
    for depot in request.depots:
        own = DepotVehicles(
            count=int(rng.integers(1, 4)),
            load_kg=float(rng.choice([20.0, 100.0])) if rng.random() < 0.8 else None,
            load_m3=float(rng.choice([0.3, 2.0])),
            loading_s=float(rng.choice([0.0, 600.0])),
        )
        depots.append(depot if rng.random() < 0.2 else depot.model_copy(update={"vehicles": own}))
    return request.model_copy(update={"depots": tuple(depots)})


def _objectives(
    rng: np.random.Generator, *, plain: bool
) -> tuple[tuple[StockObjective, ...], Combination]:
    found: list[StockObjective] = [Unmet(weight=float(rng.choice([1.0, 10.0])))]
    if rng.random() < 0.4:
        found.insert(int(rng.integers(2)), UnmetRisk(alpha=float(rng.choice([0.5, 0.8]))))
    if not plain and rng.random() < 0.3:
        found.insert(0, LargestShare(level=str(rng.choice(LEVEL)), weight=100.0))
    found.append(YearlyCost(weight=float(rng.choice([0.01, 1.0]))))
    weighted = rng.random() < 0.5
    return tuple(found), Combination.WEIGHTED_SUM if weighted else Combination.LEXICOGRAPHIC


def _tiers(rng: np.random.Generator) -> tuple[Tier, ...]:
    return (
        Tier(
            id="top",
            dispatch_s=float(rng.choice([900.0, 4000.0])),
            hand_over_s=300.0,
            refills=("low",) if rng.random() < 0.5 else (),
            budget=float(rng.integers(500, 5000)) if rng.random() < 0.3 else None,
        ),
        Tier(
            id="low",
            dispatch_s=300.0,
            reach_s=float(rng.choice([300.0, 900.0])),
            serves="own_area" if rng.random() < 0.3 else "all",
            may_hold=("water",) if rng.random() < 0.3 else None,
        ),
    )


def _items(rng: np.random.Generator, *, plain: bool) -> tuple[Item, ...]:
    substitutes = {"bed": 2.0} if not plain and rng.random() < 0.3 else {}
    returns = 7200.0 if not plain and rng.random() < 0.4 else None
    return (
        Item(
            id="water",
            volume_m3=0.01,
            weight_kg=1.0,
            price=1.5,
            weight=2.0,
            shelf_life_days=400.0,
            needs=(Need(quantity=1.0, per_day=True), Need(quantity=0.5, group="old")),
            substitutes=substitutes,
        ),
        Item(
            id="bed",
            volume_m3=0.05,
            weight_kg=5.0,
            price=float(rng.choice([3.0, 20.0])),
            weight=float(rng.choice([1.0, 5.0])),
            service_life_days=2000.0,
            needs=(
                Need(driver="household", quantity=1.0, from_s=float(rng.choice([0.0, 9000.0]))),
            ),
            returns_after_s=returns,
        ),
        Item(
            id="pump",
            volume_m3=1.0,
            price=50.0,
            weight=20.0,
            needs=(Need(driver="flood_point", quantity=1.0),),
            returns_after_s=returns,
            conditions=("power",),
        ),
    )


def _depots(rng: np.random.Generator) -> tuple[Depot, ...]:
    found = []
    for n in range(rng.integers(2, 4)):
        sizes = ()
        if rng.random() < 0.4:
            sizes = tuple(
                DepotSize(
                    id=f"z{m}",
                    volume_m3=5.0 * m,
                    weight_kg=500.0 * m,
                    handling_m3_per_h=float(m),
                    capital_cost=300.0 * m,
                    yearly_cost=10.0 * m,
                )
                for m in range(1, 1 + rng.integers(1, 3))
            )
        found.append(
            Depot(
                id=f"n{n}",
                tier="top" if n == 0 else "low",
                area="all" if n == 0 else ("a", "b")[n % 2],
                x_m=float(rng.uniform(0, 8000)),
                y_m=float(rng.uniform(0, 8000)),
                volume_m3=float(rng.choice([2.0, 10.0])),
                weight_kg=float(rng.choice([300.0, 2000.0])) if rng.random() < 0.3 else None,
                handling_m3_per_h=float(rng.choice([0.5, 2.0, 8.0]))
                if rng.random() < 0.7
                else None,
                sizes=sizes,
                conditions=("power",) if rng.random() < 0.7 else (),
                fee_share=0.2 if n == 2 else None,
                room={"water": 100.0} if n == 2 else {},
                yearly_cost=5.0,
            )
        )
    return tuple(found)


def _households(rng: np.random.Generator) -> HouseholdStock | None:
    if rng.random() < 0.3:
        return None
    return HouseholdStock(
        tier="low",
        kit={"water": float(rng.choice([0.5, 3.0]))},
        free_share=0.1,
        share_max=0.6,
        free_share_by_block={"j0": 0.2},
        cost_per_person=float(rng.choice([0.5, 4.0])),
        usable_share=0.8,
    )


def _scenario(rng: np.random.Generator, s: int, *, plain: bool) -> StockScenario:
    hit = {f"j{n}": round(float(rng.uniform(0, 0.8)), 3) for n in range(2) if rng.random() < 0.8}
    lost = {one: 0.5 * rng.integers(2) for one in ("n0", "n1", "j1") if rng.random() < 0.3}
    return StockScenario(
        id=f"s{s}",
        weight=float(rng.integers(1, 5)),
        affected=hit,
        counts={} if plain and s else {"flood_point": {"j1": float(rng.integers(3))}},
        duration_days=float(rng.choice([0.7, 5.0])),
        surviving_share={one: float(share) for one, share in lost.items()},
        slower=float(rng.choice([1.0, 3.0])),
        slower_by_area={"a": 2.0} if rng.random() < 0.3 else {},
        cut_off=("b",) if rng.random() < 0.2 else (),
    )


def _rules(rng: np.random.Generator, *, plain: bool) -> StockRules:
    minimums = []
    if rng.random() < 0.4:
        minimums.append(Minimum(tier="top", item_id="water", quantity=20.0, per_resident=0.01))
    if rng.random() < 0.2:
        minimums.append(Minimum(tier="low", item_id="water", per_resident=0.02, each=True))
    served = not plain and rng.random() < 0.4
    return StockRules(
        budget=float(rng.integers(200, 3000)) if rng.random() < 0.7 else None,
        yearly_budget=float(rng.integers(300, 3000)) if rng.random() < 0.3 else None,
        max_built=1 if rng.random() < 0.3 else None,
        minimums=tuple(minimums),
        least_cover=(LeastCover(share=0.1, level=str(rng.choice(LEVEL))),) if served else (),
        gini=GiniLimit(most=0.4, level="community") if served and rng.random() < 0.5 else None,
        chance=ChanceTarget(share=0.3, risk=0.6) if served and rng.random() < 0.5 else None,
    )
