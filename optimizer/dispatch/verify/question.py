"""The request and the plan as the verifier reads them: by names, one order at a time."""

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from models.dispatch import (
    RANKS,
    CurrentOrder,
    DispatchPlan,
    DispatchRequest,
    Incident,
    Need,
    Order,
    Owner,
    Pin,
    ResponsePlan,
    Team,
    TeamNeed,
    TeamStatus,
    Tier,
)
from optimizer.datasets import Store
from optimizer.travel.modes import mode_times


def needs_of(order: Order) -> tuple[int, ...]:
    """Return the places of the needs that an order fills, in its incident's list."""
    return () if order.need is None else (order.need, *order.extra_needs)


@dataclass(frozen=True)
class Question:
    """What a plan is held against."""

    request: DispatchRequest
    plan: DispatchPlan
    store: Store | None = None

    @cached_property
    def teams(self) -> dict[str, Team]:
        """Teams by id."""
        return {one.id: one for one in self.request.teams}

    @cached_property
    def incidents(self) -> dict[str, Incident]:
        """Incidents by id."""
        return {one.id: one for one in self.request.incidents}

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """The plan's orders of teams and incidents that there are, each team's first."""
        first: dict[str, Order] = {}
        for one in self.plan.orders:
            if one.team_id in self.teams and one.incident_id in self.incidents:
                first.setdefault(one.team_id, one)
        return tuple(first.values())

    @cached_property
    def by_incident(self) -> dict[str, list[Order]]:
        """The orders of each incident."""
        found: dict[str, list[Order]] = {one: [] for one in self.incidents}
        for order in self.orders:
            found[order.incident_id].append(order)
        return found

    @cached_property
    def in_force(self) -> dict[str, CurrentOrder]:
        """The order in force of each team."""
        return {one.team_id: one for one in self.request.orders}

    @cached_property
    def pins(self) -> dict[str, Pin]:
        """The pin of each team."""
        return {one.team_id: one for one in self.request.policy.pinned}

    @cached_property
    def owners(self) -> dict[str, Owner]:
        """Owners by id."""
        return {one.id: one for one in self.request.owners}

    @cached_property
    def tiers(self) -> dict[str, Tier]:
        """Tiers by id."""
        return {one.id: one for one in self.request.policy.tiers}

    @cached_property
    def forbidden(self) -> set[tuple[str, str]]:
        """Pairs (team, incident) that are forbidden."""
        return {(one.team_id, one.incident_id) for one in self.request.policy.forbidden}

    @cached_property
    def travel_s(self) -> dict[tuple[str, str], float]:
        """The travel time of each order (team, incident)."""
        modes = {one.id: k for k, one in enumerate(self.request.modes)}
        times = mode_times(
            [one.travel for one in self.request.modes],
            np.array([modes[one.mode] for one in self.request.teams], dtype=np.intp),
            self.request.incidents,
            self.request.teams,
            self.store,
        )
        row = {one.id: i for i, one in enumerate(self.request.incidents)}
        column = {one.id: t for t, one in enumerate(self.request.teams)}
        return {
            (one.team_id, one.incident_id): float(times[row[one.incident_id], column[one.team_id]])
            for one in self.orders
        }

    def rank(self, incident: Incident) -> int:
        """Return how high an incident is answered: its own level, or one above it."""
        rank, seen = RANKS[incident.level], {incident.id}
        above = incident.parent
        while above is not None and above in self.incidents and above not in seen:
            seen.add(above)
            rank = max(rank, RANKS[self.incidents[above].level])
            above = self.incidents[above].parent
        return rank

    def response_plan(self, incident: Incident) -> ResponsePlan | None:
        """Return the response plan of an incident: of its level, else of any."""
        own = [p for p in self.request.response_plans if p.incident_kind == incident.kind]
        rank = self.rank(incident)
        exact = [p for p in own if p.level is not None and RANKS[p.level] == rank]
        general = [p for p in own if p.level is None]
        return next(iter([*exact, *general]), None)

    @cached_property
    def fillers(self) -> dict[tuple[str, int], list[Order]]:
        """The orders that fill each need of an incident (its id, the need's place)."""
        found: dict[tuple[str, int], list[Order]] = {}
        for order in self.orders:
            for need in dict.fromkeys(needs_of(order)):
                found.setdefault((order.incident_id, need), []).append(order)
        return found

    @cached_property
    def settled(self) -> set[str]:
        """The teams whose order was settled beforehand: by a pin, or by staying."""
        found = set()
        for order in self.orders:
            team = self.teams[order.team_id]
            pin = self.pins.get(team.id)
            if pin is not None:
                kept = pin.incident_id == order.incident_id
            else:
                kept = self.stays(team) and (
                    self.in_force[team.id].incident_id == order.incident_id
                )
            if kept:
                found.add(team.id)
        return found

    @cached_property
    def moments(self) -> dict[str, tuple[float, float]]:
        """When the team of each order leaves and arrives, on the clock; inf if never."""
        return {one.team_id: self._times(one) for one in self.orders}

    def needs(self, incident: Incident) -> tuple[Need, ...]:
        """Return what an incident needs."""
        if incident.needs is not None:
            return incident.needs
        plan = self.response_plan(incident)
        return () if plan is None else plan.needs

    def severity(self, incident: Incident) -> int:
        """Return an incident's severity."""
        if incident.severity is not None:
            return incident.severity
        rank = self.rank(incident)
        levels = self.request.policy.severities.items()
        return next((value for level, value in levels if RANKS[level] == rank), 1)

    def deadline(self, incident: Incident, need: Need, *, first: bool) -> float:
        """Return the latest arrival on the clock for a need; inf without a deadline."""
        full = need.within_s if need.within_s is not None else incident.full_within_s
        if full is None:
            plan = self.response_plan(incident)
            full = None if plan is None else plan.full_within_s
        within = math.inf if full is None else full
        if first:
            early = incident.first_within_s
            if early is None:
                plan = self.response_plan(incident)
                early = None if plan is None else plan.first_within_s
            within = min(within, math.inf if early is None else early)
        return incident.reported_s + within

    def turns_out(self, team: Team, count: int) -> int:
        """Return ``floor(share * count)``, exactly as the share is written."""
        share = team.turnout_share
        return count if share == 1.0 else math.floor(Decimal(repr(share)) * count)

    def fits(self, team: Team, need: Need) -> bool:
        """Return whether a team can do what a need asks of one team."""
        if not isinstance(need, TeamNeed):
            return team.amounts.get(need.of, 0.0) > 0.0
        skilled = need.skill is None or (
            self.turns_out(team, team.skills.get(need.skill, 0)) >= need.min_skilled
        )
        people = self.turns_out(team, team.people) >= need.min_people
        vehicles = all(team.vehicles.get(k, 0) >= n for k, n in need.vehicles.items())
        return skilled and people and vehicles

    def stays(self, team: Team) -> bool:
        """Return whether a team goes on to (or stays at) its incident, unless it is pinned."""
        order = self.in_force.get(team.id)
        if order is None or order.incident_id not in self.incidents:
            return False
        if team.status is TeamStatus.ON_SCENE:
            return True
        freeze = self.request.policy.stability.freeze_s
        return team.status is TeamStatus.EN_ROUTE and (team.free_in_s or 0.0) <= freeze

    def fixed(self, team: Team) -> str | None:
        """Return what settles a team's order beforehand."""
        if team.id in self.pins:
            return "pin"
        if not self.stays(team):
            return None
        return "on_scene" if team.status is TeamStatus.ON_SCENE else "frozen"

    def _times(self, order: Order) -> tuple[float, float]:
        team, now = self.teams[order.team_id], self.request.now_s
        going = self.in_force.get(team.id)
        same = going is not None and going.incident_id == order.incident_id
        if same and team.status is TeamStatus.EN_ROUTE:
            return now, now + (math.inf if team.free_in_s is None else team.free_in_s)
        if same and team.status is TeamStatus.ON_SCENE:
            return now, now
        leave = now + self._until_leaving(team)
        return leave, leave + self.travel_s[order.team_id, order.incident_id]

    def _until_leaving(self, team: Team) -> float:
        owner = self.owners.get(team.owner or "")
        turnout = team.turnout_s + (0.0 if owner is None else owner.release_delay_s)
        if team.status is TeamStatus.READY:
            return turnout
        left = math.inf if team.free_in_s is None else team.free_in_s
        if team.id in self.pins:
            left = 0.0
        return {
            TeamStatus.EN_ROUTE: 0.0,
            TeamStatus.ON_SCENE: left,
            TeamStatus.RESTING: left + turnout,
            TeamStatus.LOST: math.inf,
        }[team.status]
