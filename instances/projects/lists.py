"""Lists of a project beside its places: classes of station, classes of risk, what is dangerous."""

from typing import Any

import numpy as np

from instances.coordinates.transform import distance_m
from instances.projects.rows import Rows
from instances.projects.words import Words, class_words, key_of, look_up
from models.messages import MESSAGES
from models.presets import STATION_CLASSES
from models.text import Label, Text

HAZARDS_WITHIN_M = 1000.0  # what lies farther from a site is not named beside it
_MEASURES = (
    *("nominal_area_m2", "outskirts_nominal_area_m2", "turnout_s", "capital_cost"),
    *("yearly_cost", "commissioning_cost", "strengthening_cost"),
)
_KINDS = {
    key_of(word): kind
    for kind in ("hazardous_site", "crowd_exit")
    for word in (kind, *MESSAGES[f"nearby.{kind}"])
}


def station_classes(rows: Rows) -> list[dict[str, Any]]:
    """Return the classes of a table; one named as a preset changes only what its row says."""
    classes = []
    for number, row, said in rows.listed():
        class_id = look_up(said, class_words()) or said
        told = {
            "name": rows.label(row),
            "rank": rows.amount(number, row, "rank", whole=True),
            "on_duty_people": rows.amount(number, row, "on_duty_people", whole=True),
            "vehicles": rows.group(number, row, "vehicles", whole=True) or None,
            **{one: rows.amount(number, row, one) for one in _MEASURES},
        }
        one = _of_preset(class_id, rows.table.name)
        one |= {key: value for key, value in told.items() if value is not None}
        if "on_duty_people" not in one and number not in rows.dropped:
            rows.refuse(number, "on_duty_people", Text(code="table.need.value"))
        if number not in rows.dropped:
            classes.append(one)
    return classes


def _of_preset(class_id: str, table: str) -> dict[str, Any]:
    """Return what a class is before its row is read: its preset, or next to nothing."""
    preset = STATION_CLASSES.get(class_id)
    if preset is None:
        return {"id": class_id, "name": class_id, "vehicles": {}, "source": table}
    return preset.model_dump(exclude_none=True) | {"source": f"{table}; {preset.source}"}


def words_of(classes: list[dict[str, Any]]) -> Words:
    """Return the words for the classes of a project and the presets."""
    return class_words((one["id"], Label.model_validate(one["name"])) for one in classes)


def risk_classes(rows: Rows) -> list[dict[str, Any]]:
    """Return the classes of risk of a table, with the vehicles that full force must include."""
    classes = []
    for number, row, risk_id in rows.listed():
        name, vehicles = rows.label(row), rows.group(number, row, "vehicles", whole=True)
        if number not in rows.dropped:
            told: dict[str, Any] = {"name": name, "vehicle_types": vehicles}
            classes.append({"id": risk_id} | {key: one for key, one in told.items() if one})
    return classes


def risk_words(classes: list[dict[str, Any]]) -> Words:
    """Return the words for the classes of risk that a project lists."""
    names = {key_of(word): one["id"] for one in classes for word in one.get("name", {}).values()}
    return names | {key_of(one["id"]): one["id"] for one in classes}


def place_hazards(rows: Rows, sites: list[dict[str, Any]]) -> None:
    """Name beside each site the dangerous places within a kilometre of it, the nearest first."""
    rows.look_up()
    found = []
    for number, row in rows.filled():
        kind, position = rows.identifier(number, row, "kind"), rows.position(number, row)
        if kind is None and number not in rows.dropped:
            rows.refuse(number, "kind", Text(code="table.need.value"))
        if kind is not None and position is not None:
            found.append((look_up(kind, _KINDS) or kind, rows.label(row), *position))
    if not found:
        return
    lon, lat = (np.array([one[axis] for one in found], dtype=np.float64) for axis in (2, 3))
    for site in sites:
        here = np.full(len(found), site["lon"]), np.full(len(found), site["lat"])
        away_m = distance_m(*here, lon, lat)
        near = [at for at in np.argsort(away_m, kind="stable") if away_m[at] <= HAZARDS_WITHIN_M]
        if near:
            site["nearby"] = [_nearby(found[at][:2], float(away_m[at])) for at in near]


def _nearby(told: tuple[str, dict[str, str] | None], away_m: float) -> dict[str, Any]:
    kind, name = told
    named = {} if name is None else {"name": name}
    return {"kind": kind, "distance_m": round(away_m, 1)} | named
