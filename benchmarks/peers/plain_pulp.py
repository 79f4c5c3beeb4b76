"""The textbook programs written with PuLP and solved by CBC, as a planner's script would."""

from collections.abc import Callable
from pathlib import Path

import pulp

from benchmarks.by_pulp import cbc, solved
from benchmarks.peers import Found, versions
from benchmarks.task import FloatArray, Task, weights_and_distances

label = "PuLP + CBC"
version = versions("PuLP", "cbcbox")


def solve(task: Task, folder: Path, seconds_left: Callable[[], float]) -> Found | None:
    """Return the open sites of the compact program of Church and ReVelle, or of the p-median."""
    weight, distance_m = weights_and_distances(folder)
    formulate = _cover if task.kind == "cover" else _median
    problem, opened = formulate(task, weight, distance_m)
    return solved(problem, opened, cbc(seconds_left()))


def _cover(
    task: Task, weight: FloatArray, distance_m: FloatArray
) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    points, sites = distance_m.shape
    problem = pulp.LpProblem("cover", pulp.LpMaximize)
    opened = [problem.add_variable(f"y{j}", cat=pulp.LpBinary) for j in range(sites)]
    covered = [problem.add_variable(f"z{i}", cat=pulp.LpBinary) for i in range(points)]
    problem += pulp.lpSum(float(w) * z for w, z in zip(weight, covered, strict=True))
    problem += pulp.lpSum(opened) == task.station_count
    near = distance_m <= task.radius_m
    for i in range(points):
        problem += covered[i] <= pulp.lpSum(opened[j] for j in near[i].nonzero()[0])
    return problem, opened


def _median(
    task: Task, weight: FloatArray, distance_m: FloatArray
) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    points, sites = distance_m.shape
    problem = pulp.LpProblem("median", pulp.LpMinimize)
    opened = [problem.add_variable(f"y{j}", cat=pulp.LpBinary) for j in range(sites)]
    served = [
        [problem.add_variable(f"x{i}_{j}", 0, 1) for j in range(sites)] for i in range(points)
    ]
    cost = (weight[:, None] * distance_m).tolist()
    problem += pulp.lpSum(cost[i][j] * served[i][j] for i in range(points) for j in range(sites))
    problem += pulp.lpSum(opened) == task.station_count
    for i in range(points):
        problem += pulp.lpSum(served[i]) == 1
        for j in range(sites):
            problem += served[i][j] <= opened[j]
    return problem, opened
