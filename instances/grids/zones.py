"""Areas or points with what is counted in each, read from the columns of a layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from instances.shapes import ShapeError, Shapes
from instances.tables.columns import column_named
from instances.tables.files import read_name
from instances.tables.numbers import read_number
from instances.tables.units import read_header
from models.faults import Fault
from models.text import Text

_ID = ("id", "code", "编号", "代码", "社区代码", "name", "名称", "社区", "社区名称")
_TAKEN = frozenset({"id", "lat", "lon", "x_m", "y_m", "area", "area_m2", "risk_class"})


@dataclass(frozen=True)
class Zones:
    """Areas (or points) by name, with totals of each weight."""

    shapes: Shapes
    ids: tuple[str, ...]
    totals: Mapping[str, tuple[Decimal, ...]]


def read_zones(shapes: Shapes, weights: Mapping[str, str], id_column: str | None = None) -> Zones:
    """Return the areas of a layer; ``weights`` gives the column of each weight.

    Without an ``id_column`` one of the usual names is taken, else the number of the row.

    Raises
    ------
    ShapeError
        A column is missing, an id is not its own, or a cell holds no number; all are named.
    """
    faults: list[Fault] = []
    ids = _ids(shapes, id_column, faults)
    totals = {}
    for name, column in weights.items():
        if name in _TAKEN:
            need = Text(code="grid.need.weight_name")
            faults.append(Fault(path="--weights", value=name, need=need))
        elif column not in shapes.columns:
            known = Text(code="shape.need.column", values={"known": ", ".join(shapes.columns)})
            faults.append(Fault(path=shapes.path, value=column, need=known))
        else:
            totals[name] = tuple(amounts(shapes, column, faults))
    if faults:
        raise ShapeError(tuple(faults))
    return Zones(shapes, tuple(ids), totals)


def amounts(shapes: Shapes, column: str, faults: list[Fault]) -> list[Decimal]:
    """Return a column's numbers, none below 0; what is none goes to ``faults`` and counts 0."""
    unit = read_header(column).unit
    found = []
    for row, cell in enumerate(shapes.columns[column]):
        value = read_number(cell, unit_from_header=unit)
        need = value if isinstance(value, Text) else None
        if value is None or (isinstance(value, float) and not 0 <= value < float("inf")):
            need = Text(code="grid.need.amount")
        if need is not None:
            faults.append(shapes.fault(row, column, cell, need))
        found.append(Decimal(repr(value)) if isinstance(value, float) and need is None else 0)
    return [_plain(Decimal(one)) for one in found]


def read_amounts(shapes: Shapes, column: str) -> list[Decimal]:
    """Return a column's numbers, none below 0.

    Raises
    ------
    ShapeError
        There is no such column, or a cell holds no such number; all are named.
    """
    shapes.column(column)
    faults: list[Fault] = []
    found = amounts(shapes, column, faults)
    if faults:
        raise ShapeError(tuple(faults))
    return found


def read_ids(shapes: Shapes, column: str | None) -> list[str]:
    """Return the name of each row.

    Raises
    ------
    ShapeError
        There is no such column, or a name is blank or not its own; all are named.
    """
    faults: list[Fault] = []
    ids = unique_ids(shapes, column, faults)
    if faults:
        raise ShapeError(tuple(faults))
    return ids


def unique_ids(shapes: Shapes, column: str | None, faults: list[Fault]) -> list[str]:
    """Return the name of each row; a blank or repeated one goes to ``faults``."""
    if column is None:
        return [str(row + 1) for row in range(len(shapes))]
    ids, first = [], dict[str, int]()
    for row, cell in enumerate(shapes.column(column)):
        name = read_name(cell)
        if name is None:
            faults.append(shapes.fault(row, column, None, Text(code="grid.need.id")))
        elif name in first:
            again = Text(code="grid.need.own_id", values={"row": first[name] + 1})
            faults.append(shapes.fault(row, column, name, again))
        else:
            first[name] = row
        ids.append(name or str(row + 1))
    return ids


def usual_column(shapes: Shapes, names: tuple[str, ...]) -> str | None:
    """Return the first column that goes by one of ``names``, None where none does."""
    return column_named(shapes.columns, names)


def _ids(shapes: Shapes, asked: str | None, faults: list[Fault]) -> list[str]:
    return unique_ids(shapes, asked or usual_column(shapes, _ID), faults)


def _plain(value: Decimal) -> Decimal:
    """Return a number without the zeros that a float writes behind the point.

    Examples
    --------
    >>> _plain(Decimal("120.0")), _plain(Decimal("3.2E+4")), _plain(Decimal("1.50"))
    (Decimal('120'), Decimal('32000'), Decimal('1.5'))
    """
    if value == value.to_integral_value():
        return value.quantize(Decimal(1))
    return value.normalize()
