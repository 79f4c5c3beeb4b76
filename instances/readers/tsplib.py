"""Points of TSPLIB files (``.tsp``): what a p-median or p-center on them is drawn from.

Reinelt, G. (1991). TSPLIB: A traveling salesman problem library. ORSA Journal on Computing 3(4).
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def points(path: Path) -> NDArray[np.float64]:
    """Return the coordinates (node, x and y) of a file with a NODE_COORD_SECTION.

    A ``ValueError`` says where the file has no such section, or not as many nodes as it tells.
    """
    head, mark, rest = path.read_text(encoding="ascii").partition("NODE_COORD_SECTION")
    said = [line.partition(":")[2] for line in head.splitlines() if line.startswith("DIMENSION")]
    if not mark or len(said) != 1:
        raise ValueError(f"{path.name}: no DIMENSION or no NODE_COORD_SECTION")
    at = []
    for line in rest.strip().splitlines():
        if line.strip() in {"EOF", ""}:
            break
        _, x, y = line.split()
        at.append((float(x), float(y)))
    if len(at) != int(said[0]):
        raise ValueError(f"{path.name}: DIMENSION is {int(said[0])}, nodes are {len(at)}")
    return np.array(at, dtype=np.float64)
