"""Shelter siting: the question, the plan and its reasons."""

from models.answer import Answer
from models.shelters.explanation import ShelterExplanation as ShelterExplanation
from models.shelters.plan import ShelterPlan as ShelterPlan
from models.shelters.request import ShelterRequest as ShelterRequest


class ShelterAnswer(Answer[ShelterPlan, ShelterExplanation]):
    """Which places are shelters and who goes where, proven, checked and explained."""
