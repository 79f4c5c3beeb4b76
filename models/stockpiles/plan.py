"""A stockpile plan in names and units, and its figures."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import SCHEMA_VERSION, Model
from models.quantities import (
    Count,
    Identifier,
    Kilograms,
    Money,
    Quantity,
    Seconds,
    Share,
)

SHARE_ROUNDED = 1e-6  # of a stock or need: what rounding may take

Index = Annotated[int, Field(ge=0, description="a place in a list of the request")]


class Held(Model):
    """What one depot holds of one item; ``kept`` of it is there already."""

    depot_id: Identifier
    item_id: Identifier
    quantity: Quantity
    kept: Quantity = 0.0


class KitShare(Model):
    """The share of a block's people who have a household kit."""

    block_id: Identifier
    share: Share


class Agreed(Model):
    """How much of a contract is taken."""

    contract_id: Identifier
    quantity: Quantity


class Built(Model):
    """A size that is built at a depot."""

    depot_id: Identifier
    size_id: Identifier


class Deliveries(Model):
    """Who sends what where in one scenario: entry ``n`` of each list is one delivery.

    Places are those in the request's lists, from 0; ``source`` counts depots and then contracts.
    ``item`` is what is sent, ``need`` the item it is needed as (another where it stands in), and
    ``quantity`` counts units of ``item``. A kit is needed as itself, and opened at the block.
    Refills go from ``source`` to the depot ``target``; they leave in their band and can go out
    again from the next band on.
    """

    scenario_id: Identifier
    band: tuple[Index, ...] = ()
    source: tuple[Index, ...] = ()
    block: tuple[Index, ...] = ()
    item: tuple[Index, ...] = ()
    need: tuple[Index, ...] = ()
    quantity: tuple[Quantity, ...] = ()
    refill_band: tuple[Index, ...] = ()
    refill_source: tuple[Index, ...] = ()
    refill_target: tuple[Index, ...] = ()
    refill_item: tuple[Index, ...] = ()
    refill_quantity: tuple[Quantity, ...] = ()


class Carried(Model):
    """What of a trip's load: places in the request's lists, as in `Deliveries`."""

    item: Index
    need: Index
    quantity: Quantity


class Trip(Model):
    """One way of one vehicle from a source to a block on the day.

    It leaves ``leaves_s`` after the alarm; people have what it carries at ``arrives_s``, by the end
    of ``band``.
    """

    vehicle_id: Identifier
    source: Index
    block: Index
    band: Index
    leaves_s: Seconds
    arrives_s: Seconds
    weight_kg: Kilograms
    carried: tuple[Carried, ...]


class ScenarioFigures(Model):
    """One scenario in numbers.

    ``unmet`` counts weighted need over the bands; ``need`` and ``met`` are weighted need by the
    deadline; ``from_kits`` is the part of ``met`` that households have themselves.
    """

    scenario_id: Identifier
    unmet: float
    need: float
    met: float
    from_kits: float


class Cover(Model):
    """The share of weighted need met by the deadline, or of one band, tier, item, area or group.

    ``worst_tenth`` is the mean over the worst tenth of the probability, ``worst`` the worst
    scenario; None where nothing is needed. Of a tier it is the share of all need that it delivers,
    and the worst is where it delivers least;
    a band's counts by its own end. What a block gets of an item goes to its groups by what they
    need; groups are told where there is more than one.
    """

    scope: Literal["all", "band", "tier", "item", "area", "group"]
    id: Identifier | None = None
    expected: Share | None
    worst_tenth: Share | None = None
    worst: Share | None = None


class CostSplit(Model):
    """What a plan costs a year, by what for; ``outlay`` is spent once, to buy, build and equip."""

    capital: Money
    running: Money
    holding: Money
    replacement: Money
    kits: Money
    fees: Money
    outlay: Money
    outlay_by_tier: dict[Identifier, Money]


class StockFigures(Model):
    """What a plan achieves and costs; ``meets_target`` is P(95 % met by the deadline)."""

    expected_unmet: float
    unmet_risk: float
    yearly_cost: Money
    meets_target: Share
    gini: float | None
    built: Count
    costs: CostSplit
    covers: tuple[Cover, ...]
    scenarios: tuple[ScenarioFigures, ...]


class StockPlan(Model):
    """Who holds what, and who sends what where when something happens.

    A plan made by hand needs ``stock``, and ``kits``, ``agreed`` and ``built`` where they differ
    from what is there; without ``deliveries`` the best ones are found for it. Large plans give
    the deliveries of the worst scenarios only. ``objective_values`` are the request's objectives
    in their order. ``trips`` are those of the day's vehicles.
    """

    schema_version: str = SCHEMA_VERSION
    kind: Literal["stockpiles"] = "stockpiles"
    stock: tuple[Held, ...]
    kits: tuple[KitShare, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    built: tuple[Built, ...] = ()
    deliveries: tuple[Deliveries, ...] = ()
    trips: tuple[Trip, ...] = ()
    objective_values: tuple[float, ...] | None = None
    figures: StockFigures | None = None
    illustrative: bool = False
