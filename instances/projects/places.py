"""Rows of demand, sites and stations to the places of a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from instances.projects.areas import Areas
from instances.projects.rows import Row, Rows
from instances.projects.words import (
    Words,
    change_words,
    key_of,
    look_up,
    parts_of,
    status_words,
)
from models.places import StationStatus
from models.text import Text

_STATUSES, _CHANGES = status_words(), change_words()
_MEASURES = ("area_m2", "built_up_area_m2", "forest_share")


@dataclass(frozen=True)
class Known:
    """What names in rows may stand for: classes of station, areas, classes of risk.

    ``risks`` None: the project lists none, and every class of risk that a row names is one.
    """

    classes: Words
    areas: Areas = field(default_factory=Areas)
    risks: Words | None = None


def demand_points(rows: Rows, known: Known) -> list[dict[str, Any]]:
    """Return the demand points of a table; rows that cannot be used are faults of ``rows``."""
    points = []
    for number, row, place in rows.places():
        residents = rows.number(number, row, "residents")
        if residents is not None and residents < 0:
            rows.refuse(number, "residents", Text(code="table.need.not_negative"))
        measured = {one: rows.amount(number, row, one) for one in _MEASURES}
        told = {
            "weights": {"residents": residents} | rows.group(number, row, "weights"),
            "risk_class": _risk(rows, number, row, known),
            "area": known.areas.of(rows, number, row) or known.areas.at(place["lon"], place["lat"]),
            **measured,
        }
        if number not in rows.dropped:
            points.append(place | filled(told))
    return points


def weighted_points(rows: Rows, known: Known) -> list[dict[str, Any]]:
    """Return the demand points of a table with whatever counts of them; 1 each where nothing is."""
    points = []
    for number, row, place in rows.places():
        residents = rows.amount(number, row, "residents")
        people = {} if residents is None else {"residents": residents}
        weights = people | rows.group(number, row, "weights")
        told = {
            "weights": weights or None,
            "area": known.areas.of(rows, number, row) or known.areas.at(place["lon"], place["lat"]),
        }
        if number not in rows.dropped:
            points.append(place | filled(told))
    return points


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that hold something."""
    return {key: value for key, value in fields.items() if value is not None}


def _risk(rows: Rows, number: int, row: Row, known: Known) -> str | None:
    named = rows.identifier(number, row, "risk_class")
    if named is None or known.risks is None:
        return named
    found = look_up(named, known.risks)
    if found is None:
        values = {"known": ", ".join(dict.fromkeys(known.risks.values()))}
        rows.refuse(number, "risk_class", Text(code="table.need.one_of", values={**values}))
    return found


def sites_of(rows: Rows, known: Known, *, stations: bool) -> list[dict[str, Any]]:
    """Return the sites of a table; of ``stations`` each has one, of others where it has a class."""
    sites = []
    for number, row, place in rows.places():
        told: dict[str, Any] = {
            "name": rows.label(row),
            "allowed_classes": _several(rows, number, row, "allowed_classes", known.classes),
            "land_cost": rows.amount(number, row, "land_cost"),
            "outskirts": rows.flag(number, row, "outskirts"),
        }
        if stations or rows.text(row, "class") is not None:
            told["station"] = _station(rows, number, row, known.classes)
        if number not in rows.dropped:
            sites.append(place | filled(told))
    return sites


def _station(rows: Rows, number: int, row: Row, classes: Words) -> dict[str, Any]:
    whole = ("headcount_people", "on_duty_people")
    costs = ("yearly_cost", "commissioning_cost")
    told = {
        "class_id": one_of(rows, number, row, "class", classes),
        "status": StationStatus.IN_SERVICE.value,
        **{one: rows.amount(number, row, one, whole=True) for one in whole},
        "vehicles": rows.group(number, row, "vehicles", whole=True) or None,
        "owner": rows.text(row, "owner"),
        "may": _several(rows, number, row, "may", _CHANGES),
        **{one: rows.amount(number, row, one) for one in costs},
    }
    if rows.text(row, "status") is not None:
        told["status"] = one_of(rows, number, row, "status", _STATUSES)
    return filled(told)


def one_of(rows: Rows, number: int, row: Row, name: str, words: Words) -> str | None:
    """Return the id that a cell names; one that names none is refused."""
    said = rows.text(row, name)
    found = None if said is None else look_up(said, words)
    if found is None:
        known = ", ".join(dict.fromkeys(words.values()))
        rows.refuse(number, name, Text(code=f"table.need.{name}", values={"known": known}))
    return found


def _several(rows: Rows, number: int, row: Row, name: str, words: Words) -> list[str] | None:
    """Return the ids of a cell that names several, None where it is blank."""
    said = rows.text(row, name)
    if said is None:
        return None
    whole = words.get(key_of(said))
    found = [whole] if whole else [look_up(one, words) for one in parts_of(said)]
    if not found or None in found:
        known = ", ".join(dict.fromkeys(words.values()))
        rows.refuse(number, name, Text(code="table.need.several", values={"known": known}))
    return [one for one in dict.fromkeys(found) if one is not None]
