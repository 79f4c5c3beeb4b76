"""Rows of a table to fields, with a fault for every cell that cannot be used."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np
import shapely

from instances.coordinates import Crs, to_wgs84
from instances.coordinates.suspicion import needs_crs, swapped
from instances.projects.maps import system_of
from instances.projects.words import yes_or_no
from instances.shapes import moved
from instances.tables.columns import DIMENSIONS
from instances.tables.files import Table, is_blank, read_name
from instances.tables.numbers import read_number
from instances.tables.places import Match, NamedPlace, join
from instances.tables.positions import read_position
from instances.tables.units import read_header
from models.faults import Fault
from models.text import Text

Row = Mapping[str, object]

POSITION = ("lat", "lon", "position")
_DIGITS = re.compile(r"^\s*[\d.,]+\s*$")
_KEYS_MAX = 3  # the most fields that a row is looked up by
_UNKNOWN = frozenset({"place.need.known", "place.need.near"})  # and not: of several places
_LONGEST = 200  # of the names by which a request calls things
UNSTATED = "by name"  # the precision of a place whose table says none
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
    gazetteer: tuple[NamedPlace, ...] = ()  # what rows without a position are looked up in
    found: dict[int, Match] = field(default_factory=dict)  # rows placed by name

    @classmethod
    def of(
        cls,
        table: Table,
        crs: str | None,
        columns: dict[str, str],
        gazetteer: tuple[NamedPlace, ...] = (),
    ) -> "Rows":
        """Return the rows of ``table`` with the column of each field."""
        rows = cls(table, system_of(table.crs, crs), columns, gazetteer=gazetteer)
        rows._doubt(claimed=table.crs is not None and crs is None)
        return rows

    def _doubt(self, *, claimed: bool) -> None:
        """Refuse a mere claim of degrees in mainland China, and metres with north first.

        Shifted degrees look like others, and Chinese surveys call the northing X.
        """
        if self.crs is None or not (claimed or self.crs.kind == "projected"):
            return
        columns = [self.columns.get(one, "") for one in ("lon", "lat")]
        read = [[read_number(row.get(one)) for one in columns] for row in self.table.rows]
        pairs = [pair for pair in read if all(isinstance(one, float) for one in pair)]
        x, y = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
        if self.crs.kind == "projected":
            fault = swapped(x, y, self.crs, path=self.table.name)
        else:
            fault = needs_crs(x, y, None, path=self.table.name)
        if fault is not None:
            self.faults.append(fault)
            self.doubtful = True

    @property
    def has_positions(self) -> bool:
        """Whether rows may have a position of their own."""
        return bool(self.table.shapes) or any(map(self.columns.get, POSITION))

    def lacks(self, *fields: str, placed: bool = True) -> bool:
        """Return whether the table cannot be read, with a fault for each reason.

        A column is missing, or areas have no unit. A ``placed`` row may have its position in one
        column or two, or be found by name.
        """
        by_name = bool(self.gazetteer) or "position" in self.columns or not placed
        positions = () if by_name else ("lat", "lon")
        needs = {
            one: Text(code="table.need.column", values={"field": one})
            for one in (*fields, *positions)
            if one not in self.columns
        }
        needs |= {
            one: Text(code="number.need.area") for one in self.columns if self._bare_area(one)
        }
        name = self.table.name
        self.faults += [
            Fault(path=f"{name}:{self.columns[one]}" if one in self.columns else name, need=need)
            for one, need in needs.items()
        ]
        numbers = bool(self.table.shapes) or (placed and self.has_positions)
        unsaid = self.crs is None and numbers
        if unsaid:
            self.faults.append(Fault(path=name, need=Text(code="project.need.crs")))
        return bool(needs) or unsaid or self.doubtful

    def _bare_area(self, name: str) -> bool:
        """Return whether a field of areas has numbers without a unit: square metres or mu."""
        column = self.columns[name]
        if DIMENSIONS.get(name) != "area" or read_header(column).unit is not None:
            return False
        cells = (row.get(column) for row in self.table.rows)
        return any(
            isinstance(one, Real) or _DIGITS.match(str(one)) for one in cells if not is_blank(one)
        )

    def refuse(self, number: int, name: str, need: Text) -> None:
        """Leave a row out for the cell under the field ``name``."""
        column = self.columns.get(name, name)
        cell = self.table.rows[self.table.numbers.index(number)].get(column)
        path = f"{self.table.name}:{number}:{column}"
        shown = None if is_blank(cell) else str(cell)[:80]
        self.faults.append(Fault(path=path, value=shown, need=need))
        self.dropped.add(number)

    def shape(self, number: int) -> Any | None:
        """Return the ground that a map gives a row, on WGS 84; None where it gives none."""
        if not self.table.shapes or self.crs is None:
            return None
        shape, system = self.table.shapes[number - 1], self.crs
        if shape is None or shapely.get_dimensions(shape) < 2:
            return None
        ground = np.array([shapely.force_2d(shape)], dtype=object)
        return moved(ground, lambda x, y: to_wgs84(x, y, system))[0]

    def listed(self) -> Iterator[tuple[int, Row, str]]:
        """Yield number, row and id of each row; a missing id or one given twice is refused."""
        seen: set[str] = set()
        for number, row in self.filled():
            name = self.identifier(number, row, "id")
            if name is None and number not in self.dropped:
                self.refuse(number, "id", Text(code="table.need.value"))
            elif name is not None and name in seen:
                self.refuse(number, "id", Text(code="table.need.unique"))
            seen.add(name or "")
            yield number, row, name or ""

    def places(self) -> Iterator[tuple[int, Row, dict[str, Any]]]:
        """Yield number, row, and ``id``, ``lat``, ``lon`` of each row that has them whole."""
        self.look_up()
        for number, row, name in self.listed():
            match = self.found.get(number)
            position = self.position(number, row)
            if number not in self.dropped and position is not None:
                lon, lat = position
                told = {} if match is None else {"precision": match.place.precision or UNSTATED}
                yield number, row, {"id": name, "lat": lat, "lon": lon} | told

    def filled(self) -> Iterator[tuple[int, Row]]:
        """Yield number and row of each row that is no example.

        A table without ids or names has an example in every row with a cell that says so.
        """
        named = [one for one in self.columns if one in {"id", "name"}]
        heads = named or list(self.columns)
        for number, row in zip(self.table.numbers, self.table.rows, strict=True):
            names = [self.text(row, one) for one in heads]
            if not any(one is not None and one.casefold().startswith(EXAMPLE) for one in names):
                yield number, row

    def look_up(self) -> None:
        """Find the rows without a position by their names; those not found are refused.

        A stated place alone counts; without one the name, the id and the area are tried in turn.
        """
        waiting = {number: self._keys(row) for number, row in self.filled() if self._bare(row)}
        needs: dict[int, tuple[str, Text]] = {}
        for depth in range(_KEYS_MAX if self.gazetteer else 0):
            batch = [
                (number, *keys[depth])
                for number, keys in waiting.items()
                if number not in self.found
                and depth < len(keys)
                and (depth == 0 or needs[number][1].code in _UNKNOWN)
            ]
            joined = join([name for _, _, name in batch], self.gazetteer)
            faults = iter(joined.faults)
            for (number, key, _), match in zip(batch, joined.matches, strict=True):
                if match is None:
                    needs.setdefault(number, (key, next(faults).need))
                else:
                    self.found[number] = match
        for number, (key, need) in needs.items():
            if number not in self.found:
                self.refuse(number, key, need)

    def _bare(self, row: Row) -> bool:
        return all(is_blank(row.get(self.columns.get(one, ""))) for one in POSITION)

    def _keys(self, row: Row) -> list[tuple[str, str | None]]:
        """Return the fields that a row is looked up by, and what they say."""
        place = self.text(row, "place")
        if place is not None:
            return [("place", place)]
        told = [(key, self.text(row, key)) for key in ("name", "id", "area")]
        return [(key, name) for key, name in told if name is not None] or [("id", None)]

    def label(self, row: Row) -> dict[str, str] | None:
        """Return the name of a row in both languages; where it has one, that stands for both."""
        name, english = self.text(row, "name"), self.text(row, "name_en")
        told = (english or name, name or english)
        return None if told[0] is None or told[1] is None else {"en": told[0], "zh": told[1]}

    def text(self, row: Row, name: str) -> str | None:
        """Return the text under the field ``name``, None where there is none."""
        return read_name(row.get(self.columns.get(name, "")))

    def identifier(self, number: int, row: Row, name: str) -> str | None:
        """Return a text that a request may call something by; one too long for it is refused."""
        said = self.text(row, name)
        if said is None or len(said) <= _LONGEST:
            return said
        self.refuse(number, name, Text(code="table.need.short", values={"most": _LONGEST}))
        return None

    def number(self, number: int, row: Row, name: str) -> float | None:
        """Return the number under the field ``name``; a row without one is refused."""
        value = self._cell(row, name)
        if isinstance(value, float):
            return value
        self.refuse(number, name, Text(code="table.need.value") if value is None else value)
        return None

    def amount(self, number: int, row: Row, name: str, *, whole: bool = False) -> float | None:
        """Return the number of 0 or more under the field ``name``, None where there is none.

        Another one is refused, as is one that is not whole, or no share, where it must be.
        """
        value = self._cell(row, name) if name in self.columns else None
        if isinstance(value, float):
            share = DIMENSIONS.get(name) == "share"
            need = _need_of(value, whole=whole, share=share)
            value = value if need is None else Text(code=need)
        if isinstance(value, Text):
            self.refuse(number, name, value)
            return None
        return int(value) if whole and value is not None else value

    def flag(self, number: int, row: Row, name: str) -> bool | None:
        """Return the yes or no under the field ``name``, None where there is none."""
        if self.text(row, name) is None:
            return None
        found = yes_or_no(row[self.columns[name]])
        if found is None:
            self.refuse(number, name, Text(code="table.need.yes_or_no"))
        return found

    def group(
        self, number: int, row: Row, group: str, *, whole: bool = False
    ) -> dict[str, float | None]:
        """Return the numbers of all columns of a group, ``weights`` or ``vehicles``, by name."""
        names = [one for one in self.columns if one.startswith(f"{group}.")]
        found = {one: self.amount(number, row, one, whole=whole) for one in names}
        return {one.partition(".")[2]: value for one, value in found.items() if value is not None}

    def _cell(self, row: Row, name: str) -> float | Text | None:
        column = self.columns.get(name, "")
        unit, dimension = read_header(column).unit, DIMENSIONS.get(name)
        if "." in name and not column.rstrip().endswith((")", "）", "]")):
            unit = None  # amounts.pump_m3_h is a key, and no number of hours
        return read_number(row.get(column), unit_from_header=unit, dimension=dimension)

    def position(self, number: int, row: Row) -> tuple[float, float] | None:
        """Return where a row lies on WGS 84: by name, its two columns, or the cell of both."""
        if number in self.found:
            return self.found[number].place.lon_lat
        if number in self.dropped:
            return None
        metres = self.crs is not None and self.crs.kind == "projected"
        found = read_position(row, self.columns, metres=metres)
        if isinstance(found, dict):
            for name, need in found.items():
                self.refuse(number, name, need)
            return None
        if self.crs is None:
            return None
        lons, lats = to_wgs84([found[0]], [found[1]], self.crs)
        lon, lat = float(lons[0]), float(lats[0])
        inside = bool(np.isfinite(lon) and np.isfinite(lat)) and abs(lat) <= 90 and abs(lon) <= 180
        if inside:
            return round(lon, 7), round(lat, 7)
        filled = not is_blank(row.get(self.columns.get("lat", "")))
        self.refuse(number, "lat" if filled else "position", Text(code="table.need.degrees"))
        return None


def _need_of(value: float, *, whole: bool, share: bool) -> str | None:
    """Return the code of what an amount needs, None where nothing is wrong with it."""
    if value < 0:
        return "table.need.not_negative"
    if whole and not value.is_integer():
        return "table.need.whole_number"
    return "number.need.share" if share and value > 1 else None
