"""The question of stock rotation: a book of lots, what must be there, where old stock can go."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from models.answer import Assumption
from models.backdrop import BackdropShape
from models.base import SCHEMA_VERSION, Model
from models.places import Area
from models.quantities import Days, Identifier, Money, Quantity, Share
from models.run import RunLimits
from models.stockpiles.items import Item
from models.stockpiles.lots import Lot
from models.stockpiles.nodes import Depot
from models.stockpiles.tiers import Tier
from models.text import Label

WRITE_OFF_SHARE_MAX = 0.02

MonthsOfYear = Annotated[
    tuple[Annotated[int, Field(ge=1, le=12)], ...], Field(min_length=1, max_length=12)
]


class Incoming(Model):
    """A lot that is ordered already: it arrives in the period that ``arrives_on`` lies in."""

    id: Identifier
    item_id: Identifier
    depot_id: Identifier
    quantity: Quantity
    arrives_on: date
    expires_on: date | None = None


class RequiredStock(Model):
    """What a depot must hold of an item at the end of every period.

    ``target`` may be missed, at a price: it is the first thing a plan looks for. ``statutory`` is
    the part of it that the law asks for. ``from_day`` and ``until_day`` None: from the start, to
    the end. Where several speak of the same stock, the largest counts.
    """

    depot_id: Identifier
    item_id: Identifier
    target: Quantity
    statutory: Quantity = 0.0
    from_day: date | None = None
    until_day: date | None = None


class OutletKind(StrEnum):
    """How stock leaves before it expires."""

    USE = "use"  # drills, training, ordinary issue
    SALE = "sale"
    DONATION = "donation"


class Outlet(Model):
    """Where stock goes that leaves its depots in ordinary times.

    ``per_year`` is what it takes in a year, of all its depots together (None: every depot),
    spread evenly over ``months`` (None: all twelve). A ``required`` outlet must be served; others
    may. ``recovered_share`` of the item's price comes back. A lot goes there only if
    ``least_remaining_days`` are left at the end of the period (None: as the item asks).
    """

    id: Identifier
    name: Label | None = None
    kind: OutletKind
    item_id: Identifier
    depot_ids: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    per_year: Quantity
    months: MonthsOfYear | None = None
    required: bool = False
    recovered_share: Share = 0.0
    least_remaining_days: Days | None = None
    from_day: date | None = None
    until_day: date | None = None


class Supply(Model):
    """How an item can be bought.

    It is ordered in whole packs (``pack_id`` None: single units), at most once a period, on the
    first day of its first month that is one of ``months`` (None: any), paid from that year's
    budget, and arrives ``lead_days`` later with at least ``least_life_days`` left (None: its whole
    shelf life). ``price`` is per unit (None: the item's). ``depot_ids`` None: every depot of a tier
    that may hold the item.
    """

    id: Identifier
    item_id: Identifier
    depot_ids: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    pack_id: Identifier | None = None
    price: Money | None = None
    lead_days: Days = 0.0
    least_life_days: Annotated[Days, Field(gt=0)] | None = None
    months: MonthsOfYear | None = None
    from_day: date | None = None
    until_day: date | None = None


class RefillRule(Model):
    """How one tier refills another, where tiers say that it does.

    Stock arrives ``lead_days`` after the first day of a period, with ``least_remaining_days`` left
    at the end of the period of its arrival (None: as the item asks). ``within_area``: a depot
    refills only those in its own area or an area inside it. It sends in the periods that hold one
    of ``months`` (None: all). ``cost_per_unit`` is what it takes.
    """

    from_tier: Identifier
    to_tier: Identifier
    item_ids: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    lead_days: Days = 0.0
    least_remaining_days: Days | None = None
    within_area: bool = False
    months: MonthsOfYear | None = None
    cost_per_unit: Money = 0.0


class YearBudget(Model):
    """What may be ordered in a calendar year; years that are not listed have no limit."""

    year: Annotated[int, Field(ge=1900, le=2200)]
    amount: Money


class RotationRules(Model):
    """What a plan must keep, or is held against.

    ``write_off_share_max`` is the largest value written off in a year, as a share of the value of
    the targets; ``write_off`` says whether a plan must keep it (``require``) or is judged by it
    (``report``). ``statutory``: missing the statutory part is looked at before all else
    (``first``) or forbidden (``require``).
    """

    write_off_share_max: Share = WRITE_OFF_SHARE_MAX
    write_off: Literal["report", "require"] = "report"
    statutory: Literal["first", "require"] = "first"


class RotationRequest(Model):
    """Plan over years what to issue, move, sell, replace and buy, so that little expires.

    Time is cut into ``months`` single months from ``start`` on (the first day of a month), then
    quarters, over ``years``. A lot counts in a period if it is good through its last day, and is
    written off in the period in which it expires. ``whole``: packs are bought, and units
    leave, in whole numbers, which takes a search; without it, any part of a pack may be ordered.
    """

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    kind: Literal["stock_rotation"] = "stock_rotation"
    name: Label = Label(en="Stock rotation", zh="应急物资轮换")
    start: date
    years: Annotated[int, Field(ge=1, le=30)] = 10
    months: Annotated[int, Field(ge=1, le=360)] = 12
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    depots: Annotated[tuple[Depot, ...], Field(min_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    lots: tuple[Lot, ...] = ()
    incoming: tuple[Incoming, ...] = ()
    required: tuple[RequiredStock, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    supplies: tuple[Supply, ...] = ()
    refills: tuple[RefillRule, ...] = ()
    budgets: tuple[YearBudget, ...] = ()
    rules: RotationRules = RotationRules()
    whole: bool = False
    areas: tuple[Area, ...] = ()
    currency: Annotated[str, Field(min_length=1, max_length=10)] = "CNY"
    assumptions: tuple[Assumption, ...] = ()
    backdrop: tuple[BackdropShape, ...] = ()
    source_crs: str | None = None
    illustrative: bool = False
    limits: RunLimits = RunLimits()
