"""Why a shelter plan is as it is."""

from models.base import Model
from models.quantities import Identifier, Money, People, Share
from models.run import Status
from models.shelters.plan import Reason
from models.text import Text


class UnmetByReason(Model):
    """People without a place for one reason, expected over the scenarios."""

    reason: Reason
    people: People
    block_ids: tuple[Identifier, ...]


class SiteWorth(Model):
    """What one open site is worth: expected people who lose their place where it is closed.

    All other sites stay as they are, and everybody is assigned anew by walk, access and space
    alone: no other rule is held. ``replacement`` is the
    closed site that makes up most for it, ``replacement_loss`` what is still lost then, and
    ``saved`` the cost of opening it.
    """

    site_id: Identifier
    loses: People
    replacement: Identifier | None = None
    replacement_loss: People | None = None
    saved: Money = 0.0


class Binding(Model):
    """A rule the plan meets without room to spare."""

    path: str
    rule: Text
    used: float
    limit: float


class StageWorth(Model):
    """Expected people without a place once a stage is done, by walk, access and space alone."""

    stage_id: Identifier
    unmet: People


class PricedAim(Model):
    """What one objective is worth in the plan, and in one found without asking for fairness."""

    kind: str
    value: float
    without: float


class FairnessPrice(Model):
    """The price of fairness: what is given up for it, objective by objective.

    The other plan keeps the same request but for its aims of the largest share and its floors of
    served people; ``proven`` says whether it is the best such plan. ``least_served`` is the least
    share with a place of any block or area compared, in any scenario. Bertsimas, D., Farias, V. F.
    and Trichakis, N. (2011). The price of fairness. Operations Research 59(1).
    https://doi.org/10.1287/opre.1100.0865
    """

    aims: tuple[PricedAim, ...]
    least_served: Share
    least_served_without: Share
    level: Identifier
    proven: bool


class ShelterExplanation(Model):
    """The reasons; parts the time did not allow are empty and named in ``left_out``."""

    unmet: tuple[UnmetByReason, ...] = ()
    worth: tuple[SiteWorth, ...] = ()
    worst_loss: Identifier | None = None
    stages: tuple[StageWorth, ...] = ()
    fairness: FairnessPrice | None = None
    binding: tuple[Binding, ...] = ()
    first_level: Status | None = None
    left_out: tuple[Text, ...] = ()
