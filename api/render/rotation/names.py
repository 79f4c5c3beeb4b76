"""What depots, items, outlets and lots are called, and quantities in packs."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from api.render.naming import names_of
from models.messages import formats, message
from models.rotation import RotationPlan, RotationRequest
from models.rotation.calendar import Period, month_of
from models.stockpiles.items import Item
from models.text import Language


@dataclass(frozen=True)
class Goods:
    """A lot of the book or of an order: its item, and the day it expires."""

    item_id: str
    expires_on: date | None


@dataclass(frozen=True)
class RotationNames:
    """The names of a request; what has none is called by its id."""

    request: RotationRequest
    language: Language

    @cached_property
    def depots(self) -> dict[str, str]:
        """Depots by id."""
        return names_of(self.request.depots, self.language)

    @cached_property
    def items(self) -> dict[str, str]:
        """Items by id."""
        return names_of(self.request.items, self.language)

    @cached_property
    def outlets(self) -> dict[str, str]:
        """Outlets by id."""
        return names_of(self.request.outlets, self.language)

    @cached_property
    def item(self) -> dict[str, Item]:
        """Items themselves by id."""
        return {one.id: one for one in self.request.items}

    def goods(self, plan: RotationPlan) -> dict[str, Goods]:
        """Return every lot by its id."""
        found = {one.id: Goods(one.item_id, one.first_expiry) for one in self.request.lots}
        found |= {one.id: Goods(one.item_id, one.expires_on) for one in self.request.incoming}
        return found | {one.lot_id: Goods(one.item_id, one.expires_on) for one in plan.orders}

    def packed(self, item_id: str, quantity: float) -> str:
        """Return a quantity in the item's largest packs and single units."""
        item = self.item[item_id]
        parts = []
        for pack in sorted(item.packs, key=lambda one: -one.holds):
            count = int(quantity / pack.holds + 1e-9)
            if count:
                name = pack.id if pack.name is None else pack.name.text(self.language)
                parts.append(self.say("rotation.packs", packs=count, pack=name))
                quantity -= count * pack.holds
        if quantity > 1e-6 or not parts:
            unit = item.unit.text(self.language)
            parts.append(self.say("rotation.loose", quantity=quantity, unit=unit))
        return " + ".join(parts)

    def day(self, day: date | None) -> str:
        """Return a day as it is written on goods."""
        return self.say("rotation.never") if day is None else str(day)

    def period(self, one: Period) -> str:
        """Return what a period is called: its month, or its first and last."""
        first, last = f"{one.first:%Y-%m}", f"{one.last:%Y-%m}"
        if month_of(one.first) == month_of(one.last):
            return first
        return self.say("rotation.sheet.quarter", first=first, last=last)

    def number(self, value: float) -> str:
        """Return a number as people read it."""
        return formats.number(value, self.language)

    def say(self, code: str, **values: object) -> str:
        """Return a message in this language, money in the request's currency."""
        return message(code, self.language, currency=self.request.currency, **values)
