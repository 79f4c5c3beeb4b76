"""The day itself: what is there, what has happened, who can drive."""

from typing import Literal

from models.answer import Answer
from models.backdrop import BackdropShape
from models.base import SCHEMA_VERSION, Model
from models.dispatch.request import DispatchRequest
from models.dispatch.teams import Team
from models.places import Area
from models.quantities import Identifier
from models.run import RunLimits
from models.stockpiles.explanation import StockExplanation
from models.stockpiles.plan import StockPlan
from models.stockpiles.request import StockRequest
from models.stockpiles.rules import StockRules
from models.stockpiles.scenarios import StockScenario
from models.stockpiles.studies import Studies
from models.text import Label

LOAD = "load_kg"  # what a vehicle carries, among the amounts of a team


class StockDayRequest(Model):
    """How much of what goes from where to where, in which band, now that it has happened.

    ``stockpiles`` describes depots, items, blocks and ways, ``today`` the real situation. ``plan``
    says what is held, agreed and given to households; None: the lots of the request as far as they
    are sure, and the kits that people have. ``vehicles`` are teams whose ``amounts`` count
    ``load_kg``: the answer then carries the request to team dispatch that sends them, and the
    vehicles that depots have for planning do not count.
    """

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    kind: Literal["stockpile_day"] = "stockpile_day"
    name: Label = Label(en="Supplies today", zh="当日物资调运")
    stockpiles: StockRequest
    today: StockScenario
    plan: StockPlan | None = None
    vehicles: tuple[Team, ...] = ()
    carried_tiers: tuple[Identifier, ...] | None = None
    limits: RunLimits = RunLimits(time_limit_s=10.0)

    @property
    def asked(self) -> StockRequest:
        """The stockpile request with the day as its one scenario, and no rules on what is held."""
        depots = self.stockpiles.depots
        if self.vehicles:
            depots = tuple(one.model_copy(update={"vehicles": None}) for one in depots)
        return self.stockpiles.model_copy(
            update={
                "name": self.name,
                "depots": depots,
                "scenarios": (self.today,),
                "held_out": (),
                "rules": StockRules(),
                "studies": Studies(),
                "limits": self.limits,
            }
        )

    @property
    def carried_sources(self) -> tuple[bool, ...]:
        """Whether the stock of each source goes by vehicle."""
        tiers = self.carried_tiers
        every = self.stockpiles.sources
        return tuple(bool(self.vehicles) and (tiers is None or one.tier in tiers) for one in every)

    @property
    def areas(self) -> tuple[Area, ...]:
        """The areas of the stockpile request."""
        return self.stockpiles.areas

    @property
    def backdrop(self) -> tuple[BackdropShape, ...]:
        """What its map shows beneath."""
        return self.stockpiles.backdrop

    @property
    def source_crs(self) -> str | None:
        """The system its coordinates came in."""
        return self.stockpiles.source_crs

    @property
    def illustrative(self) -> bool:
        """Whether it rests on invented data."""
        return self.stockpiles.illustrative


class StockDayAnswer(Answer[StockPlan, StockExplanation]):
    """The deliveries of the day, verified, and what is missing by name and reason.

    ``dispatch`` asks team dispatch for the vehicles: an incident is a load to be fetched at a depot
    for a block by the last moment from which it still arrives in time.
    """

    dispatch: DispatchRequest | None = None
