"""Points and lines of map layers, on the globe or, for a page alone, on a plane of metres."""

from typing import Any

from models.places import Place

Feature = dict[str, Any]
Spot = tuple[float, float]


def spot(place: Place, *, plane: bool) -> Spot | None:
    """Return where a place is, ``(lon, lat)`` or ``(x_m, y_m)``; None where that is not known."""
    first, second = (place.x_m, place.y_m) if plane else (place.lon, place.lat)
    return None if first is None or second is None else (first, second)


def point(at: Spot, **properties: object) -> Feature:
    """Return a place with what it says of itself."""
    return _feature("Point", list(at), properties)


def line(places: list[Spot], **properties: object) -> Feature:
    """Return a way through places with what it says of itself."""
    return _feature("LineString", [list(at) for at in places], properties)


def collection(features: list[Feature]) -> dict[str, Any]:
    """Return features as one layer."""
    return {"type": "FeatureCollection", "features": features}


def _feature(kind: str, coordinates: list[Any], properties: dict[str, object]) -> Feature:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
