"""Calls under a policy, by arrays and one call at a time: what the kernel is held against."""

from dataclasses import dataclass

import numpy as np

from optimizer.algorithms.cover_left import gains
from optimizer.simulation.days import Outcome, Policy
from optimizer.simulation.region import BoolArray, Calls, FloatArray, IndexArray, Region


@dataclass
class _Field:
    """Teams in motion: on a call until ``free_s``, then on the way from one place to another."""

    place: Region
    policy: Policy
    rate: float
    work_s: float
    free_s: FloatArray
    begin_m: FloatArray
    end_m: FloatArray
    leave_s: FloatArray
    arrive_s: FloatArray
    sent: BoolArray  # on a call whose end is not dealt with

    def positions_m(self, now_s: float) -> FloatArray:
        """Return where each team is, a straight line between two places."""
        length = np.maximum(1e-9, self.arrive_s - self.leave_s)
        share = np.clip((now_s - self.leave_s) / length, 0.0, 1.0)
        return np.asarray(self.begin_m + share[:, None] * (self.end_m - self.begin_m))

    def release(self, now_s: float) -> None:
        """Let teams whose call has ended go home, or to where they are missed most."""
        while True:
            ended = np.flatnonzero(self.sent & (self.free_s <= now_s))
            if not len(ended):
                return
            team = int(ended[np.argmin(self.free_s[ended])])
            self._send_back(team)

    def _send_back(self, team: int) -> None:
        now_s = float(self.free_s[team])
        self.sent[team] = False
        post = int(self.place.home[team])
        busy = self.free_s > now_s
        if self.policy.move_up and busy.mean() <= self.policy.move_up_below:
            post = self._missed_most(team, busy)
        self.begin_m[team] = self.end_m[team]
        self.end_m[team] = self.place.post_m[post]
        self.leave_s[team] = now_s
        way = self.place.way_s(self.begin_m[team][None], self.end_m[team][None])
        self.arrive_s[team] = now_s + float(way[0, 0])

    def _missed_most(self, team: int, busy: BoolArray) -> int:
        """Return the post where one more team gains most, a shorter way breaking ties.

        Where the gain over home is small, home it is: a move costs the crew's rest.
        """
        place = self.place
        others = ~busy
        others[team] = False
        within = place.standard_s - place.turnout_s
        reach = place.way_s(self.end_m[others], place.zone_m) <= within
        posts = place.way_s(place.post_m, place.zone_m) <= within
        share = max(0.1, float(busy.mean()))
        gain = gains(posts, reach, place.demand, share)
        home = int(place.home[team])
        best = int(np.argmax(gain))
        return best if gain[best] > gain[home] * 1.1 else home


def simulated(place: Region, asked: Calls, policy: Policy) -> Outcome:
    """Return how the calls went; the same arguments give the same outcome."""
    homes = place.post_m[place.home]
    never = np.zeros(len(homes))
    field = _Field(
        place=place,
        policy=policy,
        rate=len(asked.time_s) / float(asked.time_s[-1]),
        work_s=float(asked.on_scene_s.mean()),
        free_s=never.copy(),
        begin_m=homes.copy(),
        end_m=homes.copy(),
        leave_s=never.copy(),
        arrive_s=never.copy(),
        sent=np.zeros(len(homes), dtype=np.bool_),
    )
    response = np.zeros(len(asked.time_s))
    worked = 0.0
    for call in range(len(response)):
        response[call], busy_s = _answer(field, asked, call)
        worked += busy_s
    late = response > place.standard_s
    return Outcome(
        late_share=float(late.mean()),
        mean_s=float(response.mean()),
        p90_s=float(np.percentile(response, 90)),
        busy_share=worked / (len(homes) * float(asked.time_s[-1])),
    )


def _answer(field: _Field, asked: Calls, call: int) -> tuple[float, float]:
    """Send a team to a call; return when it arrives after the call, and how long it is busy."""
    now_s = float(asked.time_s[call])
    field.release(now_s)
    idle = np.flatnonzero(field.free_s <= now_s)
    waited = 0.0
    if not len(idle):
        first = float(field.free_s.min())
        waited = first - now_s
        now_s = first
        field.release(now_s)
        idle = np.flatnonzero(field.free_s <= now_s)
    at_m = field.positions_m(now_s)[idle]
    zone = field.place.zone_m[asked.zone[call]]
    team, way_s = _choose(field, idle, at_m, zone, now_s)
    arrive_s = now_s + way_s
    field.free_s[team] = arrive_s + float(asked.on_scene_s[call])
    field.begin_m[team] = field.end_m[team] = zone
    field.leave_s[team] = field.arrive_s[team] = arrive_s
    field.sent[team] = True
    return waited + way_s, way_s + float(asked.on_scene_s[call])


def _choose(
    field: _Field, idle: IndexArray, at_m: FloatArray, zone: FloatArray, now_s: float
) -> tuple[int, float]:
    """Return the team that costs least now and while it is away, and its response."""
    place, policy = field.place, field.policy
    turnout = np.where(field.arrive_s[idle] <= now_s, place.turnout_s, 0.0)
    response = turnout + place.way_s(at_m, zone[None])[:, 0]
    score = response.copy()
    if policy.late_price_s > 0.0 and len(idle) > 1:
        share = max(0.1, 1.0 - len(idle) / len(place.home))
        score += policy.late_price_s * (response > place.standard_s)
        whole = next_call_s(field, idle, share)
        for row in range(len(idle)):
            more_s = next_call_s(field, np.delete(idle, row), share) - whole
            away_s = (response[row] + field.work_s) * (1.0 - share)
            score[row] += field.rate * away_s * more_s
    best = int(np.argmin(score))
    return int(idle[best]), float(response[best])


def next_call_s(field: _Field, idle: IndexArray, share: float) -> float:
    """Return what a call to come is expected to cost, each idle team being busy so often then."""
    place = field.place

    def priced(response: FloatArray) -> FloatArray:
        late = response > place.standard_s
        return np.asarray(response + field.policy.late_price_s * late)

    response = place.turnout_s + place.way_s(field.end_m[idle], place.zone_m)
    every = place.turnout_s + place.way_s(place.post_m, place.zone_m)
    wait_s = field.work_s / len(place.home)
    cost = np.vstack([priced(np.sort(response, axis=0)), priced(every.max(axis=0) + wait_s)])
    chance = np.append((1.0 - share) * share ** np.arange(len(idle)), share ** len(idle))
    return float(chance @ cost @ place.demand)
