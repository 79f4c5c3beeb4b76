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
from optimizer.dispatch.verify.columns import BoolArray, Columns, FloatArray, IntArray, Wants
from optimizer.travel.modes import pair_times
from optimizer.verification import at_least

READY = TeamStatus.READY


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
    def columns(self) -> Columns:
        """The orders as arrays."""
        places = (
            {name: t for t, name in enumerate(self.teams)},
            {name: i for i, name in enumerate(self.incidents)},
        )
        return Columns.of(self.orders, places, list(self.teams.values()), self.wants)

    @cached_property
    def wants(self) -> Wants:
        """The needs of all incidents as arrays."""
        incidents = list(self.incidents.values())
        plans = [self.response_plan(one) for one in incidents]
        return Wants.of(incidents, list(self.all_needs.values()), plans)

    @cached_property
    def travel_s(self) -> FloatArray:
        """The travel time of each order (order,)."""
        modes = {one.id: k for k, one in enumerate(self.request.modes)}
        teams = self.columns.teams
        return pair_times(
            [one.travel for one in self.request.modes],
            np.array([modes[one.mode] for one in teams], dtype=np.intp),
            ([self.incidents[one.incident_id] for one in self.orders], teams),
            (self.request.incidents, self.request.teams),
            self.store,
        )

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
    def filling(self) -> IntArray:
        """How many teams fill each need (want,)."""
        columns, wants = self.columns, self.wants
        count = np.bincount(columns.want[columns.plain], minlength=len(wants.needs))
        for _, want in self._further:
            count[want] += 1
        return count

    @cached_property
    def _further(self) -> list[tuple[int, int]]:
        """The needs that orders of several fill, each once: (order, want)."""
        columns, begin = self.columns, self.wants.begin
        found = []
        for n in np.flatnonzero(~columns.plain).tolist():
            first, end = begin[columns.incident[n]], begin[columns.incident[n] + 1]
            needs = dict.fromkeys(needs_of(self.orders[n]))
            found += [(n, first + k) for k in needs if first + k < end]
        return found

    @cached_property
    def missing(self) -> FloatArray:
        """What each need still misses (want,), in its own measure."""
        wants = self.wants
        short: FloatArray = np.maximum(wants.teams - self.filling, 0).astype(np.float64)
        amounts = np.flatnonzero(wants.teams == 0).tolist()
        if amounts:
            brought = self._brought
            for want in amounts:
                need = wants.needs[want]
                assert not isinstance(need, TeamNeed)
                had = brought.get(want, 0.0)
                short[want] = 0.0 if at_least(had, need.amount) else need.amount - had
        return short

    @cached_property
    def _brought(self) -> dict[int, float]:
        """What orders bring to each need for an amount (want)."""
        columns, found = self.columns, dict[int, float]()
        plain = np.flatnonzero(columns.plain)
        pairs = zip(plain.tolist(), columns.want[plain].tolist(), strict=True)
        for n, want in (*pairs, *self._further):
            need = self.wants.needs[want]
            if not isinstance(need, TeamNeed):
                found[want] = found.get(want, 0.0) + columns.teams[n].amounts.get(need.of, 0.0)
        return found

    def fillers(self, want: int) -> list[Order]:
        """Return the orders that fill a need (want)."""
        columns = self.columns
        plain = np.flatnonzero(columns.plain & (columns.want == want)).tolist()
        return [self.orders[n] for n in (*plain, *(n for n, k in self._further if k == want))]

    @cached_property
    def lacking(self) -> BoolArray:
        """Which incidents miss something (incident,)."""
        wants = self.wants
        open_wants = np.bincount(wants.incident[self.missing > 0.0], minlength=len(self.incidents))
        return open_wants > 0

    @cached_property
    def settled(self) -> BoolArray:
        """Which orders were settled beforehand (order,): by a pin, or by staying."""
        found = np.zeros(len(self.orders), dtype=np.bool_)
        known = self.pins.keys() | self.in_force.keys()
        for n, order in enumerate(self.orders if known else ()):
            if order.team_id not in known:
                continue
            team, pin = self.columns.teams[n], self.pins.get(order.team_id)
            if pin is not None:
                found[n] = pin.incident_id == order.incident_id
            else:
                there = self.in_force[team.id].incident_id == order.incident_id
                found[n] = there and self.stays(team)
        return found

    @cached_property
    def moments(self) -> tuple[FloatArray, FloatArray]:
        """When the team of each order leaves and arrives (order,), on the clock; inf if never."""
        columns, now_s = self.columns, self.request.now_s
        leave = now_s + columns.turnout_s
        arrive = leave + self.travel_s
        for n, team in enumerate(columns.teams):
            if team.status is not READY or team.owner is not None:
                leave[n], arrive[n] = self._times(self.orders[n], float(self.travel_s[n]))
        return leave, arrive

    @cached_property
    def sent(self) -> BoolArray:
        """Which teams have an order (team,)."""
        sent = np.zeros(len(self.teams), dtype=np.bool_)
        sent[self.columns.team] = True
        return sent

    @cached_property
    def members(self) -> BoolArray:
        """Which ready teams count for which reserve rule (rule, team)."""
        teams, rules = list(self.teams.values()), self.request.policy.reserve
        found = np.zeros((len(rules), len(teams)), dtype=np.bool_)
        ready = [t for t, one in enumerate(teams if rules else ()) if one.status is READY]
        in_zone: dict[str | None, list[int]] = {None: ready}
        for t in ready:
            if teams[t].zone is not None:
                in_zone.setdefault(teams[t].zone, []).append(t)
        for own, rule in zip(found, rules, strict=True):
            there = in_zone.get(rule.zone, [])
            if rule.skill is not None:
                there = [t for t in there if teams[t].skills.get(rule.skill, 0) > 0]
            own[there] = True
        return found

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
    def latest(self) -> FloatArray:
        """The latest arrival on the clock that its needs allow each order (order,); inf without."""
        columns, wants = self.columns, self.wants
        if not wants.needs:
            return np.full(len(self.orders), np.inf)
        within = wants.within_s[columns.want]
        first = np.minimum(within, wants.first_within_s[columns.incident])
        within = np.where(columns.first_due, first, within)
        latest: FloatArray = wants.reported_s[columns.incident] + within
        for n in np.flatnonzero(~columns.plain).tolist():
            latest[n] = self._latest(self.orders[n])
        return latest

    def _latest(self, order: Order) -> float:
        incident, needs = self.incidents[order.incident_id], self.all_needs[order.incident_id]
        ends = [math.inf]
        for n, k in enumerate(needs_of(order)):
            if k < len(needs):
                ends.append(self.deadline(incident, needs[k], first=order.first_due and n == 0))
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
