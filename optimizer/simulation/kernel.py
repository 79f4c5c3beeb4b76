"""The calls of one run, one after the other, in machine code.

Teams leave from spots and go to spots: zones first, then posts. On a call until ``free_s``, a team
is then on its way from one spot to another.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.compiled import compiled
from optimizer.simulation.region import BoolArray, FloatArray, IndexArray

_LEAST_BUSY = 0.1  # the share of busy teams that cover is counted with, at least
_WORTH_MOVING = 1.1  # times what home would gain: a move costs the crew's rest


class Ground(NamedTuple):
    """A region as the kernel reads it."""

    spot_m: FloatArray  # (spot, 2) zones, then posts
    within: BoolArray  # (spot, zone) reached within the standard, turnout included
    demand: FloatArray  # (zone,)
    home: IndexArray  # (team,) a spot
    posts: int
    post_s: FloatArray  # (post, zone) the response from a post, turnout included
    order: IndexArray  # (zone, post) shortest response first
    standard_s: float
    turnout_s: float
    pace: float  # seconds a metre


class Rule(NamedTuple):
    """A policy as the kernel reads it; ``rate`` and ``work_s`` are what is known of the calls."""

    late_price_s: float
    rate: float  # calls a second
    work_s: float  # on the scene, on average
    move_up: bool
    move_up_below: float


class Field(NamedTuple):
    """Teams in motion (team,); ``begin`` and ``end`` are spots."""

    free_s: FloatArray
    begin: IndexArray
    end: IndexArray
    leave_s: FloatArray
    arrive_s: FloatArray
    sent: BoolArray  # on a call whose end is not dealt with


class Draft(NamedTuple):
    """Room to work in."""

    cover: IndexArray  # (zone,)
    at_post: IndexArray  # (post,)
    price: FloatArray  # (post,)


@compiled
def way_s(ground: Ground, x_m: float, y_m: float, spot: int) -> float:
    """Return the time from a position to a spot."""
    across, along = x_m - ground.spot_m[spot, 0], y_m - ground.spot_m[spot, 1]
    return np.sqrt(across * across + along * along) * ground.pace  # type: ignore[no-any-return]


@compiled
def count_cover(ground: Ground, field: Field, idle: BoolArray, cover: IndexArray) -> None:
    """Write how many idle teams reach each zone from where they will stand."""
    cover[:] = 0
    for team in range(len(idle)):
        if idle[team]:
            for zone in range(len(cover)):
                if ground.within[field.end[team], zone]:
                    cover[zone] += 1


@compiled
def missed_most(ground: Ground, cover: IndexArray, busy_share: float, home: int) -> int:
    """Return the spot of the post where one more team gains most; home where that is little."""
    best, best_gain, home_gain = home, -1.0, 0.0
    for post in range(len(ground.demand), len(ground.demand) + ground.posts):
        gain = 0.0
        for zone in range(len(cover)):
            if ground.within[post, zone]:
                gain += ground.demand[zone] * (1.0 - busy_share) * busy_share ** cover[zone]
        if gain > best_gain:
            best, best_gain = post, gain
        if post == home:
            home_gain = gain
    return best if best_gain > home_gain * _WORTH_MOVING else home


@compiled
def release(ground: Ground, rule: Rule, field: Field, cover: IndexArray, now_s: float) -> None:
    """Let teams whose call has ended go home, or to where they are missed most."""
    teams = len(field.free_s)
    while True:
        team = -1
        for one in range(teams):
            ended = field.sent[one] and field.free_s[one] <= now_s
            if ended and (team < 0 or field.free_s[one] < field.free_s[team]):
                team = one
        if team < 0:
            return
        then_s = field.free_s[team]
        field.sent[team] = False
        post = ground.home[team]
        idle = field.free_s <= then_s
        busy_share = 1.0 - idle.sum() / teams
        if rule.move_up and busy_share <= rule.move_up_below:
            idle[team] = False
            count_cover(ground, field, idle, cover)
            post = missed_most(ground, cover, max(_LEAST_BUSY, busy_share), post)
        spot = field.end[team]
        field.begin[team], field.end[team] = spot, post
        field.leave_s[team] = then_s
        way = way_s(ground, ground.spot_m[spot, 0], ground.spot_m[spot, 1], post)
        field.arrive_s[team] = then_s + way


@compiled
def response_s(ground: Ground, field: Field, team: int, zone: int, now_s: float) -> float:
    """Return when an idle team would arrive at a zone; turnout is spent at a post only."""
    begin, end = field.begin[team], field.end[team]
    length = max(1e-9, field.arrive_s[team] - field.leave_s[team])
    share = min(1.0, max(0.0, (now_s - field.leave_s[team]) / length))
    x_m = ground.spot_m[begin, 0] + share * (ground.spot_m[end, 0] - ground.spot_m[begin, 0])
    y_m = ground.spot_m[begin, 1] + share * (ground.spot_m[end, 1] - ground.spot_m[begin, 1])
    turnout = ground.turnout_s if field.arrive_s[team] <= now_s else 0.0
    return turnout + way_s(ground, x_m, y_m, zone)


@compiled
def count_posts(ground: Ground, field: Field, idle: BoolArray, at_post: IndexArray) -> None:
    """Write how many idle teams stand, or will stand, at each post."""
    at_post[:] = 0
    for team in range(len(idle)):
        if idle[team]:
            at_post[field.end[team] - len(ground.demand)] += 1


@compiled
def price_absence(
    ground: Ground, rule: Rule, at_post: IndexArray, busy_share: float, price: FloatArray
) -> None:
    """Write what one team less at each post makes a call to come cost more (post,).

    A zone is served from the first of its posts, in order of response, where a team is free. Each
    idle team is found busy with probability ``busy_share``, so that with ``k`` teams nearer the
    next is the one that goes with probability ``(1 - q) q**k``; one less puts all that are
    further off a place forward.
    """
    price[:] = 0.0
    posts, wait_s = ground.posts, rule.work_s / len(ground.home)
    for zone in range(len(ground.demand)):
        far = ground.post_s[ground.order[zone, posts - 1], zone]
        # What the rest costs where all before are busy, from the furthest post to the nearest.
        rest = far + wait_s + (rule.late_price_s if far + wait_s > ground.standard_s else 0.0)
        for back in range(posts - 1, -1, -1):
            post = ground.order[zone, back]
            count = at_post[post]
            if count == 0:
                continue
            cost = ground.post_s[post, zone]
            if cost > ground.standard_s:
                cost += rule.late_price_s
            last = busy_share ** (count - 1)
            nearer = 0
            for ahead in range(back):
                nearer += at_post[ground.order[zone, ahead]]
            lost = (1.0 - busy_share) * last * (rest - cost)
            price[post] += ground.demand[zone] * busy_share**nearer * lost
            rest = cost + last * busy_share * (rest - cost)


@compiled
def choose(
    ground: Ground, rule: Rule, field: Field, draft: Draft, zone: int, now_s: float
) -> tuple[int, float]:
    """Return the team that costs least now and while it is away, and its response.

    A late arrival costs its price. While the team is away, calls come in, and each costs more by
    what its absence is worth; only of those is that said that it would be idle for if it stayed.
    """
    teams = len(field.free_s)
    idle = field.free_s <= now_s
    count = idle.sum()
    weighs = rule.late_price_s > 0.0 and count > 1
    busy_share = 0.0
    if weighs:
        count_posts(ground, field, idle, draft.at_post)
        busy_share = max(_LEAST_BUSY, 1.0 - count / teams)
        price_absence(ground, rule, draft.at_post, busy_share, draft.price)
    best, best_score, best_s = -1, np.inf, 0.0
    for team in range(teams):
        if not idle[team]:
            continue
        arrives_s = response_s(ground, field, team, zone, now_s)
        score = arrives_s
        if weighs:
            if arrives_s > ground.standard_s:
                score += rule.late_price_s
            expected = rule.rate * (arrives_s + rule.work_s) * (1.0 - busy_share)
            score += expected * draft.price[field.end[team] - len(ground.demand)]
        if score < best_score:
            best, best_score, best_s = team, score, arrives_s
    return best, best_s


@compiled
def run(
    ground: Ground,
    rule: Rule,
    times: FloatArray,
    zones: NDArray[np.intp],
    on_scene: FloatArray,
) -> tuple[FloatArray, float]:
    """Return how long each call waits for help (call,), and the time teams work in all."""
    teams = len(ground.home)
    field = Field(
        np.zeros(teams),
        ground.home.copy(),
        ground.home.copy(),
        np.zeros(teams),
        np.zeros(teams),
        np.zeros(teams, dtype=np.bool_),
    )
    draft = Draft(
        np.zeros(len(ground.demand), dtype=np.int64),
        np.zeros(ground.posts, dtype=np.int64),
        np.zeros(ground.posts),
    )
    waits = np.zeros(len(times))
    worked = 0.0
    for call in range(len(times)):
        now_s, waited = times[call], 0.0
        release(ground, rule, field, draft.cover, now_s)
        first = field.free_s.min()
        if first > now_s:
            waited, now_s = first - now_s, first
            release(ground, rule, field, draft.cover, now_s)
        team, way = choose(ground, rule, field, draft, zones[call], now_s)
        arrive_s = now_s + way
        field.free_s[team] = arrive_s + on_scene[call]
        field.begin[team] = field.end[team] = zones[call]
        field.leave_s[team] = field.arrive_s[team] = arrive_s
        field.sent[team] = True
        waits[call] = waited + way
        worked += way + on_scene[call]
    return waits, worked
