"""A two-stage location problem as matrices, and as a program over some of its sites."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array

from optimizer.linear import Builder, LinearProgram

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class TwoStages(Protocol):
    """A problem as matrices, as its reader gives it."""

    @property
    def demand(self) -> FloatArray:
        """Demand, (customer,)."""

    @property
    def plant_capacity(self) -> FloatArray:
        """Units a plant sends, (plant,)."""

    @property
    def plant_opening(self) -> FloatArray:
        """Cost of a plant, (plant,)."""

    @property
    def depot_capacity(self) -> FloatArray:
        """Units a depot passes on, (depot,)."""

    @property
    def depot_opening(self) -> FloatArray:
        """Cost of a depot, (depot,)."""

    @property
    def inbound(self) -> FloatArray:
        """Cost of a unit, (plant, depot)."""

    @property
    def outbound(self) -> FloatArray:
        """Cost of a unit, (depot, customer)."""


def program_over(
    problem: TwoStages, may: BoolArray, must: BoolArray, *, strong: bool
) -> LinearProgram:
    """Return the program in which only the sites ``may`` open, and those that ``must`` do.

    Sites are depots, then plants. Columns: ``depot`` and ``plant`` (0 or 1), ``in`` (plant, depot)
    in units and ``out`` (depot, customer) in shares of demand. ``strong``: rows tie every flow to
    its sites, which makes the relaxation near and the program large.
    """
    count = len(problem.depot_capacity)
    depots, plants = np.flatnonzero(may[:count]), np.flatnonzero(may[count:])
    room, made = problem.depot_capacity[depots], problem.plant_capacity[plants]
    demand, customers = problem.demand, len(problem.demand)
    inbound = problem.inbound[np.ix_(plants, depots)]
    outbound = (problem.outbound * demand)[depots]
    builder = Builder("min")
    for name, own, opening, lower in (
        ("depot", depots, problem.depot_opening, must[:count]),
        ("plant", plants, problem.plant_opening, must[count:]),
    ):
        builder.add_columns(name, opening[own], lower=lower[own].astype(np.float64), upper=1.0)
    builder.add_columns("in", inbound.ravel(), upper=np.inf, integer=False)
    builder.add_columns("out", outbound.ravel(), upper=np.inf, integer=False)
    arcs, ways = np.arange(inbound.size), np.arange(outbound.size)
    to_depot, from_plant = arcs % len(depots), arcs // len(depots)
    customer, from_depot = ways % customers, ways // customers

    def summed(rows: NDArray[np.int_], height: int, value: FloatArray) -> csr_array:
        return csr_array((value, (rows, np.arange(len(rows)))), shape=(height, len(rows)))

    one, load = np.ones(len(arcs)), demand[customer]
    served = summed(customer, customers, np.ones(len(ways)))
    builder.add_rows("served", {"out": served}, lower=1.0, upper=1.0)
    sent = summed(from_depot, len(depots), load)
    got = summed(to_depot, len(depots), one)
    builder.add_rows("kept", {"in": got, "out": -sent}, lower=0.0, upper=np.inf)
    of_depot = {"out": sent, "depot": csr_array(np.diag(-room))}
    builder.add_rows("depot.room", of_depot, lower=-np.inf, upper=0.0)
    of_plant = {"in": summed(from_plant, len(plants), one), "plant": csr_array(np.diag(-made))}
    builder.add_rows("plant.room", of_plant, lower=-np.inf, upper=0.0)
    total = float(demand.sum())
    builder.add_rows("rooms", {"depot": csr_array(room[None])}, lower=total, upper=np.inf)
    builder.add_rows("made", {"plant": csr_array(made[None])}, lower=total, upper=np.inf)
    if strong:
        most = np.minimum.outer(made, room).ravel()
        picks = (
            ("out.depot", "out", "depot", from_depot, np.ones(len(ways)), len(depots)),
            ("in.depot", "in", "depot", to_depot, most, len(depots)),
            ("in.plant", "in", "plant", from_plant, most, len(plants)),
        )
        for name, flow, site, which, limit, width in picks:
            shape = (len(which), width)
            tie = csr_array((-limit, (np.arange(len(which)), which)), shape=shape)
            terms = {flow: csr_array(eye_array(len(which))), site: tie}
            builder.add_rows(name, terms, lower=-np.inf, upper=0.0)
    return builder.build()
