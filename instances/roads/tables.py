"""Roads as two plain tables, nodes and arcs, in a folder or a ZIP: ``nodes.csv``, ``arcs.csv``.

Nodes have an id, ``x``/``lon`` and ``y``/``lat``; arcs run one way, from a node to a node, in a
time. Lines above the header (as the simulator JEMSS writes them) are passed over.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from instances.roads.lines import CLASSES_ZH
from instances.roads.reference import checked
from instances.roads.tags import ROADS, access_bits, one_direction, speed_m_s
from instances.roads.ways import (
    FloatArray,
    NetworkError,
    Options,
    Trait,
    Ways,
    merge_directions,
    refuse,
)
from instances.tables.columns import column_named
from models.faults import Fault
from models.text import Text

_ID = ("id", "index", "node", "osmid", "编号")
_X = ("lon", "x", "lng", "longitude", "经度")
_Y = ("lat", "y", "latitude", "纬度")
_FROM = ("from", "fromnode", "from_node", "source", "u", "tail", "起点")
_TO = ("to", "tonode", "to_node", "target", "v", "head", "终点")
_TIME = ("time", "travel_time", "time_s", "travel_time_s", "mode_1", "行程时间")
_CLASS = ("class", "highway", "road_class", "道路等级")
_NAME = ("name", "名称", "路名")
_SPEED = ("maxspeed", "speed_kmh", "speed", "限速")
_IN_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "days": 86400.0}
_NAMED_SECONDS = frozenset({"time_s", "travel_time_s"})
_MAX_FAULTS = 100


class Table(NamedTuple):
    """The cells of one table: ``rows`` by column name, and the line each stands in."""

    name: str
    header: list[str]
    rows: list[dict[str, str]]
    lines: list[int]


def read(path: Path, options: Options) -> Ways:
    """Return the roads of two tables; the two directions of a street are one where alike."""
    nodes = _table(path, "nodes", options, (_ID, _X, _Y))
    arcs = _table(path, "arcs", options, (_FROM, _TO))
    faults: list[Fault] = []
    index, lon, lat = _nodes(nodes, faults)
    readers = _ArcReader(path, arcs, options, index, faults)
    read_arcs = [readers.read(row, line) for row, line in zip(arcs.rows, arcs.lines, strict=True)]
    if faults:
        raise NetworkError(faults[:_MAX_FAULTS])
    if options.to_wgs84:
        lon, lat = options.to_wgs84(lon, lat)
    checked(path, lon, lat)
    ways = Ways(lon, lat, format="CSV")
    for ends, trait, bits in read_arcs:
        ways.add(np.array(ends, dtype=np.int64), trait, bits)
    return merge_directions(ways)


def _text(path: Path, stem: str, options: Options) -> str:
    """Return the text of ``nodes.csv`` or ``arcs.csv`` in a folder or ZIP."""
    name = f"{stem}.csv"
    encoding = options.encoding or "utf-8-sig"
    try:
        if path.is_dir():
            return (path / name).read_text(encoding=encoding)
        with zipfile.ZipFile(path) as archive:
            found = next(item for item in archive.namelist() if item.rpartition("/")[2] == name)
            return archive.read(found).decode(encoding)
    except (FileNotFoundError, StopIteration):
        raise refuse(path, "need.table", name=name) from None
    except UnicodeDecodeError:
        raise refuse(path, "need.encoding") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError) as error:
        raise refuse(path, "damaged", problem=str(error)) from None


def _table(path: Path, stem: str, options: Options, needed: Sequence[Sequence[str]]) -> Table:
    """Return a table from its header on: the first line that has all the columns needed."""
    lines = enumerate(csv.reader(io.StringIO(_text(path, stem, options))), 1)
    name = f"{path}: {stem}.csv"
    for _, cells in lines:
        header = [cell.strip() for cell in cells]
        lower = {cell.lower() for cell in header}
        if all(lower & set(names) for names in needed):
            rows = [(line, cells) for line, cells in lines if any(cell.strip() for cell in cells)]
            made = [
                {key: cell.strip() for key, cell in zip(header, cells, strict=False)}
                for _, cells in rows
            ]
            return Table(name, header, made, [line for line, _ in rows])
    need = Text(code="roads.need.columns", values={"known": " | ".join(n[0] for n in needed)})
    raise NetworkError((Fault(path=name, need=need),))


def _column(table: Table, usual: Sequence[str], asked: str | None = None) -> str | None:
    if asked is not None and asked not in table.header:
        known = ", ".join(name for name in table.header if name)
        need = Text(code="roads.need.column", values={"known": known})
        raise NetworkError((Fault(path=table.name, value=asked, need=need),))
    return asked or column_named(table.header, usual)


def _nodes(table: Table, faults: list[Fault]) -> tuple[dict[str, int], FloatArray, FloatArray]:
    name, x, y = (_column(table, usual) or "" for usual in (_ID, _X, _Y))
    index: dict[str, int] = {}
    at: list[tuple[float, float]] = []
    for row, line in zip(table.rows, table.lines, strict=True):
        try:
            at.append((float(row[x]), float(row[y])))
        except (KeyError, ValueError):
            value = f"{row.get(x)}, {row.get(y)}"
            faults.append(_fault(table, line, value, "position"))
            continue
        if row[name] in index:
            faults.append(_fault(table, line, row[name], "own_id"))
        index[row[name]] = len(at) - 1
    points = np.array(at, dtype=np.float64).reshape(-1, 2)
    return index, points[:, 0], points[:, 1]


def _fault(table: Table, line: int, value: str | None, need: str) -> Fault:
    at = f"{table.name}, line {line}"
    return Fault(path=at, value=value, need=Text(code=f"roads.need.{need}"))


class _ArcReader:
    """Reads the arcs: which columns there are is settled once."""

    def __init__(
        self, path: Path, table: Table, options: Options, index: dict[str, int], faults: list[Fault]
    ) -> None:
        self.table, self.index, self.faults = table, index, faults
        self.tail, self.head = _column(table, _FROM) or "", _column(table, _TO) or ""
        self.time = _column(table, _TIME, options.time_column)
        self.road_class = _column(table, _CLASS, options.class_column)
        self.speed = _column(table, _SPEED, options.speed_column)
        self.name = _column(table, _NAME, options.name_column)
        if not (self.time or self.road_class or self.speed):
            known = ", ".join(name for name in table.header if name)
            raise refuse(path, "need.time_column", known=known)
        unit = options.time_unit or ("s" if self.time in _NAMED_SECONDS else None)
        if self.time and unit is None:
            raise refuse(path, "need.time_unit", value=self.time)
        self.unit_s = _IN_SECONDS[unit or "s"]

    def read(self, row: dict[str, str], line: int) -> tuple[tuple[int, int], Trait, int]:
        """Return the end nodes of an arc, its trait, and who may use it."""
        ends = self._end(row, self.tail, line), self._end(row, self.head, line)
        given = self._get(row, self.road_class) or "unclassified"
        road_class = CLASSES_ZH.get(given, given)
        known = road_class if road_class in ROADS else "unclassified"
        bits = one_direction(access_bits({"highway": known, "oneway": "no"}))
        trait = Trait(
            road_class,
            self._get(row, self.name) or None,
            self._speed(row, line),
            self._time(row, line),
        )
        return ends, trait, bits

    def _get(self, row: dict[str, str], column: str | None) -> str:
        return row.get(column, "") if column else ""

    def _end(self, row: dict[str, str], column: str, line: int) -> int:
        name = row.get(column, "")
        if name not in self.index:
            self.faults.append(_fault(self.table, line, name, "node"))
        return self.index.get(name, 0)

    def _speed(self, row: dict[str, str], line: int) -> float | None:
        text = self._get(row, self.speed)
        speed = speed_m_s(text)
        if text and speed is None:
            self.faults.append(_fault(self.table, line, text, "speed"))
        return speed

    def _time(self, row: dict[str, str], line: int) -> float | None:
        text = self._get(row, self.time)
        try:
            time_s = float(text) * self.unit_s if text else None
        except ValueError:
            time_s = -1.0
        if time_s is not None and not 0 <= time_s < float("inf"):
            self.faults.append(_fault(self.table, line, text, "time"))
        return time_s
