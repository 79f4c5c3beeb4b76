"""Pingshan, a day of high forest-fire danger: crews by road, then on foot over the slope.

Fires, slopes, water and crews are invented. Two models stand behind the numbers, and say so: a
crew walks as Tobler's hiking function has it, off the path and laden, and nobody is on the slope on
foot at night; a fire counts as contained when a line is built round the perimeter that it has an
hour after it is reported. It is late for every second that the slowest crew would begin after the
last moment for that within 24 hours. Cisterns fill crews up, open water the helicopter.
"""

import numpy as np

from models.answer import Assumption
from models.dispatch import DispatchRequest, Incident, Team, TeamNeed, TravelMode
from models.dispatch.phase import Break, Crew, Depot, PhaseRequest, Volume, Work
from models.dispatch.walking import Night, Pace, Walk, WalkPoint
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario

_SEED = 76
_CONTAINED_WITHIN_S = 24 * 3600.0
_NIGHT = Night(falls="22:00", ends="06:00", clock_zero="10:00")  # it is ten in the morning
_EARLY_S = 2 * 3600.0  # how long before the night the helicopter may land
_LADEN = (0.85, 0.7)  # of the speed without: crews with hand tools, crews with hose
_M_PER_DEGREE = 111_195.0
_LINE = "line_m_h"
CREW_M_H, _AIR_M_H = 120.0, 400.0
_CARRIED_L, _CARRIED_BY_AIR_L = 600.0, 1500.0
_L_PER_M = 0.4  # of line
_CISTERN_L_H, _OPEN_WATER_L_H = 6000.0, 30_000.0
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
            modes=(_mode("road", 30.0, 1.4), _mode("air", 150.0, 1.0, to_the_spot=True)),
            skill_names={"fire_line": Label(en="fire line", zh="隔离带开设")},
            assumptions=_assumptions(),
            illustrative=True,
        ),
        works=tuple(works),
        crews=(
            *(_carrying(number, one) for number, one in enumerate(crews)),
            Crew(team_id="helicopter", carries={"water_l": _CARRIED_BY_AIR_L}, breaks=(_landed(),)),
        ),
        depots=(*(_water(rng, number) for number in range(6)), _helicopter_point(helicopter)),
        no_foot_at_night=_NIGHT,
        late_factor=2.0,
    )


def _fire(rng: np.random.Generator, number: int) -> tuple[Incident, Work]:
    name, english, chinese, lat, lon = FOREST[number % len(FOREST)]
    north, east = rng.uniform(-0.012, 0.012, 2).tolist()
    line_m = float(rng.integers(6, 16)) * 100.0
    slowest_s = 3600.0 * line_m / (1 + number % 2) / CREW_M_H
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
    length_m, slope = float(rng.uniform(200.0, 1200.0)), float(rng.uniform(0.1, 0.4))
    work = Work(
        incident_id=fire.id,
        walk=_line(fire, length_m, slope) if number % 3 == 0 else _slope(length_m, slope),
        volume=Volume(of=_LINE, amount=line_m, shared=True, uses={"water_l": _L_PER_M}),
        done_within_s=_CONTAINED_WITHIN_S,
    )
    return fire, work


def _slope(length_m: float, slope: float) -> Walk:
    return Walk(length_m=round(length_m), climb_m=round(length_m * slope))


def _line(fire: Incident, length_m: float, slope: float) -> Walk:
    """Return a way up from the south, gentle below and steep above, to where the fire is."""
    points = ((1.0, 0.0), (0.5, 0.3), (0.0, 1.0))  # of the length left, of the climb done
    return Walk(
        line=tuple(
            WalkPoint(
                lat=round((fire.lat or 0.0) - left * length_m / _M_PER_DEGREE, 6),
                lon=fire.lon,
                height_m=round(80.0 + done * length_m * slope),
            )
            for left, done in points
        )
    )


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


def _landed() -> Break:
    """Return the rest that covers the night, begun at any time of the two hours before it."""
    falls_s = _NIGHT.falls_s
    return Break(from_s=falls_s - _EARLY_S, until_s=falls_s, length_s=_NIGHT.length_s + _EARLY_S)


def _carrying(number: int, team: Team) -> Crew:
    pace = Pace(laden_share=_LADEN[number % len(_LADEN)])
    return Crew(team_id=team.id, carries={"water_l": _CARRIED_L}, pace=pace)


def _water(rng: np.random.Generator, number: int) -> Depot:
    _, english, chinese, lat, lon = FOREST[number % len(FOREST)]
    north, east = rng.uniform(-0.015, 0.015, 2).tolist()
    tank = number < len(FOREST)
    what = ("cistern", "蓄水池") if tank else ("dip point", "取水点")
    return Depot(
        id=f"water-{number + 1}",
        name=Label(en=f"{english} {what[0]}", zh=f"{chinese}{what[1]}"),
        kind="cistern" if tank else "dip_point",
        lat=round(lat + north, 5),
        lon=round(lon + east, 5),
        modes=("road",) if tank else ("air",),
        per_hour={"water_l": _CISTERN_L_H if tank else _OPEN_WATER_L_H},
    )


def _helicopter_point(helicopter: Team) -> Depot:
    return Depot(
        id="helicopter-point",
        name=Label(en="Pingshan helicopter point", zh="坪山直升机起降点"),
        kind="helicopter_point",
        lat=helicopter.lat,
        lon=helicopter.lon,
        modes=("air",),
        per_hour={"water_l": _CISTERN_L_H},
    )


def _mode(name: str, speed_km_h: float, detour: float, *, to_the_spot: bool = False) -> TravelMode:
    law = ConstantSpeed(speed_m_s=speed_km_h / 3.6)
    travel = ByCoordinates(detour_factor=detour, scenarios=(LawScenario(law=law),))
    return TravelMode(id=name, travel=travel, to_the_spot=to_the_spot)


def _assumptions() -> tuple[Assumption, ...]:
    said = {
        "situation": ("invented", "fires, crews, slopes and water"),
        "works.walk": ("model", "Tobler (1993), 0.6 of the speed on a path, lengths invented"),
        "crews.pace": ("0.85 and 0.7", "of the speed without tools or hose: invented"),
        "depots": ("6000 and 30000 L/h", "cisterns for crews, open water for the helicopter"),
        "works.volume": (
            "model",
            "a line round the perimeter an hour after the report; contained when it is built",
        ),
        "works.done_within_s": (
            "24 h",
            "plan, target 25 (95 % of fires); contained by the model of the line: a simulation",
        ),
        "situation.incidents.full_within_s": (
            "24 h",
            "plan, target 25: begun so that the slowest crew has the line by then",
        ),
        "no_foot_at_night": ("22:00-06:00", "nobody on foot on the slope: policy, invented"),
        "crews.breaks": ("from 22:00", "the helicopter is down by then until 06:00: invented"),
    }
    return tuple(
        Assumption(path=path, value=value, source=source, illustrative=True)
        for path, (value, source) in said.items()
    )
