"""Stock rotation: the question, the plan over years and its reasons."""

from models.answer import Answer
from models.rotation.explanation import RotationExplanation as RotationExplanation
from models.rotation.plan import RotationPlan as RotationPlan
from models.rotation.request import RotationRequest as RotationRequest


class RotationAnswer(Answer[RotationPlan, RotationExplanation]):
    """What to issue, move, buy and write off, and when: proven, checked and explained."""
