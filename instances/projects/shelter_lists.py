"""What hangs on the sites of a project of shelters: entrances, classes; and the stages."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from instances.projects.places import filled
from instances.projects.rows import Row, Rows
from instances.projects.words import parts_of
from models.text import Text

BySite = dict[str, list[dict[str, Any]]]


def entrances(rows: Rows | None, sites: set[str]) -> BySite:
    """Return the positions of the entrances of each site."""
    found: BySite = defaultdict(list)
    if rows is None:
        return found
    for number, row in rows.filled():
        position = rows.position(number, row)
        for site in _sites_of(rows, number, row, sites):
            if position is not None:
                lon, lat = position
                found[site].append({"lat": lat, "lon": lon})
    return found


def classes(rows: Rows | None, sites: set[str]) -> BySite:
    """Return what each site may be made into; a class may be one of several sites."""
    found: BySite = defaultdict(list)
    if rows is None:
        return found
    for number, row in rows.filled():
        name = rows.identifier(number, row, "id")
        told: dict[str, Any] = {
            "id": name,
            "name": rows.label(row),
            "places": rows.amount(number, row, "places", whole=True),
            "last_phase": rows.identifier(number, row, "last_phase"),
            "accessible": rows.flag(number, row, "accessible"),
            "facilities": names(rows, row, "facilities"),
            **{
                one: rows.amount(number, row, one)
                for one in ("effective_area_m2", "gross_area_m2", "cost", "run_cost", "suitability")
            },
        }
        if name is None and number not in rows.dropped:
            rows.refuse(number, "id", Text(code="table.need.value"))
        if told["places"] is None and told["effective_area_m2"] is None:
            rows.refuse(number, "places", Text(code="fault.shelters.size"))
        for site in _sites_of(rows, number, row, sites):
            if any(one["id"] == name for one in found[site]):
                rows.refuse(number, "id", Text(code="table.need.unique"))
            elif number not in rows.dropped:
                found[site].append(filled(told))
    return found


def stages(rows: Rows) -> list[dict[str, Any]]:
    """Return the stages in the order of their rows."""
    found = []
    for number, row, name in rows.listed():
        budget = rows.amount(number, row, "stage_budget")
        if budget is None and number not in rows.dropped:
            rows.refuse(number, "stage_budget", Text(code="table.need.value"))
        if number not in rows.dropped:
            found.append(filled({"id": name, "name": rows.label(row), "budget": budget}))
    return found


def names(rows: Rows, row: Row, name: str) -> list[str] | None:
    """Return the parts of a list in one cell, None where it says none."""
    said = rows.text(row, name)
    return None if said is None else parts_of(said) or None


def _sites_of(rows: Rows, number: int, row: Row, sites: set[str]) -> Iterator[str]:
    """Yield the sites that a row names; one that is in no table is refused."""
    said = names(rows, row, "of_site")
    if said is None and number not in rows.dropped:
        rows.refuse(number, "of_site", Text(code="table.need.value"))
    for site in said or ():
        if site in sites:
            yield site
        elif number not in rows.dropped:
            rows.refuse(number, "of_site", Text(code="table.need.site"))
