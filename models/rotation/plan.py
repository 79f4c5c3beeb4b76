"""A rotation plan in names, units and days, and its figures."""

from datetime import date
from typing import Literal

from pydantic import computed_field

from models.base import SCHEMA_VERSION, Model
from models.quantities import Count, Identifier, Money, Quantity
from models.rotation.calendar import Period


class Order(Model):
    """One purchase: what is ordered when, and the lot it becomes.

    The days follow from the supply; ``expires_on`` None: it does not expire.
    """

    lot_id: Identifier
    supply_id: Identifier
    depot_id: Identifier
    item_id: Identifier
    period: Count
    arrival: Count
    packs: float
    quantity: Quantity
    cost: Money
    ordered_on: date
    arrives_on: date
    expires_on: date | None


class Issue(Model):
    """Units of a lot that leave a depot through an outlet in a period."""

    period: Count
    outlet_id: Identifier
    depot_id: Identifier
    lot_id: Identifier
    quantity: Quantity


class Move(Model):
    """Units of a lot that one depot sends to another."""

    period: Count
    arrival: Count
    depot_id: Identifier
    to_depot_id: Identifier
    lot_id: Identifier
    quantity: Quantity


class WriteOff(Model):
    """Units of a lot that expire in a depot in a period."""

    period: Count
    depot_id: Identifier
    lot_id: Identifier
    quantity: Quantity
    value: Money


class Balance(Model):
    """What a depot has of an item, good through the last day of each period, and what it lacks.

    One number a period each.
    """

    depot_id: Identifier
    item_id: Identifier
    on_hand: tuple[Quantity, ...]
    short: tuple[Quantity, ...]


class UnclearLot(Model):
    """A lot whose quantity or date nobody knows: what the plan counts on, and what may be there.

    ``most`` None: nobody says how much there can be.
    """

    lot_id: Identifier
    counted: Quantity
    most: Quantity | None
    no_quantity: bool
    no_date: bool


class YearFigures(Model):
    """One calendar year of a plan; values are at the items' prices.

    ``write_off_share`` is of ``target_value``, the mean value of the targets over the year (None
    where there are none). ``budget`` None: no limit. ``shortfall`` is in weighted unit-years.
    """

    year: int
    budget: Money | None
    spent: Money
    recovered: Money
    write_off: Money
    target_value: Money
    shortfall: float
    statutory_shortfall: float

    @computed_field  # type: ignore[prop-decorator]
    @property
    def write_off_share(self) -> float | None:
        """The value written off as a share of that of the targets."""
        return self.write_off / self.target_value if self.target_value > 0 else None


class RotationFigures(Model):
    """What a plan achieves and costs over all years.

    ``write_off_at_most`` adds what unclear lots may hold beyond what is counted, as if all of it
    expired; None where nobody says how much that is. ``left_expiring`` is the value on hand at the
    end that expires within a year after it, which the plan does not look at.
    """

    statutory_shortfall: float
    shortfall: float
    unmet_use: Quantity
    write_off: Money
    write_off_at_most: Money | None
    bought: Money
    recovered: Money
    cost: float
    left_expiring: Money


class RotationPlan(Model):
    """What is bought, issued, moved and written off, period by period and lot by lot.

    A plan made by hand needs ``orders``, ``issues`` and ``moves``; all else are claims, checked
    where given. ``objective_values`` are those of the levels in their order.
    """

    schema_version: str = SCHEMA_VERSION
    kind: Literal["stock_rotation"] = "stock_rotation"
    periods: tuple[Period, ...] | None = None
    orders: tuple[Order, ...]
    issues: tuple[Issue, ...]
    moves: tuple[Move, ...]
    write_offs: tuple[WriteOff, ...] | None = None
    balances: tuple[Balance, ...] | None = None
    unclear: tuple[UnclearLot, ...] | None = None
    years: tuple[YearFigures, ...] | None = None
    objective_values: tuple[float, ...] | None = None
    figures: RotationFigures | None = None
    illustrative: bool = False
