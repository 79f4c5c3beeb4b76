"""The answer to a dispatch request."""

from typing import Literal

from models.answer import Answer
from models.dispatch.explanation import DispatchExplanation
from models.dispatch.plan import DispatchPlan
from models.quantities import Count

Quality = Literal["proven", "improving", "greedy"]


class DispatchAnswer(Answer[DispatchPlan, DispatchExplanation]):
    """A verified plan and how good it is known to be.

    ``quality``: ``proven`` where no plan serves more severity, ``improving`` where better than
    the first plan but without that proof, ``greedy`` otherwise. ``rounds`` is the work done: with
    the request and the seed it brings the same plan again.
    """

    quality: Quality
    rounds: Count = 0
