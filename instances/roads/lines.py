"""Roads as lines with a class or speed column: GeoPackage, GeoJSON, Shapefile, FlatGeobuf.

Lines meet where they share a vertex; lines that only cross pass over each other.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely

from instances.roads.reference import checked, from_declared
from instances.roads.tags import ROADS, access_bits, speed_m_s
from instances.roads.ways import (
    NetworkError,
    Options,
    Trait,
    Ways,
    note,
    refuse,
    shared_points,
)
from instances.tables.columns import column_named
from instances.tables.layers import LayerError, Wrong, read_layer
from models.faults import Fault
from models.text import Text

if TYPE_CHECKING:
    import geopandas

CLASS_COLUMNS = ("highway", "fclass", "class", "road_class", "roadclass", "type", "kind")
CLASS_COLUMNS_ZH = ("道路等级", "道路类型", "等级", "类型")
SPEED_COLUMNS = ("maxspeed", "speed", "speed_kmh", "speed_km_h", "kph", "限速", "速度", "车速")
ONEWAY_COLUMNS = ("oneway", "one_way", "direction", "单行", "单行道", "单行线")
NAME_COLUMNS = ("name", "name:zh", "road_name", "street", "名称", "路名", "道路名称")

# The names that Chinese road files give their classes, as OpenStreetMap's.
CLASSES_ZH = {
    "高速公路": "motorway",
    "高速": "motorway",
    "快速路": "trunk",
    "城市快速路": "trunk",
    "国道": "trunk",
    "主干路": "primary",
    "主干道": "primary",
    "省道": "primary",
    "次干路": "secondary",
    "次干道": "secondary",
    "县道": "secondary",
    "支路": "tertiary",
    "乡道": "tertiary",
    "居住区道路": "residential",
    "小区道路": "residential",
    "内部道路": "service",
    "人行道": "footway",
    "步行街": "pedestrian",
}
_ONEWAY = {
    **dict.fromkeys(("", "no", "0", "false", "b", "n", "both", "双向", "否"), 3),
    **dict.fromkeys(("yes", "1", "true", "f", "ft", "y", "forward", "单向", "是"), 1),
    **dict.fromkeys(("-1", "t", "tf", "reverse", "backward", "逆向"), 2),
}
_MAX_FAULTS = 100
_NEEDS: dict[Wrong, str] = {
    "file": "need.file",
    "layer": "need.layer",
    "one_layer": "need.one_layer",
    "encoding": "need.encoding",
    "readable": "damaged",
    "geometry": "no_geometry",
}


def read(path: Path, options: Options) -> Ways:
    """Return the roads of a file of lines; a speed is in km/h unless it says mph."""
    frame = _frame(path, options)
    if not len(frame):
        raise refuse(path, "no_roads")
    columns = _Columns(path, frame, options)
    frame, empty = _lines(path, frame)
    bits, traits = columns.read(frame)
    parts, row = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    to_wgs84 = options.to_wgs84 or from_declared(path, frame.crs)
    lon, lat = to_wgs84(points[:, 0], points[:, 1])
    checked(path, lon, lat)
    lon, lat, which = shared_points(lon, lat)
    ways = Ways(lon, lat, format=path.suffix.removeprefix(".").lower())
    ways.notes.extend(columns.notes)
    if empty:
        ways.notes.append(note("empty_lines", number=empty))
    starts = np.searchsorted(part, np.arange(len(parts) + 1))
    for number, at in enumerate(row.tolist()):
        ways.add(which[starts[number] : starts[number + 1]], traits[at], bits[at])
    return ways


def _frame(path: Path, options: Options) -> "geopandas.GeoDataFrame":
    try:
        frame: geopandas.GeoDataFrame = read_layer(
            path, layer=options.layer, encoding=options.encoding
        )
    except LayerError as error:
        value = options.layer if error.wrong == "layer" else None
        raise refuse(path, _NEEDS[error.wrong], value=value, **error.values) from None
    return frame


def _lines(path: Path, frame: "geopandas.GeoDataFrame") -> tuple["geopandas.GeoDataFrame", int]:
    """Return the rows that have a line, and how many have no shape; other shapes are faults."""
    shapes = frame.geometry.to_numpy()
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    kinds = shapely.get_type_id(shapes)
    wrong = np.flatnonzero(~empty & ~np.isin(kinds, [1, 2, 5]))
    if len(wrong):
        raise NetworkError(
            [
                Fault(
                    path=f"{path}: row {row + 1}",
                    value=shapes[row].geom_type,
                    need=Text(code="roads.need.lines"),
                )
                for row in wrong[:_MAX_FAULTS].tolist()
            ]
        )
    return frame[~empty], int(empty.sum())


class _Columns:
    """The columns of a file that say class, speed, direction and name, and reading them."""

    def __init__(self, path: Path, frame: "geopandas.GeoDataFrame", options: Options) -> None:
        self.path = path
        names = [str(name) for name in frame.columns if name != frame.geometry.name]
        self.faults: list[Fault] = []
        self.notes: list[Text] = []
        self.road_class = self._find(names, options.class_column, CLASS_COLUMNS + CLASS_COLUMNS_ZH)
        self.speed = self._find(names, options.speed_column, SPEED_COLUMNS)
        self.oneway = self._find(names, options.oneway_column, ONEWAY_COLUMNS)
        self.name = self._find(names, options.name_column, NAME_COLUMNS)
        if self.road_class is None and self.speed is None and not self.faults:
            need = Text(code="roads.need.class_or_speed", values={"known": ", ".join(names)})
            self.faults.append(Fault(path=str(path), need=need))
        if self.faults:
            raise NetworkError(self.faults)

    def _find(self, names: list[str], asked: str | None, usual: Sequence[str]) -> str | None:
        if asked is not None:
            if asked not in names:
                need = Text(code="roads.need.column", values={"known": ", ".join(names)})
                self.faults.append(Fault(path=str(self.path), value=asked, need=need))
            return asked
        return column_named(names, usual)

    def read(self, frame: "geopandas.GeoDataFrame") -> tuple[list[int], list[Trait]]:
        """Return for each row who may use it, and its trait; faults name their rows."""
        bits, traits = [], []
        unknown: set[str] = set()
        for row, values in zip(
            cast("list[int]", frame.index.tolist()), _records(frame, self._wanted()), strict=True
        ):
            road_class = _text(values.get(self.road_class)) or "unclassified"
            road_class = CLASSES_ZH.get(road_class, road_class)
            way = self._direction(row, values)
            if road_class not in ROADS:
                unknown.add(road_class)
            bits.append(_bits(road_class, way))
            name = _text(values.get(self.name)) or None
            traits.append(Trait(road_class, name, self._speed(row, values)))
        if self.faults:
            raise NetworkError(self.faults[:_MAX_FAULTS])
        if unknown:
            self.notes.append(note("other_classes", names=", ".join(sorted(unknown)[:20])))
        return bits, traits

    def _wanted(self) -> list[str]:
        columns = (self.road_class, self.speed, self.oneway, self.name)
        return [column for column in columns if column is not None]

    def _direction(self, row: int, values: dict[str | None, Any]) -> int:
        text = _text(values.get(self.oneway)).lower()
        if text not in _ONEWAY:
            self._fault(row, self.oneway, text, "oneway")
        return _ONEWAY.get(text, 3)

    def _speed(self, row: int, values: dict[str | None, Any]) -> float | None:
        text = _text(values.get(self.speed))
        if text in {"", "0"} or text.lower() in {"none", "signals", "walk", "variable"}:
            return None  # OpenStreetMap's extracts write 0 where nothing is posted
        speed = speed_m_s(text)
        if speed is None:
            self._fault(row, self.speed, text, "speed")
        return speed

    def _fault(self, row: int, column: str | None, value: str, need: str) -> None:
        at = f"{self.path}: row {row + 1}, column {column}"
        self.faults.append(Fault(path=at, value=value, need=Text(code=f"roads.need.{need}")))


def _records(frame: "geopandas.GeoDataFrame", columns: list[str]) -> list[dict[str | None, Any]]:
    values = [frame[column].tolist() for column in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def _text(value: object) -> str:
    """Return a cell as text; whole numbers without their decimals, nothing as nothing.

    Examples
    --------
    >>> _text(60.0), _text(None), _text(float("nan")), _text(True), _text(" 主干路 ")
    ('60', '', '', 'true', '主干路')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _bits(road_class: str, way: int) -> int:
    """Return who may use a road of a class; one that OpenStreetMap does not know is driven.

    Examples
    --------
    >>> _bits("primary", 1), _bits("主路", 1), _bits("footway", 3), _bits("motorway", 1)
    (53, 53, 48, 5)
    """
    known = road_class if road_class in ROADS else "unclassified"
    oneway = {1: "yes", 2: "-1", 3: "no"}[way]
    return access_bits({"highway": known, "oneway": oneway})
