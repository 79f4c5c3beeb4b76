"""What a project says of itself in ``project.toml``, and which table plays which role."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from instances.projects import maps
from instances.tables.files import SUFFIXES, Table, TableError, is_blank, read_tables
from instances.tables.numbers import read_number
from models.faults import Fault
from models.text import Text

FILE_NAME = "project.toml"
_STORE_NAME = re.compile(r"[0-9a-f]{64}")
KEYS = (
    *("name", "crs", "new_stations", "standard", "detour_factor", "columns"),
    *("network", "profile", "scenarios", "cutoff_s", "time_sigma", "illustrative"),
)
_WHOLE = frozenset({"new_stations"})
_NUMBERS = frozenset({"detour_factor", "cutoff_s", "time_sigma"})

_TEXTS = ("name", "crs", "standard")

# What the name of a table must say for its role, the first that fits; Latin words stand alone
# where they are short enough to lie in others.
_ROLES = {
    role: re.compile(words)
    for role, words in {
        "demand": "demand|需求",
        "sites": "sites|站址|候选",
        "settings": "settings|参数",
        "places": "(?<![a-z])places(?![a-z])|gazetteer|地点|地名",
        "stations": "stations|消防站|现状站",
    }.items()
}
# Files of a map that are no tables, by what their name says.
_MAPS = {
    "network": ("roads", "network", "道路", "路网"),
    "closures": ("closures", "closed", "封闭", "积水", "滑坡"),
    "outline": ("outline", "boundary", "边界", "轮廓"),
    "water": ("water", "river", "水域", "河"),
    "forest": ("forest", "林地", "森林"),
}
_ROADS_ONLY = (".pbf", ".osm", ".graphml", ".osm.gz", ".osm.bz2")


@dataclass
class Read:
    """The tables of a project by role, its settings, and what was wrong with either."""

    settings: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    maps: dict[str, Path] = field(default_factory=dict)


def read_project(path: Path) -> Read:
    """Return what a folder, or a workbook alone, holds."""
    read = Read()
    if path.is_file():
        _add(read, path)
        _apply_sheet(read)
        _add_named_network(read, path.parent)
        return read
    if not path.is_dir():
        read.faults.append(Fault(path=str(path), need=Text(code="project.need.folder")))
        return read
    _read_settings(read, path / FILE_NAME)
    for file in sorted(path.iterdir()):
        role = _map_role(file)
        if role is not None:
            _add_map(read, role, file)
        elif file.suffix.lower() in SUFFIXES:
            _add(read, file)
    _add_named_network(read, path)
    _apply_sheet(read)
    return read


def _read_settings(read: Read, path: Path) -> None:
    if not path.is_file():
        return
    try:
        read.settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        read.faults.append(Fault(path=FILE_NAME, need=Text(code="project.need.toml")))
        return
    need = Text(code="project.need.key", values={"known": ", ".join(KEYS)})
    read.faults += [
        Fault(path=f"{FILE_NAME}:{key}", need=need) for key in read.settings if key not in KEYS
    ]
    read.faults += [
        Fault(path=f"{FILE_NAME}:{key}", value=str(value), need=Text(code="project.need.type"))
        for key, value in read.settings.items()
        if (key in _TEXTS and not isinstance(value, str))
        or (key == "columns" and not _is_mapping(value))
    ]


def _is_mapping(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _add(read: Read, path: Path) -> None:
    try:
        tables = read_tables(path)
    except TableError as error:
        read.faults += error.faults
        return
    for table in tables:
        role = _role(Path(table.name.rpartition(":")[2]).stem)
        if role is None:
            read.unused.append(table.name)
        elif role in read.tables:
            need = Text(code="project.need.one_table", values={"role": role})
            read.faults.append(Fault(path=table.name, need=need))
        else:
            read.tables[role] = table


def _role(name: str) -> str | None:
    plain = name.strip().casefold()
    return next((role for role, words in _ROLES.items() if words.search(plain)), None)


def _map_role(file: Path) -> str | None:
    name = file.name.casefold()
    if name.endswith(_ROADS_ONLY):
        return "network"
    if file.suffix.lower() not in maps.SUFFIXES:
        return None
    words = _MAPS.items()
    return next((role for role, some in words if any(word in name for word in some)), None)


def _add_map(read: Read, role: str, file: Path) -> None:
    if role in read.maps:
        need = Text(code="project.need.one_table", values={"role": role})
        read.faults.append(Fault(path=file.name, need=need))
    read.maps.setdefault(role, file)


def _add_named_network(read: Read, folder: Path) -> None:
    """Take the network that the settings name: a file beside them; a name of the store stays."""
    named = read.settings.get("network")
    if not isinstance(named, str) or _STORE_NAME.fullmatch(named):
        return
    file = folder / named
    if file.is_file():
        read.maps["network"] = file
    else:
        need = Text(code="project.need.network")
        read.faults.append(Fault(path=f"{FILE_NAME}:network", value=named, need=need))
    del read.settings["network"]


def _apply_sheet(read: Read) -> None:
    """Take the settings that a sheet gives, one a row: a key and its value."""
    table = read.tables.pop("settings", None)
    if table is None:
        return
    key_column, value_column = table.columns[0], table.columns[min(1, len(table.columns) - 1)]
    for number, row in zip(table.numbers, table.rows, strict=True):
        said, value = row.get(key_column), row.get(value_column)
        key = "" if is_blank(said) else str(said).split()[0]
        if key and not is_blank(value):
            _set(read, f"{table.name}:{number}:{value_column}", key, value)


def _set(read: Read, path: str, key: str, value: object) -> None:
    if key not in KEYS:
        need = Text(code="project.need.key", values={"known": ", ".join(KEYS)})
        read.faults.append(Fault(path=path, value=key, need=need))
        return
    if key in _WHOLE | _NUMBERS:
        number = read_number(value)
        if not isinstance(number, float) or (key in _WHOLE and not number.is_integer()):
            need = number if isinstance(number, Text) else Text(code="table.need.whole_number")
            read.faults.append(Fault(path=path, value=str(value), need=need))
            return
        value = int(number) if key in _WHOLE else number
    read.settings.setdefault(key, value if not isinstance(value, str) else value.strip())
