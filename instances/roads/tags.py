"""What OpenStreetMap's tags say of a road: who may use it, which way, and how fast.

Words as on the wiki of OpenStreetMap: ``highway``, ``access`` and its kin, ``oneway``,
``maxspeed``.
"""

import re
from collections.abc import Mapping

from instances.roads.ways import FORWARD, WALKERS

Tags = Mapping[str, str]

_LINKED = ("motorway", "trunk", "primary", "secondary", "tertiary")
DRIVEN = frozenset(
    (*_LINKED, *(f"{name}_link" for name in _LINKED), "unclassified", "residential")
) | {"living_street", "service", "road", "track"}
WALKED = frozenset({"footway", "path", "steps", "cycleway", "bridleway", "corridor"})
ROADS = DRIVEN | WALKED | {"pedestrian", "busway"}
_NO_WALKING = frozenset({"motorway", "motorway_link", "busway"})

_YES = frozenset(
    {"yes", "permissive", "designated", "destination", "customers", "delivery", "official"}
)
_ONE_WAY = frozenset({"yes", "1", "true"})
_KM_H = 1 / 3.6
_UNITS = {"": _KM_H, "km/h": _KM_H, "kmh": _KM_H, "kph": _KM_H, "mph": 0.44704, "knots": 0.514444}
# Regulation on the Implementation of the Road Traffic Safety Law, articles 45 and 78: one lane
# each way in town and out of it, and the motorway's limit.
_ZONES = {"cn:urban": 50.0, "cn:rural": 70.0, "cn:motorway": 120.0}
_SPEED = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?$")
_ZONE_SPEED = re.compile(r"^[a-z]{2}(?:-[a-z]+)?:(?:zone:?)?(\d+)$")


def speed_m_s(text: str | None) -> float | None:
    """Return a posted limit, None where there is none or it is not a number.

    Of several the lowest counts, for it is unknown where each holds.

    Examples
    --------
    >>> [speed_m_s(text) for text in ("36", "50 mph", "CN:urban", "36;72", "none")]
    [10.0, 22.352, 13.88888888888889, 10.0, None]
    """
    if not text:
        return None
    found = [_one_speed(part.strip().lower()) for part in re.split(r"[;,|]", text)]
    known = [speed for speed in found if speed is not None and 0 < speed <= 100]
    return min(known, default=None)


def _one_speed(text: str) -> float | None:
    if plain := _SPEED.match(text):
        return float(plain[1]) * _UNITS[plain[2] or ""]
    if text in _ZONES:
        return _ZONES[text] * _KM_H
    zone = _ZONE_SPEED.match(text)
    return float(zone[1]) * _KM_H if zone else None


def limit_m_s(tags: Tags) -> float | None:
    """Return the limit of ``maxspeed``, else the lower of its two directions."""
    if "maxspeed" in tags:
        return speed_m_s(tags["maxspeed"])
    both = [speed_m_s(tags.get(f"maxspeed:{way}")) for way in ("forward", "backward")]
    return min((speed for speed in both if speed is not None), default=None)


def direction(tags: Tags) -> int:
    """Return the directions open to traffic: 1 forward, 2 backward, 3 both, 0 neither.

    Roundabouts and motorways are one-way unless they say otherwise; ``reversible`` roads are
    open at hours nobody knows, hence to nobody.
    """
    oneway = tags.get("oneway", "").lower()
    implied = (
        tags.get("junction") in {"roundabout", "circular"} or tags.get("highway") == "motorway"
    )
    if oneway in {"-1", "reverse"}:
        return 2
    if oneway == "reversible":
        return 0
    one_way = oneway in _ONE_WAY or (implied and oneway != "no")
    return 1 if one_way else 3


def access_bits(tags: Tags) -> int:
    """Return who may use a road, as the bits of `models.roads.RoadNetwork`; 0 for nobody.

    Examples
    --------
    >>> access_bits({"highway": "residential", "oneway": "yes"})
    53
    >>> access_bits({"highway": "footway"}), access_bits({"highway": "construction"})
    (48, 0)
    """
    highway = tags.get("highway", "")
    if highway not in ROADS or tags.get("area") == "yes":
        return 0
    way = direction(tags)
    cars = _says(tags, ("motorcar", "motor_vehicle", "vehicle", "access"), highway in DRIVEN)
    buses = _says(tags, ("bus", "psv"), cars or highway == "busway")
    bits = (way if cars else 0) | (_bus_ways(tags, way) << 2 if buses else 0)
    bits |= _walking(tags, highway) << 4
    if _lets_emergency(tags, highway):
        bits |= (3 if tags.get("oneway:emergency") == "no" else way) << 6
    return bits


def _says(tags: Tags, keys: tuple[str, ...], default: bool) -> bool:
    """Return what the first of the keys says that is there; the most special comes first."""
    said = next((tags[key] for key in keys if key in tags), None)
    return default if said is None else said in _YES


def _bus_ways(tags: Tags, way: int) -> int:
    against = (
        "no" in {tags.get("oneway:bus"), tags.get("oneway:psv")}
        or any(
            tags.get(key, "").startswith("opposite")
            for key in ("busway", "busway:left", "busway:right")
        )
        or any(tags.get(key, "0") != "0" for key in ("lanes:bus:backward", "lanes:psv:backward"))
    )
    return 3 if against else way


def _walking(tags: Tags, highway: str) -> int:
    default = highway not in _NO_WALKING and tags.get("motorroad") != "yes"
    if not _says(tags, ("foot", "access"), default):
        return 0
    one_way = tags.get("oneway:foot") in _ONE_WAY or tags.get("foot:backward") == "no"
    return 1 if one_way else 3


def _lets_emergency(tags: Tags, highway: str) -> bool:
    """Return whether emergency vehicles may, beyond what cars and buses may.

    They pass the gates of private roads and drive pedestrian streets; what is closed to all
    stays closed to them unless ``emergency`` says otherwise.
    """
    if "emergency" in tags:
        return tags["emergency"] in _YES
    private = "private" in {tags.get(key) for key in ("access", "vehicle", "motor_vehicle")}
    return highway == "pedestrian" or (private and highway in DRIVEN)


def one_direction(bits: int) -> int:
    """Return the bits with vehicles kept to the forward direction; walkers keep both.

    Examples
    --------
    >>> one_direction(0b111111)
    53
    """
    return bits & (FORWARD | WALKERS)
