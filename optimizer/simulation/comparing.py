"""Policies beside closest-idle dispatch on the same calls, with confidence intervals."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from optimizer.simulation.days import CLOSEST, Policy, simulate
from optimizer.simulation.region import FloatArray, calls, region


@dataclass(frozen=True)
class Interval:
    """A mean over regions and its 95 % confidence interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """A policy against closest-idle dispatch: relative changes, over regions and their calls.

    ``late_change`` -0.05 means 5 % fewer late arrivals.
    """

    policy: str
    load: float
    busy_share: float
    late_change: Interval
    mean_change: Interval


def compare(
    policies: Mapping[str, Policy],
    load: float,
    *,
    regions: int = 10,
    calls_each: int = 5000,
    surge: FloatArray | None = None,
    first_seed: int = 0,
) -> tuple[Comparison, ...]:
    """Return each policy's change against closest-idle dispatch over seeded regions.

    All policies see the same calls, so that the pairs' difference is the policy's alone.
    """
    rows: dict[str, list[tuple[float, float]]] = {name: [] for name in policies}
    busy: list[float] = []
    for seed in range(first_seed, first_seed + regions):
        place = region(seed)
        asked = calls(place, seed, count=calls_each, load=load, surge=surge)
        base = simulate(place, asked, CLOSEST)
        busy.append(base.busy_share)
        for name, policy in policies.items():
            found = simulate(place, asked, policy)
            rows[name].append(
                (found.late_share / base.late_share - 1.0, found.mean_s / base.mean_s - 1.0)
            )
    return tuple(
        Comparison(
            policy=name,
            load=load,
            busy_share=float(np.mean(busy)),
            late_change=interval([one[0] for one in changes]),
            mean_change=interval([one[1] for one in changes]),
        )
        for name, changes in rows.items()
    )


def interval(values: list[float]) -> Interval:
    """Return the mean of independent values with its interval by Student's distribution.

    Examples
    --------
    >>> interval([1.0, 2.0, 3.0]).mean
    2.0
    """
    mean = float(np.mean(values))
    error = float(np.std(values, ddof=1)) / len(values) ** 0.5
    reach = float(t.ppf(0.975, len(values) - 1)) * error
    return Interval(mean, mean - reach, mean + reach)
