"""A typhoon day of incidents, each new one dispatched with what is under way: who is diverted.

``python -m benchmarks.typhoon_day [DAYS] [FIRST_SEED] [COST ...]``. Calm is paid for: a bonus for
orders in force keeps teams on their way where another plan would arrive a little sooner. Places,
incidents and times are illustrative; the hours of the day follow `TYPHOON_SURGE`.
"""

import sys
from dataclasses import dataclass, field, replace

import numpy as np

from instances.generators.incidents import Dispatching, dispatching
from models.dispatch import (
    CurrentOrder,
    DispatchRequest,
    Incident,
    Policy,
    Team,
    TeamNeed,
    TeamStatus,
)
from models.dispatch.policy import Stability
from optimizer.dispatch.solve import solve
from optimizer.simulation.region import TYPHOON_SURGE

DAY_S = 86_400.0
CITY = Dispatching(200, 240, load=3.0, within_s=None, partial=True)
ON_SCENE_S = 3600.0
LOCKED = float("inf")


@dataclass(frozen=True)
class Day:
    """What a day came to; ``cost`` is severity x seconds from report to arrival, a team."""

    incidents: int
    diversions: int
    cost: float
    unserved: int  # slots that nobody ever came to

    @property
    def each(self) -> float:
        """Diversions per new incident."""
        return self.diversions / self.incidents


@dataclass(frozen=True)
class _Trip:
    """A team sent to an incident: it leaves, arrives, and is done there."""

    incident: Incident
    need: int
    leave_s: float
    arrive_s: float
    done_s: float
    begin: tuple[float, float]


@dataclass
class _City:
    """Teams where they are, and what they are sent to."""

    base: DispatchRequest
    policy: Policy
    work_s: dict[str, float]  # by incident
    at: dict[str, tuple[float, float]] = field(default_factory=dict)
    trips: dict[str, _Trip] = field(default_factory=dict)
    open: dict[str, Incident] = field(default_factory=dict)
    done: list[_Trip] = field(default_factory=list)
    kept: dict[str, list[int]] = field(default_factory=dict)  # the needs that are still asked for

    def team(self, team: Team, now_s: float) -> Team:
        """Return a team as it is now."""
        trip = self.trips.get(team.id)
        x_m, y_m = self.at[team.id]
        if trip is None:
            return team.model_copy(update={"x_m": x_m, "y_m": y_m})
        if trip.arrive_s > now_s:
            share = (now_s - trip.leave_s) / max(1e-9, trip.arrive_s - trip.leave_s)
            ends = (trip.incident.x_m or 0.0, trip.incident.y_m or 0.0)
            x_m, y_m = (a + share * (b - a) for a, b in zip(trip.begin, ends, strict=True))
            changed = {"status": TeamStatus.EN_ROUTE, "free_in_s": trip.arrive_s - now_s}
        else:
            x_m, y_m = trip.incident.x_m or 0.0, trip.incident.y_m or 0.0
            changed = {"status": TeamStatus.ON_SCENE, "free_in_s": trip.done_s - now_s}
        return team.model_copy(update={"x_m": x_m, "y_m": y_m, **changed})

    def release(self, now_s: float) -> None:
        """Let teams go that are done; an incident that everybody has left is over."""
        for name, trip in list(self.trips.items()):
            if trip.done_s <= now_s:
                self.at[name] = (trip.incident.x_m or 0.0, trip.incident.y_m or 0.0)
                self.done.append(trip)
                del self.trips[name]
        for name in list(self.open):
            if wanted(self.open[name]) <= sum(o.incident.id == name for o in self.done):
                del self.open[name]

    def request(self, now_s: float) -> DispatchRequest:
        """Return what is asked now: open incidents less what has been done, orders in force."""
        left = {name: self._left(one) for name, one in self.open.items()}
        orders = tuple(
            CurrentOrder(
                team_id=name,
                incident_id=one.incident.id,
                need=self.kept[one.incident.id].index(one.need),
            )
            for name, one in self.trips.items()
        )
        return self.base.model_copy(
            update={
                "now_s": now_s,
                "teams": tuple(self.team(one, now_s) for one in self.base.teams),
                "incidents": tuple(one for one in left.values() if one.needs),
                "orders": orders,
                "policy": self.policy,
            }
        )

    def _left(self, incident: Incident) -> Incident:
        """Return an incident without the slots whose teams have come and gone."""
        gone = [one.need for one in self.done if one.incident.id == incident.id]
        left = [
            (k, need.model_copy(update={"teams": need.teams - gone.count(k)}))
            for k, need in enumerate(incident.needs or ())
            if isinstance(need, TeamNeed) and need.teams > gone.count(k)
        ]
        self.kept[incident.id] = [k for k, _ in left]
        return incident.model_copy(update={"needs": tuple(need for _, need in left)})

    def send(self, now_s: float) -> int:
        """Dispatch anew; return how many teams under way are diverted."""
        asked = self.request(now_s)
        plan = solve(asked.model_copy(update={"deadline_ms": 60_000})).plan
        assert plan is not None
        going = {one.team_id: one for one in plan.orders}
        moved = {one.id: one for one in asked.teams}
        for name in list(self.trips):
            order = going.get(name)
            same = order is not None and order.incident_id == self.trips[name].incident.id
            if not same and self.trips[name].arrive_s > now_s:
                self.at[name] = (moved[name].x_m or 0.0, moved[name].y_m or 0.0)
                del self.trips[name]
        for name, order in going.items():
            need = self.kept[order.incident_id][order.need or 0]
            if name in self.trips:
                self.trips[name] = replace(self.trips[name], need=need)
                continue
            self.trips[name] = _Trip(
                incident=self.open[order.incident_id],
                need=need,
                leave_s=now_s,
                arrive_s=order.arrive_s,
                done_s=order.arrive_s + self.work_s[order.incident_id],
                begin=self.at[name],
            )
        return plan.diversions


def day(seed: int, diversion_cost: float) -> Day:
    """Return what a day comes to where diverting a team costs so much (`LOCKED`: never)."""
    city = dispatching(CITY, seed)
    rng = np.random.default_rng([seed, 7])
    hours = rng.choice(24, len(city.incidents), p=TYPHOON_SURGE / TYPHOON_SURGE.sum())
    times = np.sort((hours + rng.random(len(hours))) * 3600.0)
    stability = (
        Stability(diversion_cost=0.0, freeze_s=1e9)
        if diversion_cost == LOCKED
        else Stability(diversion_cost=diversion_cost)
    )
    work_s = rng.exponential(ON_SCENE_S, len(city.incidents)).tolist()
    names = [one.id for one in city.incidents]
    state = _City(city, Policy(stability=stability), dict(zip(names, work_s, strict=True)))
    state.at = {one.id: (one.x_m or 0.0, one.y_m or 0.0) for one in city.teams}
    diversions = 0
    for time_s, incident in zip(times.tolist(), city.incidents, strict=True):
        state.release(time_s)
        new = incident.model_copy(update={"reported_s": time_s})
        state.open[new.id] = new
        diversions += state.send(time_s)
    trips = [*state.done, *state.trips.values()]
    return Day(
        incidents=len(city.incidents),
        diversions=diversions,
        cost=sum((o.incident.severity or 1) * (o.arrive_s - o.incident.reported_s) for o in trips),
        unserved=sum(map(wanted, city.incidents)) - len(trips),
    )


def wanted(incident: Incident) -> int:
    """Return how many teams an incident asks for."""
    return sum(one.teams for one in incident.needs or () if isinstance(one, TeamNeed))


def main() -> None:
    """Print diversions and cost of some days for several costs of a diversion."""
    count, first = (int(one) for one in (*sys.argv[1:3], *("3", "0")[len(sys.argv[1:3]) :]))
    costs = [float(one) for one in sys.argv[3:]] or [0.0, 600.0, 1200.0, 2400.0, LOCKED]
    days = range(first, first + count)
    free = [day(seed, 0.0) for seed in days]
    for cost in costs:
        found = free if cost == 0.0 else [day(seed, cost) for seed in days]
        more = [one.cost / least.cost - 1.0 for one, least in zip(found, free, strict=True)]
        each = float(np.mean([one.each for one in found]))
        unserved = sum(one.unserved for one in found)
        print(  # noqa: T201
            f"diversion {cost:.0f}: {each:.3f} a new incident, cost {np.mean(more):+.1%} "
            f"({min(more):+.1%} to {max(more):+.1%}), {unserved} slots unserved"
        )


if __name__ == "__main__":
    main()
