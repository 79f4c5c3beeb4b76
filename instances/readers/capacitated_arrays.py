"""Capacitated location problems of the literature as plain arrays.

* Beasley, J. E. (1988). An algorithm for solving large capacitated warehouse location problems.
  European Journal of Operational Research 33(3).
* Holmberg, K., Rönnqvist, M. and Yuan, D. (1999). An exact algorithm for the capacitated facility
  location problems with single sourcing. European Journal of Operational Research 113(3).
* Lorena, L. A. N. and Senne, E. L. F. (2004). A column generation approach to capacitated
  p-median problems. Computers & Operations Research 31(6).
* Osman, I. H. and Christofides, N. (1994). Capacitated clustering problems by hybrid simulated
  annealing and tabu search. International Transactions in Operational Research 1(3).
"""

from pathlib import Path

import numpy as np

from instances.plain import CapacitatedProblem, FloatArray
from instances.readers import ReadError
from instances.readers.tokens import Tokens
from models.text import Text


def _facilities(tokens: Tokens, count: int) -> tuple[FloatArray, FloatArray]:
    """Return capacity and opening cost (facility, 1)."""
    pairs = [(tokens.number("capacity", 0), tokens.number("opening_cost", 0)) for _ in range(count)]
    both = np.array(pairs, dtype=np.float64)
    return both[:, :1].copy(), both[:, 1:].copy()


def holmberg(path: Path) -> CapacitatedProblem:
    """Return a file of Holmberg, Rönnqvist and Yuan: facilities, then demands, then costs."""
    tokens = Tokens(path)
    facilities, customers = tokens.whole("facility_count", 1), tokens.whole("customer_count", 1)
    capacity, opening = _facilities(tokens, facilities)
    demand = np.array([tokens.number("demand", 0) for _ in range(customers)])
    cost = [
        [tokens.number("carrying_cost", 0) for _ in range(customers)] for _ in range(facilities)
    ]
    tokens.finish()
    return CapacitatedProblem(path.stem, demand, capacity, opening, np.array(cost).T.copy())


def or_library_cap(path: Path) -> CapacitatedProblem:
    """Return a warehouse location file of OR-Library: facilities, then each demand and its costs.

    Its customers may be served by several facilities.
    """
    tokens = Tokens(path)
    facilities, customers = tokens.whole("facility_count", 1), tokens.whole("customer_count", 1)
    capacity, opening = _facilities(tokens, facilities)
    demand, cost = [], []
    for _ in range(customers):
        demand.append(tokens.number("demand", 0))
        cost.append([tokens.number("carrying_cost", 0) for _ in range(facilities)])
    tokens.finish()
    return CapacitatedProblem(path.stem, np.array(demand), capacity, opening, np.array(cost))


def lorena(path: Path) -> CapacitatedProblem:
    """Return a file of Lorena and Senne: every point is a customer and may be a median.

    Distances are Euclidean and not rounded.
    """
    tokens = Tokens(path)
    points, medians = tokens.whole("point_count", 1), tokens.whole("median_count", 1)
    rows = [_point(tokens) for _ in range(points)]
    tokens.finish()
    at = np.array([row[:2] for row in rows])
    capacity, demand = (np.array([row[column] for row in rows]) for column in (2, 3))
    return _medians(path.stem, _apart(at), demand, capacity, medians)


def _point(tokens: Tokens) -> tuple[float, float, float, float]:
    return (
        tokens.number("x"),
        tokens.number("y"),
        tokens.number("capacity", 0),
        tokens.number("demand", 0),
    )


def osman(path: Path, number: int) -> CapacitatedProblem:
    """Return one problem of OR-Library's ``pmedcap1``; distances are rounded down.

    The file begins with how many there are; each is its number and best value, then points,
    medians and the capacity of all, then per point its number, place and demand.
    """
    tokens = Tokens(path)
    for _ in range(tokens.whole("problem_count", 1)):
        found = tokens.whole("problem", 1)
        tokens.number("best_value", 0)
        points, medians = tokens.whole("point_count", 1), tokens.whole("median_count", 1)
        room = tokens.number("capacity", 0)
        rows = []
        for _ in range(points):
            tokens.whole("point", 1)
            rows.append((tokens.number("x"), tokens.number("y"), tokens.number("demand", 0)))
        if found == number:
            at, demand = np.array(rows)[:, :2], np.array(rows)[:, 2].copy()
            capacity = np.full(points, room)
            name = f"{path.stem}-{number}"
            return _medians(name, np.floor(_apart(at)), demand, capacity, medians)
    problem = Text(code="read.no_problem", values={"number": str(number)})
    raise ReadError(path, None, problem)


def _apart(at: FloatArray) -> FloatArray:
    across = at[:, None] - at[None]
    return np.hypot(across[..., 0], across[..., 1])


def _medians(
    name: str, cost: FloatArray, demand: FloatArray, capacity: FloatArray, medians: int
) -> CapacitatedProblem:
    free = np.zeros((len(capacity), 1))
    return CapacitatedProblem(name, demand, capacity[:, None].copy(), free, cost, medians)
