"""A plan as lines of work: what is done in each period, depot by depot."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from api.render.rotation.names import RotationNames
from models.rotation import RotationPlan
from models.rotation.storekeeping import Action

_COUNTED_EVERY = 12  # periods in which every lot is counted once
_SOON_DAYS = 92  # lots that expire within a quarter are looked at


@dataclass(frozen=True)
class Line:
    """One line of work; ``to`` is an outlet, a depot or a supply, ``arrives_on`` of orders."""

    period: int
    action: Action
    depot_id: str
    item_id: str
    lot_id: str
    expires_on: date | None
    quantity: float
    to: str = ""
    arrives_on: date | None = None


_ORDER = {one: n for n, one in enumerate(Action)}


def lines(names: RotationNames, plan: RotationPlan) -> list[Line]:
    """Return what a plan asks to be done, by period, depot and item."""
    found = [*_movements(names, plan), *_counts(names, plan)]
    return sorted(
        found,
        key=lambda one: (
            one.period,
            one.depot_id,
            one.item_id,
            _ORDER[one.action],
            one.expires_on or date.max,
            one.lot_id,
            one.to,
        ),
    )


def _movements(names: RotationNames, plan: RotationPlan) -> Iterator[Line]:
    goods = names.goods(plan)
    for order in plan.orders:
        for period, action in ((order.period, Action.ORDER), (order.arrival, Action.RECEIVE)):
            yield Line(
                period,
                action,
                order.depot_id,
                order.item_id,
                order.lot_id,
                order.expires_on,
                order.quantity,
                order.supply_id,
                order.arrives_on,
            )
    for issue in plan.issues:
        lot = goods[issue.lot_id]
        yield Line(
            issue.period,
            Action.ISSUE,
            issue.depot_id,
            lot.item_id,
            issue.lot_id,
            lot.expires_on,
            issue.quantity,
            issue.outlet_id,
        )
    for move in plan.moves:
        lot = goods[move.lot_id]
        yield Line(
            move.period,
            Action.MOVE,
            move.depot_id,
            lot.item_id,
            move.lot_id,
            lot.expires_on,
            move.quantity,
            move.to_depot_id,
        )
    for one in plan.write_offs or ():
        lot = goods[one.lot_id]
        yield Line(
            one.period,
            Action.EXPIRE,
            one.depot_id,
            lot.item_id,
            one.lot_id,
            lot.expires_on,
            one.quantity,
        )


def _counts(names: RotationNames, plan: RotationPlan) -> Iterator[Line]:
    """Yield what is to be counted: unclear lots at once, others in turn and before they expire."""
    unclear = {one.lot_id for one in plan.unclear or ()}
    periods = plan.periods or ()
    for n, lot in enumerate(names.request.lots):
        turn = {n % _COUNTED_EVERY}
        if lot.id in unclear:
            turn = {0}
        for t, period in enumerate(periods[:_COUNTED_EVERY]):
            day = lot.first_expiry
            soon = day is not None and 0 <= (day - period.last).days < _SOON_DAYS
            if t in turn or (soon and t % 3 == n % 3):
                yield Line(
                    t, Action.COUNT, lot.depot_id, lot.item_id, lot.id, day, lot.sure_quantity
                )
