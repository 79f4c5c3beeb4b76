"""Shelter siting: the question, the plan and its reasons."""

from models.answer import Answer
from models.shelters.explanation import ShelterExplanation as ShelterExplanation
from models.shelters.plan import ShelterPlan as ShelterPlan
from models.shelters.request import ShelterRequest as ShelterRequest

ShelterAnswer = Answer[ShelterPlan, ShelterExplanation]
