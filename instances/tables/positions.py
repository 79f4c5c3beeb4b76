"""Positions as people write them: degrees, minutes and seconds, and two numbers in one cell."""

import re
from collections.abc import Mapping
from numbers import Real
from typing import Literal

from instances.coordinates.mainland import in_mainland
from instances.tables.files import is_blank
from instances.tables.numbers import read_number
from instances.tables.units import plain, read_header
from models.text import Text

Order = Literal["lon_lat", "lat_lon"]
_Axis = Literal["lon", "lat"]

_SIGNED: dict[str, tuple[_Axis, int]] = {
    **dict.fromkeys(("东经", "经度", "east", "e"), ("lon", 1)),
    **dict.fromkeys(("西经", "west", "w"), ("lon", -1)),
    **dict.fromkeys(("北纬", "纬度", "north", "n"), ("lat", 1)),
    **dict.fromkeys(("南纬", "south", "s"), ("lat", -1)),
}
_SIGN = "|".join(sorted(_SIGNED, key=len, reverse=True))
_ANGLE = re.compile(
    rf"""^(?P<before>{_SIGN})?[:\s]*(?:(?P<minus>-)|\+)?
    (?P<degrees>\d+(?:\.\d+)?)\s*(?:[°º度d]|deg)?\s*
    (?:(?<![\d.])(?P<minutes>\d+(?:\.\d+)?)\s*['\u2032’分m]\s*)?
    (?:(?<![\d.])(?P<seconds>\d+(?:\.\d+)?)\s*(?:["″”秒s]|''|\u2032\u2032)\s*)?
    (?P<after>{_SIGN})?$""",
    re.IGNORECASE | re.VERBOSE,
)
_SPLIT = re.compile(
    r"[,;、\t]+|(?<=[\d°度'\u2032’分\"″”秒eswn])\s+(?=[-\d东西南北a-z])", re.IGNORECASE
)


def read_angle(text: object, *, axis: _Axis | None = None) -> float | Text | None:
    r"""Return an angle in degrees, north and east counted up; None where the cell is blank.

    Examples
    --------
    >>> read_angle("114°21'00\"E"), read_angle("东经114度21分"), read_angle("22.69")
    (114.35, 114.35, 22.69)
    """
    read = _read(text)
    if not isinstance(read, tuple):
        return read
    degrees, said = read
    if axis is not None and said not in {None, axis}:
        return Text(code=f"number.need.{axis}")
    most = 90.0 if "lat" in {axis, said} else 180.0
    return degrees if abs(degrees) <= most else Text(code=f"number.need.{axis or said or 'angle'}")


def read_pair(text: object, *, order: Order | None = None) -> tuple[float, float] | Text | None:
    """Return the longitude and latitude that stand in one cell; None where it is blank.

    Which is which is told by letters (E, 北纬), by ``order``, by a number above 90, or by only
    one order lying in the mainland of China; where nothing tells, it is refused.

    Examples
    --------
    >>> read_pair("114.35,22.69"), read_pair("22.69N 114.35E"), read_pair("40.1, 50.2").code
    ((114.35, 22.69), (114.35, 22.69), 'number.need.order')
    """
    cell = plain(text).strip("()[] ") if isinstance(text, str) else text
    if cell is None or cell == "":
        return None
    parts = [one for one in _SPLIT.split(cell) if one.strip()] if isinstance(cell, str) else []
    read = [_read(one) for one in parts]
    first, second = read if len(read) == 2 else (None, None)
    if not isinstance(first, tuple) or not isinstance(second, tuple):
        return Text(code="number.need.pair")
    return _ordered(first, second, order)


def read_position(
    row: Mapping[str, object], columns: Mapping[str, str], *, metres: bool | None = False
) -> tuple[float, float] | dict[str, Text]:
    """Return x and y of a row, or what each of its fields needs.

    They stand in the columns ``lon`` and ``lat``, or both in that of ``position``, over which the
    two columns stand. ``metres``: lengths, as a projected system has them; None: lengths or angles.
    """
    cells = {one: row.get(columns.get(one, "")) for one in ("lon", "lat")}
    if "position" in columns and all(map(is_blank, cells.values())):
        pair = _named_pair(row.get(columns["position"]), columns["position"])
        return pair if isinstance(pair, tuple) else {"position": pair}
    units = {one: read_header(columns.get(one, "")).unit for one in cells}
    read = {
        "lon": _coordinate(cells["lon"], units["lon"], "lon", metres=metres),
        "lat": _coordinate(cells["lat"], units["lat"], "lat", metres=metres),
    }
    needs = {one: value for one, value in read.items() if isinstance(value, Text)}
    x, y = read["lon"], read["lat"]
    return needs if isinstance(x, Text) or isinstance(y, Text) else (x, y)


def _coordinate(
    cell: object, unit: str | None, axis: _Axis, *, metres: bool | None
) -> float | Text:
    angle = read_angle(cell, axis=axis)
    read = angle if metres is False else read_number(cell, unit_from_header=unit)
    if metres is None and isinstance(read, Text) and isinstance(angle, float):
        read = angle
    return Text(code="table.need.value") if read is None else read


def _named_pair(cell: object, heading: str) -> tuple[float, float] | Text:
    """Return the two numbers of a cell; the order that the heading names counts last."""
    read = read_pair(cell)
    if isinstance(read, Text) and read.code == "number.need.order":
        read = read_pair(cell, order=named_order(heading))
    return Text(code="table.need.value") if read is None else read


def named_order(heading: str) -> Order | None:
    """Return the order that a column's heading names, None where it names none.

    Examples
    --------
    >>> named_order("经纬度"), named_order("Position (lat, lon)"), named_order("坐标")
    ('lon_lat', 'lat_lon', None)
    """
    said = re.findall("经|纬|lon|lng|lat", plain(heading).casefold())
    if not said:
        return None
    return "lon_lat" if said[0] in {"经", "lon", "lng"} else "lat_lon"


def _read(text: object) -> tuple[float, _Axis | None] | Text | None:
    """Return degrees and the axis that the text names; a time (0:22:41, 2 min) is no angle."""
    found = _ANGLE.match(plain(text.replace("º", "°"))) if isinstance(text, str) else None
    if found is None:
        number = read_number(text)
        if number is None or (isinstance(number, float) and isinstance(text, Real)):
            return None if number is None else (number, None)
        if isinstance(number, Text) and number.code != "number.need.number":
            return number
        return Text(code="number.need.angle")
    minutes, seconds = float(found["minutes"] or 0), float(found["seconds"] or 0)
    signs = {_SIGNED[one.casefold()] for one in (found["before"], found["after"]) if one}
    if minutes >= 60 or seconds >= 60 or len(signs) > 1:
        return Text(code="number.need.angle")
    size = float(found["degrees"]) + minutes / 60 + seconds / 3600
    axis, sign = signs.pop() if signs else (None, 1)
    return (-size if found["minus"] else size) * sign, axis


def _ordered(
    first: tuple[float, _Axis | None], second: tuple[float, _Axis | None], order: Order | None
) -> tuple[float, float] | Text:
    named = (first[1], second[1])
    if named[0] is not None and named[0] == named[1]:
        return Text(code="number.need.pair")
    as_given, turned = (first[0], second[0]), (second[0], first[0])
    if "lon" in named or "lat" in named:
        chosen = as_given if named[0] == "lon" or named[1] == "lat" else turned
    elif order is not None:
        chosen = as_given if order == "lon_lat" else turned
    else:
        could = [pair for pair in (as_given, turned) if abs(pair[0]) <= 180 and abs(pair[1]) <= 90]
        if len(could) > 1:
            could = [pair for pair in could if in_mainland(*pair)]
        if len(could) != 1:
            return Text(code="number.need.order")
        chosen = could[0]
    lon, lat = chosen
    return chosen if abs(lon) <= 180 and abs(lat) <= 90 else Text(code="number.need.pair")
