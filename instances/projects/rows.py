"""Rows of a table to fields, with a fault for every cell that cannot be used."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from instances.coordinates import Crs, to_wgs84
from instances.coordinates.suspicion import needs_crs
from instances.projects.maps import system_of
from instances.tables.columns import guess_columns
from instances.tables.files import Table, is_blank, read_name
from instances.tables.numbers import read_number
from instances.tables.units import read_header
from models.faults import Fault
from models.text import Text

EXAMPLE = "example-"  # rows whose id begins so show how to fill a table in, and are passed over


@dataclass
class Rows:
    """A table being read: its columns by field, and the faults so far."""

    table: Table
    crs: Crs | None
    columns: dict[str, str]
    faults: list[Fault] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)
    doubtful: bool = False

    @classmethod
    def of(cls, table: Table, crs: str | None, columns: dict[str, str]) -> "Rows":
        """Return the rows of ``table``; the columns given stand above those guessed."""
        own = {field: column for field, column in columns.items() if column in table.columns}
        rows = cls(table, system_of(table.crs, crs), guess_columns(table) | own)
        if table.crs is not None and crs is None:
            rows._doubt()
        return rows

    def _doubt(self) -> None:
        """Refuse a mere claim of degrees in mainland China: shifted ones look the same."""
        if self.crs is None or self.crs.kind == "projected":
            return
        columns = (self.columns.get("lon", ""), self.columns.get("lat", ""))
        lon, lat = ([row.get(one) for row in self.table.rows] for one in columns)
        pairs = [
            (x, y)
            for x, y in zip(lon, lat, strict=True)
            if isinstance(x, float) and isinstance(y, float)
        ]
        lon_lat = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
        fault = needs_crs(lon_lat[0], lon_lat[1], None, path=self.table.name)
        if fault is not None:
            self.faults.append(fault)
            self.doubtful = True

    def lacks(self, *fields: str) -> bool:
        """Return whether a column is missing, with a fault for each."""
        missing = [one for one in fields if one not in self.columns]
        self.faults += [
            Fault(
                path=self.table.name, need=Text(code="table.need.column", values={"field": field})
            )
            for field in missing
        ]
        if self.crs is None:
            self.faults.append(Fault(path=self.table.name, need=Text(code="project.need.crs")))
        return bool(missing) or self.crs is None or self.doubtful

    def refuse(self, number: int, name: str, need: Text) -> None:
        """Leave a row out for the cell under the field ``name``."""
        column = self.columns[name]
        cell = self.table.rows[self.table.numbers.index(number)].get(column)
        path = f"{self.table.name}:{number}:{column}"
        shown = None if is_blank(cell) else str(cell)[:80]
        self.faults.append(Fault(path=path, value=shown, need=need))
        self.dropped.add(number)

    def places(self) -> Iterator[tuple[int, dict[str, object], dict[str, Any]]]:
        """Yield number, row, and ``id``, ``lat``, ``lon`` of each row that has them whole."""
        seen: set[str] = set()
        for number, row in zip(self.table.numbers, self.table.rows, strict=True):
            name = self.text(row, "id")
            if name is not None and name.casefold().startswith(EXAMPLE):
                continue
            if name is None:
                self.refuse(number, "id", Text(code="table.need.value"))
            elif name in seen:
                self.refuse(number, "id", Text(code="table.need.unique"))
            seen.add(name or "")
            position = self._position(number, row)
            if number not in self.dropped and position is not None:
                lon, lat = position
                yield number, row, {"id": name, "lat": lat, "lon": lon}

    def text(self, row: dict[str, object], name: str) -> str | None:
        """Return the text under the field ``name``, None where there is none."""
        return read_name(row.get(self.columns.get(name, "")))

    def number(self, number: int, row: dict[str, object], name: str) -> float | None:
        """Return the number under the field ``name``; a row without one is refused."""
        column = self.columns[name]
        value = read_number(row.get(column), unit_from_header=read_header(column).unit)
        if isinstance(value, float):
            return value
        self.refuse(number, name, Text(code="table.need.value") if value is None else value)
        return None

    def _position(self, number: int, row: dict[str, object]) -> tuple[float, float] | None:
        x, y = self.number(number, row, "lon"), self.number(number, row, "lat")
        if x is None or y is None or self.crs is None:
            return None
        lons, lats = to_wgs84([x], [y], self.crs)
        lon, lat = float(lons[0]), float(lats[0])
        inside = bool(np.isfinite(lon) and np.isfinite(lat)) and abs(lat) <= 90 and abs(lon) <= 180
        if inside:
            return round(lon, 7), round(lat, 7)
        self.refuse(number, "lat", Text(code="table.need.degrees"))
        return None
