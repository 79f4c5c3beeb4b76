"""A project to a request: the good rows in it, the others as faults."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from instances.coordinates import Crs
from instances.projects.contacts import Contact, discreet
from instances.projects.dispatch import dispatch
from instances.projects.facilities import facilities
from instances.projects.fields import (
    DISPATCH,
    FIRE_STATIONS,
    PLAIN_FACILITIES,
    SHELTERS,
    STOCKPILES,
    kind_of,
)
from instances.projects.fire_stations import fire_stations
from instances.projects.making import Made
from instances.projects.mapping import mapping_text
from instances.projects.reading import Read, read_project
from instances.projects.shelters import shelters
from instances.projects.stockpiles import stockpiles
from instances.tables.contacts import masked
from models.faults import Fault
from models.text import Text


@dataclass(frozen=True)
class Imported:
    """A request as plain data (None where none can be made), and what was wrong.

    ``network`` is the file (and layer) of the roads to travel on: they get their name in the
    store when they are kept there, so the request has none yet. ``dropped`` counts the rows left
    out; ``columns`` are those read, by table and field; ``notes`` say what else was done with the
    files. ``warnings`` are faults of files and sheets that play no role. ``contacts`` are the
    personal cells, which nothing else here holds. ``mapping`` is the text of a file that names
    the same columns again. ``crs`` is the project's system, ``network_crs`` what is said of the
    road file alone, ``placed_in`` what each table of places was read in, by its role.
    """

    request: dict[str, Any] | None
    faults: tuple[Fault, ...]
    dropped: int = 0
    columns: tuple[tuple[str, dict[str, str]], ...] = ()
    network: Path | None = None
    crs: str | None = None
    notes: tuple[Text, ...] = ()
    warnings: tuple[Fault, ...] = ()
    contacts: tuple[Contact, ...] = field(default=(), repr=False)
    mapping: str = ""
    network_layer: str | None = None
    network_crs: str | None = None
    placed_in: dict[str, Crs] = field(default_factory=dict)


def on_network(request: dict[str, Any], sha256: str) -> dict[str, Any]:
    """Return a request whose travel over roads, in every mode, is over those of that name."""

    def named(part: dict[str, Any]) -> dict[str, Any]:
        travel = part.get("travel", {})
        if travel.get("kind") != "roads":
            return part
        return part | {"travel": travel | {"network": {"sha256": sha256}}}

    modes = [named(one) for one in request.get("modes", ())]
    return named(request) | ({"modes": modes} if modes else {})


KINDS: dict[str, Callable[[Read], Made]] = {
    FIRE_STATIONS: fire_stations,
    PLAIN_FACILITIES: facilities,
    SHELTERS: shelters,
    DISPATCH: dispatch,
    STOCKPILES: stockpiles,
}


def import_project(
    path: Path,
    *,
    crs: str | None = None,
    new_stations: int | None = None,
    mapping: Path | None = None,
    files: bool = True,
) -> Imported:
    """Return the request that a folder or workbook holds; good rows outlive bad ones.

    Its settings name its kind, one of `KINDS`; where they name none it sites fire stations.
    ``crs`` is for files that nobody names one for, as is that of ``project.toml``. ``mapping``
    is a file that says which column holds which field; without one, that of the folder. Without
    ``files`` no other file enters, whatever a setting names: the project may be a stranger's.
    """
    read = read_project(path, mapping, files=files)
    given = {"crs": crs, "new_stations": new_stations}
    read.settings |= {key: value for key, value in given.items() if value is not None}
    made = KINDS[kind_of(read.settings)](read)
    network = read.maps.get("network")
    return Imported(
        made.request,
        tuple(discreet(fault) for fault in made.faults),
        sum(len(one.dropped) for one in made.rows.values()),
        tuple((read.tables[role].name, made.columns[role]) for role in made.rows or made.columns),
        None if network is None else network.path,
        read.settings.get("crs"),
        (*made.notes, *_left_out(read)),
        tuple(discreet(fault) for fault in read.warnings),
        tuple(read.contacts),
        mapping_text(read.tables, made.columns),
        None if network is None else network.layer,
        None if network is None else network.crs,
        made.placed_in,
    )


def _left_out(read: Read) -> list[Text]:
    """Say which columns were left out as personal, and which tables as without a role."""
    personal = [
        Text(code="project.personal", values={"table": table, "columns": masked(", ".join(names))})
        for table, names in read.personal.items()
    ]
    return personal + [Text(code="project.unused", values={"table": one}) for one in read.unused]
