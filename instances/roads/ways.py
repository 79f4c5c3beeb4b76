"""What every road format is read into: points, and lines over them with traits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.faults import Fault
from models.text import Text

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ToWgs84 = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]
TimeUnit = Literal["s", "min", "h", "days"]

FORWARD, BACKWARD = 0b01010101, 0b10101010
CARS, BUSES, WALKERS, EMERGENCY = 0b11, 0b1100, 0b110000, 0b11000000

# To the ten-millionth of a degree, a centimetre: what OpenStreetMap keeps.
_GRAIN = 1e7


class NetworkError(ValueError):
    """A file that no road network can be read from; all its faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path}: {fault.need.code}" for fault in faults))


def refuse(path: Path, code: str, *, value: str | None = None, **values: object) -> NetworkError:
    """Return the error of one fault that concerns the whole file, or ``value`` in it."""
    need = Text(code=f"roads.{code}", values=dict(values))
    return NetworkError((Fault(path=str(path), value=value, need=need),))


@dataclass(frozen=True)
class Options:
    """How to read what a file does not say of itself.

    Columns left None are found by their usual names. ``to_wgs84`` turns x and y into ``lon`` and
    ``lat``; without it a file's own coordinate system counts.
    """

    class_column: str | None = None
    speed_column: str | None = None
    oneway_column: str | None = None
    name_column: str | None = None
    time_column: str | None = None
    time_unit: TimeUnit | None = None
    layer: str | None = None
    encoding: str | None = None
    to_wgs84: ToWgs84 | None = None
    source: str | None = None
    licence: str | None = None


class Trait(NamedTuple):
    """What a road is: its class, name and limit, and the time its source gives it."""

    road_class: str
    name: str | None = None
    maxspeed_m_s: float | None = None
    time_s: float | None = None


@dataclass
class Ways:
    """Lines over points; ``access`` holds the bits of `models.roads.RoadNetwork`."""

    lon: FloatArray  # (point,)
    lat: FloatArray  # (point,)
    lines: list[IntArray] = field(default_factory=list)  # point indices, at least two each
    traits: list[Trait] = field(default_factory=list)
    access: list[int] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    format: str = ""
    licence: str | None = None

    def add(self, line: IntArray, trait: Trait, access: int) -> None:
        """Add one line; points that repeat in a row count once."""
        line = line[np.concatenate([[True], line[1:] != line[:-1]])]
        if len(line) >= 2 and access:
            self.lines.append(line)
            self.traits.append(trait)
            self.access.append(access)


def note(code: str, **values: object) -> Text:
    """Return a note on what was read, by its code."""
    return Text(code=f"roads.{code}", values=dict(values))


def shared_points(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return the distinct positions, and for each one given which of them it is.

    Positions within a centimetre, by their rounded degrees, are one.
    """
    grid = np.column_stack([np.rint(lon * _GRAIN), np.rint(lat * _GRAIN)]).astype(np.int64)
    keys = grid[:, 0] * (1 << 32) + grid[:, 1]
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    return lon[first], lat[first], which.astype(np.int64)


def swapped(access: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return access bits as seen from the other end.

    Examples
    --------
    >>> swapped(np.array([0b01, 0b10, 0b110101], dtype=np.uint8)).tolist()
    [2, 1, 58]
    """
    turned = ((access & FORWARD) << 1) | ((access & BACKWARD) >> 1)
    return turned.astype(np.uint8)


def merge_directions(ways: Ways) -> Ways:
    """Return the ways with the two directions of a street as one line.

    Two lines are one street where their points and traits agree, in either order.
    """
    merged = Ways(ways.lon, ways.lat, notes=ways.notes, format=ways.format, licence=ways.licence)
    place: dict[tuple[tuple[int, ...], Trait], int] = {}
    for line, trait, access in zip(ways.lines, ways.traits, ways.access, strict=True):
        points = tuple(line.tolist())
        same, opposite = place.get((points, trait)), place.get((points[::-1], trait))
        if same is not None:
            merged.access[same] |= access
        elif opposite is not None:
            merged.access[opposite] |= int(swapped(np.array([access], dtype=np.uint8))[0])
        else:
            place[points, trait] = len(merged.lines)
            merged.add(line, trait, access)
    return merged
