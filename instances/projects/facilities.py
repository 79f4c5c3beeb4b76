"""What a project of plain siting has of its own: a goal, and sites with cost, room and state."""

from typing import Any

from instances.projects.areas import Areas
from instances.projects.making import Made, Making, Parts, make
from instances.projects.places import Known, filled, one_of, weighted_points
from instances.projects.reading import Read
from instances.projects.rows import Rows
from instances.projects.settings import FACILITIES_TOLD, FILE_NAME, FRONT
from instances.projects.words import state_words
from models.faults import Fault
from models.text import Text

_STATES = state_words()


def facilities(read: Read) -> Made:
    """Return the request of a project; all faults of all its files are listed at once."""
    return make(read, Making(_missing, _parts, _told))


def _missing(read: Read) -> list[Fault]:
    if "goal" in read.settings:
        return []
    return [Fault(path=FILE_NAME, need=Text(code="project.need.goal"))]


def _parts(rows: dict[str, Rows]) -> Parts:
    known = Known({}, Areas.of_list(rows["areas"]) if "areas" in rows else Areas())
    parts = Parts()
    if "demand" in rows:
        parts.points = weighted_points(rows["demand"], known)
    if "sites" in rows:
        parts.sites = _sites(rows["sites"])
    parts.areas, parts.located = known.areas.request(), known.areas.located
    return parts


def _sites(rows: Rows) -> list[dict[str, Any]]:
    sites = []
    for number, row, place in rows.places():
        told: dict[str, Any] = {
            "name": rows.label(row),
            "cost": rows.amount(number, row, "cost"),
            "capacity": rows.amount(number, row, "capacity"),
        }
        if rows.text(row, "state") is not None:
            told["state"] = one_of(rows, number, row, "state", _STATES)
        if number not in rows.dropped:
            sites.append(place | filled(told))
    return sites


def _told(read: Read) -> dict[str, Any]:
    told = {key: read.settings[key] for key in FACILITIES_TOLD if key in read.settings}
    if "facility" in told:
        told["facility"] = {"en": told["facility"], "zh": told["facility"]}
    if FRONT in read.settings:
        told[FRONT] = {"against": read.settings[FRONT]}
    detour = read.settings.get("detour_factor")
    straight: dict[str, Any] = {"kind": "coordinates", "detour_factor": detour or 1.0}
    on_foot = told.get("reference_speed_m_s", 1.2)
    straight["scenarios"] = [
        {"id": "straight", "law": {"kind": "constant_speed", "speed_m_s": on_foot}}
    ]
    by_roads = "network" in read.maps or "network" in read.settings
    return {"kind": "facilities"} | told | ({} if by_roads else {"travel": straight})
