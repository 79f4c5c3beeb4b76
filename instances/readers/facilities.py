"""Location problems of the literature as plain requests of siting facilities.

What a customer's whole demand costs from a site is its weight times a way, at one unit of money. A
problem that says how many facilities open is a p-median; one whose facilities cost something asks
for the least cost. A facility without a limit has an infinite capacity in the arrays, none in the
request. Customers without demand ask for nothing.

The arrays are those of `instances.readers.capacitated_arrays`; UflLib's simple format is read here.
"""

from pathlib import Path

import numpy as np

from instances.plain import CapacitatedProblem
from instances.readers.ufllib import simple
from models.facilities import FacilityRequest
from models.facilities.places import FacilitySite
from models.facilities.request import Goal
from models.places import DemandPoint
from models.text import Label
from models.travel import ByMatrix, MatrixScenario


def uncapacitated(problem: CapacitatedProblem) -> CapacitatedProblem:
    """Return a problem without its limits."""
    return CapacitatedProblem(
        problem.name,
        problem.demand,
        np.full_like(problem.capacity, np.inf),
        problem.opening,
        problem.cost,
        problem.count,
        problem.opened,
    )


def read_simple(path: Path) -> FacilityRequest:
    """Return a file of UflLib's simple format: no capacities, every customer has a demand of 1."""
    given = simple(path)
    opening = np.array(given.opening)[:, None]
    problem = CapacitatedProblem(
        given.name,
        np.array(given.demand),
        np.full_like(opening, np.inf),
        opening,
        np.array(given.cost),
    )
    return request_of(problem, single_source=False)


def request_of(problem: CapacitatedProblem, *, single_source: bool) -> FacilityRequest:
    """Return a problem of one class of facility as a request.

    Raises
    ------
    ValueError
        Its facilities open in one of several classes.
    """
    if problem.capacity.shape[1] != 1:
        raise ValueError("a site of a plain request has one class")
    demand = np.where(problem.demand > 0.0, problem.demand, 1.0)[:, None]
    each = problem.cost / demand
    times = tuple(
        tuple(float(one) if np.isfinite(one) else None for one in row) for row in each.tolist()
    )
    room, opening = problem.capacity[:, 0].tolist(), problem.opening[:, 0].tolist()
    return FacilityRequest(
        name=Label(en=problem.name, zh=problem.name),
        demand_points=tuple(
            DemandPoint(id=f"c{i}", weights={"demand": one})
            for i, one in enumerate(problem.demand.tolist())
        ),
        sites=tuple(
            FacilitySite(
                id=f"f{j}",
                cost=opening[j],
                capacity=one if np.isfinite(one) else None,
                state="existing" if j in problem.opened else "candidate",
            )
            for j, one in enumerate(room)
        ),
        goal=Goal.LEAST_COST if problem.count is None else Goal.P_MEDIAN,
        number=problem.count,
        measure="seconds",
        travel=ByMatrix(scenarios=(MatrixScenario(travel_time_s=times),), source=problem.name),
        single_source=single_source,
    )
