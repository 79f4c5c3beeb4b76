"""Units that people write, and what the program counts in instead.

Inside there are only seconds, metres, square metres, metres per second, persons, kilograms, plain
counts and shares of one.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from models.faults import Fault
from models.text import Text

Dimension = Literal[
    "time", "length", "area", "speed", "people", "count", "share", "money", "mass", "density"
]


@dataclass(frozen=True)
class Unit:
    """A unit: one of it is ``factor`` of the program's own; ``multiple`` says 万 is part of it.

    ``dimension`` None is a bare multiple (万), which may stand before any unit.
    """

    dimension: Dimension | None
    factor: float
    multiple: bool = False


@dataclass(frozen=True)
class Header:
    """A column's heading: its name, its unit, and what stood in its place but is none."""

    name: str
    unit: str | None = None
    remark: str | None = None


def _named(dimension: Dimension, factor: float, names: str) -> Iterable[tuple[str, Unit]]:
    return ((name, Unit(dimension, factor)) for name in names.split())


_UNITS: dict[str, Unit] = dict(
    [
        *_named("time", 1.0, "s sec secs second seconds 秒 秒钟"),
        *_named("time", 60.0, "min mins minute minutes 分 分钟"),
        *_named("time", 3600.0, "h hr hrs hour hours 小时 个小时 时"),
        *_named("length", 0.01, "cm 厘米"),
        *_named("length", 1.0, "m metre metres meter meters 米"),
        *_named("length", 1000.0, "km kilometre kilometres kilometer kilometers 公里 千米"),
        *_named("length", 0.3048, "ft foot feet 英尺"),
        *_named("length", 1609.344, "mi mile miles 英里"),
        *_named("area", 1.0, "m2 m^2 sqm sq.m 平方米 平米"),
        *_named("area", 2000.0 / 3.0, "亩 mu"),
        *_named("area", 1e4, "ha hectare hectares 公顷"),
        *_named("area", 1e6, "km2 km^2 sqkm sq.km 平方公里 平方千米"),
        *_named("speed", 1.0, "m/s 米/秒 米每秒"),
        *_named("speed", 1 / 3.6, "km/h kmh kph 公里/小时 公里/时 公里每小时 千米/小时 千米/时"),
        *_named("speed", 1609.344 / 3600.0, "mph"),
        *_named("people", 1.0, "person persons people residents 人 名"),
        *_named("density", 1e-6, "人/平方公里 人/km2 people/km2 persons/km2"),
        *_named("count", 1.0, "个 座 辆 台 处 户 栋 幢 间 张 支 所 起 项 套 家 units"),
        *_named("share", 0.01, "% percent"),
        *_named("share", 0.001, "‰"),
        *_named("money", 1.0, "元 yuan cny rmb"),
        *_named("mass", 1.0, "kg kilogram kilograms 千克 公斤"),
        *_named("mass", 1000.0, "t tonne tonnes 吨"),
    ]
)
_MULTIPLES: dict[str, float] = {
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "万亿": 1e12,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
}
_IN_BRACKETS = re.compile(
    r"^(?P<name>.*?)\s*[(\[](?:单位[:：]?|unit:?)?\s*(?P<unit>[^()\[\]]*)[)\]]$"
)
_AFTER_SIGN = re.compile(r"^(?P<name>.+?)(?:[,;\s]*单位[:：]|_)\s*(?P<unit>[^_\s]+)$")


def plain(text: str) -> str:
    """Return ``text`` in half width, without spaces around it and with one kind of minus sign.

    Examples
    --------
    >>> plain(" \uff11\uff12\uff13㎡ ")
    '123m2'
    """
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()


@lru_cache(maxsize=4096)
def find_unit(text: str) -> Unit | None:
    """Return the unit that ``text`` names, with a multiple before it or without, else None.

    Examples
    --------
    >>> find_unit("万人"), find_unit("千米").factor, find_unit("furlong")
    (Unit(dimension='people', factor=10000.0, multiple=True), 1000.0, None)
    """
    name = plain(text).casefold().replace(" ", "")
    if name in _UNITS:
        return _UNITS[name]
    if name in _MULTIPLES:
        return Unit(None, _MULTIPLES[name], multiple=True)
    for multiple in sorted(_MULTIPLES, key=len, reverse=True):
        unit = _UNITS.get(name.removeprefix(multiple)) if name.startswith(multiple) else None
        if unit is not None and unit.dimension != "share":
            return Unit(unit.dimension, _MULTIPLES[multiple] * unit.factor, multiple=True)
    return None


@lru_cache(maxsize=4096)
def read_header(text: str) -> Header:
    """Return the name and the unit of a column's heading.

    A unit stands in brackets (``面积(亩)``), after 单位, or after an underscore (``area_m2``).
    What stands in brackets and is no unit is a ``remark``.

    Examples
    --------
    >>> read_header("面积（亩）")
    Header(name='面积', unit='亩', remark=None)
    >>> read_header("名称(中文)")
    Header(name='名称', unit=None, remark='中文')
    """
    heading = " ".join(plain(text).split())
    found = _IN_BRACKETS.match(heading)
    if found is not None and found["name"]:
        known = find_unit(found["unit"]) is not None
        unit, remark = (found["unit"], None) if known else (None, found["unit"] or None)
        return Header(found["name"], unit, remark)
    found = _AFTER_SIGN.match(heading)
    if found is not None and find_unit(found["unit"]) is not None:
        return Header(found["name"].rstrip(",;"), found["unit"])
    return Header(heading)


def header_fault(header: Header, *, path: str, dimension: Dimension | None = None) -> Fault | None:
    """Return what is wrong with the heading of a column of numbers, None where nothing is.

    Brackets that hold no known unit are a fault: a figure in 顷 must not pass for square metres.
    """
    if header.remark is not None:
        need = Text(code="number.need.header_unit", values={"unit": header.remark})
        return Fault(path=path, value=header.remark, need=need)
    unit = find_unit(header.unit) if header.unit is not None else None
    if unit is None or dimension is None or unit.dimension in {None, dimension}:
        return None
    return Fault(path=path, value=header.unit, need=Text(code=f"number.need.{dimension}"))
