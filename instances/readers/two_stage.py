"""Two-stage capacitated location: plants supply depots, depots supply customers, both are opened.

``I J K`` (plants, depots, customers), the K demands, the I capacities and opening costs of plants,
I x J costs of a unit, the J capacities and opening costs of depots, J x K costs of a unit.

Fernandes, D. R. M., Rocha, C., Aloise, D., Ribeiro, G. M., Santos, E. M. and Silva, A. (2014). A
simple and effective genetic algorithm for the two-stage capacitated facility location problem.
Computers & Industrial Engineering 75.
"""

from pathlib import Path

import numpy as np

from instances.plain import FloatArray, TwoStageProblem
from instances.readers.tokens import Tokens


def read(path: Path) -> TwoStageProblem:
    """Return the file as arrays."""
    tokens = Tokens(path)
    plants = tokens.whole("plant_count", 1)
    depots = tokens.whole("depot_count", 1)
    customers = tokens.whole("customer_count", 1)
    demand = np.array([tokens.number("demand", 0) for _ in range(customers)])
    plant_capacity, plant_opening = _both(tokens, plants)
    inbound = _costs(tokens, plants, depots)
    depot_capacity, depot_opening = _both(tokens, depots)
    outbound = _costs(tokens, depots, customers)
    tokens.finish()
    return TwoStageProblem(
        path.stem,
        demand,
        plant_capacity,
        plant_opening,
        depot_capacity,
        depot_opening,
        inbound,
        outbound,
    )


def _both(tokens: Tokens, count: int) -> tuple[FloatArray, FloatArray]:
    rows = [(tokens.number("capacity", 0), tokens.number("opening_cost", 0)) for _ in range(count)]
    both = np.array(rows, dtype=np.float64)
    return both[:, 0].copy(), both[:, 1].copy()


def _costs(tokens: Tokens, rows: int, columns: int) -> FloatArray:
    return np.array(
        [[tokens.number("carrying_cost", 0) for _ in range(columns)] for _ in range(rows)]
    )
