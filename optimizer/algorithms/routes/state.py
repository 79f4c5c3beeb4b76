"""What the kernels read and write: tables of records, and few enough arrays to pass along.

Numba counts references to every array it takes out of a tuple, which costs more than a step of
the search; a record is read where it lies.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.algorithms.routes.problem import FloatArray, IndexArray

Table = NDArray[np.void]
RngState = np.ndarray[tuple[int], np.dtype[np.uint64]]

_F, _I, _B = np.float64, np.int64, np.bool_

TEAM = np.dtype(
    [
        *(("profile", _I), ("origin", _I), ("ready", _F), ("off", _F), ("reload", _F)),
        ("roles", _I),
    ]
)
VISIT = np.dtype(  # what a stop is worth is shared out evenly among its visits
    [
        *(("place", _I), ("stop", _I), ("setup", _F), ("weight", _F)),
        *(("release", _F), ("due", _F), ("late", _F), ("latest", _F)),
        ("leg", _F),  # the shortest way there
        *(("party", _I), ("party_end", _I), ("role", _I)),  # its party's visits, as a range
    ]
)
STOP = np.dtype(  # each pair of numbers is a range: of its visits, of `earlier`, of `later`
    [
        *(("first", _I), ("end", _I), ("before", _I), ("before_end", _I)),
        *(("after", _I), ("after_end", _I), ("penalty", _F), ("depth", _I), ("fixed", _B)),
        ("bound", _B),  # several visits, or one of a pair
        *(("urgency", _F), ("choices", _F)),
    ]
)
LINE = np.dtype([("size", _I), ("held", _I), ("cost", _F)])
CALL = np.dtype(  # where a visit is in no route, its team is -1
    [
        *(("team", _I), ("spot", _I), ("floor", _F), ("start", _F), ("finish", _F)),
        ("spent", _F),  # cost of the route up to and with it
        ("push", _F),  # what a second's delay here costs from it to the next wait, at least
        ("slack", _F),  # the longest delay here that breaks no limit up to the next wait
        ("loose", _B),  # nothing behind waits or has a price with a bend: `push` is exact
    ]
)
TEAM_DRAFT = np.dtype([("now", _F), ("here", _I), ("done", _I), ("touched", _B)])
STOP_DRAFT = np.dtype([("missing", _I), ("begin", _F), ("end", _F), ("pooled", _B), ("key", _F)])


class Data(NamedTuple):
    """The problem."""

    linked: bool
    nights: bool  # whether `shut` says anything; it is empty otherwise
    travel: FloatArray  # (profile, place, place)
    towards: FloatArray  # (profile, place, place) the same, the way's end first
    service: FloatArray  # (team, visit); infinite where the team cannot
    load: FloatArray  # (visit, commodity)
    capacity: FloatArray  # (team, commodity)
    depots: IndexArray  # (depot,)
    fill: FloatArray  # (depot, commodity)
    shut: FloatArray  # (team, visit, 2)
    team: Table  # (team,) of TEAM
    visit: Table  # (visit,) of VISIT
    stop: Table  # (stop,) of STOP
    earlier: IndexArray  # stops that must be complete before
    later: IndexArray  # stops that wait
    near: IndexArray  # (visit, neighbour) nearest first


class State(NamedTuple):
    """Routes and their times."""

    route: IndexArray  # (team, visit)
    line: Table  # (team,) of LINE
    call: Table  # (visit,) of CALL
    total: FloatArray  # (1,) cost of all routes of a linked problem


class Draft(NamedTuple):
    """Room to work in."""

    stock: FloatArray  # (team, commodity)
    team: Table  # (team,) of TEAM_DRAFT
    stop: Table  # (stop,) of STOP_DRAFT
    arrival: FloatArray  # (visit,) -1 until known
    pool: IndexArray  # (stop,)
    cost: FloatArray  # (row, column) of visits and teams, some of each, as the five below
    spot: IndexArray  # (row, column) position
    out: FloatArray  # (row,)
    column: IndexArray  # (row,)
    order: IndexArray  # (team,)
