"""How the dispatcher wants to work: tiers, reserve, calm, and what is settled beforehand."""

from typing import Annotated

from pydantic import Field

from models.base import Model
from models.dispatch.incidents import ResponseLevel
from models.quantities import Headcount, Identifier, Seconds
from models.text import Label

_SEVERITIES = {
    ResponseLevel.IV: 1,
    ResponseLevel.III: 2,
    ResponseLevel.II: 4,
    ResponseLevel.I: 8,
}


class Tier(Model):
    """A circle of teams (local, sub-district, district, mutual aid, surge).

    Its teams go to incidents of level ``opens_at`` and above. ``surcharge_s`` counts against
    each of its arrivals, so that nearer circles go first where times are alike.
    """

    id: Identifier
    name: Label | None = None
    opens_at: ResponseLevel = ResponseLevel.IV
    surcharge_s: Seconds = 0.0


class ReserveRule(Model):
    """How many free teams stay behind: of a zone, with a skill, or both.

    ``hard``: no order may draw the reserve below ``teams``, however few there are to begin with;
    otherwise the shortfall is kept small after severity.
    """

    zone: Identifier | None = None
    skill: Identifier | None = None
    teams: Headcount
    hard: bool = False


class Stability(Model):
    """What it costs to divert a team under way, and when it is too late to.

    ``diversion_cost`` is in severity x seconds: by default what keeps diversions on a simulated
    typhoon day below three in a hundred new incidents. A team that arrives within ``freeze_s``
    goes on.
    """

    diversion_cost: Annotated[float, Field(ge=0)] = 2400.0
    freeze_s: Seconds = 0.0


class Pin(Model):
    """A team that goes to an incident whatever the rules say; ``by`` whose word, and why.

    ``need`` is the place of the need it fills in the incident's list, from 0; None: one that it
    can fill.
    """

    team_id: Identifier
    incident_id: Identifier
    need: Annotated[int, Field(ge=0)] | None = None
    by: str | None = None
    reason: Label | None = None


class ForbiddenPair(Model):
    """A team that does not go to an incident."""

    team_id: Identifier
    incident_id: Identifier
    reason: Label | None = None


class Policy(Model):
    """Tiers, reserve, stability, pins, forbidden pairs, and the severity of each level."""

    tiers: tuple[Tier, ...] = ()
    reserve: tuple[ReserveRule, ...] = ()
    stability: Stability = Stability()
    pinned: tuple[Pin, ...] = ()
    forbidden: tuple[ForbiddenPair, ...] = ()
    severities: dict[ResponseLevel, Annotated[int, Field(ge=1, le=10_000)]] = Field(
        default_factory=lambda: dict(_SEVERITIES)
    )
    stale_after_s: Seconds = 600.0
    same_within_m: Annotated[float, Field(ge=0)] = 200.0
    same_within_s: Seconds = 1800.0
