"""The answer to a dispatch request."""

from typing import Literal

from models.answer import Answer
from models.base import Model
from models.dispatch.explanation import DispatchExplanation
from models.dispatch.plan import DispatchPlan
from models.geometry import LineString
from models.quantities import Count, Identifier

Quality = Literal["proven", "improving", "greedy"]


class OrderRoute(Model):
    """The way that the team of an order drives, where it goes by a road network."""

    team_id: Identifier
    incident_id: Identifier
    line: LineString


class DispatchAnswer(Answer[DispatchPlan, DispatchExplanation]):
    """A verified plan and how good it is known to be.

    ``quality``: ``proven`` where no plan serves more severity, ``improving`` where better than
    the first plan but without that proof, ``greedy`` otherwise. ``rounds`` is the work done: with
    the request and the seed it brings the same plan again. ``routes`` are left out where too
    little of the deadline is left to find them.
    """

    quality: Quality
    rounds: Count = 0
    routes: tuple[OrderRoute, ...] = ()
