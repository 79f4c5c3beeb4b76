"""Muster beside other programs: ``python -m benchmarks.routing SECONDS [INSTANCES] [FIRST_SEED]``.

Each gets so many seconds of the processor, on one thread. From seed 0 on stand instances that were
looked at while the search was made; from `HELD_OUT` on none was.
"""

import sys
from time import process_time

from benchmarks.routing.cases import HELD_OUT, incidents
from benchmarks.routing.peers import PEERS, TRAVEL_ONLY, Routes, starts_of
from optimizer.algorithms.routes.checking import broken_rules, objective_of
from optimizer.algorithms.routes.problem import Problem
from optimizer.algorithms.routes.search import search


def muster(problem: Problem, limit_s: float) -> Routes:
    """The search of this program."""
    end_s = process_time() + limit_s
    found = search(
        problem,
        seed=1,
        steps=None,
        stop=lambda: process_time() >= end_s,
        improved=lambda _: None,
    )
    assert found is not None
    return [list(route) for route in found.routes]


def main() -> None:
    """Print each program's severity-weighted completion on each instance, judged by our check."""
    limit_s = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    first = int(sys.argv[3]) if len(sys.argv) > 3 else HELD_OUT
    muster(incidents(0), 0.01)  # compiles, where that is still to be done
    for seed in range(first, first + count):
        problem = incidents(seed)
        for name, solve in {"Muster": muster, **PEERS, **TRAVEL_ONLY}.items():
            begin_s = process_time()
            try:
                routes = solve(problem, limit_s)
            except ImportError:
                print(f"{seed} {name}: not installed")  # noqa: T201
                continue
            took_s = process_time() - begin_s
            start = starts_of(problem, routes)
            value, faults = (
                objective_of(problem, routes, start),
                broken_rules(problem, routes, start),
            )
            out = len(start) - sum(map(len, routes))
            print(  # noqa: T201
                f"{seed} {name}: {value:.0f}, {out} left out, {took_s:.2f} s, "
                f"{'; '.join(faults) or 'possible'}"
            )


if __name__ == "__main__":
    main()
