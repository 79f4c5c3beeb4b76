"""Small instances against proven optima.

``python -m benchmarks.routing.small [INSTANCES] [SECONDS]``. CP-SAT gets so many seconds of the
processor for each, on one worker; Muster a second's steps on one core. Only what CP-SAT closes
counts.
"""

import sys
from itertools import product

from benchmarks.routing.cases import incidents
from benchmarks.routing.peers import cp_sat_proven, starts_of
from optimizer.algorithms.routes.checking import broken_rules, objective_of
from optimizer.algorithms.routes.search import search

SIZES = ((5, 2), (6, 2), (8, 3), (9, 3), (10, 4), (12, 5))
STEPS = 20_000
FIRST_SEED = 500  # none of these was looked at when anything was chosen


def main() -> None:
    """Print how many instances were closed, and how far from the optimum Muster is at worst."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    limit_s = float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
    gaps: list[float] = []
    for seed, (stops, crews) in list(product(range(FIRST_SEED, FIRST_SEED + count), SIZES))[:count]:
        problem = incidents(seed, count=stops, crews=crews, depots=3)
        routes, proven = cp_sat_proven(problem, limit_s)
        if not proven:
            print(f"{seed} {stops} x {crews}: not closed")  # noqa: T201
            continue
        least = objective_of(problem, routes, starts_of(problem, routes))
        found = search(problem, seed=1, steps=STEPS, stop=lambda: False, improved=lambda _: None)
        assert found is not None
        assert not broken_rules(problem, found.routes, found.start)
        gaps.append(found.objective / least - 1.0)
        print(f"{seed} {stops} x {crews}: {least:.0f}, {gaps[-1]:+.3%}", flush=True)  # noqa: T201
    worst = max(gaps, default=0.0)
    print(f"{len(gaps)} of {count} closed, at worst {worst:+.3%} of the optimum")  # noqa: T201


if __name__ == "__main__":
    main()
