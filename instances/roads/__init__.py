"""Readers of road networks: each format becomes ways, and ways the arrays of a network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from instances.roads import graphml, lines, osm, tables
from instances.roads.build import Columns, build
from instances.roads.ways import NetworkError, Options, TimeUnit, ToWgs84, Ways, refuse
from models.text import Text

__all__ = ["FORMATS", "Network", "NetworkError", "Options", "TimeUnit", "ToWgs84", "read_network"]

Reader = Callable[[Path, Options], Ways]

# By the end of the name; the first that fits counts.
FORMATS: Mapping[str, Reader] = {
    ".osm.pbf": osm.read,
    ".pbf": osm.read,
    ".osm": osm.read,
    ".osm.xml": osm.read,
    ".osm.gz": osm.read,
    ".osm.bz2": osm.read,
    ".graphml": graphml.read,
    ".gpkg": lines.read,
    ".geojson": lines.read,
    ".json": lines.read,
    ".shp": lines.read,
    ".fgb": lines.read,
    ".zip": tables.read,
}


@dataclass(frozen=True)
class Network:
    """The arrays of `models.roads.RoadNetwork`, and what to know of how they came about."""

    columns: Columns
    notes: tuple[Text, ...] = ()


def read_network(path: Path, *, options: Options | None = None) -> Network:
    """Return the road network of a file, whatever its format, by the end of its name.

    A folder or ZIP holds ``nodes.csv`` and ``arcs.csv``.

    Raises
    ------
    NetworkError
        The file is missing, damaged, of another kind, or holds no road; with all its faults.
    """
    options = options or Options()
    if not path.exists():
        raise refuse(path, "need.file")
    if not path.is_dir() and path.stat().st_size == 0:
        raise refuse(path, "empty")
    columns, notes = build(path, _reader(path)(path, options), options)
    return Network(columns, notes)


def _reader(path: Path) -> Reader:
    if path.is_dir():
        return tables.read
    name = path.name.lower()
    found = next((read for suffix, read in FORMATS.items() if name.endswith(suffix)), None)
    if found is None:
        raise refuse(path, "need.format", known=", ".join(FORMATS))
    return found
