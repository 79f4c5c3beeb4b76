"""The tables, columns and settings of a project of shelters."""

_PLACE = ("id", "name", "name_en", "lat", "lon", "position", "place")

SHELTER_FIELDS: dict[str, tuple[str, ...]] = {
    "demand": (*_PLACE, "residents", "weights", "area", "subdistrict"),
    "listed": (
        *(*_PLACE, "listed_kind", "residents", "weights", "area", "subdistrict"),
        *("within", "in_scenarios"),
    ),
    "sites": (
        *(*_PLACE, "setting", "state", "places", "effective_area_m2", "gross_area_m2"),
        *("cost", "run_cost", "last_phase", "accessible", "suitability", "entrances", "facilities"),
        *("area", "subdistrict"),
    ),
    "entrances": (*_PLACE, "of_site"),
    "classes": (
        *("id", "name", "name_en", "of_site", "places", "effective_area_m2", "gross_area_m2"),
        *("cost", "run_cost", "last_phase", "accessible", "suitability", "facilities"),
    ),
    "stages": ("id", "name", "name_en", "stage_budget"),
    "groups": (
        *("id", "name", "name_en", "walking_speed", "group_walk_limit_m", "m2_each"),
        *("needs_accessible", "needs_facilities", "fetched", "seats"),
    ),
    "scenarios": (
        *("id", "name", "name_en", "probability", "leave_share", "settings", "m2_per_person"),
        *("walk_limit_m", "lost_sites", "phases"),
    ),
    "fleet": ("id", "name", "name_en", "vehicle_count", "seats", "ready_s", "boarding_s"),
    "places": ("id", "name", "alias", "lat", "lon", "position", "precision"),
    "areas": ("id", "name", "name_en", "level", "parent"),
}
SHELTER_NEEDED: dict[str, tuple[str, ...]] = {
    "demand": ("id", "residents"),
    "listed": ("id", "listed_kind", "residents"),
    "sites": ("id", "setting"),
    "entrances": ("of_site",),
    "classes": ("id", "of_site"),
    "stages": ("id", "stage_budget"),
    "groups": ("id",),
    "scenarios": ("id",),
    "fleet": ("id", "vehicle_count", "seats"),
    "places": ("name",),
    "areas": ("id",),
}
SHELTER_LISTS = frozenset(  # it may do without
    {"listed", "groups", "scenarios", "fleet", "entrances", "classes", "stages"}
)
SHELTER_TOLD = ("m2_per_place", "running_years")
SHELTER_RULES = ("walk_limit_m", "budget", "max_new_sites", "nearest_first", "least_fill")
SHELTER_SETTINGS = (
    *(*SHELTER_TOLD, *SHELTER_RULES, "fill_balance", "together", "m2_per_resident"),
    "balance_within",
    "fetch_deadline_s",
)
SHELTER_NUMBERS = frozenset(SHELTER_SETTINGS) - {"together", "balance_within", "max_new_sites"}
