"""A project to a request: the good rows in it, the others as faults."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from instances.coordinates import CrsError
from instances.projects import maps
from instances.projects.gazetteer import assumption, note, read_places
from instances.projects.rows import Rows
from instances.projects.settings import FILE_NAME, Read, read_project
from instances.tables.files import TableError
from models.faults import Fault
from models.places import StationStatus
from models.presets import STATION_CLASSES
from models.text import Text


@dataclass(frozen=True)
class Imported:
    """A request as plain data (None where none can be made), and what was wrong.

    ``network`` is the file of the roads to travel on: they get their name in the store when they
    are kept there, so the request has none yet. ``dropped`` counts the rows left out; ``columns``
    are those read, by table and field; ``unused`` the tables that play no role; ``notes`` say what
    was done with rows beyond reading them.
    """

    request: dict[str, Any] | None
    faults: tuple[Fault, ...]
    dropped: int = 0
    columns: tuple[tuple[str, dict[str, str]], ...] = ()
    unused: tuple[str, ...] = ()
    network: Path | None = None
    crs: str | None = None
    notes: tuple[Text, ...] = ()


def import_project(
    path: Path,
    *,
    kind: str = "fire-stations",
    crs: str | None = None,
    new_stations: int | None = None,
) -> Imported:
    """Return the request that a folder or workbook holds; good rows outlive bad ones.

    ``crs`` is for files that do not name their own, as is that of ``project.toml``.
    """
    read = read_project(path)
    if read.faults:
        return Imported(None, tuple(read.faults), unused=tuple(read.unused))
    given = {"crs": crs, "new_stations": new_stations}
    read.settings |= {key: value for key, value in given.items() if value is not None}
    try:
        return KINDS[kind](read)
    except (CrsError, TableError) as error:
        return Imported(None, error.faults)


def _fire_stations(read: Read) -> Imported:
    rows = _rows(read)
    faults = _missing(read)
    ready = [
        not rows[role].lacks("id", *more)
        for role, more in (("demand", ("residents",)), ("sites", ()), ("stations", ("class",)))
        if role in rows
    ]
    if faults or not all(ready):
        faults += [fault for one in rows.values() for fault in one.faults]
        return Imported(None, tuple(faults))
    points = _demand(rows["demand"])
    sites = [
        place for role in ("stations", "sites") if role in rows for place in _sites(rows[role])
    ]
    faults += [fault for one in rows.values() for fault in one.faults]
    shared = _shared_ids(sites)
    faults += shared
    for role, found in (("demand", points), ("sites", sites)):
        if not found:
            faults.append(Fault(path=role, need=Text(code="project.need.good_row")))
    usable = bool(points and sites) and not shared
    request = _request(read, points, sites) if usable else None
    if request is not None and (rests_on := _assumptions(rows)):
        request["assumptions"] = rests_on
    return Imported(
        request,
        tuple(faults),
        sum(len(one.dropped) for one in rows.values()),
        tuple((one.table.name, one.columns) for one in rows.values()),
        tuple(read.unused),
        read.maps.get("network"),
        read.settings.get("crs"),
        tuple(text for one in rows.values() if (text := note(one)) is not None),
    )


def _assumptions(rows: dict[str, Rows]) -> list[dict[str, Any]]:
    """Return what the request rests on where rows were placed by name."""
    places = rows["places"].table.name if "places" in rows else ""
    paths = {"demand": "demand_points", "stations": "sites", "sites": "sites"}
    found = (assumption(rows[role], path, places) for role, path in paths.items() if role in rows)
    return [one.model_dump() for one in found if one is not None]


def _rows(read: Read) -> dict[str, Rows]:
    """Return the rows of every table by role; the places come first, for the others need them."""
    crs, columns = read.settings.get("crs"), read.settings.get("columns", {})
    rows = {
        role: Rows.of(table, crs, columns)
        for role, table in read.tables.items()
        if role == "places"
    }
    known = read_places(rows["places"]) if rows else ()
    for role, table in read.tables.items():
        if role != "places":
            rows[role] = Rows.of(table, crs, columns, known)
    return rows


KINDS: dict[str, Callable[[Read], Imported]] = {"fire-stations": _fire_stations}


def _missing(read: Read) -> list[Fault]:
    faults = [
        Fault(path=role, need=Text(code="project.need.table", values={"role": role}))
        for role in ("demand", "sites")
        if role not in read.tables
    ]
    if "new_stations" not in read.settings:
        faults.append(Fault(path=FILE_NAME, need=Text(code="project.need.new_stations")))
    return faults


def _demand(rows: Rows) -> list[dict[str, Any]]:
    points = []
    for number, row, place in rows.places():
        residents = rows.number(number, row, "residents")
        if residents is not None and residents < 0:
            rows.refuse(number, "residents", Text(code="table.need.not_negative"))
        elif residents is not None:
            risk = rows.text(row, "risk_class")
            told = {} if risk is None else {"risk_class": risk}
            points.append(place | {"weights": {"residents": residents}} | told)
    return points


def _sites(rows: Rows) -> list[dict[str, Any]]:
    sites = []
    for number, row, place in rows.places():
        name = rows.text(row, "name")
        site = place | ({} if name is None else {"name": {"en": name, "zh": name}})
        if "class" in rows.columns:
            station = _station(rows, number, row)
            if station is None:
                continue
            site["station"] = station
        sites.append(site)
    return sites


def _station(rows: Rows, number: int, row: dict[str, object]) -> dict[str, str] | None:
    class_id = rows.text(row, "class")
    status = rows.text(row, "status") or StationStatus.IN_SERVICE.value
    if class_id not in STATION_CLASSES:
        known = ", ".join(STATION_CLASSES)
        rows.refuse(number, "class", Text(code="table.need.class", values={"known": known}))
        return None
    if status not in set(StationStatus):
        known = ", ".join(StationStatus)
        rows.refuse(number, "status", Text(code="table.need.status", values={"known": known}))
        return None
    return {"class_id": class_id, "status": status}


def _shared_ids(sites: list[dict[str, Any]]) -> list[Fault]:
    counts = Counter(site["id"] for site in sites)
    twice = sorted(name for name, count in counts.items() if count > 1)
    need = Text(code="table.need.unique")
    return [Fault(path="sites", value=name, need=need) for name in twice]


def _request(read: Read, points: list[Any], sites: list[Any]) -> dict[str, Any]:
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
    crs = read.settings.get("crs")
    beneath = [
        shape
        for kind in ("outline", "water", "forest")
        if kind in read.maps
        for shape in maps.backdrop(read.maps[kind], kind, crs)
    ]
    return (
        request
        | ({"backdrop": beneath} if beneath else {})
        | ({"travel": travel} if (travel := _travel(read)) else {})
    )


def _travel(read: Read) -> dict[str, Any]:
    """Return how travel is to be; roads of a file are named by whoever keeps them."""
    settings = read.settings
    if "network" not in read.maps and "network" not in settings:
        detour = settings.get("detour_factor")
        return {} if detour is None else {"kind": "coordinates", "detour_factor": detour}
    travel: dict[str, Any] = {"kind": "roads"}
    if "network" in settings:
        travel["network"] = {"sha256": settings["network"]}
    closed = []
    if "closures" in read.maps:
        closed = maps.closures(read.maps["closures"], settings.get("crs"))
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
