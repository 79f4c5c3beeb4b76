"""The question of stockpile placement: who holds what, how much, where."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from models.answer import Assumption
from models.backdrop import BackdropShape
from models.base import SCHEMA_VERSION, Model
from models.places import Area
from models.quantities import Identifier, Seconds, Share
from models.run import RunLimits
from models.stockpiles.items import Item
from models.stockpiles.lots import Lot
from models.stockpiles.nodes import Contract, Depot, HouseholdStock, StockBlock
from models.stockpiles.objectives import DEFAULT_ORDER, Combination, StockObjective
from models.stockpiles.rules import StockRules
from models.stockpiles.scenarios import DEADLINE_S, THREE_HOURS, Band, StockScenario
from models.stockpiles.studies import Studies
from models.stockpiles.tiers import Tier
from models.text import Label
from models.travel import ByCoordinates, Travel

HOLDING_RATE = 0.05


class StockRequest(Model):
    """Decide what each tier holds, so that people get help in time whatever happens.

    The plan is made for ``scenarios`` and judged by ``held_out``, which it never sees.
    ``holding_rate`` is what keeping stock costs a year, as a share of its price;
    ``recovered_share`` is the part of its price that stock brings back when it is sold or used
    before it expires. ``deadline_s`` is when cover is measured. Lots count as far as they are sure
    and have not expired by ``as_of`` (None: none has expired). ``residents`` names the groups that
    minimums count per head; None: all. ``method`` says how the program is solved: whole
    (``extensive``), by scenario (``l_shaped``), or as the size suggests. ``studies`` says what is
    to be found out besides.
    """

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    kind: Literal["stockpiles"] = "stockpiles"
    name: Label = Label(en="Stockpile placement", zh="应急物资储备布局")
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    depots: tuple[Depot, ...] = ()
    blocks: Annotated[tuple[StockBlock, ...], Field(min_length=1)]
    households: HouseholdStock | None = None
    contracts: tuple[Contract, ...] = ()
    lots: tuple[Lot, ...] = ()
    scenarios: Annotated[tuple[StockScenario, ...], Field(min_length=1)]
    held_out: tuple[StockScenario, ...] = ()
    bands: Annotated[tuple[Band, ...], Field(min_length=1, max_length=12)] = THREE_HOURS
    deadline_s: Annotated[Seconds, Field(gt=0)] = DEADLINE_S
    travel: Travel = ByCoordinates()
    rules: StockRules = StockRules()
    objectives: Annotated[tuple[StockObjective, ...], Field(min_length=1, max_length=10)] = (
        DEFAULT_ORDER
    )
    combination: Combination = Combination.LEXICOGRAPHIC
    method: Literal["auto", "extensive", "l_shaped"] = "auto"
    studies: Studies = Studies()
    areas: tuple[Area, ...] = ()
    residents: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    holding_rate: Share = HOLDING_RATE
    recovered_share: Share = 0.0
    as_of: date | None = None
    currency: Annotated[str, Field(min_length=1, max_length=10)] = "CNY"
    assumptions: tuple[Assumption, ...] = ()
    backdrop: tuple[BackdropShape, ...] = ()
    source_crs: str | None = None
    illustrative: bool = False
    limits: RunLimits = RunLimits()

    @property
    def sources(self) -> tuple[Depot | Contract, ...]:
        """Who can send: depots, then contracts."""
        return (*self.depots, *self.contracts)
