"""The tables, columns and settings of a project of team dispatch."""

_PLACE = ("id", "name", "name_en", "lat", "lon", "position", "place")
_NAMED = ("id", "name", "name_en")

DISPATCH_FIELDS: dict[str, tuple[str, ...]] = {
    "teams": (
        *(*_PLACE, "kind", "tier", "people", "skills", "vehicles", "amounts", "mode", "zone"),
        *("owner", "status", "free_in_s", "turnout_s", "turnout_share", "roles_max"),
    ),
    "incidents": (
        *(*_PLACE, "kind", "response_level", "severity", "zone", "waited_s", "needs"),
        *("first_within_s", "full_within_s", "on_scene_s", "partial", "parent"),
    ),
    "response_plans": (
        *("incident_kind", "response_level", "skill", "teams", "min_skilled", "min_people"),
        *("vehicles", "need_within_s", "first_due", "amount_of", "amount"),
        *("first_within_s", "full_within_s"),
    ),
    "tiers": (*_NAMED, "opens_at", "surcharge_s"),
    "owners": (*_NAMED, "release_delay_s", "needs_permission", "granted"),
    "modes": (*_NAMED, "speed"),
    "reserve": ("zone", "skill", "teams", "hard"),
    "orders": ("team", "incident", "order_kind", "reason"),
    "places": ("id", "name", "alias", "lat", "lon", "position", "precision"),
}
DISPATCH_NEEDED: dict[str, tuple[str, ...]] = {
    "teams": ("id",),
    "incidents": ("id",),
    "response_plans": ("incident_kind",),
    "tiers": ("id",),
    "owners": ("id",),
    "modes": ("id",),
    "reserve": ("teams",),
    "orders": ("team", "incident"),
    "places": ("name",),
}
DISPATCH_LISTS = frozenset({"response_plans", "tiers", "owners", "modes", "reserve", "orders"})
DISPATCH_SETTINGS = ("deadline_ms", "diversion_cost", "freeze_s")
