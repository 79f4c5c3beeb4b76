"""Pingshan, the hours before the peak of a rainstorm: pumps from one waterlogging spot to the next.

Published are the counts of spots and fire teams; volumes, pumps and the time of the peak are
invented. A spot counts as late for every second that pumping begins after the last moment at
which the slowest pump would still have cleared it by the peak.
"""

import numpy as np

from instances.generators.pingshan.typhoon import typhoon
from models.answer import Assumption
from models.dispatch import Incident, Policy, Team, TeamNeed
from models.dispatch.phase import PhaseRequest, Volume, Work
from models.text import Label

_SEED = 40
_PEAK_S = 4 * 3600.0
_PUMP = "pump_m3_h"
_LARGE_M3_H, _SMALL_M3_H = 600.0, 200.0
_SET_UP_S = 600.0


def pumps() -> PhaseRequest:
    """Return 40 spots, and every team that can drain them, with a pump each."""
    then = typhoon()
    rng = np.random.default_rng(_SEED)
    spots = [one for one in then.incidents if one.kind == "waterlogging"]
    volume_m3 = (rng.integers(1, 7, len(spots)) * 100.0).tolist()
    invented = {
        "works": ("100-600 m³", "volume of each spot: invented"),
        "situation.teams": (f"{_SMALL_M3_H:g} and {_LARGE_M3_H:g} m³/h", "pumps: invented"),
        "situation.incidents": ("peak in 4 h", "cleared by then, if begun in time: a model"),
    }
    situation = then.model_copy(
        update={
            "name": Label(en="Pingshan before the peak of the rain", zh="坪山区雨峰之前"),
            "now_s": 0.0,
            "teams": tuple(_pumping(one) for one in then.teams if "drainage" in one.skills),
            "incidents": tuple(_spot(one, m3) for one, m3 in zip(spots, volume_m3, strict=True)),
            "response_plans": (),
            "policy": Policy(tiers=then.policy.tiers),
            "assumptions": tuple(
                Assumption(path=path, value=value, source=source, illustrative=True)
                for path, (value, source) in invented.items()
            ),
        }
    )
    return PhaseRequest(
        name=Label(en="Pumps at waterlogging spots", zh="内涝点排涝"),
        situation=situation,
        works=tuple(
            Work(incident_id=one.id, volume=Volume(of=_PUMP, amount=m3))
            for one, m3 in zip(spots, volume_m3, strict=True)
        ),
        late_factor=2.0,
    )


def _pumping(team: Team) -> Team:
    rate = _LARGE_M3_H if team.id.startswith("pump-") else _SMALL_M3_H
    return team.model_copy(update={"amounts": {_PUMP: rate}})


def _spot(one: Incident, volume_m3: float) -> Incident:
    slowest_s = 3600.0 * volume_m3 / _SMALL_M3_H + _SET_UP_S
    return one.model_copy(
        update={
            "reported_s": 0.0,
            "needs": (TeamNeed(skill="drainage"),),
            "on_scene_s": _SET_UP_S,
            "full_within_s": max(0.0, _PEAK_S - slowest_s),
            "partial": False,
        }
    )
