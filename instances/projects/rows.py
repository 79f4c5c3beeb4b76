"""Rows of a table to fields, with a fault for every cell that cannot be used."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from instances.coordinates import Crs, to_wgs84
from instances.coordinates.suspicion import needs_crs
from instances.projects.maps import system_of
from instances.tables.columns import guess_columns
from instances.tables.files import Table, is_blank, read_name
from instances.tables.numbers import read_number
from instances.tables.positions import named_order, read_angle, read_pair
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
        """Return whether a column is missing, with a fault for each; a position counts as one."""
        places = () if "position" in self.columns else ("lat", "lon")
        missing = [one for one in (*fields, *places) if one not in self.columns]
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
        """Return where a row lies on WGS 84, from its two columns or from the cell of both."""
        found = self._pair(number, row) if self._in_one_cell(row) else self._two(number, row)
        if found is None or self.crs is None:
            return None
        lons, lats = to_wgs84([found[0]], [found[1]], self.crs)
        lon, lat = float(lons[0]), float(lats[0])
        inside = bool(np.isfinite(lon) and np.isfinite(lat)) and abs(lat) <= 90 and abs(lon) <= 180
        if inside:
            return round(lon, 7), round(lat, 7)
        at = "position" if self._in_one_cell(row) else "lat"
        self.refuse(number, at, Text(code="table.need.degrees"))
        return None

    def _in_one_cell(self, row: dict[str, object]) -> bool:
        """Return whether the cell of both numbers counts: the two columns stand above it."""
        return "position" in self.columns and all(
            is_blank(row.get(self.columns.get(one, ""))) for one in ("lat", "lon")
        )

    def _two(self, number: int, row: dict[str, object]) -> tuple[float, float] | None:
        lon, lat = self._coordinate(number, row, "lon"), self._coordinate(number, row, "lat")
        return None if lon is None or lat is None else (lon, lat)

    def _coordinate(
        self, number: int, row: dict[str, object], axis: Literal["lon", "lat"]
    ) -> float | None:
        """Return an angle as people write it, or a length where the system is in metres."""
        if self.crs is not None and self.crs.kind == "projected":
            return self.number(number, row, axis)
        value = read_angle(row.get(self.columns[axis]), axis=axis)
        if isinstance(value, float):
            return value
        self.refuse(number, axis, Text(code="table.need.value") if value is None else value)
        return None

    def _pair(self, number: int, row: dict[str, object]) -> tuple[float, float] | None:
        """Return the two numbers of a cell; the order that the heading names counts last."""
        cell = row.get(self.columns["position"])
        found = read_pair(cell)
        if isinstance(found, Text) and found.code == "number.need.order":
            found = read_pair(cell, order=named_order(self.columns["position"]))
        if isinstance(found, tuple):
            return found
        self.refuse(number, "position", Text(code="table.need.value") if found is None else found)
        return None
