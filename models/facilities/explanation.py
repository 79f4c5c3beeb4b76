"""Why a plan of facilities is as it is."""

from models.base import Model
from models.facilities.plan import Reason
from models.quantities import Count, Identifier, Weight
from models.run import Status
from models.text import Text


class Contribution(Model):
    """What one facility adds: what the goal loses where it alone is missing.

    For the covering goals that is weight no longer served; for the p-median, weight times the
    way; for the p-center, the longest way; for the least cost, what ways cost more, less what
    building it costs. None: without it not every point can be reached.
    ``replacement`` is the site not built that makes up most for it.
    """

    site_id: Identifier
    loses: float | None
    replacement: Identifier | None = None
    replacement_loses: float | None = None


class UnservedByReason(Model):
    """What is not served for one reason; the heaviest points are named."""

    reason: Reason
    points: Count
    weight: Weight
    point_ids: tuple[Identifier, ...]


class Alternative(Model):
    """The best plan with another number of new facilities, as far as the time allowed.

    ``served`` is the weight it serves. ``objective`` and ``bound`` are the goal's; of a set cover
    with fewer facilities there is none, for not all can be served.
    """

    number: Count
    status: Status
    objective: float | None = None
    bound: float | None = None
    served: Weight | None = None
    site_ids: tuple[Identifier, ...] = ()


class FacilityExplanation(Model):
    """The reasons; parts the time did not allow are missing and named in ``left_out``."""

    contributions: tuple[Contribution, ...] = ()
    unserved: tuple[UnservedByReason, ...] = ()
    one_more: Alternative | None = None
    one_fewer: Alternative | None = None
    left_out: tuple[Text, ...] = ()
