"""What a project says of itself in ``project.toml``, and which table plays which role."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from instances.tables.files import SUFFIXES, Table, TableError, read_tables
from models.faults import Fault
from models.text import Text

FILE_NAME = "project.toml"
KEYS = ("name", "crs", "new_stations", "standard", "detour_factor", "columns")

_TEXTS = ("name", "crs", "standard")

_ROLES = {
    "demand": ("demand", "需求"),
    "sites": ("sites", "站址", "候选"),
    "stations": ("stations", "消防站", "现状站"),
}


@dataclass
class Read:
    """The tables of a project by role, its settings, and what was wrong with either."""

    settings: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def read_project(path: Path) -> Read:
    """Return what a folder, or a workbook alone, holds."""
    read = Read()
    if path.is_file():
        _add(read, path)
        return read
    if not path.is_dir():
        read.faults.append(Fault(path=str(path), need=Text(code="project.need.folder")))
        return read
    _read_settings(read, path / FILE_NAME)
    for file in sorted(path.iterdir()):
        if file.suffix.lower() in SUFFIXES:
            _add(read, file)
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
    for role, words in _ROLES.items():
        if any(word in plain for word in words):
            return role
    return None
