"""Rules and objectives, drawn at random with numbers that often bite."""

from tests.strategies.places import Json, Random, chance

RULE_FAMILIES = (
    "new_stations",
    "open_sites",
    "forbidden_sites",
    "idle_stations",
    "capital_budget",
    "yearly_budget",
    "crew_limit_people",
    "spacing",
    "clearances",
    "cover_floors",
    "cover_floors_apart",
    "small_adjoins_larger",
    "nominal_area",
)
OBJECTIVE_KINDS = (
    "cover",
    "full_force",
    "backup",
    "expected_cover",
    "gradual_cover",
    "probabilistic_cover",
    "mean_time",
    "worst_time",
    "worst_area",
    "fewest_stations",
    "cost",
)


def _draw_scenario_mode(rng: Random) -> str:
    return rng.choice(["expected", "expected", "worst"])


def _draw_within(rng: Random) -> int | None:
    return rng.choice([None, None, 180, 240, 300])


def _draw_objective(rng: Random, kind: str) -> Json:
    objective: Json = {"kind": kind, "importance": rng.randint(0, 5)}
    losses: list[Json] = [{}, {}, {"relative": rng.choice([0.01, 0.05, 0.2])}]
    objective["loss"] = rng.choice([*losses, {"absolute": rng.randint(0, 20)}])
    if kind == "cost":
        return objective | {"horizon_years": rng.choice([0, 1, 10])}
    if kind == "fewest_stations":
        return objective
    objective["weight"] = rng.choice(["residents", "residents", "premises"])
    objective["scenarios"] = _draw_scenario_mode(rng)
    return objective | _draw_parameters(rng, kind)


def _draw_parameters(rng: Random, kind: str) -> Json:
    """Return what only this kind of objective has."""
    first, second = rng.choice([(120, 240), (180, 300)])
    steps = [{"within_s": first, "value": 1}, {"within_s": second, "value": 0.4}]
    of_kind: dict[str, Json] = {
        "full_force": {
            "within_s": rng.choice([None, 300, 420]),
            "vehicles": rng.choice([None, 3, 4]),
            "people": rng.choice([None, 8]),
        },
        "backup": {"second_s": rng.choice([None, 240, 300])},
        "expected_cover": {
            "within_s": _draw_within(rng),
            "busy_fraction": rng.choice([0, 0.1, 0.5]),
            "classes": rng.choice([None, None, ["city"], ["small"]]),
        },
        "gradual_cover": {"steps": [*steps, {"within_s": second + 120, "value": 0.1}]},
        "probabilistic_cover": {"within_s": _draw_within(rng), "sigma": rng.choice([0.2, 0.35, 1])},
        "mean_time": {"unreached_s": rng.choice([3600, 3600, 600, 200])},
        "worst_time": {"unreached_s": rng.choice([3600, 3600, 600, 200])},
        "worst_area": {
            "within_s": _draw_within(rng),
            "level": rng.choice([None, "community", "district"]),
        },
    }
    return of_kind.get(kind, {"within_s": _draw_within(rng)})


def draw_objectives(rng: Random, focus: str) -> list[Json]:
    others = rng.sample([kind for kind in OBJECTIVE_KINDS if kind != focus], rng.randint(0, 2))
    first = [*others, focus] if chance(rng, 0.3) else [focus, *others]
    return [_draw_objective(rng, kind) for kind in first]


def draw_new_stations(rng: Random, focus: str, sites: list[Json]) -> Json:
    """Return how many of each class; asking for more than there is room for is a fault."""
    new = _draw_counts(rng, focus)
    vacant = [site["allowed_classes"] for site in sites if site["station"] is None]
    room = len(vacant)
    for name, count in new.items():
        fitting = sum(classes is None or name in classes for classes in vacant)
        count["min"] = min(count["min"], fitting, room)
        room -= count["min"]
    return new


def _draw_counts(rng: Random, focus: str) -> Json:
    if focus == "new_stations" or chance(rng, 0.25):
        city, small = rng.choice([(1, 1), (1, 2), (2, 1), (2, 2), (0, 2)])
        return {"city": {"min": city, "max": city}, "small": {"min": small, "max": small}}
    if chance(rng, 0.15):
        return {"small": {"min": rng.randint(0, 1)}}
    least = rng.choice([0, 0, 1])
    return {
        "city": {"min": 0, "max": rng.choice([1, 2])},
        "small": {"min": least, "max": least + rng.randint(0, 2)},
    }


def _draw_floor(rng: Random, *, apart: bool) -> Json:
    share = rng.choice([0.05, 0.1, 0.3] if apart else [0.3, 0.5, 0.6])
    floor: Json = {
        "share": share,
        "within_s": _draw_within(rng),
        "scenarios": _draw_scenario_mode(rng),
    }
    floor["weight"] = rng.choice(["residents", "residents", "premises"])
    if apart:
        groups: list[Json] = [
            {"each": "risk_class"},
            {"each": "area", "level": "district"},
            {"each": "area", "level": "community"},
            {"each": "area"},
        ]
    else:
        groups = [{}, {}, {"risk_class": "high"}, {"area": "D0"}, {"area": "C1"}]
    return floor | rng.choice(groups)


def _draw_open_sites(rng: Random, sites: list[Json], new: Json) -> list[Json]:
    site = rng.choice([one for one in sites if one["station"] is None])
    classes = [name for name in site["allowed_classes"] or new if name in new]
    return [{"site_id": site["id"], "class_id": rng.choice([None, *classes])}]


def _draw_rule(rng: Random, name: str, sites: list[Json], new: Json, scale: int) -> Json:
    """Return the rule ``name`` with numbers that often bite."""
    ids = [site["id"] for site in sites]
    builders = {
        "open_sites": lambda: _draw_open_sites(rng, sites, new),
        "forbidden_sites": lambda: rng.sample(ids, rng.randint(1, 3)),
        "idle_stations": lambda: rng.choice(["may_open", "may_open", "open"]),
        "capital_budget": lambda: rng.randint(20, 150) * scale,
        "yearly_budget": lambda: rng.randint(3, 25) * scale,
        "crew_limit_people": lambda: rng.randint(3, 22),
        "spacing": lambda: {
            "distance_m": rng.choice([1000, 2000, 3000]),
            "between": rng.choice(["new", "all"]),
        },
        "clearances": lambda: [
            {"kind": kind, "distance_m": rng.choice([100, 200, 250])}
            for kind in rng.choice([["hazard"], ["hazard", "crowd_exit"]])
        ],
        "small_adjoins_larger": lambda: True,
        "nominal_area": lambda: "enforce",
    }
    return {name: builders[name]()}


def draw_rules(rng: Random, focus: str, sites: list[Json], new: Json, scale: int) -> Json:
    rules: Json = {}
    for name in RULE_FAMILIES[1:]:
        wanted = name == focus or chance(rng, 0.07)
        if wanted and name.startswith("cover_floors"):
            floor = _draw_floor(rng, apart=name.endswith("apart"))
            rules.setdefault("cover_floors", []).append(floor)
        elif wanted:
            rules |= _draw_rule(rng, name, sites, new, scale)
    barred = {choice["site_id"] for choice in rules.get("open_sites", [])}
    kept = [id_ for id_ in rules.get("forbidden_sites", []) if id_ not in barred]
    return rules | ({"forbidden_sites": kept} if "forbidden_sites" in rules else {})
