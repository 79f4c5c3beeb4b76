"""Pingshan before a typhoon: where teams should wait for what the warning announces.

Each scenario is the heaviest rain over one sub-district: all its hazard points of the plan, and
the gravest elsewhere. Which points are struck, how likely each scenario is, and where teams can
wait are invented.
"""

import numpy as np

from instances.generators.pingshan.facts import communities, subdistricts
from instances.generators.pingshan.typhoon import mode, typhoon
from models.answer import Assumption
from models.dispatch import Incident, Policy, ResponseLevel
from models.dispatch.positioning import PositioningRequest, WarningScenario
from models.dispatch.readiness import Post
from models.text import Label

_PROBABILITY = 0.15
_LEAST_GAIN = 0.05  # expected severity that a move must bring
_MOST_WAITING = 6
_FLOODED_KM_H = 12.0  # on roads under water


def warning() -> PositioningRequest:
    """Return where 50 teams may wait for six scenarios of rain."""
    then = typhoon()
    assumptions = (
        *(one for one in then.assumptions if one.path in {"teams", "owners[0].release_delay_s"}),
        _invented("modes[0].travel", f"{_FLOODED_KM_H:g} km/h", "roads under water: invented"),
        _invented("scenarios", "6", "one for each sub-district, equally likely: invented"),
        _invented("posts", "6", "the middle of each sub-district's communities: invented"),
    )
    situation = then.model_copy(
        update={
            "name": Label(en="Pingshan before a typhoon", zh="坪山区台风预警"),
            "now_s": 0.0,
            "incidents": (),
            "policy": Policy(tiers=then.policy.tiers),
            "modes": (mode("road", _FLOODED_KM_H), mode("foot", 4.0)),
            "assumptions": assumptions,
        }
    )
    return PositioningRequest(
        name=Label(en="Pre-positioning for a typhoon warning", zh="台风预警力量预置"),
        situation=situation,
        posts=tuple(_post(name, label) for name, label in subdistricts().items()),
        scenarios=tuple(
            WarningScenario(
                id=f"rain-{name}",
                name=Label(en=f"Heaviest rain over {label.en}", zh=f"{label.zh}特大暴雨"),
                probability=_PROBABILITY,
                incidents=tuple(
                    one.model_copy(update={"reported_s": 0.0})
                    for one in then.incidents
                    if one.zone == name or _grave(one)
                ),
            )
            for name, label in subdistricts().items()
        ),
        least_gain=_LEAST_GAIN,
    )


def _grave(one: Incident) -> bool:
    return one.level is ResponseLevel.II


def _post(name: str, label: Label) -> Post:
    own = [one for one in communities() if one.subdistrict == name]
    return Post(
        id=f"post-{name}",
        name=Label(en=f"{label.en} post", zh=f"{label.zh}驻点"),
        lat=round(float(np.mean([one.lat for one in own])), 5),
        lon=round(float(np.mean([one.lon for one in own])), 5),
        teams_max=_MOST_WAITING,
    )


def _invented(path: str, value: str, source: str) -> Assumption:
    return Assumption(path=path, value=value, source=source, illustrative=True)
