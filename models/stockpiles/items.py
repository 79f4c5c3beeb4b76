"""What is held: items, their packs, and who needs how much of them."""

from typing import Annotated

from pydantic import Field

from models.base import Model
from models.quantities import CubicMetres, Days, Identifier, Kilograms, Money, Quantity, Seconds
from models.text import Label

PERSON = "person"
HOUSEHOLD = "household"


class Pack(Model):
    """A size that an item is packed in (a box, a bag): how many of the item's units it holds."""

    id: Identifier
    name: Label | None = None
    holds: Annotated[float, Field(gt=0, description="units of the item")]


class Need(Model):
    """How much of an item one unit of a driver needs.

    Drivers ``person`` and ``household`` are counted from the people affected; any other (a shelter
    place, a flood point, a metre of dyke, a slope, a rescuer, a vehicle, a kind of incident) by the
    scenario's ``counts``. ``group`` narrows ``person`` to one group of people. ``per_day``: so much
    for every day the scenario lasts, up to the end of each band; else once, due from
    ``from_s`` after the alarm on.
    """

    driver: Identifier = PERSON
    quantity: Annotated[float, Field(gt=0, description="units of the item per unit of driver")]
    per_day: bool = False
    group: Identifier | None = None
    from_s: Seconds = 0.0


class Item(Model):
    """A kind of supply or of equipment.

    All quantities are in ``unit``. ``weight`` is what a unit that is missing counts, against those
    of other items. ``shelf_life_days`` None: it does not expire; ``service_life_days`` is how long
    one that comes back lasts. ``least_remaining_days`` is what must be left when it is handed out.
    ``returns_after_s`` None: it is consumed; else it is back, and can go out again, so long after
    its band. ``conditions`` are what a depot must offer to hold it. ``substitutes`` names items
    that may stand in for it: how many units of them for one of this.

    ``contents`` makes it a kit: how many units of which other items are in one of it. It is held,
    sent and counted as one, by its own volume, weight, price and shelf life, and opened where it
    arrives, where it meets the needs of what it contains (not of what that may stand in for); what
    nobody there needs of it is of no use. A kit contains no kit, and has no needs of its own.
    """

    id: Identifier
    name: Label | None = None
    unit: Label = Label(en="pcs", zh="件")
    packs: tuple[Pack, ...] = ()
    volume_m3: CubicMetres
    weight_kg: Kilograms = 0.0
    price: Money
    weight: Annotated[float, Field(gt=0, description="what a missing unit counts")] = 1.0
    shelf_life_days: Annotated[Days, Field(gt=0)] | None = None
    service_life_days: Annotated[Days, Field(gt=0)] | None = None
    least_remaining_days: Days = 0.0
    returns_after_s: Seconds | None = None
    conditions: tuple[Identifier, ...] = ()
    substitutes: dict[Identifier, Annotated[Quantity, Field(gt=0)]] = Field(default_factory=dict)
    contents: dict[Identifier, Annotated[Quantity, Field(gt=0)]] = Field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    illustrative: bool = False
