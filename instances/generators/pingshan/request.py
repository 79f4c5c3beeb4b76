"""The Pingshan scenario as requests for siting fire stations."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from instances.generators.pingshan.assumptions import SCENARIO, STAFFING, STAGING
from instances.generators.pingshan.facts import communities, subdistricts, totals
from instances.generators.pingshan.grid import demand_points, grid
from instances.generators.pingshan.sites import (
    CROWD_EXIT,
    HAZARDOUS,
    candidate_sites,
    station_sites,
)
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import DEFAULT_ORDER, Cost, Cover, Objective
from models.fire_stations.request import RiskClass
from models.fire_stations.rules import Clearance, CountRange, IdlePolicy, Rules
from models.fire_stations.staffing import Staffing
from models.fire_stations.staging import StageYear, Staging
from models.places import Area, Change, Site, StationStatus
from models.presets import STATION_CLASSES
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario

SEED = 2025

TRAVEL = ByCoordinates(
    detour_factor=1.35,
    scenarios=(
        LawScenario(
            id="peak",
            name=Label(en="Peak, 25 km/h", zh="高峰（25 km/h）"),
            weight=0.5,
            law=ConstantSpeed(speed_m_s=25 / 3.6),
        ),
        LawScenario(
            id="free_flow",
            name=Label(en="Free flow, 44 km/h", zh="畅通（44 km/h）"),
            weight=0.5,
            law=ConstantSpeed(speed_m_s=44 / 3.6),
        ),
    ),
)

RISK_CLASSES = (
    RiskClass(id="high", name=Label(en="High risk", zh="高风险")),
    RiskClass(id="medium", name=Label(en="Medium risk", zh="中风险")),
    RiskClass(id="low", name=Label(en="Low risk", zh="低风险")),
)

WEIGHT_NAMES = {
    "residents": Label(en="Residents", zh="常住人口"),
    "three_small": Label(en="Three-small premises", zh="三小场所"),
    "hazardous_chemical_users": Label(
        en="Industrial users of hazardous chemicals", zh="危险化学品使用单位"
    ),
    "key_fire_units": Label(en="Key fire-safety units", zh="消防安全重点单位"),
    "buildings": Label(en="Buildings", zh="建筑物"),
}

CLEARANCES = (
    Clearance(kind=HAZARDOUS, distance_m=300.0),
    Clearance(kind=CROWD_EXIT, distance_m=50.0),
)

# Invented: what a firefighter costs in a year and what vehicles cost, to show the form.
STAFFING_AT_HAND = Staffing(
    hire_cost_yearly=180e3,
    vehicle_price={"engine": 2.5e6, "ladder": 8e6, "rescue": 4e6},
    people_per_10k=totals()["firefighters_per_10k"],
)

_FIRST_YEAR, _YEAR_COUNT, _MARGIN = 2021, 5, 1.2


@dataclass(frozen=True)
class Extras:
    """Which further questions the request asks once the sites are chosen."""

    staffing: bool = True
    staging: bool = True


def areas() -> tuple[Area, ...]:
    """Return the district, its 6 sub-districts and its 23 communities."""
    district = Area(
        id="pingshan-district",
        name=Label(en="Pingshan District", zh="坪山区"),
        level="district",
    )
    middle = (
        Area(id=f"{key}-subdistrict", name=name, level="subdistrict", parent=district.id)
        for key, name in subdistricts().items()
    )
    smallest = (
        Area(
            id=f"{one.id}-community",
            name=one.name,
            level="community",
            parent=f"{one.subdistrict}-subdistrict",
        )
        for one in communities()
    )
    return (district, *middle, *smallest)


def _dearest_land(sites: tuple[Site, ...], count: int) -> float:
    return sum(sorted((site.land_cost for site in sites), reverse=True)[:count])


def _commissioning_cost(sites: tuple[Site, ...]) -> float:
    idle = [
        site.station.class_id
        for site in sites
        if site.station and site.station.status != StationStatus.IN_SERVICE
    ]
    return sum(STATION_CLASSES[class_id].commissioning_cost for class_id in idle)


def staging(
    sites: tuple[Site, ...], new_stations: Mapping[str, int], *, idle: IdlePolicy
) -> Staging:
    """Return five equal yearly budgets that pay for any choice of sites, with a fifth to spare."""
    build = sum(STATION_CLASSES[key].capital_cost * n for key, n in new_stations.items())
    land = _dearest_land(sites, sum(new_stations.values()))
    commission = 0.0 if idle is IdlePolicy.CLOSED else _commissioning_cost(sites)
    yearly = ceil((build + land + commission) * _MARGIN / _YEAR_COUNT / 1e6) * 1e6
    return Staging(
        years=tuple(
            StageYear(year=_FIRST_YEAR + number, capital_budget=yearly)
            for number in range(_YEAR_COUNT)
        )
    )


def _request(
    name: Label,
    *,
    seed: int,
    new_stations: Mapping[str, int],
    rules: Rules,
    objectives: tuple[Objective, ...] = DEFAULT_ORDER,
    small_may: tuple[Change, ...] = (),
) -> FireStationRequest:
    cells = grid(seed=seed)
    return FireStationRequest(
        name=name,
        demand_points=demand_points(cells),
        sites=(*station_sites(small_may=small_may), *candidate_sites(cells, seed=seed)),
        new_stations={key: CountRange(min=n, max=n) for key, n in new_stations.items()},
        travel=TRAVEL,
        rules=rules,
        objectives=objectives,
        areas=areas(),
        risk_classes=RISK_CLASSES,
        weight_names=WEIGHT_NAMES,
        assumptions=SCENARIO,
        illustrative=True,
    )


def _with(
    request: FireStationRequest, extras: Extras, new_stations: Mapping[str, int]
) -> FireStationRequest:
    """Ask for staffing and staging too, and say what they rest on."""
    asked: dict[str, object] = {}
    assumptions = request.assumptions
    if extras.staffing:
        asked["staffing"] = STAFFING_AT_HAND
        assumptions += STAFFING
    if extras.staging:
        asked["staging"] = staging(request.sites, new_stations, idle=request.rules.idle_stations)
        assumptions += STAGING
    return request.model_copy(update=asked | {"assumptions": assumptions})


def _planned() -> dict[str, int]:
    return {
        "city": int(totals()["new_city_stations"]),
        "small": int(totals()["new_small_stations"]),
    }


def five_and_five(*, seed: int = SEED, extras: Extras | None = None) -> FireStationRequest:
    """Return the plan's question: exactly 5 city and 5 small stations; idle ones stay closed."""
    request = _request(
        Label(en="Pingshan: 5 city and 5 small stations", zh="坪山区：新增5座城市站、5座小型站"),
        seed=seed,
        new_stations=_planned(),
        rules=Rules(clearances=CLEARANCES, small_adjoins_larger=True),
    )
    return _with(request, extras or Extras(), _planned())


def idle_first(*, seed: int = SEED) -> FireStationRequest:
    """Return scenario 0: nothing is built, and idle stations may go into service.

    Small stations in service may be strengthened, so that this is ranked beside commissioning.
    That a small station must adjoin a larger one is not asked: these are built already.
    """
    return _request(
        Label(en="Pingshan: idle stations first", zh="坪山区：先启用闲置站"),
        seed=seed,
        new_stations={"city": 0, "small": 0},
        rules=Rules(idle_stations=IdlePolicy.MAY_OPEN, clearances=CLEARANCES),
        objectives=(Cover(), Cost()),
        small_may=(Change.STRENGTHEN,),
    )


def idle_first_then_build(*, seed: int = SEED, extras: Extras | None = None) -> FireStationRequest:
    """Return scenario 0, then 1: all idle stations in service, then exactly 5 city and 5 small.

    That a small station must adjoin a larger one is not asked: the rule would speak of the
    commissioned ones too, and most of these adjoin none.
    """
    request = _request(
        Label(
            en="Pingshan: idle stations in service, then 5 city and 5 small",
            zh="坪山区：启用闲置站后新增5座城市站、5座小型站",
        ),
        seed=seed,
        new_stations=_planned(),
        rules=Rules(idle_stations=IdlePolicy.OPEN, clearances=CLEARANCES),
    )
    return _with(request, extras or Extras(), _planned())
