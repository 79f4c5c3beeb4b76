"""What a project says of itself, in ``project.toml`` or in a sheet."""

import re
import tomllib
from pathlib import Path
from typing import Any

from instances.projects.dispatch_fields import DISPATCH_SETTINGS
from instances.projects.fields import (
    DISPATCH,
    FIRE_STATIONS,
    PLAIN_FACILITIES,
    SHELTERS,
    STOCKPILES,
    kind_of,
)
from instances.projects.shelter_fields import SHELTER_NUMBERS, SHELTER_SETTINGS
from instances.projects.stock_fields import STOCK_NUMBERS, STOCK_SETTINGS
from instances.projects.systems import KEY as FILES
from instances.projects.words import class_words, look_up, yes_or_no
from instances.tables.files import Table, is_blank, read_name
from instances.tables.numbers import read_number
from models.faults import Fault
from models.text import Text

FILE_NAME = "project.toml"
STORE_NAME = re.compile(r"[0-9a-f]{64}")
NEW_STATIONS = "new_stations"
# What a request is told as it stands; its tables are for project.toml alone.
TOLD = ("illustrative", "currency")
FIRE_STATIONS_TOLD = ("time_sigma", "population_weight", "shift_count")
FACILITIES_TOLD = (
    *("goal", "number", "budget", "radius", "share", "unreached", "measure", "weight"),
    *("reference_speed_m_s", "travel_scenario", "single_source", "way_cost", "facility"),
)
FRONT = "front"  # what the goal is seen against
TABLES = ("rules", "objectives", "staffing")
_COMMON = (
    *("kind", "name", "crs", "detour_factor", "columns"),
    *("network", "profile", "scenarios", "cutoff_s", *TOLD),
)
_OF_KIND = {
    FIRE_STATIONS: (*_COMMON, NEW_STATIONS, "standard", *FIRE_STATIONS_TOLD),
    PLAIN_FACILITIES: (*_COMMON, *FACILITIES_TOLD, FRONT),
    SHELTERS: (*_COMMON, *SHELTER_SETTINGS),
    DISPATCH: (*(one for one in _COMMON if one != "currency"), *DISPATCH_SETTINGS),
    STOCKPILES: (*_COMMON, *STOCK_SETTINGS),
}
_WHOLE = frozenset(
    {NEW_STATIONS, "shift_count", "number", "max_new_sites", "max_built", "deadline_ms"}
)
_NUMBERS = frozenset(
    {
        *("detour_factor", "cutoff_s", "time_sigma", "budget", "radius", "share", "unreached"),
        *("reference_speed_m_s", "way_cost"),
        *SHELTER_NUMBERS,
        *DISPATCH_SETTINGS,
        *STOCK_NUMBERS,
    }
)
_FLAGS = frozenset({"illustrative", "single_source"})
_TEXTS = (
    "kind",
    "name",
    "crs",
    "standard",
    "population_weight",
    "currency",
    "goal",
    "facility",
    FRONT,
)


def of_file(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    """Return the settings of a TOML file, none where there is no file, and their faults."""
    if not path.is_file():
        return {}, []
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}, [Fault(path=FILE_NAME, need=Text(code="project.need.toml"))]
    keys = _OF_KIND[kind_of(settings)]
    known = (*keys, *(TABLES if NEW_STATIONS in keys else ()), FILES)
    need = Text(code="project.need.key", values={"known": ", ".join(known)})
    faults = [Fault(path=f"{FILE_NAME}:{key}", need=need) for key in settings if key not in known]
    faults += [
        Fault(path=f"{FILE_NAME}:{key}", value=str(value), need=Text(code="project.need.type"))
        for key, value in settings.items()
        if (key in _TEXTS and not isinstance(value, str))
        or (key == "columns" and not isinstance(value, dict))
    ]
    return settings, faults + _kind_fault(settings, f"{FILE_NAME}:kind")


def _kind_fault(settings: dict[str, Any], path: str) -> list[Fault]:
    """Return the fault of a kind of project that is none."""
    kind = settings.get("kind")
    if kind is None or kind in _OF_KIND:
        return []
    need = Text(code="table.need.one_of", values={"known": ", ".join(_OF_KIND)})
    return [Fault(path=path, value=str(kind), need=need)]


def of_sheet(table: Table) -> tuple[dict[str, Any], list[Fault]]:
    """Return the settings that a sheet gives, one a row: a key and its value; and their faults.

    One at fault is None: it is there, and need not be asked for again.
    """
    key_column, value_column = table.columns[0], table.columns[min(1, len(table.columns) - 1)]
    settings: dict[str, Any] = {}
    said_kind = [row.get(value_column) for row in table.rows if _key(row.get(key_column)) == "kind"]
    keys = _OF_KIND[kind_of({"kind": read_name(said_kind[0])} if said_kind else {})]
    faults = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        said, value = row.get(key_column), row.get(value_column)
        key = _key(said)
        if key and not is_blank(value):
            read = _value(key, value, keys)
            if isinstance(read, Text):
                path = f"{table.name}:{number}:{value_column}"
                shown = key if read.code == "project.need.key" else str(value)
                faults.append(Fault(path=path, value=shown, need=read))
            settings.setdefault(key, None if isinstance(read, Text) else read)
    return _with_classes(settings), faults + _kind_fault(settings, f"{table.name}:kind")


def _key(cell: object) -> str:
    return "" if is_blank(cell) else str(cell).split()[0]


def _with_classes(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings with the numbers of new stations, which have a row a class, together."""
    counts = {key: settings[key] for key in settings if key.startswith(f"{NEW_STATIONS}.")}
    if not counts:
        return settings
    words = class_words()
    named = {key.partition(".")[2]: count for key, count in counts.items()}
    of_class = {look_up(name, words) or name: count for name, count in named.items()}
    plain = {"city": settings[NEW_STATIONS]} if NEW_STATIONS in settings else {}
    others = {key: value for key, value in settings.items() if key not in counts}
    return others | {NEW_STATIONS: plain | of_class}


def _value(key: str, value: object, keys: tuple[str, ...]) -> object | Text:
    """Return what a setting says, or what it needs."""
    key = NEW_STATIONS if key.startswith(f"{NEW_STATIONS}.") else key
    if key not in keys:
        return Text(code="project.need.key", values={"known": ", ".join(keys)})
    if key in _WHOLE | _NUMBERS:
        return _number(value, whole=key in _WHOLE)
    if key in _FLAGS:
        said = yes_or_no(value)
        return Text(code="table.need.yes_or_no") if said is None else said
    return read_name(value)


def _number(value: object, *, whole: bool) -> float | Text:
    number = read_number(value)
    if isinstance(number, Text):
        return number
    if number is None or (whole and not number.is_integer()):
        return Text(code="table.need.whole_number")
    if number < 0:
        return Text(code="table.need.not_negative")
    return int(number) if whole else number
