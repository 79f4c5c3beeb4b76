"""What may happen, and by when help must be there."""

from typing import Annotated

from pydantic import Field

from models.base import Model
from models.quantities import Days, Identifier, Seconds, Share, Weight
from models.text import Label

DEADLINE_S = 10_800.0  # Pingshan 14th Five-Year plan, target 21: first relief within 3 hours

Slower = Annotated[float, Field(ge=1, description="times as long as usual")]


class Band(Model):
    """A band of time, from the end of the one before to ``end_s`` after the alarm.

    By its end people must have what they need once (from ``Need.from_s`` on) and, of what they
    need daily, enough for ``supply_days`` days since the alarm. ``weight`` is what a unit of
    weighted need still missing at its end counts (its deprivation cost).
    """

    id: Identifier
    end_s: Annotated[Seconds, Field(gt=0)]
    supply_days: Days = 1.0
    weight: Annotated[float, Field(ge=0)] = 1.0


THREE_HOURS = (Band(id="3h", end_s=DEADLINE_S),)


class StockScenario(Model):
    """One thing that may happen.

    ``weight`` is its probability in relation to the others of its list. Of the people of each block
    the share ``affected`` needs supplies, for ``duration_days``; ``counts`` are other drivers of
    need by block. ``surviving_share`` names depots, contracts and blocks (their kits) of whose
    stock a part is lost. Ways take ``slower`` times as long, or as the larger factor of the areas
    at their ends (``slower_by_area``, which their sub-areas inherit); ways into and out of
    ``cut_off`` areas are closed. ``travel_scenario`` names the state of the roads (None: the
    first). ``kind`` is the hazard; ``stratum`` the part of the sample it was drawn in, for
    confidence intervals.
    """

    id: Identifier
    name: Label | None = None
    kind: Identifier | None = None
    stratum: Identifier | None = None
    weight: Annotated[float, Field(gt=0)] = 1.0
    affected: dict[Identifier, Share] = Field(default_factory=dict)
    counts: dict[Identifier, dict[Identifier, Weight]] = Field(default_factory=dict)
    duration_days: Days = 3.0
    surviving_share: dict[Identifier, Share] = Field(default_factory=dict)
    travel_scenario: Identifier | None = None
    slower: Slower = 1.0
    slower_by_area: dict[Identifier, Slower] = Field(default_factory=dict)
    cut_off: tuple[Identifier, ...] = ()
