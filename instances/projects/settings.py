"""What a project says of itself, in ``project.toml`` or in a sheet."""

import re
import tomllib
from pathlib import Path
from typing import Any

from instances.projects.systems import KEY as FILES
from instances.projects.words import class_words, look_up, yes_or_no
from instances.tables.files import Table, is_blank, read_name
from instances.tables.numbers import read_number
from models.faults import Fault
from models.text import Text

FILE_NAME = "project.toml"
STORE_NAME = re.compile(r"[0-9a-f]{64}")
# What a request is told as it stands; its tables are for project.toml alone.
TOLD = ("time_sigma", "illustrative", "population_weight", "shift_count", "currency")
TABLES = ("rules", "objectives", "staffing")
KEYS = (
    *("name", "crs", "new_stations", "standard", "detour_factor", "columns"),
    *("network", "profile", "scenarios", "cutoff_s", *TOLD),
)
NEW_STATIONS = "new_stations"
_WHOLE = frozenset({NEW_STATIONS, "shift_count"})
_NUMBERS = frozenset({"detour_factor", "cutoff_s", "time_sigma"})
_TEXTS = ("name", "crs", "standard", "population_weight", "currency")


def of_file(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    """Return the settings of a TOML file, none where there is no file, and their faults."""
    if not path.is_file():
        return {}, []
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}, [Fault(path=FILE_NAME, need=Text(code="project.need.toml"))]
    known = (*KEYS, *TABLES, FILES)
    need = Text(code="project.need.key", values={"known": ", ".join(known)})
    faults = [Fault(path=f"{FILE_NAME}:{key}", need=need) for key in settings if key not in known]
    faults += [
        Fault(path=f"{FILE_NAME}:{key}", value=str(value), need=Text(code="project.need.type"))
        for key, value in settings.items()
        if (key in _TEXTS and not isinstance(value, str))
        or (key == "columns" and not isinstance(value, dict))
    ]
    return settings, faults


def of_sheet(table: Table) -> tuple[dict[str, Any], list[Fault]]:
    """Return the settings that a sheet gives, one a row: a key and its value; and their faults.

    One at fault is None: it is there, and need not be asked for again.
    """
    key_column, value_column = table.columns[0], table.columns[min(1, len(table.columns) - 1)]
    settings: dict[str, Any] = {}
    faults = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        said, value = row.get(key_column), row.get(value_column)
        key = "" if is_blank(said) else str(said).split()[0]
        if key and not is_blank(value):
            read = _value(key, value)
            if isinstance(read, Text):
                path = f"{table.name}:{number}:{value_column}"
                shown = key if read.code == "project.need.key" else str(value)
                faults.append(Fault(path=path, value=shown, need=read))
            settings.setdefault(key, None if isinstance(read, Text) else read)
    return _with_classes(settings), faults


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


def _value(key: str, value: object) -> object | Text:
    """Return what a setting says, or what it needs."""
    key = NEW_STATIONS if key.startswith(f"{NEW_STATIONS}.") else key
    if key not in KEYS:
        return Text(code="project.need.key", values={"known": ", ".join(KEYS)})
    if key in _WHOLE | _NUMBERS:
        return _number(value, whole=key in _WHOLE)
    if key == "illustrative":
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
