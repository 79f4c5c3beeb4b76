"""Pingshan, a day of high forest-fire danger: crews by road, then on foot over the slope.

Fires, slopes, water and crews are invented. Two models stand behind the numbers, and say so: the
walk to a fire takes what Tobler's hiking function gives, off the path; a fire counts as contained
when a line is built round the perimeter that it has an hour after it is reported. It is late for
every second that the slowest crew would begin after the last moment for that within 24 hours.

Tobler, W. (1993). Three presentations on geographical analysis and modeling. NCGIA report 93-1.
"""

import math

import numpy as np

from models.answer import Assumption
from models.dispatch import DispatchRequest, Incident, Team, TeamNeed, TravelMode
from models.dispatch.phase import Break, Crew, Depot, PhaseRequest, Volume, Work
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario

_SEED = 76
_CONTAINED_WITHIN_S = 24 * 3600.0
_NIGHT_S = 12 * 3600.0  # from now, ten in the morning, to ten at night
_NIGHT_LENGTH_S = 8 * 3600.0
_EARLY_S = 2 * 3600.0  # how long before the night crews may come down
_OFF_PATH = 0.6  # of the speed on a path, Tobler
_LINE = "line_m_h"
CREW_M_H, _AIR_M_H = 120.0, 400.0
_WATER_L = 300.0
FOREST = (
    ("maluan", "Maluan hill", "马峦山", 22.645, 114.335),
    ("tiantou", "Tiantou hill", "田头山", 22.675, 114.420),
    ("songzikeng", "Songzikeng", "松子坑", 22.725, 114.335),
)


def forest_fires() -> PhaseRequest:
    """Return fourteen fires on three hills, eight crews, a helicopter and where water is."""
    rng = np.random.default_rng(_SEED)
    fires, works = [], []
    for number in range(14):
        fire, work = _fire(rng, number)
        fires.append(fire)
        works.append(work)
    crews = [_crew(rng, number) for number in range(8)]
    helicopter = Team(
        id="helicopter",
        name=Label(en="Helicopter, Pingshan point", zh="坪山起降点直升机"),
        lat=22.700,
        lon=114.380,
        skills={"fire_line": 4},
        people=4,
        amounts={_LINE: _AIR_M_H},
        turnout_s=900.0,
        mode="air",
        illustrative=True,
    )
    return PhaseRequest(
        name=Label(en="A forest-fire day", zh="森林火险日"),
        situation=DispatchRequest(
            name=Label(en="Pingshan, high forest-fire danger", zh="坪山区高森林火险"),
            teams=(*crews, helicopter),
            incidents=tuple(fires),
            modes=(_mode("road", 30.0, 1.4), _mode("air", 150.0, 1.0)),
            skill_names={"fire_line": Label(en="fire line", zh="隔离带开设")},
            assumptions=_assumptions(),
            illustrative=True,
        ),
        works=tuple(works),
        crews=(
            *(_at_night(one) for one in crews),
            Crew(team_id="helicopter", carries={"water_l": 1500.0}, breaks=(_night(),)),
        ),
        depots=tuple(_depot(rng, number) for number in range(6)),
        late_factor=2.0,
    )


def walk_s(distance_m: float, slope: float) -> float:
    """Return how long a walk off the path takes by Tobler's hiking function.

    Examples
    --------
    >>> round(walk_s(1000.0, 0.0)), round(walk_s(1000.0, 0.4))
    (1191, 4831)
    """
    speed_km_h = 6.0 * math.exp(-3.5 * abs(slope + 0.05)) * _OFF_PATH
    return distance_m * 3.6 / speed_km_h


def _fire(rng: np.random.Generator, number: int) -> tuple[Incident, Work]:
    name, english, chinese, lat, lon = FOREST[number % len(FOREST)]
    north, east = rng.uniform(-0.012, 0.012, 2).tolist()
    line_m = float(rng.integers(3, 10)) * 100.0
    slowest_s = 3600.0 * line_m / CREW_M_H
    fire = Incident(
        id=f"fire-{number + 1}",
        name=Label(en=f"{english} {number + 1}", zh=f"{chinese}{number + 1}号火点"),
        kind="forest_fire",
        lat=round(lat + north, 5),
        lon=round(lon + east, 5),
        zone=name,
        severity=int(rng.choice([2, 4, 8])),
        needs=(TeamNeed(skill="fire_line", teams=1 + number % 2),),
        full_within_s=_CONTAINED_WITHIN_S - slowest_s,
        partial=False,
        illustrative=True,
    )
    walk = walk_s(float(rng.uniform(200.0, 1500.0)), float(rng.uniform(0.1, 0.5)))
    share_m = line_m / (1 + number % 2)
    work = Work(
        incident_id=fire.id,
        approach_s=round(walk),
        volume=Volume(of=_LINE, amount=share_m),
        loads={"water_l": _WATER_L},
    )
    return fire, work


def _crew(rng: np.random.Generator, number: int) -> Team:
    _, _, _, lat, lon = FOREST[number % len(FOREST)]
    north, east = rng.uniform(-0.03, 0.03, 2).tolist()
    return Team(
        id=f"crew-{number + 1}",
        name=Label(en=f"Forest crew {number + 1}", zh=f"森林消防{number + 1}队"),
        lat=round(lat + north, 5),
        lon=round(lon + east, 5),
        skills={"fire_line": 12},
        people=15,
        amounts={_LINE: CREW_M_H},
        turnout_s=300.0,
        illustrative=True,
    )


def _night() -> Break:
    """Return the rest that covers the night, whenever in the two hours before it begins."""
    return Break(from_s=_NIGHT_S - _EARLY_S, until_s=_NIGHT_S, length_s=_NIGHT_LENGTH_S + _EARLY_S)


def _at_night(team: Team) -> Crew:
    return Crew(team_id=team.id, carries={"water_l": 2 * _WATER_L}, breaks=(_night(),))


def _depot(rng: np.random.Generator, number: int) -> Depot:
    _, english, chinese, lat, lon = FOREST[number % len(FOREST)]
    north, east = rng.uniform(-0.015, 0.015, 2).tolist()
    what = ("cistern", "蓄水池") if number < len(FOREST) else ("dip point", "取水点")
    return Depot(
        id=f"water-{number + 1}",
        name=Label(en=f"{english} {what[0]}", zh=f"{chinese}{what[1]}"),
        lat=round(lat + north, 5),
        lon=round(lon + east, 5),
    )


def _mode(name: str, speed_km_h: float, detour: float) -> TravelMode:
    law = ConstantSpeed(speed_m_s=speed_km_h / 3.6)
    travel = ByCoordinates(detour_factor=detour, scenarios=(LawScenario(law=law),))
    return TravelMode(id=name, travel=travel)


def _assumptions() -> tuple[Assumption, ...]:
    said = {
        "situation": ("invented", "fires, crews, slopes and water"),
        "works.approach_s": ("model", "Tobler (1993), 0.6 of the speed on a path"),
        "works.volume": (
            "model",
            "a line round the perimeter an hour after the report; contained when it is built",
        ),
        "situation.incidents.full_within_s": (
            "24 h",
            "plan, target 25: begun so that the slowest crew has the line by then",
        ),
        "crews.breaks": ("22:00-06:00", "nobody works on the slope at night: policy, invented"),
    }
    return tuple(
        Assumption(path=path, value=value, source=source, illustrative=True)
        for path, (value, source) in said.items()
    )
