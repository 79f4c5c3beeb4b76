"""Which fields the tables of a project may have, by their roles, and which they must."""

from collections.abc import Mapping
from typing import Any

from instances.projects.dispatch_fields import DISPATCH_FIELDS, DISPATCH_NEEDED
from instances.projects.shelter_fields import SHELTER_FIELDS, SHELTER_NEEDED
from instances.projects.stock_fields import STOCK_FIELDS, STOCK_NEEDED

Fields = Mapping[str, tuple[str, ...]]

_PLACE = ("id", "name", "name_en", "lat", "lon", "position", "place")
_STATION = (
    *("class", "status", "headcount_people", "on_duty_people", "vehicles", "owner", "may"),
    *("yearly_cost", "commissioning_cost"),
)
_SITE = (*_PLACE, "allowed_classes", "land_cost", "outskirts", *_STATION)

# Each of `GROUPS` stands for one column a weight, type or skill: weights.residents.
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
_FACILITIES: dict[str, tuple[str, ...]] = {
    "demand": (*_PLACE, "residents", "weights", "area", "subdistrict"),
    "sites": (*_PLACE, "state", "cost", "capacity"),
    "places": FIELDS["places"],
    "areas": FIELDS["areas"],
}
_FACILITIES_NEEDED = {"demand": ("id",), "sites": ("id",), "places": ("name",), "areas": ("id",)}
FIRE_STATIONS, PLAIN_FACILITIES, SHELTERS = "fire-stations", "facilities", "shelters"
DISPATCH, STOCKPILES = "dispatch", "stockpiles"
_OF_KIND: dict[str, Fields] = {
    FIRE_STATIONS: FIELDS,
    PLAIN_FACILITIES: _FACILITIES,
    SHELTERS: SHELTER_FIELDS,
    DISPATCH: DISPATCH_FIELDS,
    STOCKPILES: STOCK_FIELDS,
}
_NEEDED_OF_KIND: dict[str, Fields] = {
    FIRE_STATIONS: NEEDED,
    PLAIN_FACILITIES: _FACILITIES_NEEDED,
    SHELTERS: SHELTER_NEEDED,
    DISPATCH: DISPATCH_NEEDED,
    STOCKPILES: STOCK_NEEDED,
}
PLACED = frozenset(
    {
        "demand",
        "listed",
        "sites",
        "entrances",
        "stations",
        "places",
        "hazards",
        "contracts",
        "teams",
        "incidents",
    }
)
GROUPS = ("weights", "vehicles", "skills", "amounts")


def kind_of(settings: Mapping[str, Any]) -> str:
    """Return the kind of a project by its settings; those that name none are of fire stations."""
    kind = settings.get("kind")
    return kind if kind in _OF_KIND else FIRE_STATIONS


def fields_of(settings: Mapping[str, Any]) -> Fields:
    """Return which fields the tables of a project may have, by their roles."""
    return _OF_KIND[kind_of(settings)]


def needed_in(settings: Mapping[str, Any]) -> Fields:
    """Return which fields the tables of a project must have, by their roles."""
    return _NEEDED_OF_KIND[kind_of(settings)]


def is_field(name: str, role: str | None = None, fields: Fields = FIELDS) -> bool:
    """Return whether a table of a role, or of any, may have a field.

    Examples
    --------
    >>> is_field("weights.elderly", "demand"), is_field("weights", "demand"), is_field("class")
    (True, False, True)
    """
    group, _, member = name.partition(".")
    known = fields[role] if role is not None else {one for some in fields.values() for one in some}
    return group in known and (group in GROUPS) == bool(member)
