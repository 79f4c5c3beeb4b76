"""Blocks of rows one under another."""

import numpy as np
from scipy.sparse import csr_array


def stacked(parts: list[csr_array | None], heights: tuple[int, ...]) -> csr_array:
    """Return blocks of rows one under another; None is a block of nothing."""
    width = next(part.shape[1] for part in parts if part is not None)
    rows, columns, data, top = [], [], [], 0
    for part, height in zip(parts, heights, strict=True):
        if part is not None:
            triplets = part.tocoo()
            rows.append(triplets.coords[0] + top)
            columns.append(triplets.coords[1])
            data.append(triplets.data)
        top += height
    where = (np.concatenate(rows), np.concatenate(columns))
    return csr_array((np.concatenate(data), where), shape=(top, width))
