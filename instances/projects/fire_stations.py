"""A project of fire-station siting to its request."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from instances.coordinates import CrsError, parse_crs
from instances.projects import maps
from instances.projects.gazetteer import assumption, note, read_places
from instances.projects.places import demand_points, sites_of
from instances.projects.reading import Read
from instances.projects.rows import Rows
from instances.projects.settings import FILE_NAME
from instances.tables.files import TableError
from models.faults import Fault
from models.text import Text

_NEEDED = {"demand": ("id", "residents"), "sites": ("id",), "stations": ("id", "class")}
_BENEATH = ("outline", "water", "forest")


@dataclass
class Made:
    """A request as plain data, None where none can be made; its rows by role, and the faults."""

    request: dict[str, Any] | None = None
    rows: dict[str, Rows] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: tuple[Text, ...] = ()


def fire_stations(read: Read) -> Made:
    """Return the request of a project; all faults of all its files are listed at once."""
    made = Made(faults=[*read.faults, *_crs_fault(read)])
    if read.unclear or len(made.faults) > len(read.faults):
        return made  # without the settings no row can be read
    made.faults += _missing(read)
    made.rows = _rows(read, made.faults)
    layers = _layers(read, made.faults)
    lacking = [
        role
        for role, fields in _NEEDED.items()
        if role in made.rows and made.rows[role].lacks(*fields)
    ]
    points = demand_points(made.rows["demand"]) if {"demand"} <= made.rows.keys() - lacking else []
    sites = [
        site
        for role in ("stations", "sites")
        if role in made.rows and role not in lacking
        for site in sites_of(made.rows[role])
    ]
    stopped = bool(made.faults or lacking)
    made.faults += [fault for one in made.rows.values() for fault in one.faults]
    if stopped:
        return made
    blocking = [*_shared_ids(sites), *_empty({"demand": points, "sites": sites})]
    made.faults += blocking
    made.notes = tuple(text for one in made.rows.values() if (text := note(one)) is not None)
    if not blocking:
        made.request = _request(read, points, sites, layers)
        if rests_on := _assumptions(made.rows):
            made.request["assumptions"] = rests_on
    return made


def _crs_fault(read: Read) -> tuple[Fault, ...]:
    """Return the fault of a coordinate system that is none."""
    if read.unclear or "crs" not in read.settings:
        return ()
    try:
        parse_crs(read.settings["crs"])
    except CrsError as error:
        return error.faults
    return ()


def _missing(read: Read) -> list[Fault]:
    faults = [
        Fault(path=role, need=Text(code="project.need.table", values={"role": role}))
        for role in ("demand", "sites")
        if role not in read.tables and role not in read.broken
    ]
    if "new_stations" not in read.settings:
        faults.append(Fault(path=FILE_NAME, need=Text(code="project.need.new_stations")))
    return faults


def _rows(read: Read, faults: list[Fault]) -> dict[str, Rows]:
    """Return the rows of every table by role; the places come first, for the others need them."""
    crs, columns = read.settings.get("crs"), read.settings.get("columns", {})
    rows: dict[str, Rows] = {}
    known = None
    for role in sorted(read.tables, key=lambda role: role != "places"):
        try:
            rows[role] = Rows.of(read.tables[role], crs, columns, known or ())
        except CrsError as error:
            faults += error.faults
            continue
        if role == "places":
            known = read_places(rows[role])
    return rows


def _layers(read: Read, faults: list[Fault]) -> dict[str, list[dict[str, Any]]]:
    """Return the shapes of every map file by role, but for the roads."""
    found: dict[str, list[dict[str, Any]]] = {}
    for role, path in read.maps.items():
        try:
            if role in _BENEATH:
                found[role] = maps.backdrop(path, role, read.settings.get("crs"))
            elif role == "closures":
                found[role] = maps.closures(path, read.settings.get("crs"))
        except (CrsError, TableError) as error:
            faults += error.faults
    return found


def _assumptions(rows: dict[str, Rows]) -> list[dict[str, Any]]:
    """Return what the request rests on where rows were placed by name."""
    places = rows["places"].table.name if "places" in rows else ""
    paths = {"demand": "demand_points", "stations": "sites", "sites": "sites"}
    found = (assumption(rows[role], path, places) for role, path in paths.items() if role in rows)
    return [one.model_dump() for one in found if one is not None]


def _shared_ids(sites: list[dict[str, Any]]) -> list[Fault]:
    counts = Counter(site["id"] for site in sites)
    twice = sorted(name for name, count in counts.items() if count > 1)
    need = Text(code="table.need.unique")
    return [Fault(path="sites", value=name, need=need) for name in twice]


def _empty(found: dict[str, list[dict[str, Any]]]) -> list[Fault]:
    need = Text(code="project.need.good_row")
    return [Fault(path=role, need=need) for role, some in found.items() if not some]


def _request(
    read: Read, points: list[Any], sites: list[Any], layers: dict[str, list[Any]]
) -> dict[str, Any]:
    request: dict[str, Any] = {
        "kind": "fire_stations",
        "demand_points": points,
        "sites": sites,
        "new_stations": read.settings["new_stations"],
    }
    if "name" in read.settings:
        request["name"] = {"en": read.settings["name"], "zh": read.settings["name"]}
    if "standard" in read.settings:
        request["standard"] = read.settings["standard"]
    if "crs" in read.settings:
        request["source_crs"] = read.settings["crs"]
    for key in ("time_sigma", "illustrative"):
        if key in read.settings:
            request[key] = read.settings[key]
    beneath = [shape for role in _BENEATH for shape in layers.get(role, ())]
    return (
        request
        | ({"backdrop": beneath} if beneath else {})
        | ({"travel": travel} if (travel := _travel(read, layers.get("closures", []))) else {})
    )


def _travel(read: Read, closed: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how travel is to be; roads of a file are named by whoever keeps them."""
    settings = read.settings
    if "network" not in read.maps and "network" not in settings:
        detour = settings.get("detour_factor")
        return {} if detour is None else {"kind": "coordinates", "detour_factor": detour}
    travel: dict[str, Any] = {"kind": "roads"}
    if "network" in settings:
        travel["network"] = {"sha256": settings["network"]}
    if closed:
        travel["closures"] = closed
    scenarios = settings.get("scenarios")
    if scenarios is None and closed:
        named = [one["id"] for one in closed]
        scenarios = [{"id": "usual"}, {"id": "closures", "closures": named}]
    given = {
        "scenarios": scenarios,
        "profile": settings.get("profile"),
        "cutoff_s": settings.get("cutoff_s"),
    }
    return travel | {key: value for key, value in given.items() if value is not None}
