"""A plan of two stages: what is open, what goes where, what it costs; and the cheapest flows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.run import Status
from optimizer.algorithms.two_stages import TwoStages, program_over
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.errors import BackendError
from optimizer.quiet import quiet

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

_ROOM = 1e-6


@dataclass(frozen=True)
class Flows:
    """A plan: what is open, and how many units go where."""

    plants: IndexArray
    depots: IndexArray
    inbound: FloatArray  # (plant, depot)
    outbound: FloatArray  # (depot, customer)


def count_flows(problem: TwoStages, plan: Flows) -> float:
    """Return what a plan costs, judged by the problem's rules alone; raise where it breaks one."""
    shut_plants = np.setdiff1d(np.arange(len(problem.plant_capacity)), plan.plants)
    shut_depots = np.setdiff1d(np.arange(len(problem.depot_capacity)), plan.depots)
    sent, got = plan.outbound.sum(axis=1), plan.inbound.sum(axis=0)
    slack = _ROOM * max(1.0, float(problem.demand.sum()))
    holds = (
        plan.inbound.min() >= 0.0
        and plan.outbound.min() >= 0.0
        and not plan.inbound[shut_plants].any()
        and not plan.outbound[shut_depots].any()
        and (np.abs(plan.outbound.sum(axis=0) - problem.demand) <= slack).all()
        and (sent <= got + slack).all()
        and (sent <= problem.depot_capacity + slack).all()
        and (plan.inbound.sum(axis=1) <= problem.plant_capacity + slack).all()
    )
    if not holds:
        raise BackendError("a two-stage plan breaks a rule")
    return float(
        problem.plant_opening[plan.plants].sum()
        + problem.depot_opening[plan.depots].sum()
        + (problem.inbound * plan.inbound).sum()
        + (problem.outbound * plan.outbound).sum()
    )


@dataclass(frozen=True)
class Shipped:
    """The cheapest flows through open sites, and what they say of prices."""

    plan: Flows
    worth: float
    customer: FloatArray  # (customer,): what one unit more costs
    depot: FloatArray  # (depot,): what a unit is worth that a depot gets
    rent: FloatArray  # (depot and plant,): what a unit of room is worth


def ship(problem: TwoStages, opened: BoolArray, control: RunControl) -> Shipped | None:
    """Return the cheapest flows through open sites; None where impossible or stopped.

    The program is that of the open sites alone, a fiftieth of the whole where few are open: it
    solves from nothing five times as fast as the whole from the last basis.
    """
    count = len(problem.depot_capacity)
    enough = problem.demand.sum() - 1e-9
    depots, plants = np.flatnonzero(opened[:count]), np.flatnonzero(opened[count:])
    rooms = problem.depot_capacity[depots].sum(), problem.plant_capacity[plants].sum()
    if min(rooms) < enough:
        return None
    program = program_over(problem, opened, opened, strong=False).relaxed()
    session = LpSession(program, control.limits)
    if session.solve(quiet(control)) is not Status.OPTIMAL:
        return None
    values, dual = np.maximum(session.primal, 0.0), session.dual
    inbound, outbound = np.zeros(problem.inbound.shape), np.zeros(problem.outbound.shape)
    shape = len(plants), len(depots)
    inbound[np.ix_(plants, depots)] = values[program.columns["in"]].reshape(shape)
    shares = values[program.columns["out"]].reshape(len(depots), -1)
    outbound[depots] = shares * problem.demand
    plan = Flows(plants.astype(np.intp), depots.astype(np.intp), inbound, outbound)
    rent = np.zeros(len(opened))
    rent[depots] = -dual[program.rows["depot.room"]]
    rent[count + plants] = -dual[program.rows["plant.room"]]
    # What a unit costs that a depot gets, from the plants that are open.
    unit = (problem.inbound + rent[count:, None])[plants].min(axis=0)
    unit[depots] = dual[program.rows["kept"]]
    demand = np.maximum(problem.demand, 1e-12)
    customer = dual[program.rows["served"]] / demand
    return Shipped(plan, count_flows(problem, plan), customer, unit, rent)
