"""The textbook programs written with PuLP and solved by CBC, as a planner's script would."""

from collections.abc import Callable
from pathlib import Path

import pulp

from benchmarks.by_pulp import cbc, solved
from benchmarks.peers import Found, versions
from benchmarks.task import FloatArray, Task, weights_and_distances

Built = tuple[pulp.LpProblem, list[pulp.LpVariable]]

label = "PuLP + CBC"
version = versions("PuLP", "cbcbox")


def solve(task: Task, folder: Path, seconds_left: Callable[[], float]) -> Found | None:
    """Return the open sites of the compact program of the task."""
    weight, distance_m = weights_and_distances(folder)
    problem, opened = _FORMULATIONS[task.kind](task, weight, distance_m)
    return solved(problem, opened, cbc(seconds_left()))


def _begun(name: str, sense: int, sites: int, count: int | None) -> Built:
    """Return a problem with a column for each site, ``count`` of them open."""
    problem = pulp.LpProblem(name, sense)
    opened = [problem.add_variable(f"y{j}", cat=pulp.LpBinary) for j in range(sites)]
    if count is not None:
        problem += pulp.lpSum(opened) == count
    return problem, opened


def _cover(task: Task, weight: FloatArray, distance_m: FloatArray) -> Built:
    points, sites = distance_m.shape
    problem, opened = _begun("cover", pulp.LpMaximize, sites, task.count)
    covered = [problem.add_variable(f"z{i}", cat=pulp.LpBinary) for i in range(points)]
    problem += pulp.lpSum(float(w) * z for w, z in zip(weight, covered, strict=True))
    near = distance_m <= task.reach_m
    for i in range(points):
        problem += covered[i] <= pulp.lpSum(opened[j] for j in near[i].nonzero()[0])
    return problem, opened


def _set_cover(task: Task, weight: FloatArray, distance_m: FloatArray) -> Built:
    del weight  # all must be covered
    points, sites = distance_m.shape
    problem, opened = _begun("set_cover", pulp.LpMinimize, sites, None)
    problem += pulp.lpSum(opened)
    near = distance_m <= task.reach_m
    for i in range(points):
        problem += pulp.lpSum(opened[j] for j in near[i].nonzero()[0]) >= 1
    return problem, opened


def _median(task: Task, weight: FloatArray, distance_m: FloatArray) -> Built:
    problem, opened = _begun("median", pulp.LpMinimize, distance_m.shape[1], task.count)
    served = _served(problem, opened, len(distance_m), pulp.LpContinuous)
    cost = (weight[:, None] * distance_m).tolist()
    problem += pulp.lpSum(_ways(served[i], cost[i]) for i in range(len(cost)))
    return problem, opened


def _center(task: Task, weight: FloatArray, distance_m: FloatArray) -> Built:
    del weight  # the farthest counts, whatever it weighs
    problem, opened = _begun("center", pulp.LpMinimize, distance_m.shape[1], task.count)
    longest = problem.add_variable("W", 0)
    problem += longest
    served = _served(problem, opened, len(distance_m), pulp.LpBinary)
    for i, ways in enumerate(distance_m.tolist()):
        problem += longest >= _ways(served[i], ways)
    return problem, opened


def _served(
    problem: pulp.LpProblem, opened: list[pulp.LpVariable], points: int, category: str
) -> list[list[pulp.LpVariable]]:
    """Return a column for each point and site: who serves whom, from open sites, each by one."""
    sites = len(opened)
    served = [
        [problem.add_variable(f"x{i}_{j}", 0, 1, category) for j in range(sites)]
        for i in range(points)
    ]
    for i in range(points):
        problem += pulp.lpSum(served[i]) == 1
        for j in range(sites):
            problem += served[i][j] <= opened[j]
    return served


def _ways(served: list[pulp.LpVariable], cost: list[float]) -> pulp.LpAffineExpression:
    return pulp.lpSum(c * x for c, x in zip(cost, served, strict=True))


_FORMULATIONS = {
    "cover": _cover,
    "set-cover": _set_cover,
    "p-median": _median,
    "p-center": _center,
}
