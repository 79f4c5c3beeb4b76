"""What a project of fire-station siting has of its own."""

from typing import Any

from instances.projects.areas import Areas
from instances.projects.lists import (
    place_hazards,
    risk_classes,
    risk_words,
    station_classes,
    words_of,
)
from instances.projects.making import Made, Making, Parts, make
from instances.projects.places import Known, demand_points, sites_of
from instances.projects.reading import Read
from instances.projects.rows import Rows
from instances.projects.settings import FILE_NAME, FIRE_STATIONS_TOLD, NEW_STATIONS, TABLES
from instances.projects.words import class_words
from models.faults import Fault
from models.text import Text


def fire_stations(read: Read) -> Made:
    """Return the request of a project; all faults of all its files are listed at once."""
    return make(read, Making(_missing, _parts, _told))


def _parts(rows: dict[str, Rows]) -> Parts:
    """Return what the rows of every table give; those that others refer to come first."""
    parts = Parts()
    classes = station_classes(rows["classes"]) if "classes" in rows else []
    risks = risk_classes(rows["risk_classes"]) if "risk_classes" in rows else []
    known = Known(
        words_of(classes) if classes else class_words(),
        Areas.of_list(rows["areas"]) if "areas" in rows else Areas(),
        risk_words(risks) if "risk_classes" in rows else None,
    )
    if "demand" in rows:
        parts.points = demand_points(rows["demand"], known)
    for role in ("stations", "sites"):
        if role in rows:
            parts.sites += sites_of(rows[role], known, stations=role == "stations")
    if "hazards" in rows:
        place_hazards(rows["hazards"], parts.sites)
    parts.areas, parts.located = known.areas.request(), known.areas.located
    if known.risks is None:
        named = dict.fromkeys(one["risk_class"] for one in parts.points if "risk_class" in one)
        risks = [{"id": name} for name in named]
    parts.more = {"classes": classes, "risk_classes": risks}
    return parts


def _missing(read: Read) -> list[Fault]:
    if NEW_STATIONS in read.settings:
        return []
    return [Fault(path=FILE_NAME, need=Text(code="project.need.new_stations"))]


def _told(read: Read) -> dict[str, Any]:
    keys = (NEW_STATIONS, "standard", *FIRE_STATIONS_TOLD, *TABLES)
    told = {key: read.settings[key] for key in keys if key in read.settings}
    return {"kind": "fire_stations"} | told
