"""Fire-station siting: the question, the plan and its reasons."""

from models.answer import Answer
from models.fire_stations.explanation import FireStationExplanation as FireStationExplanation
from models.fire_stations.plan import FireStationPlan as FireStationPlan
from models.fire_stations.request import FireStationRequest as FireStationRequest


class FireStationAnswer(Answer[FireStationPlan, FireStationExplanation]):
    """Where stations go, proven, checked and explained."""
