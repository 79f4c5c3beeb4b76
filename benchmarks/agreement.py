"""How far two programs' travel times agree: by distance, and in what they call in time."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

BANDS_M = (0.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, np.inf)
STANDARD_S = 240.0
NEAR_S = (180.0, 300.0)  # where a verdict is in doubt


@dataclass(frozen=True)
class Band:
    """The ratio of the other's times to ours over pairs of some straight-line distance."""

    from_m: float
    pair_count: int
    low: float  # the tenth of a hundred
    median: float
    high: float  # the ninetieth


@dataclass(frozen=True)
class Agreement:
    """What two tables of times have in common.

    ``same_verdict`` is the share of pairs within `NEAR_S` by our times on which side of
    `STANDARD_S` both put alike; ``same_verdict_scaled`` after the other's times are divided by the
    median ratio of all pairs. None where there are no such pairs.
    """

    pair_count: int
    only_ours: int  # pairs with no way by the other
    only_theirs: int
    correlation: float
    median_ratio: float
    bands: tuple[Band, ...]
    near_count: int
    same_verdict: float | None
    same_verdict_scaled: float | None


def agreement(ours_s: FloatArray, theirs_s: FloatArray, distance_m: FloatArray) -> Agreement:
    """Return how tables of one shape agree; what is not finite has no way, 0 s is left out.

    Examples
    --------
    >>> found = agreement(np.array([100.0, 200.0]), np.array([110.0, 250.0]), np.zeros(2))
    >>> round(found.median_ratio, 3), found.near_count, found.same_verdict
    (1.175, 1, 0.0)
    """
    ours, theirs = np.isfinite(ours_s), np.isfinite(theirs_s)
    both = ours & theirs & (ours_s > 0)
    mine, other, far = ours_s[both], theirs_s[both], distance_m[both]
    ratio = other / mine
    median = float(np.median(ratio))
    near = (mine >= NEAR_S[0]) & (mine <= NEAR_S[1])
    in_time = mine[near] <= STANDARD_S
    plain, scaled = (other[near] <= STANDARD_S), (other[near] / median <= STANDARD_S)
    return Agreement(
        pair_count=int(both.sum()),
        only_ours=int((ours & ~theirs).sum()),
        only_theirs=int((theirs & ~ours).sum()),
        correlation=float(np.corrcoef(mine, other)[0, 1]),
        median_ratio=median,
        bands=tuple(_bands(ratio, far)),
        near_count=int(near.sum()),
        same_verdict=float((plain == in_time).mean()) if near.any() else None,
        same_verdict_scaled=float((scaled == in_time).mean()) if near.any() else None,
    )


def _bands(ratio: FloatArray, far: FloatArray) -> list[Band]:
    found = []
    for low, high in pairwise(BANDS_M):
        inside = ratio[(far >= low) & (far < high)]
        if inside.size:
            tenths = (float(one) for one in np.quantile(inside, (0.1, 0.5, 0.9)))
            found.append(Band(low, inside.size, *tenths))
    return found
