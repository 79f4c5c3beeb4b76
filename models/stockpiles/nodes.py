"""Who holds stock: depots, households by block, and suppliers under contract."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.places import DemandPoint, Place, Site
from models.quantities import (
    Count,
    CubicMetres,
    Identifier,
    Kilograms,
    Money,
    Quantity,
    Seconds,
    Share,
)
from models.text import Label


class DepotSize(Model):
    """A size that a depot may be built or enlarged to: what it adds, and what that costs.

    ``capital_cost`` is spread over ``life_years`` in yearly costs.
    """

    id: Identifier
    volume_m3: CubicMetres
    weight_kg: Kilograms | None = None
    handling_m3_per_h: CubicMetres = 0.0
    capital_cost: Money = 0.0
    life_years: Annotated[float, Field(gt=0)] = 30.0
    yearly_cost: Money = 0.0


class DepotVehicles(Model):
    """The vehicles that a depot sends its stock with, there and back.

    Each carries up to ``load_kg`` and ``load_m3`` (None: no limit); ``loading_s`` passes each time
    one is loaded. Up to the end of each band, what is sent times how long its round trip takes
    (the way there and back, hand-over, loading) is at most what all vehicles carry times how long
    the depot has been able to send: vehicles are thought full, and back when the band ends.
    """

    count: Count
    load_kg: Annotated[Kilograms, Field(gt=0)] | None = None
    load_m3: Annotated[CubicMetres, Field(gt=0)] | None = None
    loading_s: Seconds = 0.0


class Depot(Place):
    """A place that holds stock, or may be made to: a warehouse, a community store, a shop.

    ``volume_m3`` and ``weight_kg`` (the floor's load; None: no limit) are what it has room for as
    it is, ``handling_m3_per_h`` what its people load and send in an hour once it is open (None: no
    limit), ``vehicles`` what carries it (None: no limit). At most one of ``sizes`` is built and
    adds to these. ``open_s`` passes before it can send, besides its tier's time. ``conditions`` are
    what it offers.
    ``fee_share`` is for stock that stays another's property (a shop under agreement): the yearly
    fee for a unit kept ready, as a share of its price, instead of buying it; ``room`` then limits
    it by item. ``yearly_cost`` is due whatever it holds.
    """

    id: Identifier
    name: Label | None = None
    tier: Identifier
    area: Identifier | None = None
    volume_m3: CubicMetres = 0.0
    weight_kg: Kilograms | None = None
    handling_m3_per_h: CubicMetres | None = None
    vehicles: DepotVehicles | None = None
    sizes: tuple[DepotSize, ...] = ()
    open_s: Seconds = 0.0
    conditions: tuple[Identifier, ...] = ()
    fee_share: Annotated[float, Field(ge=0)] | None = None
    room: dict[Identifier, Quantity] = Field(default_factory=dict)
    yearly_cost: Money = 0.0
    illustrative: bool = False

    def as_site(self) -> Site:
        """Return its position alone, as travel wants it."""
        return Site(id=self.id, lat=self.lat, lon=self.lon, x_m=self.x_m, y_m=self.y_m)


class StockBlock(DemandPoint):
    """A block of households: ``weights`` counts its people by group."""

    name: Label | None = None
    people_per_household: Annotated[float, Field(gt=0)] = 2.5


class HouseholdStock(Model):
    """Kits that households keep for their own members, and nobody else.

    ``kit`` is what a kit holds for one person, in single items. The share ``free_share`` of people
    has one already; the public pays ``cost_per_person`` for each more, renewed every
    ``life_years``, up to ``share_max``. Blocks may differ. ``usable_share`` of the kits are found
    and complete on the day.
    """

    tier: Identifier
    kit: dict[Identifier, Annotated[Quantity, Field(gt=0)]]
    free_share: Share = 0.0
    share_max: Share = 1.0
    free_share_by_block: dict[Identifier, Share] = Field(default_factory=dict)
    cost_per_person: Money
    life_years: Annotated[float, Field(gt=0)] = 3.0
    usable_share: Share = 1.0


class Contract(Place):
    """Stock that a supplier keeps (``agreement``) or would produce (``capacity``) on call.

    Up to ``most`` units can be agreed, for ``fee`` a unit and year; they leave ``lead_time_s``
    after the alarm from where the supplier is, and reach every block that a way leads to.
    """

    id: Identifier
    name: Label | None = None
    kind: Literal["agreement", "capacity"] = "agreement"
    tier: Identifier
    area: Identifier | None = None
    item_id: Identifier
    most: Quantity
    lead_time_s: Seconds
    fee: Money
    illustrative: bool = False

    def as_site(self) -> Site:
        """Return its position alone, as travel wants it."""
        return Site(id=self.id, lat=self.lat, lon=self.lon, x_m=self.x_m, y_m=self.y_m)
