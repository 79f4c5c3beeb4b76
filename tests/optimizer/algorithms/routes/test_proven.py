"""Within a percent of the optima that CP-SAT proves by a formulation of its own."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from ortools.sat.python import cp_model

from benchmarks.routing.cases import incidents
from optimizer.algorithms.routes.problem import Problem
from optimizer.algorithms.routes.search import search

pytestmark = pytest.mark.slow  # proofs of some seconds each

_WITHIN = 0.01
_STEPS = 3000


def proven(problem: Problem) -> float | None:
    """Return the least that any schedule costs; None where there is no proof of it in time.

    A circuit for each team over its origin (node 0) and the stops, with start times.
    """
    model = cp_model.CpModel()
    teams, visits = problem.teams, problem.visits
    count = len(visits.place)
    horizon = int(min(teams.off.max(), 10**6))
    start = [model.new_int_var(0, horizon, "") for _ in range(count)]
    made = {
        (k, j): model.new_bool_var("") for k, j in product(range(len(teams.origin)), range(count))
    }
    for k in range(len(teams.origin)):
        travel, origin = problem.travel[teams.profile[k]], teams.origin[k]
        arcs = []
        for i, j in product(range(count + 1), repeat=2):
            arc = model.new_bool_var("")
            if i == j:
                arcs.append((i, j, arc if i == 0 else made[k, i - 1].negated()))
                continue
            arcs.append((i, j, arc))
            if j > 0:
                here = origin if i == 0 else visits.place[i - 1]
                free = (
                    int(teams.ready[k]) if i == 0 else start[i - 1] + int(visits.service[k, i - 1])
                )
                way = int(travel[here, visits.place[j - 1]])
                model.add(start[j - 1] >= free + way).only_enforce_if(arc)
        model.add_circuit(arcs)
        for j in range(count):
            if not visits.eligible[k, j]:
                model.add(made[k, j] == 0)
            done = start[j] + int(visits.service[k, j])
            model.add(done <= int(min(teams.off[k], horizon))).only_enforce_if(made[k, j])
    model.minimize(sum(_costs(model, problem, start, made, horizon)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = 60.0
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    return float(solver.objective_value) if status == cp_model.OPTIMAL else None


def _costs(
    model: cp_model.CpModel,
    problem: Problem,
    start: list[Any],
    made: dict[tuple[int, int], Any],
    horizon: int,
) -> list[Any]:
    """Return what each stop costs: its weighted completion, or the penalty of leaving it out."""
    visits, stops = problem.visits, problem.stops
    costs = []
    for j in range(len(visits.place)):
        served = sum(made[k, j] for k in range(len(problem.teams.origin)))
        model.add(served <= 1)
        left = model.new_bool_var("")
        model.add(served + left == 1)
        latest = int(min(stops.latest[j], horizon))
        model.add(start[j] <= latest).only_enforce_if(left.negated())
        cost = model.new_int_var(0, 10**9, "")
        weight, work = int(stops.weight[j]), int(visits.service[0, j])
        model.add(cost == weight * (start[j] + work)).only_enforce_if(left.negated())
        model.add(cost == int(stops.penalty[j])).only_enforce_if(left)
        costs.append(cost)
    return costs


def test_small_schedules_come_within_a_percent_of_the_proven_optimum() -> None:
    closed = 0
    for seed, (count, crews) in product(range(4), ((6, 2), (8, 3), (9, 3))):
        made = incidents(seed, count=count, crews=crews)
        least = proven(made)
        if least is None:
            continue
        closed += 1
        found = search(made, seed=1, steps=_STEPS, stop=lambda: False, improved=lambda _: None)
        assert found is not None
        assert least * (1 - 1e-9) <= found.objective <= least * (1 + _WITHIN), (seed, count, crews)
    assert closed >= 8


def test_the_same_formulation_agrees_on_one_stop() -> None:
    made = incidents(0, count=1, crews=1)
    found = search(made, seed=1, steps=1, stop=lambda: False, improved=lambda _: None)
    assert found is not None
    assert proven(made) == pytest.approx(found.objective)
    assert np.isfinite(found.objective)
