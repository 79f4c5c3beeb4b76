"""Every check of a request that needs more than one of its fields."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from models.faults import Fault
from models.rotation import RotationRequest
from models.rotation.calendar import periods
from models.rotation.request import RequiredStock
from models.text import Label
from optimizer.listing import fault, kits, listed, member, unknown_references

_TIERS = Label(en="tiers", zh="储备层级")
_DEPOTS = Label(en="depots", zh="仓库")
_ITEMS = Label(en="items", zh="物资")
_PACKS = Label(en="packs of the item", zh="该物资的包装")
_AREAS = Label(en="areas", zh="区域")
LATEST = date(2400, 1, 1)


def check(request: RotationRequest) -> tuple[Fault, ...]:
    """Return all faults of ``request`` at once."""
    return (
        *_start(request),
        *_duplicates(request),
        *_references(request),
        *_tiers(request),
        *_lots(request),
        *_numbers(request),
        *kits(request.items),
    )


def _start(request: RotationRequest) -> Iterator[Fault]:
    if request.start.day != 1 or not 1900 <= request.start.year <= 2200:
        yield fault("start", "fault.rotation.start", str(request.start))


def _duplicates(request: RotationRequest) -> Iterator[Fault]:
    lists = {
        name: [one.id for one in getattr(request, name)]
        for name in ("tiers", "depots", "items", "outlets", "supplies", "areas")
    }
    for path, ids in lists.items():
        yield from _repeated(path, ids, f"{path}[{{}}].id")
    where = [f"lots[{n}].id" for n in range(len(request.lots))]
    where += [f"incoming[{n}].id" for n in range(len(request.incoming))]
    named = [one.id for one in request.lots] + [one.id for one in request.incoming]
    first: dict[str, str] = {}
    again = [n for n, one in enumerate(named) if first.setdefault(one, where[n]) != where[n]]
    yield from listed(
        "lots", again, lambda n: fault(where[n], "fault.duplicate", named[n], first=first[named[n]])
    )
    years = [str(one.year) for one in request.budgets]
    yield from _repeated("budgets", years, "budgets[{}].year")


def _repeated(path: str, ids: Sequence[str], form: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    again = [index for index, one in enumerate(ids) if first.setdefault(one, index) != index]
    yield from listed(
        path,
        again,
        lambda index: fault(
            form.format(index),
            "fault.duplicate",
            ids[index],
            first=form.format(first[ids[index]]),
        ),
    )


def _references(request: RotationRequest) -> Iterator[Fault]:
    tiers = [one.id for one in request.tiers]
    depots = [one.id for one in request.depots]
    items = [one.id for one in request.items]
    areas = [one.id for one in request.areas]
    yield from unknown_references("tiers", _named_tiers(request), tiers, _TIERS)
    yield from unknown_references("depots", _named_depots(request), depots, _DEPOTS)
    yield from unknown_references("items", _named_items(request), items, _ITEMS)
    of_areas = [(f"depots[{n}].area", one.area) for n, one in enumerate(request.depots)]
    of_areas += [(f"areas[{n}].parent", one.parent) for n, one in enumerate(request.areas)]
    named = [(path, one) for path, one in of_areas if one is not None]
    yield from unknown_references("areas", named, areas, _AREAS)
    packs = {one.id: [pack.id for pack in one.packs] for one in request.items}
    for n, supply in enumerate(request.supplies):
        if supply.pack_id is not None and supply.item_id in packs:
            path = f"supplies[{n}].pack_id"
            yield from unknown_references(
                path, [(path, supply.pack_id)], packs[supply.item_id], _PACKS
            )


def _named_tiers(request: RotationRequest) -> Iterator[tuple[str, str]]:
    for n, depot in enumerate(request.depots):
        yield f"depots[{n}].tier", depot.tier
    for n, tier in enumerate(request.tiers):
        for k, other in enumerate(tier.refills):
            yield f"tiers[{n}].refills[{k}]", other
    for n, rule in enumerate(request.refills):
        yield f"refills[{n}].from_tier", rule.from_tier
        yield f"refills[{n}].to_tier", rule.to_tier


def _named_depots(request: RotationRequest) -> Iterator[tuple[str, str]]:
    for name in ("lots", "incoming", "required"):
        for n, one in enumerate(getattr(request, name)):
            yield f"{name}[{n}].depot_id", one.depot_id
    for name in ("outlets", "supplies"):
        for n, one in enumerate(getattr(request, name)):
            for k, depot in enumerate(one.depot_ids or ()):
                yield f"{name}[{n}].depot_ids[{k}]", depot


def _named_items(request: RotationRequest) -> Iterator[tuple[str, str]]:
    for name in ("lots", "incoming", "required", "outlets", "supplies"):
        for n, one in enumerate(getattr(request, name)):
            yield f"{name}[{n}].item_id", one.item_id
    for n, tier in enumerate(request.tiers):
        for k, item in enumerate(tier.may_hold or ()):
            yield f"tiers[{n}].may_hold[{k}]", item
    for n, kit in enumerate(request.items):
        yield from ((member(f"items[{n}].contents", name), name) for name in kit.contents)
    for n, rule in enumerate(request.refills):
        for k, item in enumerate(rule.item_ids or ()):
            yield f"refills[{n}].item_ids[{k}]", item


def _tiers(request: RotationRequest) -> Iterator[Fault]:
    """Yield a fault for each tier that refills one above it, or itself."""
    place = {one.id: n for n, one in enumerate(request.tiers)}
    for n, tier in enumerate(request.tiers):
        for k, other in enumerate(tier.refills):
            if place.get(other, n + 1) <= n:
                yield fault(f"tiers[{n}].refills[{k}]", "fault.rotation.upward", other)
    refilled = {one.id: one.refills for one in request.tiers}
    for n, rule in enumerate(request.refills):
        if rule.from_tier in place and rule.to_tier not in refilled[rule.from_tier]:
            yield fault(
                f"refills[{n}].to_tier",
                "fault.rotation.refill",
                rule.to_tier,
                tier=rule.from_tier,
            )


def _lots(request: RotationRequest) -> Iterator[Fault]:
    """Yield a fault for each lot whose bounds are not in order, or that its tier may not hold."""
    for n, lot in enumerate(request.lots):
        if lot.quantity_between is not None and lot.quantity_between[0] > lot.quantity_between[1]:
            yield fault(f"lots[{n}].quantity_between", "fault.rotation.order")
        if lot.expires_between is not None and lot.expires_between[0] > lot.expires_between[1]:
            yield fault(f"lots[{n}].expires_between", "fault.rotation.order")
    if request.start.day != 1 or not 1900 <= request.start.year <= 2200:
        return
    last = periods(request.start, request.years, request.months)[-1].last
    for n, one in enumerate(request.incoming):
        if not request.start <= one.arrives_on <= last:
            yield fault(
                f"incoming[{n}].arrives_on",
                "fault.rotation.within",
                str(one.arrives_on),
                first=str(request.start),
                last=str(last),
            )


def _numbers(request: RotationRequest) -> Iterator[Fault]:
    for n, one in enumerate(request.required):
        if one.statutory > one.target:
            yield fault(
                f"required[{n}].target",
                "fault.at_least",
                one.target,
                least=one.statutory,
                other="statutory",
            )
        yield from _held(request, n, one)
    for name in ("required", "outlets", "supplies"):
        for n, window in enumerate(getattr(request, name)):
            first, last = window.from_day, window.until_day
            if first is not None and last is not None and first > last:
                yield fault(f"{name}[{n}].until_day", "fault.rotation.order", str(last))
    shelf = {one.id: one.shelf_life_days for one in request.items}
    for n, supply in enumerate(request.supplies):
        life = supply.least_life_days or shelf.get(supply.item_id) or 0.0
        if life > 36_500 or supply.lead_days > 36_500:
            yield fault(f"supplies[{n}].least_life_days", "fault.rotation.century", life)


def _held(request: RotationRequest, n: int, one: RequiredStock) -> Iterator[Fault]:
    """Yield a fault where something is required of a depot whose tier may not hold it."""
    tier = {depot.id: depot.tier for depot in request.depots}.get(one.depot_id)
    allowed = {each.id: each.may_hold for each in request.tiers}.get(tier or "")
    if allowed is not None and one.item_id not in allowed:
        yield fault(
            f"required[{n}].item_id", "fault.rotation.may_hold", one.item_id, tier=tier or ""
        )


def day_after(day: date, days: float) -> date:
    """Return the day so many days later, a century-proof one.

    Examples
    --------
    >>> str(day_after(date(2027, 1, 31), 1))
    '2027-02-01'
    """
    return min(LATEST, day + timedelta(days=min(days, 36_500)))
