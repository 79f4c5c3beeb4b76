"""Capacitated location problems of the literature as shelter requests.

A customer is a block, its demand people; a facility a site that holds its capacity in people of
one square metre. Everybody must have a place, each customer at one facility (single source). What
the literature counts per customer is shared out per person, as a walk.

* Holmberg, K., Rönnqvist, M. and Yuan, D. (1999). An exact algorithm for the capacitated facility
  location problems with single sourcing. European Journal of Operational Research 113(3).
* Lorena, L. A. N. and Senne, E. L. F. (2004). A column generation approach to capacitated
  p-median problems. Computers & Operations Research 31(6).
"""

from dataclasses import dataclass
from pathlib import Path

from instances.plain import CapacitatedProblem
from instances.readers.capacitated_arrays import holmberg, lorena
from models.shelters import ShelterRequest
from models.shelters.objectives import Combination, OpeningCost, Walk
from models.shelters.places import Block, Setting, ShelterSite
from models.shelters.rules import ServedFloor, ShelterRules
from models.shelters.scenarios import ShelterScenario
from models.text import Label
from models.travel import ByMatrix, MatrixScenario

_ANY_WALK_M = 1e12


@dataclass(frozen=True)
class Problem:
    """What the literature gives; ``single_source``: nobody is served by two facilities.

    A ``capacity`` of None is none at all.
    """

    name: str
    demand: list[float]  # (customer,)
    capacity: list[float] | None  # (facility,)
    opening: list[float]  # (facility,)
    cost: list[list[float]]  # (customer, facility) for the whole demand
    count: int | None = None  # facilities to open
    single_source: bool = True


def read_holmberg(path: Path) -> ShelterRequest:
    """Return a file of Holmberg, Rönnqvist and Yuan: facilities, then demands, then costs."""
    return request_of(_of_arrays(holmberg(path)))


def read_lorena(path: Path) -> ShelterRequest:
    """Return a file of Lorena and Senne: every point is a customer and may be a median."""
    return request_of(_of_arrays(lorena(path)))


def _of_arrays(given: CapacitatedProblem) -> Problem:
    """Return a problem of one class of site as lists."""
    return Problem(
        given.name,
        given.demand.tolist(),
        given.capacity[:, 0].tolist(),
        given.opening[:, 0].tolist(),
        given.cost.tolist(),
        given.count,
    )


def request_of(problem: Problem) -> ShelterRequest:
    """Return a problem as a request: the least cost of opening and serving.

    The costs of a customer are those of its whole demand; a customer without demand asks nothing.
    """
    times = tuple(
        tuple(one / people if people > 0 else 0.0 for one in row)
        for row, people in zip(problem.cost, problem.demand, strict=True)
    )
    room = sum(problem.demand)
    capacities = problem.capacity or [room] * len(problem.opening)
    matrix = MatrixScenario(id="given", travel_time_s=times)
    return ShelterRequest(
        name=Label(en=problem.name, zh=problem.name),
        blocks=tuple(
            Block(id=f"c{i}", weights={"people": people}) for i, people in enumerate(problem.demand)
        ),
        sites=tuple(
            ShelterSite(
                id=f"f{j}",
                setting=Setting.INDOOR,
                effective_area_m2=capacity,
                open_cost=problem.opening[j],
            )
            for j, capacity in enumerate(capacities)
        ),
        scenarios=(ShelterScenario(id="all", m2_per_person=1.0),),
        travel=ByMatrix(scenarios=(matrix,), source=problem.name),
        reference_speed_m_s=1.0,
        rules=ShelterRules(
            walk_limit_m=_ANY_WALK_M,
            served_floors=(ServedFloor(share=1.0),),
            max_new_sites=problem.count,
            together="block" if problem.single_source else None,
        ),
        objectives=(OpeningCost(), Walk()),
        combination=Combination.WEIGHTED_SUM,
    )
