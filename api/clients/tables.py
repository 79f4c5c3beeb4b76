"""What the clients of all routers share: a table of times, and reading one out of JSON."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from api.clients.errors import shown
from api.clients.exchange import malformed
from models.faults import Fault
from models.text import Text
from optimizer.demand import FloatArray
from optimizer.errors import InputError
from optimizer.travel.distance import Positions


@dataclass(frozen=True)
class Table:
    """Times between sources and targets, and how far each was from its nearest road.

    No time is NaN. A distance is NaN where the router does not give it, and ``inf`` where it
    found no road.
    """

    time_s: FloatArray  # (source, target)
    source_m: FloatArray  # (source,)
    target_m: FloatArray  # (target,)


def times(rows: object, shape: tuple[int, int], read: Any = None) -> FloatArray:
    """Return the seconds in nested lists; null is no time.

    ``read`` takes the number out of a cell that is more than one.

    Raises
    ------
    RouterError
        They have another shape, or hold something else than numbers from 0.
    """
    found = _list(rows, shape[0], "rows")
    cells = [_list(row, shape[1], "columns") for row in found]
    return np.array([[_number(read(cell) if read else cell) for cell in row] for row in cells])


def _list(value: object, length: int, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise malformed(f"{length} {what}", type(value).__name__)
    if len(value) != length:
        raise malformed(f"{length} {what}", len(value))
    return value


def _number(value: object) -> float:
    if value is None:
        return np.nan
    if type(value) not in (int, float) or not 0 <= value < 1e9:  # type: ignore[operator]
        raise malformed("seconds from 0, or null", value)
    return float(value)  # type: ignore[arg-type]


def apart_m(here: FloatArray, there: list[tuple[float, float] | None]) -> FloatArray:
    """Return the metres between places (place, 2) in degrees and where they were put, if known."""
    known = [k for k, one in enumerate(there) if one is not None]
    found = np.full(len(here), np.nan)
    if known:
        put = np.array([there[k] for k in known], dtype=np.float64)
        at = here[known]
        found[known] = Positions(at[:, 0], at[:, 1], planar=False).apart_m(
            Positions(put[:, 0], put[:, 1], planar=False)
        )
    return found


def position(lat: object, lon: object) -> tuple[float, float] | None:
    """Return a position in degrees, None where either is no number."""
    if isinstance(lat, (int, float)) and isinstance(lon, (int, float)):
        return float(lat), float(lon)
    return None


def refused(path: str, value: object, code: str, said: object) -> InputError:
    """Return the error for a question that the router will not take as it is."""
    need = Text(code=code, values={"said": shown(said)})
    return InputError((Fault(path=path, value=str(value), need=need),))
