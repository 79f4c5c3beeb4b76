"""A typhoon over Pingshan: the hazard points and teams of the plan, at an illustrative moment.

Published are the counts: 40 waterlogging spots (21 mended, 19 in hand), 95 geohazard points, the
40 fire teams by layer and status, their vehicles. Where each of them is, which points are struck,
which shelters are to be opened, and the ten teams of other kinds are invented, and say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from instances.generators.pingshan.facts import (
    ExistingStation,
    communities,
    hazard_points,
    stations,
    subdistricts,
)
from instances.generators.pingshan.shelters import indoor_shelters
from models.answer import Assumption
from models.dispatch import (
    DispatchRequest,
    Incident,
    Owner,
    Policy,
    ReserveRule,
    ResponseLevel,
    ResponsePlan,
    Stability,
    Team,
    TeamNeed,
    TeamStatus,
    Tier,
    TravelMode,
)
from models.places import Area
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario

_SEED = 2021
_SPREAD_DEG = 0.006  # about 650 m around the community's point
_NOW_S = 3600.0
_IN_HAND = 19  # waterlogging spots of the plan that are not yet mended
_STRUCK = 8  # geohazard points that slide, invented
_OPENING = "shelter_opening"

_TIERS = (
    Tier(id="local", name=Label(en="sub-district", zh="街道")),
    Tier(id="district", name=Label(en="district", zh="区级"), surcharge_s=60.0),
    Tier(
        id="mutual_aid",
        name=Label(en="mutual aid", zh="跨区域增援"),
        opens_at=ResponseLevel.II,
        surcharge_s=180.0,
    ),
)

_PLANS = (
    ResponsePlan(
        incident_kind="waterlogging",
        needs=(TeamNeed(skill="drainage", first_due=True),),
        first_within_s=1800.0,
        full_within_s=2700.0,
    ),
    ResponsePlan(
        incident_kind="landslide",
        level=ResponseLevel.II,
        needs=(TeamNeed(skill="rescue", teams=2, first_due=True), TeamNeed(skill="geohazard")),
        first_within_s=900.0,
        full_within_s=2700.0,
    ),
    ResponsePlan(
        incident_kind="landslide",
        needs=(TeamNeed(skill="patrol"),),
        full_within_s=5400.0,
    ),
    ResponsePlan(
        incident_kind=_OPENING,
        needs=(TeamNeed(skill="patrol", first_due=True),),
        first_within_s=1800.0,
        full_within_s=2700.0,
    ),
)


@dataclass(frozen=True)
class _Kind:
    """A kind of team: what it can do, how many people, how fast it turns out."""

    skills: dict[str, int]
    tier: str
    people: int
    turnout_s: float = 60.0
    share: float = 1.0
    vehicles: int = 0


# The plan counts 10 fire engines of the two national stations, 5 of the two full-time ones, and
# one of each small station in service.
_THREE_ENGINES = "government-shatian"  # of the five; the other has two
_LAYERS = {
    "city": _Kind({"rescue": 20, "drainage": 6, "patrol": 20}, "district", 34, vehicles=5),
    "city_second": _Kind({"rescue": 12, "drainage": 6, "patrol": 12}, "district", 24, vehicles=2),
    "small": _Kind({"rescue": 6, "drainage": 4, "patrol": 8}, "local", 13, vehicles=1),
    "detachment": _Kind({"patrol": 10, "drainage": 4}, "local", 20, 300.0, 0.8),
}
_SKILLS = {
    "rescue": Label(en="rescue", zh="抢险救援"),
    "drainage": Label(en="drainage", zh="排涝"),
    "patrol": Label(en="patrol", zh="巡查"),
    "geohazard": Label(en="geohazard", zh="地灾处置"),
    "medical": Label(en="medical", zh="医疗救护"),
    "power": Label(en="power repair", zh="电力抢修"),
}
_PART_TIME = _Kind({"patrol": 8}, "local", 10, 600.0, 0.5)

# Invented: the plan says specialists of these kinds are missing or still to be built up.
_INVENTED: tuple[tuple[str, str, str, _Kind], ...] = (
    ("pump-1", "Pump team 1", "排涝队1", _Kind({"drainage": 8}, "district", 8, 300.0)),
    ("pump-2", "Pump team 2", "排涝队2", _Kind({"drainage": 8}, "district", 8, 300.0)),
    ("pump-3", "Pump team 3", "排涝队3", _Kind({"drainage": 8}, "district", 8, 300.0)),
    ("slope-1", "Geohazard team 1", "地灾队1", _Kind({"geohazard": 5}, "district", 6, 300.0)),
    ("slope-2", "Geohazard team 2", "地灾队2", _Kind({"geohazard": 5}, "district", 6, 300.0)),
    ("medical", "Medical team", "医疗救护队", _Kind({"medical": 6}, "district", 6, 120.0)),
    ("power", "Power repair team", "电力抢修队", _Kind({"power": 6}, "district", 8, 300.0)),
    ("social", "Volunteer rescue team", "社会救援队", _Kind({"rescue": 6}, "local", 12, 900.0)),
    ("huizhou-1", "Huizhou team 1", "惠州队1", _Kind({"rescue": 12}, "mutual_aid", 20)),
    ("huizhou-2", "Huizhou team 2", "惠州队2", _Kind({"drainage": 8}, "mutual_aid", 12)),
)


def typhoon() -> DispatchRequest:
    """Return the moment an hour into the typhoon as a dispatch request."""
    rng = np.random.default_rng(_SEED)
    return DispatchRequest(
        name=Label(en="Pingshan under a typhoon", zh="坪山区台风力量调派"),
        now_s=_NOW_S,
        teams=(*_listed(rng), *_invented(rng)),
        incidents=(*_incidents(rng), *_openings()),
        response_plans=_PLANS,
        owners=(
            Owner(
                id="huizhou",
                name=Label(en="Huizhou", zh="惠州市"),
                release_delay_s=180.0,
                needs_permission=True,
            ),
        ),
        policy=Policy(
            tiers=_TIERS,
            reserve=tuple(
                ReserveRule(zone=zone, skill="rescue", teams=1) for zone in subdistricts()
            ),
            stability=Stability(freeze_s=120.0),
        ),
        modes=(mode("road", 25.0), mode("foot", 4.0)),
        areas=tuple(Area(id=one, name=name) for one, name in subdistricts().items()),
        skill_names=_SKILLS,
        assumptions=_assumptions(),
        illustrative=True,
    )


def mode(name: str, speed_km_h: float) -> TravelMode:
    """Return a way to travel by a constant speed."""
    law = ConstantSpeed(speed_m_s=speed_km_h / 3.6)
    return TravelMode(id=name, travel=ByCoordinates(scenarios=(LawScenario(law=law),)))


def _near(lat: float, lon: float, rng: np.random.Generator) -> dict[str, float]:
    north, east = rng.uniform(-_SPREAD_DEG, _SPREAD_DEG, 2)
    return {"lat": round(lat + float(north), 5), "lon": round(lon + float(east), 5)}


def _zone(lat: float, lon: float) -> str:
    """Return the sub-district of the nearest community point."""
    nearest = min(communities(), key=lambda one: (one.lat - lat) ** 2 + (one.lon - lon) ** 2)
    return nearest.subdistrict


def _team(name: str, label: Label, what: _Kind, at: dict[str, float], **more: object) -> Team:
    document = {
        "id": name,
        "name": label,
        "skills": what.skills,
        "tier": what.tier,
        "people": what.people,
        "turnout_s": what.turnout_s,
        "turnout_share": what.share,
        "zone": _zone(at["lat"], at["lon"]),
        **at,
        **more,
    }
    return Team.model_validate(document)


def _listed(rng: np.random.Generator) -> Iterator[Team]:
    """Yield the 40 teams: 4 stations, 10 small ones, 6 detachments, 20 part-time.

    The 5 idle detachments are out of service, as the plan says of them; so they are never sent.
    """
    for one in stations():
        idle = one.status != "in_service"
        if one.class_id == "small" and idle:
            continue
        yield _team(
            one.id,
            one.name,
            _LAYERS[one.class_id],
            {"lat": one.lat, "lon": one.lon},
            kind=one.class_id,
            vehicles={"fire_engine": _engines(one)},
            status=TeamStatus.LOST if idle else TeamStatus.READY,
        )
    kengzi = next(one for one in communities() if one.subdistrict == "kengzi")
    yield _team(
        "detachment-kengzi",
        Label(en="Kengzi militia detachment", zh="坑梓街道民兵应急分队"),
        _LAYERS["detachment"],
        _near(kengzi.lat, kengzi.lon, rng),
        kind="detachment",
    )
    for number, place in enumerate(communities()[:20], 1):
        label = Label(en=f"Part-time team, {place.name.en}", zh=f"{place.name.zh}兼职消防队")
        at = _near(place.lat, place.lon, rng)
        yield _team(f"part-time-{number:02}", label, _PART_TIME, at, kind="part_time")


def _engines(station: ExistingStation) -> int:
    """Return how many fire engines stand there; none where nobody is in service."""
    if station.status != "in_service":
        return 0
    return 3 if station.id == _THREE_ENGINES else _LAYERS[station.class_id].vehicles


def _invented(rng: np.random.Generator) -> Iterator[Team]:
    places = communities()
    for number, (name, english, chinese, kind) in enumerate(_INVENTED):
        one = places[(number * 5) % len(places)]
        owner = "huizhou" if name.startswith("huizhou") else None
        at = {"lat": 22.72, "lon": 114.46} if owner else _near(one.lat, one.lon, rng)
        label = Label(en=f"{english} (illustrative)", zh=f"{chinese}（示例）")
        more: dict[str, object] = {"owner": owner, "zone": None} if owner else {}
        yield _team(name, label, kind, at, kind="specialist", illustrative=True, **more)


def _incidents(rng: np.random.Generator) -> Iterator[Incident]:
    """Yield 40 waterlogging spots and 95 geohazard points, all reported within the hour."""
    points = [
        (kind, one)
        for one in communities()
        for kind, count in zip(("waterlogging", "landslide"), hazard_points()[one.id], strict=True)
        for _ in range(count)
    ]
    order = rng.permutation(len(points)).tolist()
    counts = {"waterlogging": 0, "landslide": 0}
    names = {"waterlogging": ("Flooded", "内涝点"), "landslide": ("Slope", "地灾点")}
    for at in order:
        kind, one = points[at]
        counts[kind] += 1
        number = counts[kind]
        graver = number <= (_IN_HAND if kind == "waterlogging" else _STRUCK)
        high = ResponseLevel.III if kind == "waterlogging" else ResponseLevel.II
        english, chinese = names[kind]
        yield Incident(
            id=f"{kind}-{number:02}",
            name=Label(
                en=f"{english} {number:02}, {one.name.en}", zh=f"{one.name.zh}{chinese}{number:02}"
            ),
            kind=kind,
            level=high if graver else ResponseLevel.IV,
            zone=one.subdistrict,
            reported_s=float(rng.integers(1800, int(_NOW_S))),
            on_scene_s=1800.0,
            partial=kind == "landslide",
            illustrative=True,
            **_near(one.lat, one.lon, rng),
        )


def _openings() -> Iterator[Incident]:
    """Yield the largest indoor shelter of each sub-district, to be opened."""
    by_size = sorted(indoor_shelters(), key=lambda one: (one.places or 0, one.id))
    largest = {_zone(one.lat or 0.0, one.lon or 0.0): one for one in by_size}
    for number, zone in enumerate(subdistricts(), 1):
        site = largest[zone]
        assert site.name is not None
        yield Incident(
            id=f"shelter-{number:02}",
            name=Label(en=f"Open {site.name.en}", zh=f"启用{site.name.zh}"),
            kind=_OPENING,
            level=ResponseLevel.III,
            zone=zone,
            reported_s=_NOW_S,
            on_scene_s=3600.0,
            lat=site.lat,
            lon=site.lon,
            illustrative=True,
        )


def _assumptions() -> tuple[Assumption, ...]:
    said = {
        "incidents": ("40 + 95 + 6", "40 + 95: plan; places, what is struck or opened: invented"),
        "teams": ("40 + 10", "40 by layer and status: plan; places, skills and 10 more: invented"),
        "modes[0].travel": ("25 km/h", "peak speed of the plan's travel model"),
        "owners[0].release_delay_s": ("180 s", "call across the city border: invented"),
    }
    return tuple(
        Assumption(path=path, value=value, source=source, illustrative=True)
        for path, (value, source) in said.items()
    )
