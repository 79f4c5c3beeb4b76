"""The request as a verifier reads it: plain tables, days and sums."""

from dataclasses import dataclass
from datetime import date, timedelta

from models.rotation import RotationPlan, RotationRequest
from models.rotation.calendar import months_in, periods
from models.rotation.request import Outlet, RefillRule

Pair = tuple[str, str]  # depot, item


@dataclass(frozen=True)
class Goods:
    """A lot: its item, when (period) and where it comes in, how much, and its last good day."""

    item: str
    depot: str
    period: int
    quantity: float
    expires: date | None


class Question:
    """Everything a plan is held against."""

    def __init__(self, request: RotationRequest) -> None:
        self.request = request
        self.grid = periods(request.start, request.years, request.months)
        self.count = len(self.grid)
        self.depots = {one.id: one for one in request.depots}
        self.items = {one.id: one for one in request.items}
        self.tiers = {one.id: one for one in request.tiers}
        self.outlets = {one.id: one for one in request.outlets}
        self.supplies = {one.id: one for one in request.supplies}
        self.share = [len(months_in(one)) / 12.0 for one in self.grid]

    def period_of(self, day: date) -> int | None:
        """Return the period of a day, None after the last."""
        return next((t for t, one in enumerate(self.grid) if day <= one.last), None)

    def goods(self, plan: RotationPlan) -> dict[str, Goods]:
        """Return all lots that are sure to be there, or are ordered."""
        found = {}
        for lot in self.request.lots:
            perishable = self.items[lot.item_id].shelf_life_days is not None
            if lot.sure_quantity > 0 and (lot.first_expiry is not None or not perishable):
                found[lot.id] = Goods(
                    lot.item_id, lot.depot_id, 0, lot.sure_quantity, lot.first_expiry
                )
        for one in self.request.incoming:
            perishable = self.items[one.item_id].shelf_life_days is not None
            period = self.period_of(one.arrives_on)
            if period is not None and (one.expires_on is not None or not perishable):
                found[one.id] = Goods(
                    one.item_id, one.depot_id, period, one.quantity, one.expires_on
                )
        for order in plan.orders:
            found[order.lot_id] = Goods(
                order.item_id, order.depot_id, order.arrival, order.quantity, order.expires_on
            )
        return found

    def left(self, goods: Goods, period: int) -> float:
        """Return the days that a lot has left at the end of a period; negative: expired."""
        if goods.expires is None:
            return float("inf")
        return float((goods.expires - self.grid[period].last).days)

    def amount(self, outlet: Outlet, period: int) -> float:
        """Return what an outlet takes in a period."""
        before = self._months(outlet, period)
        after = self._months(outlet, period + 1)
        each = outlet.per_year / (12 if outlet.months is None else len(outlet.months))
        if not self.request.whole:
            return (after - before) * each
        return float(int(after * each + 1e-9) - int(before * each + 1e-9))

    def _months(self, outlet: Outlet, period: int) -> int:
        """Return how many months of an outlet lie in the periods before one."""
        return sum(
            (outlet.months is None or month % 12 + 1 in outlet.months)
            and within(outlet.from_day, outlet.until_day, month)
            for one in self.grid[:period]
            for month in months_in(one)
        )

    def least(self, outlet: Outlet) -> float:
        """Return the days that an outlet wants left."""
        own = outlet.least_remaining_days
        return self.items[outlet.item_id].least_remaining_days if own is None else own

    def serves(self, outlet: Outlet, depot: str) -> bool:
        """Return whether a depot may issue through an outlet."""
        return outlet.depot_ids is None or depot in outlet.depot_ids

    def wanted(self, period: int, *, statutory: bool) -> dict[Pair, float]:
        """Return what must be there at the end of a period."""
        found: dict[Pair, float] = {}
        month = months_in(self.grid[period])[-1]
        for one in self.request.required:
            if within(one.from_day, one.until_day, month):
                key = one.depot_id, one.item_id
                value = one.statutory if statutory else one.target
                found[key] = max(found.get(key, 0.0), value)
        return found

    def refill(self, source: str, to: str, item: str) -> RefillRule | None:
        """Return how one depot refills another with an item, None where it must not."""
        above, below = self.depots[source], self.depots[to]
        if below.tier not in self.tiers[above.tier].refills:
            return None
        mine = [
            one
            for one in self.request.refills
            if one.from_tier == above.tier and one.to_tier == below.tier
        ]
        if not mine:
            return RefillRule(from_tier=above.tier, to_tier=below.tier)
        for rule in mine:
            if rule.item_ids is None or item in rule.item_ids:
                if rule.within_area and not self._inside(below.area, above.area):
                    return None
                return rule
        return None

    def _inside(self, area: str | None, around: str | None) -> bool:
        parents = {one.id: one.parent for one in self.request.areas}
        while area is not None:
            if area == around:
                return True
            area = parents.get(area)
        return False

    def after(self, day: date, days: float) -> date:
        """Return the day so many days later, as far as the request's calendar goes."""
        return min(date(2400, 1, 1), day + timedelta(days=min(days, 36_500)))


def within(first: date | None, last: date | None, month: int) -> bool:
    """Return whether a numbered month lies in a window of days."""
    early = first is not None and month < first.year * 12 + first.month - 1
    late = last is not None and month > last.year * 12 + last.month - 1
    return not early and not late
