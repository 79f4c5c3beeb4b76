"""Every check of a stockpile request that needs more than one of its fields."""

import itertools
from collections.abc import Iterator, Sequence

from models.faults import Fault
from models.stockpiles import StockRequest
from models.stockpiles.items import HOUSEHOLD, PERSON
from models.stockpiles.objectives import LargestShare
from models.stockpiles.scenarios import StockScenario
from models.text import Label
from models.travel import ByMatrix
from optimizer.listing import (
    cycles,
    fault,
    kits,
    member,
    misplaced,
    repeated,
    unknown_references,
)

_AREAS = Label(en="areas", zh="区域")
_BLOCKS = Label(en="blocks", zh="街块")
_DEPOTS = Label(en="depots", zh="仓库")
_DRIVERS = Label(en="drivers of need", zh="需求因子")
_GROUPS = Label(en="groups of people", zh="人群类别")
_HOLDERS = Label(en="depots, contracts and blocks", zh="仓库、协议与街块")
_ITEMS = Label(en="items", zh="物资品类")
_LEVELS = Label(en="levels of areas", zh="区域层级")
_TIERS = Label(en="tiers", zh="储备层级")
_WAYS = Label(en="travel scenarios", zh="出行情景")

Named = Iterator[tuple[str, str]]


def check(request: StockRequest) -> tuple[Fault, ...]:
    """Return all faults of ``request`` at once."""
    return (
        *_duplicates(request),
        *_references(request),
        *_positions(request),
        *_orders(request),
        *cycles(request.areas),
    )


def _duplicates(request: StockRequest) -> Iterator[Fault]:
    names = ("tiers", "items", "blocks", "lots", "bands", "areas", "scenarios", "held_out")
    for name in names:
        yield from repeated(name, [one.id for one in getattr(request, name)])
    yield from repeated("travel.scenarios", [one.id for one in request.travel.scenarios])
    yield from repeated("depots", [one.id for one in request.depots])
    taken = {one.id: f"depots[{n}].id" for n, one in enumerate(request.depots)}
    yield from repeated("contracts", [one.id for one in request.contracts])
    for n, contract in enumerate(request.contracts):
        if contract.id in taken:
            first = taken[contract.id]
            yield fault(f"contracts[{n}].id", "fault.duplicate", contract.id, first=first)
    for n, depot in enumerate(request.depots):
        yield from repeated(f"depots[{n}].sizes", [one.id for one in depot.sizes])


def _references(request: StockRequest) -> Iterator[Fault]:
    areas = [one.id for one in request.areas]
    items = [one.id for one in request.items]
    tiers = [one.id for one in request.tiers]
    depots = [one.id for one in request.depots]
    blocks = [one.id for one in request.blocks]
    groups = sorted({name for block in request.blocks for name in block.weights})
    levels = sorted({one.level for one in request.areas} | {"block"})
    holders = [*depots, *(one.id for one in request.contracts), *blocks]
    ways = [one.id for one in request.travel.scenarios]
    drivers = sorted({need.driver for item in request.items for need in item.needs})
    yield from unknown_references("areas", _areas(request), areas, _AREAS)
    yield from unknown_references("items", _items(request), items, _ITEMS)
    yield from unknown_references("rules", _minimums(request), items, _ITEMS)
    yield from unknown_references("tiers", _tiers(request), tiers, _TIERS)
    yield from unknown_references("depots", _lots(request), depots, _DEPOTS)
    yield from unknown_references("items", _groups(request), groups, _GROUPS)
    yield from unknown_references("rules", _levels(request), levels, _LEVELS)
    if request.households is not None:
        named = (
            (member("households.free_share_by_block", one), one)
            for one in request.households.free_share_by_block
        )
        yield from unknown_references("households", named, blocks, _BLOCKS)
    for path, scenarios in _scenario_lists(request):
        yield from unknown_references(path, _affected(path, scenarios), blocks, _BLOCKS)
        yield from unknown_references(path, _lost(path, scenarios), holders, _HOLDERS)
        yield from unknown_references(path, _slow(path, scenarios), areas, _AREAS)
        yield from unknown_references(path, _counted(path, scenarios), drivers, _DRIVERS)
        yield from unknown_references(path, _ways(path, scenarios), ways, _WAYS)


def _scenario_lists(
    request: StockRequest,
) -> tuple[tuple[str, tuple[StockScenario, ...]], ...]:
    return (("scenarios", request.scenarios), ("held_out", request.held_out))


def _areas(request: StockRequest) -> Named:
    for name in ("depots", "blocks", "contracts"):
        for n, one in enumerate(getattr(request, name)):
            if one.area is not None:
                yield f"{name}[{n}].area", one.area
    for n, area in enumerate(request.areas):
        if area.parent is not None:
            yield f"areas[{n}].parent", area.parent


def _items(request: StockRequest) -> Named:  # noqa: C901 - one loop a list
    for n, tier in enumerate(request.tiers):
        for m, name in enumerate(tier.may_hold or ()):
            yield f"tiers[{n}].may_hold[{m}]", name
    for n, item in enumerate(request.items):
        for path in ("substitutes", "contents"):
            for name in getattr(item, path):
                yield member(f"items[{n}].{path}", name), name
    for n, depot in enumerate(request.depots):
        for name in depot.room:
            yield member(f"depots[{n}].room", name), name
    for name in () if request.households is None else request.households.kit:
        yield member("households.kit", name), name
    named = {
        "contracts": [one.item_id for one in request.contracts],
        "lots": [one.item_id for one in request.lots],
    }
    for path, ids in named.items():
        yield from ((f"{path}[{n}].item_id", name) for n, name in enumerate(ids))


def _minimums(request: StockRequest) -> Named:
    for n, least in enumerate(request.rules.minimums):
        yield f"rules.minimums[{n}].item_id", least.item_id


def _tiers(request: StockRequest) -> Named:
    for name in ("depots", "contracts"):
        for n, one in enumerate(getattr(request, name)):
            yield f"{name}[{n}].tier", one.tier
    if request.households is not None:
        yield "households.tier", request.households.tier
    for n, tier in enumerate(request.tiers):
        for m, name in enumerate(tier.refills):
            yield f"tiers[{n}].refills[{m}]", name
    for n, least in enumerate(request.rules.minimums):
        yield f"rules.minimums[{n}].tier", least.tier


def _lots(request: StockRequest) -> Named:
    for n, lot in enumerate(request.lots):
        yield f"lots[{n}].depot_id", lot.depot_id


def _groups(request: StockRequest) -> Named:
    for n, item in enumerate(request.items):
        for m, need in enumerate(item.needs):
            if need.group is not None:
                yield f"items[{n}].needs[{m}].group", need.group
    for n, name in enumerate(request.residents or ()):
        yield f"residents[{n}]", name


def _levels(request: StockRequest) -> Named:
    for n, objective in enumerate(request.objectives):
        if isinstance(objective, LargestShare):
            yield f"objectives[{n}].level", objective.level
    for n, floor in enumerate(request.rules.least_cover):
        yield f"rules.least_cover[{n}].level", floor.level
    if request.rules.gini is not None:
        yield "rules.gini.level", request.rules.gini.level


def _affected(path: str, scenarios: Sequence[StockScenario]) -> Named:
    for s, scenario in enumerate(scenarios):
        for name in scenario.affected:
            yield member(f"{path}[{s}].affected", name), name
        for driver, counts in scenario.counts.items():
            for name in counts:
                yield member(member(f"{path}[{s}].counts", driver), name), name


def _lost(path: str, scenarios: Sequence[StockScenario]) -> Named:
    for s, scenario in enumerate(scenarios):
        for name in scenario.surviving_share:
            yield member(f"{path}[{s}].surviving_share", name), name


def _slow(path: str, scenarios: Sequence[StockScenario]) -> Named:
    for s, scenario in enumerate(scenarios):
        for name in scenario.slower_by_area:
            yield member(f"{path}[{s}].slower_by_area", name), name
        for n, name in enumerate(scenario.cut_off):
            yield f"{path}[{s}].cut_off[{n}]", name


def _counted(path: str, scenarios: Sequence[StockScenario]) -> Named:
    for s, scenario in enumerate(scenarios):
        for name in scenario.counts:
            yield member(f"{path}[{s}].counts", name), name


def _ways(path: str, scenarios: Sequence[StockScenario]) -> Named:
    for s, scenario in enumerate(scenarios):
        if scenario.travel_scenario is not None:
            yield f"{path}[{s}].travel_scenario", scenario.travel_scenario


def _positions(request: StockRequest) -> Iterator[Fault]:
    """Yield a fault for each place whose coordinates are not those the others have."""
    if isinstance(request.travel, ByMatrix):
        return
    first = request.blocks[0]
    planar = first.lat is None and first.x_m is not None
    wanted = (False, False, True, True) if planar else (True, True, False, False)
    for name in ("blocks", "depots", "contracts"):
        yield from misplaced(name, getattr(request, name), wanted)


def _orders(request: StockRequest) -> Iterator[Fault]:
    ends = [band.end_s for band in request.bands]
    days = [band.supply_days for band in request.bands]
    for name, values in (("end_s", ends), ("supply_days", days)):
        for n, (a, b) in enumerate(itertools.pairwise(values), start=1):
            if b < a or (name == "end_s" and b == a):
                yield fault(f"bands[{n}].{name}", "fault.ascending", b)
    yield from _ranges(request)
    yield from _counts_of_people(request)
    yield from kits(request.items)
    yield from _kits_at_home(request)
    yield from _unloaded(request)
    if len(request.bands) > 1 and isinstance(request.travel, ByMatrix):
        for n, tier in enumerate(request.tiers):
            if tier.refills:
                yield fault(f"tiers[{n}].refills", "fault.stockpiles.refill_travel")


def _ranges(request: StockRequest) -> Iterator[Fault]:
    for n, lot in enumerate(request.lots):
        for name in ("quantity_between", "expires_between"):
            bounds = getattr(lot, name)
            if bounds is not None and bounds[0] > bounds[1]:
                yield fault(
                    f"lots[{n}].{name}", "fault.range", min=str(bounds[0]), max=str(bounds[1])
                )


def _unloaded(request: StockRequest) -> Iterator[Fault]:
    """Yield a fault for each depot whose vehicles carry nobody knows what."""
    for n, depot in enumerate(request.depots):
        own = depot.vehicles
        if own is not None and own.load_kg is None and own.load_m3 is None:
            yield fault(f"depots[{n}].vehicles", "fault.stockpiles.vehicles")


def _kits_at_home(request: StockRequest) -> Iterator[Fault]:
    """Yield a fault for each kit of items that a household's kit names."""
    packed = {one.id for one in request.items if one.contents}
    for name in () if request.households is None else request.households.kit:
        if name in packed:
            yield fault(member("households.kit", name), "fault.stockpiles.kit_at_home", name)


def _counts_of_people(request: StockRequest) -> Iterator[Fault]:
    """Yield a fault for each count of a driver that is counted from the people affected."""
    for path, scenarios in _scenario_lists(request):
        for s, scenario in enumerate(scenarios):
            for name in {PERSON, HOUSEHOLD} & scenario.counts.keys():
                yield fault(member(f"{path}[{s}].counts", name), "fault.stockpiles.people")
    for k, item in enumerate(request.items):
        for n, need in enumerate(item.needs):
            if need.group is not None and need.driver != PERSON:
                yield fault(f"items[{k}].needs[{n}].group", "fault.stockpiles.group", need.group)
