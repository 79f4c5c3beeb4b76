"""A total over parts, kept to its last decimal."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from instances.generators.apportion import apportion

# Products beyond it lose whole units in double precision, and with them the exact total.
_EXACT = 4e15


def too_fine(total: Decimal, part_count: int) -> bool:
    """Say whether a total has more digits than can be kept exactly over so many parts."""
    return float(_steps(total)) * part_count > _EXACT


def spread(total: Decimal, shares: NDArray[np.float64]) -> tuple[Decimal, ...]:
    """Return parts of ``total`` in proportion to ``shares`` that add up to it exactly.

    Parts have as many decimals as the total: a whole number of people stays one in every part.
    Rounding is by largest remainders.

    Examples
    --------
    >>> [str(part) for part in spread(Decimal("1.0"), np.array([1.0, 1.0, 1.0]))]
    ['0.4', '0.3', '0.3']
    """
    if too_fine(total, len(shares)):
        raise ValueError(f"{total} cannot be kept exactly over {len(shares)} parts")
    whole = apportion(_steps(total), shares)
    places = _places(total)
    parts = tuple(Decimal(part).scaleb(-places) for part in whole.tolist())
    assert sum(parts) == total
    return parts


def _places(total: Decimal) -> int:
    exponent = total.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def _steps(total: Decimal) -> int:
    return int(total.scaleb(_places(total)))
