"""Points and layers out of a planner's files, as bare numbers, for a look before any planning.

CSV and GeoJSON are read with what every installation has; all else (Shapefile, GeoPackage, XLSX)
needs the extra ``geography``. Nothing is taken from a file about its system but what it claims.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from instances.coordinates.gcj02 import Floats
from instances.coordinates.systems import Crs, CrsError, parse_crs
from instances.coordinates.transform import to_wgs84
from instances.tables.columns import column_named, guess_columns
from instances.tables.files import Table, read_name, read_tables
from instances.tables.layers import LayerError, read_layer
from instances.tables.positions import read_position
from models.faults import Fault
from models.text import Text

_FIELDS = ("lon", "lat", "position", "name", "id")
_NAME = ("name", "名称", "id", "编号", "name_zh", "站名")
_FAULTS_MAX = 200


@dataclass(frozen=True)
class Points:
    """Points of a file: numbers as they stand there, their names, and the system it claims."""

    x: Floats  # (point,)
    y: Floats  # (point,)
    names: tuple[str, ...]
    claimed: str | None = None


def read_points(path: Path) -> Points:
    """Return the points in a file.

    Raises
    ------
    CrsError
        It cannot be read, or rows of it have no position; every such row is named.
    """
    _check_there(path)
    if path.suffix.lower() in {".csv", ".xlsx"}:
        return _of_tables(path)
    shapes, names, claimed = _shapes(path)
    centers = [one if one.geom_type == "Point" else shapely.point_on_surface(one) for one in shapes]
    xy = np.array([(one.x, one.y) for one in centers], dtype=np.float64).reshape(-1, 2)
    return Points(xy[:, 0], xy[:, 1], tuple(names), claimed)


def read_layers(path: Path, crs: Crs | None) -> tuple[Any, ...]:
    """Return the lines and polygons of a file (shapely) on WGS 84.

    ``crs`` None takes what the file claims, and WGS 84 where it claims nothing.

    Raises
    ------
    CrsError
        It cannot be read, or has neither lines nor polygons.
    """
    _check_there(path)
    shapes, _, claimed = _shapes(path)
    system = crs or parse_crs(claimed or "wgs84", path=str(path))
    usable = [one for one in shapes if shapely.get_dimensions(one) >= 1]
    if not usable:
        raise _error(str(path), None, Text(code="coordinates.need.layers"))
    return tuple(
        shapely.transform(one, lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], system)))
        for one in usable
    )


def _check_there(path: Path) -> None:
    if not path.is_file():
        raise _error(str(path), None, Text(code="coordinates.need.file"))


def _error(path: str, value: str | None, need: Text) -> CrsError:
    return CrsError((Fault(path=path, value=value, need=need),))


def _text(path: Path) -> str:
    """Return a file's text; what is not UTF-8 is taken to be GB 18030, as spreadsheets save it."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _error(str(path), None, Text(code="coordinates.need.readable"))


def _of_tables(path: Path) -> Points:
    """Return the points of the first table of a file that has positions."""
    tables, faults = read_tables(path)
    placed = ((one, guess_columns(one, _FIELDS)) for one in tables)
    found = next(((one, columns) for one, columns in placed if _has_positions(columns)), None)
    if found is None:
        headings = ", ".join(heading for one in tables for heading in one.columns)
        need = Fault(
            path=str(path), value=headings or None, need=Text(code="coordinates.need.columns")
        )
        raise CrsError(faults or (need,))
    return _of_rows(*found)


def _has_positions(columns: dict[str, str]) -> bool:
    return "position" in columns or {"lon", "lat"} <= columns.keys()


def _of_rows(table: Table, columns: dict[str, str]) -> Points:
    xy, names, faults = [], [], list[Fault]()
    for number, row in zip(table.numbers, table.rows, strict=True):
        read = read_position(row, columns, metres=None)
        if isinstance(read, dict):
            for field, need in read.items():
                column = columns.get(field, field)
                shown = read_name(row.get(column))
                where = f"{table.name}:{number}:{column}"
                faults.append(Fault(path=where, value=shown and shown[:80], need=need))
            continue
        said = (read_name(row.get(columns.get(one, ""))) for one in ("name", "id"))
        xy.append(read)
        names.append(next((one for one in said if one is not None), str(number)))
    if faults:
        raise CrsError(tuple(faults[:_FAULTS_MAX]))
    x, y = np.array(xy, dtype=np.float64).reshape(-1, 2).T
    return Points(x, y, tuple(names))


def _shapes(path: Path) -> tuple[list[Any], list[str], str | None]:
    """Return the shapes of a file, their names, and the system it claims."""
    if path.suffix.lower() in {".geojson", ".json"}:
        return _of_geojson(path)
    try:
        frame = read_layer(path)
    except LayerError as error:
        several = error.wrong == "one_layer"
        code = "coordinates.need.one_layer" if several else "coordinates.need.readable"
        raise _error(
            str(path), None, Text(code=code, values={**error.values} if several else {})
        ) from None
    frame = frame[~(frame.geometry.is_empty | frame.geometry.isna())]
    named = column_named(list(frame.columns), _NAME)
    names = frame[named].astype(str).tolist() if named else [str(i + 1) for i in range(len(frame))]
    return list(frame.geometry), names, frame.crs.to_wkt() if frame.crs is not None else None


def _of_geojson(path: Path) -> tuple[list[Any], list[str], str | None]:
    try:
        document = json.loads(_text(path))
        features = document.get("features", [document])
        known = [one for one in features if one.get("geometry", one) is not None]
        shapes = [shapely.geometry.shape(one.get("geometry", one)) for one in known]
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError):
        raise _error(str(path), None, Text(code="coordinates.need.readable")) from None
    names = [_named(one.get("properties") or {}, number) for number, one in enumerate(known)]
    flat = [shapely.force_2d(one) for one in shapes if not one.is_empty]
    if not all(math.isfinite(value) for one in flat for value in one.bounds):
        raise _error(str(path), None, Text(code="coordinates.need.readable"))
    claim = document.get("crs") or {}
    claimed = claim.get("properties", {}).get("name") if isinstance(claim, dict) else None
    return flat, names, claimed


def _named(properties: dict[str, Any], number: int) -> str:
    column = column_named(list(properties), _NAME)
    return str(properties[column]) if column is not None else str(number + 1)
