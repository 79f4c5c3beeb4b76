"""A log of runs as arrays, with every bad cell named."""

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.calibration import Outliers
from models.faults import Fault
from models.text import Text
from optimizer.demand import FloatArray
from optimizer.errors import InputError
from optimizer.travel.distance import EARTH_RADIUS_M

LONGEST_S = 7200.0
FASTEST_M_S = 150 / 3.6
CLASS_PREFIX = "metres_"
_ENDS = ("origin_lat", "origin_lon", "destination_lat", "destination_lon")


@dataclass(frozen=True)
class Columns:
    """Which columns of a log hold what."""

    distance_m: str = "distance_m"
    observed_s: str = "observed_s"
    hour: str = "hour"


@dataclass(frozen=True)
class Runs:
    """Usable runs; ``class_m`` holds the metres driven on each class of road.

    ``ends_deg`` are origin and destination, None where the log has none.
    """

    distance_m: FloatArray  # (run,)
    observed_s: FloatArray  # (run,)
    hour: NDArray[np.int64] | None  # (run,)
    class_ids: tuple[str, ...]
    class_m: FloatArray  # (run, class)
    read_count: int
    outliers: Outliers
    ends_deg: FloatArray | None = None  # (run, 4) lat, lon of the origin, then of the destination

    def __len__(self) -> int:
        return len(self.observed_s)


def read_runs(lines: Iterable[str], path: str, columns: Columns) -> Runs:
    """Return the runs of a CSV file; those that cannot be true are left out and counted.

    Without a distance column, distances come from the ``origin_`` and ``destination_`` ``lat``
    and ``lon``. Columns ``metres_<class>`` hold the metres driven on a class of road.

    Raises
    ------
    InputError
        A column is missing, or a cell is no number in its range; all of them are named.
    """
    reader = csv.DictReader(lines)
    heads = tuple(reader.fieldnames or ())
    _check_heads(heads, path, columns)
    rows = list(reader)
    faults: list[Fault] = []
    ends_deg = _ends(rows, heads, path, faults)
    distance_m = _distances(rows, heads, path, columns, faults, ends_deg)
    observed_s = _column(rows, columns.observed_s, path, faults, (0.0, math.inf))
    hour = None
    if columns.hour in heads:
        hour = _column(rows, columns.hour, path, faults, (0.0, 23.99))
    class_heads = [name for name in heads if name.startswith(CLASS_PREFIX)]
    class_m = [_column(rows, name, path, faults, (0.0, math.inf)) for name in class_heads]
    if faults:
        raise InputError(tuple(faults))
    kept, outliers = _plausible(distance_m, observed_s)
    return Runs(
        distance_m=distance_m[kept],
        observed_s=observed_s[kept],
        hour=None if hour is None else hour[kept].astype(np.int64),
        class_ids=tuple(name.removeprefix(CLASS_PREFIX) for name in class_heads),
        class_m=np.array(class_m).reshape(len(class_heads), len(rows)).T[kept],
        read_count=len(rows),
        outliers=outliers,
        ends_deg=None if ends_deg is None else ends_deg[kept],
    )


def _check_heads(heads: tuple[str, ...], path: str, columns: Columns) -> None:
    missing = [] if columns.observed_s in heads else [columns.observed_s]
    if columns.distance_m not in heads and not set(_ENDS) <= set(heads):
        missing.append(columns.distance_m)
    if missing:
        found = ", ".join(heads)
        need = Text(code="calibration.need_column", values={"found": found})
        raise InputError(tuple(Fault(path=f"{path}: {name}", need=need) for name in missing))


def _distances(
    rows: list[dict[str, str]],
    heads: tuple[str, ...],
    path: str,
    columns: Columns,
    faults: list[Fault],
    ends_deg: FloatArray | None,
) -> FloatArray:
    if columns.distance_m in heads or ends_deg is None:
        return _column(rows, columns.distance_m, path, faults, (0.0, math.inf))
    return straight_m(ends_deg)


def _ends(
    rows: list[dict[str, str]], heads: tuple[str, ...], path: str, faults: list[Fault]
) -> FloatArray | None:
    """Return lat and lon of origin and destination (run, 4), None where a column is missing."""
    if not set(_ENDS) <= set(heads):
        return None
    limits = ((-90.0, 90.0), (-180.0, 180.0)) * 2
    ends = zip(_ENDS, limits, strict=True)
    return np.column_stack([_column(rows, name, path, faults, limit) for name, limit in ends])


def straight_m(ends_deg: FloatArray) -> FloatArray:
    """Return the lengths of straight lines between lat, lon and lat, lon (run, 4), metres."""
    lat_a, lon_a, lat_b, lon_b = np.radians(ends_deg).T
    half = np.sin((lat_b - lat_a) / 2) ** 2
    half += np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    distance_m: FloatArray = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return distance_m


def _column(
    rows: list[dict[str, str]],
    name: str,
    path: str,
    faults: list[Fault],
    limits: tuple[float, float],
) -> FloatArray:
    """Return a column as numbers; the file's first line is its heads, so rows begin at 2."""
    values = np.full(len(rows), np.nan)
    for number, row in enumerate(rows):
        values[number] = _number(row, name)
        if not limits[0] <= values[number] <= limits[1] or math.isinf(values[number]):
            where = f"{path}: {number + 2}, {name}"
            code = "calibration.need_number"
            need = Text(code=code, values={"low": limits[0], "high": min(limits[1], 1e9)})
            faults.append(Fault(path=where, value=f'"{row.get(name) or ""}"', need=need))
    return values


def _number(row: Mapping[str, str], name: str) -> float:
    try:
        return float(row.get(name) or "nan")
    except ValueError:
        return math.nan


def _plausible(
    distance_m: FloatArray, observed_s: FloatArray
) -> tuple[NDArray[np.bool_], Outliers]:
    no_time = observed_s <= 0
    too_long = observed_s > LONGEST_S
    too_fast = ~no_time & ~too_long & (distance_m > FASTEST_M_S * observed_s)
    outliers = Outliers(
        no_time=int(no_time.sum()), too_long=int(too_long.sum()), too_fast=int(too_fast.sum())
    )
    return ~(no_time | too_long | too_fast), outliers
