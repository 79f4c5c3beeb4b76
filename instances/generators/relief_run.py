"""A disaster phase to try things on: flooded communities, pumps, blocked roads, relief supplies.

Everything is invented, on a plane of 20 km; the seed decides. The first hours after a typhoon:
shelters want water and food carried from two stores within three hours; waterlogging points are
pumped; landslides want a geohazard crew and a road crew together, and a shelter behind one is
reached after it.
"""

import numpy as np

from models.answer import Assumption
from models.dispatch import DispatchRequest, Incident, Team, TeamNeed, TravelMode
from models.dispatch.phase import Break, Crew, Depot, PhaseRequest, Volume, Work
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario

_SIDE_M = 20_000.0
_RELIEF_WITHIN_S = 3 * 3600.0
_KINDS = ("relief", "pump", "landslide")


def relief_run(
    shelters: int = 20, pumps: int = 12, landslides: int = 4, teams: int = 12, *, seed: int = 0
) -> PhaseRequest:
    """Return the request; every third team carries supplies, pumps or clears landslides."""
    rng = np.random.default_rng(seed)
    counts = dict(zip(_KINDS, (shelters, pumps, landslides), strict=True))
    incidents = [_incident(rng, kind, k) for kind in _KINDS for k in range(counts[kind])]
    crews = [_team(rng, k) for k in range(teams)]
    behind = [f"relief-{k}" for k in range(min(landslides, shelters) // 2)]
    return PhaseRequest(
        name=Label(en="Three-hour relief run", zh="三小时救援物资投送"),
        situation=DispatchRequest(
            name=Label(en="Typhoon, first hours", zh="台风后最初数小时"),
            teams=tuple(crews),
            incidents=tuple(incidents),
            modes=(_mode("road", 30.0, 1.35), _mode("high_clearance", 20.0, 1.2)),
            assumptions=(
                Assumption(
                    path="situation",
                    value="invented",
                    source="instances.generators.relief_run",
                    illustrative=True,
                ),
            ),
            illustrative=True,
        ),
        works=tuple(_work(rng, one, behind) for one in incidents),
        crews=tuple(_crew(one, k) for k, one in enumerate(crews)),
        depots=tuple(Depot(id=f"store-{k}", **_place(rng)) for k in range(2)),
    )


def _place(rng: np.random.Generator) -> dict[str, float]:
    x_m, y_m = (rng.random(2) * _SIDE_M).round(1).tolist()
    return {"x_m": x_m, "y_m": y_m}


def _mode(name: str, speed_km_h: float, detour: float) -> TravelMode:
    law = ConstantSpeed(speed_m_s=speed_km_h / 3.6)
    travel = ByCoordinates(detour_factor=detour, scenarios=(LawScenario(law=law),))
    return TravelMode(id=name, travel=travel)


def _incident(rng: np.random.Generator, kind: str, number: int) -> Incident:
    needs: tuple[TeamNeed, ...] = (TeamNeed(skill=kind),)
    if kind == "landslide":
        needs = (TeamNeed(skill="landslide"), TeamNeed(skill="pump"))
    return Incident(
        id=f"{kind}-{number}",
        kind=kind,
        severity=int(rng.integers(1, 9)),
        needs=needs,
        full_within_s=_RELIEF_WITHIN_S if kind == "relief" else None,
        on_scene_s={"relief": 900.0, "pump": 600.0, "landslide": 3600.0}[kind],
        partial=kind != "landslide",
        illustrative=True,
        **_place(rng),
    )


def _team(rng: np.random.Generator, number: int) -> Team:
    kind = _KINDS[number % 3]
    return Team(
        id=f"team-{number}",
        kind=kind,
        skills={kind: 6, **({"pump": 2} if number % 2 else {})},
        people=8,
        amounts={"pump_m3_h": float(rng.integers(2, 7) * 100)},
        mode="high_clearance" if number % 4 == 3 else "road",
        turnout_s=300.0,
        illustrative=True,
        **_place(rng),
    )


def _work(rng: np.random.Generator, incident: Incident, behind: list[str]) -> Work:
    if incident.kind == "relief":
        after = ("landslide-0",) if incident.id in behind else ()
        water_l, meals = int(rng.integers(2, 9)) * 100.0, int(rng.integers(5, 20)) * 10.0
        loads = {"water_l": water_l, "meals": meals}
        return Work(incident_id=incident.id, loads=loads, after=after)
    if incident.kind == "pump":
        volume = Volume(of="pump_m3_h", amount=float(rng.integers(2, 12) * 100))
        return Work(incident_id=incident.id, volume=volume)
    return Work(incident_id=incident.id, approach_s=float(rng.integers(0, 3) * 600))


def _crew(team: Team, number: int) -> Crew:
    carries = {"water_l": 2000.0, "meals": 400.0} if team.kind == "relief" else {}
    rest = Break(from_s=3 * 3600.0, until_s=5 * 3600.0, length_s=1800.0)
    breaks = (rest,) if number % 3 == 1 else ()
    return Crew(team_id=team.id, carries=carries, breaks=breaks)
