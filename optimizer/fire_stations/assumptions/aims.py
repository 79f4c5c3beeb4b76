"""Defaults of travel, rules and objectives, of staffing and of the run."""

from collections.abc import Iterator
from dataclasses import replace

from models.answer import Assumption
from models.fire_stations.objectives import Combination, ExpectedCover, FullForce, Objective
from models.fire_stations.request import FireStationRequest
from models.roads import ByRoads
from models.standards import ResponseStandard, StationClass
from models.traffic import TRAFFIC_PRESETS, TrafficPreset
from models.travel import ByCoordinates, ConstantSpeed, LawScenario
from optimizer.fire_stations.assumptions.basis import UNLIMITED, Basis, left_out
from optimizer.travel.roads import ACCESS_M_S, SPEEDS_M_S, WALKING_M_S

_DETOUR = Basis(
    source="China 1.3-1.5 (JB 152-2017, commentary to art. 14); 300 European cities 1.34;"
    " Newell (1980) 1.2; Beijing ambulances 1.6"
    " / 中国1.3-1.5（建标152-2017 第14条条文说明）；欧洲300城1.34；Newell（1980）1.2；北京急救1.6",
    confidence="found",
)
_SPEED = Basis(
    source="JB 152-2017, commentary to art. 14: 30-35 km/h in town"
    " / 建标152-2017 第14条条文说明：城区30-35 km/h",
    confidence="memory_high",
)
_ROAD_SPEED = Basis(
    source="planners' speeds by road class, ±25 % / 按道路等级的规划常用车速，±25%",
    confidence="memory_medium",
)
_PROFILE = {
    "mode": Basis(),
    "default_speed_m_s": Basis(),
    "maxspeed": Basis(),
    "use_given_times": Basis(),
    "against_one_way": Basis(),
    "passes": Basis(),
    "snap_limit_m": Basis(unit="m"),
    "start_s": Basis(unit="s"),
}
_ROAD_SCENARIO = {
    "weight": Basis(),
    "time_factor": Basis(),
    "class_time_factors": Basis(),
    "closures": Basis(),
}
_CLOSURE = {
    "buffer_m": Basis(unit="m"),
    "speed_factor": Basis(),
    "road_classes": Basis(nothing=UNLIMITED),
}
_UNLIMITED = Basis(nothing=UNLIMITED)
_RULES = {
    "open_sites": Basis(),
    "forbidden_sites": Basis(),
    "idle_stations": Basis(),
    "capital_budget": _UNLIMITED,
    "yearly_budget": _UNLIMITED,
    "crew_limit_people": _UNLIMITED,
    "spacing": Basis(),
    "clearances": Basis(),
    "cover_floors": Basis(),
    "small_adjoins_larger": Basis(),
    "nominal_area": Basis(),
}
_OBJECTIVE = {
    "weight": Basis(),
    "scenarios": Basis(),
    "busy_fraction": Basis(
        source="stress value within 0.05-0.3; no standard sets one"
        " / 压力测试取值，范围0.05-0.3；无标准规定",
        confidence="memory_medium",
        illustrative=True,
    ),
    "sigma": Basis(
        source="lognormal turnout of career crews, sigma 0.35; form: Waterloo EMS"
        " / 职业队伍出动时间对数正态分布，sigma 0.35；分布形式：Waterloo EMS",
        confidence="memory_medium",
    ),
    "unreached_s": Basis(unit="s", illustrative=True),
    "horizon_years": Basis(unit="a", illustrative=True),
    "level": Basis(nothing="demand_points.area"),
}
_STAFFING = {
    "people_at_hand": Basis(nothing="sites.station.headcount_people"),
    "people_hired_max": _UNLIMITED,
    "hire_cost_yearly": Basis(),
    "vehicles_at_hand": Basis(nothing="sites.station.vehicles"),
    "vehicles_bought_max": _UNLIMITED,
    "vehicle_price": Basis(nothing="0"),
    "people_per_10k": Basis(
        source="Pingshan plan 2022, target 23 / 坪山区应急管理“十四五”规划，指标23",
        confidence="plan",
    ),
}
_LIMITS = {
    "time_limit_s": Basis(unit="s"),
    "threads": Basis(),
    "seed": Basis(),
    "node_limit": _UNLIMITED,
    "pulp_solver": Basis(nothing="CBC"),
    "backend": Basis(),
}
_REQUEST = {
    "combination": Basis(),
    "population_weight": Basis(),
    "shift_count": Basis(source="illustrative: two shifts / 示例：两班制", illustrative=True),
    "currency": Basis(),
}


def of_travel(request: FireStationRequest) -> Iterator[Assumption]:
    """Yield how travel is taken to be where the request does not say."""
    travel = request.travel
    if "travel" not in request.model_fields_set:
        yield Basis().assumption("travel", travel.kind)
    if isinstance(travel, ByCoordinates):
        yield from left_out("travel", travel, {"detour_factor": _DETOUR})
        if "scenarios" not in travel.model_fields_set:
            ids = tuple(scenario.id for scenario in travel.scenarios)
            yield Basis().assumption("travel.scenarios", ids)
    if isinstance(travel, ByRoads):
        yield from _of_roads(travel)
        return
    for k, scenario in enumerate(travel.scenarios):
        path = f"travel.scenarios[{k}]"
        yield from left_out(path, scenario, {"weight": Basis()})
        if isinstance(scenario, LawScenario):
            yield from _of_law(f"{path}.law", scenario)


def _of_roads(travel: ByRoads) -> Iterator[Assumption]:
    """Yield the speeds and limits that travel over roads takes where none are given."""
    profile = travel.profile
    walks = profile.mode == "foot"
    yield from left_out("travel", travel, {"cutoff_s": Basis(unit="s")})
    yield from left_out("travel.profile", profile, _PROFILE)
    preset = {"foot": WALKING_M_S} if walks else SPEEDS_M_S
    named = {name: one for name, one in preset.items() if name not in profile.speeds_m_s}
    by_speed: dict[float, list[str]] = {}
    for name, speed_m_s in named.items():
        by_speed.setdefault(speed_m_s, []).append(name)
    for speed_m_s, names in by_speed.items():
        text = f"{speed_m_s:.2f} m/s ({speed_m_s * 3.6:g} km/h): {', '.join(names)}"
        yield _ROAD_SPEED.assumption("travel.profile.speeds_m_s", text)
    if profile.access_speed_m_s is None:
        text = f"{ACCESS_M_S[profile.mode]:.2f} m/s"
        yield Basis().assumption("travel.profile.access_speed_m_s", text)
    if "scenarios" not in travel.model_fields_set:
        ids = tuple(scenario.id for scenario in travel.scenarios)
        yield Basis().assumption("travel.scenarios", ids)
    for k, scenario in enumerate(travel.scenarios):
        yield from left_out(f"travel.scenarios[{k}]", scenario, _ROAD_SCENARIO)
        if scenario.preset is not None:
            yield _of_hour(f"travel.scenarios[{k}].preset", TRAFFIC_PRESETS[scenario.preset])
    for k, closure in enumerate(travel.closures):
        yield from left_out(f"travel.closures[{k}]", closure, _CLOSURE)


def _of_hour(path: str, preset: TrafficPreset) -> Assumption:
    basis = Basis(preset.source, preset.confidence, preset.illustrative)
    said = ", ".join(f"{rank} ×{factor:g}" for rank, factor in preset.factors.items())
    return basis.assumption(path, f"{preset.id}: {said}")


def _of_law(path: str, scenario: LawScenario) -> Iterator[Assumption]:
    law = scenario.law
    if "law" not in scenario.model_fields_set:
        yield Basis().assumption(path, law.kind)
    if isinstance(law, ConstantSpeed) and "speed_m_s" not in law.model_fields_set:
        text = f"{law.speed_m_s:.2f} m/s ({law.speed_m_s * 3.6:g} km/h)"
        yield _SPEED.assumption(f"{path}.speed_m_s", text)
    yield from left_out(path, law, {"offset_s": Basis(unit="s")})


def of_rules(request: FireStationRequest, standard: ResponseStandard) -> Iterator[Assumption]:
    """Yield the rules that are taken not to hold, and the defaults of those that do."""
    rules = request.rules
    for class_id, count in request.new_stations.items():
        bases = {"min": Basis(), "max": _UNLIMITED}
        yield from left_out(f"new_stations.{class_id}", count, bases)
    yield from left_out("rules", rules, _RULES)
    if rules.spacing is not None:
        yield from left_out("rules.spacing", rules.spacing, {"between": Basis()})
    for k, floor in enumerate(rules.cover_floors):
        path = f"rules.cover_floors[{k}]"
        fields = ["weight", "scenarios"] + (["level"] if floor.each == "area" else [])
        yield from left_out(path, floor, {field: _OBJECTIVE[field] for field in fields})
        if floor.within_s is None:
            yield _from_standard(standard, f"{path}.within_s", standard.within_s, "s")


def of_objectives(
    request: FireStationRequest,
    classes: tuple[StationClass, ...],
    standard: ResponseStandard,
) -> Iterator[Assumption]:
    """Yield the order of objectives where none is given, and what each leaves open."""
    if "objectives" not in request.model_fields_set:
        kinds = " > ".join(one.kind for one in request.objectives)
        yield Basis().assumption("objectives", kinds)
    last = len(request.objectives) - 1
    ordered = request.combination is Combination.LEXICOGRAPHIC
    for k, objective in enumerate(request.objectives):
        path = f"objectives[{k}]"
        yield from left_out(path, objective, _OBJECTIVE)
        yield from _followers(path, objective, standard)
        if isinstance(objective, ExpectedCover) and objective.classes is None:
            yield Basis().assumption(f"{path}.classes", tuple(one.id for one in classes))
        if ordered and k < last and "loss" not in objective.model_fields_set:
            yield Basis().assumption(f"{path}.loss", 0)
        if not ordered:
            yield from left_out(path, objective, {"importance": Basis()})


def _followers(path: str, objective: Objective, standard: ResponseStandard) -> Iterator[Assumption]:
    """Yield the fields of an objective that take the standard's numbers."""
    full = isinstance(objective, FullForce)
    within_s = standard.full_force_within_s if full else standard.within_s
    for field, value, unit in (
        ("within_s", within_s, "s"),
        ("second_s", standard.full_force_within_s, "s"),
        ("vehicles", standard.vehicles, ""),
        ("people", standard.people, ""),
    ):
        if field in type(objective).model_fields and getattr(objective, field) is None:
            yield _from_standard(standard, f"{path}.{field}", value, unit)


def _from_standard(standard: ResponseStandard, path: str, value: float, unit: str) -> Assumption:
    return Basis(standard.source, standard.confidence, unit=unit).assumption(path, value)


def of_the_rest(request: FireStationRequest) -> Iterator[Assumption]:
    """Yield the defaults of the request itself, of risk classes, staffing and the run."""
    for k, one in enumerate(request.risk_classes):
        yield from left_out(f"risk_classes[{k}]", one, {"vehicle_types": Basis()})
    yield from left_out("", request, _REQUEST)
    if request.staffing is not None:
        money = {
            field: replace(_STAFFING[field], unit=request.currency)
            for field in ("hire_cost_yearly", "vehicle_price")
        }
        yield from left_out("staffing", request.staffing, _STAFFING | money)
    yield from left_out("limits", request.limits, _LIMITS)
