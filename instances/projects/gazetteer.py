"""The table of places of a project, and what is said of the rows that were placed by it."""

import re
from collections import Counter

from instances.projects.rows import UNSTATED, Rows
from instances.tables.places import NamedPlace
from models.answer import Assumption
from models.text import Text

_BETWEEN = re.compile(r"[;；、|]+")


def read_places(rows: Rows) -> tuple[NamedPlace, ...]:
    """Return the places of a table: each by its name, its other names and its code.

    Rows that cannot be used are faults of ``rows``.
    """
    places = []
    for number, row in rows.filled():
        name, others = rows.text(row, "name"), rows.text(row, "alias") or ""
        if name is None:
            rows.refuse(number, "name", Text(code="table.need.value"))
            continue
        position = rows.position(number, row)
        precision = rows.identifier(number, row, "precision")
        if position is not None:
            told = [name, *(one.strip() for one in _BETWEEN.split(others)), rows.text(row, "id")]
            names = tuple(dict.fromkeys(one for one in told if one))
            places.append(NamedPlace(names, *position, precision))
    return tuple(places)


def note(rows: Rows) -> Text | None:
    """Return how many rows were placed by name, and how exactly; None where none was."""
    if not rows.found:
        return None
    hows = Counter(match.how for match in rows.found.values())
    values = {"exact": hows["exact"], "normalised": hows["normalised"]}
    told = {"table": rows.table.name, "count": len(rows.found), "precision": _precisions(rows)}
    return Text(code="project.placed", values={**told, **values})


def assumption(rows: Rows, path: str, places: str) -> Assumption | None:
    """Return what the answer rests on where rows of ``path`` were placed by ``places``."""
    if not rows.found:
        return None
    source = f"{places}: position by name / 按名称定位"
    return Assumption(path=path, value=f"{len(rows.found):,}×: {_precisions(rows)}", source=source)


def _precisions(rows: Rows) -> str:
    found = Counter(match.place.precision or UNSTATED for match in rows.found.values())
    return ", ".join(f"{precision} {count:,}×" for precision, count in found.most_common())
