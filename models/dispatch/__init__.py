"""Team dispatch: its request, its plan, its answer."""

from models.dispatch.answer import DispatchAnswer, Quality
from models.dispatch.explanation import (
    Candidate,
    DispatchExplanation,
    OrderChange,
    Reason,
    RunnerUp,
    Shortage,
    UnservedReason,
)
from models.dispatch.incidents import (
    RANKS,
    AmountNeed,
    Incident,
    Need,
    ResponseLevel,
    ResponsePlan,
    TeamNeed,
)
from models.dispatch.plan import Command, DispatchPlan, Order, ReserveLevel, UnservedNeed
from models.dispatch.policy import ForbiddenPair, Pin, Policy, ReserveRule, Stability, Tier
from models.dispatch.request import CurrentOrder, DispatchRequest, TravelMode
from models.dispatch.teams import Owner, Team, TeamStatus

__all__ = [
    "RANKS",
    "AmountNeed",
    "Candidate",
    "Command",
    "CurrentOrder",
    "DispatchAnswer",
    "DispatchExplanation",
    "DispatchPlan",
    "DispatchRequest",
    "ForbiddenPair",
    "Incident",
    "Need",
    "Order",
    "OrderChange",
    "Owner",
    "Pin",
    "Policy",
    "Quality",
    "Reason",
    "ReserveLevel",
    "ReserveRule",
    "ResponseLevel",
    "ResponsePlan",
    "RunnerUp",
    "Shortage",
    "Stability",
    "Team",
    "TeamNeed",
    "TeamStatus",
    "Tier",
    "TravelMode",
    "UnservedNeed",
    "UnservedReason",
]
