"""Pingshan on a day of forest-fire danger: where crews wait, by the day's level.

Crews, posts, fires and how likely they are at each level are invented. A fire asks for enough
crews to build the line round its perimeter within 24 hours by the model of
`instances.generators.pingshan.wildfire`, and for them at the road's end early enough to walk up
and begin the first attack within 50 minutes.

Tobler, W. (1993). Three presentations on geographical analysis and modeling. NCGIA report 93-1.
"""

from itertools import combinations
from math import ceil, exp

from instances.generators.pingshan.wildfire import CREW_M_H, FOREST, forest_fires
from models.answer import Assumption
from models.dispatch import Incident, TeamNeed
from models.dispatch.positioning import PositioningRequest, WarningScenario
from models.dispatch.readiness import Post
from models.text import Label

CHANCES = {1: 0.01, 2: 0.03, 3: 0.08, 4: 0.2, 5: 0.4}  # of a fire on a hill, by the day's level
_FIRST_ATTACK_S = 3000.0
_CONTAINED_WITHIN_H = 24.0
_PERIMETER_M = 4800.0  # of a fire an hour after its report
_NIGHT_H = 8.0  # of a day, in which nobody works on the slope
_WALK_M, _SLOPE = 800.0, 0.25
_OFF_PATH = 0.6  # of the speed on a path, Tobler
_LEAST_GAIN = 0.05


def fire_danger(level: int = 5) -> PositioningRequest:
    """Return where eight crews and a helicopter may wait on a day of a danger level, 1 to 5.

    Examples
    --------
    >>> [round(sum(one.probability for one in fire_danger(n).scenarios), 2) for n in (1, 3, 5)]
    [0.03, 0.22, 0.78]
    """
    chance, then = CHANCES[level], forest_fires().situation
    title = Label(
        en=f"Crews before a day of forest-fire danger level {level}",
        zh=f"森林火险{level}级日队伍预置",
    )
    hills = range(len(FOREST))
    struck = [own for count in range(1, len(FOREST) + 1) for own in combinations(hills, count)]
    return PositioningRequest(
        name=title,
        situation=then.model_copy(
            update={"name": title, "incidents": (), "assumptions": _assumptions(level)}
        ),
        posts=tuple(_post(hill) for hill in hills),
        scenarios=tuple(
            WarningScenario(
                id="-".join(FOREST[hill][0] for hill in own),
                name=Label(
                    en="Fire on " + ", ".join(FOREST[hill][1] for hill in own),
                    zh="、".join(FOREST[hill][2] for hill in own) + "起火",
                ),
                probability=chance ** len(own) * (1.0 - chance) ** (len(FOREST) - len(own)),
                incidents=tuple(_fire(hill) for hill in own),
            )
            for own in struck
        ),
        least_gain=_LEAST_GAIN,
    )


def crews_wanted() -> int:
    """Return how many crews build the line within 24 hours, the night left out.

    Examples
    --------
    >>> crews_wanted()
    3
    """
    return ceil(_PERIMETER_M / (CREW_M_H * (_CONTAINED_WITHIN_H - _NIGHT_H)))


def walk_s(distance_m: float, slope: float) -> float:
    """Return how long a walk off the path takes by Tobler's hiking function.

    Examples
    --------
    >>> round(walk_s(1000.0, 0.0)), round(walk_s(1000.0, 0.4))
    (1191, 4831)
    """
    speed_km_h = 6.0 * exp(-3.5 * abs(slope + 0.05)) * _OFF_PATH
    return distance_m * 3.6 / speed_km_h


def _fire(hill: int) -> Incident:
    name, english, chinese, lat, lon = FOREST[hill]
    return Incident(
        id=f"fire-{name}",
        name=Label(en=f"Fire on {english}", zh=f"{chinese}火点"),
        kind="forest_fire",
        lat=lat,
        lon=lon,
        zone=name,
        severity=8,
        needs=(TeamNeed(skill="fire_line", teams=crews_wanted()),),
        full_within_s=_FIRST_ATTACK_S - round(walk_s(_WALK_M, _SLOPE)),
        partial=False,
        illustrative=True,
    )


def _post(hill: int) -> Post:
    name, english, chinese, lat, lon = FOREST[hill]
    return Post(
        id=f"post-{name}",
        name=Label(en=f"Forest gate, {english}", zh=f"{chinese}防火检查站"),
        lat=round(lat + 0.008, 5),
        lon=lon,
        teams_max=4,
    )


def _assumptions(level: int) -> tuple[Assumption, ...]:
    said = {
        "situation.teams": ("8 + 1", "crews and helicopter: invented"),
        "posts": ("3", "where forest roads begin: invented"),
        "scenarios": (
            f"level {level}",
            f"a fire on a hill with chance {CHANCES[level]:g}, hills apart: invented",
        ),
        "scenarios.incidents.needs": (
            f"{crews_wanted()} crews",
            "model: contained within 24 h when the line round the perimeter is built, not at night",
        ),
        "scenarios.incidents.full_within_s": (
            "50 min less the walk",
            "model: first attack within 50 min; the walk up by Tobler (1993)",
        ),
    }
    return tuple(
        Assumption(path=path, value=value, source=source, illustrative=True)
        for path, (value, source) in said.items()
    )
