"""What every kind of project has: its rows by role, its maps, its systems, the way of travel."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from instances.coordinates import Crs, CrsError, parse_crs
from instances.projects import maps
from instances.projects.fields import PLACED, fields_of, needed_in
from instances.projects.gazetteer import assumption, note, read_places
from instances.projects.mapping import Columns, columns_of
from instances.projects.reading import MAY_BE_EMPTY, Read
from instances.projects.rows import Rows
from instances.projects.settings import TOLD
from instances.projects.systems import source_crs, summary
from instances.tables.columns import label_of
from instances.tables.files import TableError
from models.faults import Fault
from models.messages import MESSAGES
from models.text import Text

Layers = dict[str, list[dict[str, Any]]]

_BENEATH = ("outline", "water", "forest")
_OVER = {"closures": maps.closures, "hazard_areas": maps.hazard_areas}
_ROWS_OF_PLACES = ("demand", "listed", "sites", "stations", "incidents", "teams", "contracts")


@dataclass
class Made:
    """A request as plain data, None where none can be made; its rows by role, and the faults.

    ``lacking`` are the roles whose table has not the columns it needs. ``systems`` are those that
    map files were read in, ``placed_in`` those of the tables of places, by role.
    """

    request: dict[str, Any] | None = None
    columns: Columns = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    notes: tuple[Text, ...] = ()
    systems: dict[str, Crs] = field(default_factory=dict)
    placed_in: dict[str, Crs] = field(default_factory=dict)


@dataclass
class Parts:
    """The lists of a request, as far as good rows give them; ``more`` by its fields."""

    points: list[dict[str, Any]] = field(default_factory=list)
    sites: list[dict[str, Any]] = field(default_factory=list)
    areas: list[dict[str, Any]] = field(default_factory=list)
    more: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    located: int = 0


@dataclass(frozen=True)
class Making:
    """What is a kind's own: settings it cannot do without, its rows, and what its request says.

    ``finished`` puts the whole request, and what its maps show, in the kind's own words.
    """

    missing: Callable[[Read], list[Fault]]
    parts: Callable[[dict[str, Rows]], Parts]
    told: Callable[[Read], dict[str, Any]]
    finished: Callable[[dict[str, Any], "Layers"], dict[str, Any]] = lambda request, _: request
    roles: tuple[str, str] = ("demand", "sites")  # of the points and the sites, which it needs


def make(read: Read, kind: Making) -> Made:
    """Return the request of a project; all faults of all its files are listed at once."""
    made = Made(faults=[*read.faults, *_crs_fault(read)])
    made.columns, unknown = columns_of(
        read.tables, read.mapping, read.mapping_name, fields_of(read.settings)
    )
    made.faults += unknown
    if read.unclear or len(made.faults) > len(read.faults) + len(unknown):
        return made  # without the settings no row can be read
    made.faults += [*_absent(read, kind.roles), *kind.missing(read)]
    made.rows = _rows(read, made)
    layers = _layers(read, made)
    parts = kind.parts({role: one for role, one in made.rows.items() if role not in made.lacking})
    stopped = bool(made.faults or made.lacking)
    made.faults += [fault for one in made.rows.values() for fault in one.faults]
    if stopped:
        return made
    blocking = [
        *_shared_ids(parts.sites),
        *_empty(dict(zip(kind.roles, (parts.points, parts.sites), strict=True))),
    ]
    made.faults += blocking
    made.notes = tuple(text for one in made.rows.values() if (text := note(one)) is not None)
    if parts.located:
        made.notes += (Text(code="project.located", values={"count": parts.located}),)
    if not blocking:
        whole = _request(read, parts, layers) | kind.told(read) | _beside(made)
        made.request = kind.finished(whole | _leaving(read, made), layers)
    return made


def _absent(read: Read, roles: tuple[str, str]) -> list[Fault]:
    return [
        Fault(path=role, need=Text(code="project.need.table", values={"role": role}))
        for role in roles
        if role not in read.tables and role not in read.broken
    ]


def _request(read: Read, parts: Parts, layers: dict[str, list[Any]]) -> dict[str, Any]:
    """Return what the request of any kind says."""
    settings = read.settings
    request: dict[str, Any] = {"demand_points": parts.points, "sites": parts.sites}
    request |= {key: some for key, some in parts.more.items() if some}
    request |= {"areas": parts.areas} if parts.areas else {}
    if "name" in settings:
        request["name"] = {"en": settings["name"], "zh": settings["name"]}
    request |= {key: settings[key] for key in TOLD if key in settings}
    beneath = [shape for role in _BENEATH for shape in layers.get(role, ())]
    travel = _travel(read, layers.get("closures", []))
    return (
        request
        | ({"backdrop": beneath} if beneath else {})
        | ({"travel": travel} if travel else {})
    )


def _crs_fault(read: Read) -> tuple[Fault, ...]:
    """Return the fault of a coordinate system that is none."""
    if read.unclear or "crs" not in read.settings:
        return ()
    try:
        parse_crs(read.settings["crs"])
    except CrsError as error:
        return error.faults
    return ()


def _rows(read: Read, made: Made) -> dict[str, Rows]:
    """Return the rows of every table by role; the places come first, for the others need them."""
    rows: dict[str, Rows] = {}
    known = None
    for role in sorted(read.tables, key=lambda role: role != "places"):
        try:
            table = Rows.of(
                read.tables[role], read.crs_of(read.tables[role]), made.columns[role], known or ()
            )
        except CrsError as error:
            made.faults += error.faults
            continue
        if role in MAY_BE_EMPTY and not any(table.filled()):
            continue  # examples alone
        rows[role] = table
        if rows[role].lacks(*needed_in(read.settings)[role], placed=role in PLACED):
            made.lacking.add(role)
        elif role == "places":
            known = read_places(rows[role])
    return rows


def _layers(read: Read, made: Made) -> dict[str, list[dict[str, Any]]]:
    """Return the shapes of every map file by role, but for the roads."""
    found: dict[str, list[dict[str, Any]]] = {}
    for role, file in read.maps.items():
        if role not in {*_BENEATH, *_OVER}:
            continue
        try:
            layer = maps.read_shapes(file, read.settings.get("crs"))
        except (CrsError, TableError) as error:
            made.faults += error.faults
            continue
        made.systems[file.name] = layer.system
        found[role] = maps.backdrop(layer, role) if role in _BENEATH else _OVER[role](layer)
    return found


def _shared_ids(sites: list[dict[str, Any]]) -> list[Fault]:
    counts = Counter(site["id"] for site in sites)
    twice = sorted(name for name, count in counts.items() if count > 1)
    need = Text(code="table.need.unique")
    return [Fault(path="sites", value=name, need=need) for name in twice]


def _empty(found: dict[str, list[dict[str, Any]]]) -> list[Fault]:
    need = Text(code="project.need.good_row")
    return [Fault(path=role, need=need) for role, some in found.items() if not some]


def _beside(made: Made) -> dict[str, Any]:
    """Return what a request says of its columns and rows: names of weights, places by name."""
    columns = made.columns.get("demand", {})
    named = {
        field.partition(".")[2]: label_of(column)
        for field, column in columns.items()
        if field.startswith("weights.")
    }
    labels = {key: name for key, name in named.items() if name and f"weight.{key}" not in MESSAGES}
    rests_on = _assumptions(made.rows)
    return ({"weight_names": labels} if labels else {}) | (
        {"assumptions": rests_on} if rests_on else {}
    )


def _leaving(read: Read, made: Made) -> dict[str, Any]:
    """Return the system that results leave in, and note which file was read in which."""
    own = {role: rows.crs for role, rows in made.rows.items() if rows.crs and rows.has_positions}
    made.placed_in = {role: crs for role, crs in own.items() if role in _ROWS_OF_PLACES}
    by_name = {made.rows[role].table.name: crs for role, crs in own.items()} | made.systems
    project = read.settings.get("crs")
    leaving, several = source_crs(project, made.placed_in.values())
    notes = [summary(by_name)]
    if several:
        values = {"crs": leaving or "wgs84"}
        code = "project.several_systems" if leaving else "project.several_systems_bare"
        notes.append(Text(code=code, values={**values}))
    made.notes += tuple(one for one in notes if one is not None)
    return {} if leaving is None else {"source_crs": leaving}


def _assumptions(rows: dict[str, Rows]) -> list[dict[str, Any]]:
    """Return what the request rests on where rows were placed by name."""
    places = rows["places"].table.name if "places" in rows else ""
    paths = {"demand": "demand_points", "stations": "sites", "sites": "sites"}
    paths |= {one: one for one in ("incidents", "teams", "contracts")}
    found = (assumption(rows[role], path, places) for role, path in paths.items() if role in rows)
    return [one.model_dump() for one in found if one is not None]


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
