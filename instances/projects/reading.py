"""The files of a project to tables and maps by their roles, with the faults of either."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from instances.projects import systems
from instances.projects.contacts import Contact, all_contacts, without_contacts
from instances.projects.dispatch_fields import DISPATCH_LISTS
from instances.projects.fields import PLACED, fields_of
from instances.projects.mapping import FILE_NAME as MAPPING_NAME
from instances.projects.mapping import Columns, of_content, read_mapping
from instances.projects.maps import MapFile
from instances.projects.roles import role_of_layer, role_of_map, role_of_table, sheets_of_ours
from instances.projects.settings import FILE_NAME, STORE_NAME, of_file, of_sheet
from instances.projects.shelter_fields import SHELTER_LISTS
from instances.projects.stock_fields import STOCK_LISTS
from instances.projects.systems import Systems
from instances.tables.files import MAPS, SUFFIXES, Table, read_tables
from models.faults import Fault
from models.text import Text

_LOOK_ALIKES = frozenset({".xls", ".xlsm", ".ods", ".txt", ".tsv", ".json", ".kml", ".kmz", ".zip"})
_NAME_MAX = 255  # bytes of the name of a file
MAY_BE_EMPTY = (
    SHELTER_LISTS
    | DISPATCH_LISTS
    | STOCK_LISTS
    | {*("contacts", "places", "stations", "areas", "classes", "risk_classes", "hazards")}
)


@dataclass
class Read:
    """The tables and maps of a project by role, its settings, and what was wrong.

    ``faults`` stop an import; ``warnings`` are of files and sheets that play no role in it.
    ``broken`` are roles whose table cannot be read; ``unclear`` says that the settings cannot.
    ``mapping`` are the columns that a person named, in the file ``mapping_name``.
    ``systems`` are the reference systems that a person named for single files.
    ``personal`` are the columns left out by table, ``contacts`` what stood in them.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    maps: dict[str, MapFile] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    unclear: bool = False
    mapping: Columns = field(default_factory=dict)
    mapping_name: str = FILE_NAME
    systems: Systems = field(default_factory=dict)
    personal: dict[str, tuple[str, ...]] = field(default_factory=dict)
    contacts: list[Contact] = field(default_factory=list, repr=False)

    def crs_of(self, table: Table) -> str | None:
        """Return what is said of a table's numbers: for its file, else for the project."""
        said = systems.said_of(self.systems, table.name)
        return self.settings.get("crs") if said is None else said.name


def read_project(path: Path, mapping: Path | None = None, *, files: bool = True) -> Read:
    """Return what a folder, or a workbook alone, holds; ``mapping`` names its columns.

    Without ``files`` the settings may name no other file.
    """
    read = Read()
    if path.is_file():
        _add(read, path, alone=True)
    elif path.is_dir():
        read.settings, read.faults = of_file(path / FILE_NAME)
        codes = {fault.need.code for fault in read.faults}
        read.unclear = bool(codes & {"project.need.toml", "project.need.type"})
        _add_folder(read, path)
    else:
        read.faults.append(Fault(path=str(path), need=Text(code="project.need.folder")))
        return read
    sheet = read.tables.pop("settings", None)
    if sheet is not None:
        said, faults = of_sheet(sheet)
        read.settings = said | read.settings
        read.faults += faults
    _add_named_network(read, (path.parent if path.is_file() else path) if files else None)
    _add_mapping(read, mapping or path / MAPPING_NAME, asked=mapping is not None)
    _apply_systems(read, path)
    for role in [one for one in read.tables if one not in fields_of(read.settings)]:
        read.unused.append(read.tables.pop(role).name)  # of another kind of project
    return read


def _add_mapping(read: Read, path: Path, *, asked: bool) -> None:
    """Take the columns and systems that the settings name, and those of a mapping before them."""
    if "columns" in read.settings and not read.unclear:
        read.mapping, faults = of_content(
            read.settings["columns"], f"{FILE_NAME}:columns", fields_of(read.settings)
        )
        read.faults += faults
    named, faults = systems.of_content(
        read.settings.pop(systems.KEY, {}), f"{FILE_NAME}:{systems.KEY}"
    )
    read.systems |= named
    read.faults += faults
    if asked or path.is_file():
        mapping, named, faults = read_mapping(path, fields_of(read.settings))
        read.mapping |= mapping
        read.systems |= named
        read.mapping_name = path.name
        read.faults += faults


def _apply_systems(read: Read, path: Path) -> None:
    """Give each map and table the system that is said of its file; its own word then is none."""
    names = {path.name} if path.is_file() else {one.name for one in path.iterdir()}
    names |= {one.name for one in read.tables.values()} | {one.name for one in read.maps.values()}
    read.faults += systems.unused(read.systems, names)
    for role, table in read.tables.items():
        if systems.said_of(read.systems, table.name) is not None:
            read.tables[role] = replace(table, crs=None)
    for role, file in read.maps.items():
        said = systems.said_of(read.systems, file.name)
        read.maps[role] = file._replace(crs=None if said is None else said.name)


def _add_folder(read: Read, folder: Path) -> None:
    for file in sorted(folder.iterdir()):
        role = role_of_map(file)
        if role is not None:
            _add_map(read, role, MapFile(file))
        elif file.suffix.lower() in SUFFIXES:
            _add(read, file)
        elif _meant(file):
            read.warnings.append(Fault(path=file.name, need=Text(code="table.need.format")))


def _meant(file: Path) -> bool:
    """Return whether a file that is read by nobody is called as one that would be."""
    alike = file.suffix.lower() in _LOOK_ALIKES
    return alike and (role_of_table(file.stem) or role_of_layer(file.stem)) is not None


def _add_map(read: Read, role: str, file: MapFile) -> None:
    if role in read.maps:
        read.faults.append(_one_only(file.name, role))
    read.maps.setdefault(role, file)


def _passed_over(read: Read, path: Path, names: Sequence[str]) -> list[str]:
    """Return what in a file is no table to read: sheets of ours, layers that are maps.

    Those layers are added to the maps.
    """
    if path.suffix.lower() not in MAPS:
        return sheets_of_ours(names)
    roles = {one: role_of_layer(one) for one in names if role_of_table(one) is None}
    found = {one: role for one, role in roles.items() if role is not None and len(names) > 1}
    for layer, role in found.items():
        _add_map(read, role, MapFile(path, layer))
    return list(found)


def _add(read: Read, path: Path, *, alone: bool = False) -> None:
    """Add the tables of a file by the roles of their sheets, or of the file where these have none.

    ``alone``: the file is the project, so that what is wrong with the whole of it counts.
    """
    tables, faults = read_tables(path, passed_over=partial(_passed_over, read, path))
    own = role_of_table(path.stem)
    single = len(tables) == 1
    for table in tables:
        _, _, title = table.name.rpartition(":")
        _add_table(read, table, role_of_table(Path(title).stem) or (own if single else None))
    for fault in faults:
        role = _role_of_fault(fault, path.name) or own
        if role is None and alone and fault.path == path.name:
            role = "project"
        _add_fault(read, fault, role)


def _add_fault(read: Read, fault: Fault, role: str | None) -> None:
    """Add a fault where it belongs; a table that may be empty is none where it is."""
    if role == "notes" or (fault.need.code == "table.need.rows" and role in MAY_BE_EMPTY):
        return
    if role == "contacts":
        fault = fault.model_copy(update={"value": None})
    if role in {None, "contacts"}:
        read.warnings.append(fault)
        return
    read.faults.append(fault)
    if role not in read.tables:
        read.broken.add(str(role))


def _role_of_fault(fault: Fault, file: str) -> str | None:
    """Return the role of the sheet that a fault lies in, None for one of the whole file."""
    within = fault.path.removeprefix(file).removeprefix(":")
    return role_of_table(within.split(":")[0]) if within else None


def _add_table(read: Read, table: Table, role: str | None) -> None:
    if table.shapes and (role is None or role in PLACED):
        _add_fault(read, Fault(path=table.name, need=Text(code="table.need.points")), role)
        return
    if role == "contacts":
        read.contacts += all_contacts(table)
    elif role is None:
        read.unused.append(table.name)
    if role in {None, "contacts", "notes"}:
        return
    if role in read.tables:
        read.faults.append(_one_only(table.name, role))
        return
    kept, contacts = (table, ()) if role == "settings" else without_contacts(table)
    read.tables[role] = kept
    left_out = tuple(one for one in table.columns if one not in kept.columns)
    if left_out:
        read.personal[table.name] = left_out
        read.contacts += contacts


def _one_only(name: str, role: str) -> Fault:
    return Fault(path=name, need=Text(code="project.need.one_table", values={"role": role}))


def _add_named_network(read: Read, folder: Path | None) -> None:
    """Take the network that the settings name: a file beside them; a name of the store stays."""
    named = read.settings.get("network")
    if not isinstance(named, str) or STORE_NAME.fullmatch(named):
        return
    file = None if folder is None else folder / named
    if file is not None and len(os.fsencode(file.name)) <= _NAME_MAX and file.is_file():
        read.maps["network"] = MapFile(file)
        read.warnings = [one for one in read.warnings if one.path.split(":")[0] != named]
        read.unused = [one for one in read.unused if one.split(":")[0] != named]
    else:
        need = Text(code="project.need.network")
        read.faults.append(Fault(path=f"{FILE_NAME}:network", value=named[:80], need=need))
    del read.settings["network"]
