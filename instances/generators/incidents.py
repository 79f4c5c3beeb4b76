"""A seeded city of teams and incidents, for tests and benchmarks alike: illustrative throughout."""

from dataclasses import dataclass

import numpy as np

from models.dispatch import AmountNeed, DispatchRequest, Incident, Team, TeamNeed, TravelMode
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario

_SIDE_M = 30_000.0
_SKILL_COUNT = 8
_SEVERITIES = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class Dispatching:
    """How large the city is and how busy.

    ``load`` is slots wanted per team; ``within_s`` the time every team has to arrive (None: no
    deadline). ``partial``: whether incidents take what they can get. ``pumps``: whether every team
    brings a pump and every incident wants an amount of pumping besides.
    """

    teams: int = 50
    incidents: int = 20
    load: float = 0.6
    within_s: float | None = 900.0
    skills: int = _SKILL_COUNT
    partial: bool = False
    pumps: bool = False


def dispatching(size: Dispatching, seed: int) -> DispatchRequest:
    """Return teams and incidents scattered over a square, each need for one of a few skills."""
    rng = np.random.default_rng(seed)
    stands = rng.random((size.teams, 2)) * _SIDE_M
    places = rng.random((size.incidents, 2)) * _SIDE_M
    names = [f"skill_{k}" for k in range(size.skills)]
    most = min(4, size.skills + 1)
    teams = tuple(
        Team(
            id=f"t{t}",
            x_m=float(x),
            y_m=float(y),
            skills={
                names[k]: 4
                for k in rng.choice(size.skills, int(rng.integers(1, most)), replace=False)
            },
            people=int(rng.integers(4, 13)),
            turnout_s=0.0,
            illustrative=True,
        )
        for t, (x, y) in enumerate(stands)
    )
    incidents = tuple(
        Incident(
            id=f"i{i}",
            x_m=float(places[i, 0]),
            y_m=float(places[i, 1]),
            severity=_SEVERITIES[int(rng.integers(len(_SEVERITIES)))],
            needs=tuple(
                TeamNeed(skill=names[k], teams=int(count))
                for k, count in enumerate(wanted)
                if count
            ),
            full_within_s=size.within_s,
            partial=size.partial,
            illustrative=True,
        )
        for i, wanted in enumerate(_wanted(size, rng))
    )
    if size.pumps:
        teams, incidents = _with_pumps(teams, incidents, rng)
    by_road = ByCoordinates(
        detour_factor=1.3, scenarios=(LawScenario(law=ConstantSpeed(speed_m_s=40 / 3.6)),)
    )
    return DispatchRequest(
        name=Label(en="Illustrative dispatch", zh="示例力量调派"),
        teams=teams,
        incidents=incidents,
        modes=(TravelMode(id="road", travel=by_road),),
        illustrative=True,
    )


def _with_pumps(
    teams: tuple[Team, ...], incidents: tuple[Incident, ...], rng: np.random.Generator
) -> tuple[tuple[Team, ...], tuple[Incident, ...]]:
    """Return the teams with a pump each, and incidents that want some hundred m³/h besides."""
    pumping = tuple(
        one.model_copy(update={"amounts": {"pump_m3_h": 100.0 * int(rng.integers(1, 6))}})
        for one in teams
    )
    flooded = tuple(
        one.model_copy(
            update={
                "needs": (
                    *(one.needs or ()),
                    AmountNeed(of="pump_m3_h", amount=100.0 * int(rng.integers(2, 9))),
                )
            }
        )
        for one in incidents
    )
    return pumping, flooded


def _wanted(size: Dispatching, rng: np.random.Generator) -> np.ndarray:
    """Return how many teams of each skill each incident wants (incident, skill)."""
    slots = np.ones(size.incidents, dtype=np.int64)
    extra = max(0, int(size.load * size.teams) - size.incidents)
    np.add.at(slots, rng.integers(0, size.incidents, extra), 1)
    wanted = np.zeros((size.incidents, size.skills), dtype=np.int64)
    for i, count in enumerate(slots):
        np.add.at(wanted[i], rng.integers(0, size.skills, count), 1)
    return wanted
