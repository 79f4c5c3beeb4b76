"""Which lots go on which vehicle on the day: the first to expire first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.faults import Fault
from models.rotation import RotationRequest
from models.rotation.storekeeping import Missing, Pick, PickList, PickOrder
from models.stockpiles.lots import Lot
from models.text import Label
from optimizer.errors import InputError
from optimizer.listing import unknown_references

_DEPOTS = Label(en="depots", zh="仓库")
_ITEMS = Label(en="items", zh="物资")
_NONE = 1e-9


def pick(request: RotationRequest, orders: Sequence[PickOrder], day: date) -> PickList:
    """Return what is taken from the book for orders, in their sequence.

    Lots that have expired by ``day``, or that nobody knows a date of, stay where they are; so does
    what a vehicle cannot carry. Units go whole, but for a lot's last part.

    Raises
    ------
    InputError
        An order names a depot or an item that is not in the request.
    """
    faults = tuple(_faults(request, orders))
    if faults:
        raise InputError(faults)
    items = {one.id: one for one in request.items}
    stock = _stock(request, day)
    load: dict[str, float] = defaultdict(float)
    picks: list[Pick] = []
    missing: list[Missing] = []
    for number, order in enumerate(orders, 1):
        each = items[order.item_id].weight_kg
        wanted = order.quantity
        if order.load_kg is not None and each > 0:
            room = max(0.0, order.load_kg - load[order.vehicle])
            fits = float(int(room / each + _NONE))
            if fits < wanted:
                missing.append(Missing(order=number, quantity=wanted - fits, reason="load"))
                wanted = fits
        for held in stock[order.depot_id, order.item_id]:
            taken = min(wanted, held.left)
            if taken <= _NONE:
                continue
            held.left -= taken
            wanted -= taken
            load[order.vehicle] += taken * each
            picks.append(
                Pick(
                    vehicle=order.vehicle,
                    depot_id=order.depot_id,
                    item_id=order.item_id,
                    lot_id=held.lot.id,
                    expires_on=held.lot.first_expiry,
                    quantity=taken,
                    weight_kg=taken * each,
                    destination=order.destination,
                )
            )
        if wanted > _NONE:
            missing.append(Missing(order=number, quantity=wanted, reason="stock"))
    return PickList(day=day, picks=tuple(picks), missing=tuple(missing))


@dataclass
class _Held:
    """A lot and what is left of it."""

    lot: Lot
    left: float


def _stock(request: RotationRequest, day: date) -> dict[tuple[str, str], list[_Held]]:
    """Return the good lots of every depot and item, the first to expire first."""
    perishable = {one.id: one.shelf_life_days is not None for one in request.items}
    found: dict[tuple[str, str], list[_Held]] = defaultdict(list)
    for lot in sorted(request.lots, key=lambda one: (one.first_expiry or date.max, one.id)):
        known = lot.first_expiry is not None or not perishable[lot.item_id]
        if known and (lot.first_expiry or date.max) >= day and lot.sure_quantity > 0:
            found[lot.depot_id, lot.item_id].append(_Held(lot, lot.sure_quantity))
    return found


def _faults(request: RotationRequest, orders: Sequence[PickOrder]) -> list[Fault]:
    depots = [one.id for one in request.depots]
    items = [one.id for one in request.items]
    named = [(f"orders[{n}].depot_id", one.depot_id) for n, one in enumerate(orders)]
    held = [(f"orders[{n}].item_id", one.item_id) for n, one in enumerate(orders)]
    return [
        *unknown_references("orders", named, depots, _DEPOTS),
        *unknown_references("orders", held, items, _ITEMS),
    ]
