"""Map files of a project that are no tables: roads, closures, and what lies beneath the map."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from shapely.geometry import mapping

from instances.coordinates import Crs, parse_crs, to_wgs84
from instances.projects.words import parts_of
from instances.tables.columns import column_named
from instances.tables.files import TableError, read_name
from instances.tables.layers import LayerError, read_layer
from instances.tables.numbers import read_number
from models.faults import Fault
from models.text import Text

_SHAPES = frozenset({"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})
_SCENARIOS, _SURVIVES = ("scenarios", "scenario", "情景"), ("surviving_share", "保留比例")
_ID, _NAME, _KIND = ("id", "编号"), ("name", "名称"), ("kind", "类型")
_KINDS = frozenset({"flood", "landslide", "blocked", "works", "other"})


class MapFile(NamedTuple):
    """A file of a map, and the layer in it that counts, where it has several.

    ``crs`` is what a person says of the file, over its own word; None: nobody does.
    """

    path: Path
    layer: str | None = None
    crs: str | None = None

    @property
    def name(self) -> str:
        """What faults call it, as the sheets of a workbook are called."""
        return self.path.name if self.layer is None else f"{self.path.name}:{self.layer}"


@dataclass(frozen=True)
class Shape:
    """A shape as GeoJSON writes it, on WGS 84, and what its file says of it."""

    geometry: dict[str, Any]
    properties: dict[str, object]

    def said(self, names: tuple[str, ...]) -> str | None:
        """Return the first property of these names that is there."""
        columns = (column_named(self.properties, (name,)) for name in names)
        found = (read_name(self.properties.get(one or "")) for one in columns)
        return next((one for one in found if one is not None), None)


@dataclass(frozen=True)
class Layer:
    """The shapes of a map file, and the system its numbers were read in."""

    stem: str
    system: Crs
    shapes: tuple[Shape, ...]


def closures(layer: Layer) -> list[dict[str, Any]]:
    """Return each shape of a file as a closure of the roads that it touches."""
    made = []
    for number, shape in enumerate(layer.shapes, 1):
        kind = shape.said(_KIND)
        name = shape.said(_NAME)
        closure: dict[str, Any] = {
            "id": shape.said(_ID) or f"{layer.stem}-{number}",
            "kind": kind if kind in _KINDS else "other",
            "geometry": shape.geometry,
        }
        made.append(closure | ({} if name is None else {"name": name}))
    return made


def hazard_areas(layer: Layer) -> list[dict[str, Any]]:
    """Return each area of a file as a hazard, with the names of its scenarios."""
    made = []
    for shape in layer.shapes:
        if shape.geometry["type"] not in {"Polygon", "MultiPolygon"}:
            continue
        share = read_number(shape.said(_SURVIVES))
        told = {"name": shape.said(_NAME), "surviving_share": share}
        made.append(
            {
                "kind": shape.said(_KIND) or layer.stem,
                "shape": shape.geometry,
                "scenarios": parts_of(shape.said(_SCENARIOS) or ""),
                **{key: value for key, value in told.items() if isinstance(value, (str, float))},
            }
        )
    return made


def backdrop(layer: Layer, kind: str) -> list[dict[str, Any]]:
    """Return each shape of a file as one that the map draws beneath the plan."""
    made = []
    for shape in layer.shapes:
        name = shape.said(_NAME)
        made.append(
            {"kind": kind, "geometry": shape.geometry} | ({} if name is None else {"name": name})
        )
    return made


def read_shapes(file: MapFile, crs: str | None) -> Layer:
    """Return the shapes of a map file.

    ``crs`` is the system of the project, for a file that names none or only claims WGS 84.

    Raises
    ------
    TableError
        The file is damaged or empty, or nobody says which system its numbers are in.
    """
    try:
        frame = read_layer(file.path, layer=file.layer)
    except LayerError as error:
        several = error.wrong == "one_layer"
        code = "table.need.one_layer" if several else "table.need.whole"
        raise _error(file, code, **(error.values if several else {})) from None
    if frame.empty:
        raise _error(file, "table.need.rows")
    own = None if frame.crs is None else frame.crs.to_string()
    system = system_of(own, crs) if file.crs is None else parse_crs(file.crs)
    if system is None:
        raise _error(file, "project.need.crs")
    properties = frame.drop(columns=frame.geometry.name).to_dict("records")
    shapes = zip(frame.geometry, properties, strict=True)
    read = tuple(Shape(made, said) for one, said in shapes for made in _plain(one, system))
    return Layer(file.layer or file.path.stem, system, read)


def system_of(declared: str | None, given: str | None) -> Crs | None:
    """Return the system of a file; a given one stands above a mere claim of degrees.

    A file that says WGS 84 may hold shifted degrees all the same, one in a projected system
    cannot: its own word counts.
    """
    own = None if declared is None else parse_crs(declared)
    if own is not None and own.kind == "projected":
        return own
    return parse_crs(given) if given is not None else own


def _plain(shape: Any, system: Crs) -> Iterator[dict[str, Any]]:
    if shape is None or shape.is_empty:
        return
    moved = shapely.transform(
        shapely.force_2d(shape), lambda x, y: to_wgs84(x, y, system), interleaved=False
    )
    parts = moved.geoms if moved.geom_type in {"GeometryCollection", "MultiPoint"} else [moved]
    for part in parts:
        if part.geom_type in _SHAPES:
            yield dict(mapping(part))


def _error(file: MapFile, code: str, **values: str) -> TableError:
    return TableError((Fault(path=file.name, need=Text(code=code, values={**values})),))
