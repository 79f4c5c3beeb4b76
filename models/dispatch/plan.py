"""The orders of a plan, and what they leave open."""

from typing import Literal

from models.base import Model
from models.quantities import Count, Identifier, Seconds


class Order(Model):
    """One team's order: whom, where, for which need, when.

    ``need`` is the place of the need in the incident's list, from 0; None for a pinned team that
    fills none. ``first_due`` marks the team that must arrive by the first deadline. ``fixed``:
    it was settled beforehand, by a pin or because it is there or nearly so. Who writes orders by
    hand to have them evaluated names team, incident and perhaps need.
    """

    team_id: Identifier
    incident_id: Identifier
    need: Count | None = None
    first_due: bool = False
    leave_s: Seconds = 0.0
    arrive_s: Seconds = 0.0
    fixed: Literal["pin", "frozen", "on_scene"] | None = None
    extra_needs: tuple[Count, ...] = ()


class UnservedNeed(Model):
    """A need that stays open: teams or an amount ``short`` of what was asked."""

    incident_id: Identifier
    need: Count
    asked: float
    short: float


class ReserveLevel(Model):
    """One reserve rule: free teams before and after the orders, and how many are wanted."""

    rule: Count
    before: Count
    after: Count
    wanted: Count
    shortfall: Count


class Command(Model):
    """Who commands at an incident of several teams, as far as spans are said.

    It is the team of the largest span, of equals the first of the request. ``over`` of the ``led``
    teams are more than its ``span``. That is told and not forbidden: another commander may come.
    """

    incident_id: Identifier
    team_id: Identifier
    led: Count
    span: Count
    over: Count


class DispatchPlan(Model):
    """Orders by team, open needs, and the figures of the levels.

    ``severity_served`` of ``severity_total``: an incident counts its severity when all its needs
    are met; a partial one the share of its needs that is met. ``response`` is the sum over orders
    of severity x seconds until arrival (surcharges included) plus the cost of ``diversions``.
    """

    orders: tuple[Order, ...]
    unserved: tuple[UnservedNeed, ...] = ()
    reserve: tuple[ReserveLevel, ...] = ()
    served_incidents: tuple[Identifier, ...] = ()
    severity_served: float = 0.0
    severity_total: float = 0.0
    reserve_shortfall: Count = 0
    response: float = 0.0
    diversions: Count = 0
    commands: tuple[Command, ...] = ()
