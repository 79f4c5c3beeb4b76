"""Facilities of any kind: where to put them so that they cover, or are near, what needs them."""

from models.answer import Answer
from models.facilities.explanation import FacilityExplanation as FacilityExplanation
from models.facilities.front import FacilityFront as FacilityFront
from models.facilities.plan import FacilityPlan as FacilityPlan
from models.facilities.request import FacilityRequest as FacilityRequest


class FacilityAnswer(Answer[FacilityPlan, FacilityExplanation]):
    """Which sites get a facility and whom each serves, proven, checked and explained.

    ``front`` is there where the request asks for it; each of its points is checked too.
    """

    front: FacilityFront | None = None
