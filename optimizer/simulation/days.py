"""One run of calls under one policy: who is sent, when help arrives, where teams go afterwards."""

from dataclasses import dataclass

import numpy as np

from optimizer.simulation.kernel import Ground, Rule, run
from optimizer.simulation.region import Calls, Region


@dataclass(frozen=True)
class Policy:
    """How a team is chosen and where it waits.

    ``late_price_s`` is what a late arrival counts as, in seconds of response: the team sent is the
    one that costs least now and while it is away, of the calls expected then; 0 sends the closest.
    ``move_up`` sends a freed team where it is missed most, while no more than ``move_up_below`` of
    the teams are busy; otherwise it goes home.
    """

    late_price_s: float = 0.0
    move_up: bool = False
    move_up_below: float = 0.35


CLOSEST = Policy()


@dataclass(frozen=True)
class Outcome:
    """How a run went; ``busy_share`` is the share of team time on calls."""

    late_share: float
    mean_s: float
    p90_s: float
    busy_share: float


def simulate(place: Region, asked: Calls, policy: Policy) -> Outcome:
    """Return how the calls went; the same arguments give the same outcome."""
    rule = Rule(
        policy.late_price_s,
        len(asked.time_s) / float(asked.time_s[-1]),
        float(asked.on_scene_s.mean()),
        policy.move_up,
        policy.move_up_below,
    )
    zones = asked.zone.astype(np.intp)
    response, worked = run(_ground(place), rule, asked.time_s, zones, asked.on_scene_s)
    late = response > place.standard_s
    return Outcome(
        late_share=float(late.mean()),
        mean_s=float(response.mean()),
        p90_s=float(np.percentile(response, 90)),
        busy_share=worked / (len(place.home) * float(asked.time_s[-1])),
    )


def _ground(place: Region) -> Ground:
    spot_m = np.ascontiguousarray(np.vstack([place.zone_m, place.post_m]))
    post_s = place.turnout_s + place.way_s(place.post_m, place.zone_m)
    return Ground(
        spot_m=spot_m,
        # A team counts as standing where it will stand, and turns out from there.
        within=place.way_s(spot_m, place.zone_m) <= place.standard_s - place.turnout_s,
        demand=np.ascontiguousarray(place.demand),
        home=(len(place.zone_m) + place.home).astype(np.intp),
        posts=len(place.post_m),
        post_s=post_s,
        order=np.ascontiguousarray(np.argsort(post_s, axis=0, kind="stable").T),
        standard_s=place.standard_s,
        turnout_s=place.turnout_s,
        pace=place.detour / place.speed_m_s,
    )
