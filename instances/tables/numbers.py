"""Numbers as people write them, in the program's own units; what could mean two things is refused.

``3.2万``, ``1,234``, ``12 亩``, ``4分30秒``, ``45%`` and digits in full width are numbers. Ranges,
estimates (约300), decimal commas and two numbers in one cell are not: guessing would be silent.
"""

import datetime
import math
import re
from numbers import Real

from instances.tables.units import Dimension, Unit, find_unit, plain
from models.text import Text

_BLANKS = frozenset({"", "-", "--", "—", "——", "–", "/", "\\", "n/a", "na", "#n/a", "null", "nan"})
_CLOCK = re.compile(r"^(\d+):(\d{2})(?::(\d{2}(?:\.\d+)?))?$")
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([^\d\s.]+)\s*")
_NUMBER = re.compile(r"^([+-]?\s*[\d.][\d.,]*(?:e[+-]?\d+)?)\s*(.*)$", re.IGNORECASE)
_GROUPED = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_PLAIN = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$", re.IGNORECASE)
_TWO = re.compile(r"^[+-]?\d+\.\d+\s*[,;\s]\s*[+-]?\d+\.\d+$")
_RANGE = re.compile(r"\d\D{0,3}?\s*[-~至到–—]\s*\d")
_ESTIMATE = re.compile(
    r"^[约近~≈<>≤≥]|[+余多]|左右|以上|以下|以内|^(about|ca|approx)", re.IGNORECASE
)
_CHINESE = re.compile(r"^[〇零一二两三四五六七八九十百千万亿点]+")


def read_number(
    text: object, *, unit_from_header: str | None = None, dimension: Dimension | None = None
) -> float | Text | None:
    """Return a cell's number in the program's own unit, None where it is blank.

    Parameters
    ----------
    text
        The cell: text, a number, or a time of day or duration as spreadsheets hold them.
    unit_from_header
        The unit its column's heading gives; a unit of the cell's own stands above it.
    dimension
        What the number must measure; a unit of another kind is refused.

    Returns
    -------
    float, None or Text
        The number; nothing; or what is needed instead, where there is none or two.

    Examples
    --------
    >>> read_number("3.2", unit_from_header="万人"), read_number("1,234"), read_number("—")
    (32000.0, 1234.0, None)
    >>> read_number("300-500").code
    'number.need.one_value'
    """
    duration = _duration(text)
    if duration is not None:
        return _checked(duration, Unit("time", 1.0), None, dimension)
    header = find_unit(unit_from_header) if unit_from_header is not None else None
    if unit_from_header is not None and header is None:
        return Text(code="number.need.unit", values={"unit": unit_from_header})
    if isinstance(text, bool) or not isinstance(text, str | Real | None):
        return Text(code="number.need.number")
    if text is None or isinstance(text, Real):
        value = math.nan if text is None else float(text)
        return None if math.isnan(value) else _checked(value, None, header, dimension)
    return _of_text(plain(text.strip().lstrip("'\u2018")), header, dimension)


def _duration(cell: object) -> float | None:
    if isinstance(cell, datetime.timedelta):
        return cell.total_seconds()
    if isinstance(cell, datetime.time):
        return cell.hour * 3600.0 + cell.minute * 60.0 + cell.second + cell.microsecond / 1e6
    return None


def _of_text(text: str, header: Unit | None, dimension: Dimension | None) -> float | Text | None:
    if text.casefold() in _BLANKS:
        return None
    seconds = _seconds(text)
    if seconds is not None:
        return _checked(seconds, Unit("time", 1.0), header, dimension)
    found = _NUMBER.match(text.lstrip("¥"))
    digits = found[1].replace(" ", "") if found is not None else ""
    unit = find_unit(found[2]) if found is not None and found[2] else None
    if found is None or (found[2] and unit is None) or not _is_number(digits):
        return _refused(text, found)
    return _checked(float(digits.replace(",", "")), unit, header, dimension)


def _is_number(digits: str) -> bool:
    return bool(_PLAIN.match(digits) or _GROUPED.match(digits))


def _seconds(text: str) -> float | None:
    """Return a duration of several parts in seconds: 1小时20分, 0:04:30."""
    clock = _CLOCK.match(text)
    if clock is not None and clock[3] is not None:
        return int(clock[1]) * 3600.0 + int(clock[2]) * 60.0 + float(clock[3])
    parts = _PART.findall(text)
    if len(parts) < 2 or _PART.sub("", text):
        return None
    units = [find_unit(name) for _, name in parts]
    factors = [unit.factor for unit in units if unit is not None and unit.dimension == "time"]
    falling = len(factors) == len(parts) and factors == sorted(set(factors), reverse=True)
    numbers = (float(number) for number, _ in parts)
    return sum(a * b for a, b in zip(numbers, factors, strict=True)) if falling else None


def _refused(text: str, found: re.Match[str] | None) -> Text:
    """Return why a text is no number, as what is needed instead."""
    reasons = (
        (_CLOCK.match(text), "number.need.clock"),
        (_TWO.match(text), "number.need.not_two"),
        (_RANGE.search(text), "number.need.one_value"),
        (_ESTIMATE.search(text), "number.need.exact"),
        (_CHINESE.match(text), "number.need.digits"),
        (found is not None and (not found[2] or found[2][0].isdigit()), "number.need.separator"),
    )
    for holds, code in reasons:
        if holds:
            return Text(code=code)
    if found is not None and _is_number(found[1].replace(" ", "")):
        return Text(code="number.need.unit", values={"unit": found[2]})
    return Text(code="number.need.number")


def _percent(header: Unit | None) -> bool:
    return header is not None and header.dimension == "share" and header.factor == 0.01


def _checked(
    value: float, unit: Unit | None, header: Unit | None, dimension: Dimension | None
) -> float | Text:
    """Return ``value`` in the program's unit, where cell, heading and purpose agree."""
    if not math.isfinite(value):
        return Text(code="number.need.number")
    if unit is not None and unit.dimension is None:
        if header is not None and (header.multiple or header.dimension == "share"):
            return Text(code="number.need.one_multiple")
        dimensions = {header.dimension if header is not None else None, dimension}
        factor = unit.factor * (header.factor if header is not None else 1.0)
    else:
        if unit is None and _percent(header) and 0 < abs(value) <= 1:
            return Text(code="number.need.percent")
        dimensions = {one.dimension for one in (unit, header) if one is not None} | {dimension}
        chosen = unit or header
        factor = chosen.factor if chosen is not None else 1.0
    if len(dimensions - {None}) > 1:
        wanted = dimension or (header.dimension if header is not None else None)
        return Text(code=f"number.need.{wanted}")
    return value * factor
