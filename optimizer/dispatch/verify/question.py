"""The request and the plan as the verifier reads them: by names, one order at a time."""

import math
from collections.abc import Sequence
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
from optimizer.travel.modes import pair_times
from optimizer.verification import at_least


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
    def travel_s(self) -> list[float]:
        """The travel time of each order (order,)."""
        modes = {one.id: k for k, one in enumerate(self.request.modes)}
        teams = [self.teams[one.team_id] for one in self.orders]
        times = pair_times(
            [one.travel for one in self.request.modes],
            np.array([modes[one.mode] for one in teams], dtype=np.intp),
            ([self.incidents[one.incident_id] for one in self.orders], teams),
            (self.request.incidents, self.request.teams),
            self.store,
        )
        found: list[float] = times.tolist()
        return found

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
            filled = needs_of(order)
            for need in dict.fromkeys(filled) if len(filled) > 1 else filled:
                found.setdefault((order.incident_id, need), []).append(order)
        return found

    @cached_property
    def missing(self) -> dict[str, list[float]]:
        """What each need of each incident still misses, in its own measure."""
        return {
            name: [
                self._missing(need, self.fillers.get((name, k), ())) for k, need in enumerate(own)
            ]
            for name, own in self.all_needs.items()
        }

    def _missing(self, need: Need, orders: Sequence[Order]) -> float:
        if isinstance(need, TeamNeed):
            return float(max(0, need.teams - len(orders)))
        brought = sum(self.teams[one.team_id].amounts.get(need.of, 0.0) for one in orders)
        return 0.0 if at_least(brought, need.amount) else need.amount - brought

    @cached_property
    def settled(self) -> set[str]:
        """The teams whose order was settled beforehand: by a pin, or by staying."""
        found = set()
        known = self.pins.keys() | self.in_force.keys()
        for order in self.orders if known else ():
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
        ways = zip(self.orders, self.travel_s, strict=True)
        return {one.team_id: self._times(one, way_s) for one, way_s in ways}

    @cached_property
    def unbound(self) -> bool:
        """Whether nothing is settled beforehand, by a pin or by an order in force."""
        return not self.pins and not self.in_force

    def needs(self, incident: Incident) -> tuple[Need, ...]:
        """Return what an incident needs."""
        return self.all_needs[incident.id]

    @cached_property
    def all_needs(self) -> dict[str, tuple[Need, ...]]:
        """What each incident needs."""
        return {name: self._needs(one) for name, one in self.incidents.items()}

    @cached_property
    def severities(self) -> dict[str, int]:
        """The severity of each incident."""
        return {name: self.severity(one) for name, one in self.incidents.items()}

    def _needs(self, incident: Incident) -> tuple[Need, ...]:
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

    @cached_property
    def latest(self) -> dict[tuple[str, int | None, tuple[int, ...], bool], float]:
        """The latest arrival on the clock that needs allow; inf without one.

        By incident, need, further needs, and whether the first of them is first due.
        """
        keys = {(o.incident_id, o.need, o.extra_needs, o.first_due) for o in self.orders}
        return {key: self._latest(*key) for key in keys}

    def _latest(self, name: str, need: int | None, extra: tuple[int, ...], first: bool) -> float:
        incident, needs = self.incidents[name], self.all_needs[name]
        ends = [math.inf]
        for n, k in enumerate(() if need is None else (need, *extra)):
            if k < len(needs):
                ends.append(self.deadline(incident, needs[k], first=first and n == 0))
        return min(ends)

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
        skill = need.skill
        if skill and self.turns_out(team, team.skills.get(skill, 0)) < need.min_skilled:
            return False
        if need.min_people and self.turns_out(team, team.people) < need.min_people:
            return False
        wanted = need.vehicles
        return not wanted or all(team.vehicles.get(k, 0) >= n for k, n in wanted.items())

    def stays(self, team: Team) -> bool:
        """Return whether a team goes on to (or stays at) its incident, unless it is pinned."""
        order = self.in_force.get(team.id) if self.in_force else None
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

    def _times(self, order: Order, way_s: float) -> tuple[float, float]:
        team, now = self.teams[order.team_id], self.request.now_s
        going = self.in_force.get(order.team_id) if self.in_force else None
        same = going is not None and going.incident_id == order.incident_id
        if same and team.status is TeamStatus.EN_ROUTE:
            return now, now + (math.inf if team.free_in_s is None else team.free_in_s)
        if same and team.status is TeamStatus.ON_SCENE:
            return now, now
        leave = now + self._until_leaving(team)
        return leave, leave + way_s

    def _until_leaving(self, team: Team) -> float:
        turnout = team.turnout_s
        if team.owner is not None and team.owner in self.owners:
            turnout += self.owners[team.owner].release_delay_s
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
