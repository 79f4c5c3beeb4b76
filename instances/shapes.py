"""Layers of polygons, lines or points with their columns, on WGS 84, and lengths on a plane."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from instances.coordinates import Crs, CrsError, from_wgs84, metric_crs, parse_crs, to_wgs84
from instances.coordinates.mainland import in_mainland
from instances.tables.layers import LayerError, read_layer
from models.faults import Fault
from models.text import Text

Geometries = NDArray[Any]  # (row,) of shapely

POLYGONS, LINES, POINTS = frozenset({3, 6}), frozenset({1, 2, 5}), frozenset({0})
_NEEDS = {POLYGONS: "shape.need.polygon", LINES: "shape.need.line", POINTS: "shape.need.point"}
_MAX_FAULTS = 100
_MAX_WIDTH_DEGREES = 8.0  # wider, a plane stretches lengths by more than 3 in 1,000


class ShapeError(ValueError):
    """A layer that cannot be used; ``faults`` says why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.need.code}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Source:
    """A file and how to read it: ``crs`` stands above the one it declares."""

    path: Path
    crs: str | None = None
    layer: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Shapes:
    """The rows of a layer: their shapes on WGS 84, and their columns as the file has them."""

    path: str
    geometry: Geometries
    columns: dict[str, list[object]]
    notes: tuple[Text, ...] = ()

    def __len__(self) -> int:
        return len(self.geometry)

    def fault(self, row: int, column: str | None, value: object, need: Text) -> Fault:
        """Return the fault of one row (counted from 1), in a column or in its shape."""
        at = f"{self.path}: row {row + 1}" + (f", column {column}" if column else "")
        return Fault(path=at, value=None if value is None else str(value)[:80], need=need)

    def column(self, name: str) -> list[object]:
        """Return a column by its name.

        Raises
        ------
        ShapeError
            There is none.
        """
        if name not in self.columns:
            raise refuse(self.path, "shape.need.column", name, known=", ".join(self.columns))
        return self.columns[name]


def refuse(path: str, code: str, value: str | None = None, /, **values: Any) -> ShapeError:
    """Return the error that holds one fault."""
    return ShapeError((Fault(path=path, value=value, need=Text(code=code, values=values)),))


def read_shapes(source: Source, *kinds: frozenset[int]) -> Shapes:
    """Return the rows of a layer of GeoPackage, GeoJSON, Shapefile, FlatGeobuf and their like.

    Broken polygons are mended, and counted in the notes.

    Raises
    ------
    ShapeError
        It cannot be read, has no rows, or a row is not of one of ``kinds``; every row is named.
    """
    path = str(source.path)
    frame = _frame(source)
    if not len(frame):
        raise refuse(path, "shape.need.rows")
    system, notes = _system(source, frame.crs)
    geometry = shapely.force_2d(frame.geometry.to_numpy())
    columns = {
        str(name): frame[name].tolist() for name in frame.columns if name != frame.geometry.name
    }
    shapes = Shapes(path, geometry, columns)
    _check_kinds(shapes, kinds)
    placed = moved(geometry, lambda x, y: to_wgs84(x, y, system))
    _check_positions(shapes, placed)
    mended, number = _mended(placed)
    if number:
        notes.append(Text(code="shape.mended", values={"number": number}))
    if system.kind in {"wgs84", "cgcs2000"} and source.crs is None and _on_mainland(mended):
        notes.append(Text(code="shape.claimed", values={"path": path, "crs": system.name}))
    return Shapes(path, mended, columns, tuple(notes))


def moved(geometry: Geometries, way: Callable[[Any, Any], tuple[Any, Any]]) -> Geometries:
    """Return shapes with every vertex carried by ``way``, from x and y to x and y."""
    return np.asarray(
        shapely.transform(geometry, lambda xy: np.column_stack(way(xy[:, 0], xy[:, 1]))),
        dtype=object,
    )


def plane_of(shapes: Shapes) -> Crs:
    """Return the system in metres for a layer, by its middle.

    Raises
    ------
    ShapeError
        It is so wide that no plane keeps its lengths.
    """
    west, south, east, north = shapely.total_bounds(shapes.geometry).tolist()
    if east - west > _MAX_WIDTH_DEGREES:
        raise refuse(shapes.path, "shape.need.narrow", f"{east - west:.1f}")
    return metric_crs((west + east) / 2, (south + north) / 2)


def to_plane(geometry: Geometries, plane: Crs) -> Geometries:
    """Return shapes of WGS 84 in the metres of ``plane``."""
    return moved(geometry, lambda lon, lat: from_wgs84(lon, lat, plane))


def from_plane(geometry: Geometries, plane: Crs) -> Geometries:
    """Return shapes in the metres of ``plane`` on WGS 84."""
    return moved(geometry, lambda x, y: to_wgs84(x, y, plane))


def polygons_only(geometry: Geometries) -> Geometries:
    """Return shapes without the lines and points that cutting and mending leave in some."""
    mixed = np.flatnonzero(~np.isin(shapely.get_type_id(geometry), [*POLYGONS]))
    cleaned = geometry.copy()
    for at in mixed.tolist():
        parts = shapely.get_parts(shapely.get_parts(geometry[at]))
        cleaned[at] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return cleaned


def _frame(source: Source) -> Any:
    try:
        return read_layer(source.path, layer=source.layer, encoding=source.encoding)
    except LayerError as error:
        value = source.layer if error.wrong == "layer" else None
        code = f"shape.need.{error.wrong}"
        raise refuse(str(source.path), code, value, **error.values) from None


def _system(source: Source, declared: Any) -> tuple[Crs, list[Text]]:
    if source.crs is None and declared is None:
        raise refuse(str(source.path), "shape.need.crs")
    try:
        named = source.crs if source.crs is not None else declared.to_wkt()
        path = "--crs" if source.crs is not None else str(source.path)
        return parse_crs(named, path=path), []
    except CrsError as error:
        raise ShapeError(error.faults) from None


def _check_kinds(shapes: Shapes, kinds: tuple[frozenset[int], ...]) -> None:
    empty = shapely.is_missing(shapes.geometry) | shapely.is_empty(shapes.geometry)
    allowed = [kind for one in kinds for kind in one]
    wrong = np.flatnonzero(empty | ~np.isin(shapely.get_type_id(shapes.geometry), allowed))
    need = Text(code="shape.need.polygon_or_point" if len(kinds) > 1 else _NEEDS[kinds[0]])
    faults = [
        shapes.fault(row, None, None if empty[row] else shapes.geometry[row].geom_type, need)
        for row in wrong[:_MAX_FAULTS].tolist()
    ]
    if faults:
        raise ShapeError(tuple(faults))


def _check_positions(shapes: Shapes, placed: Geometries) -> None:
    bounds = shapely.bounds(placed)
    with np.errstate(invalid="ignore"):
        good = (np.abs(bounds[:, [0, 2]]) <= 180) & (np.abs(bounds[:, [1, 3]]) <= 90)
    wrong = np.flatnonzero(~good.all(axis=1))
    need = Text(code="shape.need.on_earth")
    faults = [
        shapes.fault(row, None, f"{bounds[row, 0]:g}, {bounds[row, 1]:g}", need)
        for row in wrong[:_MAX_FAULTS].tolist()
    ]
    if faults:
        raise ShapeError(tuple(faults))


def _mended(geometry: Geometries) -> tuple[Geometries, int]:
    broken = np.flatnonzero(~shapely.is_valid(geometry))
    whole = geometry.copy()
    if len(broken):
        whole[broken] = polygons_only(np.asarray(shapely.make_valid(geometry[broken])))
    return whole, len(broken)


def _on_mainland(geometry: Geometries) -> bool:
    west, south, east, north = shapely.total_bounds(geometry).tolist()
    return bool(in_mainland((west + east) / 2, (south + north) / 2))
