"""The reference system that each file of a project is in, where a person says it for the file.

In ``project.toml`` or a mapping: ``[files."sites.csv"]``, then ``crs = "gcj02"``; a sheet or layer
goes by ``"book.xlsx:sites"``. What is said of a file stands above all else, its own word included;
other files are in the project's.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from instances.coordinates import Crs, CrsError, parse_crs
from models.faults import Fault
from models.text import Text

KEY = "files"
_CRS = "crs"
_OF_THE_FORMAT = (".pbf", ".osm")  # OpenStreetMap is WGS 84

Systems = dict[str, Crs]  # by file, or by sheet or layer


def of_content(content: object, path: str) -> tuple[Systems, list[Fault]]:
    """Return the systems that a table ``files`` names, and a fault for all in it that is none."""
    if not isinstance(content, dict):
        return {}, [Fault(path=path, need=Text(code="project.need.files"))]
    systems: Systems = {}
    faults: list[Fault] = []
    for name, said in content.items():
        where = f"{path}:{name}"
        if not isinstance(said, dict) or set(said) != {_CRS} or not isinstance(said[_CRS], str):
            faults.append(Fault(path=where, need=Text(code="project.need.files")))
            continue
        try:
            systems[name] = parse_crs(said[_CRS], path=f"{where}:{_CRS}")
        except CrsError as error:
            faults += error.faults
    return systems, faults


def said_of(systems: Mapping[str, Crs], name: str) -> Crs | None:
    """Return what is said of a table or layer: by its own name, else by that of its file."""
    return systems.get(name) or systems.get(name.split(":", maxsplit=1)[0])


def unused(systems: Mapping[str, Crs], names: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each file named that is not there, or whose format settles its system.

    ``names`` are those of the files, sheets and layers of the project.
    """
    for name, crs in systems.items():
        if name not in names:
            need = Text(code="project.need.listed", values={"known": ", ".join(sorted(names))})
            yield Fault(path=f"{KEY}:{name}", need=need)
        elif name.lower().endswith(_OF_THE_FORMAT) and crs.kind != "wgs84":
            need = Text(code="project.need.osm_system")
            yield Fault(path=f"{KEY}:{name}:{_CRS}", value=crs.name, need=need)


def source_crs(project: str | None, placed: Collection[Crs]) -> tuple[str | None, bool]:
    """Return the system that results leave in, None for WGS 84, and whether files are in several.

    It is the one that all tables of places came in, else the project's own.
    """
    several = len(set(placed)) > 1
    if several or not placed:
        return project, several
    only = next(iter(placed))
    if project is not None and parse_crs(project) == only:
        return project, False
    return (None if only.kind == "wgs84" else only.name), False


def summary(systems: Mapping[str, Crs]) -> Text | None:
    """Return which file was read in which system, None where none has coordinates."""
    if not systems:
        return None
    told = ", ".join(f"{name} = {_short(crs)}" for name, crs in systems.items())
    values: dict[str, Any] = {"files": told}
    return Text(code="project.systems", values=values)


def _short(crs: Crs) -> str:
    return crs.name if len(crs.name) <= 20 else f"{crs.name[:20]}..."
