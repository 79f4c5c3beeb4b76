"""Capacitated location problems of the literature: as arrays, and as shelter requests.

As a request, a customer is a block, its demand people; a facility a site that holds its capacity
in people of one square metre. Everybody must have a place, each customer at one facility (single
source). What the literature counts per customer is shared out per person, as a walk.

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
from models.shelters import ShelterRequest
from models.shelters.objectives import Combination, OpeningCost, Walk
from models.shelters.places import Block, Setting, ShelterSite
from models.shelters.rules import ServedFloor, ShelterRules
from models.shelters.scenarios import ShelterScenario
from models.text import Label, Text
from models.travel import ByMatrix, MatrixScenario

_ANY_WALK_M = 1e12


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


def read_holmberg(path: Path) -> ShelterRequest:
    """Return a file of Holmberg, Rönnqvist and Yuan as a request."""
    return _request(holmberg(path))


def read_lorena(path: Path) -> ShelterRequest:
    """Return a file of Lorena and Senne as a request."""
    return _request(lorena(path))


def _request(problem: CapacitatedProblem) -> ShelterRequest:
    times = tuple(map(tuple, (problem.cost / problem.demand[:, None]).tolist()))
    matrix = MatrixScenario(id="given", travel_time_s=times)
    return ShelterRequest(
        name=Label(en=problem.name, zh=problem.name),
        blocks=tuple(
            Block(id=f"c{i}", weights={"people": people})
            for i, people in enumerate(problem.demand.tolist())
        ),
        sites=tuple(
            ShelterSite(
                id=f"f{j}",
                setting=Setting.INDOOR,
                effective_area_m2=capacity,
                open_cost=float(problem.opening[j, 0]),
            )
            for j, capacity in enumerate(problem.capacity[:, 0].tolist())
        ),
        scenarios=(ShelterScenario(id="all", m2_per_person=1.0),),
        travel=ByMatrix(scenarios=(matrix,), source=problem.name),
        reference_speed_m_s=1.0,
        rules=ShelterRules(
            walk_limit_m=_ANY_WALK_M,
            served_floors=(ServedFloor(share=1.0),),
            max_new_sites=problem.count,
            together="block",
        ),
        objectives=(OpeningCost(), Walk()),
        combination=Combination.WEIGHTED_SUM,
    )
