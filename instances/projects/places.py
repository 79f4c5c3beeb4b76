"""Rows of demand, sites and stations to the places of a request."""

from typing import Any

from instances.projects.rows import Rows
from models.places import StationStatus
from models.presets import STATION_CLASSES
from models.text import Text


def demand_points(rows: Rows) -> list[dict[str, Any]]:
    """Return the demand points of a table; rows that cannot be used are faults of ``rows``."""
    points = []
    for number, row, place in rows.places():
        residents = rows.number(number, row, "residents")
        if residents is not None and residents < 0:
            rows.refuse(number, "residents", Text(code="table.need.not_negative"))
        elif residents is not None:
            risk = rows.text(row, "risk_class")
            told = {} if risk is None else {"risk_class": risk}
            points.append(place | {"weights": {"residents": residents}} | told)
    return points


def sites_of(rows: Rows) -> list[dict[str, Any]]:
    """Return the sites of a table, with a station where it has a column of classes."""
    sites = []
    for number, row, place in rows.places():
        name = rows.text(row, "name")
        site = place | ({} if name is None else {"name": {"en": name, "zh": name}})
        if "class" in rows.columns:
            station = _station(rows, number, row)
            if station is None:
                continue
            site["station"] = station
        sites.append(site)
    return sites


def _station(rows: Rows, number: int, row: dict[str, object]) -> dict[str, str] | None:
    class_id = rows.text(row, "class")
    status = rows.text(row, "status") or StationStatus.IN_SERVICE.value
    if class_id not in STATION_CLASSES:
        known = ", ".join(STATION_CLASSES)
        rows.refuse(number, "class", Text(code="table.need.class", values={"known": known}))
        return None
    if status not in set(StationStatus):
        known = ", ".join(StationStatus)
        rows.refuse(number, "status", Text(code="table.need.status", values={"known": known}))
        return None
    return {"class_id": class_id, "status": status}
