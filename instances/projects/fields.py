"""Which fields the tables of a project may have, by their roles, and which they must."""

_PLACE = ("id", "name", "name_en", "lat", "lon", "position", "place")
_STATION = (
    *("class", "status", "headcount_people", "on_duty_people", "vehicles", "owner", "may"),
    *("yearly_cost", "commissioning_cost"),
)
_SITE = (*_PLACE, "allowed_classes", "land_cost", "outskirts", *_STATION)

# ``weights`` and ``vehicles`` stand for one column a weight or type: weights.residents.
FIELDS: dict[str, tuple[str, ...]] = {
    "demand": (
        *_PLACE,
        *("residents", "weights", "risk_class", "area", "subdistrict"),
        *("area_m2", "built_up_area_m2", "forest_share"),
    ),
    "sites": _SITE,
    "stations": _SITE,
    "places": ("id", "name", "alias", "lat", "lon", "position", "precision"),
    "areas": ("id", "name", "name_en", "level", "parent"),
    "classes": (
        *("id", "name", "name_en", "rank", "on_duty_people", "vehicles", "turnout_s"),
        *("nominal_area_m2", "outskirts_nominal_area_m2", "capital_cost", "yearly_cost"),
        *("commissioning_cost", "strengthening_cost"),
    ),
    "risk_classes": ("id", "name", "name_en", "vehicles"),
    "hazards": ("id", "name", "name_en", "kind", "lat", "lon", "position", "place"),
}
NEEDED: dict[str, tuple[str, ...]] = {
    "demand": ("id", "residents"),
    "sites": ("id",),
    "stations": ("id", "class"),
    "places": ("name",),
    "areas": ("id",),
    "classes": ("id",),
    "risk_classes": ("id",),
    "hazards": ("kind",),
}
PLACED = frozenset({"demand", "sites", "stations", "places", "hazards"})
GROUPS = ("weights", "vehicles")


def is_field(name: str, role: str | None = None) -> bool:
    """Return whether a table of a role, or of any, may have a field.

    Examples
    --------
    >>> is_field("weights.elderly", "demand"), is_field("weights", "demand"), is_field("class")
    (True, False, True)
    """
    group, _, member = name.partition(".")
    known = FIELDS[role] if role is not None else {one for some in FIELDS.values() for one in some}
    return group in known and (group in GROUPS) == bool(member)
